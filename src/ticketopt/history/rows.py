"""Rows of an audit log in the order in which they came about, and what each says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.coded import UNSAID, Coded, firsts
from ticketopt.history.people import nobodies, system_actors
from ticketopt.history.stages import Stage
from ticketopt.history.table import Table
from ticketopt.history.table_stages import stages_of
from ticketopt.problem.names import spelled
from ticketopt.problem.report import shown

__all__ = ["Rows", "sorted_rows"]

_FEW_EMPTY, _FEW_REPEATED = 5, 0.05
"""So many empty cells behind an agent's name, with so few times the same name there, say that nothing has changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows that count, sorted by ticket. Shape (rows,), but for what is per ticket: `ids`, `first`, `created`.

    Attributes
    ----------
    source : each row's place in the table. stage : `Stage` after it.
    agent : who has the ticket after it, or did the activity; -1 for none, `UNSAID` for as before.
    first : each ticket's first row. created : Unix seconds; tickets stand in this order.
    """

    source: Int
    ticket: Int
    time: Float
    stage: Int
    agent: Coded
    group: Coded
    actor: Coded
    first: Int
    created: Float
    ids: tuple[str, ...]


def sorted_rows(table: Table) -> Rows:
    """Rows by ticket, number of the change, time, and place. Those without a ticket or a time are set aside."""
    ids, time = table.names("ticket"), table.time("time")
    kept = np.flatnonzero(_usable(table, ids, time))
    source = kept[_order(table, ids.codes[kept], time[kept], kept)]
    ticket, names = ids.take(source).compact()
    first = firsts(ticket)
    in_order = _not_falling(table, time[source], ticket)
    created = table.time("created")[source[first]]
    created = np.where(np.isnan(created), in_order[first], created)
    by_age = np.argsort(created, kind="stable")
    rank = np.empty(len(by_age), dtype=np.int64)
    rank[by_age] = np.arange(len(by_age))
    again = np.argsort(rank[ticket], kind="stable")
    source, ticket = source[again], rank[ticket][again]
    stage = stages_of(table)[source]
    agent, actor = _people(table, source, stage)
    group = table.names("group").take(source)
    same, written = table.how.empty_agent, table.names("agent").codes[source]
    if same == "same" or (same is None and table.source.shape == "updates" and _only_changes(written, ticket)):
        words = "Agents and groups are written only where they change: empty cells leave them as they are."
        table.note("empty cells", words, int((written < 0).sum()))
        agent = Coded(np.where(written < 0, UNSAID, agent.codes), agent.names)
        group = _unsaid(group)
    elif table.source.shape == "events":
        group = _unsaid(group)
    ids_by_age = tuple(names[k] for k in by_age)
    return Rows(
        *(source, ticket, in_order[again], stage, agent, group, actor, firsts(ticket), created[by_age], ids_by_age)
    )


def _only_changes(agent: Int, ticket: Int) -> bool:
    """Whether agents are written only where they change: hardly one stands behind itself, many before empty cells."""
    is_same = np.diff(ticket) == 0
    before, after = agent[:-1][is_same], agent[1:][is_same]
    had = before >= 0
    repeated, empty = int((had & (after == before)).sum()), int((had & (after == -1)).sum())
    return empty >= _FEW_EMPTY and repeated <= _FEW_REPEATED * empty


def _unsaid(column: Coded) -> Coded:
    return Coded(np.where(column.codes == -1, UNSAID, column.codes), column.names)


def _usable(table: Table, ids: Coded, time: Float) -> Bool:
    table.set_aside(ids.codes < 0, "without a ticket's id were set aside")
    table.set_aside((ids.codes >= 0) & np.isnan(time), "without a readable time were set aside")
    keep: Bool = (ids.codes >= 0) & ~np.isnan(time)
    keep &= table.fits(keep)
    if table.how.now is not None:
        table.set_aside(keep & (time > table.how.now), "later than now were set aside")
        keep &= ~(time > table.how.now)
    return keep


def _order(table: Table, ticket: Int, time: Float, kept: Int) -> Int:
    place = np.arange(len(ticket))
    if "order" in table:
        return np.lexsort((place, time, table.values("order", low=-np.inf)[kept], ticket))
    grouped = np.lexsort((place, ticket))
    steps = np.diff(time[grouped])[np.diff(ticket[grouped]) == 0]
    if (steps < 0).sum() > (steps > 0).sum():
        table.note("order", "The latest rows stand first: rows of one moment were read from the last one up.")
        place = -place
    return np.lexsort((place, time, ticket))


def _not_falling(table: Table, time: Float, ticket: Int) -> Float:
    """Times that never fall within a ticket, where numbers of changes contradict the clock."""
    falls = np.flatnonzero((np.diff(time) < 0) & (np.diff(ticket) == 0))
    if not len(falls):
        return time
    time = time.copy()
    wrong = np.unique(ticket[falls])
    begins, ends = np.searchsorted(ticket, wrong), np.searchsorted(ticket, wrong, side="right")
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        time[begin:end] = np.maximum.accumulate(time[begin:end])
    words = "In some tickets the numbers of changes and their times disagree; the numbers count."
    table.note("order", words, len(wrong))
    return time


def _people(table: Table, source: Int, stage: Int) -> tuple[Coded, Coded]:
    """Agents and actors of rows; programs and desks are nobody."""
    stated = table.how.system_actors
    bare = table.names("agent").take(source)
    desks = nobodies(bare) if stated is None else stated
    for name, count in _counts(bare, desks).items():
        table.note("no person", f"{shown(name)} among the agents is taken for no person.", count)
    agent = _told_apart(table, source, _without(bare, desks))
    is_event = table.source.shape == "events"
    actor = agent if is_event and "actor" not in table else table.names("actor").take(source)
    programs = system_actors(actor, agent) if stated is None and actor is not agent else stated or ()
    for name, count in _counts(actor, () if actor is agent else programs).items():
        table.note(
            "system actor",
            f"{shown(name)} is taken for a program or a dispatcher: these changes are no agent's work.",
            count,
        )
    actor = _without(actor, (*programs, *desks))
    if is_event:
        queued = np.where(stage == Stage.NEW, -1, UNSAID)
        moves = np.isin(stage, (Stage.OPEN, Stage.WAITING, Stage.RESOLVED, Stage.WITHDRAWN))
        agent = Coded(np.where(moves & (agent.codes >= 0), agent.codes, queued), agent.names)
    return _used(agent), actor


def _told_apart(table: Table, source: Int, agent: Coded) -> Coded:
    """Agents of rows; where another column tells people of one name apart, by both."""
    if "agent_more" not in table:
        return agent
    more = table.names("agent_more").take(source)
    width = len(more.names) + 1
    pairs = np.where(agent.codes < 0, -1, agent.codes * width + more.codes + 1)
    both, codes = np.unique(pairs, return_inverse=True)
    n_nobody = int((both < 0).sum())
    names = [
        agent.names[k // width] + (f" ({more.names[k % width - 1]})" if k % width else "")
        for k in both[n_nobody:].tolist()
    ]
    return Coded(codes - n_nobody, tuple(names))


def _counts(column: Coded, names: tuple[str, ...]) -> dict[str, int]:
    wanted = {spelled(name) for name in names}
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.names))
    return {name: int(counts[k]) for k, name in enumerate(column.names) if spelled(name) in wanted and counts[k]}


def _without(column: Coded, names: tuple[str, ...]) -> Coded:
    wanted = {spelled(name) for name in names}
    gone = np.array([spelled(name) in wanted for name in column.names] + [False], dtype=np.bool_)
    return Coded(np.where(gone[column.codes], -1, column.codes), column.names)


def _used(column: Coded) -> Coded:
    """Without names that no row has; codes below -1 stay."""
    compact = Coded(np.maximum(column.codes, -1), column.names).compact()
    return Coded(np.where(column.codes < -1, column.codes, compact.codes), compact.names)
