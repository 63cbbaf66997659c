"""One batch against a store: read the loads, solve, commit the new loads; all of it, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ticketopt.assign import problem_of
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.fields import MAX_UNITS
from ticketopt.io import Queue
from ticketopt.problem import Problem
from ticketopt.progress import Listener
from ticketopt.records import Agent, Policy
from ticketopt.result import Result
from ticketopt.solve import AUTO, solve
from ticketopt.stores import Store, StoredAgent
from ticketopt.triage import Triage, read_tickets

__all__ = ["dispatch"]


def dispatch(
    queue: Queue,
    *,
    store: Store,
    policy: Policy | Mapping[str, Any] | None = None,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
    now: object = None,
    triage: Triage = read_tickets,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Assign a queue, with the loads that a store remembers, and have the store remember the new ones.

    1. Read the tickets' text: slow, and no load changes it.
    2. Begin a transaction: from here to its end, no other batch reads or changes loads.
    3. Take the stored load of every agent that the store knows, whatever the queue says; the others start with
       theirs.
    4. Solve.
    5. Commit the load of every agent of the queue. Agents that only the store knows keep theirs.

    Parameters
    ----------
    queue : tickets and agents, as `ticketopt.io.read_queue` reads them. The store knows agents by their id as text.
    store : where loads are kept.
    policy, solver, time_limit, seed, now, triage, progress, stop : as for `ticketopt.assign`.

    Returns
    -------
    Result
        A verified plan, committed.

    Raises
    ------
    InvalidInputError
        For bad input, and where a load would outgrow what a store can hold. Nothing is committed.
    SolverError, UnsupportedModelError
        As for `ticketopt.assign`. Nothing is committed.
    StoreError
        Where the loads cannot be read or kept. None of the queue counts as assigned.
    """
    problem = problem_of(queue, policy=policy, now=now, triage=triage)
    with store.transaction() as transaction:
        agents = _with_loads(queue.agents, transaction.read())
        current: Problem = replace(problem, agents=agents, warnings=queue.warnings)
        result = solve(current, solver=solver, time_limit=time_limit, seed=seed, progress=progress, stop=stop)
        transaction.commit(_loads_after(result))
    return result


def _with_loads(agents: Sequence[Agent], stored: Mapping[str, StoredAgent]) -> tuple[Agent, ...]:
    known = [stored.get(str(agent.agent_id)) for agent in agents]
    return tuple(
        agent if old is None else replace(agent, current_load=old.current_load)
        for agent, old in zip(agents, known, strict=True)
    )


def _loads_after(result: Result) -> list[StoredAgent]:
    issues = [
        Issue(f"agents[{j}].current_load", f"would grow to {load.after:,}", f"use larger units, {MAX_UNITS:,} at most")
        for j, load in enumerate(result.loads)
        if load.after > MAX_UNITS
    ]
    if issues:
        raise InvalidInputError(issues)
    return [StoredAgent(agent_id=load.agent_id, name=load.name, current_load=load.after) for load in result.loads]
