"""What is left of a shift, as a limit of all that an agent is given."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from support.strategies import NOW
from ticketopt import Agent, Policy, Problem, Session, Status, Ticket, solve, verify
from ticketopt.formulation.formulate import formulate

HALF_HOUR = Policy(minutes_per_effort=30, capacity=None)


def queue(*efforts: int) -> list[Ticket]:
    return [Ticket(ticket_id=i, effort=effort) for i, effort in enumerate(efforts)]


def until(hours: float, agent_id: str = "a", **more: object) -> Agent:
    name = "Ana" if agent_id == "a" else ""
    return Agent(agent_id=agent_id, name=name, shift_end=NOW + 3600 * hours, **more)  # type: ignore[arg-type]


def test_three_hours_hold_three_tickets_of_an_hour_each() -> None:
    result = solve(Problem(queue(2, 2, 2, 2, 2), [until(3)], HALF_HOUR, NOW))
    assert result.status is Status.OPTIMAL
    assert (result.assignment >= 0).sum() == 3
    assert verify(result.problem, result) == []
    left = result.unassigned[0]
    assert left.reason == "off_shift"
    assert left.rationale.startswith("A limit is reached: Ana's shift ends in 3 h: room for 6 units. ")


def test_a_plan_that_gives_more_is_told_so() -> None:
    problem = Problem(queue(2, 2, 2, 2), [until(3)], HALF_HOUR, NOW)
    found = verify(problem, dict.fromkeys(range(4), "a"))
    assert [(one.rule, one.message) for one in found] == [
        ("shift", "Ana's shift ends in 3 h: room for 6 units; 8 units do not fit")
    ]


def test_unit_effort_stays_the_polynomial_case() -> None:
    model = formulate(Problem(queue(*[1] * 9), [until(3, current_load=2), until(9, "b")], HALF_HOUR, NOW))
    assert model.is_unit
    assert model.capacity.tolist() == [4, 9]


@settings(max_examples=examples(150), deadline=None)
@given(data=st.data())
def test_as_brute_force_in_minutes_has_it(data: st.DataObject) -> None:
    """The most urgent work that fits, minute by minute, without floors or capacities."""
    efforts = data.draw(st.lists(st.integers(1, 4), max_size=5))
    ends = data.draw(st.lists(st.sampled_from([None, -5, 0, 29, 30, 90, 145, 600]), min_size=1, max_size=2))
    loads = [data.draw(st.integers(0, 3)) for _ in ends]
    minutes = data.draw(st.sampled_from([15, 30, 45]))
    agents = [
        Agent(agent_id=j, current_load=load, shift_end=None if end is None else NOW + 60 * end)
        for j, (end, load) in enumerate(zip(ends, loads, strict=True))
    ]
    problem = Problem(queue(*efforts), agents, Policy(minutes_per_effort=minutes, capacity=None), NOW)

    def fits(plan: tuple[int, ...]) -> bool:
        given_to = [[e for e, j in zip(efforts, plan, strict=True) if j == own] for own in range(len(ends))]
        return all(
            not work or end is None or (end > 0 and (load + sum(work)) * minutes <= end)
            for work, end, load in zip(given_to, ends, loads, strict=True)
        )

    model = formulate(problem)
    for plan in product(range(-1, len(ends)), repeat=len(efforts)):
        units = [sum(e for e, j in zip(efforts, plan, strict=True) if j == own) for own in range(len(ends))]
        is_allowed = all(model.allowed[i, j] for i, j in enumerate(plan) if j >= 0)
        assert (is_allowed and bool((np.array(units) <= model.capacity).all())) == fits(plan)
        broken = verify(problem, {i: None if j < 0 else j for i, j in enumerate(plan)})
        assert (not broken) == fits(plan)


def test_a_session_keeps_it_event_by_event() -> None:
    session = Session(Problem(queue(1, 1, 1, 1), [until(1), until(1, "b")], HALF_HOUR, NOW))
    assert None not in session.assigned.values()
    session.add_ticket(Ticket(ticket_id="late"))
    assert session.assigned["late"] is None
    session.set_load("a", 1)
    assert list(session.assigned.values()).count(None) == 2
    assert session.remove_ticket("late").objective == solve(session.problem).objective
    assert list(session.assigned.values()).count(None) == 1
