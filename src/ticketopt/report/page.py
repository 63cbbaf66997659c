"""One self-contained page for a team lead: everybody's day, what waits and why, what would help."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt.planning.result import Result
from ticketopt.problem.links import ticket_links
from ticketopt.report.curious import curious
from ticketopt.report.days import Day, Entry, days, entry_of, most_urgent_first
from ticketopt.report.presence import is_here, not_here
from ticketopt.report.team_picture import HEIGHT, WIDTH, team_picture
from ticketopt.report.waiting import Looked, by_reason, waiting_tickets
from ticketopt.report.wording import LEVEL_WORDS, counted, day_of, lasting, share
from ticketopt.report.would_help import helps, short_skills

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment", "report_html"]

MOST_REASONS = 40
"""So many reasons to wait are told, those of the most urgent tickets; the tickets of others are counted."""

MOST_BY_URGENCY = 500
"""So many tickets are listed by urgency; every one that has somebody stands in that person's day as well."""

MOST_HELPS = 8
MOST_SKILLS = 12


def report_html(
    result: Result,
    *,
    title: str = "Ticket plan",
    link: str | None = None,
    zone: tzinfo = UTC,
    made: float | None = None,
    time_limit: float = 1.0,
) -> str:
    """The page as text: styles and pictures inside, no scripts, nothing loaded from anywhere, light and dark, A4.

    Needs the extra "report". Of a ticket it shows id, title and urgency, never its description.

    Parameters
    ----------
    link : address of a ticket in the helpdesk, with `{ticket_id}` in the place of the id.
    zone : of the date on it.
    made : Unix seconds for the date, where the problem has no time (`Problem.now` is 0).
    time_limit : seconds for prices in the appendix, where the plan does not show them.

    Raises
    ------
    InvalidInputError
        For a `link` that is no address with a place for the id.
    """
    template = environment().get_template("page.html.j2")
    address, order = ticket_links(link), most_urgent_first(result.problem)
    looked, everybody = Looked.of(result, zone), days(result, order)
    moment = result.problem.now or made or 0.0
    waiting = by_reason(looked, waiting_tickets(looked))
    listed_helps = helps(looked)
    return template.render(
        title=title,
        date=day_of(moment, zone) if moment else "",
        lead=_lead(result, everybody),
        tiles=_tiles(result, everybody),
        waiting=waiting[:MOST_REASONS],
        waiting_rest=sum(len(row.entries) + row.more for row in waiting[MOST_REASONS:]),
        helps=listed_helps[:MOST_HELPS],
        helps_rest=sum(len(item.tickets) for item in listed_helps[MOST_HELPS:]),
        skills=short_skills(looked, MOST_SKILLS),
        picture=team_picture(everybody),
        box=(WIDTH, HEIGHT),
        days=everybody,
        away=not_here(result.problem, zone),
        levels=_by_level(result, order[:MOST_BY_URGENCY]),
        levels_rest=max(0, len(order) - MOST_BY_URGENCY),
        curious=curious(result, time_limit),
        link=address,
        n_tickets=result.problem.n_tickets,
    )


def _lead(result: Result, everybody: list[Day]) -> list[str]:
    """What a team lead would say first."""
    problem, n, n_waiting = result.problem, len(result.decisions), len(result.unassigned)
    if not n:
        return ["There are no tickets to give out."]
    urgent = problem.is_urgent
    late = int((urgent & (result.assignment < 0)).sum())
    words = [_who_has(n, n_waiting)]
    if not urgent.any():
        words.append("It is not urgent." if n == 1 else "None of them is urgent.")
    elif late:
        words.append(f"{late:,} of the {int(urgent.sum()):,} urgent {'waits' if late == 1 else 'wait'}.")
    else:
        words.append("Every urgent one has somebody.")
    return [*words, team_picture(everybody).words]


def _who_has(n: int, n_waiting: int) -> str:
    all_of_them = "Both tickets" if n == 2 else f"All {n:,} tickets"
    if not n_waiting:
        return "The ticket has somebody." if n == 1 else f"{all_of_them} have somebody."
    if n_waiting == n:
        return "The ticket waits." if n == 1 else f"{all_of_them} wait."
    done = n - n_waiting
    return f"{done:,} of {n:,} tickets {'has' if done == 1 else 'have'} somebody, {n_waiting:,} {_wait(n_waiting)}."


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _tiles(result: Result, everybody: list[Day]) -> list[tuple[str, int]]:
    return [
        ("tickets", len(result.decisions)),
        ("with somebody", len(result.decisions) - len(result.unassigned)),
        ("waiting", len(result.unassigned)),
        ("urgent", int(np.count_nonzero(result.problem.is_urgent))),
        ("people here", int(np.count_nonzero(is_here(result.problem)))),
        ("full days", sum(day.is_full for day in everybody)),
    ]


def _by_level(result: Result, order: list[int]) -> list[tuple[str, str, list[Entry]]]:
    """(level, its word, tickets) of all levels that there are tickets of, most urgent first."""
    rows: dict[str, list[Entry]] = {level: [] for level in LEVEL_WORDS}
    for i in order:
        entry = entry_of(result, i)
        rows[entry.level].append(entry)
    return [(level, LEVEL_WORDS[level], found) for level, found in rows.items() if found]


def environment() -> Environment:
    """What pages are rendered by: everything is escaped, and nothing undefined is."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ticketopt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(counted=counted, lasting=lasting, share=share, level_word=LEVEL_WORDS.__getitem__)
    return environment


def _printable(value: Any) -> Any:
    """Control characters as blanks: no page may hold them."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(c if c.isprintable() or c == "\n" or ord(c) >= 0xA0 else " " for c in value)
