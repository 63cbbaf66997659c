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


CELLS = st.lists(NUMBERS | TEXTS, max_size=2) | st.lists(TEXTS, max_size=2).map(tuple) | TEXTS | NUMBERS
NAMES = st.sampled_from(["VPN", "vpn", "SAP", " x", "", 1, True, 1.0, "1"])
MAPS = st.dictionaries(
    NAMES, st.sampled_from([0, 1, 2.5, True, 11, -1, float("nan"), 10**400, "3", (1, 2)]), max_size=3
)


@pytest.mark.parametrize("name", READERS)
@given(values=st.lists(MAPS, max_size=3) | st.lists(CELLS, max_size=3))
def test_what_is_read_at_once_is_what_is_read_one_by_one(name: str, values: list[Any]) -> None:
    found = READERS[name].read_all(values)
    if found is None:
        return
    report = Report()
    assert list(map(repr, found)) == [repr(READERS[name](value, "", report)) for value in values]
    assert not report.issues and not report.warnings
    assert not any(one is value for one, value in zip(found, values, strict=True) if isinstance(value, dict))


def test_usual_cells_of_several_things_are_read_at_once() -> None:
    assert READERS["skills"].read_all([{"VPN": 9, "Mail": 2.5}, {}]) == [{"VPN": 9.0, "Mail": 2.5}, {}]
    assert READERS["effort_by_agent"].read_all([{7: 2}, {8: 1}]) == [{7: 2}, {8: 1}]
    assert READERS["languages"].read_all([["de", "en"], ("fr",)]) == [("de", "en"), ("fr",)]
    assert READERS["learned_levels"].read_all([{"VPN": [9, 8, 10, 3]}]) == [{"VPN": (9.0, 8.0, 10.0, 3.0)}]
    assert READERS["skills"].read_all([{"VPN": 9}, {"vpn": 1}]) is None  # two spellings: each is looked at by itself


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
