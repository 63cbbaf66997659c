"""The whole library against an oracle written from the documentation: every public number on seeded small cases.

By default some hundred cases; with `--exhaustive` 100,000; with `--exhaustive-sample NUMBER` some thousand of these.
One kind of check alone: `-k "session and calm"`.
A failure names its seed and prints the smallest case found that still fails.
"""

from __future__ import annotations

import pprint
import re
from collections.abc import Iterable
from typing import Any

import pytest

from support.kinds import KINDS, Kind
from support.seeds import Seeds
from support.shrink import shrink

DEFAULT = 400
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


def first_failure(name: str, seeds: Iterable[int]) -> str | None:
    """The report of the first seed that fails."""
    for seed in seeds:
        case = KINDS[name].make(seed)
        words = failure(KINDS[name], case)
        if words is not None:
            return report(name, seed, case, words)
    return None


def cases_of(name: str, total: int) -> int:
    """How many cases a kind has of so many in all."""
    return max(1, round(total * KINDS[name].share / sum(kind.share for kind in KINDS.values())))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    count = PARTS if metafunc.config.getoption("--exhaustive") else 1
    tests = [
        pytest.param(name, slice(k, None, count), id=name if count == 1 else f"{name}, part {k + 1} of {count}")
        for name in KINDS
        for k in range(count)
    ]
    metafunc.parametrize(("name", "part"), tests)


def test_every_number_is_what_the_oracle_says(name: str, part: slice, seeds: Seeds) -> None:
    found = first_failure(name, seeds(cases_of(name, DEFAULT), cases_of(name, EXHAUSTIVE))[part])
    assert found is None, found
