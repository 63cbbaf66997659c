"""Ways to assign that past tickets can be replayed with. A policy chooses only among people of the ticket's group."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.planning.arrays import solve_arrays

__all__ = ["POLICIES", "Every", "Follow", "Policy", "Rule", "Situation", "WhatIf", "named"]


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What a rule is told when a ticket needs somebody: arrays have one entry per candidate.

    Attributes
    ----------
    time : Unix seconds. ticket : index into the tickets of the log. group : index into its groups.
    agents : the candidates, two or more: of the group, and present. Indices into the agents of the log, ascending.
    hours : working hours that each is expected to need, as learned before the replay.
    load, capacity : tickets held now, and how many the agent held or less 95 % of the time.
    given : when each last got a ticket from the policy; minus infinity for never.
    before : whom this group's last ticket went to, -1 for nobody. history : who had the ticket in the log, or -1.
    share : the candidate's tickets of the group before the replay.
    rng : for rules that toss a coin.
    """

    time: float
    ticket: int
    group: int
    agents: Int
    hours: Float
    load: Int
    capacity: Float
    given: Float
    before: int
    history: int
    share: Float
    rng: np.random.Generator


Rule = Callable[[Situation], int]
"""Returns the position of the chosen agent in `Situation.agents`."""


@dataclass(frozen=True, slots=True)
class Follow:
    """The people of the log. `waits` is whether tickets also lie as long before they are assigned."""

    waits: bool


@dataclass(frozen=True, slots=True)
class Every:
    """The exact optimum of all tickets that came since the last batch, by expected hours, within capacities.

    A batch has a ticket at most `period` late: "15 min", "1 h", or seconds. What no capacity is left for goes to who
    has the smallest share of it filled. A ticket that is due now counts `due` times more than one that is due at no
    time, and half as much more for every eight hours that are left.

    Examples
    --------
    >>> import ticketopt
    >>> ticketopt.Every("15 min").seconds
    900.0
    """

    period: str | float
    due: float = 0.0

    @property
    def seconds(self) -> float:
        """The period, read."""
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|hours?)?\s*", str(self.period))
        seconds = 0.0 if found is None else float(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[(found[2] or "s")[0]]
        if not seconds > 0:
            raise InvalidInputError.single("period", f"{self.period!r} is no time", 'write "15 min" or seconds')
        return seconds

    @staticmethod
    def assign(hours: Float, room: Int) -> Int:
        """Rows to columns at the least sum of expected hours; infinity forbids; -1 where no room is left.

        Where all find room in the best of the columns that have any, that is the optimum.
        """
        hours = np.where(room > 0, hours, np.inf)
        best = np.where(np.isfinite(hours.min(axis=1)), np.argmin(hours, axis=1), -1)
        if (np.bincount(best[best >= 0], minlength=len(room)) <= room).all():
            return best
        return solve_arrays(hours, capacity=room).assignment


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A policy, if the helpdesk were another: the same tickets with the same luck, and these changes.

    Attributes
    ----------
    policy : a name, an `Every` or a function, as `backtest` takes them.
    more : names of further agents -> groups that they take. They are as fast as the middle one of each group.
    since : from when on they are there (a time); None for always.
    trained : names of agents -> groups that they learn. There they are as fast as they are everywhere.
    at_most : tickets that anybody is to hold.
    arrivals : 1.2 brings a fifth more tickets like those that came; only the real ones are measured.

    Examples
    --------
    >>> import ticketopt
    >>> ticketopt.WhatIf("best_available", more={"new": ["VPN"]}, since="2026-05-04").arrivals
    1.0
    """

    policy: object
    more: Mapping[str, Iterable[str]] = field(default_factory=dict)
    since: object = None
    trained: Mapping[str, Iterable[str]] = field(default_factory=dict)
    at_most: float | None = None
    arrivals: float = 1.0


Policy = Follow | Every | WhatIf | Rule


def random(now: Situation) -> int:
    """Anybody."""
    return int(now.rng.integers(len(now.agents)))


def round_robin(now: Situation) -> int:
    """In turn, within the group."""
    return int(np.searchsorted(now.agents, now.before, side="right")) % len(now.agents)


def least_loaded(now: Situation) -> int:
    """Who holds the fewest tickets."""
    return int(np.argmin(now.load))


def longest_idle(now: Situation) -> int:
    """Who got a ticket longest ago."""
    return int(np.argmin(now.given))


def closest_match(now: Situation) -> int:
    """The fastest, however busy."""
    return int(np.argmin(now.hours))


def best_available(now: Situation) -> int:
    """The fastest who has room; if nobody has, who has the smallest share of capacity filled."""
    free = now.load < now.capacity
    return int(np.argmin(np.where(free, now.hours, np.inf) if free.any() else now.load / now.capacity))


POLICIES: dict[str, Policy] = {
    "history": Follow(waits=True),
    "at_once": Follow(waits=False),
    "random": random,
    "round_robin": round_robin,
    "least_loaded": least_loaded,
    "longest_idle": longest_idle,
    "closest_match": closest_match,
    "best_available": best_available,
    "every_15_min": Every("15 min"),
}
"""Name -> what it does. On arrival, one ticket at a time, the exact optimum is `best_available`."""


def named(policies: object) -> dict[str, Policy]:
    """Policies by name: from names, a mapping of names, or policies themselves.

    Raises
    ------
    InvalidInputError
        Where a name is unknown, or something is no policy.
    """
    items: list[tuple[object, object]] = [(None, policies)]
    if isinstance(policies, Mapping):
        items = list(policies.items())
    elif isinstance(policies, Iterable) and not isinstance(policies, str):
        items = [(None, policy) for policy in policies]
    found: dict[str, Policy] = {}
    for name, policy in items:
        known = _known(policy)
        if isinstance(known, WhatIf):
            known = replace(known, policy=_known(known.policy))
        plain = known.policy if isinstance(known, WhatIf) else known
        if isinstance(plain, Every):
            _ = plain.seconds
        if isinstance(plain, WhatIf):
            raise InvalidInputError.single("policies", "a what-if is inside another", "give one with all changes")
        found[str(name or _name(policy))] = known
    return found


def _known(policy: object) -> Policy:
    if isinstance(policy, str):
        if policy in POLICIES:
            return POLICIES[policy]
        if policy.startswith("every "):
            return Every(policy.removeprefix("every "))
        choices = ", ".join(POLICIES)
        raise InvalidInputError.single("policies", f"{policy!r} is not known", f"use {choices}, or a function")
    if isinstance(policy, (Follow, Every, WhatIf)) or callable(policy):
        return policy
    raise InvalidInputError.single("policies", f"{policy!r} is no policy", "give names, Every(...), or functions")


def _name(policy: object) -> str:
    if isinstance(policy, Every):
        return f"every {policy.period}"
    if isinstance(policy, WhatIf):
        return f"{_name(policy.policy)}, what if"
    return policy if isinstance(policy, str) else str(getattr(policy, "__name__", policy))
