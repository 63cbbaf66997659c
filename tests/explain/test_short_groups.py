"""Over-subscribed groups: proofs by counting, planted ones found exactly, every left-out ticket explained."""

from __future__ import annotations

import itertools

import numpy as np

from support.brute_force import optimal_plan
from support.strategies import make_model, picker
from ticketopt.explain.short_groups import group_of, groups, shortage, units_to_add
from ticketopt.model.assignment import AssignmentModel


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


def shortages(model: AssignmentModel) -> dict[frozenset[int], int]:
    """Excess of demand over free units of every set of agents, by the tickets that may go to its agents only."""
    found = {}
    for chosen in itertools.product([False, True], repeat=model.n_agents):
        agents = np.array(chosen, dtype=bool)
        only_here = model.allowed.any(axis=1) & ~(model.allowed & ~agents).any(axis=1)
        excess = int(least_units(model)[only_here].sum() - model.capacity[agents].sum())
        found[frozenset(np.flatnonzero(agents).tolist())] = excess
    return found


def test_every_group_proves_itself_and_every_shortage_is_found(seeds):
    seen = 0
    for seed in seeds(250, 2000):
        rng = np.random.default_rng([61, seed])
        model = make_model(picker(rng), True) if seed % 2 else make_model(picker(rng), False)
        found = groups(model)
        worst = brute_force_shortage(model)
        assert shortage(model) == worst
        assert sum(group.short for group in found) == worst
        for group in found:
            inside = set(group.agents)
            for i in range(model.n_tickets):
                own = set(np.flatnonzero(model.allowed[i]).tolist())
                assert (i in group.tickets) == (own <= inside and bool(own) == bool(inside))
            assert group.demand == least_units(model)[list(group.tickets)].sum()
            assert group.free == model.capacity[list(group.agents)].sum()
            assert group.short > 0
            assert group.counted >= 0
        seen += bool(found)
    assert seen > 60


def crowded(rng: np.random.Generator) -> AssignmentModel:
    """More tickets than room, for up to five agents who overlap."""
    n, a = int(rng.integers(1, 13)), int(rng.integers(1, 6))
    effort = rng.integers(1, 4, n) if rng.random() < 0.3 else None
    return planted(rng.random((n, a)) < rng.choice([0.2, 0.4, 0.6]), rng.integers(0, 4, a), effort)


def test_no_set_of_agents_within_a_group_is_short_by_itself_unless_it_is_told_too(seeds):
    nested = 0
    for seed in seeds(150, 1000):
        model = crowded(np.random.default_rng([63, seed]))
        excess, found = shortages(model), [group for group in groups(model) if group.agents]
        for group in found:
            inside = set(group.agents)
            parts = [own for own in excess if own < inside and excess[own] > 0]
            smallest = [own for own in parts if not any(excess[less] > 0 for less in excess if less < own)]
            assert not (parts and not group.counted)
            assert not group.counted or any(set(g.tickets) & set(group.tickets) for g in found if g is not group)
            for own in smallest:  # what is short inside is told, or all of it is counted with groups that share agents
                told = any(set(other.agents) == own for other in found)
                assert told or sum(g.short for g in found if set(g.agents) & own) >= excess[own]
            nested += bool(group.counted)
    assert nested > 8


def test_where_as_many_as_possible_are_served_every_ticket_left_out_has_its_group():
    rng = np.random.default_rng(62)
    for _ in range(400):
        model = make_model(picker(rng), True)
        model = planted(model.allowed, model.capacity)
        plan = optimal_plan(model, rng)
        found = groups(model)
        assert sum(group.short for group in found) == (plan < 0).sum()
        for i in np.flatnonzero(plan < 0).tolist():
            group = group_of(model, found, i)
            assert group is not None


def test_a_group_within_another_is_counted_once():
    """2 tickets for a only, 2 for b only, 1 for either: the wide group repeated the shortages of both narrow ones."""
    model = planted([[1, 0]] * 2 + [[0, 1]] * 2 + [[1, 1]], [1, 1])
    a, b, both = groups(model)
    assert [(g.agents, g.demand, g.free, g.counted, g.short) for g in (a, b, both)] == [
        ((0,), 2, 1, 0, 1),
        ((1,), 2, 1, 0, 1),
        ((0, 1), 5, 2, 2, 1),
    ]


def test_the_smallest_group_is_named_and_not_what_happens_to_be_connected_to_it():
    """The plan serves the ticket for either at a; its tickets are left out, and b, who has room for all, was named."""
    model = planted([[1, 0]] * 3 + [[1, 1]] + [[0, 1]], [1, 2])
    (group,) = groups(model)
    assert (group.agents, group.tickets, group.short) == ((0,), (0, 1, 2), 2)


def test_units_to_add_are_spread_over_the_agents():
    model = planted([[1, 1, 1]] * 9, [0, 0, 0])
    assert units_to_add(model, [0, 1, 2], 7).tolist() in (
        [3, 3, 1],
        [3, 1, 3],
        [1, 3, 3],
        [3, 2, 2],
        [2, 3, 2],
        [2, 2, 3],
    )
    assert units_to_add(model, [1], 7).tolist() == [0, 7, 0]
    assert units_to_add(model, [0, 1, 2], 10) is None
    assert units_to_add(model, [], 1) is None


def test_two_planted_bottlenecks_are_found_apart():
    rows = [[1, 1, 0, 0, 0]] * 5 + [[0, 0, 1, 0, 0]] * 4 + [[1, 1, 1, 1, 1]] * 3 + [[0, 0, 0, 1, 1]] * 2
    model = planted(rows, [1, 2, 3, 4, 4])
    one, two = groups(model)
    assert (one.agents, one.tickets, one.demand, one.free, one.short) == ((2,), (5, 6, 7, 8), 4, 3, 1)
    assert (two.agents, two.tickets, two.demand, two.free, two.short) == ((0, 1), (0, 1, 2, 3, 4), 5, 3, 2)


def test_tickets_that_nobody_may_take_are_a_group_without_agents():
    model = planted([[0, 0], [1, 0]], [1, 1])
    (group,) = groups(model)
    assert (group.tickets, group.agents, group.short) == ((0,), (), 1)
    apart = groups(planted([[0]] * 3, [1]), np.array([7, 8, 7]))
    assert [group.tickets for group in apart] == [(1,), (0, 2)]


def test_whole_tickets_that_do_not_fit_are_no_shortage_of_units():
    model = planted([[1, 1]] * 3, [3, 3], effort=[2, 2, 2])
    assert groups(model) == ()
