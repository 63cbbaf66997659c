"""What triage returns: for every ticket the wanted skills and the urgency, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, overload

from ticketopt.problem.records import Ticket

DEFAULT_URGENCY = 0.4
"""Urgency of a ticket that says nothing about it: the level of a medium priority."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one conclusion.

    Attributes
    ----------
    about : the skill's name, or "urgency"; "length" says that a field was cut, "automatic" that a machine wrote the
        ticket, and its words of which kind it is (both with weight 0).
    words : the words that fired, as they stand in the ticket for its reader, so without the markup of HTML (or the
        value of the field that was given).
    field : where they stand: title, description, or the name of the ticket's field that decided (skills, due ...).
    weight : how much they moved the conclusion, negative where they speak against it: for a skill its part of the log
        odds, for the urgency points.
    source : "words" where the words say so, "vectors" where they only sound like it.
    """

    about: str
    words: str
    field: str
    weight: float
    source: str = "words"


class LazyEvidence(Sequence[Evidence]):
    """Evidence of which a part is worked out when somebody looks at it; copied or pickled it is a plain tuple.

    Parameters
    ----------
    known : what is known already. rest : makes the others, the same whenever it is called.
    """

    __slots__ = ("_all", "_known", "_rest")

    def __init__(self, known: Iterable[Evidence], rest: Callable[[], Iterable[Evidence]]) -> None:
        self._known, self._rest = tuple(known), rest
        self._all: tuple[Evidence, ...] | None = None

    @property
    def known(self) -> tuple[Evidence, ...]:
        """What is known already."""
        return self._known

    def rest(self) -> Iterable[Evidence]:
        """All others."""
        return self._rest()

    def _whole(self) -> tuple[Evidence, ...]:
        if self._all is None:
            self._all = tuple(sorted([*self.rest(), *self.known], key=lambda item: -abs(item.weight)))
        return self._all

    @overload
    def __getitem__(self, index: int) -> Evidence: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, index: int | slice) -> Evidence | tuple[Evidence, ...]:
        return self._whole()[index]

    def __len__(self) -> int:
        return len(self._whole())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._whole() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._whole())

    def __repr__(self) -> str:
        return repr(self._whole())

    def __reduce__(self) -> tuple[type[tuple[Evidence, ...]], tuple[tuple[Evidence, ...]]]:
        return tuple, (self._whole(),)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one ticket wants.

    Attributes
    ----------
    skills : wanted skill -> weight; weights are above 0 and add up to 1; empty where nothing was recognized.
        Skills are spelled as the agents spell them where an agent has them.
    urgency : 0 (can wait) to 1 (now).
    evidence : what led there, strongest first.
    """

    skills: Mapping[str, float] = field(default_factory=dict)
    urgency: float = DEFAULT_URGENCY
    evidence: Sequence[Evidence] = ()

    def about_urgency(self) -> list[Evidence]:
        """The evidence for the urgency, without working out the other."""
        known = self.evidence.known if isinstance(self.evidence, LazyEvidence) else self.evidence
        return [item for item in known if item.about == "urgency"]

    def with_more(self, evidence: Evidence) -> Sequence[Evidence]:
        """The evidence and one piece more, strongest first."""
        if isinstance(self.evidence, LazyEvidence):
            return LazyEvidence((*self.evidence.known, evidence), self.evidence.rest)
        return tuple(sorted((*self.evidence, evidence), key=lambda one: -abs(one.weight)))

    def plain(self) -> dict[str, Any]:
        """JSON-ready data."""
        evidence = [asdict(item) for item in self.evidence]
        return {"skills": dict(self.skills), "urgency": self.urgency, "evidence": evidence}


class Triage(Protocol):
    """Reads tickets. `read_tickets` is ours; users may pass their own to `assign(..., triage=)`."""

    def __call__(self, tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> Sequence[Reading]:
        """One reading per ticket, in order. `skills` are the names that the team's agents carry."""
        ...


def stated(ticket: Ticket) -> Reading:
    """The reading of a ticket by what it states itself, without its text."""
    wanted = ticket.skills or {}
    urgency = ticket.stated_urgency
    return Reading(
        {skill: value for skill, value in wanted.items() if value > 0},
        DEFAULT_URGENCY if urgency is None else urgency,
    )
