"""What matters, and which rules hold: `Policy`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem import fields as f
from ticketopt.problem.presets import preset_settings
from ticketopt.problem.record_fields import clean_copy, freeze, record_field, table_of
from ticketopt.problem.records import Id

__all__ = ["NOTES", "Policy"]

FAIR_SHARE = "fair_share"
"""The `Policy.capacity` that adds up to the open work and the queue."""

TIER_NAMES = ("unassigned", "urgent_unassigned", "cost", "balance")
"""What `Policy.tiers` may name; see `ticketopt.planning.tier_stages.TIERS`."""


_UNITS = f.whole_number(0)
_TEAMS = f.mapping_of(f.name, _UNITS, f.spelled)
NOTES = f.mapping_of(f.name, f.text, f.spelled)


@f.reader({"anyOf": [{"const": FAIR_SHARE}, _UNITS.given]}, takes_null=True)
def _capacity(value: Any, path: str, report: f.Report) -> Any:
    if value is None or value == FAIR_SHARE:
        return value
    if isinstance(value, str):
        report.error(path, f"{f.shown(value)} is not known", 'use "fair_share", a whole number, or None')
        return None
    return _UNITS(value, path, report)


@f.reader({"type": "boolean"})
def _flag(value: Any, path: str, report: f.Report) -> bool:
    if not isinstance(value, bool):
        report.error(path, f"is {f.kind(value)}, not true or false", "write true or false")
    return bool(value)


@f.reader({"anyOf": [_UNITS.given, _TEAMS.given]}, takes_null=True)
def _per_team(value: Any, path: str, report: f.Report) -> Any:
    if value is None:
        return None
    return (_TEAMS if isinstance(value, Mapping) else _UNITS)(value, path, report)


@f.reader(f.identifier.given, "text")
def _customer(value: Any, path: str, report: f.Report) -> str:
    return str(f.identifier(value, path, report))


_ID_PAIR = {"type": "array", "items": f.identifier.given, "minItems": 2, "maxItems": 2}


@f.reader({"type": "array", "items": _ID_PAIR}, "list")
def _pairs(value: Any, path: str, report: f.Report) -> tuple[tuple[Id, Id], ...]:
    pairs: tuple[tuple[Id, Id], ...] = f.tuple_of(f.tuple_of(f.identifier))(value, path, report)
    for k, pair in enumerate(pairs):
        if len(pair) != 2 or str(pair[0]) == str(pair[1]):
            report.error(f"{path}[{k}]", "is not a pair of different tickets", "give two ticket ids")
    return pairs


_ID_GROUP = {"type": "array", "items": f.identifier.given, "minItems": 2, "uniqueItems": True}


@f.reader({"type": "array", "items": _ID_GROUP}, "list")
def _groups(value: Any, path: str, report: f.Report) -> tuple[tuple[Id, ...], ...]:
    groups: tuple[tuple[Id, ...], ...] = f.tuple_of(f.tuple_of(f.identifier))(value, path, report)
    for k, group in enumerate(groups):
        if len(group) < 2 or len(set(map(str, group))) < len(group):
            report.error(
                f"{path}[{k}]", "is not a group of different tickets", "give two ticket ids or more, each once"
            )
    return groups


@f.reader({"type": "string", "enum": list(TIER_NAMES)}, "text")
def _tier(value: Any, path: str, report: f.Report) -> str:
    if value not in TIER_NAMES:
        report.unknown(path, f"{f.shown(value)} is not a tier", str(value), TIER_NAMES)
    return str(value)


@f.reader({"type": "array", "items": _tier.given, "uniqueItems": True}, "list")
def _tiers(value: Any, path: str, report: f.Report) -> tuple[str, ...]:
    tiers: tuple[str, ...] = f.tuple_of(_tier)(value, path, report)
    if len(set(tiers)) < len(tiers):
        report.error(path, "name a tier twice", "keep the first of them")
    return tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What matters, and which rules hold. Every default is neutral or the documented house default.

    Attributes
    ----------
    weights : cost term -> weight, 0 or more; terms not named keep the default weight of
        `ticketopt.formulation.costs.COST_TERMS`.
    balance : weight of the convex load cost, 0 or more; 0 switches balancing off.
    capacity : what an agent without a capacity of its own gets, open work included: "fair_share" (the smallest
        number with which the available agents' capacities add up to their open work plus the queue), a whole number,
        or None for no limit.
    urgent_from : tickets with at least this urgency count as urgent.
    max_urgent_per_agent, max_new_per_agent : at most so many (urgent) new tickets for one agent; None is no limit.
    max_new_per_team : the same for a team: one number for every team, or team -> number.
    separate : pairs of ticket ids that must not go to the same agent.
    together : groups of ticket ids that must go to one agent, as far as they go to anybody.
    customer_weights : customer -> 0 to 1, how far its tickets' urgency is raised, whatever it was read from, to
        `urgency + weight * (1 - urgency)`. Customers are compared as text.
    customer_agents : customer -> the agent wanted for its tickets, a wish that the cost term `account` weighs.
    minutes_per_effort : how long a unit of effort takes; an agent's open and new work, added up, must fit in before the
        shift ends.
    min_match : the lowest match of an agent with what a ticket wants, 0 to 1: the wanted skills' levels over 10,
        weighted by importance squared. Below it the ticket waits, unless it is pinned there; 0 switches it off.
    expert_saving : the share of a ticket's effort that a master of all it wants saves, 0 to 0.95; at 0.5 an expert
        needs half the time. See `Problem.pair_effort`.
    cautious : whether learned levels count with the lower ends of their intervals (`Agent.learned_levels`), so that who
        is known from few tickets is trusted less. A level that somebody wrote counts as written.
    held_counts : whether a ticket on hold counts as load of the agent who keeps it; in a live queue.
    skill_notes : skill -> a line on what its team does, in the words of tickets; read beside the skill's name.
    tiers : goals in strict order, in place of one weighted sum: each is as good as it can be without making an earlier
        one worse. Of "unassigned" (tickets left out), "urgent_unassigned" (urgent ones), "cost" (pair costs) and
        "balance" (load cost); with unequal effort or limits across tickets, "balance" can only be the last. `solve` and
        what calls it go by tiers; `resolve`, `Session` and `frontier` by the weighted sum.

    Examples
    --------
    >>> import ticketopt
    >>> policy = ticketopt.Policy(balance=0.2, max_new_per_agent=5, weights={"stickiness": 0.5})
    >>> policy.urgent_from
    0.7
    """

    weights: Mapping[str, float] = record_field(
        f.mapping_of(f.name, f.number(0, 100)),
        default_factory=dict,
        words="Cost term -> weight; the others keep their default.",
    )
    balance: float = record_field(f.number(0, 100), default=0.5, words="Weight of the load cost; 0 switches it off.")
    capacity: str | int | None = record_field(
        _capacity, default=FAIR_SHARE, words="Units for agents without a capacity of their own; null is no limit."
    )
    urgent_from: float = record_field(f.number(0, 1), default=0.7, words="From here on a ticket counts as urgent.")
    max_urgent_per_agent: int | None = record_field(
        f.optional(_UNITS), default=None, words="At most so many new urgent tickets for one agent."
    )
    max_new_per_agent: int | None = record_field(
        f.optional(_UNITS), default=None, words="At most so many new tickets for one agent."
    )
    max_new_per_team: int | Mapping[str, int] | None = record_field(
        _per_team, default=None, words="At most so many new tickets for every team, or team -> number."
    )
    separate: tuple[tuple[Id, Id], ...] = record_field(
        _pairs, default=(), words="Pairs of tickets that must not share an agent."
    )
    together: tuple[tuple[Id, ...], ...] = record_field(
        _groups, default=(), words="Groups of tickets that go to one agent.", is_younger=True
    )
    customer_weights: Mapping[str, float] = record_field(
        f.mapping_of(_customer, f.number(0, 1)),
        default_factory=dict,
        words="Customer -> how far the urgency of its tickets is raised, 0 to 1.",
        is_younger=True,
    )
    customer_agents: Mapping[str, Id] = record_field(
        f.mapping_of(_customer, f.described(f.identifier, "an agent")),
        default_factory=dict,
        words="Customer -> the agent wanted for its tickets.",
        is_younger=True,
    )
    minutes_per_effort: float = record_field(
        f.number(0, 100_000), default=0.0, words="What an agent holds and gets must fit in before the shift ends."
    )
    min_match: float = record_field(
        f.number(0, 1),
        default=0.0,
        words="A ticket waits rather than going to somebody who matches less of what it wants, 0 to 1.",
        is_younger=True,
    )
    expert_saving: float = record_field(
        f.number(0, 0.95),
        default=0.0,
        words="Share of a ticket's effort that a master of all it wants saves.",
        is_younger=True,
    )
    cautious: bool = record_field(
        _flag,
        default=False,
        words="Whether learned levels count with the lower ends of their intervals.",
        is_younger=True,
    )
    held_counts: bool = record_field(
        _flag,
        default=True,
        words="Whether a ticket on hold counts as load of the agent who keeps it; in a live queue.",
        is_younger=True,
    )
    skill_notes: Mapping[str, str] = record_field(
        NOTES,
        default_factory=dict,
        words="Skill -> a line on what its team does, in the words of tickets.",
        is_younger=True,
    )
    tiers: tuple[str, ...] = record_field(
        _tiers, default=(), words="Goals in strict order, in place of one weighted sum."
    )

    def __post_init__(self) -> None:
        freeze(self, "policy")

    @classmethod
    def preset(cls, name: str, *, base: Policy | None = None) -> Policy:
        """A policy by its goal: "urgent first", "keep it even" or "best match"; `PRESETS` says what each sets.

        Parameters
        ----------
        name : case, `_` and `-` do not matter.
        base : the policy whose other settings and weights stay as they are; None is the default one.

        Raises
        ------
        InvalidInputError
            For an unknown name; it lists those there are.

        Examples
        --------
        >>> import ticketopt
        >>> ticketopt.Policy.preset("keep it even").balance
        2.0
        """
        settings = preset_settings(name)
        base = cls() if base is None else base
        weights = {**base.weights, **settings.get("weights", {})}
        return replace(base, **{**settings, "weights": weights})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Read a policy from a plain mapping, such as a parsed JSON file; unknown names are an error."""
        report = f.Report()
        if not isinstance(data, Mapping):
            raise InvalidInputError.single("policy", f"is {f.kind(data)}, not an object", 'write {"balance": 0.5, ...}')
        for key in data:
            if key not in POLICY_FIELDS:
                report.unknown(f"policy.{f.shown(key)}", "is not a policy setting", str(key), POLICY_FIELDS)
        known = {key: value for key, value in data.items() if key in POLICY_FIELDS}
        clean = f.clean_record(POLICY_FIELDS, known, "policy", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        return clean_copy(cls, clean)


POLICY_FIELDS = table_of(Policy).readers
"""What reads every setting."""
