"""Bottlenecks and their repairs against brute force over groups of tickets."""

from __future__ import annotations

import itertools
from typing import Any

from support.answers import LIMIT, Answer
from support.explain_checks import answer_index
from support.oracle import Case, priced
from support.plans import OUT, all_plans, served, shortage


def bottlenecks(case: Case) -> None:
    """Groups are short by what they say, their agents are all who may help, and who is left out is in one."""
    answer = Answer(case)
    numbers, groups = answer.numbers, answer.result.bottlenecks(with_repairs=False)
    index = {ticket["ticket_id"]: i for i, ticket in enumerate(case["tickets"])}
    for group in groups:
        tickets = [index[own] for own in group.ticket_ids]
        agents = {answer_index(answer, own) for own in group.agent_ids}
        may = {j for i in tickets for j in range(numbers.a) if numbers.allowed[i][j]}
        assert may <= agents, f"{group}: agents {may} may take its tickets"
        if numbers.is_unit:
            assert (group.demand, group.free) == (len(tickets), sum(numbers.room(j) or 0 for j in agents)), group
            assert 0 < group.short <= group.demand - group.free, group
    if numbers.is_unit:
        left = {answer.ticket(i) for i, j in enumerate(answer.plan) if j == OUT}
        listed = [own for group in groups for own in group.left_out]
        assert sorted(map(str, listed)) == sorted(map(str, left)), f"{left} are left out; the groups list {listed}"


def bottleneck_is_smallest(case: Case) -> None:
    """A ticket that is left out is listed with the fewest agents of all groups that are short through every ticket."""
    answer = Answer(case)
    numbers = answer.numbers
    index = {ticket["ticket_id"]: i for i, ticket in enumerate(case["tickets"])}
    short: list[set[int]] = []
    fewest: dict[int, int] = {}
    for size in range(1, numbers.n + 1):
        for part in itertools.combinations(range(numbers.n), size):
            if any(smaller <= set(part) for smaller in short) or not shortage(numbers, part):
                continue
            short.append(set(part))
            agents = {j for i in part for j in range(numbers.a) if numbers.allowed[i][j]}
            fewest |= {i: min(fewest.get(i, numbers.a), len(agents)) for i in part}
    for group in answer.result.bottlenecks(with_repairs=False):
        for own in group.left_out:
            least = fewest.get(index[own], numbers.a)
            assert len(group.agent_ids) <= least, f"{group}: {own!r} is short with {least} agents alone"


def bottleneck_shortage_adds_up(case: Case) -> None:
    """What the groups are short by is, all in all, what no plan serves."""
    answer = Answer(case)
    short = sum(group.short for group in answer.result.bottlenecks(with_repairs=False))
    most = max(map(served, answer.plans))
    assert short == answer.numbers.n - most, f"short by {short} in all; {answer.numbers.n - most} cannot be served"


def repairs(case: Case) -> None:
    """A repair serves as many as it says."""
    answer = Answer(case)
    for group in answer.result.bottlenecks(time_limit=LIMIT):
        for repair in group.repairs:
            assert repair.unassigned[0] == sum(j == OUT for j in answer.plan), repair
            if repair.kind not in ("slots", "availability", "level"):
                continue  # people who are not there yet are not described by the repair
            after = answer.numbers.n - max(map(served, all_plans(priced(_repaired(case, repair, answer)))))
            assert repair.unassigned[1] == after, f"{repair}: {after} are left out then"


def _repaired(case: Case, repair: Any, answer: Answer) -> Case:
    """The case with a repair made by its own words: units added, agents at work, a level relaxed."""
    agents = [dict(agent) for agent in case["agents"]]
    for agent_id, size in repair.agents.items():
        j = answer_index(answer, agent_id)
        if repair.kind == "availability":
            agents[j] |= {"availability_status": "available", "shift_start": None, "shift_end": None}
        else:
            free = answer.numbers.room(j) or 0
            agents[j]["capacity"] = answer.numbers.load[j] + free + size
    for j, agent in enumerate(agents):  # a repair changes nobody else's capacity
        if agent.get("capacity") is None:
            agent["capacity"] = answer.numbers.capacity[j]
    tickets = [_relaxed(ticket, repair) for ticket in case["tickets"]]
    return {**case, "agents": agents, "tickets": tickets}


def _relaxed(ticket: Any, repair: Any) -> Any:
    if repair.kind != "level":
        return ticket
    named = next(own for own in repair.problem.tickets if own.ticket_id == ticket["ticket_id"])
    return {**ticket, "requires": dict(named.requires)}
