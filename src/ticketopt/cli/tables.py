"""What the command line prints: tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, tzinfo
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ticketopt.cli.reported import EXIT_FILE, fail

if TYPE_CHECKING:
    from rich.text import Text

    from ticketopt.intake.check import Queue
    from ticketopt.planning.result import Result
    from ticketopt.problem.problem import Problem
    from ticketopt.solvers.progress import Listener, Progress
    from ticketopt.triage import Reader


def print_result(result: Result, zone: tzinfo = UTC) -> None:
    """The plan, most urgent tickets first; the tickets that wait, by their reasons; the loads, fullest agents first.

    `zone` is that of the times at which people begin.
    """
    from ticketopt.report.days import days, entry_of, most_urgent_first
    from ticketopt.report.presence import not_here
    from ticketopt.report.team_picture import fullest_first

    order = most_urgent_first(result.problem)
    given = [entry_of(result, i) for i in order if result.assignment[i] >= 0]
    rows = [[entry.level, entry.ticket_id, entry.title, entry.agent, entry.why] for entry in given]
    print_table("Plan", ["urgency", "ticket", "title", "agent", "why"], rows)
    print_left_out(result, zone)
    loads = [
        [day.name, str(day.before), str(day.new), str(day.after), "-" if day.limit is None else str(day.limit)]
        for day in fullest_first(days(result, order))
    ]
    print_table("Loads", ["agent", "before", "new", "after", "capacity"], loads)
    if away := not_here(result.problem, zone):
        print_words(away)
        click.echo()
    print_words(f"{result.summary()}; cost {result.cost:.3f}.")
    print_words(f"Solver: {result.reason}.")
    if rows:
        print_words(f"More on one ticket: ticketopt explain FILE --ticket {rows[0][1]}")


def print_left_out(result: Result, zone: tzinfo) -> None:
    """Tickets that wait, most urgent first, each reason once below its tickets."""
    from ticketopt.report.waiting import Looked, by_reason, waiting_tickets

    looked, rows = Looked.of(result, zone), []
    for found in by_reason(looked, waiting_tickets(looked)):
        rows += [[entry.level, entry.ticket_id, entry.title] for entry in found.entries]
        more = f"and {found.more:,} more; " if found.more else ""
        rows.append(["", "", f"{more}{found.why} {found.came_first}".rstrip()])
    if rows:
        print_table(f"Left out: {len(result.unassigned):,}", ["urgency", "ticket", "title, and why it waits"], rows)


@contextmanager
def shown_progress() -> Iterator[Listener | None]:
    """A line on the terminal that says how a solve goes, gone afterwards; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("solving ...") as status:
        yield lambda news: status.update(progress_line(news))


def progress_line(news: Progress) -> str:
    """What is known by now, in a few words."""
    plan = "no plan yet" if news.objective is None else f"best plan {news.objective:,.4g}"
    proof = "" if news.gap is None else f", gap {news.gap:.2%}"
    return f"{news.solver}: {plan}{proof}, after {news.seconds:.1f} s"


def readings(problem: Problem) -> list[dict[str, Any]]:

    from ticketopt.triage import level_of

    return [
        {"ticket_id": ticket.ticket_id, "level": level_of(reading.urgency), **reading.plain()}
        for ticket, reading in zip(problem.tickets, problem.raised_readings, strict=True)
    ]


MOST_EVIDENCE = 6
"""Pieces of evidence shown for a ticket, the strongest; `--json` has all."""
_SAYS = {"words": "", "vectors": "sounds like "}


def print_readings(problem: Problem) -> None:
    rows = []
    for ticket, reading in zip(readings(problem), problem.tickets, strict=True):
        skills = ", ".join(f"{name} {share:.0%}" for name, share in ticket["skills"].items())
        found = [
            f"{e['about']}: {_SAYS[e['source']]}{e['words']!r} ({e['field']}, {e['weight']:+.2f})"
            for e in ticket["evidence"][:MOST_EVIDENCE]
        ]
        urgency = f"{ticket['urgency']:.2f} {ticket['level']}"
        rows.append([str(ticket["ticket_id"]), reading.title, urgency, skills or "-", "; ".join(found) or "-"])
    print_table("Readings", ["ticket", "title", "urgency", "skills", "evidence"], rows)


def print_json(data: Any) -> None:
    """Plain data as JSON."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def form_of(output: str) -> str:
    """The ending that says in which form a table is written, checked before anything is solved."""
    from ticketopt.report.table_file import check_form

    form = check_form(output)
    if form == ".xlsx" and find_spec("xlsxwriter") is None:
        fail(EXIT_FILE, 'workbooks need the extra "report": pip install "ticketopt[report]"')
    return form


def reading_of(problem: Problem, queue: Queue, reader: Reader) -> dict[str, Any]:
    """How a queue was read, as plain data; and where a note on a skill would help the reader most."""
    from ticketopt.problem.names import spelled
    from ticketopt.triage.advice import note_advice

    notes = {**queue.skill_notes, **problem.policy.skill_notes}
    skills = list(dict.fromkeys(skill for agent in problem.agents for skill in agent.skills))

    known = {spelled(name) for name in problem.skill_names if any(name in agent.skills for agent in problem.agents)}
    wanting = {
        str(ticket.ticket_id): missing
        for ticket in problem.tickets
        if (missing := [name for name in (*(ticket.skills or ()), *ticket.requires) if spelled(name) not in known])
    }
    columns = {"tickets": queue.about.ticket_columns, "agents": queue.about.agent_columns}
    return {
        "tickets": problem.n_tickets,
        "agents": problem.n_agents,
        "available": sum(1 for agent in problem.agents if agent.is_available),
        "read_as": {"tickets": queue.about.tickets_from, "agents": queue.about.agents_from},
        "columns": {name: [asdict(use) for use in uses] for name, uses in columns.items()},
        "set_aside": dict(queue.about.set_aside),
        "in_work": dict(queue.about.in_work),
        "skipped": [{"place": row.place, "issues": [str(issue) for issue in row.issues]} for row in queue.skipped],
        "skills": {name: sum(name in agent.skills for agent in problem.agents) for name in problem.skill_names},
        "skills_that_nobody_has": wanting,
        "notes_worth_writing": [asdict(one) for one in note_advice(reader.noted(notes), problem.tickets, skills)],
        "warnings": [str(warning) for warning in problem.warnings],
    }


def print_reading(about: Mapping[str, Any]) -> None:
    """What `reading_of` says, for a person."""
    from ticketopt.report.wording import counted

    for name in ("tickets", "agents"):
        rows = [
            [use["heading"], use["field"] or "(not used)", "; ".join(use["samples"])] for use in about["columns"][name]
        ]
        if rows:
            title = f"Columns of the {name} (read as {about['read_as'][name]})"
            print_table(title, ["column", "field", "such as"], rows)
    skills = [[name, str(count)] for name, count in about["skills"].items()]
    if skills:
        print_table("Skills", ["skill", "agents"], skills)
    for name, words in (("set_aside", "Set aside"), ("in_work", "In work with")):
        if about[name]:
            named = ", ".join(f"{key} ({count})" for key, count in about[name].items())
            click.echo(f"{words}: {named}")
    for ticket, names in about["skills_that_nobody_has"].items():
        click.echo(f"Ticket {ticket} wants what nobody has: {', '.join(names)}")
    if about["notes_worth_writing"]:
        click.echo("A line in skill_notes (of the team file or the policy) would help most for:")
    for one in about["notes_worth_writing"]:
        click.echo(f"- {one['words']}")
    click.echo(
        f"Valid: {counted(about['tickets'], 'ticket')}, {counted(about['agents'], 'agent')} "
        f"({about['available']} available), {counted(len(about['skills']), 'skill')}, "
        f"{counted(len(about['warnings']), 'note or warning', 'notes and warnings')}."
    )


def suggested_map(queue: Queue) -> str:
    """A TOML file that says what every column became; of a column that is a skill of its own, a remark does."""
    lines = []
    of_skills = [use for use in queue.about.agent_columns if use.field == "skills"]
    are_levels = len(of_skills) > 1 or any(sample.isdigit() for use in of_skills for sample in use.samples)
    for use in (*queue.about.ticket_columns, *queue.about.agent_columns):
        line = f"{json.dumps(use.heading, ensure_ascii=False)} = {json.dumps(use.field or '')}"
        is_remark = use.field is None or (are_levels and use in of_skills)
        lines.append(f"# {line}" if is_remark else line)
    return "\n".join(dict.fromkeys(lines)) + "\n"


LEVEL_STYLES = {"critical": "bold red", "high": "yellow", "medium": "cyan", "low": "dim"}
"""Colors of urgencies; a terminal that shows none, or NO_COLOR, still has the word."""

LONGEST_LEVEL = 14
"""A cell that is shorter may be a level of urgency, with a number before it."""

NUMBERS = frozenset(
    ("before", "new", "after", "capacity", "objective", "left out", "gap", "urgent match", "load spread", "secs")
).union(("served", "waits", "urgent waits", "match", "moved", "pairs", "load"))
"""Columns that stand to the right."""

SHORTENED = frozenset(("title", "such as"))
"""Columns of which the beginning is enough, where there is no room."""

NEVER_NARROWER = 8
"""Letters that a column keeps."""

WHOLE = NUMBERS | {"urgency", "ticket", "method", "kind", "policy", "setting"}
"""Columns that give way last."""

GAP = 2
"""Columns of the terminal between two of a table."""


def print_table(title: str, head: list[str], rows: list[list[str]]) -> None:
    """A table as wide as the terminal, by COLUMNS where it is set, else of 80 columns."""
    from rich.console import Console
    from rich.table import Table

    console, rows = (
        Console(markup=False, emoji=False, highlight=False),
        [[_plain(cell) for cell in row] for row in rows],
    )
    widths = _widths(head, rows, console.width)
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    table.padding = (0, GAP, 0, 0)
    for name, width in zip(head, widths, strict=True):
        table.add_column(
            name,
            width=width,
            overflow="ellipsis" if name in SHORTENED else "fold",
            no_wrap=name in SHORTENED,
            justify="right" if name in NUMBERS else "left",
        )
    table.add_row(*("─" * width for width in widths))
    for row in rows:
        table.add_row(*map(_shown, row))
    console.print(table)
    console.print()


def print_words(text: str) -> None:
    """A sentence, wrapped between words where the terminal ends."""
    from rich.console import Console

    Console(markup=False, emoji=False, highlight=False).print(_plain(text))


def _widths(head: list[str], rows: list[list[str]], room: int) -> list[int]:
    """What every column needs; where that is too much, the widest ones give way."""
    from rich.cells import cell_len

    room -= GAP * (len(head) - 1)
    longest = [max((cell_len(row[k]) for row in rows), default=0) for k in range(len(head))]
    words = [max(map(cell_len, name.split())) for name in head]  # a heading may be wrapped
    widths = [min(max(pair), room) for pair in zip(longest, words, strict=True)]
    for able in ([k for k, name in enumerate(head) if name not in WHOLE], range(len(head))):
        while sum(widths) > room and max((widths[k] for k in able), default=0) > NEVER_NARROWER:
            widths[max(able, key=lambda k: widths[k])] -= 1
    return widths


def _plain(text: str) -> str:
    """A text without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _shown(cell: str) -> Text:
    """A cell; a level of urgency in its color."""
    from rich.text import Text

    return Text(cell, LEVEL_STYLES.get(cell.rpartition(" ")[2], "") if len(cell) < LONGEST_LEVEL else "")
