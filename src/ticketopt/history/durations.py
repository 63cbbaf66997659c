"""Durations as exports write them -> hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ticketopt._types import Float
from ticketopt.history.coded import floats
from ticketopt.intake.cells import Mistake, plain_value, read_each, without_mistakes
from ticketopt.intake.column import Column
from ticketopt.intake.values import read_numbers
from ticketopt.problem.report import Report, shown

__all__ = ["read_hours"]

_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")

_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z\u00e4\u00f6\u00fc]+)\.?[\s,]*")

_UNITS = {
    **dict.fromkeys(("w", "wk", "week", "weeks", "woche", "wochen", "semaines", "semanas"), 40.0),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "t", "jour", "jours", "j", "dias"), 8.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "horas"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten", "minutos"), 1 / 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunden", "segundos"), 1 / 3600),
}
"""Hours of work: a day has eight of them, a week five such days."""


def read_hours(column: Column, report: Report, per_unit: float = 1.0) -> Float:
    """Hours, NaN where nothing is given: `1.5`, `1:30`, `01:30:00`, `1d 2h 30m`, `90 min`.

    Parameters
    ----------
    per_unit : hours per unit of plain numbers.
    """
    worded = read_each(column, _worded)
    numbers = Column(column.heading, _only_plain(column.cells, worded), column.place, column.is_text)
    values = read_numbers(numbers, report)
    others = without_mistakes(column, worded, report)
    plain = floats(values) * per_unit
    return np.where(np.isnan(plain), floats(others), plain)


def _only_plain(cells: Sequence[Any], worded: Sequence[object]) -> list[Any]:
    return [cell if said is None else None for cell, said in zip(cells, worded, strict=True)]


def _worded(cell: Any) -> float | Mistake | None:
    """Hours of a text that is more than a number; None of a plain number."""
    value = plain_value(cell)
    if not isinstance(value, str):
        return None
    text = value.casefold()
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600
    if not any(map(str.isalpha, text)):
        return None
    parts, end = [], 0
    while match := _PART.match(text, end):
        parts.append((match[1], match[2]))
        end = match.end()
    if end < len(text) or any(unit not in _UNITS for _, unit in parts):
        return Mistake(f"{shown(cell)} is no duration", "write hours such as 1.5, or 1h 30m")
    return sum(float(number.replace(",", ".")) * _UNITS[unit] for number, unit in parts)
