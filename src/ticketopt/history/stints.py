"""Rows of an audit log -> stints: who had a ticket from when to when, how that ended, and what was pending inside.

1. What a row leaves unsaid is as before; an agent who is missing between two rows of the same stint had the ticket.
2. Rows with the same agent, one behind the other, are a stint. It ends where the next row begins.
3. Who first appears in the row that resolves a ticket had it for a stint of no length: its start is not in the log.
4. A stint that is passed on at once is dispatch, and no stint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.coded import carried
from ticketopt.history.history import Outcome, Pauses, Stints
from ticketopt.history.stages import Stage

__all__ = ["Course", "Found", "attempts", "find_stints"]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Rows of an audit log, sorted by ticket and in the order in which they came about. Shape (rows,) each.

    Attributes
    ----------
    ticket : index. time : Unix seconds, not falling within a ticket.
    stage : `Stage` after the row. agent, group : after the row; -1 for none, `UNSAID` for as before.
    resolver : who resolved the ticket as another column says, -1 for none.
    """

    ticket: Int
    time: Float
    stage: Int
    agent: Int
    group: Int
    resolver: Int


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What rows say together.

    Attributes
    ----------
    resolved, reopened : per ticket: Unix seconds of the last resolution, NaN for none; how often opened again.
    held : per row, who had the ticket after it; -1 for nobody.
    bridged : rows without an agent within a stint. at_once : stints whose start is not seen. dispatched : stints that
        were dispatch.
    """

    stints: Stints
    pauses: Pauses
    resolved: Float
    reopened: Int
    held: Int
    bridged: int
    at_once: int
    dispatched: int


def find_stints(log: Course, edge: float, *, dispatch_seconds: float, resolved_at_once: bool) -> Found:
    """See the module's text. `edge` is where the log ends."""
    starts = np.diff(log.ticket, prepend=-1) != 0
    stage = carried(log.stage, starts, unsaid=Stage.UNSAID, before=Stage.NEW)
    group = carried(log.group, starts)
    agent = carried(log.agent, starts)
    done = stage >= Stage.RESOLVED
    agent, bridged = _bridged(agent, group, done, starts)
    held = np.where(done, -1, agent)
    rows = np.flatnonzero(starts | (np.diff(held, prepend=-2) != 0) | (np.diff(done, prepend=False) != 0))
    own, ends, outcome = _ended(log, rows, held, done, agent, stage, edge)
    late = _resolved_by_others(log, rows, held, done, agent, stage) if resolved_at_once else (rows[:0], rows[:0])
    first = np.concatenate((rows[own], rows[late[0]]))
    order = np.argsort(first, kind="stable")
    stints = Stints(
        log.ticket[first][order],
        np.concatenate((held[rows[own]], late[1]))[order],
        group[first][order],
        np.zeros(len(first), dtype=np.int64),
        log.time[first][order],
        np.concatenate((ends[own], log.time[rows[late[0]]]))[order],
        np.concatenate((outcome[own], np.full(len(late[0]), int(Outcome.RESOLVED))))[order],
    )
    place = np.full(len(rows), -1)
    place[np.concatenate((own, late[0]))[order]] = np.arange(len(first))
    is_dispatch = (stints.outcome == Outcome.PASSED) & (stints.end - stints.start < dispatch_seconds)
    stints, place = _kept(stints, place, ~is_dispatch)
    pauses = _pauses(log, (stage == Stage.WAITING) & (held >= 0), rows, place, stints)
    resolved, reopened = _endings(log, rows, done, stage)
    return Found(stints, pauses, resolved, reopened, held, bridged, len(late[0]), int(is_dispatch.sum()))


def attempts(ticket: Int) -> Int:
    """Of stints sorted by ticket, which of its ticket each is, from 0."""
    rows = np.arange(len(ticket))
    starts = np.where(np.diff(ticket, prepend=-1) != 0, rows, 0)
    return rows - (np.maximum.accumulate(starts) if len(rows) else rows)


def _bridged(agent: Int, group: Int, done: Bool, starts: Bool) -> tuple[Int, int]:
    """Agents, also where one is missing for some rows between others of the same agent and group."""
    if not len(agent):
        return agent, 0
    marked = np.where(done, -3, agent)  # who had it before an end is of no use behind it
    ends = np.append(starts[1:], True)
    before = carried(marked, starts, unsaid=-1, before=-3)
    coming = np.where(done & (agent < 0), -3, agent)
    after = carried(coming[::-1], ends[::-1], unsaid=-1, before=-3)[::-1]
    rows = carried(np.where(marked == -1, -1, np.arange(len(agent))), starts, unsaid=-1, before=0)
    is_gap = (marked == -1) & (before >= 0) & (before == after) & (group == group[rows])
    return np.where(is_gap, before, agent), int(is_gap.sum())


def _ended(
    log: Course, rows: Int, held: Int, done: Bool, agent: Int, stage: Int, edge: float
) -> tuple[Int, Float, Int]:
    """Which runs of rows are stints; when every run ends, and how."""
    following = np.append(rows[1:], len(log.ticket))
    is_last = np.ones(len(rows), dtype=np.bool_)
    is_last[:-1] = log.ticket[rows[1:]] != log.ticket[rows[:-1]]
    after = np.where(is_last, 0, following) if len(rows) else rows
    ends = np.where(is_last, edge, log.time[after])
    is_own_end = done[after] & ((agent[after] == held[rows]) | (agent[after] < 0) | (stage[after] == Stage.WITHDRAWN))
    how = np.where(stage[after] == Stage.WITHDRAWN, int(Outcome.WITHDRAWN), int(Outcome.RESOLVED))
    outcome = np.where(is_last, int(Outcome.OPEN), np.where(is_own_end, how, int(Outcome.PASSED)))
    return np.flatnonzero(held[rows] >= 0), ends, outcome


def _resolved_by_others(log: Course, rows: Int, held: Int, done: Bool, agent: Int, stage: Int) -> tuple[Int, Int]:
    """Runs that begin with a resolution by somebody who did not have the ticket before, and by whom."""
    is_first = np.diff(log.ticket[rows], prepend=-1) != 0
    is_last = np.diff(log.ticket[rows], append=-1) != 0
    before = np.where(is_first, -1, np.concatenate(([-1], held[rows[:-1]])) if len(rows) else rows)
    who = np.where((agent[rows] < 0) & (before < 0) & is_last, log.resolver[rows], agent[rows])
    found = np.flatnonzero(done[rows] & (stage[rows] == Stage.RESOLVED) & (who >= 0) & (who != before))
    return found, who[found]


def _kept(stints: Stints, place: Int, kept: Bool) -> tuple[Stints, Int]:
    """Some of the stints, their attempts counted; and where each run's stint is now, -1 for nowhere."""
    number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    ticket = stints.ticket[kept]
    left = Stints(
        ticket,
        stints.agent[kept],
        stints.group[kept],
        attempts(ticket),
        stints.start[kept],
        stints.end[kept],
        stints.outcome[kept],
    )
    return left, number[place]


def _pauses(log: Course, waits: Bool, rows: Int, place: Int, stints: Stints) -> Pauses:
    """Runs of waiting rows, each until the row behind it or the end of its stint; those that touch are one."""
    run = np.searchsorted(rows, np.arange(len(waits)), side="right") - 1
    owner = np.where(waits, place[run], -1) if len(rows) else np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero((owner >= 0) & (np.diff(owner, prepend=-1) != 0))
    finish = np.flatnonzero((owner >= 0) & (np.diff(owner, append=-1) != 0)) + 1
    stint = owner[begins]
    inside = np.minimum(finish, max(len(waits) - 1, 0))
    goes_on = (finish < len(waits)) & (log.ticket[inside] == log.ticket[begins])
    end = np.minimum(np.where(goes_on, log.time[inside], np.inf), stints.end[stint])
    start = log.time[begins]
    lasts = end > start
    stint, start, end = stint[lasts], start[lasts], end[lasts]
    touches = (np.diff(stint) == 0) & (start[1:] == end[:-1])
    begins, ends = np.append(True, ~touches)[: len(stint)], np.append(~touches, True)[: len(stint)]
    return Pauses(stint[begins], start[begins], end[ends])


def _endings(log: Course, rows: Int, done: Bool, stage: Int) -> tuple[Float, Int]:
    """Per ticket, when it was last resolved, if it is, and how often it was opened again."""
    n_tickets = int(log.ticket[-1]) + 1 if len(log.ticket) else 0
    resolved = np.full(n_tickets, np.nan)
    last = rows[np.diff(log.ticket[rows], append=-1) != 0]
    ended = last[stage[last] == Stage.RESOLVED]
    resolved[log.ticket[ended]] = log.time[ended]
    after_end = np.flatnonzero(np.concatenate(([False], done[rows[:-1]])) & ~done[rows]) if len(rows) else rows
    again = after_end[np.diff(log.ticket[rows], prepend=-1)[after_end] == 0]
    return resolved, np.bincount(log.ticket[rows[again]], minlength=n_tickets)
