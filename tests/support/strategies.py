"""Random models and problems, small enough for brute force.

Every generator draws from a `Pick`, "a whole number from low to high". Hypothesis supplies one (`models`, `problems`),
a seeded numpy generator another (`picker`), so bulk tests and property tests see the same world: zero tickets, zero
agents, ties, nothing allowed, flat and steep and negative load costs, no room and far too much, prices at which
leaving out is best, and costs near the limit of exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from ticketopt.model.assignment import MAX_SUM, AssignmentModel
from ticketopt.model.rows import PackingRows
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket

Pick = Callable[[int, int], int]
T = TypeVar("T")


def picker(seed: int | np.random.Generator) -> Pick:
    """Numbers from a seeded numpy generator, or from one that goes on."""
    rng = np.random.default_rng(seed)
    return lambda low, high: int(rng.integers(low, high, endpoint=True))


@st.composite
def models(draw: st.DrawFn, *, unit: bool = False, max_tickets: int = 5, max_agents: int = 3) -> AssignmentModel:
    """Any small model; with `unit`, one of unit effort without rows."""
    return make_model(lambda low, high: draw(st.integers(low, high)), unit, max_tickets, max_agents)


@st.composite
def problems(draw: st.DrawFn, *, max_tickets: int = 5, max_agents: int = 4) -> Problem:
    """Any small problem that uses any rule."""
    return make_problem(lambda low, high: draw(st.integers(low, high)), max_tickets, max_agents)


def one(pick: Pick, options: Sequence[T]) -> T:
    """One of the options; the first is the simplest."""
    return options[pick(0, len(options) - 1)]


def make_model(pick: Pick, unit: bool, max_tickets: int = 5, max_agents: int = 3) -> AssignmentModel:
    n, a = pick(0, max_tickets), pick(0, max_agents)
    effort = [1 if unit else pick(1, 3) for _ in range(n)]
    capacity = _capacities(pick, a, sum(effort))
    scale = one(pick, [0, 1, 9, 1000, MAX_SUM // (4 * (n + sum(capacity) + 1))])
    density = one(pick, [4, 4, 3, 1, 0])
    exit_scale = one(pick, [10 * scale, scale, 2])
    return AssignmentModel(
        pair_cost=np.array([[pick(0, scale) for _ in range(a)] for _ in range(n)], dtype=np.int64).reshape(n, a),
        allowed=np.array([[pick(1, 4) <= density for _ in range(a)] for _ in range(n)], dtype=bool).reshape(n, a),
        effort=np.array(effort, dtype=np.int64) if unit else _by_agent(pick, effort, a),
        capacity=np.array(capacity, dtype=np.int64),
        load_cost=np.array([m for b in capacity for m in _marginal_costs(pick, b, scale)], dtype=np.int64),
        exit_cost=np.array([min(pick(0, exit_scale), MAX_SUM // (2 * n)) for _ in range(n)], dtype=np.int64),
        rows=PackingRows() if unit else _packing_rows(pick, n, a),
    )


def _capacities(pick: Pick, a: int, work: int) -> list[int]:
    """None at all, tight, ample, or far more than there is work."""
    size = one(pick, ["ample", "tight", "ample", "huge", "none"])
    if size == "huge":
        return [work + pick(0, 200) for _ in range(a)]
    return [pick(0, {"none": 0, "tight": -(-work // max(1, a)), "ample": work + 2}[size]) for _ in range(a)]


def _by_agent(pick: Pick, effort: list[int], a: int) -> np.ndarray:
    """Efforts as they are, or, one time in three, others for every agent."""
    if not a or pick(0, 2) < 2:
        return np.array(effort, dtype=np.int64)
    return np.array([[max(1, units + pick(-1, 2)) for _ in range(a)] for units in effort]).reshape(len(effort), a)


def _marginal_costs(pick: Pick, capacity: int, scale: int) -> list[int]:
    """Non-decreasing: flat, a staircase, or from far below zero (a soft minimum load) to above it."""
    shape = one(pick, ["flat", "stairs", "soft minimum"])
    if shape == "flat" or capacity > 20:
        return [pick(-scale, scale)] * capacity
    low = 0 if shape == "stairs" else -scale
    return sorted(pick(low, scale) for _ in range(capacity))


def _packing_rows(pick: Pick, n: int, a: int) -> PackingRows:
    """Up to three rows: an agent's count, a group of agents, a pair of tickets, or arbitrary coefficients."""
    if not n or not a:
        return PackingRows()
    parts = []
    for k in range(pick(0, 3)):
        shape = one(pick, ["agent", "group", "pair", "any"])
        agents = range(a) if shape == "group" else [pick(0, a - 1)]
        tickets = sorted({pick(0, n - 1), pick(0, n - 1)}) if shape == "pair" else range(n)
        pairs = [(i, j) for j in (range(a) if shape == "any" else agents) for i in tickets]
        if shape == "any":
            pairs = [pair for pair in pairs if pick(0, 1)]
        parts.append(
            PackingRows(
                row=np.zeros(len(pairs), dtype=np.int64),
                ticket=np.array([i for i, _ in pairs], dtype=np.int64),
                agent=np.array([j for _, j in pairs], dtype=np.int64),
                coefficient=np.array([pick(0, 4) if shape == "any" else 1 for _ in pairs], dtype=np.int64),
                bound=np.array([pick(0, 3)], dtype=np.int64),
                label=(f"row {k}: {shape}",),
            )
        )
    return PackingRows.join(parts)


NOW = 1_700_000_000
SKILLS = ("VPN", "Cloud_AWS", "printers")
SPELLINGS = {"VPN": "vpn", "Cloud_AWS": "cloud aws", "printers": "Printers"}
LEVELS = (0.0, 5.0, 10.0, 7.3, 5.3, np.nextafter(5.3, 10.0))


def make_problem(pick: Pick, max_tickets: int = 5, max_agents: int = 4, *, unit: bool = False) -> Problem:
    """Half of them with nothing that forbids a pair, so that many tickets want the same agent.

    With `unit`, of unit effort, without rules that make rows of the model.
    """
    agents = [_agent(pick, j) for j in range(pick(0, max_agents))]
    tickets = [_ticket(pick, i, agents) for i in range(pick(0, max_tickets))]
    policy = _policy(pick, tickets)
    if pick(0, 1) == 0:
        agents = [replace(agent, availability_status="free", shift_end=None, languages=()) for agent in agents]
        tickets = [replace(own, requires={}, language=None, pinned_agent=None, excluded_agents=()) for own in tickets]
    elif not unit and pick(0, 1) == 1:  # drawn last, so that the other problems of a seed stay what they are
        agents = [replace(agent, **_rare_of_agent(pick)) for agent in agents]
        tickets = [replace(ticket, **_rare_of_ticket(pick)) for ticket in tickets]
        policy = replace(policy, **_rare_of_policy(pick, policy, tickets), **_of_customers(pick, agents))
    if unit:
        tickets = [replace(ticket, effort=1) for ticket in tickets]
        policy = replace(policy, max_urgent_per_agent=None, max_new_per_agent=None, max_new_per_team=None, separate=())
    return Problem(tickets, agents, policy, float(NOW))


def _rare_of_agent(pick: Pick) -> dict[str, Any]:
    groups = one(pick, [(), ("Night shift",), ("night-shift", "red")])
    return {"shift_start": one(pick, [None, NOW, NOW - 1800, NOW + 60]), "groups": groups}


def _rare_of_ticket(pick: Pick) -> dict[str, Any]:
    customer = one(pick, [None, "gold-1", 17])
    return {
        "customer": customer,
        "together": one(pick, [None, None, "x", 7]),
        "group": one(pick, [None, None, "NIGHT_SHIFT", "Red", "none"]),
    }


def _rare_of_policy(pick: Pick, policy: Policy, tickets: Sequence[Ticket]) -> dict[str, Any]:
    ids = [ticket.ticket_id for ticket in tickets]
    named = {own for own in ids if pick(0, 1)}
    keys = {ticket.ticket_id: ticket.together for ticket in tickets}
    apart = [
        (a, b) for a, b in policy.separate if not {a, b} <= named and (keys[a] is None or str(keys[a]) != str(keys[b]))
    ]
    return {"together": [sorted(named)] if len(named) > 1 else [], "separate": apart}


def _of_customers(pick: Pick, agents: Sequence[Agent]) -> dict[str, Any]:
    wanted = {own: one(pick, agents).agent_id for own in ("gold-1", 17) if agents and pick(0, 1)}
    return {"customer_weights": {"gold-1": one(pick, [0, 0.5, 1])}, "customer_agents": wanted}


def _agent(pick: Pick, j: int) -> Agent:
    return Agent(
        agent_id=f"A{j}",
        name=one(pick, ["", "Ana", "Bo <b>"]),
        skills={skill: one(pick, LEVELS) for skill in SKILLS if pick(0, 1)},
        current_load=pick(0, 4),
        availability_status=one(pick, ["Available", "on-duty", "FREE", "active", "In_Meeting"]),
        experience_level=one(pick, [0, 3, 12.5]),
        capacity=one(pick, [None, 6, 9, 2, 0]),
        shift_end=one(pick, [None, NOW + 86_400, None, NOW + 1800, NOW]),
        team=one(pick, [None, "red", "blue"]),
        languages=one(pick, [(), ("en",), ("DE", "fr")]),
    )


def _ticket(pick: Pick, i: int, agents: Sequence[Agent]) -> Ticket:
    ids = [agent.agent_id for agent in agents]
    pinned = one(pick, [None] * 6 + ids)
    return Ticket(
        ticket_id=f"T{i}",
        creation_timestamp=one(pick, [None, NOW, NOW - 3600, NOW - 90_000, NOW + 60]),
        skills=one(pick, [None, {"VPN": 3, "printers": 1}, {"vpn": 0}, {"cloud-aws": 1}, {"juggling": 2}]),
        requires={SPELLINGS[skill]: one(pick, LEVELS) for skill in SKILLS if pick(0, 4) == 4},
        urgency=one(pick, [None, 0.0, 0.7, 0.699, 1.0]),
        priority=one(pick, [None, "low", "Critical"]),
        effort=one(pick, [1, 2, 3]),
        language=one(pick, [None, None, "de", "it"]),
        previous_agent=one(pick, [None, "gone", *ids]),
        pinned_agent=pinned,
        excluded_agents=tuple(own for own in ids if own != pinned and pick(0, 5) == 5),
    )


def _policy(pick: Pick, tickets: Sequence[Ticket]) -> Policy:
    ids = [ticket.ticket_id for ticket in tickets]
    pairs = [(one(pick, ids), one(pick, ids)) for _ in range(pick(0, 2))] if ids else []
    policy = Policy(
        weights=one(pick, [{}, {"skill_gap": 0}, {"waiting": 5, "experience": 1}]),
        balance=one(pick, [0.5, 0, 3]),
        capacity=one(pick, ["fair_share", None, 3]),
        max_urgent_per_agent=one(pick, [None, None, 1, 0]),
        max_new_per_agent=one(pick, [None, None, 2, 1]),
        max_new_per_team=one(pick, [None, None, 2, {"red": 1}]),
        separate=tuple(pair for pair in pairs if pair[0] != pair[1]),
    )
    minutes, match = one(pick, [(0, 0), (0, 0.3), *[(0, 0)] * 8, *[(15, 0)] * 8, (15, 0.7), (15, 0)])
    return replace(policy, minutes_per_effort=minutes, min_match=match)
