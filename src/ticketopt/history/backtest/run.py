"""Would it have been better? See `backtest`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, field
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.history.backtest.absences import MOST_KAPPA, Absences, absences
from ticketopt.history.backtest.answer import answer
from ticketopt.history.backtest.draws import Drawn, Packed, Setting, one_draw
from ticketopt.history.backtest.policies import POLICIES, Policy, WhatIf, named
from ticketopt.history.backtest.speeds import fitted
from ticketopt.history.backtest.trial import Trial
from ticketopt.history.backtest.what_if import check_changes
from ticketopt.history.backtest.world import world_of
from ticketopt.history.history import History
from ticketopt.problem import fields as f

__all__ = ["backtest"]

NEAR_KAPPA = 0.05
"""An end of what the log allows is not tried where another kappa is as near as this."""

Progress = Callable[[int, int], Any]
"""Is told how many draws are done, and of how many; False stops."""


def backtest(
    history: History,
    policies: object = ("best_available", "every 15 min"),
    *,
    learn_until: object,
    kappas: Sequence[float] = (1.0, 0.5, 0.0),
    draws: int = 1,
    gamma: float | None = None,
    targets: Mapping[str, float] | None = None,
    across_groups: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> Trial:
    """What other ways to assign would have done with a helpdesk's own past tickets.

    How fast everybody is is learned from what came before `learn_until`. Tickets that were routed after it are then
    replayed: arrivals, other work, who was there, the way through groups and every ticket's luck are the same under
    every policy, which chooses only who of the ticket's group gets it. With the people of the log, the replay is the
    log. The last 30 % of the log after `learn_until` show how tickets ended and bring none to replay.

    Parameters
    ----------
    policies : names of `POLICIES`, "every 30 min", an `Every`, functions of a `Situation`, a `WhatIf`, or a mapping
        from names to such. `history` and `at_once`, the people of the log with its delay and without, are always there.
    kappas : shares of what agents differ by that are taken to be theirs; the learned one is always among them, and the
        ends of what the log allows.
    draws : of what the log leaves open about speeds; 1 is the most likely speeds alone.
    gamma : how much load slows people: with `n` tickets in hand, `n ** -gamma` of the speed; None for what foretold
        best.
    targets : priority -> hours on the wall after which a ticket is late, where the log has no due times.
    across_groups : whether anybody may get any group's tickets. What people are like in groups they never worked in
        no log shows: there is then no verdict, unless nearly all worked in all groups.
    executor : runs the draws, such as a `concurrent.futures.ProcessPoolExecutor` or `dask.distributed.Client`'s
        `get_executor()`; the result is the same.
    progress : is called after every draw with how many are done, and of how many; where it returns False, no further
        one is begun, and the result is of those that are done.

    Raises
    ------
    InvalidInputError
        For policies that are none, a time outside the log, kappas outside 0 to 3, and where nothing can be replayed.

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
    until = _checked(history, learn_until, kappas, draws, gamma, targets)
    chosen = _with_the_log(named(policies))
    for name, policy in chosen.items():
        if isinstance(policy, WhatIf):
            check_changes(policy, history, f"policies.{name}")
    fit = fitted(history, until, gamma=gamma)
    world = world_of(history, fit.past, targets, across=across_groups)
    if not len(world):
        raise InvalidInputError.single(
            "learn_until", "no ticket was routed soon after it", "give an earlier time, so that there is more to replay"
        )
    away = absences(world, fit)
    setting = Setting(world, fit, chosen, _tried(kappas, fit.kappa, away), draws, seed, fit.hours())
    runs = _Runs(setting)
    runs.go(executor, progress)
    return answer(setting, away, runs.drawn)


def _tried(kappas: Sequence[float], learned: float, away: Absences) -> tuple[float, ...]:
    """The learned one, those asked for, and the ends of what the log allows, where none is near."""
    found = {*map(float, kappas), learned}
    for kappa in away.interval:
        if all(abs(kappa - other) >= NEAR_KAPPA for other in found):
            found.add(kappa)
    return tuple(sorted(found, reverse=True))


def _checked(
    history: History,
    learn_until: object,
    kappas: Sequence[float],
    draws: int,
    gamma: float | None,
    targets: Mapping[str, float] | None,
) -> float:
    report = f.Report()
    until = f.timestamp(learn_until, "learn_until", report)
    if not report.issues and not history.begin < until < history.end:
        report.error("learn_until", "is not within the log", "give a time between its first and its last day")
    if not isinstance(kappas, Iterable) or not all(
        isinstance(k, (int, float)) and 0 <= k <= MOST_KAPPA for k in kappas
    ):
        report.error("kappas", f"{kappas!r} are not numbers from 0 to {MOST_KAPPA:g}", "give some, such as (1, 0.5, 0)")
    if not isinstance(draws, int) or draws < 1:
        report.error("draws", f"{draws!r} is no number of draws", "give 1 or more")
    if gamma is not None and not (isinstance(gamma, (int, float)) and 0 <= gamma <= 1):
        report.error("gamma", f"{gamma!r} is no number from 0 to 1", "give one, such as 0.25")
    for name, hours in (targets or {}).items():
        if name not in history.priorities:
            report.error("targets", f"{name!r} is no priority of the log", f"use {', '.join(history.priorities)}")
        if not (isinstance(hours, (int, float)) and hours > 0):
            report.error("targets", f"{hours!r} are no hours", "give hours on the wall")
    if report.issues:
        raise InvalidInputError(report.issues)
    return float(until)


def _is_kappa(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 <= value <= MOST_KAPPA


def _with_the_log(policies: Mapping[str, Policy]) -> dict[str, Policy]:
    base = {name: POLICIES[name] for name in ("history", "at_once")}
    taken = [name for name in base if policies.get(name, base[name]) != base[name]]
    if taken:
        raise InvalidInputError.single("policies", f"{taken[0]!r} is the log itself", "give it another name")
    return base | dict(policies)


@dataclass(eq=False)
class _Runs:
    """All draws, here or elsewhere."""

    setting: Setting
    drawn: list[Drawn] = field(default_factory=list)

    def go(self, executor: Executor | None, progress: Progress | None) -> None:
        """Where `progress` returns False no further draw is begun; those that are done count."""
        draws = range(self.setting.draws)
        if executor is None:
            for draw in draws:
                self.drawn.append(one_draw(self.setting, draw))
                if progress is not None and progress(len(self.drawn), len(draws)) is False:
                    break
        else:
            packed = Packed.of(self.setting)
            asked = [executor.submit(packed.one_draw, draw) for draw in draws]
            self._gather(asked, progress)
        self.drawn.sort(key=lambda one: one.draw)

    def _gather(self, asked: list[Future[Drawn]], progress: Progress | None) -> None:
        try:
            for done in as_completed(asked):
                self.drawn.append(done.result())
                stops = progress is not None and progress(len(self.drawn), len(asked)) is False
                if stops and any(one.draw == 0 for one in self.drawn):
                    break
        finally:
            for future in asked:
                future.cancel()
