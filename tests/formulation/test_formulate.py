"""Capacities, presolve, load cost and exit prices: from a problem to integers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import plan_cost, plans
from support.seeds import Seeds, examples
from support.strategies import NOW, make_problem, picker, problems
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.exit_prices import Ladder
from ticketopt.formulation.formulate import SCALE, eligibility, formulate
from ticketopt.model.assignment import MAX_SUM
from ticketopt.model.objective import row_usage
from ticketopt.model.outcome import Status
from ticketopt.model.rows import PackingRows
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Agent, Ticket


def tickets(n: int, **changes: Any) -> list[Ticket]:
    return [Ticket(ticket_id=i, **changes) for i in range(n)]


def agents(*loads: int, **changes: Any) -> list[Agent]:
    return [Agent(agent_id=j, current_load=load, **changes) for j, load in enumerate(loads)]


class TestFairShare:
    @pytest.mark.parametrize(
        ("n_tickets", "team", "share"),
        [
            (0, [], 0),
            (5, [], 0),
            (10, agents(0, 0), 5),
            (11, agents(0, 0), 6),  # rounded up
            (10, agents(3, 0), 7),  # open work counts: 13 / 2
            (0, agents(9, 0), 5),
            (2, agents(9, 0), 6),  # the first is beyond its share and gets nothing
            (10, [*agents(0, 0), Agent(agent_id="off", availability_status="offline", current_load=50)], 5),
            (10, [*agents(0, 0), Agent(agent_id="own", capacity=2)], 4),  # 2 + 4 + 4
            (10, [*agents(0, 0), Agent(agent_id="own", capacity=99)], 4),  # as if it had none: 10 / 3
            (10, [Agent(agent_id="x", capacity=4), Agent(agent_id="y", capacity=4)], 0),  # nobody needs one
            (3, [*agents(0), Agent(agent_id="own", capacity=1, current_load=5)], 7),  # 8 - 1: over its own capacity
        ],
    )
    def test_by_hand(self, n_tickets: int, team: list[Agent], share: int) -> None:
        assert Problem(tickets(n_tickets), team).fair_share == share

    @settings(max_examples=examples(300))
    @given(data=st.data())
    def test_is_the_smallest_number_that_holds_all_work(self, data: st.DataObject) -> None:
        loads = st.integers(0, 6)
        team = [
            Agent(agent_id=j, current_load=data.draw(loads), capacity=data.draw(st.none() | st.integers(0, 8)))
            for j in range(data.draw(st.integers(1, 4)))
        ]
        problem = Problem(tickets(data.draw(st.integers(0, 8))), team)
        if all(agent.capacity is not None for agent in team):
            assert problem.fair_share == 0
            return
        work = problem.n_tickets + sum(agent.current_load for agent in team)

        def holds(share: int) -> bool:
            return sum(share if a.capacity is None else min(share, a.capacity) for a in team) >= work

        assert holds(problem.fair_share)
        assert problem.fair_share == 0 or not holds(problem.fair_share - 1)

    @settings(max_examples=examples(200))
    @given(loads=st.lists(st.integers(0, 9), min_size=1, max_size=3), efforts=st.lists(st.integers(1, 4), max_size=5))
    def test_leaves_nobody_out_for_want_of_capacity(self, loads: list[int], efforts: list[int]) -> None:
        queue = [Ticket(ticket_id=i, effort=effort) for i, effort in enumerate(efforts)]
        assert solve(Problem(queue, agents(*loads))).unassigned == ()

    def test_equal_efforts_above_one_do_not_lose_a_ticket_to_rounding(self) -> None:
        problem = Problem(tickets(3, effort=60), agents(0, 0))  # 180 / 2 = 90 would hold one ticket each
        assert len(solve(problem).assigned) == 3


class TestCapacity:
    @pytest.mark.parametrize(
        ("policy", "capacity", "free"),
        [
            ("fair_share", (6, 9, 1), [3, 4, 0]),  # 6 + 6 + 1 hold 9 open and 4 new
            (6, (6, 9, 1), [3, 4, 0]),
            (0, (0, 9, 1), [0, 4, 0]),
            (None, (None, 9, 1), [4, 4, 0]),
        ],
    )
    def test_own_capacity_else_the_policys(self, policy: Any, capacity: tuple[Any, ...], free: list[int]) -> None:
        team = [
            Agent(agent_id="none", current_load=3),
            Agent(agent_id="own", current_load=4, capacity=9),
            Agent(agent_id="over", current_load=2, capacity=1),
        ]
        problem = Problem(tickets(4), team, Policy(capacity=policy))
        assert problem.capacity == capacity
        assert formulate(problem).capacity.tolist() == free

    def test_no_agent_has_more_slots_than_work_it_may_take(self) -> None:
        queue = [*tickets(2, effort=3), Ticket(ticket_id="x", effort=5, excluded_agents=[0])]
        model = formulate(Problem(queue, agents(0, 0), Policy(capacity=None)))
        assert model.capacity.tolist() == [6, 11]


def unpresolved_allows(problem: Problem, plan: list[int]) -> bool:
    """The rules' own arrays and the capacities, before anything was folded, dropped or cut."""
    allowed, rows = eligibility(problem), PackingRows.join(rule.rows(problem) for rule in CONSTRAINTS.values())
    new = [0] * problem.n_agents
    for i, j in enumerate(plan):
        if j >= 0:
            new[j] += problem.tickets[i].effort
            if not allowed[i, j]:
                return False
    rooms = [room.units.tolist() for rule in CONSTRAINTS.values() if (room := rule.room(problem)) is not None]
    if any(used > room[j] for room in rooms for j, used in enumerate(new)):
        return False
    for j, (agent, limit) in enumerate(zip(problem.agents, problem.capacity, strict=True)):
        if new[j] and limit is not None and agent.current_load + new[j] > limit:
            return False
    return bool((row_usage(rows, np.array(plan, dtype=np.int64)) <= rows.bound).all())


class TestPresolve:
    def test_allows_exactly_the_plans_that_the_rules_allow(self, seeds: Seeds) -> None:
        folded, kept, chosen = 0, 0, seeds(400, 1500)
        for seed in chosen:
            pick = picker(seed)
            problem = make_problem(pick)
            model = formulate(problem)
            before = sum(len(rule.rows(problem)) for rule in CONSTRAINTS.values())
            folded, kept = folded + before - len(model.rows), kept + len(model.rows)
            for _ in range(4):
                plan = [pick(-1, problem.n_agents - 1) for _ in problem.tickets]
                assert (plan_cost(model, tuple(plan)) is not None) == unpresolved_allows(problem, plan), (seed, plan)
        assert min(folded, kept) > len(chosen) * 200 / 1500

    def test_a_limit_per_agent_becomes_its_capacity_so_that_the_flow_network_can_solve_it(self) -> None:
        problem = Problem(tickets(5), agents(0, 0, capacity=9), Policy(max_new_per_agent=2))
        model = formulate(problem)
        assert model.is_unit
        assert model.capacity.tolist() == [2, 2]
        assert solve(problem).solver == "network"

    def test_an_urgent_limit_is_folded_only_where_all_tickets_are_urgent(self) -> None:
        policy = Policy(max_urgent_per_agent=1)
        assert formulate(Problem(tickets(3, urgency=1.0), agents(0, 0, capacity=9), policy)).is_unit
        mixed = [*tickets(3, urgency=1.0), Ticket(ticket_id="calm", urgency=0.1)]
        assert len(formulate(Problem(mixed, agents(0, 0, capacity=9), policy)).rows) == 2

    def test_unequal_effort_is_not_folded_into_units(self) -> None:
        queue = [Ticket(ticket_id=1, effort=2), Ticket(ticket_id=2), Ticket(ticket_id=3)]
        model = formulate(Problem(queue, agents(0, capacity=9), Policy(max_new_per_agent=2)))
        assert (len(model.rows), model.capacity.tolist()) == (1, [4])

    def test_a_row_that_capacities_imply_is_dropped(self) -> None:
        team = agents(0, 0, capacity=1, team="red")
        assert len(formulate(Problem(tickets(3), team, Policy(max_new_per_team=2))).rows) == 0
        assert len(formulate(Problem(tickets(3), team, Policy(max_new_per_team=1))).rows) == 1

    def test_a_row_that_counts_a_ticket_heavier_than_its_effort_is_kept(self) -> None:
        def rows(problem: Problem) -> PackingRows:
            return PackingRows([0, 0], [0, 1], [0, 0], [2, 2], [3], ("two count double",))

        heavy = Constraint("two count double", "limit", lambda problem, given: iter(()), rows=rows)
        problem = Problem(tickets(3), agents(0, capacity=3))
        assert len(formulate(problem, constraints={"heavy": heavy}).rows) == 1

    def test_a_row_that_all_tickets_together_cannot_reach_is_dropped(self) -> None:
        def rows(problem: Problem) -> PackingRows:
            return PackingRows([0] * 4, [0, 0, 1, 1], [0, 1, 0, 1], [1] * 4, [2], ("both agents take two",))

        both = Constraint("both agents take two", "limit", lambda problem, given: iter(()), rows=rows)
        assert len(formulate(Problem(tickets(2), agents(0, 0, capacity=3)), constraints={"both": both}).rows) == 0

    def test_pairs_apart_whom_no_agent_may_both_take_are_dropped(self) -> None:
        queue = [Ticket(ticket_id="x", pinned_agent=0), Ticket(ticket_id="y", pinned_agent=1)]
        assert len(formulate(Problem(queue, agents(0, 0), Policy(separate=[("x", "y")]))).rows) == 0


class TestLoadCost:
    def test_marginals_by_hand(self) -> None:
        team = [Agent(agent_id="a", capacity=4, current_load=1), Agent(agent_id="b", capacity=2)]
        model = formulate(Problem(tickets(3), team, Policy(balance=1)))
        shares = [1.5 / 4, 2.5 / 4, 3.5 / 4, 0.5 / 2, 1.5 / 2]
        assert [*model.load_cost.of(0, 3), *model.load_cost.of(1, 2)] == [round(share * SCALE) for share in shares]

    def test_balance_0_switches_it_off(self) -> None:
        model = formulate(Problem(tickets(3), agents(2, 0), Policy(balance=0)))
        assert not any(model.load_cost.of(j, 9).any() for j in range(2))

    @settings(max_examples=examples(100))
    @given(load=st.integers(0, 50), room=st.integers(1, 1000), balance=st.sampled_from([0.01, 0.5, 100]))
    def test_it_is_the_formula_at_every_unit_however_many_there_are(self, load: int, room: int, balance: float) -> None:
        team = [Agent(agent_id="a", current_load=load, capacity=load + room)]
        cost = formulate(Problem(tickets(1, effort=room), team, Policy(balance=balance))).load_cost
        wanted = balance * SCALE * (load + np.arange(room) + 0.5) / (load + room)
        assert np.abs(cost.of(0, room) - wanted).max() <= 0.5 + 1e-9
        assert cost.total(np.array([room])) == cost.of(0, room).sum()

    def test_a_batch_of_equals_is_spread_to_equal_loads(self) -> None:
        result = solve(Problem(tickets(9), agents(4, 1, 0), Policy(capacity=100)))
        assert sorted(load.after for load in result.loads) == [4, 5, 5]


def served_order(problem: Problem, plan: tuple[int, ...]) -> list[tuple[float, float]]:
    """(urgency, minus when it began to wait) of those served, the first first."""
    since = problem.waiting_since.tolist()
    return sorted(((problem.raised_readings[i].urgency, -since[i]) for i, j in enumerate(plan) if j >= 0), reverse=True)


class TestExitPrices:
    @settings(max_examples=examples(200))
    @given(problem=problems())
    def test_unit_effort_serves_as_many_as_possible_then_by_urgency_then_by_age(self, problem: Problem) -> None:
        unit = [_with_unit_effort(ticket) for ticket in problem.tickets]
        problem = Problem(unit, problem.agents, problem.policy, problem.now)
        model = formulate(problem)
        if not model.is_unit:
            return
        every = list(plans(model))
        best = min(every, key=lambda item: item[1])[0]
        most = max(sum(j >= 0 for j in plan) for plan, _ in every)
        assert served_order(problem, best) == max(
            served_order(problem, plan) for plan, _ in every if sum(j >= 0 for j in plan) == most
        )
        assert len(served_order(problem, best)) == most

    def test_who_waits_does_not_depend_on_skills_however_long_the_chain_of_moves(self) -> None:
        """Agents in a row, each ticket for two neighbors: to let one in, all others move on."""
        skills = [{f"s{j}": 10.0} for j in range(4)]
        for seed in range(60):
            pick = picker(seed)
            team = [Agent(agent_id=j, capacity=1, skills=skills[pick(0, 3)]) for j in range(4)]
            queue = [
                Ticket(
                    ticket_id=i,
                    urgency=pick(400, 402) / 1000,
                    creation_timestamp=NOW - pick(0, 2),
                    skills={f"s{pick(0, 3)}": 1},
                    excluded_agents=[j for j in range(4) if j not in (i % 4, (i + pick(0, 1)) % 4)],
                )
                for i in range(6)
            ]
            problem = Problem(queue, team, Policy(weights={"skill_gap": 100}), now=float(NOW))
            every = list(plans(formulate(problem)))
            best = min(every, key=lambda item: item[1])[0]
            most = max(sum(j >= 0 for j in plan) for plan, _ in every)
            assert served_order(problem, best) == max(
                served_order(problem, plan) for plan, _ in every if sum(j >= 0 for j in plan) == most
            )

    def test_urgencies_less_than_a_hundredth_apart_are_told_apart(self) -> None:
        queue = [
            Ticket(ticket_id="less", skills={"VPN": 1}, urgency=0.501),
            Ticket(ticket_id="more", skills={"SAP": 1}, urgency=0.504),
        ]
        assert solve(Problem(queue, [Agent(agent_id="a", skills={"VPN": 10}, capacity=1)])).assigned == {"more": "a"}

    def test_the_older_of_two_equally_urgent_is_served_though_the_newer_matches(self) -> None:
        for age in (1, 60, 9e6):
            queue = [
                Ticket(ticket_id="new match", skills={"VPN": 1}, creation_timestamp=NOW),
                Ticket(ticket_id="old stranger", skills={"SAP": 1}, creation_timestamp=NOW - age),
            ]
            problem = Problem(queue, [Agent(agent_id="a", skills={"VPN": 10}, capacity=1)], now=float(NOW))
            assert solve(problem).assigned == {"old stranger": "a"}

    def test_cost_decides_between_equally_urgent_of_the_same_age(self) -> None:
        queue = [Ticket(ticket_id=skill, skills={skill: 1}, creation_timestamp=NOW) for skill in ("SAP", "VPN")]
        assert solve(Problem(queue, [Agent(agent_id="a", skills={"VPN": 10}, capacity=1)])).assigned == {"VPN": "a"}

    def test_with_rows_as_many_as_possible_are_served_then_the_sum_of_levels_decides(self) -> None:
        """The urgent one must share its agent with none of the calm ones."""
        queue = [Ticket(ticket_id="hot", urgency=1.0), *tickets(2, urgency=0.1)]
        policy = Policy(separate=[("hot", 0), ("hot", 1)])
        assert set(solve(Problem(queue, agents(0, capacity=2), policy)).assigned) == {0, 1}
        for seed in range(60):
            pick = picker(seed)
            unit = [
                Ticket(ticket_id=i, urgency=pick(70, 72) / 100, creation_timestamp=NOW - pick(0, 2), skills={"x": 1})
                for i in range(5)
            ]
            team = [Agent(agent_id=j, skills={"x": pick(0, 10)}, capacity=pick(1, 3)) for j in range(2)]
            pairs = [(i, (i + pick(1, 4)) % 5) for i in range(pick(1, 4))]
            problem = Problem(unit, team, Policy(separate=pairs, max_urgent_per_agent=2), now=float(NOW))
            level = {key: rank for rank, key in enumerate(sorted(set(served_order(problem, (0,) * 5))))}

            def worth(plan: tuple[int, ...], level: Any = level, problem: Problem = problem) -> tuple[int, int]:
                served = served_order(problem, plan)
                return len(served), sum(level[key] for key in served)

            every = list(plans(formulate(problem)))
            assert worth(min(every, key=lambda item: item[1])[0]) == max(worth(plan) for plan, _ in every)

    @pytest.mark.parametrize(("n", "path"), [(30_000, 20), (100_000, 1)])
    def test_levels_of_large_queues_are_not_merged(self, n: int, path: int) -> None:
        ladder = Ladder.of(path, 237_000, 50_000)
        order = np.arange(n)
        assert (
            ladder.levels(order % 100, order // 100) == np.unique(order % 100 * n + order, return_inverse=True)[1]
        ).all()

    @pytest.mark.parametrize(("urgencies", "room"), [(1, 7), (7, 7), (20, 7), (10, 30), (10, 1000)])
    def test_merged_levels_keep_the_order_and_every_urgency_that_fits(self, urgencies: int, room: int) -> None:
        n = 200
        ladder = Ladder.of(1, (MAX_SUM // 4 // n) // room, 0)
        urgency, waiting = np.arange(n) % urgencies, np.arange(n) // 3
        level = ladder.levels(urgency, waiting)
        order = np.lexsort((waiting, urgency))
        assert (np.diff(level[order]) >= 0).all()
        assert n * ladder.lowest(n) + int(level.sum()) * ladder.step <= MAX_SUM // 4
        assert len(np.unique(level)) == level.max() + 1 >= min(room - 2, len(set(zip(urgency, waiting, strict=True))))
        if urgencies <= room - 2:
            assert all(level[urgency == u].max() < level[urgency == u + 1].min() for u in range(urgencies - 1))

    def test_a_result_says_that_levels_are_merged(self) -> None:
        dear = {"dear": CostTerm("so dear that few levels fit", 1e6, lambda p: np.zeros((p.n_tickets, p.n_agents)))}
        queue = [Ticket(ticket_id=i, creation_timestamp=NOW - i) for i in range(400)]
        problem = Problem(queue, agents(0, capacity=100))
        [warning] = solve(problem, terms=dear).warnings
        assert "400 different pairs of urgency and creation time" in str(warning)
        assert solve(problem).warnings == ()

    @settings(max_examples=examples(200))
    @given(problem=problems())
    def test_no_ticket_is_left_out_to_save_cost(self, problem: Problem) -> None:
        """Whatever is left out of the best plan fits nowhere in it."""
        model = formulate(problem)
        best = list(min(plans(model), key=lambda item: item[1])[0])
        for i, j in enumerate(best):
            if j < 0:
                for agent in range(problem.n_agents):
                    assert plan_cost(model, (*best[:i], agent, *best[i + 1 :])) is None

    def test_less_urgent_waits_even_where_it_matches_far_better(self) -> None:
        queue = [
            Ticket(ticket_id="calm match", skills={"VPN": 1}, urgency=0.4),
            Ticket(ticket_id="urgent stranger", skills={"SAP": 1}, urgency=0.41),
        ]
        result = solve(Problem(queue, [Agent(agent_id="a", skills={"VPN": 10}, capacity=1)]))
        assert result.assigned == {"urgent stranger": "a"}

    def test_no_wait_outranks_a_hundredth_of_urgency(self) -> None:
        queue = [
            Ticket(ticket_id="old match", creation_timestamp=0, skills={"VPN": 1}, urgency=0.4),
            Ticket(ticket_id="new stranger", creation_timestamp=NOW, skills={"SAP": 1}, urgency=0.41),
        ]
        result = solve(Problem(queue, [Agent(agent_id="a", skills={"VPN": 10}, capacity=1)], now=float(NOW)))
        assert result.assigned == {"new stranger": "a"}

    def test_among_equals_the_newer_waits(self) -> None:
        queue = [Ticket(ticket_id=age, creation_timestamp=NOW - age * 3600) for age in (1, 48, 5)]
        result = solve(Problem(queue, [Agent(agent_id="a", capacity=1)], now=float(NOW)))
        assert result.assigned == {48: "a"}

    def test_many_small_tickets_can_outweigh_one_large(self) -> None:
        queue = [Ticket(ticket_id="large", effort=3, urgency=0.5), *tickets(3, urgency=0.4)]
        result = solve(Problem(queue, [Agent(agent_id="a", capacity=3)]))
        assert set(result.assigned) == {0, 1, 2}

    def test_prices_rise_with_urgency_then_with_waiting(self) -> None:
        queue = [
            Ticket(ticket_id=k, urgency=u, creation_timestamp=NOW - age)
            for k, (u, age) in enumerate([(0.1, 0), (0.1, 60), (0.1, 9e6), (0.11, 0), (1.0, 0)])
        ]
        prices = formulate(Problem(queue, agents(0), now=float(NOW))).exit_cost.tolist()
        assert all(first < second for first, second in pairwise(prices))


def _with_unit_effort(ticket: Ticket) -> Ticket:
    kept = {name: getattr(ticket, name) for name in ("urgency", "priority", "requires", "pinned_agent", "language")}
    return Ticket(
        ticket_id=ticket.ticket_id,
        creation_timestamp=ticket.creation_timestamp,
        excluded_agents=ticket.excluded_agents,
        **kept,
    )


class TestExactArithmetic:
    def test_the_largest_weights_on_a_large_queue_stay_within_2_to_53(self) -> None:
        weights = dict.fromkeys(["skill_gap", "urgency", "experience", "stickiness", "waiting"], 100)
        queue = [Ticket(ticket_id=i, urgency=i % 100 / 100, skills={"VPN": 1}) for i in range(2000)]
        model = formulate(Problem(queue, agents(*range(20)), Policy(weights=weights, balance=100)))
        assert model.magnitude < MAX_SUM
        assert (model.exit_cost > model.pair_cost.max() + model.load_cost.largest(model.capacity)).all()

    def test_a_ticket_that_is_too_large_for_everybody_does_not_make_costs_too_large(self) -> None:
        problem = Problem([Ticket(ticket_id=1, effort=8)], [Agent(agent_id=2, capacity=1)], Policy(balance=3))
        assert formulate(problem).exit_cost > 0

    def test_costs_that_would_leave_tickets_out_to_save_cost_are_refused(self) -> None:
        huge = CostTerm("more than can be added up", 1e9, lambda problem: np.zeros((problem.n_tickets, 1)))
        with pytest.raises(InvalidInputError, match="too large to add up exactly; lower weights or balance"):
            formulate(Problem(tickets(2000), agents(0)), terms={"huge": huge})

    def test_half_a_unit_of_rounding_per_term_at_most(self) -> None:
        policy = Policy(weights={"skill_gap": 1, "urgency": 0.5})
        problem = Problem(tickets(1, skills={"x": 1}, urgency=0.4), [Agent(agent_id="a", skills={"x": 10 / 3})], policy)
        assert formulate(problem).pair_cost.tolist() == [[66_667 + 13_333]]


class TestProblem:
    def test_now_is_the_newest_creation_unless_given(self) -> None:
        queue = [Ticket(ticket_id=1, creation_timestamp=50), Ticket(ticket_id=2, creation_timestamp=70)]
        assert Problem(queue, []).now == 70
        assert Problem(queue, [], now=99).now == 99
        assert Problem([], []).now == 0

    @pytest.mark.parametrize("now", [float("nan"), float("inf"), -1, "soon", True])
    def test_a_bad_now_is_an_error(self, now: Any) -> None:
        with pytest.raises(InvalidInputError, match="now"):
            Problem([], [], now=now)

    @pytest.mark.parametrize(
        ("reading", "path"),
        [
            (Reading(urgency=float("nan")), r"readings\[0\].urgency"),
            (Reading(urgency=1.5), r"readings\[0\].urgency"),
            (Reading({"VPN": -1}), r"readings\[0\].skills\['VPN'\]"),
            (Reading({"VPN": float("inf")}), r"readings\[0\].skills\['VPN'\]"),
        ],
    )
    def test_a_triage_of_ones_own_is_checked_too(self, reading: Reading, path: str) -> None:
        with pytest.raises(InvalidInputError, match=path):
            Problem(tickets(1), [], readings=[reading])

    def test_one_reading_per_ticket(self) -> None:
        with pytest.raises(InvalidInputError, match=r"readings: are 1; give one per ticket \(2\)"):
            Problem(tickets(2), [], readings=[Reading()])

    def test_waited_is_half_after_a_day_and_never_negative(self) -> None:
        ages = [0, 86_400, 3 * 86_400, -500]
        queue = [Ticket(ticket_id=k, creation_timestamp=NOW - age) for k, age in enumerate(ages)]
        problem = Problem([*queue, Ticket(ticket_id="none")], [], now=float(NOW))
        assert problem.waited.tolist() == [0, 0.5, 0.75, 0, 0]

    def test_status_optimal_for_nothing_at_all(self) -> None:
        assert solve(Problem([], [])).status is Status.OPTIMAL
