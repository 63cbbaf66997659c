"""A failing case made small: what can be left out while it still fails is left out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

SIMPLER: dict[str, tuple[Any, ...]] = {
    "current_load": (0,),
    "urgency": (0.4,),
    "effort": (1, 2),
    "capacity": (1, 2),
    "balance": (0, 0.5),
}
LONGEST = 400
"""Trials at most: a case is shrunk for people, not for its own sake."""


def shrink(case: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The smallest case found that still fails, by trying one simplification after another."""
    trials = 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for smaller in _smaller(case):
            trials += 1
            if trials > LONGEST:
                return case
            if fails(copy.deepcopy(smaller)):
                case, is_smaller = smaller, True
                break
    return case


def _smaller(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The case with one thing less, the largest things first."""
    for part in ("events", "tickets", "agents", "cost"):
        for k in range(len(case.get(part, ()))):
            yield case | {part: case[part][:k] + case[part][k + 1 :]}
    for name in ("load_cost", "exit_cost"):
        if name in case:
            yield {key: value for key, value in case.items() if key != name}
    copies = case.get("copies", 1)
    for fewer in sorted({copies // 2, copies - 1} - {0, copies}):
        yield case | {"copies": fewer}
    for name in case["policy"]:
        yield case | {"policy": {key: value for key, value in case["policy"].items() if key != name}}
    for part in ("tickets", "agents"):
        for k, record in enumerate(case[part]):
            for simpler in _simpler_records(record):
                yield case | {part: [*case[part][:k], simpler, *case[part][k + 1 :]]}


def _simpler_records(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in list(record):
        if name not in ("ticket_id", "agent_id"):
            yield {key: value for key, value in record.items() if key != name}
    for name, values in SIMPLER.items():
        for value in values:
            if name in record and record[name] != value and record[name] not in values[: values.index(value)]:
                yield record | {name: value}
    for name, value in record.items():
        if isinstance(value, dict):
            for key in value:
                yield record | {name: {own: of for own, of in value.items() if own != key}}
