"""Settings about the reading of texts: what past texts taught is used by the service, or refused at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.history.skill_matcher import SkillMatcher
from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.settings import Settings
from ticketopt.triage.encoders.base import Vectors, unit

from .client import Client

TEXTS = ["φλορβλ keeps blinking", "the φλορβλ is dark", "zwrk was torn", "zwrk too loose"] * 3
LABELS = ["Kilns", "Kilns", "Looms", "Looms"] * 3


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("taught") / "texts.npz"
    SkillMatcher.fit(TEXTS, LABELS).save(path)
    return path


class Lengths:
    """An encoder by a text's length alone."""

    name = "lengths"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([[len(text), 1.0] for text in texts], dtype=np.float32))


@pytest.mark.parametrize(("title", "taker"), [("φλορβλ again", "ann"), ("zwrk again", "bob")])
def test_tickets_are_read_by_what_past_texts_taught(taught: Path, title: str, taker: str) -> None:
    client = Client(create_app(open_store("memory:"), texts=str(taught)))
    agents = [{"agent_id": "ann", "skills": {"Kilns": 9}}, {"agent_id": "bob", "skills": {"Looms": 9}}]
    body = {"agents": agents, "tickets": [{"ticket_id": "7", "title": title}]}
    assert client.assign(body).json()["assignments"][0]["assigned_agent_id"] == taker


def test_another_encoder_than_it_was_learned_with_is_an_error_at_the_start(taught: Path) -> None:
    with pytest.raises(InvalidInputError, match="not of 'lengths'"):
        Settings(texts=str(taught), encoder=Lengths())
    with pytest.raises(InvalidInputError, match="not of 'lengths'"):
        replace(Settings(texts=str(taught)), encoder=Lengths())


def test_a_file_that_is_no_such_thing_is_an_error_beside_others(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Settings(texts=str(tmp_path / "none.npz"), max_tickets=0)
    assert {issue.path for issue in caught.value.issues} == {"max_tickets", "texts"}
