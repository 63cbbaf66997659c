"""Parents and children in one queue go to one agent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.intake.families import join_families
from ticketopt.intake.files import read_tickets_and_agents


def keys(parents: dict[Any, Any], **stated: Any) -> dict[Any, Any]:
    """Ticket -> its key in `together`, of tickets with these parents."""
    values: dict[str, Any] = {"ticket_id": list(parents), "parent": list(parents.values())}
    if stated:
        values["together"] = [stated.get(name) for name in parents]
    join_families(values)
    assert "parent" not in values
    return dict(zip(parents, values["together"], strict=True))


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({"a": None, "b": None}, {"a": None, "b": None}),
        ({"a": None, "b": "a", "c": "a"}, {"a": "a", "b": "a", "c": "a"}),
        ({"c": "b", "b": "a", "a": None}, {"c": "a", "b": "a", "a": "a"}),
        ({"b": "a", "c": "a"}, {"b": "a", "c": "a"}),
        ({"c": "b", "b": "a"}, {"c": "a", "b": "a"}),
        ({1: None, 2: "1"}, {1: "1", 2: "1"}),
        ({"a": "a"}, {"a": None}),
        ({"a": "b", "b": "a"}, {"a": "a", "b": "a"}),
        ({"x": "b", "a": "b", "b": "c", "c": "a"}, {"x": "a", "a": "a", "b": "a", "c": "a"}),
    ],
)
def test_all_of_a_family_share_a_key(parents: dict[Any, Any], expected: dict[Any, Any]) -> None:
    assert keys(parents) == expected


def test_a_stated_key_comes_first() -> None:
    assert keys({"a": None, "b": "a", "c": "a"}, a="G", c="H") == {"a": "G", "b": "G", "c": "H"}


def test_epics_are_no_tickets() -> None:
    values: dict[str, Any] = {"ticket_id": [5, 6, 7], "parent": [None, 5, 5]}
    join_families(values, are_tickets=False)
    assert values == {"ticket_id": [5, 6, 7], "together": [None, 5, 5]}


def test_from_a_table() -> None:
    tickets = [{"ticket_id": "P"}, {"ticket_id": "C", "parent": "P"}, {"ticket_id": "X"}]
    found = read_tickets_and_agents(tickets, [{"agent_id": "a"}])
    assert [ticket.together for ticket in found.tickets] == ["P", "P", None]


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.none() | NAMES))
def test_whoever_is_linked_shares_a_key(parents: dict[str, str | None]) -> None:
    found = keys(parents)
    for name, parent in parents.items():
        if parent is not None and parent != name:
            assert found[name] is not None
            assert found.get(parent, found[name]) == found[name]
