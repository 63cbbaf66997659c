"""Who is who in a log: names that differ by column, actors that are no people, owners that are nobody."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ticketopt._types import Int
from ticketopt.history.coded import Coded
from ticketopt.planning.arrays import solve_arrays
from ticketopt.problem.names import spelled

__all__ = ["Link", "link", "nobodies", "system_actors"]

_FEW_PAIRS = 5
"""Fewer rows than this link no two names."""

_BEYOND_CHANCE = 3.0
"""Nor do two names that meet less than so many times as often as names that know nothing of each other."""

_SMALL_SHARE = 0.2
"""A name that meets no other in at least this part of its rows is linked to none; and no name is, where all links
together explain less of the rows."""

_SYSTEM_SHARE = 0.05
"""An actor of so many of all changes is looked at, whether it is a program (or a dispatcher, who has no tickets)."""

_MANY_CHANGES = 50
"""Of fewer changes nothing is told."""

_MACHINES = frozenset(
    (
        *("system", "automation", "auto", "bot", "robot", "workflow", "scheduler", "trigger", "api", "cron", "job"),
        *("automation for jira", "jira automation", "system administrator", "system user", "glpi system", "siebel"),
        *("zendesk", "zammad", "servicenow", "mail", "mailer", "mailer daemon", "no reply", "noreply", "integration"),
    )
)

_NOBODY = frozenset(
    (
        *("support", "helpdesk", "help desk", "service desk", "servicedesk", "it support", "customer support"),
        *("support team", "team", "queue", "agent", "agents", "nobody", "no one", "noone", "none", "anyone"),
        *("everybody", "all", "default", "default user", "dispatcher", "inbox", "first level", "second level"),
        *("level 1", "level 2", "1st level", "2nd level", "hotline"),
    )
)


class Link(NamedTuple):
    """Names of one column as those of another.

    Attributes
    ----------
    to : per name, the code of the other column's name, -1 for none.
    share : which part of the rows that have both says so.
    by_name : whether the two columns use the same names.
    """

    to: Int
    share: float
    by_name: bool


def link(names: Coded, agents: Coded) -> Link:
    """Which agent each name is: the same one, or where the columns have names of their own, the one it meets most.

    Every name is linked to one agent at most, and every agent to one name, so that the pairs that agree are as many
    as can be.
    """
    by_name = _same_names(names, agents)
    both = (names.codes >= 0) & (agents.codes >= 0)
    one, other = names.codes[both], agents.codes[both]
    total = len(one)
    if not total:
        return Link(by_name, float(bool((by_name >= 0).any())), by_name=True)
    same = int((by_name[one] == other).sum())
    met, best = _matched(one, other, len(names.names), len(agents.names))
    of_name = np.bincount(one, minlength=len(names.names))
    chance = of_name * np.bincount(other, minlength=len(agents.names))[best] / total
    is_sure = (best >= 0) & (met >= _SMALL_SHARE * of_name) & (met >= _BEYOND_CHANCE * chance)
    matched = int(met[is_sure].sum())
    if 2 * same >= matched or matched < _SMALL_SHARE * total:
        return Link(by_name, same / total, by_name=True)
    return Link(np.where(is_sure, best, -1), matched / total, by_name=False)


def _matched(one: Int, other: Int, n: int, m: int) -> tuple[Int, Int]:
    """Per name how often it meets the one that it is matched with, and which that is, -1 for none.

    Pairs that meet seldom are left out, so that thousands of customers in a column need no room.
    """
    met, best = np.zeros(n, dtype=np.int64), np.full(n, -1)
    pairs, counts = np.unique(one * m + other, return_counts=True)
    pairs, counts = pairs[counts >= _FEW_PAIRS], counts[counts >= _FEW_PAIRS]
    rows, row_of = np.unique(pairs // m, return_inverse=True)
    columns, column_of = np.unique(pairs % m, return_inverse=True)
    table = np.zeros((len(rows), len(columns)), dtype=np.int64)
    table[row_of, column_of] = counts
    found = np.asarray(solve_arrays(-table, exit_cost=0).assignment) if len(rows) else rows
    has = np.flatnonzero(found >= 0)
    met[rows[has]], best[rows[has]] = table[has, found[has]], columns[found[has]]
    best[met == 0] = -1
    return met, best


def _same_names(names: Coded, agents: Coded) -> Int:
    place = {spelled(name): k for k, name in enumerate(agents.names)}
    return np.array([place.get(spelled(name), -1) for name in names.names], dtype=np.int64)


def system_actors(actors: Coded, agents: Coded) -> tuple[str, ...]:
    """Actors that are programs: by their names, or because they change much and are or meet no agent in particular."""
    n_rows = len(actors.codes)
    changes = np.bincount(actors.codes[actors.codes >= 0], minlength=len(actors.names))
    by_name = _same_names(actors, agents)
    have_names = bool((by_name >= 0).mean() >= _SMALL_SHARE) if len(by_name) else False
    found = []
    for k, name in enumerate(actors.names):
        is_busy = changes[k] >= max(_MANY_CHANGES, _SYSTEM_SHARE * n_rows) and len(actors.names) > 1
        met = agents.codes[(actors.codes == k) & (agents.codes >= 0)] if is_busy else agents.codes[:0]
        most = np.bincount(met).max() if len(met) else 0
        meets_none = most < _SMALL_SHARE * changes[k] and (by_name[k] < 0 or not have_names)
        if spelled(name) in _MACHINES or (is_busy and meets_none):
            found.append(name)
    return tuple(found)


def nobodies(agents: Coded) -> tuple[str, ...]:
    """Names in the column of agents that are no person but a desk, a level, or a program."""
    return tuple(name for name in agents.names if spelled(name) in _NOBODY | _MACHINES)
