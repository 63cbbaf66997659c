"""Tickets that go to one agent, as far as they go to anybody."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ticketopt.formulation.constraints.base import Constraint, Given, named, no_rows
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem
from ticketopt.problem.record_columns import stating


def rows(problem: Problem) -> PackingRows:
    """One row per agent `j` for every ticket `k` but the last of a group `G`.

        sum_{i in G, i != k} x[i,j]  +  (|G| - 1) sum_{j' != j} x[k,j']  <=  |G| - 1

    Where `k` is with somebody else than `j`, none of the others is with `j`; where `k` is left out, all may be. Every
    two tickets stand in a row for each agent. Where all are served, the relaxation gives all of them the same shares:
    no ticket's share of an agent is below the mean of the others. Rows for pairs are as tight, but more.
    """
    parts = []
    for group in problem.linked if problem.n_agents > 1 else ():
        label = f"{named(problem, list(group))} go to one agent"
        parts += [_rows_of(problem.n_agents, list(group), k, label) for k in group[:-1]]
        parts += _pinned(problem, group, label)
    return PackingRows.join(parts) if parts else no_rows(problem)


def _rows_of(n_agents: int, group: list[int], k: int, label: str) -> PackingRows:
    others = np.array([i for i in group if i != k], dtype=np.int64)
    with_them = np.repeat(np.arange(n_agents), len(others))
    elsewhere, agent = np.nonzero(~np.eye(n_agents, dtype=np.bool_))
    return PackingRows(
        row=np.concatenate([with_them, elsewhere]),
        ticket=np.concatenate([np.tile(others, n_agents), np.full(len(agent), k)]),
        agent=np.concatenate([with_them, agent]),
        coefficient=np.repeat([1, len(others)], [len(with_them), len(agent)]),
        bound=np.full(n_agents, len(others)),
        label=(label,) * n_agents,
    )


def _pinned(problem: Problem, group: tuple[int, ...], label: str) -> list[PackingRows]:
    """Where tickets of a group are pinned, no other goes elsewhere, even if those wait."""
    pinned = {problem.agent_of(problem.tickets[i].pinned_agent) for i in group} - {-1}
    free = [i for i in group if problem.tickets[i].pinned_agent is None]
    agents = np.setdiff1d(np.arange(problem.n_agents), list(pinned))
    if not pinned or not free or not len(agents):
        return []
    size = len(agents) * len(free)
    zeros, ones = np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    where = " or ".join(problem.agents[j].name for j in sorted(pinned))
    words = f"{label}, and one of them is pinned to {where}"
    return [PackingRows(zeros, np.repeat(free, len(agents)), np.tile(agents, len(free)), ones, zeros[:1], (words,))]


def broken(problem: Problem, given: Given) -> Iterator[str]:
    groups = _groups(problem)
    if not groups:
        return
    holder = {str(problem.tickets[i].ticket_id): j for i, j in given}
    pinned = {str(t.ticket_id): str(t.pinned_agent) for t in problem.tickets if t.pinned_agent is not None}
    for group in groups:
        served = [name for name in group if name in holder]
        for name in served[1:]:
            if holder[name] != holder[served[0]]:
                names = [problem.agents[holder[one]].name for one in (served[0], name)]
                yield f"{served[0]} and {name} must go to one agent; they are with {names[0]} and {names[1]}"
        pins = {pinned[name]: name for name in group if name in pinned}
        for name in served:
            agent = problem.agents[holder[name]]
            if pins and name not in pinned and str(agent.agent_id) not in pins:
                where, other = next(iter(pins.items()))
                yield f"{name} goes where {other} is pinned, to {where}, not to {agent.name}"


def _groups(problem: Problem) -> list[list[str]]:
    """The ids of every group as text, in the order of the queue."""
    keys: dict[str, list[str]] = {}
    for i in stating(problem.tickets, "together"):
        ticket = problem.tickets[i]
        keys.setdefault(str(ticket.together), []).append(str(ticket.ticket_id))
    sets = [{str(name) for name in group} for group in problem.policy.together]
    return [*keys.values(), *([s for t in problem.tickets if (s := str(t.ticket_id)) in ids] for ids in sets)]


RULE = Constraint("tickets that belong together go to one agent", "limit", broken, rows=rows)
