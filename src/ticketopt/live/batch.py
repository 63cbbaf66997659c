"""One batch against a store: read the loads, solve, commit the new loads; all of it, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.intake.files import Queue
from ticketopt.intake.frames import Time
from ticketopt.live.carried_over import carried_over
from ticketopt.live.commit import commit_once
from ticketopt.live.group import check_loads
from ticketopt.live.plain import checked_name, plain, request_hash_of
from ticketopt.live.stores import Batch, Event, Snapshot, Store, StoredAgent
from ticketopt.live.working_hours import HOUR_FIELDS
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.planning.assign import problem_of
from ticketopt.planning.result import Result
from ticketopt.planning.solve import result_of, solve
from ticketopt.planning.tier_run import TierValue
from ticketopt.problem.plain import plain_policy
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Triage
from ticketopt.problem.records import Agent
from ticketopt.solvers import BACKENDS, Backend
from ticketopt.solvers.auto import AUTO
from ticketopt.solvers.check import Solution
from ticketopt.solvers.progress import Listener
from ticketopt.triage import read_tickets

__all__ = ["dispatch"]


def dispatch(
    queue: Queue,
    *,
    store: Store,
    tenant: str = "",
    idempotency_key: str | None = None,
    policy: Policy | Mapping[str, Any] | None = None,
    solver: str = AUTO,
    time_limit: float = 10.0,
    seed: int = 0,
    now: Time | None = None,
    triage: Triage = read_tickets,
    backends: Mapping[str, Backend] = BACKENDS,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Assign a queue, with the loads that a store remembers, and have the store remember the new ones.

    1. Read the tickets' text: slow, and no load changes it.
    2. Read the stored loads. They count, whatever the queue says; agents not stored yet start with their own.
    3. Solve, once, and commit the agents, with an event for each assigned ticket. Where others were faster, what of the
       plan still holds is committed, and greedy places the rest (see `carried_over`).

    Tickets are not kept: the same tickets again are assigned again. `Dispatcher` is for tickets that are closed later.

    Parameters
    ----------
    queue : tickets and agents, as `ticketopt.read_queue` reads them. The store knows agents by their id as text.
    store, tenant : where loads are kept, and in which of its queues.
    idempotency_key : the same queue under the same key is assigned once, and answered again with the same plan.
    policy, solver, time_limit, seed, now, triage, backends, progress, stop : as for `ticketopt.assign` and `solve`.

    Returns
    -------
    Result
        A verified plan, committed.

    Raises
    ------
    InvalidInputError
        For bad input, for a key that another queue used, and where a load would outgrow what a store can hold.
        Nothing is committed.
    SolverError, UnsupportedModelError
        As for `ticketopt.assign`. Nothing is committed.
    StoreError
        Where the loads cannot be read or kept. None of the queue counts as assigned.
    """
    request_hash = "" if idempotency_key is None else _request_hash(queue, idempotency_key)
    problem = problem_of(queue, policy=policy, now=now, triage=triage)
    solved, found = list[Result](), list[Result]()

    def decide(state: Snapshot) -> Batch:
        agents = _with_loads(problem.agents, state.agents)
        current: Problem = replace(problem, agents=agents, warnings=queue.warnings)
        options: dict[str, Any] = {"solver": solver, "seed": seed, "backends": backends}
        if solved:
            result = carried_over(current, solved[0])
        else:
            result = solve(current, time_limit=time_limit, progress=progress, stop=stop, **options)
            solved.append(result)
        check_loads((j, load.after) for j, load in enumerate(result.loads))
        found[:] = [result]
        records = {str(agent.agent_id): _record(agent, state) for agent in queue.agents}
        return Batch(_plan_data(result), tuple(_events(state, result)), records, at=problem.now)

    answer = commit_once(store, tenant, decide, key=idempotency_key, request_hash=request_hash, tickets=())
    if found and _plan_data(found[0]) == answer:
        return found[0]
    return _restored(replace(problem, warnings=queue.warnings), answer)


def _request_hash(queue: Queue, idempotency_key: str) -> str:
    """What tells queues under one key apart; a key that is no name is an error."""
    checked_name(idempotency_key, "idempotency_key")
    records = [[asdict(ticket) for ticket in queue.tickets], [asdict(agent) for agent in queue.agents]]
    return request_hash_of("dispatch", [*records, queue.now])


def _record(agent: Agent, state: Snapshot) -> dict[str, Any]:
    """What is kept of an agent: what the queue says, and the week that the live queue knows."""
    known = state.agents.get(str(agent.agent_id))
    hours = {} if known is None else {name: known.data[name] for name in HOUR_FIELDS if name in known.data}
    return {**plain(asdict(agent), {"current_load"}), **hours}


def _with_loads(agents: Sequence[Agent], stored: Mapping[str, StoredAgent]) -> tuple[Agent, ...]:
    known = [stored.get(str(agent.agent_id)) for agent in agents]
    return tuple(
        agent if old is None else replace(agent, current_load=old.load)
        for agent, old in zip(agents, known, strict=True)
    )


def _events(state: Snapshot, result: Result) -> list[Event]:
    """New agents come with the load they state; then every ticket adds what it takes."""
    problem = result.problem
    team = {str(agent.agent_id): agent for agent in problem.agents}
    events = [Event("agent", None, name, a.current_load) for name, a in team.items() if name not in state.agents]
    for i, (ticket, j) in enumerate(zip(problem.tickets, result.assignment.tolist(), strict=True)):
        if j >= 0:
            agent_id = str(problem.agents[j].agent_id)
            events.append(Event("dispatched", str(ticket.ticket_id), agent_id, problem.units(i, j)))
    return events


def _plan_data(result: Result) -> dict[str, Any]:
    """A plan without any text: with the queue that it answers, enough to say all of it again."""
    bound = result.lower_bound
    return {
        "policy": plain(plain_policy(result.problem.policy)),
        "now": result.problem.now,
        "loads": [load.before for load in result.loads],
        "assignment": result.assignment.tolist(),
        "status": result.status.value,
        "lower_bound": None if bound is None else round(bound * SCALE),
        "bound_source": result.bound_source,
        "price": None if result.price is None else result.price.tolist(),
        "price_scale": result.price_scale,
        "solver": result.solver,
        "reason": result.reason,
        "seed": result.seed,
        "tiers": [asdict(tier) for tier in result.tiers],
    }


def _restored(problem: Problem, plan_data: Mapping[str, Any]) -> Result:
    """The result that was kept, said again from the same queue."""
    agents = tuple(
        replace(agent, current_load=load) for agent, load in zip(problem.agents, plan_data["loads"], strict=True)
    )
    policy = Policy.from_dict(plan_data["policy"])
    problem = replace(problem, agents=agents, policy=policy, now=plan_data["now"])
    model = formulate(problem)
    assignment = np.array(plan_data["assignment"], dtype=np.int64)
    price = plan_data.get("price")
    solution = Solution(
        assignment,
        Status(plan_data["status"]),
        objective(model, assignment),
        plan_data["lower_bound"],
        plan_data["solver"],
        plan_data["reason"],
        bound_source=plan_data.get("bound_source"),
        price=None if price is None else np.array(price, dtype=np.int64),
        price_scale=plan_data.get("price_scale", 1),
    )
    result = result_of(problem, model, solution, seed=plan_data["seed"], runtime=0.0)
    return replace(result, tiers=tuple(TierValue(**tier) for tier in plan_data["tiers"]))
