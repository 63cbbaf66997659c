"""Which tickets say something of a field; and records kept as columns are the records that they would be at once."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import Records, kept, part_of, stating, values_of
from ticketopt.problem.record_fields import clean_copy
from ticketopt.problem.records import TICKET_FIELDS, Agent, Ticket, newest

TEXTS, TIMES, LEVELS, IDS = ["", "VPN drops"], [0.0, 1.8e9], [{}, {"VPN": 3.0}], ["a", 7]
CLEAN: dict[str, list[Any]] = {
    **{"title": TEXTS, "description": TEXTS, "creation_timestamp": TIMES, "due": TIMES},
    **{"skills": LEVELS, "requires": LEVELS, "language": ["de"], "group": ["de"]},
    **{"customer": IDS, "previous_agent": IDS, "pinned_agent": IDS, "together": IDS},
    **{"urgency": [0.0, 1.0], "priority": ["low"], "effort": [1, 4], "effort_by_agent": [{}, {"a": 2}]},
    "excluded_agents": [(), ("a", 7)],
}
"""Field -> clean values of it, beside None for its default."""


@st.composite
def columns(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Some fields of up to six tickets."""
    n = draw(st.integers(0, 6))
    names = draw(st.sets(st.sampled_from(sorted(CLEAN))))
    cells = {name: st.lists(st.sampled_from([None, *CLEAN[name]]), min_size=n, max_size=n) for name in sorted(names)}
    return {"ticket_id": list(range(n)), **{name: draw(values) for name, values in cells.items()}}


def at_once(drawn: dict[str, list[Any]]) -> tuple[Ticket, ...]:
    """Every ticket by itself."""
    rows = [{name: values[i] for name, values in drawn.items()} for i in range(len(drawn["ticket_id"]))]
    return tuple(clean_copy(Ticket, {k: v for k, v in row.items() if v is not None}) for row in rows)


def test_every_field_is_drawn() -> None:
    assert {"ticket_id", *CLEAN} == set(TICKET_FIELDS)


@given(columns(), st.lists(st.integers(-7, 7)), st.slices(6))
def test_they_are_like_the_tuple_of_the_records(drawn: dict[str, list[Any]], asked: list[int], rows: slice) -> None:
    expected = at_once(drawn)
    records = Records(Ticket, drawn, len(expected))
    for name in TICKET_FIELDS:
        assert list(values_of(records, name)) == list(values_of(expected, name))
        assert stating(records, name) == stating(expected, name)
    assert newest(records) == newest(expected)
    assert part_of(records, rows) == expected[rows] == part_of(expected, rows)
    given_out = {}
    for i in asked:
        if -len(expected) <= i < len(expected):
            given_out[i % len(expected)] = records[i]
            assert repr(records[i]) == repr(expected[i])
        else:
            with pytest.raises(IndexError):
                records[i]
    assert records[rows] == expected[rows] and len(records) == len(expected)
    assert records == expected == records and repr(records) == repr(expected)
    assert all(records[i] is record for i, record in given_out.items())  # one record is one object
    for again in (pickle.loads(pickle.dumps(records)), copy.deepcopy(records)):
        assert type(again) is tuple and again == expected


@given(columns())
def test_a_problem_of_columns_is_that_of_the_records(drawn: dict[str, list[Any]]) -> None:
    drawn = {name: values for name, values in drawn.items() if name not in ("pinned_agent", "excluded_agents")}
    expected, team = at_once(drawn), [Agent(agent_id="a", skills={"VPN": 5}), Agent(agent_id=7)]
    one, other = Problem(Records(Ticket, drawn, len(expected)), team), Problem(expected, team)
    assert (one.now, one.warnings, one.linked, one.ticket_index) == (
        other.now,
        other.warnings,
        other.linked,
        other.ticket_index,
    )
    for name in ("wanted", "required", "urgency", "waited", "effort", "pair_effort"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.tickets == other.tickets and type(other.tickets) is tuple


def test_columns_are_read_without_making_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(Ticket, {"ticket_id": [1, 2], "effort": [None, 3]}, 2)
    monkeypatch.setattr("ticketopt.problem.record_columns.clean_copies", None)
    monkeypatch.setattr("ticketopt.problem.record_columns.clean_copy", None)
    assert kept(records) is records and values_of(records, "effort") == [1, 3] and stating(records, "group") == []
    assert list(values_of(part_of(records, slice(1, 2)), "ticket_id")) == [2]


def test_the_field_that_stands_in_is_in_the_column() -> None:
    agents = Records(Agent, {"agent_id": ["a", "b"], "name": ["Ada", None]}, 2)
    assert values_of(agents, "name") == ["Ada", "b"] and [agent.name for agent in agents] == ["Ada", "b"]


def test_what_is_none_or_empty_says_nothing() -> None:
    tickets = [
        Ticket(ticket_id=0, requires={"VPN": 5}, pinned_agent=0, effort=3),
        Ticket(ticket_id=1, excluded_agents=("a",), skills={}),
        Ticket(ticket_id=2),
    ]
    found = {name: stating(tickets, name) for name in ("requires", "pinned_agent", "excluded_agents", "skills")}
    assert found == {"requires": [0], "pinned_agent": [0], "excluded_agents": [1], "skills": [1]}
    assert values_of(tickets, "effort") == [3, 1, 1] and stating([], "group") == []
