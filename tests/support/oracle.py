"""What a queue costs, from the words of the documentation alone: plain records in, plain numbers out.

Nothing here imports ticketopt, so that whatever it says is a second opinion. A case is plain data:
`{"tickets": [...], "agents": [...], "policy": {...}, "now": ...}` with the fields that the pages list. Text is
never read: tickets state their `skills` and `urgency`. Costs are counted in 1/100,000 of a weighted unit, as the page
about the model says; each term of a pair is rounded to such a unit, load costs are exact.

Where the documentation is silent the comment "Silent" says what is taken for granted.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

SCALE = 100_000
DAY = 86_400
WEIGHTS = {"skill_gap": 1.0, "urgency": 1.0, "experience": 0.02, "stickiness": 0.25, "waiting": 0.1, "account": 0.25}
PRIORITIES = {"low": 0.1, "medium": 0.4, "high": 0.7, "critical": 1.0}
AT_WORK = {"available", "online", "active", "ready", "free", "on duty", "on shift"}
MASTER = 10

Record = Mapping[str, Any]
Case = Mapping[str, Any]


@dataclass(frozen=True)
class Limit:
    """At most `bound` of these pairs (ticket, agent) in one plan."""

    rule: str
    pairs: frozenset[tuple[int, int]]
    bound: int


@dataclass(frozen=True)
class Priced:
    """A case in numbers; tickets `i`, agents `j`.

    Attributes
    ----------
    terms : per ticket and agent, cost term -> whole cost units.
    effort : per ticket and agent, units of work.
    allowed : per ticket and agent, whether no rule forbids the pair.
    capacity, free : per agent, units with and without the open work; None is no limit.
    in_time : per agent, further units that fit in before the shift ends; None is no limit.
    reference : per agent, what utilization is measured against.
    load, balance : per agent, open units; the weight of the load cost.
    limits : rules that couple tickets.
    urgency, waited : per ticket, 0 to 1. urgent : whether the policy counts it as urgent.
    """

    terms: list[list[dict[str, int]]]
    effort: list[list[int]]
    allowed: list[list[bool]]
    capacity: list[int | None]
    free: list[int | None]
    in_time: list[int | None]
    reference: list[int]
    load: list[int]
    balance: Fraction
    limits: list[Limit]
    urgency: list[Fraction]
    waited: list[Fraction]
    urgent: list[bool]

    @property
    def n(self) -> int:
        return len(self.urgency)

    @property
    def a(self) -> int:
        return len(self.load)

    @property
    def is_unit(self) -> bool:
        """Whether every ticket takes one unit of everybody, and no rule couples tickets; without agents never."""
        return self.a > 0 and not self.limits and all(units == 1 for row in self.effort for units in row)

    def room(self, j: int) -> int | None:
        """Units that an agent can still take."""
        known = [units for units in (self.free[j], self.in_time[j]) if units is not None]
        return min(known, default=None)

    def pair(self, i: int, j: int) -> int:
        return sum(self.terms[i][j].values())

    def load_cost(self, j: int, units: int) -> float:
        """`balance * capacity / 2 * utilization^2`: what `units` more add to it."""
        before, after = self.load[j], self.load[j] + units
        return float(SCALE * self.balance * (after**2 - before**2) / (2 * self.reference[j]))


def exact(value: float) -> Fraction:
    """A number as it is written, not as the nearest double."""
    return Fraction(str(value)) if math.isfinite(value) else Fraction(0)


def fold(name: str) -> str:
    """Names match in any case and any form of their accents, `_` and `-` count as spaces."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(name)).casefold())
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


def levels(named: Mapping[str, float] | None) -> dict[str, Fraction]:
    return {fold(name): exact(value) for name, value in (named or {}).items()}


def is_at_work(agent: Record) -> bool:
    return fold(agent.get("availability_status", "available")) in AT_WORK


def urgency(ticket: Record, policy: Record) -> Fraction:
    """What the ticket states, raised for its customer."""
    own, weights = stated_urgency(ticket), {str(k): v for k, v in (policy.get("customer_weights") or {}).items()}
    return own + exact(weights.get(str(ticket.get("customer")), 0)) * (1 - own)


def stated_urgency(ticket: Record) -> Fraction:
    """The number wins over the priority. Silent: 0.4 where neither is given and no text says anything."""
    if ticket.get("urgency") is not None:
        return exact(ticket["urgency"])
    return exact(PRIORITIES[fold(ticket["priority"])] if ticket.get("priority") is not None else 0.4)


def skill_gap(ticket: Record, agent: Record) -> Fraction:
    """Shortfall of proficiency, weighted by the squared importance. Silent: 0 where nothing is wanted."""
    wanted, has = levels(ticket.get("skills")), levels(agent.get("skills"))
    total = sum(weight**2 for weight in wanted.values())
    if not total:
        return Fraction(0)
    return sum(
        (weight**2 * (1 - has.get(skill, Fraction(0)) / MASTER) for skill, weight in wanted.items()), Fraction(0)
    ) / Fraction(total)


def clock(case: Case) -> Fraction:
    """Now; without it the newest creation time."""
    if case.get("now") is not None:
        return exact(case["now"])
    created = [t["creation_timestamp"] for t in case["tickets"] if t.get("creation_timestamp") is not None]
    return exact(max(created, default=0))


def waited(ticket: Record, now: Fraction) -> Fraction:
    """Age over age and a day (`help(Problem.waited)`); no creation time is "just now". Silent: the future is now."""
    created = ticket.get("creation_timestamp")
    age = max(Fraction(0), now - exact(created)) if created is not None else Fraction(0)
    return age / (age + DAY)


def units(ticket: Record, agent: Record, policy: Record) -> int:
    """Units that a ticket takes of an agent: its own word, else less for who masters what it wants."""
    own = {str(key): value for key, value in (ticket.get("effort_by_agent") or {}).items()}
    if str(agent["agent_id"]) in own:
        return int(own[str(agent["agent_id"])])
    effort = ticket.get("effort", 1)
    saving = exact(policy.get("expert_saving", 0))
    if not saving or not any(levels(ticket.get("skills")).values()):
        return int(effort)
    return max(1, math.ceil(effort * (1 - saving * (1 - skill_gap(ticket, agent)))))


def fair_share(case: Case, effort: Sequence[Sequence[int]]) -> int:
    """The smallest number at which the agents at work can hold their open work and the queue.

    As `help(Problem.fair_share)` says: an agent with a capacity of its own counts for no more than that, a ticket for
    the mean of what it takes of those at work, rounded up, and the largest effort less one comes on top. Silent: 0
    where nobody is at work, or where all have capacities of their own and these do not do.
    """
    team = [j for j, agent in enumerate(case["agents"]) if is_at_work(agent)]
    if not team:
        return 0
    new = sum(math.ceil(Fraction(sum(row[j] for j in team), len(team))) for row in effort)
    work = sum(case["agents"][j].get("current_load", 0) for j in team) + new
    own = [case["agents"][j].get("capacity") for j in team]
    if None not in own and sum(own) < work:
        return 0
    share = next(f for f in range(work + 1) if sum(f if c is None else min(f, c) for c in own) >= work)
    return share + max((max(row[j] for j in team) for row in effort), default=1) - 1


def may_take(ticket: Record, agent: Record, taken: int, case: Case) -> bool:
    """Whether no rule about this one pair forbids it. Silent: a shift that begins or ends now has."""
    policy, has = case["policy"], levels(agent.get("skills"))
    language, spoken = ticket.get("language"), [fold(name) for name in agent.get("languages") or ()]
    pinned, group = ticket.get("pinned_agent"), ticket.get("group")
    member = [fold(name) for name in [agent.get("team"), *(agent.get("groups") or ())] if name is not None]
    start, end = agent.get("shift_start"), agent.get("shift_end")
    done = clock(case) + 60 * exact(policy.get("minutes_per_effort", 0)) * taken
    return (
        is_at_work(agent)
        and all(has.get(skill, 0) >= level for skill, level in levels(ticket.get("requires")).items())
        and (group is None or fold(group) in member)
        and (language is None or not spoken or fold(language) in spoken)
        and (pinned is None or str(pinned) == str(agent["agent_id"]))
        and (pinned is not None or 1 - skill_gap(ticket, agent) >= exact(policy.get("min_match", 0)))
        and str(agent["agent_id"]) not in {str(own) for own in ticket.get("excluded_agents") or ()}
        and (start is None or exact(start) <= clock(case))
        and (end is None or (clock(case) < exact(end) and done <= exact(end)))
    )


def in_time(agent: Record, case: Case) -> int | None:
    """Units that an agent can take beside its open work until its shift ends."""
    minutes, end = exact(case["policy"].get("minutes_per_effort", 0)), agent.get("shift_end")
    if not minutes or end is None:
        return None
    fit = math.floor((exact(end) - clock(case)) / (60 * minutes))
    return max(0, fit - agent.get("current_load", 0))


def limits(case: Case, urgent: Sequence[bool]) -> list[Limit]:
    """Rules that couple tickets. Silent: an agent without a team is in none."""
    policy, n, a = case["policy"], len(case["tickets"]), len(case["agents"])
    found = []
    for j in range(a):
        if policy.get("max_urgent_per_agent") is not None:
            pairs = frozenset((i, j) for i in range(n) if urgent[i])
            found.append(Limit("urgent_limit", pairs, policy["max_urgent_per_agent"]))
        if policy.get("max_new_per_agent") is not None:
            found.append(Limit("new_limit", frozenset((i, j) for i in range(n)), policy["max_new_per_agent"]))
    per_team = policy.get("max_new_per_team")
    teams = [fold(agent["team"]) if agent.get("team") else None for agent in case["agents"]]
    for team in sorted({team for team in teams if team}):
        of_team = {fold(k): v for k, v in per_team.items()}.get(team) if isinstance(per_team, dict) else per_team
        if of_team is not None:
            pairs = frozenset((i, j) for i in range(n) for j in range(a) if teams[j] == team)
            found.append(Limit("new_limit", pairs, of_team))
    index = {str(ticket["ticket_id"]): i for i, ticket in enumerate(case["tickets"])}
    for one, other in policy.get("separate") or ():
        both = [index[str(ticket_id)] for ticket_id in (one, other)]
        found += [Limit("separate", frozenset((i, j) for i in both), 1) for j in range(a)]
    return found + together(case)


def together(case: Case) -> list[Limit]:
    """No two tickets of a group with two agents; where some are pinned, no other of the group anywhere else."""
    tickets, agents = case["tickets"], range(len(case["agents"]))
    named = [{str(own) for own in group} for group in case["policy"].get("together") or ()]
    keys = {str(ticket["together"]) for ticket in tickets if ticket.get("together") is not None}
    groups = [[i for i, t in enumerate(tickets) if str(t["ticket_id"]) in ids] for ids in named]
    groups += [[i for i, t in enumerate(tickets) if str(t.get("together")) == key] for key in sorted(keys)]
    found = []
    for group in groups:
        pairs = [(i, k) for i in group for k in group if i != k]
        found += [
            Limit("together", frozenset({(i, j), (k, other)}), 1)
            for i, k in pairs
            for j in agents
            for other in agents
            if j != other
        ]
        pins = {str(tickets[i]["pinned_agent"]) for i in group if tickets[i].get("pinned_agent") is not None}
        away = [j for j in agents if str(case["agents"][j]["agent_id"]) not in pins]
        free = [i for i in group if tickets[i].get("pinned_agent") is None]
        if pins and len(group) > 1:
            found += [Limit("together", frozenset({(i, j)}), 0) for i in free for j in away]
    return found


def priced(case: Case, *, share: int | None = None) -> Priced:
    """A case in numbers; `share` replaces the fair share, for what takes it as fixed."""
    tickets, agents, policy = case["tickets"], case["agents"], case["policy"]
    now = clock(case)
    effort = [[units(ticket, agent, policy) for agent in agents] for ticket in tickets]
    fair = fair_share(case, effort) if share is None else share
    default = policy.get("capacity", "fair_share")
    default = fair if default == "fair_share" else default
    capacity = [default if agent.get("capacity") is None else agent["capacity"] for agent in agents]
    load = [agent.get("current_load", 0) for agent in agents]
    reference = [max(1, fair if own is None else own) for own in capacity]
    urgent_from = exact(policy.get("urgent_from", 0.7))
    urgencies = [urgency(ticket, policy) for ticket in tickets]
    urgent = [value >= urgent_from for value in urgencies]
    return Priced(
        terms=[[_terms(ticket, j, case, reference, now) for j in range(len(agents))] for ticket in tickets],
        effort=effort,
        allowed=[
            [may_take(ticket, agent, effort[i][j], case) for j, agent in enumerate(agents)]
            for i, ticket in enumerate(tickets)
        ],
        capacity=capacity,
        free=[None if own is None else max(0, own - held) for own, held in zip(capacity, load, strict=True)],
        in_time=[in_time(agent, case) for agent in agents],
        reference=reference,
        load=load,
        balance=exact(policy.get("balance", 0.5)),
        limits=limits(case, urgent),
        urgency=urgencies,
        waited=[waited(ticket, now) for ticket in tickets],
        urgent=urgent,
    )


def _terms(ticket: Record, j: int, case: Case, reference: Sequence[int], now: Fraction) -> dict[str, int]:
    """The cost terms of a pair, weighted, in whole cost units."""
    agents = case["agents"]
    gap = skill_gap(ticket, agents[j])
    best = max((exact(agent.get("experience_level", 0)) for agent in agents if is_at_work(agent)), default=Fraction(0))
    before, ids = ticket.get("previous_agent"), [str(agent["agent_id"]) for agent in agents]
    wishes = {str(k): str(v) for k, v in (case["policy"].get("customer_agents") or {}).items()}
    looks_after = wishes.get(str(ticket.get("customer")))
    busy = min(Fraction(1), Fraction(agents[j].get("current_load", 0), reference[j]))
    values = {
        "skill_gap": gap,
        "urgency": urgency(ticket, case["policy"]) * gap,
        "experience": 1 - exact(agents[j].get("experience_level", 0)) / best if best else Fraction(0),
        "stickiness": Fraction(str(before) in ids and str(before) != ids[j]) if before is not None else Fraction(0),
        "waiting": waited(ticket, now) * busy,
        "account": Fraction(looks_after not in (None, ids[j])),
    }
    weights = WEIGHTS | dict(case["policy"].get("weights") or {})
    return {name: round(SCALE * exact(weights[name]) * value) for name, value in values.items()}
