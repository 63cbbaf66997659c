"""Topics: what names bring to mind, exact, whatever the order of the names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.triage.encoders.base import Vectors
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.encoders.table import quantized
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.topics import _shipped, near_topics

NAMES = ["Bereavement & Estates", "lecture-capture", "Elevators", "?", "Roads"]


def near(names: list[str]) -> np.ndarray:
    found = near_topics(default_encoder(), names)
    assert found is not None
    return found


def test_what_is_near_to_a_name_is_what_it_is_about() -> None:
    found = near(["Elevators", "Mortgages"])
    texts = default_encoder().encode(["stuck between two floors", "the bank has not paid out my loan"])
    cosines = found @ texts.T
    assert cosines[0, 0] > cosines[0, 1] and cosines[1, 1] > cosines[1, 0]


def test_a_name_of_which_nothing_is_known_is_near_to_nothing() -> None:
    found = near(NAMES)
    assert not found[3].any()
    np.testing.assert_allclose(np.linalg.norm(found[[0, 1, 2, 4]], axis=1), 1.0, atol=1e-3)


@given(st.permutations(range(len(NAMES))))
@settings(max_examples=examples(20), deadline=None)
def test_the_order_changes_no_bit(order: list[int]) -> None:
    assert near([NAMES[k] for k in order]).tobytes() == near(NAMES)[order].tobytes()
    assert near([NAMES[order[0]]]).tobytes() == near(NAMES)[order[:1]].tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_case_changes_nothing(name: str) -> None:
    assert near([name.upper()]).tobytes() == near([name.lower()]).tobytes()


def test_an_encoder_of_another_space_has_none() -> None:
    class Other:
        name = "other"

        def encode(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError("is not asked")

    table = quantized(np.eye(3, dtype=np.float32), ["a", "b", "c"], {"name": "another table"})
    assert near_topics(Other(), ["a"]) is None and near_topics(StaticEncoder(table), ["a"]) is None


def test_topics_are_of_the_shipped_space() -> None:
    topics = _shipped()
    assert topics.shape[1] == default_encoder().dimension and len(topics) > 400
    np.testing.assert_allclose(np.linalg.norm(topics, axis=1), UNIT, rtol=1e-2)


def test_no_names() -> None:
    assert near([]).shape == (0, default_encoder().dimension)
