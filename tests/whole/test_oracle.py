"""The whole library against an oracle written from the README: every public number on seeded small cases.

By default some hundred cases; with `--exhaustive` 100,000. One kind of check alone: `-k "session and calm"`.
A failure names its seed and prints the smallest case found that still fails.
"""

from __future__ import annotations

import pprint
import re
from typing import Any

import pytest

from support.kinds import KINDS, Kind
from support.shrink import shrink

KNOWN: dict[str, str] = {
    "arrays": "point 1: costs of solve_arrays are rounded by the largest number",
    "tiers in no time": "point 2: a later tier made an earlier one worse",
    "session, rule of one's own": "point 3: rows of custom rules are dropped",
    "invariance, accents": "point 5: accents in two forms",
    "bottlenecks, sum": "point 7: a bottleneck that contains another one repeats its shortage",
    "compare": "point 7: a habit below the optimum",
    "crowd": "point 10: the staircase of load costs",
    "optimum, extremes, unequal effort": "point 10: the staircase of load costs",
    "session": "point 11: moves for nothing",
    "session, rules": "point 11: moves for nothing",
    "session, rules, calm": "point 11: moves for nothing",
    "session, experience": "point 11: moves for nothing",
    "session, calm": "point 11: moves for nothing",
    "session, ages": "point 11: how busy an agent is stays as it was",
    "session, no limits": "point 11: another reference of the load cost",
    "session, policy's capacity": "point 11: an agent who comes has no limit",
    "session, fair share": "point 11: the fair share stays as it was",
    "false claims, unequal effort": "point 12: a claimed bound is believed",
    "verify, foreign plans": "point 12: one ticket under two spellings of its id",
    "verify, tampered results": "point 12: verify finds nothing wrong with a tampered result",
    "verify, tampered results, unequal effort": "point 12: verify finds nothing wrong with a tampered result",
    "verify, other problems": "point 12: verify finds nothing wrong with a result of another problem",
    "exits by urgency": "point 14: .501 is served and .504 waits",
    "exits, rows": "point 14: urgency is compared in hundredths, with limits across tickets as well",
    "exits by urgency and age": "point 14: a newer ticket is served before an older one",
    "slot_values": "point 14: one fewer of a free slot costs something",
    "slot_values, scarce": "point 14: one fewer of a free slot costs something",
    "slot_values, bounds": "point 14: one fewer of a free slot costs something",
    "slot_values, solved": "point 14: one fewer of a free slot costs something",
    "loads, unequal effort": "point 14: fair share of one agent with effort_by_agent",
    "tiers, seven tickets": "point 14: fair share of one agent with effort_by_agent",
    "skill_values, unequal effort": "point 14: fair share of one agent whose effort falls",
    "ids": "point 14: to_frame turns ids into floats",
    "small weights": "point 14: small weights round to nothing",
    "invariance, teams": "point 15: team names in another case",
    "resolve, budget, rows": "point 15: a change budget and rows",
    "pair costs": "point 15: an offline expert shifts everybody's experience cost",
    "cost of a plan": "point 15: an offline expert shifts everybody's experience cost",
    "optimum, auto": "point 15: an offline expert shifts everybody's experience cost",
    "optimum, auto, unequal effort": "point 15: an offline expert shifts everybody's experience cost",
    "optimum, auto, rows": "point 15: an offline expert shifts everybody's experience cost",
    "optimum, network": "point 15: an offline expert shifts everybody's experience cost",
    "optimum, min_cost_flow": "point 15: an offline expert shifts everybody's experience cost",
    "tiers": "point 15: an offline expert shifts everybody's experience cost",
    "why_not": "point 15: an offline expert shifts everybody's experience cost",
    "counterfactuals": "point 15: an offline expert shifts everybody's experience cost",
    "certificate": "point 15: an offline expert shifts everybody's experience cost",
    "diff": "point 15: an offline expert shifts everybody's experience cost",
    "invariance, away": "point 15: an offline expert shifts everybody's experience cost",
    "invariance, away, unequal effort": "point 15: an offline expert shifts everybody's experience cost",
}
"""Kinds that fail today, and the point of the issue that mends them."""

DEFAULT = 800
"""Cases in all by default."""

EXHAUSTIVE = 100_000
"""Cases in all with `--exhaustive`."""

PARTS = 20
"""Tests per kind with `--exhaustive`, so that several workers can share it."""


def failure(kind: Kind, case: dict[str, Any]) -> str | None:
    """What is wrong with a case: the check's words, or what else the library raises; None where all is right."""
    try:
        kind.check(case)
    except AssertionError as error:
        return str(error).split("\nassert ")[0]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def family(words: str | None) -> str | None:
    """The sort of a failure, its numbers and names left out, so that one is not shrunk to another."""
    return words and re.sub(r"\(.*?\)|\[.*?\]|\{.*?\}|'.*?'|[-\d.]+", "", words)[:40]


def report(name: str, seed: int, case: dict[str, Any], words: str) -> str:
    """The failure of a seed, and the smallest case that fails like it."""
    kind = KINDS[name]
    small = shrink(case, lambda smaller: family(failure(kind, smaller)) == family(words))
    shown = pprint.pformat(small, width=110, sort_dicts=False)
    return f"{name}, seed {seed}: {words}\nsmallest: {failure(kind, small)}\n{shown}"


def first_failure(name: str, seeds: range) -> str | None:
    """The report of the first seed that fails."""
    for seed in seeds:
        case = KINDS[name].make(seed)
        words = failure(KINDS[name], case)
        if words is not None:
            return words if name in KNOWN else report(name, seed, case, words)
    return None


def parts(name: str, total: int, count: int) -> list[range]:
    """The seeds that a kind has of so many cases in all, in so many parts."""
    shares = sum(kind.share for kind in KINDS.values())
    seeds = max(1, round(total * KINDS[name].share / shares))
    return [range(k * seeds // count, (k + 1) * seeds // count) for k in range(count)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_exhaustive = metafunc.config.getoption("--exhaustive")
    total, count = (EXHAUSTIVE, PARTS) if is_exhaustive else (DEFAULT, 1)
    tests = []
    for name in KINDS:
        marks = [pytest.mark.xfail(strict=False, reason=KNOWN[name])] if name in KNOWN else []
        for seeds in parts(name, total, count):
            label = f"{name}, {seeds.start} to {seeds.stop - 1}" if is_exhaustive else name
            tests.append(pytest.param(name, seeds, id=label, marks=marks))
    metafunc.parametrize(("name", "seeds"), tests)


def test_every_number_is_what_the_oracle_says(name: str, seeds: range) -> None:
    found = first_failure(name, seeds)
    assert found is None, found
