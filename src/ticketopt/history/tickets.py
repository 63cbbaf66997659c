"""A table with one row per ticket, or per ticket and person -> a history.

Whoever has a ticket last has one stint in it, from when it was assigned, or else created, to when it was resolved. Who
had it before is not in the table: where it counts how often the ticket was passed on, that is the stint's attempt.
"""

from __future__ import annotations

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.facts import facts_of
from ticketopt.history.history import Actions, History, Outcome, PastTickets, Pauses, Stints
from ticketopt.history.own import own_tickets
from ticketopt.history.stages import Stage
from ticketopt.history.stints import attempts
from ticketopt.history.table import Table
from ticketopt.history.ticket_rows import Parts, part_rows

__all__ = ["history_of_tickets"]


def history_of_tickets(table: Table) -> History:
    """See the module's text."""
    parts = part_rows(table)
    rows = parts.source[parts.first]
    passes = _passes(table, rows)
    stints = _stints(table, parts, passes)
    facts = facts_of(table, rows, np.arange(len(rows)))
    group = table.names("group").take(rows).compact()
    own = own_tickets(table, parts.ids, table.names("opened_by").take(rows), stints, parts.agent)
    reopened = np.nan_to_num(table.values("reopened")[rows]).astype(np.int64)
    hours = _sums(table, parts) if table.source.shape == "work" and "total_hours" not in table else facts.hours
    tickets = PastTickets(
        parts.ids,
        parts.created,
        _resolved(parts),
        facts.kind.codes,
        group.codes,
        facts.priority.codes,
        facts.requester.codes,
        np.asarray(own & ~(passes > 0)),
        reopened,
        facts.estimate,
        hours,
        facts.due,
        facts.texts,
        facts.columns,
    )
    _note_table(table, parts)
    return History(
        table.source.label,
        tickets,
        stints,
        Pauses(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)),
        _actions(table, stints),
        *(parts.agent.names, group.names, facts.kind.names, facts.priority.names, facts.requester.names),
        float(np.nanmin(parts.created)) if np.isfinite(parts.created).any() else parts.edge,
        parts.edge,
        mapped=dict(table.mapped),
    )


def _passes(table: Table, rows: Int) -> Float:
    """Per ticket, how often it was passed on; NaN where no column counts it."""
    holders = table.values("holders")[rows] - 1
    return np.where(np.isnan(table.values("passes")[rows]), np.maximum(holders, 0), table.values("passes")[rows])


def _is_done(parts: Parts) -> Bool:
    said = parts.stage != Stage.UNSAID
    return np.asarray(np.where(said, parts.stage >= Stage.RESOLVED, ~np.isnan(parts.ended)))


def _resolved(parts: Parts) -> Float:
    """Per ticket, when it was resolved: of several people's work, the last."""
    resolved = np.full(len(parts.ids), np.nan)
    is_end = _is_done(parts) & (parts.stage != Stage.WITHDRAWN) & (parts.ended <= parts.edge)
    np.fmax.at(resolved, parts.ticket[is_end], parts.ended[is_end])
    return resolved


def _stints(table: Table, parts: Parts, passes: Float) -> Stints:
    done = _is_done(parts) & ~(parts.ended > parts.edge)
    began, ended = parts.began, np.where(done, parts.ended, parts.edge)
    undated = (parts.agent.codes >= 0) & done & np.isnan(ended) & ~np.isnan(began)
    is_work = table.source.shape == "work"
    if is_work:
        ended = np.where(undated, began, ended)
    table.note_where(undated, _UNDATED_WORK if is_work else _UNDATED, "no end")
    is_later = began > parts.edge
    backward = (parts.agent.codes >= 0) & (ended < began) & ~is_later
    created = parts.created[parts.ticket]
    began = np.where(backward, np.where(created <= ended, created, ended), began)
    table.note_where(backward, "Stints would end before they begin: they begin when the ticket was created.", "order")
    kept = np.flatnonzero((parts.agent.codes >= 0) & ~np.isnan(began) & ~np.isnan(ended) & ~is_later)
    outcome = np.where(
        done, np.where(parts.stage == Stage.WITHDRAWN, Outcome.WITHDRAWN, Outcome.RESOLVED), Outcome.OPEN
    ).astype(np.int64)
    order = kept[np.lexsort((began[kept], parts.ticket[kept]))]
    ticket = parts.ticket[order]
    before = np.nan_to_num(passes[ticket]).astype(np.int64)
    group = table.names("group").take(parts.source[parts.first]).compact().codes[ticket]
    hours = table.hours("hours")[parts.source[order]] if "hours" in table else None
    return Stints(
        *(ticket, parts.agent.codes[order], group, attempts(ticket) + before),
        *(began[order], ended[order], outcome[order]),
        hours=hours,
    )


_UNDATED = "Tickets are over, but no column says since when: their agents have no stint."
_UNDATED_WORK = "Work is over, but no column says since when: its stint ends where it begins, and its hours count."


def _sums(table: Table, parts: Parts) -> Float:
    """Per ticket, the hours of all who worked on it; NaN where nobody's are known."""
    hours = table.hours("hours")[parts.source]
    known = ~np.isnan(hours)
    total = np.bincount(parts.ticket[known], hours[known], len(parts.ids))
    is_known = np.bincount(parts.ticket[known], minlength=len(parts.ids)) > 0
    return np.where(is_known, total, np.nan)


def _actions(table: Table, stints: Stints) -> Actions:
    """The only moment at which an agent surely did something: the resolution."""
    ends = np.flatnonzero(stints.outcome == Outcome.RESOLVED)
    ends = ends[np.argsort(stints.end[ends], kind="stable")]
    if len(ends):
        table.note("actions", "Of what agents did, only that they resolved tickets is known, and when.", len(ends))
    return Actions(stints.agent[ends], stints.ticket[ends], stints.end[ends])


def _note_table(table: Table, parts: Parts) -> None:
    nobody = np.bincount(parts.ticket[parts.agent.codes >= 0], minlength=len(parts.ids)) == 0
    table.note_where(nobody, "Tickets have no agent.", "no agent")
    if "assigned" not in table and "started" not in table:
        words = "No column says when tickets were assigned: stints begin when they were created."
        table.note_where(parts.agent.codes >= 0, words, "unseen start")
    if "kind" in table or "group" in table:
        table.note("as written", "Kind, group and priority are those of the day on which the table was written.")
    is_open = (parts.agent.codes >= 0) & ~_is_done(parts)
    table.note_where(is_open, "Stints are open where the log ends; they end there.", "right edge")
