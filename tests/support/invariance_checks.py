"""What must not matter does not: order, names, spelling, people who are away. And sizes past brute force."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from support.answers import Answer, close, plan_of, problem_of, solve, units
from support.generators import ACCENTS, OTHERWISE
from support.oracle import SCALE, Case, Priced, fair_share, priced
from support.plans import OUT, served
from ticketopt import InvalidInputError, Status


def _same(case: Case, other: Case, what: str) -> None:
    """Both cases have plans of the same cost with as many served."""
    one, two = Answer(case), Answer(other)
    assert served(one.plan) == served(two.plan), f"served with {what}: {served(two.plan)}, not {served(one.plan)}"
    close(units(one.result.cost), units(two.result.cost), 4 * one.slack, f"cost told with {what}")


def order(case: Case) -> None:
    """The order of tickets and agents does not change what the plan costs."""
    rng = Random(len(repr(case)))
    shuffled = {part: rng.sample(case[part], len(case[part])) for part in ("tickets", "agents")}
    _same(case, {**case, **shuffled}, "another order")


def names(case: Case) -> None:
    """Ids are names: other ones give the same plan."""

    def new(prefix: str, own: Any) -> Any:
        return None if own is None else f"{prefix} {own}"

    tickets = []
    for ticket in case["tickets"]:
        other = dict(ticket, ticket_id=new("t", ticket["ticket_id"]))
        other |= {name: new("a", other[name]) for name in ("previous_agent", "pinned_agent") if name in other}
        other |= {"excluded_agents": [new("a", own) for own in ticket.get("excluded_agents", ())]}
        other |= {"effort_by_agent": {new("a", key): value for key, value in ticket.get("effort_by_agent", {}).items()}}
        tickets.append(other)
    agents = [dict(agent, agent_id=new("a", agent["agent_id"])) for agent in case["agents"]]
    policy = dict(case["policy"])
    for name in {"separate", "together"} & set(policy):
        policy[name] = [[new("t", own) for own in group] for group in policy[name]]
    if "customer_agents" in policy:
        policy["customer_agents"] = {key: new("a", own) for key, own in policy["customer_agents"].items()}
    other = {**case, "tickets": tickets, "agents": agents, "policy": policy}
    one, two = Answer(case), Answer(other)
    assert one.plan == two.plan, f"{one.plan} becomes {two.plan}"


def accents(case: Case) -> None:
    """Letters with accents match in both their forms."""
    spelling(case, OTHERWISE | ACCENTS)


def teams(case: Case) -> None:
    """A team is one however its members spell it, in a limit for every team and in one by its name."""
    rng = Random(len(repr(case)))
    agents = [dict(own, team="red", capacity=5) for own in case["agents"]]
    spelled = [dict(own, team=rng.choice(("red", "Red", "RED"))) for own in agents]
    policy = dict(case["policy"], max_new_per_team=rng.choice((1, 2)))
    one, two = (
        Answer({**case, "agents": agents, "policy": policy}),
        Answer({**case, "agents": spelled, "policy": policy}),
    )
    assert one.plan == two.plan, f"{one.plan} becomes {two.plan} with teams {[own['team'] for own in spelled]}"
    if any(own["team"] == "red" for own in spelled):
        policy["max_new_per_team"] = {"red": policy["max_new_per_team"]}
        two = Answer({**case, "agents": spelled, "policy": policy})
        assert one.plan == two.plan, f"{one.plan} becomes {two.plan} with a limit by name"


def spelling(case: Case, forms: Mapping[str, Sequence[str]] = OTHERWISE) -> None:
    """The same skills, teams, languages and states in other spellings give the same plan."""
    rng = Random(len(repr(case)))

    def spelled(named: Any) -> Any:
        own = {name: rng.choice(others) for name, others in forms.items()}
        return {own.get(name, name): value for name, value in named.items()}

    agents = [dict(agent) for agent in case["agents"]]
    for agent in agents:
        agent["skills"] = spelled(agent.get("skills", {}))
        for field in ("team", "availability_status"):
            if field in agent:
                agent[field] = rng.choice((agent[field].upper(), agent[field].title(), agent[field].lower()))
        if "languages" in agent:
            agent["languages"] = [name.title() for name in agent["languages"]]
    other = {**case, "agents": agents}
    one, two = Answer(case), Answer(other)
    assert one.plan == two.plan, f"{one.plan} becomes {two.plan}, spelled {agents}"


def someone_away(case: Case) -> None:
    """A colleague who is away changes nothing, whatever he knows."""
    rng = Random(len(repr(case)))
    away = {"agent_id": "away", "availability_status": "away", "skills": {"VPN": 10, "Cloud AWS": 10}}
    away |= {
        "experience_level": rng.choice((0, 100)),
        "current_load": rng.choice((0, 3)),
        "capacity": rng.choice((None, 5)),
    }
    _same(case, {**case, "agents": [*case["agents"], away]}, f"{away}")


def scaled_importance(case: Case) -> None:
    """Only ratios of importances and of experience count."""
    tickets = [dict(own, skills={name: 4 * value for name, value in own["skills"].items()}) for own in case["tickets"]]
    agents = [dict(own, experience_level=8 * own.get("experience_level", 0)) for own in case["agents"]]
    _same(case, {**case, "tickets": tickets, "agents": agents}, "other scales")


def ids_as_given(case: Case) -> None:
    """Ids come back as they were given, in every form of the answer."""
    result = solve(case)
    tickets = [ticket["ticket_id"] for ticket in case["tickets"]]
    agents = {agent["agent_id"] for agent in case["agents"]}
    assert [own.ticket_id for own in result.decisions] == tickets
    assert all(type(own.ticket_id) is type(ours) for own, ours in zip(result.decisions, tickets, strict=True))
    assert set(result.assigned.values()) <= agents
    if tickets:
        frame = result.to_frame()
        assert frame["ticket_id"].tolist() == tickets, frame["ticket_id"].tolist()
        told = [None if own != own or own is None else own for own in frame["agent_id"].tolist()]
        ours = [own.agent_id for own in result.decisions]
        assert told == ours and all(isinstance(own, (int, str, type(None))) for own in told), f"{told}, not {ours}"


def make_crowd(seed: int) -> dict[str, Any]:
    """Many equal tickets (`copies` of the one) and a few kinds of agent: more slots than any list should hold."""
    rng = Random(seed)
    agents = []
    for j in range(rng.choice((1, 2, 5, 30, 100))):
        capacity = rng.choice((None, None, 50, 3, 1000, 1_000_000))
        own = {"skills": {"VPN": rng.choice((10, 9, 5))}, "current_load": rng.choice((0, 0, 2)), "capacity": capacity}
        agents.append({"agent_id": j, **own})
    tickets = [{"ticket_id": 0, "skills": {"vpn": 1}, "urgency": 0.4}]
    policy = {"balance": rng.choice((0.5, 3, 0.1)), "capacity": rng.choice((None, None, "fair_share", 200))}
    copies = rng.choice((3, 40, 127, 128, 129, 150, 257, 400))
    return {"tickets": tickets, "agents": agents, "policy": policy, "now": 0.0, "copies": copies}


def crowd(case: Case) -> None:
    """Equal tickets: each further one goes where the pair and the next unit of load cost least, which is optimal."""
    whole = {**case, "tickets": [{**own, "ticket_id": k} for own in case["tickets"] for k in range(case["copies"])]}
    n = len(whole["tickets"])
    if not n:
        return
    share = fair_share(whole, [[1] * len(case["agents"]) for _ in range(n)])
    numbers, result = priced(case, share=share), solve(whole)
    best, taken = _cheapest_units(numbers, n)
    plan = plan_of(whole, result.assigned)
    given = [sum(own == j for own in plan) for j in range(numbers.a)]
    cost = sum(count * numbers.pair(0, j) + numbers.load_cost(j, count) for j, count in enumerate(given))
    slack = 2.0 + 0.5 * n
    assert sum(given) == taken, f"{sum(given)} of {taken} served"
    close(cost, units(result.cost), slack, "cost of the plan")
    assert cost <= best + 2 * slack, f"the plan costs {cost / SCALE:.4f}, the best {best / SCALE:.4f}; {result!r}"
    assert result.status is Status.OPTIMAL


def _cheapest_units(numbers: Priced, n: int) -> tuple[float, int]:
    """The least cost of serving as many as possible of `n` tickets like the first, and how many that are."""
    loads = [0] * numbers.a
    able = [j for j in range(numbers.a) if numbers.allowed[0][j] and numbers.room(j) != 0]
    heap = [(numbers.pair(0, j) + numbers.load_cost(j, 1), j) for j in able]
    heapq.heapify(heap)
    best, taken = 0.0, 0
    while heap and taken < n:
        price, j = heapq.heappop(heap)
        best, taken, loads[j] = best + price, taken + 1, loads[j] + 1
        if numbers.room(j) is None or loads[j] < (numbers.room(j) or 0):
            step = numbers.load_cost(j, loads[j] + 1) - numbers.load_cost(j, loads[j])
            heapq.heappush(heap, (numbers.pair(0, j) + step, j))
    return best, taken


def small_weights(case: Case) -> None:
    """A weight counts however small it is, or it is refused: it never rounds to nothing."""
    tiny = {"skill_gap": 1e-6, "urgency": 0, "experience": 0, "stickiness": 0, "waiting": 0}
    other = {**case, "policy": {**case["policy"], "weights": tiny, "balance": 0}}
    large = {**case, "policy": {**case["policy"], "weights": {**tiny, "skill_gap": 1}, "balance": 0}}
    try:
        problem_of(other)
        result = solve(other)
    except InvalidInputError:
        return
    answer = Answer(large)
    plan = plan_of(case, result.assigned)
    numbers = answer.numbers
    ours, best = (sum(numbers.pair(i, j) for i, j in enumerate(own) if j != OUT) for own in (plan, answer.plan))
    assert ours <= best + 1, f"{plan} has gaps of {ours / 100_000}, {answer.plan} of {best / 100_000}"
