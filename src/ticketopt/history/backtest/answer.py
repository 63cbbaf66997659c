"""From finished draws to the answer: differences, checks, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ticketopt.history.about import period
from ticketopt.history.backtest.absences import Absences
from ticketopt.history.backtest.checks import (
    Check,
    acquainted,
    apart,
    beginnings,
    books,
    forward,
    itself,
    placebo_fresh,
    support,
    supported,
)
from ticketopt.history.backtest.differences import Difference, Pairs, resamples
from ticketopt.history.backtest.draws import Drawn, Setting
from ticketopt.history.backtest.engine import replayed
from ticketopt.history.backtest.fresh import fresh, learned_then
from ticketopt.history.backtest.luck import realized_luck
from ticketopt.history.backtest.measure import figures, measured
from ticketopt.history.backtest.policies import POLICIES, Follow, WhatIf
from ticketopt.history.backtest.switchback import LONGEST_TEST, days_needed, work_hours
from ticketopt.history.backtest.traces import traced
from ticketopt.history.backtest.trial import Trial
from ticketopt.history.backtest.verdict import UNKNOWABLE, unknowable, verdict
from ticketopt.history.backtest.world import DAY

__all__ = ["answer", "days_of_tests"]

ASSUMED = (
    "kappa is the share of agents' differences that is theirs and not that of the tickets given to them; above 1, hard"
    " tickets go to fast people. That differences last does not say whose they are. What the log allows is read from"
    " what groups did while people were away, if their tickets were then as hard as ever",
    "who acted in the four days before is present",
    "a ticket waits for others as long as it did, whoever has it",
    "fast and good are not told apart",
)

NOT_SLOWED = "how much somebody holds slows nobody"

SLOWED = "who holds n tickets that wait for nobody is slower by n to the power of {:g}"


def answer(setting: Setting, away: Absences, drawn: Sequence[Drawn]) -> Trial:
    """Verdicts, and what they rest on; the first draw is the likeliest."""
    world, fit, first = setting.world, setting.fit, drawn[0]
    sample = resamples(world, seed=setting.seed)
    pairs = {name: _pairs(setting, drawn, name) for name in setting.policies if name != "at_once"}
    shuffles = _placebos(setting, drawn)
    curves = {name: {k: sample.difference(pair) for k, pair in of.items()} for name, of in pairs.items()}
    placebo = {k: sample.difference(pair) for k, pair in shuffles.items()}
    again, lengths = fresh(world, fit.speeds(1.0), setting.known, name="history, fresh luck", seed=setting.seed)
    checks = _checks(setting, away, drawn, placebo[fit.kappa], again)
    tickets, share = int(np.sum(~world.history.tickets.own)), supported(world)
    reason = unknowable((world.end - world.history.begin) / DAY, tickets, share, checks)
    held = forward(fit.choice).passed
    asked = [name for name, policy in setting.policies.items() if not isinstance(policy, Follow)]
    left = {name: sample.beyond(pairs[name], shuffles, away) for name in asked}
    verdicts = {name: verdict(curves[name], placebo, left[name], away.interval, held=held) for name in asked}
    base = first.measured["at_once"]
    return Trial(
        figures={name: figures(world, run, first.measured[name], setting.known) for name, run in first.shown.items()},
        differences=curves,
        overall={name: sample.overall(of, away) for name, of in pairs.items()},
        placebo=placebo,
        verdicts=dict.fromkeys(asked, f"{UNKNOWABLE}: {reason}") if reason else verdicts,
        reason=reason,
        days_needed=days_of_tests(setting, first, left),
        checks=checks,
        kappa=fit.kappa,
        kappas=away.interval,
        gamma=fit.gamma,
        judged="share of tickets late" if base.judged is base.missed else "mean working hours until resolved",
        tickets=len(world),
        draws=len(drawn),
        decidable=share,
        when=period(world.created, world.history.zone),
        hours=work_hours(world),
        traces=traced(world, first.measured, lengths),
        assumed=(*ASSUMED, SLOWED.format(fit.gamma) if fit.gamma else NOT_SLOWED),
    )


def days_of_tests(setting: Setting, first: Drawn, left: Mapping[str, Difference]) -> dict[str, int]:
    """Policy -> days of a test by turns, where it would be over in four years."""
    base = first.measured["at_once"].judged
    days = {
        name: days_needed(setting.world, first.measured[name].judged, base, seen.value)
        for name, seen in left.items()
        if abs(seen.value) > 1e-9
    }
    return {name: n for name, n in days.items() if n <= LONGEST_TEST}


def _checks(
    setting: Setting, away: Absences, drawn: Sequence[Drawn], placebo: Difference, replays: Check
) -> tuple[Check, ...]:
    first = drawn[0]
    world, seed, fit = setting.world, setting.seed, setting.fit
    speeds = fit.speeds(1.0)
    of_then, name = learned_then(world, fit), "fresh luck, learned from these tickets themselves"
    shape, _ = fresh(world, of_then, setting.known, name=name, seed=seed)
    no_effect, _ = placebo_fresh(world, speeds, setting.known, seed=seed)
    shuffles = sum(len(one.placebos[fit.kappa]) for one in drawn)
    passed = placebo.low <= 0 <= placebo.high
    seen = f"{placebo}, {shuffles} shuffles at kappa {fit.kappa:.2f}"
    realized = Check("placebo, realized luck", passed, seen, decides=world.is_across)
    real = {name: run for name, run in first.shown.items() if not isinstance(setting.policies[name], WhatIf)}
    return (
        books(world, real),
        itself(world, first.measured["history"]),
        replays,
        shape,
        *_all_alike(setting),
        no_effect,
        realized,
        apart(away),
        forward(fit.choice),
        support(world),
        *acquainted(world),
        beginnings(world),
    )


def _all_alike(setting: Setting) -> tuple[Check, ...]:
    """Where agents are alike and load slows nobody, who gets a ticket changes nothing but when it is assigned."""
    rules = {name: policy for name, policy in setting.policies.items() if callable(policy)}
    if not rules:
        return ()
    world, fit = setting.world, setting.fit.with_gamma(0.0)
    speeds = fit.speeds(0.0)
    luck = realized_luck(world, speeds, np.random.default_rng([setting.seed, 4]))
    took = [
        measured(world, replayed(world, speeds, luck, policy, setting.known, seed=setting.seed)).took
        for policy in (POLICIES["at_once"], *rules.values())
    ]
    off = max(abs(float(one.mean() - took[0].mean())) for one in took)
    seen = f"{len(rules)} policies that assign on arrival, at most {off:.3f} working hours apart in the mean"
    passed = off <= 0.01 * max(float(took[0].mean()), 1e-9)
    return (Check("kappa 0, all equal", passed, seen, decides=True),)


def _pairs(setting: Setting, drawn: Sequence[Drawn], name: str) -> dict[float, Pairs]:
    """Kappa -> a policy's tickets and those of the people of the log, assigned at once."""
    return {k: ([d.judged[name, k] for d in drawn], [d.judged["at_once", k] for d in drawn]) for k in setting.kappas}


def _placebos(setting: Setting, drawn: Sequence[Drawn]) -> dict[float, Pairs]:
    found: dict[float, Pairs] = {}
    for k in setting.kappas:
        ones = [one for d in drawn for one in d.placebos[k]]
        found[k] = ones, [d.judged["at_once", k] for d in drawn for _ in d.placebos[k]]
    return found
