"""Would it have been better? See `backtest`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from ticketopt._types import Float
from ticketopt.errors import InvalidInputError
from ticketopt.history.about import period
from ticketopt.history.backtest.checks import (
    Check,
    beginnings,
    books,
    forward,
    fresh,
    itself,
    placebo_fresh,
    shuffled,
    support,
    supported,
)
from ticketopt.history.backtest.engine import Replayed, replayed
from ticketopt.history.backtest.luck import realized_luck
from ticketopt.history.backtest.measure import Difference, Measured, days_needed, difference, figures, measured
from ticketopt.history.backtest.policies import POLICIES, Follow, Policy, named
from ticketopt.history.backtest.speeds import Fitted, fitted
from ticketopt.history.backtest.trial import Trial
from ticketopt.history.backtest.verdict import UNKNOWABLE, unknowable, verdict
from ticketopt.history.backtest.world import DAY, World, world_of
from ticketopt.history.history import History
from ticketopt.problem import fields as f

__all__ = ["backtest"]

N_PLACEBOS = 5
"""Shuffles of each kappa, over all draws."""

ASSUMED = (
    "kappa, the share of agents' differences that is theirs and not that of the tickets given to them, is between 0 and"
    " 1; the learned one says that differences last, not whose they are: who is always given easy tickets looks fast,"
    " and neither the log nor the placebo shows it",
    "how much somebody holds slows nobody",
    "who acted in the four days before is present",
    "a ticket waits for others as long as it did, whoever has it",
    "fast and good are not told apart",
)


def backtest(
    history: History,
    policies: object = ("best_available", "every 15 min"),
    *,
    learn_until: object,
    kappas: Sequence[float] = (1.0, 0.5, 0.0),
    draws: int = 1,
    seed: int = 0,
) -> Trial:
    """What other ways to assign would have done with a helpdesk's own past tickets.

    How fast everybody is is learned from what came before `learn_until`. Tickets that were routed after it are then
    replayed: arrivals, other work, who was there, the way through groups and every ticket's luck are the same under
    every policy, which chooses only who of the ticket's group gets it. With the people of the log, the replay is the
    log. The last 30 % of the log after `learn_until` show how tickets ended and bring none to replay.

    Parameters
    ----------
    policies : names of `POLICIES`, "every 30 min", an `Every`, functions of a `Situation`, or a mapping from names to
        such. `history` and `at_once`, the people of the log with its delay and without, are always among them.
    kappas : shares of what agents differ by that are taken to be theirs; the learned one is always among them.
    draws : of what the log leaves open about speeds; 1 is the most likely speeds alone.

    Raises
    ------
    InvalidInputError
        For policies that are none, a time outside the log, kappas outside 0 to 1, and where nothing can be replayed.

    Examples
    --------
    With a log of months, `print(ticketopt.backtest(history, learn_until="2026-05-01"))` is a table with checks. What
    cannot be answered is said:

    >>> import ticketopt
    >>> rows = [
    ...     {"ticket": 1, "time": "2026-01-05 09:00", "agent": "ada", "group": "VPN", "status": "open"},
    ...     {"ticket": 1, "time": "2026-01-06 09:50", "agent": "ada", "group": "VPN", "status": "resolved"},
    ... ]
    >>> ticketopt.backtest(ticketopt.read_history(rows), learn_until="2027-01-01")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ticketopt.errors.InvalidInputError: learn_until: is not within the log
    """
    until = _checked(history, learn_until, kappas, draws)
    chosen = _with_the_log(named(policies))
    fit = fitted(history, until)
    world = world_of(history, fit.past)
    if not len(world):
        raise InvalidInputError.single(
            "learn_until", "no ticket was routed soon after it", "give an earlier time, so that there is more to replay"
        )
    tried = tuple(sorted({float(k) for k in kappas} | {fit.kappa}, reverse=True))
    runs = _Runs(world, fit, chosen, tried, draws, seed)
    runs.go()
    return _trial(runs)


def _checked(history: History, learn_until: object, kappas: Sequence[float], draws: int) -> float:
    report = f.Report()
    until = f.timestamp(learn_until, "learn_until", report)
    if not report.issues and not history.begin < until < history.end:
        report.error("learn_until", "is not within the log", "give a time between its first and its last day")
    if not isinstance(kappas, Iterable) or not all(isinstance(k, (int, float)) and 0 <= k <= 1 for k in kappas):
        report.error("kappas", f"{kappas!r} are not numbers from 0 to 1", "give some, such as (1, 0.5, 0)")
    if not isinstance(draws, int) or draws < 1:
        report.error("draws", f"{draws!r} is no number of draws", "give 1 or more")
    if report.issues:
        raise InvalidInputError(report.issues)
    return float(until)


def _with_the_log(policies: Mapping[str, Policy]) -> dict[str, Policy]:
    base = {name: POLICIES[name] for name in ("history", "at_once")}
    taken = [name for name in base if policies.get(name, base[name]) != base[name]]
    if taken:
        raise InvalidInputError.single("policies", f"{taken[0]!r} is the log itself", "give it another name")
    return base | dict(policies)


@dataclass(eq=False)
class _Runs:
    """All replays: of every draw and kappa the policies, and placebos."""

    world: World
    fit: Fitted
    policies: Mapping[str, Policy]
    kappas: tuple[float, ...]
    draws: int
    seed: int
    known: Float = field(init=False)
    found: dict[tuple[str, float], list[Measured]] = field(default_factory=dict)
    placebos: dict[float, tuple[list[Measured], list[Measured]]] = field(default_factory=dict)
    shown: dict[str, Replayed] = field(default_factory=dict)

    def go(self) -> None:
        self.known = self.fit.hours()
        for draw in range(self.draws):
            fit = self.fit if draw == 0 else self.fit.drawn(np.random.default_rng([self.seed, draw, 1]))
            for kappa in self.kappas:
                self._one(fit, draw, kappa)

    def _one(self, fit: Fitted, draw: int, kappa: float) -> None:
        world, seed = self.world, self.seed + draw
        speeds = fit.speeds(kappa)
        luck = realized_luck(world, speeds, np.random.default_rng([self.seed, draw, 2]))
        for name, policy in self.policies.items():
            run = replayed(world, speeds, luck, policy, self.known, seed=seed)
            self.found.setdefault((name, kappa), []).append(measured(world, run))
            if draw == 0 and kappa == self.fit.kappa:
                self.shown[name] = run
        ones, bases = self.placebos.setdefault(kappa, ([], []))
        for k in range(ceil(N_PLACEBOS / self.draws)):
            other = shuffled(world, np.random.default_rng([self.seed, draw, 3, k]))
            run = replayed(world, speeds, luck, POLICIES["at_once"], self.known, followed=other, seed=seed)
            ones.append(measured(world, run))
            bases.append(self.found["at_once", kappa][-1])

    def against(self, name: str, kappa: float) -> Difference:
        """To the people of the log, assigned at once."""
        return difference(self.world, self.found[name, kappa], self.found["at_once", kappa], seed=self.seed)

    def placebo(self, kappa: float) -> Difference:
        return difference(self.world, *self.placebos[kappa], seed=self.seed)

    def first(self, name: str) -> Measured:
        """At the most likely speeds and the learned kappa."""
        return self.found[name, self.fit.kappa][0]


def _trial(runs: _Runs) -> Trial:
    world, fit = runs.world, runs.fit
    apart = {name: {k: runs.against(name, k) for k in runs.kappas} for name in runs.policies if name != "at_once"}
    placebo = {k: runs.placebo(k) for k in runs.kappas}
    checks = _checks(runs, placebo[fit.kappa])
    tickets, share = int(np.sum(~world.history.tickets.own)), supported(world)
    reason = unknowable((world.end - world.history.begin) / DAY, tickets, share, checks)
    held = forward(fit.choice).passed
    asked = [name for name, policy in runs.policies.items() if not isinstance(policy, Follow)]
    verdicts = {name: verdict(apart[name], placebo, fit.kappa, held=held) for name in asked}
    base = runs.first("at_once")
    is_late = base.judged is base.missed
    effects = {name: apart[name][fit.kappa].value - placebo[fit.kappa].value for name in asked}
    return Trial(
        figures={name: figures(world, runs.shown[name], runs.first(name)) for name in runs.policies},
        differences=apart,
        placebo=placebo,
        verdicts=dict.fromkeys(asked, f"{UNKNOWABLE}: {reason}") if reason else verdicts,
        reason=reason,
        days_needed={name: days_needed(world, base, effect) for name, effect in effects.items() if effect < 0},
        checks=checks,
        kappa=fit.kappa,
        judged="share of tickets late" if is_late else "mean working hours until resolved",
        tickets=len(world),
        decidable=share,
        when=period(world.created, world.history.zone),
        assumed=ASSUMED,
    )


def _checks(runs: _Runs, placebo: Difference) -> tuple[Check, ...]:
    world, seed = runs.world, runs.seed
    speeds = runs.fit.speeds(1.0)
    no_effect, _ = placebo_fresh(world, speeds, runs.known, seed=seed)
    shuffles = len(runs.placebos[runs.fit.kappa][0])
    passed = placebo.low <= 0 <= placebo.high
    realized = Check("placebo, realized luck", passed, f"{placebo}, {shuffles} shuffles at kappa {runs.fit.kappa:.2f}")
    return (
        books(world, runs.shown),
        itself(world, runs.first("history")),
        fresh(world, speeds, runs.known, seed=seed),
        *_all_alike(runs),
        no_effect,
        realized,
        forward(runs.fit.choice),
        support(world),
        beginnings(world),
    )


def _all_alike(runs: _Runs) -> tuple[Check, ...]:
    """Where agents are alike, who gets a ticket changes nothing: what is left is when it was assigned."""
    if 0.0 not in runs.kappas:
        return ()
    rules = [name for name, policy in runs.policies.items() if callable(policy)]
    off = [abs(runs.against(name, 0.0).value) for name in rules]
    base = max(float(np.mean(runs.found["at_once", 0.0][0].took)), 1e-9)
    seen = f"{len(rules)} policies that assign on arrival, at most {max(off, default=0.0):.3f} apart"
    return (Check("kappa 0, all equal", max(off, default=0.0) <= 0.01 * base, seen, decides=True),)
