"""What can come together at all: tickets and agents where many cannot (full agents, waiting tickets), and pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ticketopt._types import Bool
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import costs_alone
from ticketopt.model.outcome import Outcome
from ticketopt.model.parts import among
from ticketopt.solvers.base import Options


def on_usable(
    solve: Callable[[AssignmentModel, Options], Outcome], model: AssignmentModel, options: Options
) -> Outcome:
    """What `solve` finds without the tickets that fit nobody and the agents whom nothing fits, said for all of them."""
    usable = model.allowed & (model.effort <= model.capacity)
    tickets, agents = np.flatnonzero(usable.any(axis=1)), np.flatnonzero(usable.any(axis=0))
    if len(tickets) == model.n_tickets and len(agents) == model.n_agents:
        return solve(model, options)
    assignment = np.full(model.n_tickets, -1, dtype=np.int64)
    others = int(model.exit_cost.sum() - model.exit_cost[tickets].sum())
    # agents who take nothing may have any price at which their time earns nothing
    price = np.minimum(0, model.load_cost.at(np.arange(model.n_agents), np.zeros(model.n_agents, dtype=np.int64)))
    rest = among(model, tickets, agents)
    hint = options.hint
    if hint is not None:
        hint = np.where(hint[tickets] < 0, -1, np.searchsorted(agents, hint[tickets]))

    def report(cost: int | None, bound: int | None) -> None:
        options.report(None if cost is None else cost + others, None if bound is None else bound + others)

    found = solve(rest, replace(options, hint=hint, progress=report))
    assignment[tickets] = np.where(found.assignment < 0, -1, agents[found.assignment])
    bound = None if found.lower_bound is None else found.lower_bound + others
    if found.price is None:
        return Outcome(assignment, found.status, bound)
    whole = np.concatenate([price * found.price_scale, found.price[len(agents) :]])
    whole[agents] = found.price[: len(agents)]
    return Outcome(assignment, found.status, bound, whole, found.price_scale)


def undominated(model: AssignmentModel) -> Bool:
    """(n, A) the pairs without which some optimal plan might not be found.

    A pair is dominated if, whatever the loads, its ticket is served no dearer by an agent who has room for everybody
    that may come, and whom no row counts, or is left out no dearer. Those are never dominated themselves, so that all
    dominated pairs can go at once.
    """
    usable: Bool = model.allowed & (model.effort <= model.capacity)
    effort = np.broadcast_to(model.effort, usable.shape)
    most = np.where(usable, effort, 0).sum(axis=0)
    is_free = usable & (most <= model.capacity)
    is_free[model.rows.ticket, model.rows.agent] = False
    exits = model.exit_cost[:, None]
    # sums of load costs, which the model keeps below 2^53; a unit's cost times an effort may be above 2^63
    last = model.load_cost.of_last(model.effort, np.minimum(most, model.capacity))
    at_least, at_most = costs_alone(model), np.where(is_free, model.pair_cost + last, exits)
    best = np.minimum(at_most.min(axis=1, keepdims=True, initial=np.iinfo(np.int64).max), exits)
    keep: Bool = usable & ((at_least < best) | ((at_most == best) & (best < exits)))
    return keep
