"""What is called clean is what its reader gives back as it is, without a word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.problem import fields as f
from ticketopt.problem.fields import Report
from ticketopt.problem.record_fields import clean_copies, clean_copy
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS, Agent

TEXTS = st.text(max_size=4) | st.sampled_from(["\ud800", " x", "x ", "x" * 201, "\u00a0x", "a\tb", "é"])
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**300, True, 1e11, 1e11 - 1, 253402300800.0, -0.0])
READERS = {**AGENT_FIELDS, **TICKET_FIELDS}


@pytest.mark.parametrize("name", READERS)
@given(values=st.lists(TEXTS, max_size=3) | st.lists(NUMBERS, max_size=3) | st.lists(TEXTS | NUMBERS, max_size=3))
def test_clean_values_are_given_back(name: str, values: list[Any]) -> None:
    if not READERS[name].are_clean(values):
        return
    report = Report()
    read = [READERS[name](value, "", report) for value in values]
    assert list(map(repr, read)) == list(map(repr, values))
    assert not report.issues and not report.warnings


@pytest.mark.parametrize(
    ("reader", "values"),
    [
        (f.text, ["", "a\nb", "é"]),
        (f.name, ["VPN", "a b", "Zürich"]),
        (f.identifier, ["T-1", "T 2"]),
        (f.identifier, [1, 2]),
        (f.timestamp, [0.0, 1.7e9]),
        (f.number(0, 1), [0.0, 1.0]),
        (f.whole_number(1), [1, 2]),
    ],
)
def test_what_is_usual_is_clean(reader: f.Reader, values: list[Any]) -> None:
    assert reader.are_clean(values) and f.optional(reader).are_clean(values)


def test_many_copies_are_what_one_by_one_would_be() -> None:
    columns: dict[str, list[Any]] = {"agent_id": ["a", "b"], "name": [None, "Bo"], "skills": [{"vpn": 3.0}, None]}
    one_by_one = [
        clean_copy(Agent, {"agent_id": "a", "skills": {"vpn": 3.0}}),
        clean_copy(Agent, {"agent_id": "b", "name": "Bo"}),
    ]
    assert clean_copies(Agent, columns, 2) == one_by_one
    assert clean_copies(Agent, {}, 0) == []
