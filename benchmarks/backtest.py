"""How true backtests are: `python -m benchmarks.backtest [--runs 20]`, or with `--log FILE --until TIME`.

Without a log, helpdesks with known speeds are simulated (`tests.support.simulated_history`): how often a policy is said
to be better, and how often the 95 % interval of its difference to the same people at once holds the true one, which is
what the same tickets take at the true speeds with fresh luck, in the mean. With a log, its backtest is printed, and how
long it took.
"""

from __future__ import annotations

import argparse
import resource
from collections import Counter
from collections.abc import Sequence
from time import perf_counter

import numpy as np
from tests.support.simulated_history import AGE_EDGES as TRUE_EDGES
from tests.support.simulated_history import AGE_EFFECTS, Helpdesk, Simulated, simulated_history

import ticketopt
from ticketopt.history.backtest.engine import replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.measure import measured
from ticketopt.history.backtest.policies import POLICIES
from ticketopt.history.backtest.speeds import Speeds, fitted
from ticketopt.history.backtest.world import world_of
from ticketopt.history.exposure import AGE_EDGES

POLICY = "best_available"

DESK = {"agents": 16, "groups": 2, "days": 60, "rate": 10.0}

SCENARIOS = {
    "agents are alike": Helpdesk(**DESK, agent_sd=0.0, pair_sd=0.0),
    "agents differ": Helpdesk(**DESK, agent_sd=0.6),
    "agents differ, tickets too": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7),
    "hard tickets to fast people": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7, confounding=1.5),
    "easy tickets to fast people": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7, confounding=-1.5),
    "next to alike, easy tickets to some": Helpdesk(
        **DESK, agent_sd=0.05, pair_sd=0.0, difficulty_sd=0.7, confounding=-20.0
    ),
}
"""Words -> the helpdesk."""

N_TRUE = 20
"""Draws of fresh luck that the truth is the mean of."""


def true_speeds(desk: Helpdesk, world: Simulated) -> Speeds:
    """The intensities that a log was simulated with; load slows nobody in it."""
    tickets, stints = world.history.tickets, world.history.stints
    resolving = np.exp(desk.base + AGE_EFFECTS[np.searchsorted(TRUE_EDGES, AGE_EDGES, side="right") - 1])
    rate = np.stack([resolving, np.full(len(AGE_EDGES), np.exp(desk.passing))])
    curve = np.concatenate([np.zeros((2, 1)), np.cumsum(rate[:, :-1] * np.diff(AGE_EDGES), axis=1)], axis=1)
    of = stints.ticket
    ticket = world.kind[tickets.kind[of]] + world.group[stints.group] - world.difficulty[of]
    fast = np.pad(world.speed[:, None] + world.pair, ((0, 0), (0, 1)))
    person = np.stack([fast, np.broadcast_to(world.passing[:, None], fast.shape)])
    return Speeds(curve, rate, np.stack([ticket, np.zeros(len(of))]), person, 1.0)


def truth(desk: Helpdesk, simulated: Simulated, until: float) -> float:
    """The mean difference of the policy to the same people at once, in working hours."""
    fit = fitted(simulated.history, until)
    world, hours, speeds = world_of(simulated.history, fit.past), fit.hours(), true_speeds(desk, simulated)
    found = []
    for k in range(N_TRUE):
        luck = fresh_luck(world, np.random.default_rng([k, 99]))
        one, base = (measured(world, replayed(world, speeds, luck, POLICIES[p], hours)) for p in (POLICY, "at_once"))
        found.append(float(np.mean(one.judged - base.judged)))
    return float(np.mean(found))


def simulate(runs: int, draws: int, only: str) -> None:
    """Print one line per scenario."""
    print(f"{'scenario':38} true difference inside at kappa 1 / learned; kappa; true; seen at kappa 1 / learned")
    for words, desk in SCENARIOS.items():
        if only not in words:
            continue
        verdicts: Counter[str] = Counter()
        rows = []
        for seed in range(runs):
            simulated = simulated_history(desk, seed=seed)
            log = simulated.history
            until = log.begin + 2 / 3 * (log.end - log.begin)
            trial = ticketopt.backtest(log, POLICY, learn_until=until, draws=draws, seed=seed)
            verdicts[trial.verdicts[POLICY].split(":")[0].split(";")[0]] += 1
            real = truth(desk, simulated, until)
            seen = [trial.differences[POLICY][k] for k in (1.0, trial.kappa)]
            rows.append([*(d.low <= real <= d.high for d in seen), trial.kappa, real, *(d.value for d in seen)])
        mean = np.array(rows, np.float64).mean(axis=0)
        print(
            f"{words:38} {mean[0]:.0%} / {mean[1]:.0%}   {mean[2]:.2f}  {mean[3]:+.2f}  {mean[4]:+.2f} / {mean[5]:+.2f}"
            f"   {dict(verdicts)}",
            flush=True,
        )


def of_log(path: str, until: str, policies: Sequence[str], draws: int) -> None:
    """Print the backtest of a log."""
    history = ticketopt.read_history(path)
    start = perf_counter()
    trial = ticketopt.backtest(history, policies, learn_until=until, draws=draws)
    took = perf_counter() - start
    print(trial)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    replays = draws * len(trial.placebo) * len(trial.figures)
    print(f"\n{took:.0f} s for {replays} replays, learning, placebos and checks; {peak:.0f} MB at most")


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, or replay a log."""
    parser = argparse.ArgumentParser(prog="benchmarks.backtest", description="How true backtests are.")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--only", default="", metavar="WORDS", help="scenarios whose names hold these words")
    parser.add_argument("--log")
    parser.add_argument("--until", default="", help="such as 2016-04-01")
    parser.add_argument("--policy", action="append", default=[])
    options = parser.parse_args(arguments)
    if options.log:
        policies = options.policy or ["random", "least_loaded", "closest_match", "best_available", "every 15 min"]
        of_log(options.log, options.until, policies, options.draws)
    else:
        simulate(options.runs, options.draws, options.only)


if __name__ == "__main__":
    main()
