"""Checks that can refuse a verdict, each with what was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.history.backtest.absences import Absences
from ticketopt.history.backtest.differences import Difference, resamples
from ticketopt.history.backtest.engine import Replayed, replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.measure import Measured, measured
from ticketopt.history.backtest.policies import POLICIES
from ticketopt.history.backtest.speeds import Speeds
from ticketopt.history.backtest.world import DAY, World
from ticketopt.history.exposure import FLOOR
from ticketopt.history.forward import Choice
from ticketopt.history.history import Outcome

__all__ = [
    "Check",
    "acquainted",
    "apart",
    "beginnings",
    "books",
    "forward",
    "itself",
    "lasted",
    "late",
    "placebo_fresh",
    "shuffled",
    "support",
    "supported",
]

NEAR_HOURS, NEAR_SHARE = 0.1, 0.98
"""With the luck that it had, so many tickets are to take as long as they did, to within so many working hours."""

ENOUGH_DECIDABLE = 0.90

FEW_UNSEEN = 0.10

N_SHUFFLES = 10
"""Placebos with fresh luck, each with a luck of its own."""


_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at.

    Attributes
    ----------
    name : in a few words. passed : whether it is as it should be. seen : what was measured, in words.
    decides : whether no verdict stands where it failed.
    """

    name: str
    passed: bool
    seen: str
    decides: bool = False


def books(world: World, runs: dict[str, Replayed]) -> Check:
    """Nobody in two hands, stints follow each other, every ticket is counted once, and L = lambda W."""
    wrong = [name for name, run in runs.items() if not _keeps_books(world, run)]
    seen = f"exact in {len(runs)} replays" if not wrong else f"wrong in {', '.join(wrong)}"
    return Check("bookkeeping", not wrong, seen, decides=True)


def _keeps_books(world: World, run: Replayed) -> bool:
    order = np.lexsort((run.attempt, run.ticket))
    ticket, attempt, start, end, outcome = (
        column[order] for column in (run.ticket, run.attempt, run.start, run.end, run.outcome)
    )
    same: Bool = ticket[1:] == ticket[:-1]
    follows = (start[1:] >= end[:-1]) & (attempt[1:] == attempt[:-1] + 1) & (outcome[:-1] == Outcome.PASSED)
    stays = float((end - start).sum())
    return bool(
        follows[same].all()
        and (attempt[np.append(True, ~same)] == 0).all()
        and (end >= start).all()
        and (end <= world.end).all()
        and abs(run.area - stays) <= 1e-9 * max(stays, 1.0)
    )


def lasted(world: World) -> Float:
    """Working hours that tickets took in the log."""
    stints = world.history.stints
    last = world.first + world.attempts - 1
    end = np.where(stints.outcome[last] == Outcome.OPEN, world.end, stints.end[last])
    at = world.hours.at
    return np.array([at(b) - at(a) for a, b in zip(world.created.tolist(), end.tolist(), strict=True)])


def late(world: World) -> Float:
    """Whether tickets were late in the log: 1, 0, or NaN where nothing is due."""
    stints = world.history.stints
    last = world.first + world.attempts - 1
    is_open, withdrawn = (stints.outcome[last] == outcome for outcome in (Outcome.OPEN, Outcome.WITHDRAWN))
    end = np.where(is_open, world.end, stints.end[last])
    return np.where(np.isfinite(world.due) & ~withdrawn, (end > world.due).astype(np.float64), np.nan)


def itself(world: World, history: Measured) -> Check:
    """History with the luck that it had."""
    share = float(np.mean(np.abs(history.took - lasted(world)) <= NEAR_HOURS))
    seen = f"{share:.1%} of tickets within {NEAR_HOURS:g} working hours of the log"
    return Check("history, realized luck", share >= NEAR_SHARE, seen, decides=True)


def shuffled(world: World, rng: np.random.Generator) -> Int:
    """The log with agents exchanged at random within group and week, where a policy could decide: a placebo."""
    stints = world.history.stints
    of = world.stints
    can = [len(world.candidates(int(stints.group[s]), float(stints.start[s]))) >= 2 for s in of.tolist()]
    of = of[np.array(can, bool)]
    week = np.floor(stints.start[of] / _WEEK).astype(np.int64)
    key = week if world.is_across else week * (len(world.history.groups) + 1) + stints.group[of]
    here = np.argsort(key, kind="stable")
    there = np.lexsort((rng.random(len(of)), key))
    agent = stints.agent.copy()
    agent[of[here]] = stints.agent[of[there]]
    return agent


def placebo_fresh(world: World, speeds: Speeds, hours: Float, *, seed: int) -> tuple[Check, Difference]:
    """The shuffle where the model is true: the replay is to add nothing of its own."""
    ones, bases = [], []
    for k in range(N_SHUFFLES):
        luck = fresh_luck(world, np.random.default_rng([seed, k, 7]))
        other = shuffled(world, np.random.default_rng([seed, k, 8]))
        at_once = POLICIES["at_once"]
        bases.append(measured(world, replayed(world, speeds, luck, at_once, hours, seed=seed)).judged)
        ones.append(measured(world, replayed(world, speeds, luck, at_once, hours, followed=other, seed=seed)).judged)
    found = resamples(world, seed=seed).difference((ones, bases))
    return Check("placebo, fresh luck", found.low <= 0 <= found.high, str(found)), found


def forward(choice: Choice | None) -> Check:
    """Whether what agents differed by was there in later tickets."""
    name = "differences held later"
    if choice is None or choice.slope is None:
        return Check(name, False, "none was seen, or the log is too short to tell")
    slope = choice.slope
    return Check(name, slope.low > 0, f"{slope.value:.2f} [{slope.low:.2f}, {slope.high:.2f}] of what was claimed")


def apart(away: Absences) -> Check:
    """Whether groups are slower without their fast people by as much as those are faster: else it is their tickets."""
    low, high = away.interval
    seen = f"kappa {away.value:.2f} [{low:.2f}, {high:.2f}]"
    if high < 1:
        words = "in part they are the tickets': easy ones go to those who seem fast"
    elif low > 1:
        words = "people differ by more than it seems: hard tickets go to the fast"
    elif low <= 0:
        words = "too little to tell whose the differences are"
    else:
        words = "the differences are people's, to that part at least"
    return Check("when people were away", 0 < low <= 1 <= high, f"{seen}: {words}")


def supported(world: World) -> float:
    """Share of first choices in which there were two or more people to choose among."""
    groups = world.history.stints.group[world.first].tolist()
    here = [len(world.candidates(g, t)) >= 2 for g, t in zip(groups, world.created.tolist(), strict=True)]
    return float(np.mean(here)) if here else 0.0


def support(world: World) -> Check:
    """Whether most first choices could have been others."""
    share = supported(world)
    seen = f"{share:.1%} of first choices were among two or more; the others stay as they were"
    return Check("choices", share >= ENOUGH_DECIDABLE, seen)


def acquainted(world: World) -> tuple[Check, ...]:
    """Where people are exchanged across groups: whether they ever worked in those that they would get tickets of."""
    if not world.is_across:
        return ()
    groups = world.history.stints.group[world.first]
    known = np.array([len(np.intersect1d(own, able)) / max(len(able), 1)
                      for own, able in zip(world.own, world.able, strict=True)])  # fmt: skip
    share = float(known[groups].mean())
    seen = f"{share:.0%} of the people that a ticket could go to have had five tickets of its group"
    return (Check("people know the groups", share >= ENOUGH_DECIDABLE, seen, decides=True),)


def beginnings(world: World) -> Check:
    """Whether the log shows since when people had their tickets."""
    share = float(np.mean(world.worked[world.stints] <= FLOOR))
    seen = f"{share:.1%} of stints are over in the minute they begin: some people sign only what is done"
    return Check("beginnings seen", share <= FEW_UNSEEN, seen)
