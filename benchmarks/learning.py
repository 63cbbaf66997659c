"""How true learned levels are: `python -m benchmarks.learning [--runs 20]`, or with `--log FILE --until TIME`.

Without a log, helpdesks with known speeds are simulated (`tests.support.simulated_history`): how often the 90 %
intervals hold the true level, how far levels are off, and what happens where hard tickets go to fast people, with the
difficulty in the log and without. With a log, levels are learned from what came before a time and judged by what came
after it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from tests.support.simulated_history import Helpdesk, Simulated, simulated_history

import ticketopt
from ticketopt.history.evidence import TeamEvidence, judged
from ticketopt.history.forward import choose
from ticketopt.history.learn import learn
from ticketopt.history.observed import past_of

SCENARIOS = {
    "nothing hidden": (Helpdesk(days=90), True),
    "much waiting, many left open": (Helpdesk(days=90, pending=0.3, base=-2.5, rate=5), True),
    "load slows people (gamma 0.3)": (Helpdesk(days=90, gamma=0.3, base=-1.0), True),
    "few tickets": (Helpdesk(days=30, agents=30, groups=6), True),
    "hard tickets at random, difficulty unknown": (Helpdesk(days=90, difficulty_sd=0.7), True),
    "hard tickets to fast people, difficulty known": (
        Helpdesk(days=90, difficulty_sd=0.7, confounding=1.5, has_estimate=True),
        True,
    ),
    "the same, difficulty unknown": (
        Helpdesk(days=90, difficulty_sd=0.7, confounding=1.5, has_estimate=True),
        False,
    ),
}
"""Words -> the helpdesk, and whether estimates are used."""


def against_truth(world: Simulated, *, with_estimates: bool, seed: int) -> list[tuple[float, float, float, float]]:
    """True level, and the learned one with its interval, of everybody on every skill that is listed."""
    team = learn(world.history, with_estimates=with_estimates, seed=seed)
    return [
        (world.levels[int(name.split()[1]), int(skill.split()[1])], level.value, level.low, level.high)
        for name, member in team.learned.members.items()
        for skill, level in member.levels.items()
    ]


def simulate(seeds: range, only: str) -> None:
    """Print one line per scenario whose words hold `only`."""
    print(f"{'scenario':48} levels  inside  inside*   off   slope   likeness")
    for words, (desk, with_estimates) in SCENARIOS.items():
        if only not in words:
            continue
        found = [
            row
            for seed in seeds
            for row in against_truth(simulated_history(desk, seed=seed), with_estimates=with_estimates, seed=seed)
        ]
        if not found:
            print(f"{words:48}      0  no levels were given")
            continue
        true, value, low, high = np.array(found).T
        inside = (low - 0.05 <= true) & (true <= high + 0.05)
        others = true < 9.99
        logs = np.log(true), np.log(value)
        off, slope = float(np.std(logs[1] - logs[0])), float(np.polyfit(logs[1], logs[0], 1)[0])
        print(
            f"{words:48} {len(true):6}  {inside.mean():6.1%}  {inside[others].mean():6.1%}  {off:5.2f}  {slope:5.2f}"
            f"   {np.corrcoef(*logs)[0, 1]:5.2f}",
            flush=True,
        )
    print("inside: true level within the interval to a tenth (90 % nominal); *: without who is the best, at 10 by")
    print("definition; off: log units; slope: of true on learned levels, in logs; likeness: their correlation")


def of_log(path: str, until: str, skill: str, *, with_estimates: bool) -> None:
    """Print how what was learned before a time fared after it."""
    start = perf_counter()
    history = ticketopt.read_history(path)
    if not with_estimates:
        unknown = np.full(len(history.tickets), np.nan)
        history = replace(history, tickets=replace(history.tickets, estimate=unknown))
    moment = float(np.datetime64(until, "s").astype(np.int64))
    before, after = past_of(history, skill, moment), past_of(history, skill, history.end)
    tickets, stints = before.history.tickets, before.history.stints
    uses_hours = float(np.mean(tickets.hours[stints.ticket] > 0)) > 0.3
    choice = choose(before.history, skill, uses_hours=uses_hours)
    if choice is None:
        print("too short")
        return
    found: TeamEvidence = judged(before, after, moment, choice)
    print(choice)
    print(found)
    print(
        f"gain per ticket over kinds {found.over_kinds:+.3f}, agents {found.over_agents:+.3f},"
        f" raw means {found.over_cells:+.3f}; {found.concordance}; with the ticket's own estimate {found.with_ticket};"
        f" {perf_counter() - start:.1f} s"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, or judge by a log."""
    parser = argparse.ArgumentParser(prog="benchmarks.learning", description="How true learned levels are.")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--only", default="", metavar="WORDS", help="scenarios whose names hold these words")
    parser.add_argument("--log")
    parser.add_argument("--until", default="", help="such as 2016-04-01")
    parser.add_argument("--skill", default="group")
    parser.add_argument("--without-estimates", action="store_true")
    options = parser.parse_args(arguments)
    if options.log:
        of_log(options.log, options.until, options.skill, with_estimates=not options.without_estimates)
    else:
        simulate(range(options.first, options.first + options.runs), options.only)


if __name__ == "__main__":
    main()
