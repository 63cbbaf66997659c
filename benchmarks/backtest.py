"""How true backtests are: `python -m benchmarks.backtest --record FILE`, or with `--log FILE --until TIME`.

Without a log, helpdesks with known speeds are simulated (`tests.support.simulated_history`): how often a policy is said
to be better, and how often the 95 % interval of its difference to the same people at once holds the true one, which is
what the same tickets take at the true speeds with fresh luck, in the mean. Every helpdesk is a line of the record, and
is not run again, so that a run can be stopped, and several can share a record (`--first`). With a log, its backtest is
printed, and how long it took.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import product
from math import sqrt
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from tests.support.simulated_history import AGE_EDGES as TRUE_EDGES
from tests.support.simulated_history import AGE_EFFECTS, Helpdesk, Simulated, simulated_history

import ticketopt
from ticketopt.history.backtest.differences import Difference
from ticketopt.history.backtest.engine import replayed
from ticketopt.history.backtest.luck import fresh_luck
from ticketopt.history.backtest.measure import measured
from ticketopt.history.backtest.policies import POLICIES
from ticketopt.history.backtest.speeds import Speeds, fitted
from ticketopt.history.backtest.world import world_of
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.report.trial_page import trial_html

POLICY = "best_available"

DESK = {"agents": 14, "groups": 2, "days": 84, "rate": 7.0}

AWAY = 0.25
"""Share of the two-week spells in which an agent gets nothing new, where people are away at times."""

SCENARIOS = {
    "alike": Helpdesk(**DESK, agent_sd=0.0, pair_sd=0.0, away=AWAY),
    "alike, nobody away": Helpdesk(**DESK, agent_sd=0.0, pair_sd=0.0),
    "differ": Helpdesk(**DESK, agent_sd=0.6, away=AWAY),
    "differ, nobody away": Helpdesk(**DESK, agent_sd=0.6),
    "differ, load slows": Helpdesk(**DESK, agent_sd=0.6, gamma=0.25, away=AWAY),
    "differ, tickets too, at random": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7, away=AWAY),
    "hard tickets to the fast": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7, confounding=1.5, away=AWAY),
    "easy tickets to the fast": Helpdesk(**DESK, agent_sd=0.6, difficulty_sd=0.7, confounding=-1.5, away=AWAY),
    "next to alike, easy tickets to some": Helpdesk(
        **DESK, agent_sd=0.05, pair_sd=0.0, difficulty_sd=0.7, confounding=-20.0, away=AWAY
    ),
    "the same, nobody away": Helpdesk(**DESK, agent_sd=0.05, pair_sd=0.0, difficulty_sd=0.7, confounding=-20.0),
}
"""Words -> the helpdesk."""

N_TRUE = 20
"""Draws of fresh luck that the truth is the mean of."""


def true_speeds(desk: Helpdesk, world: Simulated) -> Speeds:
    """The intensities that a log was simulated with"""
    tickets, stints = world.history.tickets, world.history.stints
    resolving = np.exp(desk.base + AGE_EFFECTS[np.searchsorted(TRUE_EDGES, AGE_EDGES, side="right") - 1])
    by_cause = np.stack([resolving, np.full(len(AGE_EDGES), np.exp(desk.passing))])
    rate = np.stack([by_cause, by_cause], axis=1)
    curve = np.pad(np.cumsum(rate[..., :-1] * np.diff(AGE_EDGES), axis=-1), ((0, 0), (0, 0), (1, 0)))
    of = stints.ticket
    of_ticket = world.kind[tickets.kind[of]] + world.group[stints.group] - world.difficulty[of]
    fast = np.pad(world.speed[:, None] + world.pair, ((0, 0), (0, 1)))
    passes = np.broadcast_to(world.passing[:, None], fast.shape)
    ticket, person = np.stack([of_ticket, np.zeros(len(of))]), np.stack([fast, passes])
    ticket, person = (np.repeat(column[:, None], 2, axis=1) for column in (ticket, person))  # first minutes are alike
    return Speeds(curve, rate, ticket, person, 1.0, (desk.gamma, 0.0))  # load slows no passing on


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


@dataclass(frozen=True)
class World:
    """What came of one simulated helpdesk."""

    true: float
    seen: Difference
    at_one: Difference
    kappas: tuple[float, float]
    verdict: str
    shown: bool

    @property
    def holds(self) -> bool:
        return self.seen.low <= self.true <= self.seen.high


def world(words: str, seed: int, draws: int) -> World:
    """Simulate it, and backtest its log."""
    desk = SCENARIOS[words]
    simulated = simulated_history(desk, seed=seed)
    log = simulated.history
    until = log.begin + 2 / 3 * (log.end - log.begin)
    trial = ticketopt.backtest(log, POLICY, learn_until=until, draws=draws, seed=seed)
    verdict = trial.verdicts[POLICY].split(":")[0].split(";")[0]
    away = next(check for check in trial.checks if check.name == "when people were away")
    shown = not away.passed and "too little" not in away.seen
    seen = trial.overall[POLICY], trial.differences[POLICY][1.0]
    return World(truth(desk, simulated, until), *seen, trial.kappas, verdict, shown)


def simulate(record: Path, seeds: range, draws: int, only: str, seconds: float) -> None:
    """Run what the record does not have until the time is up, and print what it then has: a line per scenario."""
    end = perf_counter() + seconds
    for seed, words in product(seeds, SCENARIOS):
        if only in words and (words, seed) not in recorded(record) and perf_counter() < end:
            line = json.dumps({"words": words, "seed": seed, "world": asdict(world(words, seed, draws))})
            with record.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    found = recorded(record)
    print("| helpdesk | worlds | true | seen | width | holds the truth | kappa 1 does | confounding shown | verdicts |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for words in SCENARIOS:
        if of := [one for (other, _), one in found.items() if other == words]:
            print(f"| {words} | {_line(of)} |")
    if found:
        print(f"| all | {_line(list(found.values()))} |")
        held = sum(one.holds for one in found.values())
        low, high = (f"{end:.0%}" for end in _likely_share(held, len(found)))
        print(f"\nIntervals hold the truth in {held} of {len(found)}: {low} to {high} at 95 % (Wilson).")


def recorded(record: Path) -> dict[tuple[str, int], World]:
    """Scenario and seed -> what came of it."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return {(one["words"], one["seed"]): _world(one["world"]) for one in map(json.loads, lines)}


def _world(plain: dict[str, Any]) -> World:
    differences = {name: Difference(**plain[name]) for name in ("seen", "at_one")}
    return World(**{**plain, **differences, "kappas": tuple(plain["kappas"])})


def _likely_share(held: int, n: int) -> tuple[float, float]:
    z = 1.96
    middle, half = held / n + z * z / (2 * n), z * sqrt(held * (n - held) / n**3 + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def _line(found: Sequence[World]) -> str:
    mean = {"true": [w.true for w in found], "seen": [w.seen.value for w in found],
            "width": [w.seen.high - w.seen.low for w in found]}  # fmt: skip
    true, seen, width = (float(np.mean(mean[name])) for name in ("true", "seen", "width"))
    holds, shown = (sum(part) for part in ([w.holds for w in found], [w.shown for w in found]))
    naive = sum(w.at_one.low <= w.true <= w.at_one.high for w in found)
    words = Counter(w.verdict.split(" if")[0] + (" if" if " if" in w.verdict else "") for w in found)
    said = ", ".join(f"{verdict}: {n}" for verdict, n in words.most_common())
    return f"{len(found)} | {true:+.2f} | {seen:+.2f} | {width:.2f} | {holds} | {naive} | {shown} | {said}"


def of_log(options: argparse.Namespace) -> None:
    """Print the backtest of a log."""
    history = ticketopt.read_history(options.log)
    policies = options.policy or ["least_loaded", "closest_match", "best_available", "every 15 min"]
    targets = {name: float(hours) for name, _, hours in (one.partition("=") for one in options.target)}
    start, used = perf_counter(), process_time()
    with _executor(options.dask) as executor:
        trial = ticketopt.backtest(
            history, policies, learn_until=options.until, draws=options.draws, kappas=options.kappa or (1.0, 0.5, 0.0),
            targets=targets, gamma=options.gamma, executor=executor,
        )  # fmt: skip
    took, used = perf_counter() - start, process_time() - used
    print(trial)
    if options.page:
        Path(options.page).write_text(trial_html(trial), encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    replays = options.draws * len(trial.placebo) * len(trial.figures)
    where = f"{options.dask} Dask workers" if options.dask else "this process"
    print(
        f"\n{took:.0f} s, {used:.0f} s of this processor, for {replays} replays in {where}, with {len(trial.placebo)}"
    )
    print(f"kappas, learning, placebos and checks; {peak:.0f} MB at most; sum {hash_of(trial)}")


def hash_of(trial: ticketopt.Trial) -> str:
    """The same for the same result, whatever ran it."""
    return sha256(json.dumps(trial.to_dict(), sort_keys=True).encode()).hexdigest()[:12]


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    """A local Dask cluster of processes, or nothing."""
    if not workers:
        yield None
        return
    from dask.distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
    with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
        yield client.get_executor()


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, or replay a log."""
    parser = argparse.ArgumentParser(prog="benchmarks.backtest", description="How true backtests are.")
    parser.add_argument("--record", type=Path, help="a file of simulated helpdesks, which grows")
    parser.add_argument("--runs", type=int, default=10, help="of each scenario")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--seconds", type=float, default=420.0, help="after which no further one is begun")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--only", default="", metavar="WORDS", help="scenarios whose names hold these words")
    parser.add_argument("--log")
    parser.add_argument("--until", default="", help="such as 2016-04-01")
    parser.add_argument("--policy", action="append", default=[])
    parser.add_argument("--kappa", action="append", type=float, default=[])
    parser.add_argument("--target", action="append", default=[], help="such as 3=91: hours by priority")
    parser.add_argument("--gamma", type=float, help="how much load slows people; else what foretold best")
    parser.add_argument("--page", metavar="FILE", help="write the page about the log's backtest")
    parser.add_argument("--dask", type=int, default=0, metavar="N", help="run draws in so many Dask workers")
    options = parser.parse_args(arguments)
    if not options.log and not options.record:
        parser.error("give a --record of simulated helpdesks, or a --log")
    if options.log:
        of_log(options)
    else:
        seeds = range(options.first, options.first + options.runs)
        simulate(options.record, seeds, options.draws, options.only, options.seconds)


if __name__ == "__main__":
    main()
