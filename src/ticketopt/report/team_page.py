"""One self-contained page for a team lead about a learned team: who is known for what, how surely, and what is not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import expm1

from ticketopt.history.levels import FEWEST_STINTS, Level
from ticketopt.history.team import Team
from ticketopt.report.page import environment

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

MOST_GROUPS = 6
"""So many groups of an agent are named."""


def team_html(team: Team, *, title: str = "What a log says about a team") -> str:
    """The page as text. Names of agents, skills and kinds are on it; nothing of any ticket is.

    Needs the extra "report". Agents and skills are in the order of their names: nobody is ranked.
    """
    members, known = team.learned.members, _listed(team)
    alone, shares = _holders(team)
    few = [row for row in known if row[2].tickets < FEW]
    return environment().get_template("team.html.j2").render(
        title=title,
        no_measure=NO_MEASURE,
        not_known=NOT_KNOWN,
        learned=team.learned,
        begin=_day(team.learned.begin),
        until=_day(team.learned.until),
        facts=_facts(team),
        worth=_worth(team),
        known=known,
        few=[(skill, name, f"{level.low:g} to {level.high:g}", level.tickets) for skill, name, level in few],
        few_are=FEW,
        fewest=FEWEST_STINTS,
        unknown=sorted((name for name, member in members.items() if member.tickets < FEWEST_STINTS), key=_natural),
        left=sorted((name for name, member in members.items() if member.is_gone), key=_natural),
        alone=alone,
        shares=shares,
        work=_work(team),
        efforts=sorted(team.efforts.items(), key=lambda item: (-item[1], item[0])),
        most=MOST_ROWS,
    )  # fmt: skip


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _facts(team: Team) -> list[tuple[str, int]]:
    members = team.learned.members.values()
    return [
        ("agents", len(members)),
        ("tickets routed to them", sum(member.tickets for member in members)),
        (f"skills ({team.learned.skill})", len(team.learned.typical)),
        ("levels", sum(len(member.levels) for member in members)),
    ]


def _worth(team: Team) -> list[tuple[str, str]]:
    """What is compared with, and how much likelier what was learned makes a later ticket."""
    gains = {
        "what kind of ticket it is": team.evidence.over_kinds,
        "who has it": team.evidence.over_agents,
        "every agent's mean on every skill, as it is": team.evidence.over_cells,
    }
    return [(words, f"{abs(expm1(gain)):.1%} {'better' if gain > 0 else 'worse'}") for words, gain in gains.items()]


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


def _holders(team: Team) -> tuple[list[tuple[str, str]], list[tuple[str, int, str]]]:
    """Who alone is known for which skills; and of every skill, how many are known for it and what the busiest had."""
    holders: dict[str, dict[str, int]] = {}
    for name, member in team.learned.members.items():
        if not member.is_gone:
            for skill, count in member.support.items():
                holders.setdefault(skill, {})[name] = count
    alone: dict[str, list[str]] = {}
    for skill in sorted(holders):
        if len(holders[skill]) == 1:
            alone.setdefault(next(iter(holders[skill])), []).append(skill)
    shares = [
        (skill, len(who), f"{max(who.values()) / sum(who.values()):.0%}")
        for skill, who in sorted(holders.items(), key=lambda item: _natural(item[0]))
    ]
    return [(name, ", ".join(alone[name])) for name in sorted(alone, key=_natural)], shares


def _work(team: Team) -> list[tuple[str, int, int, int | None, str | None, str]]:
    return [
        (name, one.tickets, one.passed, one.capacity, _clock(one.hours), ", ".join(one.groups[:MOST_GROUPS]))
        for name, one in sorted(team.learned.members.items(), key=lambda item: _natural(item[0]))
        if one.tickets >= FEWEST_STINTS
    ]


def _clock(hours: tuple[float, float] | None) -> str | None:
    return None if hours is None else " and ".join(f"{int(h)}:{round(h % 1 * 60):02d}" for h in hours)
