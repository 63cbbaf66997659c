"""Files, plain data and data frames to tickets and agents: read, mapped and checked.

Everything is read before anything is reported: one `InvalidInputError` lists every issue with its path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError, Issue
from ticketopt.intake.at_moment import AgentHours
from ticketopt.intake.check import About, Queue, Skipped, checked_object, list_of, notes_of, queue_of
from ticketopt.intake.column import heading_key
from ticketopt.intake.column_records import records_of_columns, records_of_rows
from ticketopt.intake.frames import Agents, Tickets, Time, rows_of_table, table_of_rows
from ticketopt.intake.helpdesks import HELPDESKS, Helpdesk
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.helpdesks.recognize import recognized, recognized_team
from ticketopt.intake.mapping import helpdesk_of, warn_of_unused
from ticketopt.intake.read import JSON, Lines, Sheet, flat, path_of, read_file, sheet_of_rows
from ticketopt.intake.settle import settle
from ticketopt.intake.strict_json import parse_json
from ticketopt.intake.team import TeamRows, team_rows
from ticketopt.intake.tickets import How, Rows, TicketColumns, set_aside_notes, ticket_rows
from ticketopt.intake.versions import latest_rows
from ticketopt.intake.wrong_rows import as_written, need_ids, refuse_wrong_rows, set_wrong_rows_aside
from ticketopt.problem import fields as f
from ticketopt.problem.collector import collector_paused
from ticketopt.problem.record_columns import kept
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS, Agent, Ticket, newest

__all__ = ["Queue", "queue_of", "read_queue", "read_records", "read_tickets_and_agents"]


@collector_paused()
def read_queue(
    source: str | Path | Mapping[str, Any],
    *,
    agents: str | Path | None = None,
    helpdesk: str | None = None,
    columns: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    day_first: bool | None = None,
    levels: float | None = None,
    skip_invalid: bool = False,
    now: Time | None = None,
) -> Queue:
    """Read a queue and its team, as helpdesks and spreadsheets write them.

    Columns and words of the helpdesks in `ticketopt.intake.helpdesks` are recognized. Finished tickets are set aside;
    one that somebody of the team works on stays there. `Queue.about` and `Queue.warnings` say what was done.

    Parameters
    ----------
    source : a mapping `{"agents": [...], "tickets": [...]}`, or the path of a file: `.json` with such an object or with
        an export, `.jsonl` with one record per line, a spreadsheet (`.xlsx`, `.ods`), or a table of text (`.csv`).
    agents : path of a file with the team, where `source` has only tickets.
    helpdesk : whose export it is, where that is not to be recognized.
    columns : field -> heading of its column, where the heading does not tell.
    zone : of times without one.
    day_first : whether `3/5/2026` is in May; None lets the column decide, and asks where it does not.
    levels : the highest level of the team's own scale, such as 5; None is 10, or what the cells say.
    skip_invalid : leave out rows in which something is wrong, and tell of them in `Queue.skipped`.
    now : the moment to plan for, for shifts that are times of day; None is what the source says, else the time of the
        newest ticket. `Queue.at` is the queue at another moment.

    Raises
    ------
    InvalidInputError
        With every issue in the source.
    OSError
        Where a file cannot be read.

    Examples
    --------
    >>> import ticketopt
    >>> source = {"agents": [{"agent_id": "ada"}], "tickets": [{"ticket_id": 1, "priority": "High"}]}
    >>> ticketopt.read_queue(source).tickets[0].priority
    'high'

    Files are named: `ticketopt.read_queue("export.csv", agents="team.xlsx")`.
    """
    how = How(helpdesk, columns or {}, zone, day_first, levels)
    report = f.Report(names_all=skip_invalid)
    if isinstance(source, Mapping):
        parts = _of_object(source, report)
    elif agents is None and path_of(source, "source").suffix.lower() not in JSON:
        raise InvalidInputError.single(str(source), "holds only tickets", "name the file with the agents as well")
    else:
        parts = _of_file(path_of(source, "source"), "tickets", has_team=agents is not None, report=report)
    if agents is not None:
        of_team = _of_file(path_of(agents, "agents"), "agents", has_team=True, report=report)
        parts |= {name: of_team.get(name, parts.get(name)) for name in ("agents", "skill_notes")}
    moment = parts.get("now") if now is None else now
    notes = notes_of(parts.get("skill_notes"), report)
    queue = _queue(parts.pop("tickets", None), parts.pop("agents", None), moment, how, skip_invalid, report)
    return replace(queue, skill_notes=notes) if notes else queue


@collector_paused()
def read_tickets_and_agents(tickets: Tickets, agents: Agents) -> Queue:
    """The same from two tables in Python: lists of dicts or records, or pandas, polars or other data frames."""
    report = f.Report()
    tables = [table_of_rows(tickets, "tickets"), table_of_rows(agents, "agents")]
    return _queue(tables[0], tables[1], None, How(), False, report)


def read_records(tickets: Tickets, agents: Agents) -> Queue:
    """Rows of our own fields, or records, from Python; nothing in them is mapped or set aside."""
    return queue_of({"tickets": rows_of_table(tickets, "tickets"), "agents": rows_of_table(agents, "agents")})


def _queue(tickets: object, agents: object, now: object, how: How, skip_invalid: bool, report: f.Report) -> Queue:
    """The queue of two tables, each a `Sheet`, a list of rows, or None."""
    skipped: list[Skipped] | None = [] if skip_invalid else None
    refuse_wrong_rows([table for table in (tickets, agents) if isinstance(table, Sheet)], skip_invalid, report)
    of_tickets, of_agents = _how_of_each(how, tickets, agents)
    work, of_work = _ticket_table(tickets, of_tickets, report)
    team, of_team = _team_table(agents, of_agents, report)
    in_work = settle(work, team, report, is_export=of_work is not PLAIN)
    written = [table for table in (tickets, agents) if isinstance(table, Sheet)] if skip_invalid else []
    del tickets, agents  # cells that became something else are no longer needed
    if skipped is not None:
        set_wrong_rows_aside((work, team), report, skipped)
    all_agents = records_of_rows(Agent, team.rows, "agents", report, team.places, skipped)
    all_tickets = _records_of_tickets(work, report, skipped)
    moment = None if now is None else f.timestamp(now, "now", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    about = About(of_work.label, of_team.label, work.uses, team.uses, dict(work.set_aside), in_work)
    left_out = as_written(skipped or (), written)
    hours = {
        key: AgentHours(agent, team.times[key]) for agent in all_agents if (key := str(agent.agent_id)) in team.times
    }
    queue = Queue(kept(all_tickets), tuple(all_agents), moment, tuple(report.warnings), about, left_out, hours)
    return _at_its_moment(queue) if hours else queue


def _how_of_each(how: How, tickets: object, agents: object) -> tuple[How, How]:
    """How each table is read. A heading that is stated for a field of both has to be in one of them."""
    there = [frozenset(map(heading_key, t.headings)) if isinstance(t, Sheet) else None for t in (tickets, agents)]
    both = [name for name in how.columns if name in AGENT_FIELDS and name in TICKET_FIELDS]
    columns = []
    for own, other, is_second in ((there[0], there[1], False), (there[1], there[0], True)):
        elsewhere = {
            name
            for name in both
            if own is not None and other is not None and (key := heading_key(how.columns[name])) not in own
            if key in other or is_second
        }
        columns.append({name: heading for name, heading in how.columns.items() if name not in elsewhere})
    return replace(how, columns=columns[0]), replace(how, columns=columns[1])


def _at_its_moment(queue: Queue) -> Queue:
    """The team at the moment that the queue states, else when the newest ticket came, which is said."""
    moment = newest(queue.tickets) if queue.now is None else queue.now
    if queue.now is None:
        words = f"{len(queue.hours)} have working hours or absences, and no moment to plan for is known"
        if moment:
            words = f"working hours and absences of {len(queue.hours)} are read for the time of the newest ticket"
        note = f.Report()
        note.warn("agents", words, "give now")
        queue = replace(queue, warnings=(*queue.warnings, *note.warnings), notes=tuple(note.warnings))
    if not moment:
        return queue
    there = queue.at(moment)
    return replace(there, warnings=(*there.warnings, *queue.notes), notes=(*there.notes, *queue.notes))


def _records_of_tickets(
    work: TicketColumns | Rows, report: f.Report, skipped: list[Skipped] | None
) -> Sequence[Ticket]:
    if isinstance(work, Rows):
        return records_of_rows(Ticket, work.rows, "tickets", report, work.places, skipped)
    return records_of_columns(Ticket, work.columns, work.places_of, len(work.numbers), "tickets", report, skipped)


def _ticket_table(table: object, how: How, report: f.Report) -> tuple[TicketColumns | Rows, Helpdesk]:
    if isinstance(table, Sheet):
        helpdesk = helpdesk_of(how.helpdesk, table, report)
        report.warnings += table.warnings
        older: Counter[str] = Counter()
        if helpdesk is not PLAIN:
            table, older = latest_rows(table, helpdesk)
        work = ticket_rows(table, helpdesk, how, report)
        work.set_aside.update(older)
        need_ids(table, work, "ticket_id", report)
        warn_of_unused(table, work.uses, helpdesk, TICKET_FIELDS, report)
        report.warnings += set_aside_notes(work, table.source)
        return work, helpdesk
    return Rows(*_loose_rows(table, "tickets", report)), PLAIN


def _team_table(table: object, how: How, report: f.Report) -> tuple[TeamRows, Helpdesk]:
    if isinstance(table, Sheet):
        helpdesk = helpdesk_of(None, table, report, of_agents=True)
        report.warnings += table.warnings
        team = team_rows(table, helpdesk, how, report)
        need_ids(table, team, "agent_id", report)
        warn_of_unused(table, team.uses, helpdesk, AGENT_FIELDS, report)
        return team, helpdesk
    return TeamRows(*_loose_rows(table, "agents", report)), PLAIN


def _loose_rows(table: object, where: str, report: f.Report) -> tuple[list[Any], list[str]]:
    rows = list_of(table, where, report)
    return rows, [f"{where}[{k}]" for k in range(len(rows))]


def _of_object(given: object, report: f.Report) -> dict[str, Any]:
    """Tables of our own format."""
    data = checked_object(given, report)
    lists = {name: data.get(name) for name in ("agents", "tickets")}
    tables = {
        name: table_of_rows(rows, name) if isinstance(rows, list | tuple) else rows for name, rows in lists.items()
    }
    return {**tables, "now": data.get("now"), "skill_notes": data.get("skill_notes")}


def _of_file(path: Path, wanted: str, *, has_team: bool, report: f.Report) -> dict[str, Any]:
    """What a file holds, by the keys of our own format; `wanted` is what a single table in it is."""
    data = read_file(path)
    if isinstance(data, Sheet):
        return {wanted: data}
    if isinstance(data, Lines):
        data = _from_lines(data.text, wanted if has_team else None)
    if has_team and isinstance(data, list):
        data = _of_pages(data, wanted)
    if not has_team:
        return _of_object(data, report)
    if isinstance(data, Mapping) and isinstance(data.get(wanted), list):
        rest = {name: data[name] for name in ("now", "skill_notes") if name in data}
        return {**rest, wanted: _export(data[wanted], wanted)}
    if isinstance(data, Mapping):
        lists = [key for helpdesk in HELPDESKS.values() for key in helpdesk.lists if isinstance(data.get(key), list)]
        if not lists:
            words = ", ".join(f.shown(key) for key in list(data)[:8])
            report.error(str(path), f"holds no list of {wanted} (its keys: {words})", f'put them under "{wanted}"')
            return {wanted: []}
        data = data[lists[0]]
    if not isinstance(data, list):
        raise InvalidInputError.single("", f"the input is {f.kind(data)}", 'give {"agents": [...], "tickets": [...]}')
    return {wanted: _export(data, wanted)}


def _of_pages(rows: list[Any], wanted: str) -> list[Any]:
    """The records of several pages of an API, each an object with its part of the list."""
    keys = dict.fromkeys((wanted, *(key for helpdesk in HELPDESKS.values() for key in helpdesk.lists)))
    for key in keys:
        if rows and all(isinstance(row, Mapping) and isinstance(row.get(key), list) for row in rows):
            if any("id" in row for row in rows):
                return rows
            return [record for row in rows for record in row[key]]
    return rows


def _export(rows: list[Any], where: str) -> Sheet | list[Any]:
    """Records of a helpdesk are flat tables; our own keep their maps."""
    if not all(isinstance(row, Mapping) for row in rows):
        return rows
    sheet = sheet_of_rows([flat(row) for row in rows], where, is_text=True)
    own = (recognized_team if where == "agents" else recognized)(sheet.headings)
    return sheet if own is not None else sheet_of_rows(rows, where)


def _from_lines(text: str, wanted: str | None) -> dict[str, list[Any]] | list[Any]:
    """One record per line: all of what is wanted, or tickets and agents by their ids."""
    rows: list[Any] = []
    tables: dict[str, list[Any]] = {"tickets": [], "agents": []}
    issues = []
    for number, line in enumerate(text.split("\n"), start=1):  # `splitlines` would break at U+2028 within a text
        if not line.strip():
            continue
        try:
            record = parse_json(line)
        except InvalidInputError as error:
            issues += [Issue(f"line {number}", issue.problem, issue.repair) for issue in error.issues]
            continue
        rows.append(record)
        if wanted is not None:
            continue
        if not isinstance(record, Mapping) or ("ticket_id" in record) == ("agent_id" in record):
            problem = "is neither a ticket nor an agent"
            issues.append(Issue(f"line {number}", problem, "give it a ticket_id or an agent_id"))
            continue
        tables["tickets" if "ticket_id" in record else "agents"].append(record)
    if issues:
        raise InvalidInputError(issues)
    return tables if wanted is None else rows
