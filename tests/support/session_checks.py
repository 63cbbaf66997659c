"""A session against brute force: after every event the optimum of the same records, with nothing moved for nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from support.answers import close, problem_of, tolerance, units
from support.oracle import Case, priced
from support.plans import OUT, Plan, all_plans, broken, served, with_exits
from ticketopt import Agent, Problem, Session, Ticket, UnsupportedModelError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.model.rows import PackingRows


def session(case: Case) -> None:
    """Every plan is an optimum of `solve`'s model of the same records, and its cost is what it says."""
    follow(case, change_cost=0.0)


def calm_session(case: Case) -> None:
    """The same with a price on each move; among equals, what moves least."""
    follow(case, change_cost=0.3)


def rule_of_ones_own(case: Case) -> None:
    """A rule that the house does not know is honored, or refused by its name."""
    rules = {**CONSTRAINTS, "one_each": Constraint("one ticket each", "limit", _more_than_one, rows=_one_each)}
    try:
        plans = Session(problem_of(case), constraints=rules)
    except UnsupportedModelError as error:
        assert "one_each" in str(error) or "one ticket each" in str(error), f"refused without its name: {error}"
        return
    given = [own for own in plans.assigned.values() if own is not None]
    assert len(given) == len(set(given)), f"{plans.assigned} gives somebody two"


def _more_than_one(problem: Problem, given: Any) -> Iterator[str]:
    agents = [j for _, j in given]
    yield from (f"agent {j} has two" for j in set(agents) if agents.count(j) > 1)


def _one_each(problem: Problem) -> PackingRows:
    pairs = np.array([(j, i, j) for j in range(problem.n_agents) for i in range(problem.n_tickets)], dtype=np.int64)
    row, ticket, agent = pairs.reshape(-1, 3).T
    one = np.ones(problem.n_agents, dtype=np.int64)
    return PackingRows(row, ticket, agent, np.ones(len(row), dtype=np.int64), one, ("one each",) * problem.n_agents)


def follow(case: Case, change_cost: float) -> None:
    records = copy.deepcopy({key: case[key] for key in ("tickets", "agents", "policy", "now")})
    plans = Session(problem_of(case), change_cost=change_cost)
    before = _check(plans, records, {}, change_cost, "the start")
    for event in case["events"]:
        change = _apply(plans, records, event)
        if change is None:
            continue
        after = _check(plans, records, before, change_cost, str(event))
        told = {move.ticket_id: (move.before, move.after) for move in change.moved}
        names = [ticket["ticket_id"] for ticket in records["tickets"]]
        ours = {
            own: (before.get(own), after[own]) for own in names if before.get(own) != after[own] or own not in before
        }
        told = {own: move for own, move in told.items() if own in names}
        assert {k: v for k, v in told.items() if v[0] != v[1]} == {k: v for k, v in ours.items() if v[0] != v[1]}, (
            f"after {event} moved is {told}, not {ours}"
        )
        before = after


def _check(plans: Session, records: Case, before: dict[Any, Any], change_cost: float, what: str) -> dict[Any, Any]:
    """Compare what the session holds with every plan of the records; returns ticket id -> agent id."""
    numbers, assigned = priced(records), dict(plans.assigned)
    index = {agent["agent_id"]: j for j, agent in enumerate(records["agents"])}
    names = [ticket["ticket_id"] for ticket in records["tickets"]]
    assert sorted(assigned) == sorted(names), f"after {what} the session has {sorted(assigned)}"
    plan: Plan = tuple(OUT if assigned[own] is None else index[assigned[own]] for own in names)
    assert not broken(numbers, plan), f"after {what} {plan} breaks {broken(numbers, plan)}"
    price_of = dict(zip(assigned, plans.model.exit_cost.tolist(), strict=True))
    exits = [float(price_of[own]) for own in names]
    every = with_exits(all_plans(numbers), exits)
    slack = tolerance(numbers)
    was = [index.get(before.get(own), OUT) for own in names]

    def moves(other: Plan) -> int:
        """Tickets taken from who had them, to another agent or to wait."""
        return sum(b != OUT and j != b for j, b in zip(other, was, strict=True))

    whole = {other: cost + units(change_cost) * moves(other) for other, cost in every.items()}
    least = min(whole.values())
    best = min((other for other in whole if whole[other] <= least + 1e-6), key=moves)
    assert served(plan) == max(map(served, every)), f"after {what} {plan} serves {served(plan)}; {best} serves more"
    assert whole[plan] <= least + 2 * slack, f"after {what} {plan} costs {whole[plan]}; {best} costs {least}"
    close(every[plan], units(plans.state.objective), slack, f"objective after {what}")
    if what != "the start" and whole[plan] <= least + 1e-6:
        assert moves(plan) <= moves(best), (
            f"after {what} {plan} moves more than {best}, which costs the same; before {was}"
        )
    return assigned


def _apply(plans: Session, records: dict[str, Any], event: list[Any]) -> Any:
    """Do an event to the session and to the records; None where there is nothing to do it to."""
    kind, *given = event
    tickets, agents = records["tickets"], records["agents"]
    if kind == "add_ticket":
        tickets.append(dict(given[0]))
        return plans.add_ticket(Ticket(**given[0]))
    if kind == "add_agent":
        agents.append(dict(given[0]))
        return plans.add_agent(Agent(**given[0]))
    if not (tickets if kind in ("remove_ticket", "pin", "unpin") else agents) or (kind == "pin" and not agents):
        return None
    if kind == "remove_ticket":
        return plans.remove_ticket(tickets.pop(given[0] % len(tickets))["ticket_id"])
    if kind == "remove_agent":
        return plans.remove_agent(agents.pop(given[0] % len(agents))["agent_id"])
    if kind in ("pin", "unpin"):
        ticket = tickets[given[0] % len(tickets)]
        if kind == "pin" and agents[given[1] % len(agents)]["agent_id"] in ticket.get("excluded_agents", ()):
            return None  # no record may say both
        ticket["pinned_agent"] = agents[given[1] % len(agents)]["agent_id"] if kind == "pin" else None
        return plans.pin(ticket["ticket_id"], ticket["pinned_agent"])
    agent = agents[given[0] % len(agents)]
    agent["capacity" if kind == "set_capacity" else "current_load"] = given[1]
    change = plans.set_capacity if kind == "set_capacity" else plans.set_load
    return change(agent["agent_id"], given[1])
