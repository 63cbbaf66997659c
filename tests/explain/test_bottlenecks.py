"""Over-subscribed groups: proofs by counting, planted ones found exactly, every left-out ticket explained."""

from __future__ import annotations

import itertools

import numpy as np

from explain_cases import general_model, optimal_plan, unit_model
from ticketopt.explain.bottlenecks import group_of, groups, shortage
from ticketopt.model import AssignmentModel


def planted(allowed, capacity, effort=None) -> AssignmentModel:
    allowed, capacity = np.array(allowed, dtype=bool), np.array(capacity)
    n = len(allowed)
    return AssignmentModel(
        pair_cost=np.zeros(allowed.shape, dtype=np.int64),
        allowed=allowed,
        effort=np.ones(n, dtype=np.int64) if effort is None else np.array(effort),
        capacity=capacity,
        load_cost=np.zeros(int(capacity.sum()), dtype=np.int64),
        exit_cost=np.full(n, 100),
    )


def least_units(model: AssignmentModel) -> np.ndarray:
    """(n,) the fewest units of anybody who may take the ticket, of anybody at all where nobody may."""
    effort = np.broadcast_to(model.effort, model.allowed.shape) if model.n_agents else model.effort
    may = model.allowed if model.n_agents else np.ones(effort.shape, dtype=bool)
    return np.array(
        [min(own[ok]) if ok.any() else min(own) for own, ok in zip(effort, may, strict=True)], dtype=np.int64
    )


def brute_force_shortage(model: AssignmentModel) -> int:
    """The largest excess of demand over free units of any set of agents (the deficiency version of Hall's theorem)."""
    worst = 0
    for chosen in itertools.product([False, True], repeat=model.n_agents):
        agents = np.array(chosen, dtype=bool)
        only_here = ~(model.allowed & ~agents).any(axis=1)
        worst = max(worst, int(least_units(model)[only_here].sum() - model.capacity[agents].sum()))
    return worst


def test_every_group_proves_itself_and_every_shortage_is_found():
    rng = np.random.default_rng(61)
    seen = 0
    for k in range(1500):
        model = unit_model(rng) if k % 2 else general_model(rng)
        plan = optimal_plan(model, rng)
        found = groups(model, plan)
        worst = brute_force_shortage(model)
        assert shortage(model) == worst
        assert bool(found) == (worst > 0)
        for group in found:
            inside = set(group.agents)
            for i in range(model.n_tickets):
                own = set(np.flatnonzero(model.allowed[i]).tolist())
                assert (i in group.tickets) == (own <= inside and bool(own) == bool(inside))
            assert group.demand == least_units(model)[list(group.tickets)].sum()
            assert group.free == model.capacity[list(group.agents)].sum()
            assert group.short > 0
        seen += bool(found)
    assert seen > 300


def test_where_as_many_as_possible_are_served_every_ticket_left_out_has_its_group():
    rng = np.random.default_rng(62)
    for _ in range(1000):
        model = unit_model(rng)
        model = planted(model.allowed, model.capacity)
        plan = optimal_plan(model, rng)
        found = groups(model, plan)
        for i in np.flatnonzero(plan < 0).tolist():
            group = group_of(model, found, i)
            assert group is not None
            assert smallest(model, plan, i) == len(group.agents)


def smallest(model: AssignmentModel, plan: np.ndarray, i: int) -> int:
    """The fewest agents that prove that ticket `i` does not fit in beside all the tickets that the plan serves."""
    sizes, served_too = [], (plan >= 0) | (np.arange(len(plan)) == i)
    for chosen in itertools.product([False, True], repeat=model.n_agents):
        agents = np.array(chosen, dtype=bool)
        only_here = ~(model.allowed & ~agents).any(axis=1)
        if (
            only_here[i]
            and agents.any() == model.allowed[i].any()
            and (only_here & served_too).sum() > model.capacity[agents].sum()
        ):
            sizes.append(int(agents.sum()))
    return min(sizes)


def test_two_planted_bottlenecks_are_found_apart():
    rows = [[1, 1, 0, 0, 0]] * 5 + [[0, 0, 1, 0, 0]] * 4 + [[1, 1, 1, 1, 1]] * 3 + [[0, 0, 0, 1, 1]] * 2
    model = planted(rows, [1, 2, 3, 4, 4])
    plan = np.array([0, 1, 1, -1, -1, 2, 2, 2, -1, 3, 3, 4, 4, 3])
    one, two = groups(model, plan)
    assert (one.agents, one.tickets, one.demand, one.free, one.short) == ((2,), (5, 6, 7, 8), 4, 3, 1)
    assert (two.agents, two.tickets, two.demand, two.free, two.short) == ((0, 1), (0, 1, 2, 3, 4), 5, 3, 2)


def test_tickets_that_nobody_may_take_are_a_group_without_agents():
    model = planted([[0, 0], [1, 0]], [1, 1])
    (group,) = groups(model, np.array([-1, 0]))
    assert (group.tickets, group.agents, group.short) == ((0,), (), 1)
    apart = groups(planted([[0]] * 3, [1]), np.full(3, -1), np.array([7, 8, 7]))
    assert [group.tickets for group in apart] == [(1,), (0, 2)]


def test_whole_tickets_that_do_not_fit_are_no_shortage_of_units():
    model = planted([[1, 1]] * 3, [3, 3], effort=[2, 2, 2])
    assert groups(model, np.array([0, 1, -1])) == ()
