"""Explanations against brute force: each number is what solving the changed case by hand gives."""

from __future__ import annotations

import itertools
from dataclasses import replace
from random import Random
from typing import Any

from support.answers import LIMIT, Answer, close, plan_of, solve, units
from support.oracle import SCALE, Case, fold, is_at_work, levels, priced
from support.plans import (
    NEVER,
    OUT,
    all_plans,
    best_of,
    served,
    with_exits,
)
from ticketopt import Status


def decisions(answer: Answer) -> list[tuple[int, int, float]]:
    """Every decision that is possible: ticket, agent or `OUT`, what forcing it costs more."""
    best = best_of(answer.plans, answer.numbers.n, answer.numbers.a)
    choices = itertools.product(range(answer.numbers.n), [*range(answer.numbers.a), OUT])
    return [(i, j, best.forced[i][j] - best.cost) for i, j in choices]


def why_not(case: Case) -> None:
    """The change by forcing each decision, its parts, and the plan after its moves."""
    answer = Answer(case)
    for i, j, change in decisions(answer):
        told = answer.result.why_not(answer.ticket(i), answer.agent(j))
        if told.blocked_by or told.at_least is None:
            assert change == NEVER, f"{told} is possible at {change / SCALE}"
            continue
        if answer.numbers.is_unit:
            assert told.basis == "exact", told
            close(change, units(told.change), 2 * answer.slack, f"forcing {i} to {j}")
            parts = [told.pair, told.others, told.load, told.exits]
            close(change, units(sum(part or 0 for part in parts)), 2 * answer.slack, f"parts of forcing {i} to {j}")
            moved = dict(answer.result.assigned) | {move.ticket_id: move.to_agent for move in told.moves}
            after = plan_of(case, moved)
            close(
                best_cost(answer, after), answer.best + change, 2 * answer.slack, f"the plan after forcing {i} to {j}"
            )
        else:
            assert units(told.at_least) <= change + 2 * answer.slack, f"{i} to {j}: {change}, {told}"


def why_not_of_greedy(case: Case) -> None:
    """Of a plan that is not the best, limits of the change against that very plan."""
    answer = Answer(case, solve(case, "greedy"))
    for i, j, change in decisions(answer):
        told = answer.result.why_not(answer.ticket(i), answer.agent(j))
        if told.blocked_by or told.at_least is None:
            assert change == NEVER, f"{told} is possible at {change / SCALE}"
            continue
        against = change + answer.best - answer.cost
        slack = 3 * answer.slack
        assert units(told.at_least) <= against + slack, f"{i} to {j}: {against} against the plan, {told}"
        if told.at_most is not None:
            assert units(told.at_most) >= against - slack, f"{i} to {j}: {against} against the plan, {told}"


def best_cost(answer: Answer, plan: Any) -> float:
    assert plan in answer.plans, f"{plan} is no plan"
    return answer.plans[plan]


def why_not_solved(case: Case) -> None:
    """Where it solves again, the limits hold the very change, and meet if it says that they do."""
    answer = Answer(case)
    if answer.result.status is not Status.OPTIMAL:
        return
    for i, j, change in decisions(answer)[:6]:
        told = answer.result.why_not(answer.ticket(i), answer.agent(j), resolve=True, time_limit=LIMIT)
        if told.blocked_by or told.at_least is None or told.at_most is None:
            assert change == NEVER, f"{told} is possible at {change / SCALE}"
            continue
        slack = 2 * answer.slack
        assert units(told.at_least) - slack <= change <= units(told.at_most) + slack, f"{i} to {j}: {change}, {told}"


def counterfactuals(case: Case) -> None:
    """All changes at once: exact with unit effort and no rows, else proven lower bounds."""
    answer = Answer(case)
    table = answer.result.counterfactuals()
    assert table.basis == "exact" or not answer.numbers.is_unit, table.basis
    for i, j, change in decisions(answer):
        told = float(table.change[i, j]) if j != OUT else float(table.leave_out[i])
        if told == NEVER:
            assert change == NEVER, f"{i} to {j} is possible at {change / SCALE}"
        elif table.basis == "exact":
            close(change, units(told), 2 * answer.slack, f"forcing {i} to {j}")
        else:
            assert units(told) <= change + 2 * answer.slack, f"{i} to {j}: {told} above {change / SCALE}"


def alternatives(case: Case) -> None:
    """The next best agents of a ticket and tickets of an agent are the cheapest decisions not made."""
    answer = Answer(case)
    changes = {(i, j): change for i, j, change in decisions(answer) if j != OUT and change != NEVER}
    for i in range(answer.numbers.n):
        others = sorted(v for (own, j), v in changes.items() if own == i and j != answer.plan[i])[:2]
        told = answer.result.alternatives(answer.ticket(i), 2)
        _cheapest(others, told, 2 * answer.slack, f"alternatives of ticket {i}")
    for j in range(answer.numbers.a):
        others = sorted(v for (i, own), v in changes.items() if own == j and answer.plan[i] != j)[:2]
        _cheapest(others, answer.result.next_for(answer.agent(j), 2), 2 * answer.slack, f"next for agent {j}")


def _cheapest(ours: list[float], told: Any, slack: float, what: str) -> None:
    assert len(ours) == len(told), f"{what}: {told}; {len(ours)} are possible"
    for change, own in zip(ours, told, strict=True):
        close(change, units(own.change), slack, what)


def alternatives_solved(case: Case) -> None:
    """Solved again, the next best agents of a ticket are the cheapest decisions not made."""
    answer = Answer(case)
    changes = {(i, j): change for i, j, change in decisions(answer) if j != OUT and change != NEVER}
    for i in range(min(2, answer.numbers.n)):
        others = sorted(v for (own, j), v in changes.items() if own == i and j != answer.plan[i])[:2]
        told = answer.result.alternatives(answer.ticket(i), 2, resolve=True, time_limit=LIMIT)
        if all(own.change is not None for own in told):
            _cheapest(others, told, 2 * answer.slack, f"alternatives of ticket {i}")


def slot_values_solved(case: Case) -> None:
    """Solved again, what one more and one fewer unit is worth is exact."""
    answer = Answer(case)
    for j, told in enumerate(answer.result.slot_values(resolve=True, time_limit=LIMIT)):
        free = answer.numbers.free[j]
        if told.basis == "bound" or not is_at_work(case["agents"][j]):
            continue
        more = answer.best - best_with(answer, j, None if free is None else free + 1)
        close(more, units(told.one_more), 2 * answer.slack, f"one more of agent {j}")
        if free != 0:
            fewer = best_with(answer, j, None if free is None else free - 1) - answer.best
            assert told.one_fewer is not None, f"agent {j} has {free} free units: {told}"
            close(fewer, units(told.one_fewer), 2 * answer.slack, f"one fewer of agent {j}, of {free}")


def slot_values(case: Case) -> None:
    """One more and one fewer unit of every agent's capacity, everything else equal."""
    answer = Answer(case)
    for j, told in enumerate(answer.result.slot_values()):
        free = answer.numbers.free[j]
        if not is_at_work(case["agents"][j]):
            continue  # what a fair share gives somebody who is away, no page says
        more = answer.best - best_with(answer, j, None if free is None else free + 1)
        assert told.basis == "exact" or not answer.numbers.is_unit, told
        if told.basis == "exact":
            close(more, units(told.one_more), 2 * answer.slack, f"one more of agent {j}")
        else:
            assert units(told.one_more) >= more - 2 * answer.slack, f"one more of agent {j}: {more}, {told}"
        if free == 0:
            continue
        fewer = best_with(answer, j, None if free is None else free - 1) - answer.best
        if told.basis == "exact":
            assert told.one_fewer is not None, f"agent {j} has {free} free units: {told}"
            close(fewer, units(told.one_fewer), 2 * answer.slack, f"one fewer of agent {j}, of {free}")
        elif told.one_fewer is not None:
            assert units(told.one_fewer) <= fewer + 2 * answer.slack, f"one fewer of agent {j}: {fewer}, {told}"


def best_with(answer: Answer, j: int, free: int | None) -> float:
    """The optimum where one agent has other free units, all costs being as they are."""
    numbers = answer.numbers
    changed = replace(numbers, free=[*numbers.free[:j], free, *numbers.free[j + 1 :]])
    return min(with_exits(all_plans(changed), answer.exits).values())


def skill_values(case: Case) -> None:
    """Teaching: the savings told are those of the case with that level, and none that saves more is missing."""
    answer = Answer(case)
    taught = {
        (j, skill): _taught(case, j, skill)
        for j in range(answer.numbers.a)
        for skill in sorted(
            {own for ticket in case["tickets"] for own in levels(ticket.get("skills")) | levels(ticket.get("requires"))}
        )
        if levels(case["agents"][j].get("skills")).get(skill, 0) < 10
    }
    ours = {key: _saving(answer, other) for key, other in taught.items()}
    told = {
        (answer_index(answer, own.agent_id), fold(own.skill)): own
        for own in answer.result.skill_values(k=50, time_limit=LIMIT)
    }
    for key, own in told.items():
        cheaper, more = ours[key]
        assert own.serves_more == more, f"{own} serves {more} more"
        if own.is_proven and cheaper is not None:
            close(cheaper, units(own.saves), 3 * answer.slack, f"teaching {key}")
    for key, (cheaper, more) in ours.items():
        is_worth_it = more > 0 or (cheaper or 0) > 3 * answer.slack
        assert key in told or not is_worth_it, (
            f"teaching {key} saves {cheaper} and serves {more} more; told are {list(told)}"
        )


def _taught(case: Case, j: int, skill: str) -> Case:
    agents = [dict(agent) for agent in case["agents"]]
    own = {name: level for name, level in (agents[j].get("skills") or {}).items() if fold(name) != skill}
    agents[j]["skills"] = own | {skill: 10}
    return {**case, "agents": agents}


def _saving(answer: Answer, other: Case) -> tuple[float | None, int]:
    """What the best plan of another case costs less, and how many more it serves.

    The saving is None where other tickets are left out: then it depends on exit prices, which change with the case.
    """
    plans = with_exits(all_plans(priced(other)), answer.exits)
    best = min(plans, key=lambda plan: plans[plan])
    is_same = [j == OUT for j in best] == [j == OUT for j in answer.plan]
    return answer.best - plans[best] if is_same else None, served(best) - served(answer.plan)


def answer_index(answer: Answer, agent_id: Any) -> int:
    return [agent["agent_id"] for agent in answer.case["agents"]].index(agent_id)


def certificate(case: Case) -> None:
    """The bound can be added up again from the prices and the oracle's own costs, and no plan is below it."""
    answer = Answer(case)
    told = answer.result.certificate
    close(answer.cost, float(told.cost), answer.slack, "cost of the certificate")
    assert told.price_bound <= answer.best + answer.slack, f"{told.price_bound} above the optimum {answer.best}"
    if not answer.numbers.is_unit:
        return
    assert told.is_proof, f"the prices prove {told.price_bound} of {told.cost}"
    bound = bound_from(answer, [float(price) for price in told.price])
    assert bound >= told.price_bound - 3 * answer.slack, f"the prices add up to {bound}, not to {told.price_bound}"


def bound_from(answer: Answer, price: list[float]) -> float:
    """`sum_i min(p_i, min_j c_ij + w_j) - sum_j sum_k max(0, w_j - m_jk)`; slots that no ticket can use left out."""
    numbers = answer.numbers
    bound = 0.0
    for i, exit_price in enumerate(answer.exits):
        allowed = [j for j in range(numbers.a) if numbers.allowed[i][j]]
        bound += min([exit_price, *(numbers.pair(i, j) + price[j] for j in allowed)])
    for j in range(numbers.a):
        able = sum(numbers.allowed[i][j] for i in range(numbers.n))
        free = numbers.room(j)
        slots = able if free is None else min(able, free)
        bound -= sum(max(0.0, price[j] - numbers.load_cost(j, k + 1) + numbers.load_cost(j, k)) for k in range(slots))
    return bound


def difference(case: Case) -> None:
    """What a plan saves against an earlier one is the difference of their costs."""
    answer = Answer(case)
    earlier = Random(len(repr(case))).choice(sorted(answer.plans))
    before = {answer.ticket(i): answer.agent(j) for i, j in enumerate(earlier)}
    told = answer.result.diff(before)
    moved = {i for i in range(answer.numbers.n) if earlier[i] != answer.plan[i]}
    assert {str(move.ticket_id) for group in told.groups for move in group.moves} == {
        str(answer.ticket(i)) for i in moved
    }
    assert told.saves is not None, f"{earlier} keeps every rule"
    close(answer.plans[earlier] - answer.cost, units(told.saves), 2 * answer.slack, f"saving against {earlier}")
    for group in told.groups:
        parts = [group.pairs, group.load, group.exits]
        close(units(group.saves or 0), units(sum(part or 0 for part in parts)), 3, "parts of a saving")
