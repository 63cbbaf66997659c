"""A team at one moment: whose shift it is, when the next one begins, and who is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ticketopt.errors import Issue
from ticketopt.intake.work_times import WorkTimes
from ticketopt.problem.records import Agent
from ticketopt.problem.report import shown

__all__ = ["AgentHours", "team_at"]

_SHOWN = 5
_FOREVER = 100 * 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class AgentHours:
    """An agent as it was read, and when it works."""

    agent: Agent
    times: WorkTimes


def team_at(
    agents: Sequence[Agent], hours: Mapping[str, AgentHours], moment: float
) -> tuple[tuple[Agent, ...], tuple[Issue, ...]]:
    """The agents as they are at a moment, those in `hours` by their working hours; and who is away, as a warning."""
    team = []
    away: dict[str, float] = {}
    for agent in agents:
        own = hours.get(str(agent.agent_id))
        if own is None:
            team.append(agent)
            continue
        until = own.times.away_until(moment)
        if until is not None:
            away[str(agent.agent_id)] = until
        team.append(
            _agent_at(replace(own.agent, current_load=agent.current_load), own.times, moment, until is not None)
        )
    if not away:
        return tuple(team), ()
    names = ", ".join(f"{shown(name)}{_until(end, moment)}" for name, end in list(away.items())[:_SHOWN])
    more = f" and {len(away) - _SHOWN} more" if len(away) > _SHOWN else ""
    return tuple(team), (Issue("agents", f"away at {_said(moment)}: {names}{more}", "correct their dates if not"),)


def _agent_at(agent: Agent, times: WorkTimes, moment: float, is_away: bool) -> Agent:
    status = "on vacation" if is_away and agent.is_available else agent.availability_status
    if times.week is None:
        return replace(agent, availability_status=status)
    shift = times.shift_at(moment)
    if shift is None:
        off = status if not agent.is_available or is_away else "off shift"
        return replace(agent, availability_status=off, shift_start=None, shift_end=None)
    return replace(agent, availability_status=status, shift_start=shift.start, shift_end=shift.end)


def _until(end: float, moment: float) -> str:
    return "" if end - moment > _FOREVER else f" until {_said(end)}"


def _said(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
