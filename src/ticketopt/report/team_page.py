"""One self-contained page for a team lead about a learned team: who is known for what, how surely, and what is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from ticketopt._html import paragraph, table
from ticketopt.history.levels import FEWEST_STINTS, Level
from ticketopt.history.team import Team
from ticketopt.report.frame import tiles, whole_page, wide

__all__ = ["team_html"]

NO_MEASURE = (
    "This is no measure of a person. A log shows how long tickets took, not how hard they were: whoever is given the"
    " hard ones looks slow, and whoever is given the easy ones looks fast. It does not show quality, help given to"
    " others, part-time work or other duties. Levels serve to send a ticket to somebody who knows its subject."
)

NOT_KNOWN = (
    "Whether a ticket was hard, where nobody estimated it before the work.",
    "Who decided that an agent got a ticket: picked, phoned, sent and passed on look alike.",
    "How long somebody really worked on a ticket, where no hours are recorded; waiting for others is part of the time.",
    "Whether a fast resolution was a good one.",
    "Whether an agent would be as fast with more of the same tickets, or fewer.",
)

FEW = 20
"""Levels from fewer tickets than this are named as such."""

MOST_ROWS = 400
"""The longest table; the team's file has everything."""


def team_html(team: Team, *, title: str = "What a log says about a team") -> str:
    """The page as text. Names of agents, skills and kinds are on it; nothing of any ticket is.

    Agents and skills are in the order of their names: nobody is ranked.
    """
    parts = [
        f"<h1>{escape(title)}</h1>",
        paragraph(f"Learned from {team.learned.source}, {_day(team.learned.begin)} to {_day(team.learned.until)}."),
        f"<p><b>{escape(NO_MEASURE)}</b></p>",
        _facts(team),
        *_worth(team),
        *_known(team),
        *_few(team),
        *_not_judged(team),
        *_concentration(team),
        *_work(team),
        *_aside(team),
        "<h2>What no such log can tell</h2><ul>",
        *(f"<li>{escape(words)}</li>" for words in NOT_KNOWN),
        "</ul>",
    ]
    return whole_page(title, parts)


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _facts(team: Team) -> str:
    members = team.learned.members.values()
    return tiles(
        [
            ("agents", len(members)),
            ("tickets routed to them", sum(member.tickets for member in members)),
            (f"skills ({team.learned.skill})", len(team.learned.typical)),
            ("levels", sum(len(member.levels) for member in members)),
        ]
    )


def _worth(team: Team) -> Iterator[str]:
    evidence, choice = team.evidence, team.learned.choice
    yield "<h2>What the levels are worth</h2>"
    yield paragraph(str(evidence))
    if choice is None:
        return
    known = "hours worked" if choice.uses_hours else "how fast tickets were resolved, in working hours without waiting"
    yield paragraph(
        f"Learned from {known}. Of what agents differ by, {choice.kappa:.0%} is believed: that much was still there in"
        " later tickets."
    )
    rows = [
        ("what kind of ticket it is", evidence.over_kinds),
        ("who has it", evidence.over_agents),
        ("every agent's mean on every skill, as it is", evidence.over_cells),
    ]
    head = ["against knowing only", "gain in log likelihood per later ticket"]
    yield wide(table(head, rows, caption="Above 0, the levels foretell later tickets better"))


def _listed(team: Team) -> list[tuple[str, str, Level]]:
    """Skill, agent, level: in the order of names."""
    rows = [
        (skill, name, team.level(name, skill))
        for name, member in team.learned.members.items()
        if any(str(agent.agent_id) == name for agent in team.agents)
        for skill in member.levels
    ]
    return sorted(rows, key=lambda row: (_natural(row[0]), _natural(row[1])))


def _natural(name: str) -> list[tuple[int, str]]:
    """A key by which "agent 9" comes before "agent 10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _known(team: Team) -> Iterator[str]:
    rows = _listed(team)
    yield "<h2>Who is known for what</h2>"
    if not rows:
        yield paragraph("No levels are given.")
        return
    yield paragraph(
        "10 is the best of the team on this skill; 5 needs twice the working hours. The bar is the interval that holds"
        " the level with 90 % certainty, the mark the middle of it: where bars overlap, nobody can say who is faster."
    )
    cells = [
        (escape(skill), escape(name), f"{level.value:g}", _bar(level), f"{level.low:g} to {level.high:g}",
         str(level.tickets), str(level.passed), escape(level.basis))
        for skill, name, level in rows
    ]  # fmt: skip
    head = ("skill", "agent", "level", "0 to 10", "interval", "tickets", "passed on", "rests on")
    yield _rows(head, cells)


def _bar(level: Level) -> str:
    left, width, middle = 12 * level.low, max(12 * (level.high - level.low), 1.0), 12 * level.value
    return (
        "<svg width='120' height='12' role='img' aria-label='interval'>"
        "<rect x='0' y='5' width='120' height='1' fill='currentColor' opacity='.25'/>"
        f"<rect x='{left:.1f}' y='3' width='{width:.1f}' height='6' fill='currentColor' opacity='.45'/>"
        f"<rect x='{max(middle - 1, 0):.1f}' y='0' width='2' height='12' fill='currentColor'/></svg>"
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose cells are HTML already."""
    names = "".join(f"<th scope='col' style='text-align:left'>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[:MOST_ROWS])
    more = f"<p>... and {len(rows) - MOST_ROWS:,} more</p>" if len(rows) > MOST_ROWS else ""
    return wide(f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>{more}")


def _few(team: Team) -> Iterator[str]:
    rows = [row for row in _listed(team) if row[2].tickets < FEW]
    if rows:
        yield f"<h2>What rests on fewer than {FEW} tickets</h2>"
        yield paragraph("Ask before you rely on these, and write over them in the team's file what you know better.")
        cells = [(skill, name, f"{level.low:g} to {level.high:g}", level.tickets) for skill, name, level in rows]
        yield wide(table(["skill", "agent", "interval", "tickets"], cells, limit=100))


def _not_judged(team: Team) -> Iterator[str]:
    members = team.learned.members
    unknown = sorted((name for name, member in members.items() if member.tickets < FEWEST_STINTS), key=_natural)
    left = sorted((name for name, member in members.items() if member.is_gone), key=_natural)
    yield "<h2>Whom the log cannot judge</h2>"
    if not unknown and not left:
        yield paragraph(f"Everybody had {FEWEST_STINTS} routed tickets or more.")
    if unknown:
        yield paragraph(f"Fewer than {FEWEST_STINTS} routed tickets ({len(unknown)}): {_names(unknown)}.")
    if left:
        yield paragraph(
            f"Not seen for long when the last ticket came in, and so inactive ({len(left)}): {_names(left)}."
        )


def _names(names: Sequence[str], most: int = 60) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _concentration(team: Team) -> Iterator[str]:
    holders: dict[str, list[tuple[str, int]]] = {}
    for name, member in team.learned.members.items():
        if not member.is_gone:
            for skill, count in member.support.items():
                holders.setdefault(skill, []).append((name, count))
    if not holders:
        return
    alone = Counter(who[0][0] for who in holders.values() if len(who) == 1)
    yield "<h2>If one person leaves</h2>"
    if not alone:
        yield paragraph("Every skill is known to two people or more.")
    rows = [(name, _names(sorted(s for s, who in holders.items() if [n for n, _ in who] == [name])))
            for name in sorted(alone, key=_natural)]  # fmt: skip
    if rows:
        yield paragraph("Skills that only one person has had five routed tickets of or more, and is still here.")
        yield wide(table(["if this agent leaves", "nobody else is known for"], rows, limit=100))
    shares = [
        (skill, len(who), f"{max(n for _, n in who) / sum(n for _, n in who):.0%}")
        for skill, who in sorted(holders.items(), key=lambda item: _natural(item[0]))
    ]
    yield wide(table(["skill", "agents known for it", "share of the busiest"], shares, limit=100))


def _work(team: Team) -> Iterator[str]:
    rows = [
        (name, member.tickets, member.passed, member.capacity, _clock(member.hours), ", ".join(member.groups[:6]))
        for name, member in sorted(team.learned.members.items(), key=lambda item: _natural(item[0]))
        if member.tickets >= FEWEST_STINTS
    ]
    yield "<h2>What people hold, and when they work</h2>"
    yield paragraph("Capacity: so many open, not waiting tickets, or fewer, 95 % of the time.")
    head = ["agent", "tickets", "passed on", "capacity", "acts between", "groups"]
    yield wide(table(head, rows, limit=MOST_ROWS))
    if team.efforts:
        kinds: Iterable[tuple[str, int]] = sorted(team.efforts.items(), key=lambda item: (-item[1], item[0]))
        yield wide(table(["kind", "units"], kinds, caption="How much work a kind of ticket is", limit=60))


def _clock(hours: tuple[float, float] | None) -> str | None:
    return None if hours is None else " and ".join(f"{int(h)}:{round(h % 1 * 60):02d}" for h in hours)


def _aside(team: Team) -> Iterator[str]:
    if team.learned.set_aside:
        yield "<h2>What was set aside or assumed</h2>"
        yield wide(table(["what", "how many"], list(team.learned.set_aside.items()), limit=None))
