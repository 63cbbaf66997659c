"""Likeness: a ticket's vector beside the skills', exact, whatever the order of tickets and skills."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.triage.encoders.static import StaticEncoder
from ticketopt.triage.likeness import UNIT, Likeness, unit_rows
from ticketopt.triage.text import read_fields

ENCODER = StaticEncoder()
SKILLS = ["Printers", "Payroll", "Elevators", "Gardening"]
TEXTS = [
    "the lift stopped between two floors",
    "my salary was not paid",
    "toner is empty",
    "a tree fell on the lawn",
    "?",
]


def likeness(skills: list[str]) -> Likeness:
    return Likeness(ENCODER, [[skill] for skill in skills])


def test_what_sounds_alike_is_alike() -> None:
    rows = likeness(SKILLS).vectors([read_fields(text, "") for text in TEXTS]).rows
    found = likeness(SKILLS).of(rows, 1.0)
    assert [SKILLS[k] for k in found[:4].argmax(axis=1)] == ["Elevators", "Payroll", "Printers", "Gardening"]
    assert not found[4].any()  # nothing is known of it


def test_rows_are_whole_numbers_of_length_one() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert rows.tolist() == [[round(0.6 * UNIT), round(0.8 * UNIT)], [0, 0]]


@given(st.permutations(range(len(SKILLS))), st.permutations(range(len(TEXTS))))
@settings(max_examples=examples(20), deadline=None)
def test_the_order_changes_no_bit(skills: list[int], texts: list[int]) -> None:
    fields = [read_fields(text, text) for text in TEXTS]
    found = likeness(SKILLS).of(likeness(SKILLS).vectors(fields).rows, 1.0)
    other = likeness([SKILLS[k] for k in skills])
    again = other.of(other.vectors([fields[k] for k in texts]).rows, 1.0)
    assert again.tobytes() == np.ascontiguousarray(found[np.ix_(texts, skills)]).tobytes()


def test_the_part_of_a_word_is_what_its_absence_takes_off() -> None:
    one, skills = likeness(SKILLS), [0, 1]
    vectors = one.vectors([read_fields("", "toner empty salary"), read_fields("", "toner empty")])
    parts = one.word_parts(vectors, 0, skills)
    words = [vectors.bag.words[k] for k in vectors.bag.ids[:3]] if vectors.bag is not None else []
    assert words == ["toner", "empty", "salary"] and parts[0, 0] > 0 > parts[0, 2] and parts[1, 2] > 0
    found = one.of(vectors.rows, 0.0)
    np.testing.assert_allclose(parts[:, 2], (found[0] - found[1])[skills], atol=2e-3)


def test_no_tickets_no_skills() -> None:
    assert likeness(SKILLS).of(likeness(SKILLS).vectors([]).rows, 1.0).shape == (0, len(SKILLS))
    assert likeness([]).of(likeness([]).vectors([read_fields("a", "")]).rows, 1.0).shape == (1, 0)
