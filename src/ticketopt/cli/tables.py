"""What the command line prints: tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ticketopt.comparison.compare import Comparison
    from ticketopt.intake.check import Queue
    from ticketopt.planning.result import Result
    from ticketopt.problem.problem import Problem
    from ticketopt.solvers.progress import Listener, Progress


def print_result(result: Result) -> None:
    titles = {str(ticket.ticket_id): ticket.title for ticket in result.problem.tickets}
    rows = [
        [str(d.ticket_id), titles[str(d.ticket_id)], f"{d.reading.urgency:.2f}", d.agent_name or "-", d.rationale]
        for d in result.decisions
    ]
    print_table("Plan", ["ticket", "title", "urgency", "agent", "why"], rows)
    loads = [
        [a.name, str(a.before), str(a.assigned), str(a.after), "-" if a.capacity is None else str(a.capacity)]
        for a in result.loads
    ]
    print_table("Loads", ["agent", "before", "new", "after", "capacity"], loads)
    if result.unassigned:
        left = [[str(d.ticket_id), d.reason or "", d.rationale] for d in result.unassigned]
        print_table("Left out", ["ticket", "reason", "why"], left)
    click.echo(f"{result.summary()}; cost {result.cost:.3f}. Solver: {result.reason}.")


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


def print_readings(problem: Problem) -> None:
    rows = []
    for ticket, reading in zip(readings(problem), problem.tickets, strict=True):
        skills = ", ".join(f"{name} {share:.0%}" for name, share in ticket["skills"].items())
        found = [f"{e['about']}: {e['words']!r} ({e['field']}, {e['weight']:+.2f})" for e in ticket["evidence"]]
        urgency = f"{ticket['urgency']:.2f} {ticket['level']}"
        rows.append([str(ticket["ticket_id"]), reading.title, urgency, skills or "-", "; ".join(found) or "-"])
    print_table("Readings", ["ticket", "title", "urgency", "skills", "evidence"], rows)


def reading_of(problem: Problem, queue: Queue) -> dict[str, Any]:
    """How a queue was read, as plain data."""
    from ticketopt.problem.names import spelled

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
        "warnings": [str(warning) for warning in problem.warnings],
    }


def print_reading(problem: Problem, queue: Queue) -> None:
    about = reading_of(problem, queue)
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
    for name, words in (("set_aside", "set aside"), ("in_work", "in work with")):
        if about[name]:
            named = ", ".join(f"{key} ({count})" for key, count in about[name].items())
            click.echo(f"{sum(about[name].values())} tickets {words}: {named}")
    for ticket, names in about["skills_that_nobody_has"].items():
        click.echo(f"Ticket {ticket} wants what nobody has: {', '.join(names)}")
    click.echo(
        f"Valid: {problem.n_tickets} tickets, {problem.n_agents} agents ({about['available']} available), "
        f"{len(problem.skill_names)} skills, {len(problem.warnings)} warnings."
    )


def suggested_map(queue: Queue) -> str:
    """A TOML file that says what every column became."""
    lines = []
    for use in (*queue.about.ticket_columns, *queue.about.agent_columns):
        line = f"{json.dumps(use.heading, ensure_ascii=False)} = {json.dumps(use.field or '')}"
        lines.append(line if use.field else f"# {line}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def print_comparison(comparison: Comparison) -> None:
    rows = [
        [
            c.name,
            c.kind,
            f"{c.objective:.3f}",
            f"{c.cost:.3f}",
            str(c.unassigned),
            "-" if c.gap is None else f"{c.gap:.2%}",
            "-" if c.urgent_match is None else f"{c.urgent_match:.1%}",
            f"{c.load_spread:.2f}",
            f"{c.seconds:.3f}",
        ]
        for c in comparison.contenders
    ]
    head = [
        "method",
        "kind",
        "objective",
        "cost of the assigned",
        "left out",
        "gap",
        "urgent skill match",
        "load spread",
        "seconds",
    ]
    print_table("Comparison (same rules, same capacities; best first)", head, rows)


def print_table(title: str, head: list[str], rows: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
    for name in head:
        table.add_column(name, overflow="fold", max_width=32 if name == "title" else None)
    for row in rows:
        table.add_row(*(Text("".join(c if c.isprintable() else " " for c in cell)) for cell in row))
    console = Console() if sys.stdout.isatty() else Console(width=160)
    console.print(table)
