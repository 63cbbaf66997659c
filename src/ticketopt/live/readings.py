"""What was read in a ticket's text, kept apart from what its fields say, so that either can change without the other.

A queue keeps no text. Of each ticket it keeps what triage read in the title alone, in the description alone, and in
both, as if no field had said anything. A change then gives:

* no text: the fields decide where they say something, else what was read in the text before; a near `due` raises the
  urgency of that;
* both texts, or the only one there is: triage reads the ticket as if it were new;
* one of two texts: that one is read anew, and joined with what was read in the other one: of the urgencies the higher
  (one that says nothing does not count), of the skills the title's with twice the weight.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ticketopt.problem.reading import DEFAULT_URGENCY, Reading, Triage
from ticketopt.problem.records import Ticket
from ticketopt.triage.urgency import due_urgency

__all__ = ["TEXTS", "TextReader"]

TEXTS = ("title", "description")
"""The fields that are text."""

SHARES = {"title": 2.0, "description": 1.0}
"""What the skills of each text count where both were read alone."""

Read = Mapping[str, Mapping[str, Any]]
"""Text field, or "whole" where there are two of them -> {"skills", "urgency"}, as JSON holds it."""

_UNSAID: dict[str, Any] = {"skills": {}, "urgency": DEFAULT_URGENCY}
_NO_FIELDS: dict[str, Any] = {"skills": None, "urgency": None, "priority": None, "due": None}


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reads tickets by a triage, for a team with these skills, at this time (Unix seconds)."""

    triage: Triage
    skills: Sequence[str]
    now: float

    def new(self, tickets: Sequence[Ticket]) -> list[tuple[Reading, Read]]:
        """What new tickets want, and what to keep of their texts."""
        readings = self._read(tickets)
        alone: dict[str, list[tuple[int, Ticket]]] = {name: [] for name in (*TEXTS, "whole")}
        kept: list[dict[str, Any]] = [{} for _ in tickets]
        for k, ticket in enumerate(tickets):
            there = [name for name in TEXTS if getattr(ticket, name).strip()]
            says = any(getattr(ticket, name) is not None for name in _NO_FIELDS)
            for name in (*there, "whole") if len(there) > 1 else there:
                if not says and (name == "whole" or len(there) == 1):
                    kept[k][name] = _plain(readings[k])
                    continue
                others: dict[str, Any] = {other: "" for other in there if name not in (other, "whole")}
                alone[name].append((k, replace(ticket, **_NO_FIELDS, **others)))
        for name, asked in alone.items():
            for (k, _), reading in zip(asked, self._read([bare for _, bare in asked]), strict=True):
                kept[k][name] = _plain(reading)
        return list(zip(readings, kept, strict=True))

    def changed(self, ticket: Ticket, given: Collection[str], before: Read) -> tuple[Reading, Read]:
        """What a ticket wants after a change that gave some fields, and what to keep of its texts.

        Parameters
        ----------
        ticket : as it is now, with no more text than the change gave.
        """
        texts = [name for name in TEXTS if name in given]
        other = next((name for name in TEXTS if name not in given and name in before), None)
        if not texts:
            return self._by_fields(ticket, whole(before)), before
        if other is None:
            return self.new([ticket])[0]
        fresh = self.new([replace(ticket, **_NO_FIELDS)])[0][1]
        parts = {other: before[other], **{name: fresh[name] for name in texts if name in fresh}}
        kept = {**parts, "whole": _joined(parts)} if len(parts) > 1 else parts
        return self._by_fields(ticket, whole(kept)), kept

    def _by_fields(self, ticket: Ticket, text: Mapping[str, Any]) -> Reading:
        bare = self._read([replace(ticket, title="", description="")])[0]
        skills = text["skills"] if ticket.skills is None else bare.skills
        urgency = bare.urgency
        if ticket.stated_urgency is None:
            urgency = max(text["urgency"], 0.0 if ticket.due is None else due_urgency(ticket.due, self.now))
        return Reading(skills, urgency)

    def _read(self, tickets: Sequence[Ticket]) -> Sequence[Reading]:
        return self.triage(tickets, skills=self.skills, now=self.now) if tickets else ()


def whole(read: Read) -> Mapping[str, Any]:
    """What was read in all of a ticket's text."""
    return read.get("whole") or next(iter(read.values()), _UNSAID)


def _joined(parts: Read) -> dict[str, Any]:
    skills: dict[str, float] = {}
    for name, part in parts.items():
        for skill, share in part["skills"].items():
            skills[skill] = skills.get(skill, 0.0) + SHARES[name] * share
    total = sum(skills.values())
    said = [part["urgency"] for part in parts.values() if part["urgency"] != DEFAULT_URGENCY]
    return {
        "skills": {skill: weight / total for skill, weight in skills.items()},
        "urgency": max(said, default=DEFAULT_URGENCY),
    }


def _plain(reading: Reading) -> dict[str, Any]:
    return {"skills": dict(reading.skills), "urgency": reading.urgency}
