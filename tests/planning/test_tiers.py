"""Tiers: the lexicographic optimum of brute force, tier by tier, and a result that says so."""

import json
import threading
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ticketopt
from support.brute_force import plans
from support.seeds import examples
from support.strategies import make_model, picker
from ticketopt import InvalidInputError, UnsupportedModelError, verify
from ticketopt.formulation.formulate import SCALE
from ticketopt.live.batch import dispatch
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.model.outcome import Status
from ticketopt.planning.tier_stages import TIERS
from ticketopt.planning.tiers import solve_tiers
from ticketopt.report.page import report_html
from ticketopt.solvers import BACKENDS, Options
from ticketopt.solvers.auto import solve_model

ORDERS = [order for k in range(1, 5) for order in permutations(TIERS, k)]
SUM_FITS = 10**8


def stage(tier, **options):
    found = solve_model(tier.model, hint=None if tier.model.is_unit else tier.hint, **options)
    return found.assignment, found.status, found.lower_bound


def by_tiers(model, urgent, order, solve=stage, improve=lambda model, plan: solve_model(model, hint=plan).assignment):
    start = np.full(model.n_tickets, -1, dtype=np.int64)
    return solve_tiers(model, urgent, order, start, solve, improve)


def values_of(model, urgent, order, plan):
    """The values of a plan in plain Python, without the code under test."""
    load = [0] * model.n_agents
    cost = left_out = urgent_left_out = 0
    for i, j in enumerate(plan):
        if j < 0:
            left_out += 1
            urgent_left_out += bool(urgent[i])
        else:
            cost += int(model.pair_cost[i, j])
            own = model.effort[i].tolist()
            load[j] += own[0] if len(own) == 1 else own[j]
    balance = sum(int(m) for j, units in enumerate(load) for m in model.load_cost.of(j, units))
    known = {"unassigned": left_out, "urgent_unassigned": urgent_left_out, "cost": cost, "balance": balance}
    return tuple(known[name] for name in order)


def small(seed, unit):
    """A model whose costs leave room for sums, an order of tiers, and which tickets are urgent."""
    pick = picker(seed)
    model = make_model(pick, unit, max_tickets=4)
    while model.magnitude > SUM_FITS:
        model = make_model(pick, unit, max_tickets=4)
    return (
        model,
        np.array([pick(0, 1) == 1 for _ in range(model.n_tickets)], dtype=bool),
        ORDERS[pick(0, len(ORDERS) - 1)],
    )


def is_lexicographic(seed, unit):
    model, urgent, order = small(seed, unit)
    if not model.is_unit and "balance" in order[:-1]:
        with pytest.raises(UnsupportedModelError, match='"balance" can only be the last tier'):
            by_tiers(model, urgent, order)
        order = (*(name for name in order if name != "balance"), "balance")
    found = by_tiers(model, urgent, order)
    best = min(values_of(model, urgent, order, plan) for plan, _ in plans(model))
    assert tuple(value for _, value, _ in found.values) == best
    assert values_of(model, urgent, order, found.assignment.tolist()) == best
    assert found.is_optimal
    assert [name for name, _, _ in found.values] == list(order)


@settings(max_examples=examples(250), deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_unit_effort_gives_the_lexicographic_optimum_of_brute_force(seed):
    is_lexicographic(seed, unit=True)


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_unequal_effort_and_rows_give_the_lexicographic_optimum_of_brute_force(seed):
    is_lexicographic(seed, unit=False)


def test_tiers_on_many_small_models(seeds):
    for seed in seeds(40, 2000):
        is_lexicographic(seed, unit=True)
    for seed in seeds(20, 300):
        is_lexicographic(seed, unit=False)


LIMITS = ({}, {}, {"max_urgent_per_agent": 1}, {"max_new_per_agent": 2}, {"separate": [[0, 1], [1, 2]]})


def small_queue(seed):
    """A queue of unequal effort, a team without room for all of it, and a policy with tiers and perhaps limits."""
    pick = picker(seed)
    n, a = pick(1, 7), pick(1, 3)
    tickets = [
        {"ticket_id": i, "skills": {"abc"[pick(0, 2)]: 1}, "urgency": (0.1, 0.4, 0.7, 1.0)[pick(0, 3)]}
        | ({"effort_by_agent": {"g0": pick(1, 8)}} if pick(0, 5) == 0 else {})
        | {"effort": pick(1, 8)}
        for i in range(n)
    ]
    agents = [
        {"agent_id": f"g{j}", "skills": {s: pick(0, 10) for s in "abc"}, "capacity": pick(0, 5 * n // a + 3)}
        for j in range(a)
    ]
    order = ORDERS[pick(0, len(ORDERS) - 1)]
    order = (*(name for name in order if name != "balance"), *(["balance"] if "balance" in order else []))
    limits = LIMITS[pick(0, len(LIMITS) - 1)] if n >= 3 else {}
    return tickets, agents, {"tiers": order, "balance": (0.5, 0, 3)[pick(0, 2)], **limits}


def test_unequal_effort_is_solved_tier_by_tier_as_by_brute_force(seeds):
    for seed in seeds(24, 2000):
        tickets, agents, policy = small_queue(seed)
        result = ticketopt.assign(tickets, agents, policy=policy, time_limit=60)
        model, urgent, order = result.model, result.problem.is_urgent, policy["tiers"]
        best = min(values_of(model, urgent, order, plan) for plan, _ in plans(model))
        units = [1 if name.endswith("unassigned") else SCALE for name in order]
        assert tuple(round(tier.value * unit) for tier, unit in zip(result.tiers, units, strict=True)) == best, seed
        assert result.status is Status.OPTIMAL, seed
        assert verify(result.problem, result) == []


def queue(n, a, *, unit=False):
    """More work than room, for strangers and specialists."""
    tickets = [
        {"ticket_id": i, "skills": {"abcde"[i * 7 % 5]: 1}, "urgency": i * 3 % 10 / 10, "effort": 1 + i * 5 % 8}
        for i in range(n)
    ]
    skills = [{"abcde"[(j + k) % 5]: (j * 3 + k) % 11 for k in (0, 2)} for j in range(a)]
    agents = [{"agent_id": f"g{j}", "skills": own, "capacity": 3 * n // a} for j, own in enumerate(skills)]
    if unit:
        tickets = [{**ticket, "effort": 1} for ticket in tickets]
        agents = [{**agent, "capacity": n // a} for agent in agents]
    return tickets, agents


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.5])
def test_there_is_an_answer_at_any_time_limit(unit, seconds):
    result = ticketopt.assign(*queue(200, 20, unit=unit), policy={"tiers": list(TIERS)}, time_limit=seconds)
    greedy = ticketopt.assign(*queue(200, 20, unit=unit), solver="greedy")
    assert verify(result.problem, result) == []
    assert [tier.name for tier in result.tiers] == list(TIERS)
    assert result.tiers[0].value <= len(greedy.unassigned)
    assert result.status is Status.OPTIMAL or not all(tier.is_optimal for tier in result.tiers)


@pytest.mark.parametrize("unit", [True, False])
def test_progress_is_told_tier_by_tier_in_each_ones_own_numbers(unit):
    heard = []
    result = ticketopt.assign(*queue(24, 4, unit=unit), policy={"tiers": list(TIERS)}, progress=heard.append)
    assert tuple(heard) == result.progress
    assert [news.tier for news in heard] == sorted((news.tier for news in heard), key=list(TIERS).index)
    assert {news.tier for news in heard} == set(TIERS)
    assert [news.seconds for news in heard] == sorted(news.seconds for news in heard)
    for tier in result.tiers:
        own = [news for news in heard if news.tier == tier.name]
        assert own[-1].objective == tier.value
        assert [news.objective for news in own] == sorted((news.objective for news in own), reverse=True)
        assert all(news.lower_bound is None or news.lower_bound <= tier.value for news in own)


@pytest.mark.parametrize("unit", [True, False])
def test_what_a_listener_raises_ends_a_solve_by_tiers(unit):
    def listen(news):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        ticketopt.assign(*queue(24, 4, unit=unit), policy={"tiers": list(TIERS)}, progress=listen)


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("last", TIERS)
def test_stop_in_any_tier_gives_the_plan_so_far(unit, last):
    stop = threading.Event()

    def listen(news):
        if news.tier == last:
            stop.set()

    tickets, agents = queue(24, 4, unit=unit)
    result = ticketopt.assign(tickets, agents, policy={"tiers": list(TIERS)}, progress=listen, stop=stop)
    assert verify(result.problem, result) == []
    assert ("stopped before" in result.reason) == (last != "balance")
    assert all(tier.is_optimal for tier in result.tiers[: list(TIERS).index(last)])


def test_a_backend_that_cannot_solve_a_later_tier_costs_that_tier_only():
    def solve(model, options):
        if len(model.rows):
            raise ZeroDivisionError("rows")
        return BACKENDS["price_guided"].solve(model, options)

    backends = {"own": replace(BACKENDS["price_guided"], solve=solve)}
    problem = ticketopt.build_problem(*queue(12, 3), policy={"tiers": ["unassigned", "cost"]})
    result = ticketopt.solve(problem, solver="own", backends=backends)
    assert result.tiers[0].is_optimal
    assert result.tiers[1].lower_bound is None
    assert "cost: own failed (ZeroDivisionError: rows)" in result.reason
    with pytest.raises(UnsupportedModelError, match="network cannot solve this model"):
        ticketopt.solve(problem, solver="network")


def greedy(tier):
    found = BACKENDS["greedy"].solve(tier.model, Options())
    return found.assignment, Status.FEASIBLE, None


@pytest.mark.parametrize("unit", [True, False])
def test_what_is_not_proven_is_not_called_optimal(unit):
    model, urgent, _ = small(5, unit)
    assert model.n_tickets
    found = by_tiers(model, urgent, ("unassigned", "cost"), greedy, lambda model, plan: None)
    assert not found.is_optimal
    assert [bound for _, _, bound in found.values] == [None, None]


def one_ticket(effort):
    return ticketopt.AssignmentModel(
        pair_cost=np.array([[5]]),
        allowed=np.ones((1, 1), dtype=bool),
        effort=np.array([effort]),
        capacity=np.array([effort]),
        load_cost=np.zeros(effort, dtype=np.int64),
        exit_cost=np.array([9]),
    )


@pytest.mark.parametrize("effort", [1, 2])
@pytest.mark.parametrize("later", [[1], [-1], [0], None])
def test_no_later_tier_makes_an_earlier_one_worse_whatever_its_solver_answers(effort, later):
    answers = [(np.array([0]), Status.OPTIMAL, 0)]  # served first; then with the dummy, left out, the same, or nothing
    answers.append(None if later is None else (np.array(later), Status.OPTIMAL, 0))
    found = by_tiers(
        one_ticket(effort), np.array([True]), ("unassigned", "cost"), lambda _: answers.pop(0), greedy_plan
    )
    assert found.values[0] == ("unassigned", 0, 0)
    assert found.values[1][:2] == ("cost", 5)
    assert found.assignment.tolist() == [0]


def greedy_plan(model, plan):
    return BACKENDS["greedy"].solve(model, Options()).assignment


def test_a_bound_above_the_plan_proves_nothing():
    found = by_tiers(one_ticket(2), np.array([True]), ("cost",), lambda tier: (tier.hint, Status.OPTIMAL, 7))
    assert found.values == (("cost", 0, None),)


def test_prices_of_what_must_be_done_never_grow_beyond_exact_sums():
    pick = picker(3)
    n, a = 6, 2
    largest = 2**50 // n
    model = ticketopt.AssignmentModel(
        pair_cost=np.array([[pick(0, largest) for _ in range(a)] for _ in range(n)]),
        allowed=np.ones((n, a), dtype=bool),
        effort=np.array([1 + i % 2 for i in range(n)]),
        capacity=np.array([4, 4]),
        load_cost=np.zeros(8, dtype=np.int64),
        exit_cost=np.full(n, 2**50 // n),
    )
    urgent = np.arange(n) < 3
    for efforts in (model.effort, np.ones(n, dtype=np.int64)):
        own = replace(model, effort=efforts)
        found = by_tiers(own, urgent, ("unassigned", "cost"))
        assert [value for _, value, _ in found.values] == list(
            min(values_of(own, urgent, ("unassigned", "cost"), plan) for plan, _ in plans(own))
        )


TICKETS = [{"ticket_id": k, "skills": {"vpn": 1}, "urgency": k / 10} for k in range(10)]
AGENTS = [
    {"agent_id": "a", "skills": {"vpn": 9}, "capacity": 4},
    {"agent_id": "b", "skills": {"vpn": 4}, "capacity": 3},
    {"agent_id": "c", "capacity": 9},
]


def test_a_result_says_what_each_tier_reached():
    policy = {"tiers": ["unassigned", "urgent_unassigned", "cost", "balance"]}
    result = ticketopt.assign(TICKETS, AGENTS[:2], policy=policy)
    assert [(tier.name, tier.value, tier.is_optimal) for tier in result.tiers] == [
        ("unassigned", 3, True),
        ("urgent_unassigned", 0, True),
        ("cost", pytest.approx(2.65), True),
        ("balance", pytest.approx(1.75), True),
    ]
    assert result.status is Status.OPTIMAL
    assert (result.lower_bound, result.gap) == (None, None)
    assert "unassigned 3, urgent_unassigned 0" in result.summary()
    assert "each proven" in result.summary()
    assert verify(result.problem, result) == []
    assert [tier["name"] for tier in json.loads(result.to_json())["tiers"]] == policy["tiers"]
    wrong = replace(result, tiers=(replace(result.tiers[0], value=2.0, lower_bound=2.0), *result.tiers[1:]))
    assert [violation.rule for violation in verify(result.problem, wrong)] == ["tiers"]
    wrong = replace(result, tiers=(replace(result.tiers[0], lower_bound=None), *result.tiers[1:]))
    assert [violation.rule for violation in verify(result.problem, wrong)] == ["status"]


def test_the_order_of_the_tiers_decides():
    balanced = ticketopt.assign(TICKETS, AGENTS, policy={"tiers": ["unassigned", "balance", "cost"]})
    cheap = ticketopt.assign(TICKETS, AGENTS, policy={"tiers": ["unassigned", "cost", "balance"]})
    assert balanced.tiers[1].value < cheap.tiers[2].value
    assert balanced.tiers[2].value > cheap.tiers[1].value
    assert ticketopt.assign(TICKETS, AGENTS, policy={"tiers": ["balance"]}).assigned == {}
    assert "tiers" not in ticketopt.assign(TICKETS, AGENTS).to_dict()


def test_unequal_effort_and_limits_go_by_tiers_too():
    policy = {"tiers": ["unassigned", "urgent_unassigned", "cost"], "max_urgent_per_agent": 1}
    result = ticketopt.assign([{**t, "effort": 1 + k % 3} for k, t in enumerate(TICKETS)], AGENTS, policy=policy)
    assert [tier.value for tier in result.tiers[:2]] == [len(result.unassigned), 0]
    assert result.status is Status.OPTIMAL
    assert verify(result.problem, result) == []


@pytest.mark.parametrize("tiers", [["cost", "cost"], ["unasigned"], "cost", 5, [None]])
def test_tiers_that_are_none_are_errors(tiers):
    with pytest.raises(InvalidInputError, match="tiers"):
        ticketopt.Policy(tiers=tiers)


def test_an_empty_queue_has_tiers_too():
    for tickets, agents in (([], []), ([], AGENTS), (TICKETS[:2], [])):
        result = ticketopt.assign(tickets, agents, policy={"tiers": list(TIERS)})
        assert result.tiers[0].value == len(tickets)
        assert result.status is Status.OPTIMAL


def test_changes_of_cost_explain_no_plan_by_tiers():
    result = ticketopt.assign(TICKETS, AGENTS, policy={"tiers": ["unassigned", "cost"]})
    questions = [
        lambda: result.why_not(1, "b"),
        result.counterfactuals,
        lambda: result.alternatives(1),
        lambda: result.next_for("b"),
        result.slot_values,
        result.skill_values,
        lambda: result.certificate,
        lambda: result.diff({1: "a"}),
    ]
    for ask in questions:
        with pytest.raises(UnsupportedModelError, match=r"policy\.tiers; pin or exclude .* compare Result\.tiers"):
            ask()
    assert result.bottlenecks() == ()
    assert result.bottleneck_of(1) is None
    by_weights = ticketopt.assign(TICKETS, AGENTS)
    assert len(by_weights.diff(result).moves) == sum(
        by_weights.assigned.get(own) != agent for own, agent in result.assigned.items()
    )
    assert [point.result.tiers for point in ticketopt.frontier(result.problem, values=[0.5]).points] == [()]


def test_the_report_of_a_plan_by_tiers_says_what_has_no_price():
    result = ticketopt.assign(TICKETS, AGENTS[:2], policy={"tiers": ["unassigned", "cost"]})
    page = report_html(result)
    assert "minimizes no single sum" in page
    assert "by tiers: unassigned 3" in page


def test_a_batch_by_tiers_is_answered_again_as_the_first_time():
    queue = ticketopt.read_queue({"tickets": TICKETS, "agents": AGENTS})
    options = {"store": MemoryStore(), "idempotency_key": "k", "policy": {"tiers": ["unassigned", "balance"]}}
    assert dispatch(queue, **options).to_json() == dispatch(queue, **options).to_json()
