"""What matters, and which rules hold: `Policy`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem import fields as f
from ticketopt.problem.records import Id, freeze

__all__ = ["Policy"]


def _positive_units(value: Any, path: str, report: f.Report) -> int:
    return int(f.units(1)(value, path, report))


def _capacity(value: Any, path: str, report: f.Report) -> str | int | None:
    if value is None or value == "fair_share":
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        report.error(path, f"{f.shown(value)} is not known", 'use "fair_share", a whole number, or None')
        return None
    return int(f.units(0)(value, path, report))


def _per_team(value: Any, path: str, report: f.Report) -> Any:
    if value is None or not isinstance(value, Mapping):
        return f.optional(f.units(0))(value, path, report)
    return f.mapping_of(f.name, f.units(0), f.spelled)(value, path, report)


def _pairs(value: Any, path: str, report: f.Report) -> tuple[tuple[Id, Id], ...]:
    pairs: tuple[tuple[Id, Id], ...] = f.tuple_of(f.tuple_of(f.identifier))(value, path, report)
    for k, pair in enumerate(pairs):
        if len(pair) != 2 or str(pair[0]) == str(pair[1]):
            report.error(f"{path}[{k}]", "is not a pair of different tickets", "give two ticket ids")
    return pairs


TIER_NAMES = ("unassigned", "urgent_unassigned", "cost", "balance")
"""What `Policy.tiers` may name; see `ticketopt.tiers.TIERS`."""


def _tiers(value: Any, path: str, report: f.Report) -> tuple[str, ...]:
    tiers: tuple[str, ...] = f.tuple_of(_tier)(value, path, report)
    if len(set(tiers)) < len(tiers):
        report.error(path, "name a tier twice", "keep the first of them")
    return tiers


def _tier(value: Any, path: str, report: f.Report) -> str:
    if value not in TIER_NAMES:
        report.unknown(path, f"{f.shown(value)} is not a tier", str(value), TIER_NAMES)
    return str(value)


POLICY_FIELDS: dict[str, f.Reader] = {
    "weights": f.mapping_of(f.name, f.number(0, 100)),
    "balance": f.number(0, 100),
    "capacity": _capacity,
    "urgent_from": f.number(0, 1),
    "max_urgent_per_agent": f.optional(f.units(0)),
    "max_new_per_agent": f.optional(f.units(0)),
    "max_new_per_team": _per_team,
    "separate": _pairs,
    "minutes_per_effort": f.number(0, 100_000),
    "expert_saving": f.number(0, 0.95),
    "tiers": _tiers,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What matters, and which rules hold. Every default is neutral or the documented house default.

    Attributes
    ----------
    weights : cost term -> weight, 0 or more; terms not named keep the default weight of `ticketopt.costs.COST_TERMS`.
    balance : weight of the convex load cost, 0 or more; 0 switches balancing off.
    capacity : what an agent without a capacity of its own gets, open work included: "fair_share" (the smallest
        number with which the available agents' capacities add up to their open work plus the queue), a whole number,
        or None for no limit.
    urgent_from : tickets with at least this urgency count as urgent.
    max_urgent_per_agent, max_new_per_agent : at most so many (urgent) new tickets for one agent; None is no limit.
    max_new_per_team : the same for a team: one number for every team, or team -> number.
    separate : pairs of ticket ids that must not go to the same agent.
    minutes_per_effort : how long a unit of effort takes; a ticket must fit in before its agent's shift ends.
    expert_saving : the share of a ticket's effort that a master of all it wants saves, 0 to 0.95; at 0.5 an expert
        needs half the time. See `Problem.pair_effort`.
    tiers : goals in strict order, in place of one weighted sum: each is as good as it can be without making an earlier
        one worse. Of "unassigned" (tickets left out), "urgent_unassigned" (urgent ones), "cost" (pair costs) and
        "balance" (load cost); with unequal effort or limits across tickets, "balance" can only be the last. `solve` and
        what calls it go by tiers; `resolve`, `Session` and `frontier` by the weighted sum.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    balance: float = 0.5
    capacity: str | int | None = "fair_share"
    urgent_from: float = 0.7
    max_urgent_per_agent: int | None = None
    max_new_per_agent: int | None = None
    max_new_per_team: int | Mapping[str, int] | None = None
    separate: tuple[tuple[Id, Id], ...] = ()
    minutes_per_effort: float = 0.0
    expert_saving: float = 0.0
    tiers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self, POLICY_FIELDS, "policy")

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
        return cls(**clean)
