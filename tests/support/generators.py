"""Seeded random cases as plain records, from nothing at all to a handful of tickets and agents.

Skewed skills, exact ties, agents who are away, no limits and odd loads above the capacity, unequal effort, rules, and
ids of every kind. The same seed gives the same case everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

NOW = 1_700_000_000.0
SKILLS = ("VPN", "Cloud AWS", "Café")
OTHERWISE = {
    "VPN": ("vpn", "Vpn", "vPN"),
    "Cloud AWS": ("cloud_aws", "CLOUD-AWS", "cloud aws"),
    "Café": ("café", "CAFÉ", "cAFÉ"),
}
ACCENTS = {"Café": ("cafe\u0301", "CAFE\u0301", "Cafe\u0301")}
"""The same letters in another form of Unicode."""
LEVELS = (0, 10, 5, 5, 7.3, 2.5, 9)
URGENCIES = (0.0, 0.1, 0.4, 0.4, 0.7, 0.7, 1.0, 0.55, 0.501, 0.504, 0.699)
EVENTS = (
    "add_ticket",
    "add_ticket",
    "remove_ticket",
    "pin",
    "unpin",
    "add_agent",
    "remove_agent",
    "set_capacity",
    "set_load",
)
TIERS = (
    ["unassigned", "urgent_unassigned", "cost", "balance"],
    ["urgent_unassigned", "unassigned", "balance"],
    ["unassigned", "cost"],
    ["unassigned", "urgent_unassigned", "cost"],
    ["unassigned", "balance"],
    ["cost", "unassigned"],
)


def make_case(
    seed: int,
    *,
    effort: bool = False,
    rows: bool = False,
    tiers: bool = False,
    scarce: bool = False,
    alike: bool = False,
    most: tuple[int, int] = (5, 3),
) -> dict[str, Any]:
    """A case of the kind asked for: unit effort and no rules that couple tickets by default.

    Parameters
    ----------
    scarce : hardly any room. alike : tickets of nearly the same urgency and age. most : of tickets and of agents.
    """
    random = Random(seed)
    one = random.choice
    ids = one(("text", "text", "int", "mixed", "big"))
    is_plain = random.random() < 0.3  # few kinds of ticket and agent: many ties
    n, a = random.randint(0, most[0]), random.randint(0 if seed % 20 == 0 else 1, most[1])
    agents = [make_agent(random, an_id(ids, "A", j), is_plain) for j in range(a)]
    names = [agent["agent_id"] for agent in agents]
    tickets = [make_ticket(random, an_id(ids, "T", i), names, is_plain) for i in range(n)]
    if effort:
        for ticket in tickets:
            _make_unequal(random, ticket, names)
    if rows and random.random() < 0.3:
        for ticket in tickets:
            ticket["together"] = one((None, None, "x", 7))
    policy = make_policy(random, [ticket["ticket_id"] for ticket in tickets], rows=rows)
    if isinstance(policy.get("max_new_per_team"), dict):
        teams = {agent.get("team") for agent in agents}
        policy["max_new_per_team"] = {k: v for k, v in policy["max_new_per_team"].items() if k in teams}
    if effort and random.random() < 0.25:
        policy["expert_saving"] = one((0.5, 0.3, 0.95))
    _without_contradictions(policy, tickets)
    if random.random() < 0.2:
        for ticket in tickets:
            ticket["customer"] = one((None, "gold-1", 17))
        policy["customer_weights"] = {"gold-1": one((0.5, 1, 0)), "17": 0.25}
        policy["customer_agents"] = {own: one(names) for own in ("gold-1", "17", "gone") if names}
    if alike:
        for ticket in tickets:
            ticket |= {"urgency": one((0.4, 0.4, 0.401, 0.404)), "creation_timestamp": NOW - one((0, 60, 120, 600))}
    if scarce:
        for agent in agents:
            agent |= {"current_load": one((0, 1)), "capacity": one((0, 1, 2, 2, 3)), "availability_status": "available"}
    if tiers:
        policy["tiers"] = list(one(TIERS))
    now = one((NOW, NOW, None))
    if random.random() < 0.15:
        policy["min_match"] = one((0.3, 0.5, 0.7))
    return {"tickets": tickets, "agents": agents, "policy": policy, "now": now}


def make_large(seed: int, *, tiers: bool = False, most: tuple[int, int] = (10, 3)) -> dict[str, Any]:
    """Eight tickets and more, of one to eight units, for agents with little more room than that."""
    random = Random(seed)
    a = random.randint(1, most[1])
    tickets = [make_ticket(random, f"T{i}", [], False) for i in range(random.randint(8, most[0]))]
    for ticket in tickets:
        ticket["effort"] = random.randint(1, 8)
    agents = [
        {"agent_id": f"A{j}", "skills": {own: random.choice(LEVELS) for own in random.sample(SKILLS, 2)}}
        for j in range(a)
    ]
    if random.random() < 0.7:
        for agent in agents:
            agent["capacity"] = random.choice((10, 10, 7, 14))
    policy: dict[str, Any] = {"tiers": list(random.choice(TIERS))} if tiers else {}
    return {"tickets": tickets, "agents": agents, "policy": policy, "now": NOW}


def make_extreme(seed: int, *, effort: bool = False) -> dict[str, Any]:
    """A case whose numbers are as small and as large as the documented tables let them be."""
    random = Random(seed)
    one = random.choice
    case = make_case(seed, effort=effort)
    for agent in case["agents"]:
        agent["current_load"] = one((0, 1, 999, 10**6, 500_000))
        agent["capacity"] = one((0, 1000, 10**6, 10**6, None))
        agent["experience_level"] = one((0, 1e-9, 1, 1000))
        agent["skills"] = {skill: one((0, 1e-6, 9.999999, 10, 5)) for skill in SKILLS[:2]}
    for ticket in case["tickets"]:
        ticket["skills"] = {own: one((0, 1e-6, 1, 1e6)) for own in ("vpn", "CLOUD-AWS") if random.random() < 0.7}
        ticket["urgency"] = one((0, 1e-9, 0.999999, 1, 0.5))
        ticket["creation_timestamp"] = one((None, 0, NOW, NOW + 1e6, NOW - 1e-3))
        if effort:
            ticket["effort"] = one((1, 2, 1000, 10**5))
            ticket.pop("effort_by_agent", None)
    policy = {
        "balance": one((0, 1e-3, 0.5, 100)),
        "weights": {"skill_gap": one((0, 1, 100)), "waiting": one((0, 0.1, 100))},
    }
    return case | {"policy": policy | {"capacity": one((None, "fair_share", 10**6))}}


def an_id(kind: str, prefix: str, k: int) -> Any:
    """Text, whole numbers, some of each, or numbers that no double holds."""
    numbers = {"int": k, "big": 2**53 + 1 + k, "mixed": k}
    return f"{prefix}{k}" if kind == "text" or (kind == "mixed" and k % 2) else numbers[kind]


def make_agent(random: Random, agent_id: Any, is_plain: bool = False) -> dict[str, Any]:
    one = random.choice
    if is_plain:
        return {"agent_id": agent_id, "skills": {"VPN": one((10, 5))}, "capacity": one((None, 1, 2, 3))}
    agent: dict[str, Any] = {
        "agent_id": agent_id,
        "skills": {
            skill: one(LEVELS)
            for skill, chance in zip(SKILLS, (0.8, 0.4, 0.2), strict=True)
            if random.random() < chance
        },
        "current_load": one((0, 0, 1, 2, 4, 9)),
        "capacity": one((None, None, 1, 2, 3, 5, 6, 0, 40)),
    }
    extra = {
        "availability_status": ("Available", "ON_DUTY", "away", "In a meeting", "free"),
        "experience_level": (0, 3, 12.5),
        "shift_start": (NOW - DAY, NOW - 60, NOW, NOW + 60),
        "shift_end": (NOW + DAY, NOW + 1800, NOW - 1, NOW + 3600),
        "team": ("red", "blue"),
        "groups": (["Red"], ["blue", "night_shift"], ["NIGHT-SHIFT"]),
        "languages": (["en"], ["DE", "fr"], ["de", "en"]),
    }
    return agent | {name: one(values) for name, values in extra.items() if random.random() < 0.3}


DAY = 86_400


def make_ticket(random: Random, ticket_id: Any, agents: Sequence[Any], is_plain: bool = False) -> dict[str, Any]:
    one = random.choice
    if is_plain:
        return {"ticket_id": ticket_id, "skills": one(({"VPN": 1}, {})), "urgency": one((0.4, 0.4, 0.7))}
    ticket: dict[str, Any] = {
        "ticket_id": ticket_id,
        "skills": {one(OTHERWISE[skill]): one((1, 2, 0.5, 0, 3)) for skill in SKILLS if random.random() < 0.5},
        "urgency": one(URGENCIES),
    }
    extra: dict[str, Sequence[Any]] = {
        "creation_timestamp": (NOW, NOW - 3600, NOW - 90_000, NOW - 7200, NOW - 900_000),
        "requires": [{one(OTHERWISE["VPN"]): one((5, 1, 7.3))}, {"cloud-aws": 5}],
        "language": ("de", "EN", "it"),
        "group": ("red", "Night shift", "BLUE"),
        "previous_agent": [*agents, "gone"],
        "pinned_agent": agents,
        "excluded_agents": [[own] for own in agents],
    }
    chance = {
        "pinned_agent": 0.06,
        "excluded_agents": 0.1,
        "requires": 0.15,
        "language": 0.15,
        "group": 0.08,
        "creation_timestamp": 0.5,
    }
    for name, values in extra.items():
        if values and random.random() < chance.get(name, 0.25):
            ticket[name] = one(values)
    if str(ticket.get("pinned_agent")) in map(str, ticket.get("excluded_agents", ())):
        del ticket["excluded_agents"]
    if random.random() < 0.15:
        ticket["priority"] = one(("low", "Medium", "high", "CRITICAL"))
        if random.random() < 0.7:
            del ticket["urgency"]
    return ticket


def _make_unequal(random: Random, ticket: dict[str, Any], agents: Sequence[Any]) -> None:
    ticket["effort"] = random.choice((1, 1, 2, 3, 8))
    if agents and random.random() < 0.3:
        some = random.sample(list(agents), random.randint(1, len(agents)))
        ticket["effort_by_agent"] = {own: random.choice((1, 2, 3, 5)) for own in some}


def make_policy(random: Random, tickets: Sequence[Any], *, rows: bool) -> dict[str, Any]:
    one = random.choice
    policy: dict[str, Any] = {}
    extra: dict[str, Sequence[Any]] = {
        "weights": ({"skill_gap": 0}, {"waiting": 5, "experience": 1}, {"stickiness": 2, "urgency": 0.3}),
        "balance": (0, 3, 0.1, 20),
        "capacity": (None, None, 3, 6, "fair_share"),
        "urgent_from": (0.5, 1, 0.4),
        "minutes_per_effort": (15, 40),
    }
    if rows:
        extra |= {
            "max_urgent_per_agent": (1, 0, 2),
            "max_new_per_agent": (1, 2, 3),
            "max_new_per_team": (1, 2, {"red": 1}, {"blue": 2, "red": 0}),
        }
        if len(tickets) > 1:
            extra["separate"] = [[random.sample(list(tickets), 2) for _ in range(random.randint(1, 3))]]
            extra["together"] = [[random.sample(list(tickets), random.randint(2, min(3, len(tickets))))]]
    for name, values in extra.items():
        if random.random() < 0.4:
            policy[name] = one(values)
    return policy


def _without_contradictions(policy: dict[str, Any], tickets: Sequence[dict[str, Any]]) -> None:
    """Nothing that is to be together is kept apart."""
    keys = {ticket["ticket_id"]: ticket.get("together") for ticket in tickets}
    groups = policy.get("together", ())
    if "separate" in policy:
        policy["separate"] = [
            [a, b]
            for a, b in policy["separate"]
            if (keys[a] is None or keys[a] != keys[b]) and not any(a in group and b in group for group in groups)
        ]


def make_session(
    seed: int,
    *,
    capacities: Sequence[Any] = (0, 1, 2, 3, 5),
    experience: bool = False,
    ages: bool = False,
    rules: bool = False,
    capacity: Any = None,
) -> dict[str, Any]:
    """The start of a session and the events that follow.

    Parameters
    ----------
    capacities : of agents, to choose from; `capacity` is the policy's. experience, ages : whether these differ.
    rules : whether tickets and agents have all the fields that forbid pairs or make them dear.
    """
    random = Random(seed)

    def agent(agent_id: Any) -> dict[str, Any]:
        own = make_agent(random, agent_id)
        if not rules:
            own = {name: own[name] for name in ("agent_id", "skills", "current_load")}
        own.pop("experience_level", None)
        own |= {"current_load": random.choice((0, 0, 1, 2)), "capacity": random.choice(capacities)}
        return own | ({"experience_level": random.choice((0, 3, 12.5))} if experience else {})

    def ticket(ticket_id: Any) -> dict[str, Any]:
        own = make_ticket(random, ticket_id, [f"a{j}" for j in range(3)])
        if not rules:
            own = {"ticket_id": ticket_id, "skills": own["skills"], "urgency": own.get("urgency", 0.4)}
        own.pop("creation_timestamp", None)
        own.pop("pinned_agent", None)
        age = {"creation_timestamp": NOW - random.choice((0, 3600, 90_000, 900_000))} if ages else {}
        return own | age

    def event(k: int) -> list[Any]:
        kind, at, where = random.choice(EVENTS), random.randint(0, 9), random.randint(0, 9)
        given = {
            "add_ticket": [ticket(f"new{k}")],
            "add_agent": [agent(f"hired{k}")],
            "set_capacity": [at, random.choice(capacities)],
            "set_load": [at, random.randint(0, 4)],
        }
        return [kind, *given.get(kind, [at, where])]

    agents = [agent(f"a{j}") for j in range(random.randint(0, 3))]
    tickets = [ticket(f"t{i}") for i in range(random.randint(0, 4))]
    policy = {"balance": random.choice((0.5, 0, 3)), "capacity": capacity}
    events = [event(k) for k in range(6)]
    if rules:
        policy["minutes_per_effort"] = random.choice((0, 15, 40))
    return {"tickets": tickets, "agents": agents, "policy": policy, "now": NOW, "events": events}
