"""Columns of priorities -> low, medium, high, critical. Which number is the highest is what the column says itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ticketopt.intake.cells import Mistake, named, plain_value, read_each, without_mistakes
from ticketopt.intake.column import Column
from ticketopt.intake.date_words import without_accents
from ticketopt.intake.priority_words import BESIDE, CODES, PRIORITIES, UNSET
from ticketopt.problem.report import Report, is_number

__all__ = ["read_priorities"]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

_WORD = re.compile(r"[^\W_]+")

_SPLIT_CODE = re.compile(r"\b(p|s|sev) (\d)\b")

_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_REPAIR = "use one of: low, medium, high, critical; or say what the word means"

_BY_NUMBER = {code: level for code, level in CODES.items() if code.isdecimal()}


def read_priorities(column: Column, report: Report, words: Mapping[str, str]) -> list[str | None]:
    """Priorities in the words and numbers of many helpdesks.

    A bare number means what another cell of the column says of it, as `3 - High` does; else 1 is the highest, unless
    such cells count another way.

    Parameters
    ----------
    words : what this helpdesk's own words and numbers mean; they win over those that all helpdesks use.
    """
    own = {_key(word): level for word, level in words.items()}
    read = read_each(column, partial(_priority, own=own))
    if _BY_NUMBER.keys().isdisjoint(set(read)):
        return [value or None for value in without_mistakes(column, read, report)]
    said = _said_of_numbers(column, read)
    other_way = next((cell for code, (level, cell) in said.items() if _BY_NUMBER.get(code) != level), None)
    values: list[str | Mistake | None] = []
    first = None
    for k, value in enumerate(read):
        if not isinstance(value, str) or value not in _BY_NUMBER:
            values.append(value)
        elif value in said:
            values.append(said[value][0])
        elif other_way is not None:
            problem = f"{named(column.cells[k])} could be {_BY_NUMBER[value]}, but {named(other_way)} counts otherwise"
            values.append(Mistake(problem, _REPAIR))
        else:
            first = k if first is None else first
            values.append(_BY_NUMBER[value])
    if first is not None:
        problem = f"{named(column.cells[first])} and others were read with 1 as the highest priority"
        report.warn(column.place(first), problem, "say what the numbers mean where it is not")
    return [value or None for value in without_mistakes(column, values, report)]


def _said_of_numbers(column: Column, read: Sequence[str | Mistake | None]) -> dict[str, tuple[str, Any]]:
    """Number -> the level that a cell with a word beside it gives it, and that cell."""
    said: dict[str, tuple[str, Any]] = {}
    for cell, level in zip(column.cells, read, strict=True):
        if isinstance(cell, str) and isinstance(level, str) and level and level not in _BY_NUMBER:
            numbers = [word for word in _key(cell).split() if word.isdecimal()]
            if len(numbers) == 1:
                said.setdefault(numbers[0], (level, cell))
    return said


def _key(text: str) -> str:
    """A priority as priorities are compared: without accents, case, signs and `.0`."""
    plain = without_accents(text.strip())
    if _NUMBER.fullmatch(plain):
        return re.sub(r"\.0+$", "", plain)
    return _SPLIT_CODE.sub(r"\1\2", " ".join(_WORD.findall(plain)))


def _priority(cell: Any, own: Mapping[str, str]) -> str | Mistake:
    """Ours, or a bare number as text, or an empty text where no priority is given."""
    value = plain_value(cell)
    if not isinstance(value, str) and not is_number(value):
        return Mistake(f"is {named(cell)}, not a priority", _REPAIR)
    unknown = Mistake(f"{named(cell)} is not a known priority", _REPAIR)
    if not isinstance(value, str) and not abs(value) < 1_000_000:
        return unknown
    found = _level(_key(str(value)), own)
    if found is None and isinstance(value, str) and _NOTE.search(value):
        found = _level(_key(_NOTE.sub(" ", value)), own)
    return unknown if found is None else found


def _level(key: str, own: Mapping[str, str]) -> str | None:
    tokens = [word for word in key.split() if word not in BESIDE]
    codes = [word for word in tokens if word in CODES or word.isdecimal()]
    rest = " ".join(word for word in tokens if word not in codes)
    for words in (own, PRIORITIES):
        for form in (key, " ".join(tokens), rest):
            if form and form in words:
                return words[form]
    if rest in UNSET or key in UNSET:
        return ""
    code = codes[0] if len(codes) == 1 else ""
    if rest or (code not in CODES and code not in own):
        return None
    if code in own:
        return own[code]
    is_named = code.isdecimal() and key != code
    return CODES[code] if is_named or code not in _BY_NUMBER else code
