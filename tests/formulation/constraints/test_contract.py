"""Every rule is said twice, in words (`broken`) and as data (mask, rows); the two must agree."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import Seeds, examples
from support.strategies import NOW, make_problem, picker, problems
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.model.objective import row_usage
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import AVAILABILITY, Agent, Ticket

each_rule = pytest.mark.parametrize("name", CONSTRAINTS)


def data_agrees(rule: Constraint, problem: Problem, plan: list[int]) -> bool:
    """Whether the plan keeps the rule's mask, room and rows."""
    mask, rows = rule.mask(problem), rule.rows(problem)
    if mask is not None:
        assert mask.shape == (problem.n_tickets, problem.n_agents) and mask.dtype == bool
        if not all(mask[i, j] for i, j in enumerate(plan) if j >= 0):
            return False
    room, units = rule.room(problem), [0] * problem.n_agents
    for i, j in enumerate(plan):
        if j >= 0:
            units[j] += problem.units(i, j)
    if room is not None and (room.units < units).any():
        return False
    return bool((row_usage(rows, np.array(plan, dtype=np.int64)) <= rows.bound).all())


def words(rule: Constraint, problem: Problem, plan: list[int]) -> list[str]:
    return list(rule.broken(problem, [(i, j) for i, j in enumerate(plan) if j >= 0]))


class TestWordsAndDataAgree:
    @each_rule
    @settings(max_examples=examples(120))
    @given(problem=problems(), data=st.data())
    def test_on_any_problem_and_plan(self, name: str, problem: Problem, data: st.DataObject) -> None:
        agents = st.integers(-1, problem.n_agents - 1)
        plan = data.draw(st.lists(agents, min_size=problem.n_tickets, max_size=problem.n_tickets))
        rule = CONSTRAINTS[name]
        assert data_agrees(rule, problem, plan) == (not words(rule, problem, plan))

    def test_on_thousands_of_plans_and_each_rule_is_broken_by_many(self, seeds: Seeds) -> None:
        broken, chosen = dict.fromkeys(CONSTRAINTS, 0), seeds(400, 1500)
        for seed in chosen:
            pick = picker(seed)
            problem = make_problem(pick)
            for _ in range(3):
                plan = [pick(-1, problem.n_agents - 1) for _ in problem.tickets]
                for name, rule in CONSTRAINTS.items():
                    said = words(rule, problem, plan)
                    assert data_agrees(rule, problem, plan) == (not said), (seed, name, plan)
                    broken[name] += bool(said)
        assert min(broken.values()) > len(chosen) / 50, (
            f"problems of `support.strategies` hardly break some rule: {broken}"
        )

    @each_rule
    @settings(max_examples=examples(50))
    @given(problem=problems())
    def test_by_ticket_means_that_a_row_is_the_same_in_a_queue_of_its_own_at_any_load(
        self, name: str, problem: Problem
    ) -> None:
        rule = CONSTRAINTS[name]
        whole = rule.mask(problem)
        if not rule.by_ticket or whole is None:
            return
        free = [replace(agent, current_load=0, capacity=9) for agent in problem.agents]
        for i, (ticket, reading) in enumerate(zip(problem.tickets, problem.raised_readings, strict=True)):
            policy = replace(problem.policy, separate=())
            alone = rule.mask(Problem([ticket], free, policy, problem.now, [reading]))
            assert whole[i].tolist() == (whole[i] | True if alone is None else alone[0]).tolist()


class TestNeutralByDefault:
    @each_rule
    def test_a_bare_problem_is_not_touched(self, name: str) -> None:
        problem = Problem([Ticket(ticket_id=i) for i in range(3)], [Agent(agent_id=j) for j in range(2)])
        mask = CONSTRAINTS[name].mask(problem)
        assert mask is None or mask.all()
        assert CONSTRAINTS[name].room(problem) is None
        assert len(CONSTRAINTS[name].rows(problem)) == 0
        assert words(CONSTRAINTS[name], problem, [0, 0, 1]) == []

    @each_rule
    @pytest.mark.parametrize(("n_tickets", "n_agents"), [(0, 0), (0, 2), (2, 0)])
    def test_empty_queues_and_teams(self, name: str, n_tickets: int, n_agents: int) -> None:
        policy = Policy(max_urgent_per_agent=0, max_new_per_agent=0, max_new_per_team=0, minutes_per_effort=5)
        tickets = [Ticket(ticket_id=i, language="de", requires={"x": 3}, urgency=1) for i in range(n_tickets)]
        agents = [Agent(agent_id=j, shift_end=5, languages=["de"], team="red") for j in range(n_agents)]
        problem = Problem(tickets, agents, policy, now=0.0)
        mask = CONSTRAINTS[name].mask(problem)
        assert mask is None or mask.shape == (n_tickets, n_agents)
        assert row_usage(CONSTRAINTS[name].rows(problem), np.full(n_tickets, -1)).sum() == 0
        room = CONSTRAINTS[name].room(problem)
        assert room is None or room.units.shape == (n_agents,)

    def test_a_limit_that_cannot_bind_emits_no_rows(self) -> None:
        tickets, agents = [Ticket(ticket_id=i, urgency=1) for i in range(3)], [Agent(agent_id="a", team="red")]
        policy = Policy(max_urgent_per_agent=3, max_new_per_agent=3, max_new_per_team={"red": 3})
        problem = Problem(tickets, agents, policy)
        assert [len(rule.rows(problem)) for rule in CONSTRAINTS.values()] == [0] * len(CONSTRAINTS)

    @each_rule
    def test_has_a_line_and_a_reason_for_people(self, name: str) -> None:
        rule = CONSTRAINTS[name]
        assert rule.summary and "\n" not in rule.summary
        assert rule.reason.isidentifier()


def one_agent(**changes: object) -> Agent:
    return Agent(agent_id="a", name="Ana", **changes)  # type: ignore[arg-type]


def cases() -> Iterator[tuple[str, str, Problem, list[int], list[str]]]:
    """(test id, rule, problem, plan, exact words)."""
    ticket, urgent = Ticket(ticket_id="T"), [Ticket(ticket_id=i, urgency=0.7) for i in range(3)]
    yield (
        "busy agent",
        "availability",
        Problem([ticket], [one_agent(availability_status="In_Meeting")]),
        [0],
        ["T cannot go to Ana, who is in meeting"],
    )
    yield (
        "shift not begun",
        "shift",
        Problem([ticket], [one_agent(shift_start=NOW + 1, shift_end=NOW)], now=float(NOW)),
        [0],
        ["T cannot go to Ana, whose shift has not begun"],
    )
    yield (
        "shift just begun",
        "shift",
        Problem([ticket], [one_agent(shift_start=NOW)], now=float(NOW)),
        [0],
        [],
    )
    yield (
        "shift over",
        "shift",
        Problem([ticket], [one_agent(shift_end=NOW)], now=float(NOW)),
        [0],
        ["T cannot go to Ana, whose shift is over"],
    )
    yield (
        "shift too short",
        "shift",
        Problem([ticket], [one_agent(shift_end=NOW + 599)], Policy(minutes_per_effort=10), float(NOW)),
        [0],
        ["T takes longer than the rest of Ana's shift"],
    )
    yield (
        "shift just long enough",
        "shift",
        Problem([ticket], [one_agent(shift_end=NOW + 600)], Policy(minutes_per_effort=10), float(NOW)),
        [0],
        [],
    )
    afternoon = Policy(minutes_per_effort=30)
    large = [Ticket(ticket_id=i, effort=2) for i in range(5)]
    yield (
        "three of five fit into the rest of the shift",
        "shift",
        Problem(large, [one_agent(shift_end=NOW + 3 * 3600)], afternoon, float(NOW)),
        [0, -1, 0, 0, -1],
        [],
    )
    yield (
        "four of five do not",
        "shift",
        Problem(large, [one_agent(shift_end=NOW + 3 * 3600)], afternoon, float(NOW)),
        [0, 0, 0, 0, -1],
        ["Ana's shift ends in 3 h: room for 6 units; 8 units do not fit"],
    )
    yield (
        "open work takes its time as well",
        "shift",
        Problem(large, [one_agent(shift_end=NOW + 6299, current_load=2)], afternoon, float(NOW)),
        [0, -1, -1, -1, -1],
        ["Ana's shift ends in 1 h 44 min: room for 3 units, open work takes 2; 2 units more do not fit"],
    )
    yield (
        "pinned elsewhere",
        "pins",
        Problem([Ticket(ticket_id="T", pinned_agent="b")], [one_agent(), Agent(agent_id="b")]),
        [0],
        ["T is pinned to b, not to Ana"],
    )
    yield (
        "whole-number ids match their text",
        "pins",
        Problem([Ticket(ticket_id="T", pinned_agent=7)], [Agent(agent_id="7")]),
        [0],
        [],
    )
    yield (
        "excluded",
        "pins",
        Problem([Ticket(ticket_id="T", excluded_agents=["a"])], [one_agent()]),
        [0],
        ["T excludes Ana"],
    )
    yield (
        "level too low",
        "skill_level",
        Problem([Ticket(ticket_id="T", requires={"cloud aws": 6})], [one_agent(skills={"Cloud_AWS": 5.5})]),
        [0],
        ["T requires cloud aws 6; Ana has 5.5"],
    )
    yield (
        "level just met",
        "skill_level",
        Problem([Ticket(ticket_id="T", requires={"vpn": 6})], [one_agent(skills={"VPN": 6})]),
        [0],
        [],
    )
    night = Ticket(ticket_id="T", group="Night shift")
    yield (
        "not in the group",
        "group",
        Problem([night], [one_agent(team="Day shift", groups=["VIP"])]),
        [0],
        ["T is for Night shift, which Ana is not in"],
    )
    yield "in the group", "group", Problem([night], [one_agent(groups=["VIP", "night_SHIFT"])]), [0], []
    yield "in the group by team", "group", Problem([night], [one_agent(team="NIGHT-SHIFT")]), [0], []
    yield (
        "foreign language",
        "language",
        Problem([Ticket(ticket_id="T", language="it")], [one_agent(languages=["DE", "en"])]),
        [0],
        ["T is in it, which Ana does not speak"],
    )
    yield (
        "no languages listed means any",
        "language",
        Problem([Ticket(ticket_id="T", language="it")], [one_agent()]),
        [0],
        [],
    )
    yield (
        "too many urgent",
        "urgent_limit",
        Problem(urgent, [one_agent()], Policy(max_urgent_per_agent=2)),
        [0, 0, 0],
        ["Ana has 3 urgent tickets; at most 2 are allowed"],
    )
    yield (
        "too many new",
        "new_limit",
        Problem(urgent, [one_agent()], Policy(max_new_per_agent=1)),
        [0, -1, 0],
        ["Ana gets 2 tickets; at most 1 are allowed"],
    )
    yield (
        "too many for the team",
        "new_limit",
        Problem(urgent, [one_agent(team="red"), Agent(agent_id="b", team="red")], Policy(max_new_per_team={"red": 2})),
        [0, 1, 1],
        ["team red gets 3 tickets; at most 2 are allowed"],
    )
    yield (
        "kept apart",
        "separate",
        Problem(urgent, [one_agent()], Policy(separate=[(0, 2)])),
        [0, -1, 0],
        ["0 and 2 must not share an agent; both are with Ana"],
    )


def cases_of_groups() -> Iterator[tuple[str, str, Problem, list[int], list[str]]]:
    team = [one_agent(), Agent(agent_id="b", name="Bo")]
    keyed = [Ticket(ticket_id=i, together="x" if i < 3 else None) for i in range(4)]
    said = "0 and 2 must go to one agent; they are with Ana and Bo"
    yield "together", "together", Problem(keyed, team), [0, 0, 0, 1], []
    yield "together as far as served", "together", Problem(keyed, team), [-1, 1, 1, 0], []
    yield "apart", "together", Problem(keyed, team), [0, -1, 1, 0], [said]
    loose = [Ticket(ticket_id=i) for i in range(3)]
    yield "apart by the policy", "together", Problem(loose, team, Policy(together=[(2, 0)])), [0, 1, 1], [said]
    pinned = [Ticket(ticket_id="p", together=7, pinned_agent="b"), Ticket(ticket_id="T", together="7")]
    yield "a pin pulls", "together", Problem(pinned, team), [-1, 1], []
    yield (
        "a pin that is not followed",
        "together",
        Problem(pinned, team),
        [-1, 0],
        ["T goes where p is pinned, to b, not to Ana"],
    )


CASES = [*cases(), *cases_of_groups()]


@pytest.mark.parametrize(("rule", "problem", "plan", "said"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_by_example(rule: str, problem: Problem, plan: list[int], said: list[str]) -> None:
    assert words(CONSTRAINTS[rule], problem, plan) == said
    assert data_agrees(CONSTRAINTS[rule], problem, plan) == (not said)


@pytest.mark.parametrize("status", AVAILABILITY)
@pytest.mark.parametrize("spell", [str.upper, str.title, lambda text: text.replace(" ", "_"), lambda text: f" {text} "])
def test_availability_in_any_spelling(status: str, spell: object) -> None:
    agent = Agent(agent_id="a", availability_status=spell(status))  # type: ignore[operator]
    assert agent.is_available == AVAILABILITY[status]


class TestRegressions:
    def test_level_a_hair_below_the_required_one_does_not_crash_the_solve(self) -> None:
        # Scaled to [0, 1], these two levels round to the same double.
        level = next(x for k in range(1000) if (x := 5 + k / 100) / 10 == math.nextafter(x, 10) / 10)
        ticket = Ticket(ticket_id="T", requires={"VPN": math.nextafter(level, 10)})
        result = solve(Problem([ticket], [Agent(agent_id="a", skills={"VPN": level})]))
        assert [decision.reason for decision in result.unassigned] == ["no_skill"]
