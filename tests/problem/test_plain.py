"""A problem as plain data, and its hash."""

from __future__ import annotations

from typing import Any

import pytest

from ticketopt.problem.plain import fingerprint, plain_problem, problem_from_plain
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Agent, Ticket

PROBLEM = Problem([Ticket(ticket_id=1, skills={"VPN": 1}, effort=2)], [Agent(agent_id="a")], Policy(balance=2))


def test_plain_data_comes_back() -> None:
    assert plain_problem(problem_from_plain(plain_problem(PROBLEM))) == plain_problem(PROBLEM)
    assert fingerprint(problem_from_plain(plain_problem(PROBLEM))) == fingerprint(PROBLEM)


def test_the_hash_is_the_one_of_the_first_records() -> None:
    assert fingerprint(PROBLEM) == "10c0ba61e4750f8529aaf17ff6a1a8d23e6fe41910047883ab02121b1d7d2a0f"


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in (Ticket, Agent, Policy) for name in table_of(kind).defaults() if name != "name"],
)
def test_a_younger_field_counts_only_where_it_is_not_neutral(
    monkeypatch: pytest.MonkeyPatch, kind: type[Any], name: str
) -> None:
    """Whatever the type of its default, a tuple as well as a number."""
    before, was_counted = fingerprint(PROBLEM), name not in table_of(kind).neutral
    monkeypatch.setitem(table_of(kind).neutral, name, table_of(kind).defaults()[name])
    records = {Ticket: PROBLEM.tickets, Agent: PROBLEM.agents, Policy: (PROBLEM.policy,)}[kind]
    is_neutral = all(getattr(record, name) == table_of(kind).neutral[name] for record in records)
    assert (fingerprint(PROBLEM) != before) == (was_counted and is_neutral)
