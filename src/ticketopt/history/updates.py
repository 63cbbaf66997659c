"""An audit log, one row per change or activity -> a history.

1. `rows` sorts the rows; `stints` finds who had each ticket from when to when.
2. Names of other columns are linked to the agents, by name or by counting which ones meet.
3. Tickets that their opener kept were routed by nobody; their first stints begin when they were opened.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.coded import Coded
from ticketopt.history.facts import facts_of
from ticketopt.history.history import Actions, History, PastTickets, Stints
from ticketopt.history.links import agents_of
from ticketopt.history.own import own_tickets
from ticketopt.history.rows import Rows, sorted_rows
from ticketopt.history.stages import Stage
from ticketopt.history.stints import Course, Found, find_stints
from ticketopt.history.table import Table

__all__ = ["history_of_updates"]


def history_of_updates(table: Table) -> History:
    """See the module's text."""
    rows = sorted_rows(table)
    now = table.how.now
    latest = float(rows.time.max()) if len(rows.time) else float("nan")
    edge = latest if now is None else now
    course = Course(rows.ticket, rows.time, rows.stage, rows.agent.codes, rows.group.codes, _resolvers(table, rows))
    found = find_stints(
        course, edge, dispatch_seconds=table.how.dispatch_seconds, resolved_at_once=table.how.resolved_at_once
    )
    own = own_tickets(table, rows.ids, table.names("opened_by").take(rows.source[rows.first]), found.stints, rows.agent)
    _note_stints(table, found, rows)
    facts = facts_of(table, rows.source, rows.ticket)
    n = len(rows.ids)
    tickets = PastTickets(
        *(rows.ids, rows.created, found.resolved, facts.kind.codes, _first_group(rows, n), facts.priority.codes),
        *(facts.requester.codes, own, _reopened(table, rows, found, n), facts.estimate, facts.hours, facts.due),
        *(facts.texts, facts.columns),
    )
    return History(
        table.source.label,
        tickets,
        _from_opening(found.stints, own, rows.created),
        found.pauses,
        _actions(table, rows, found),
        *(rows.agent.names, rows.group.names, facts.kind.names, facts.priority.names, facts.requester.names),
        float(rows.time.min()) if len(rows.time) else edge,
        edge,
        mapped=dict(table.mapped),
    )


def _resolvers(table: Table, rows: Rows) -> Int:
    """Per row, who resolved the ticket as a column of its own says."""
    if "resolved_by" not in table:
        return np.full(len(rows.ticket), -1)
    said = table.names("resolved_by").take(rows.source)
    done = rows.stage >= Stage.RESOLVED
    meets = Coded(np.where(done, said.codes, -1), said.names)
    return agents_of(table, "resolved_by", meets, rows.agent)[said.codes]


def _first_group(rows: Rows, n: int) -> Int:
    group = np.full(n, -1)
    given = np.flatnonzero(rows.group.codes >= 0)[::-1]
    group[rows.ticket[given]] = rows.group.codes[given]
    return group


def _reopened(table: Table, rows: Rows, found: Found, n: int) -> Int:
    counted = np.zeros(n)
    if "reopened" in table:
        np.maximum.at(counted, rows.ticket, np.nan_to_num(table.values("reopened")[rows.source]))
    return np.maximum(found.reopened, counted.astype(np.int64))


def _from_opening(stints: Stints, own: Bool, created: Float) -> Stints:
    """The first stint of a ticket that its opener kept begins when it was opened."""
    earlier = own[stints.ticket] & (stints.attempt == 0)
    return replace(stints, start=np.where(earlier, np.minimum(created[stints.ticket], stints.start), stints.start))


def _actions(table: Table, rows: Rows, found: Found) -> Actions:
    """What agents did, by who made each change; where no column says it, by who kept a ticket that was changed."""
    if table.source.shape == "events" and "actor" not in table:
        who = rows.actor.codes
        place = {name: k for k, name in enumerate(rows.agent.names)}
        who = np.append([place.get(name, -1) for name in rows.actor.names], -1)[who]
    elif "actor" in table:
        who = agents_of(table, "actor", rows.actor, rows.agent)[rows.actor.codes]
    else:
        before = np.concatenate(([-1], found.held[:-1])) if len(found.held) else found.held
        is_same = np.diff(rows.ticket, prepend=-1) == 0
        kept = is_same & (before >= 0) & ((found.held == before) | (rows.agent.codes == before))
        who = np.where(kept, before, -1)
        table.note("actions", "No column says who made a change: it is taken for the work of who kept the ticket.")
    order = np.flatnonzero(who >= 0)
    order = order[np.argsort(rows.time[order], kind="stable")]
    return Actions(who[order], rows.ticket[order], rows.time[order])


def _note_stints(table: Table, found: Found, rows: Rows) -> None:
    if found.at_once:
        words = "Stints have no length: their agents first appear in the row that resolves the ticket."
        table.note("unseen start", words, found.at_once)
    if found.dispatched:
        words = f"Agents passed a ticket on within {table.how.dispatch_seconds:g} s: this is dispatch, and no stint."
        table.note("dispatch", words, found.dispatched)
    if found.bridged:
        table.note("missing agent", "Rows name no agent between two of the same: it had the ticket.", found.bridged)
    n_open = int((found.stints.outcome == 2).sum())
    if n_open:
        table.note("right edge", "Stints are open where the log ends; they end there.", n_open)
    held = np.unique(found.stints.ticket)
    if len(held) < len(rows.ids):
        table.note("no agent", "Tickets were never anybody's.", len(rows.ids) - len(held))
