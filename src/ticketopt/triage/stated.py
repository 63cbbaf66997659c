"""What tickets say themselves of the skills that they want and of their urgency, without their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice
from operator import ne

import numpy as np

from ticketopt.problem.names import spelled
from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence, LazyEvidence, Reading
from ticketopt.problem.record_columns import values_of
from ticketopt.problem.records import PRIORITY_URGENCY, Ticket

__all__ = [
    "StatedEvidence",
    "stated_reading",
    "stated_readings",
    "stated_shares",
    "stated_urgency",
    "statements",
    "urgency_evidence",
]


class StatedEvidence(LazyEvidence):
    """The evidence of a ticket that states skills and urgency itself, made when somebody looks at it.

    Parameters
    ----------
    urgency, priority : what the ticket says. shares : what `stated_shares` made of its skills.
    """

    __slots__ = ("_priority", "_shares", "_urgency")

    def __init__(self, urgency: float | None, priority: str | None, shares: Mapping[str, float]) -> None:
        self._urgency, self._priority, self._shares = urgency, priority, shares
        self._all: tuple[Evidence, ...] | None = None

    @property
    def known(self) -> tuple[Evidence, ...]:
        return urgency_evidence(self._urgency, self._priority)

    def rest(self) -> list[Evidence]:
        return statements(self._shares)


def stated_readings(tickets: Sequence[Ticket], names: Mapping[str, str]) -> tuple[Reading, ...] | None:
    """The readings of tickets of which every one states skills and urgency; None where one does not."""
    wanted, urgencies, priorities = (values_of(tickets, name) for name in ("skills", "urgency", "priority"))
    if None in wanted or any(u is None and p is None for u, p in zip(urgencies, priorities, strict=True)):
        return None
    return tuple(map(stated_reading, stated_shares(wanted, names), urgencies, priorities))


def stated_reading(shares: Mapping[str, float], urgency: float | None, priority: str | None) -> Reading:
    """The reading of a ticket that states both, by its `stated_shares` and its fields."""
    evidence = StatedEvidence(urgency, priority, shares) if shares else urgency_evidence(urgency, priority)
    return Reading(shares, stated_urgency(urgency, priority), evidence)


def stated_shares(wanted: Sequence[Mapping[str, float]], names: Mapping[str, str]) -> list[dict[str, float]]:
    """The skills that each ticket names itself, spelled as the agents spell them, and the share of each."""
    own = {name: names.get(spelled(name), name) for name in dict.fromkeys(chain.from_iterable(wanted))}
    if any(map(ne, own.keys(), own.values())):
        wanted = [{own[name]: weight for name, weight in skills.items() if weight > 0} for skills in wanted]
    sizes = list(map(len, wanted))
    ticket = np.repeat(np.arange(len(wanted)), sizes)
    weights = np.array([weight for skills in wanted for weight in skills.values()], dtype=np.float64)
    largest = np.zeros(len(wanted))
    np.maximum.at(largest, ticket, weights)
    parts = weights / np.where(largest > 0, largest, 1.0)[ticket]
    totals = np.bincount(ticket, parts, len(wanted))
    shares = parts / np.where(totals > 0, totals, 1.0)[ticket]
    rest = zip(chain.from_iterable(wanted), shares.tolist(), strict=True)
    return [{name: share for name, share in islice(rest, size) if share > 0} for size in sizes]


def statements(shares: Mapping[str, float]) -> list[Evidence]:
    """The evidence for stated skills."""
    return [Evidence(name, name, "skills", share) for name, share in shares.items()]


def stated_urgency(urgency: float | None, priority: str | None) -> float:
    """The urgency that a ticket states itself by its two fields; the usual one where it states none."""
    if urgency is not None:
        return urgency
    return DEFAULT_URGENCY if priority is None else PRIORITY_URGENCY[priority]


def urgency_evidence(urgency: float | None, priority: str | None) -> tuple[Evidence, ...]:
    """The evidence for it, none where it states none."""
    if urgency is not None:
        return (Evidence("urgency", f"{urgency:g}", "urgency", urgency),)
    return () if priority is None else (Evidence("urgency", priority, "priority", PRIORITY_URGENCY[priority]),)
