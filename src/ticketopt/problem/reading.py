"""What triage returns: for every ticket the wanted skills and the urgency, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

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
    evidence: tuple[Evidence, ...] = ()


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
