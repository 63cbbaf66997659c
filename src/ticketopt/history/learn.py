"""From a helpdesk's past to a team: see `learn`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from ticketopt.errors import InvalidInputError
from ticketopt.history.capacity import capacities, gone, hours_of_day
from ticketopt.history.cut import known_at
from ticketopt.history.effort import efforts
from ticketopt.history.evidence import evidence_of
from ticketopt.history.forward import FEWEST_EVENTS, Choice, choose, learned, rows_of
from ticketopt.history.history import History, Outcome
from ticketopt.history.learned import Learned, Member
from ticketopt.history.levels import FEWEST_STINTS, Level, Levels, Support, levels_of, support_of
from ticketopt.history.observed import Past, Rows, past_of
from ticketopt.history.team import Team, kept_over
from ticketopt.problem import fields as f

__all__ = ["learn"]

PASSING_SPREAD = 0.1
"""How far an agent's habit of passing on differs from skill to skill: mostly it is the agent's role."""

NOTHING = Levels({}, {}, {}, {})


def learn(
    history: History,
    *,
    skill: str = "group",
    learn_until: object = None,
    measure: Literal["auto", "hours", "time"] = "auto",
    with_estimates: bool = True,
    keep: Team | None = None,
    seed: int = 0,
) -> Team:
    """Skills, levels, efforts and capacities of a team, learned from its own past.

    How fast agents resolve tickets is estimated with effects of the ticket's age, priority, estimate, kind and group,
    of the agent, and of the agent on the skill; open tickets are censored, pending time is left out, passing on counts.
    How much of it to believe is chosen forward in time. Where it would be worth nothing, no levels are given;
    `Team.evidence` says so. Tickets that nobody routed are load, and not learned from.

    Parameters
    ----------
    skill : what a skill is: "group" (that had the ticket), "kind", or a further column of the log.
    learn_until : a time; nothing that happened at or after it is looked at. None is the end of the log.
    measure : what is learned from: "hours" really worked, or "time" until a ticket is resolved; "auto" takes the hours
        where most resolved tickets have them.
    with_estimates : whether hours expected before the work, where the log has them, are known of a ticket. Without,
        who was given the easy tickets looks fast.
    keep : an older team: what somebody wrote into its agents is kept.
    seed : of the draws that intervals are of.

    Raises
    ------
    InvalidInputError
        Where the log has no agents, or no such skill, or `learn_until` is not a time within it.

    Examples
    --------
    Two tickets tell nothing, and the team says so:

    >>> import ticketopt
    >>> rows = [
    ...     {"ticket": 1, "time": "2026-01-05 09:00", "agent": "ada", "group": "VPN", "status": "open"},
    ...     {"ticket": 1, "time": "2026-01-05 09:50", "agent": "ada", "group": "VPN", "status": "resolved"},
    ...     {"ticket": 2, "time": "2026-01-05 10:00", "agent": "bob", "group": "VPN", "status": "open"},
    ...     {"ticket": 2, "time": "2026-01-06 11:30", "agent": "bob", "group": "VPN", "status": "resolved"},
    ... ]
    >>> history = ticketopt.read_history(rows)
    >>> team = ticketopt.learn(history)
    >>> [agent.agent_id for agent in team.agents], team.evidence.is_worth
    (['ada', 'bob'], False)
    """
    known = _known(history, _moment(history, learn_until), with_estimates=with_estimates)
    until = float(known.end)
    uses_hours = _uses_hours(known, measure)
    evidence = evidence_of(known, skill, uses_hours=uses_hours)
    choice = choose(known, skill, uses_hours=uses_hours) if evidence.tickets else None
    if choice is not None and evidence.slope is not None:
        choice = choice.shrunk_by(evidence.slope)
    past = past_of(known, skill, until)
    rows = rows_of(past, 0.0 if choice is None else choice.gamma, uses_hours=uses_hours)
    levels = NOTHING if choice is None else _levels(past, rows, choice, seed)
    if not evidence.is_worth:
        levels = Levels({}, {}, {}, levels.kinds)
    done = Learned(
        source=history.source,
        skill=skill,
        begin=float(known.begin),
        until=until,
        members=_members(past, levels, support_of(past, rows)),
        typical={past.skills[s]: level for s, level in levels.typical.items()},
        efforts=efforts(past, rows, levels.kinds),
        choice=choice,
        evidence=evidence,
        set_aside=_set_aside(known, rows),
    )
    return kept_over(done, keep)


def _known(history: History, until: float, *, with_estimates: bool) -> History:
    known = known_at(history, until)
    if not known.routed.any():
        raise InvalidInputError.single(
            "history", "no ticket was routed to anybody whom the log names", "give a log with agents and their tickets"
        )
    if with_estimates:
        return known
    unknown = np.full(len(known.tickets), np.nan)
    return replace(known, tickets=replace(known.tickets, estimate=unknown))


def _moment(history: History, until: object) -> float:
    if until is None:
        return float(history.end)
    report = f.Report()
    moment = f.timestamp(until, "learn_until", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    if not history.begin < moment <= history.end:
        raise InvalidInputError.single("learn_until", "is not within the log", "give a time after it begins")
    return float(moment)


def _uses_hours(history: History, measure: str) -> bool:
    if measure not in ("auto", "hours", "time"):
        raise InvalidInputError.single("measure", f"{measure!r} is not known", "use auto, hours or time")
    done = history.routed & (history.stints.outcome == Outcome.RESOLVED)
    has = history.tickets.hours[history.stints.ticket[done]] > 0
    if measure == "hours" and not has.any():
        raise InvalidInputError.single("measure", "the log has no hours", "use time")
    return measure == "hours" or (measure == "auto" and int(has.sum()) >= max(FEWEST_EVENTS, len(has) // 2 + 1))


def _levels(past: Past, rows: Rows, choice: Choice, seed: int) -> Levels:
    n = len(past.skills)
    by_gamma = {gamma: rows_of(past, gamma, uses_hours=choice.uses_hours) for gamma, _, _ in choice.likely}
    resolving = [
        (learned(by_gamma[gamma], n, {**choice.spreads, "pair": spread}), gamma, share)
        for gamma, spread, share in choice.likely
    ]
    passing = None
    if choice.passing is not None:
        passing = learned(rows, n, {"pair": PASSING_SPREAD}, passing=True)
    return levels_of(past, rows, resolving, passing, choice, seed=seed)


def _members(past: Past, levels: Levels, support: Support) -> Mapping[str, Member]:
    """Everybody to whom a ticket was routed, by name."""
    history = past.history
    held = capacities(past.load, len(history.agents))
    hours, left = hours_of_day(past), gone(past)
    routed, stints = history.routed, history.stints
    tickets = np.bincount(stints.agent[routed], minlength=len(history.agents))
    passed = np.bincount(stints.agent[routed & (stints.outcome == Outcome.PASSED)], minlength=len(history.agents))
    by_group = Counter(zip(stints.agent[routed].tolist(), stints.group[routed].tolist(), strict=True))
    groups: dict[int, list[str]] = {}
    for (j, g), count in sorted(by_group.items()):
        if g >= 0 and count >= FEWEST_STINTS:
            groups.setdefault(j, []).append(history.groups[g])
    known: dict[int, dict[str, int]] = {}
    for j, s, count in zip(support.agent.tolist(), support.skill.tolist(), support.tickets.tolist(), strict=True):
        if count >= FEWEST_STINTS:
            known.setdefault(j, {})[past.skills[s]] = count
    own: dict[int, dict[str, Level]] = {}
    for (j, s), level in levels.own.items():
        own.setdefault(j, {})[past.skills[s]] = level
    return {
        history.agents[j]: Member(
            levels=own.get(j, {}),
            support=known.get(j, {}),
            pace=levels.pace.get(j),
            tickets=int(tickets[j]),
            passed=int(passed[j]),
            capacity=None if np.isnan(held[j]) else int(held[j]),
            hours=hours.get(j),
            groups=tuple(groups.get(j, ())),
            is_gone=bool(left[j]),
        )
        for j in map(int, np.flatnonzero(tickets))
    }


def _set_aside(history: History, rows: Rows) -> Mapping[str, int]:
    """What was not learned from, and how much of it."""
    stints = history.stints
    counts = {
        "stints of tickets that nobody routed": int((~history.routed).sum()),
        "stints still open at the end (counted as far as they went)": int((stints.outcome == Outcome.OPEN).sum()),
        "stints closed without being resolved": int((stints.outcome == Outcome.WITHDRAWN).sum()),
        "routed stints without the hours worked": int(history.routed.sum()) - len(np.unique(rows.stint)),
    }
    return {words: count for words, count in counts.items() if count} | {
        note.text: note.count for note in history.notes if note.count
    }
