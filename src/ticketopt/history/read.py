"""`read_history`: somebody's log, whatever wrote it, to a `History`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal, TypeVar

from ticketopt.errors import InvalidInputError
from ticketopt.history.assumptions import Assumptions
from ticketopt.history.history import History
from ticketopt.history.missing import bulk_closing, left_edge, missing_of
from ticketopt.history.recognize import source_of
from ticketopt.history.several import alike_together, one_table
from ticketopt.history.sources import SOURCES
from ticketopt.history.sources.base import FIELDS
from ticketopt.history.stages import STAGE_WORDS, Stage
from ticketopt.history.tables import tables_of
from ticketopt.history.tickets import history_of_tickets
from ticketopt.history.updates import history_of_updates
from ticketopt.intake.cells import Mistake
from ticketopt.intake.read import Sheet
from ticketopt.intake.zone_names import zone_of
from ticketopt.problem import fields as f
from ticketopt.problem.collector import collector_paused
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, choices, shown

__all__ = ["read_history"]

_SHOWN = 12

_ANYTHING = ("title", "description", "agent", "created")
"""Rows that say one of these are tickets, even without ids."""

_Word = TypeVar("_Word", str, str | None)


@collector_paused()
def read_history(
    source: object,
    *,
    kind_of_log: str | None = None,
    columns: Mapping[str, str] | None = None,
    statuses: Mapping[str, str] | None = None,
    zone: str | tzinfo | None = None,
    day_first: bool | None = None,
    now: object = None,
    system_actors: Collection[str] | None = None,
    own_tickets: str | Collection[str] = "opener",
    dispatch_seconds: float = 60.0,
    resolved_at_once: bool = True,
    empty_agent: Literal["nobody", "same"] | None = None,
    texts: bool = True,
) -> History:
    """Read what happened to past tickets, from a helpdesk's export, an audit log, or a process log.

    What kind of log it is, its columns and its words are recognized; `History.about()` says what was made of them.

    Parameters
    ----------
    source : a path, bytes, a data frame, a list of records, or several of these (a list, or a mapping name -> one):
        a table of tickets together with a table of their changes. Files are CSV, TSV, JSON, JSON lines, spreadsheets
        or XES, also packed by gzip.
    kind_of_log : a name in `ticketopt.history.sources.SOURCES`; None: it is recognized.
    columns : their heading -> our field (see `FIELDS` in `ticketopt.history.sources.base`), or "" for a column that is
        not to be used.
    statuses : their word for a status or an activity -> `new`, `open`, `waiting`, `done`, `withdrawn` or `ignored`.
    zone : of times without one: an IANA name. None is UTC.
    day_first : whether `3/5/2026` is in May; None lets the columns decide, and asks where they do not.
    now : when the log was written, its right edge: later rows are set aside. None is the time of the last row.
    system_actors : names that are no people, such as a program or a shared desk; None: they are found.
    own_tickets : which tickets nobody routed: `opener`, those whose opener was their first agent; `none`; or their ids.
    dispatch_seconds : who passes a ticket on sooner than this only dispatched it.
    resolved_at_once : whether an agent who first appears in the row that resolves a ticket had it (for a stint of no
        length).
    empty_agent : what a change without an agent means in an audit log: `nobody` has the ticket, or the `same` one as
        before. None: `same` where no row repeats the agent of the row before.
    texts : whether to keep titles and descriptions.

    Raises
    ------
    InvalidInputError
        With every issue in the arguments and the log.
    OSError
        Where a file cannot be read.

    Examples
    --------
    >>> import ticketopt
    >>> rows = [
    ...     {"ticket": 1, "time": "2026-01-05 09:00", "agent": "ada", "group": "VPN", "status": "open"},
    ...     {"ticket": 1, "time": "2026-01-05 09:50", "agent": "ada", "group": "VPN", "status": "resolved"},
    ...     {"ticket": 2, "time": "2026-01-05 10:00", "agent": "bob", "group": "VPN", "status": "open"},
    ...     {"ticket": 2, "time": "2026-01-06 11:30", "agent": "bob", "group": "VPN", "status": "resolved"},
    ... ]
    >>> history = ticketopt.read_history(rows)
    >>> history
    <History: 2 tickets, 2 stints of 2 agents, 2026-01-05 to 2026-01-05; a table of changes; 2 notes>
    """
    report = Report()
    how = Assumptions(
        kind_of_log,
        dict(columns or {}),
        _stages(statuses or {}, report),
        _zone(zone, report),
        day_first,
        None if now is None else f.timestamp(_unix(now), "now", report),
        None if system_actors is None else tuple(system_actors),
        _own(own_tickets, report),
        dispatch_seconds,
        resolved_at_once,
        _one_of(empty_agent, ("nobody", "same"), "empty_agent", report),
        texts,
    )
    if kind_of_log is not None and kind_of_log not in SOURCES:
        report.unknown("kind_of_log", f"{shown(kind_of_log)} is not known", str(kind_of_log), SOURCES)
    if not dispatch_seconds >= 0:
        report.error("dispatch_seconds", "is negative", "give a number of seconds from 0")
    if report.issues:
        raise InvalidInputError(report.issues)
    return _history(source, how, report)


def _history(source: object, how: Assumptions, report: Report) -> History:
    parts = [source_of(name, given, how) for name, given in alike_together(tables_of(source))]
    parts = [part for part in parts if part[1].headings] or parts[:1]
    if not parts:
        parts = [(SOURCES[how.kind_of_log or "audit"], Sheet("log", (), (), lambda k: f"log[{k}]"))]
    table = one_table(parts, how, report)
    kind, sheet = table.source, table.sheet
    if report.issues:
        raise InvalidInputError(report.issues)
    table.read_all_times(report)
    if report.issues:
        raise InvalidInputError(report.issues)
    is_log = kind.shape in ("updates", "events")
    says_anything = kind.shape == "tickets" and any(name in table for name in _ANYTHING)
    for name in ("ticket", "time") if is_log else () if says_anything else ("ticket",):
        if name not in table and sheet.headings:
            headings = ", ".join(map(shown, sheet.headings[:_SHOWN]))
            problem = f"has no column known as {FIELDS[name]}; its headings are {headings}"
            report.error(sheet.source, problem, f'say which it is: columns={{"their heading": "{name}"}}')
    if report.issues:
        raise InvalidInputError(report.issues)
    history = (history_of_updates if is_log else history_of_tickets)(table)
    notes = (*table.notes, *left_edge(history), *bulk_closing(history))
    return replace(history, missing=missing_of(table, history), notes=notes, zone=zone_name(how.zone))


def zone_name(zone: tzinfo) -> str:
    """A zone's IANA name, else what it calls itself."""
    return str(getattr(zone, "key", zone))


def _unix(now: object) -> Any:
    return now.timestamp() if isinstance(now, datetime) and now.tzinfo is not None else now


def _stages(statuses: Mapping[str, str], report: Report) -> dict[str, Stage]:
    found = {}
    for word, stage in statuses.items():
        if stage in STAGE_WORDS:
            found[spelled(word)] = STAGE_WORDS[stage]
        else:
            report.error(f"statuses[{shown(word)}]", f"{shown(stage)} is not known", choices(str(stage), STAGE_WORDS))
    return found


def _zone(zone: str | tzinfo | None, report: Report) -> tzinfo:
    found = UTC if zone is None else zone_of(zone)
    if isinstance(found, Mistake):
        report.error("zone", found.problem, found.repair)
        return UTC
    return found


def _own(own: str | Collection[str], report: Report) -> str | Collection[str]:
    return _one_of(own, ("opener", "none"), "own_tickets", report) if isinstance(own, str) else own


def _one_of(word: _Word, known: tuple[str, ...], name: str, report: Report) -> _Word:
    if word is not None and word not in known:
        report.error(name, f"{shown(word)} is not known", choices(word, known))
    return word
