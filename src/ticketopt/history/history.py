"""Past tickets as columns: who had which ticket, from when to when, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import IntEnum

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.about import About, about, headline, local_time

__all__ = ["Actions", "History", "Note", "Outcome", "PastTickets", "Pauses", "Stints"]


class Outcome(IntEnum):
    """How a stint ended."""

    RESOLVED = 0
    PASSED = 1
    """Another agent, or another group without an agent, got the ticket."""
    OPEN = 2
    """The log ends before the stint does (censored)."""
    WITHDRAWN = 3
    """Closed without being resolved: canceled, a duplicate, spam, merged."""


@dataclass(frozen=True, slots=True, eq=False)
class PastTickets:
    """One entry per ticket, in the order of `created` (ties as they were read). All arrays have shape (tickets,).

    Attributes
    ----------
    ids : the helpdesk's own ids.
    created, resolved : Unix seconds; NaN where unknown, or not resolved. `resolved` is the last resolution.
    kind, group, priority, requester : index into `History.kinds`, `.groups`, `.priorities`, `.requesters`; -1 for none.
        `kind` is what was known first (a later category is the future); `group` is the first one.
    own : whether nobody routed it: who opened it kept it.
    reopened : how often.
    estimate : hours that somebody expected before the work; NaN where the log has none.
    hours : hours really worked; NaN where the log has none.
    due : Unix seconds; NaN for none.
    texts : title and description in one; empty strings where the log has none.
    columns : further columns as codes: name -> (index per ticket or -1, the values).
    """

    ids: tuple[str, ...]
    created: Float
    resolved: Float
    kind: Int
    group: Int
    priority: Int
    requester: Int
    own: Bool
    reopened: Int
    estimate: Float
    hours: Float
    due: Float
    texts: tuple[str, ...]
    columns: Mapping[str, tuple[Int, tuple[str, ...]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Stints:
    """An agent had a ticket: one entry per stint, in the order of ticket, then start. Shape (stints,) each.

    Attributes
    ----------
    ticket : index into the tickets. agent : index into `History.agents`. group : as in the tickets; -1 for none.
    attempt : 0 for the first stint of its ticket.
    start, end : Unix seconds, start <= end; `end` of an open stint is the right edge of the log.
    outcome : `Outcome`.
    hours : hours that the agent really worked in it, NaN for unknown; None where the log has none.
    """

    ticket: Int
    agent: Int
    group: Int
    attempt: Int
    start: Float
    end: Float
    outcome: Int
    hours: Float | None = None

    def __len__(self) -> int:
        return len(self.ticket)


@dataclass(frozen=True, slots=True, eq=False)
class Pauses:
    """Pending time inside stints (waiting for a customer, on hold). Disjoint within a stint, in order.

    Attributes
    ----------
    stint : index into the stints. start, end : Unix seconds, within the stint.
    """

    stint: Int
    start: Float
    end: Float


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """What agents did and when, in the order of time: working hours and presence are seen only here.

    Attributes
    ----------
    agent, ticket : indices. time : Unix seconds.
    """

    agent: Int
    ticket: Int
    time: Float


@dataclass(frozen=True, slots=True)
class Note:
    """Something seen in the log that its reader should know.

    Attributes
    ----------
    topic : one word or two: `system actor`, `own tickets`, `left edge` ...
    text : one sentence. count : of how many rows, tickets or stints; 0 where it counts none.
    """

    topic: str
    text: str
    count: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """A helpdesk's past, columnar and frozen.

    Attributes
    ----------
    source : what kind of log it was, in words.
    tickets, stints, pauses, actions : the columns.
    agents, groups, kinds, priorities, requesters : names, which the columns point into.
    begin, end : Unix seconds: the edges of the log.
    mapped : column of the log -> what it became (empty: not used). missing : field -> what its absence rules out.
    notes : what was seen, set aside, assumed.
    zone : IANA name of the zone that the times without an offset were read in.
    """

    source: str
    tickets: PastTickets
    stints: Stints
    pauses: Pauses
    actions: Actions
    agents: tuple[str, ...]
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    priorities: tuple[str, ...]
    requesters: tuple[str, ...]
    begin: float
    end: float
    mapped: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    zone: str = "UTC"

    def __repr__(self) -> str:
        notes = f"{len(self.notes)} note{'' if len(self.notes) == 1 else 's'}"
        return f"<History: {headline(self)}; {notes}>"

    def about(self) -> About:
        """Which column became what, what is missing and what that rules out, what was seen and assumed: print it."""
        return about(self)

    @property
    def resolution(self) -> float:
        """How fine the times of the log are: 1 s, 60 where all are whole minutes, 86,400 where all are days."""
        times = np.concatenate((self.tickets.created, self.stints.start, self.stints.end))
        times = times[np.isfinite(times)]
        if not len(times) or (times % 60 != 0).any():
            return 1.0
        of_day, examples = np.unique(times % 86_400, return_index=True)  # midnight is two of them, where clocks change
        are_days = len(of_day) <= 2 and all(local_time(t, self.zone).time() == time.min for t in times[examples])
        return 86_400.0 if are_days else 60.0

    @property
    def stint_hours(self) -> Float:
        """Hours worked in each stint, its own or those of a ticket with no other; NaN where the log does not say."""
        own = np.full(len(self.stints), np.nan) if self.stints.hours is None else self.stints.hours
        alone = np.bincount(self.stints.ticket, minlength=len(self.tickets))[self.stints.ticket] == 1
        return np.where(np.isnan(own) & alone, self.tickets.hours[self.stints.ticket], own)

    @property
    def routed(self) -> Bool:
        """Per stint, whether somebody routed its ticket to the agent. Shape (stints,)."""
        return np.asarray(~self.tickets.own[self.stints.ticket])
