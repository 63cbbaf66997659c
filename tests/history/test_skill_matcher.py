"""Skills learned from past tickets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.history.skill_matcher import SkillMatcher
from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets

WORDS = {
    "Kilns": ["glaze cracked", "glaze too thin", "firing curve odd"],
    "Looms": ["warp torn", "warp too loose", "weft tangled"],
}
TEXTS = [f"{text} number {k}" for texts in WORDS.values() for text in texts for k in range(8)]
LABELS = [label for label, texts in WORDS.items() for text in texts for k in range(8)]


@pytest.fixture(scope="module")
def matcher() -> SkillMatcher:
    return SkillMatcher.fit(TEXTS, LABELS)


def first(matcher: SkillMatcher, text: str, skills: list[str]) -> str | None:
    (reading,) = matcher([Ticket(ticket_id=1, title=text)], skills=skills, now=0.0)
    return next(iter(reading.skills), None)


def test_words_of_the_past_lead_to_the_skill_and_are_the_evidence(matcher: SkillMatcher) -> None:
    (reading,) = matcher([Ticket(ticket_id=1, title="Glaze is thin")], skills=["kilns", "Looms"], now=0.0)
    assert next(iter(reading.skills)) == "kilns"
    assert "Glaze" in [item.words for item in reading.evidence if item.about == "kilns"]


def test_skills_that_history_never_saw_keep_their_untrained_score(matcher: SkillMatcher) -> None:
    assert first(matcher, "paper jam in the printer", ["Kilns", "Looms", "Printing"]) == "Printing"


def test_given_skills_and_unknown_labels_leave_the_reading_alone(matcher: SkillMatcher) -> None:
    tickets = [Ticket(ticket_id=1, title="glaze", skills={"Looms": 1}), Ticket(ticket_id=2, title="glaze")]
    assert matcher(tickets[:1], skills=["Kilns", "Looms"], now=0.0) == read_tickets(
        tickets[:1], skills=["Kilns", "Looms"], now=0.0
    )
    assert matcher(tickets, skills=["Printing"], now=0.0) == read_tickets(tickets, skills=["Printing"], now=0.0)


def test_probabilities_are_a_distribution(matcher: SkillMatcher) -> None:
    shares = matcher.probabilities(["glaze", "warp", "", "zzz"])
    assert shares.shape == (4, 2) and np.allclose(shares.sum(axis=1), 1)
    assert shares[0].argmax() == 0 and shares[1].argmax() == 1


def test_saved_and_loaded_it_says_the_same(matcher: SkillMatcher, tmp_path: Path) -> None:
    matcher.save(tmp_path / "m.npz")
    loaded = SkillMatcher.load(tmp_path / "m.npz")
    assert (loaded.probabilities(TEXTS) == matcher.probabilities(TEXTS)).all()
    assert SkillMatcher.fit(TEXTS, LABELS).stack == loaded.stack


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04K\x01."])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(InvalidInputError):
        SkillMatcher.load(tmp_path / "m.npz")


@pytest.mark.parametrize(
    ("texts", "labels", "path"),
    [
        (["a"], ["x", "y"], "labels"),
        (["a", "b"], ["x", "x"], "labels"),
        (["a", 3], ["x", "y"], "texts[1]"),
        (["a"], [" "], "labels[0]"),
    ],
)
def test_wrong_training_data_is_named(texts: list[str], labels: list[str], path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        SkillMatcher.fit(texts, labels)
    assert caught.value.issues[0].path == path


def test_labels_in_two_spellings_are_one_class() -> None:
    mixed = [label.upper() if k % 2 else label for k, label in enumerate(LABELS)]
    matcher = SkillMatcher.fit(TEXTS, mixed)
    assert matcher.labels == ("Kilns", "Looms")
    assert matcher.counts == (24, 24)
    with pytest.raises(InvalidInputError, match="fewer than two classes"):
        SkillMatcher.fit(["a", "b"], ["VPN", "vpn"])
