"""Rows of tickets, or of people's work on tickets: which count, whose they are, and when what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.coded import Coded, coded
from ticketopt.history.people import nobodies
from ticketopt.history.table import Table
from ticketopt.history.table_stages import stages_of
from ticketopt.intake.column import is_placeholder
from ticketopt.problem.names import spelled
from ticketopt.problem.report import shown

__all__ = ["Parts", "part_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """One entry per ticket and agent, by ticket. Shape (parts,), but for what is per ticket: `ids`, `first`, `created`.

    Attributes
    ----------
    source : each part's row in the table. agent : -1 for nobody.
    began, ended : Unix seconds; NaN where the table does not say. stage : `Stage` when the table was written.
    first : each ticket's first part. created : tickets stand in this order; NaN, the last ones, for unknown.
    edge : when the table was written.
    """

    source: Int
    ticket: Int
    agent: Coded
    began: Float
    ended: Float
    stage: Int
    first: Int
    created: Float
    ids: tuple[str, ...]
    edge: float


def part_rows(table: Table) -> Parts:
    """See `Parts`."""
    ids = _ids(table)
    edge = _edge(table)
    created = _created(table)
    stage = stages_of(table)
    kept = np.flatnonzero(_usable(table, ids, created, stage))
    ticket, names = ids.take(kept).compact()
    first_created = np.full(len(names), np.inf)
    np.fmin.at(first_created, ticket, created[kept])
    first_created[np.isinf(first_created)] = np.nan
    by_age = np.argsort(first_created, kind="stable")
    rank = np.empty(len(by_age), dtype=np.int64)
    rank[by_age] = np.arange(len(by_age))
    order = np.argsort(rank[ticket], kind="stable")
    rows, ticket = kept[order], rank[ticket][order]
    place, agent = _agents(table, rows)
    rows, ticket = rows[place], ticket[place]
    began = _first_said(table, ("assigned", "started", "created"))[rows]
    ended = _first_said(table, ("resolved", "closed"))[rows]
    first = np.flatnonzero(np.diff(ticket, prepend=-1))
    ids_by_age = tuple(names[k] for k in by_age)
    return Parts(rows, ticket, agent, began, ended, stage[rows], first, first_created[by_age], ids_by_age, edge)


def _ids(table: Table) -> Coded:
    """Every row's ticket; where no column has ids, rows are numbered."""
    if "ticket" in table:
        return table.names("ticket")
    table.note("no ids", "No column has ids: every row is a ticket of its own, and has its number.", table.n_rows)
    return coded(range(1, table.n_rows + 1))


def _edge(table: Table) -> float:
    """When the table was written: now, else the last time that is in it, but for what is due."""
    if table.how.now is not None:
        return table.how.now
    times = [values for name, values in table.times.items() if name != "due" and not np.isnan(values).all()]
    return float(max((np.nanmax(values) for values in times), default=np.nan))


def _created(table: Table) -> Float:
    created = table.time("created")
    return np.where(np.isnan(created), _first_said(table, ("assigned", "started", "resolved", "closed")), created)


def _first_said(table: Table, names: tuple[str, ...]) -> Float:
    found = np.full(table.n_rows, np.nan)
    for name in names:
        found = np.where(np.isnan(found), table.time(name), found)
    return found


def _usable(table: Table, ids: Coded, created: Float, stage: Int) -> Bool:
    keep: Bool = ids.codes >= 0
    table.set_aside(~keep, "without a ticket's id were set aside")
    keep &= table.fits(keep)
    if table.how.now is not None:
        table.set_aside(keep & (created > table.how.now), "of tickets later than now were set aside")
        keep &= ~(created > table.how.now)
    if "record" in table:
        no_tickets = table.source.no_tickets
        cells = [None if is_placeholder(cell) else str(cell).strip() for cell in table.cells("record")]
        others = [cell is not None and ("*" in no_tickets or cell in no_tickets) for cell in cells]
        table.set_aside(keep & np.array(others, dtype=np.bool_), "that are no tickets were set aside")
        keep &= ~np.array(others, dtype=np.bool_)
    return keep & ~_older(table, ids, keep)


def _older(table: Table, ids: Coded, keep: Bool) -> Bool:
    """Rows of tickets that stand there again, or of a ticket and person where rows are work."""
    older = np.zeros(table.n_rows, dtype=np.bool_)
    key = ids.codes
    if table.source.shape == "work":
        return older
    rows = np.flatnonzero(keep)
    written = np.nan_to_num(table.time("time"), nan=-1.0)[rows]
    order = rows[np.lexsort((rows, written, key[rows]))]
    again = np.append(np.diff(key[order]) == 0, False) if len(order) else np.zeros(0, dtype=np.bool_)
    older[order[again]] = True
    table.set_aside(older, "that are older versions of a ticket were set aside")
    return older


def _agents(table: Table, rows: Int) -> tuple[Int, Coded]:
    """Every agent of every row: the row's place in `rows`, and who. A row without one has one entry, of nobody."""
    written = table.cells("agent")
    cells = [written[k] for k in rows.tolist()]
    if any(_is_several(cell) for cell in cells):
        several: list[list[str | None]] = [[*_names(cell)] or [None] for cell in cells]
        table.note("several agents", "Tickets have several agents: each has a stint.", sum(len(n) > 1 for n in several))
        place = np.repeat(np.arange(len(rows)), [len(names) for names in several])
        agent = coded(name for names in several for name in names)
    else:
        place, agent = np.arange(len(rows)), table.names("agent").take(rows)
    desks = nobodies(agent) if table.how.system_actors is None else table.how.system_actors
    wanted = {spelled(name) for name in desks}
    gone = np.array([spelled(name) in wanted for name in agent.names] + [False], dtype=np.bool_)
    for k, name in enumerate(agent.names):
        if gone[k] and (count := int((agent.codes == k).sum())):
            table.note("no person", f"{shown(name)} among the agents is taken for no person.", count)
    return place, Coded(np.where(gone[agent.codes], -1, agent.codes), agent.names).compact()


def _is_several(cell: object) -> bool:
    return isinstance(cell, list) or (isinstance(cell, str) and "\n" in cell.strip())


def _names(cell: object) -> list[str]:
    parts = cell if isinstance(cell, list) else [] if cell is None else str(cell).splitlines()
    names = (" ".join(str(part).split()) for part in parts)
    return list(dict.fromkeys(name for name in names if not is_placeholder(name)))
