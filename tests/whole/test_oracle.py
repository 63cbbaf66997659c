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
            return report(name, seed, case, words)
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
        for seeds in parts(name, total, count):
            label = f"{name}, {seeds.start} to {seeds.stop - 1}" if is_exhaustive else name
            tests.append(pytest.param(name, seeds, id=label))
    metafunc.parametrize(("name", "seeds"), tests)


def test_every_number_is_what_the_oracle_says(name: str, seeds: range) -> None:
    found = first_failure(name, seeds)
    assert found is None, found
