"""Whether many values of a field are clean as they stand: its reader would give back every one, without a word.

These tests are quick and may say no to what is clean; then the reader reads value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from math import isnan
from operator import eq
from typing import Any

from ticketopt.problem.report import MAX_ID_LENGTH

__all__ = [
    "AreClean",
    "ReadAll",
    "are_ids",
    "are_names",
    "are_numbers",
    "are_texts",
    "as_floats",
    "as_mappings",
    "as_tuples",
    "is_encodable",
    "never",
    "nothing",
]

AreClean = Callable[[Sequence[Any]], bool]

ReadAll = Callable[[Sequence[Any]], "Sequence[Any] | None"]
"""What a reader makes of values of which it would say nothing; None where that is not told quickly."""


def never(values: Sequence[Any]) -> bool:
    """Only where there is no value."""
    return not values


def are_texts(values: Sequence[Any]) -> bool:
    """Texts without halves of surrogate pairs."""
    try:
        return all(map(str.isascii, values)) or all(map(is_encodable, values))
    except TypeError:  # of what is no text
        return False


def is_encodable(text: str) -> bool:
    """Whether a text has no half of a surrogate pair."""
    try:
        str.encode(text, "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def are_names(values: Sequence[Any]) -> bool:
    """Printable texts of at most `MAX_ID_LENGTH` characters without blanks around them."""
    if not set(map(type, values)) <= {str}:
        return False
    together, lengths = "".join(values), set(map(len, values))
    return (
        together.isprintable()
        and 0 not in lengths
        and max(lengths, default=0) <= MAX_ID_LENGTH
        and (" " not in together or all(map(eq, map(str.strip, values), values)))
    )


def are_ids(values: Sequence[Any]) -> bool:
    """Names, or whole numbers of a common size."""
    return are_names(values) or (set(map(type, values)) == {int} and -(2**63) < min(values) <= max(values) < 2**63)


def are_numbers(kind: type[int] | type[float], low: float, high: float) -> AreClean:
    """Numbers of this type from `low` to `high`."""

    def are_clean(values: Sequence[Any]) -> bool:
        if not values or not set(map(type, values)) <= {kind}:
            return not values
        return low <= min(values) and max(values) <= high and not any(map(isnan, values))

    return are_clean


def nothing(values: Sequence[Any]) -> None:
    """It is never told quickly."""
    return


def as_floats(low: float, high: float) -> ReadAll:
    """Whole and other numbers from `low` to `high` as floats."""

    def read_all(values: Sequence[Any]) -> list[float] | None:
        if not values or not set(map(type, values)) <= {int, float}:
            return None if values else []
        is_inside = low <= min(values) and max(values) <= high and not any(map(isnan, values))
        return list(map(float, values)) if is_inside else None

    return read_all


def as_mappings(key: AreClean, item: ReadAll, alike: Callable[[str], str]) -> ReadAll:
    """Copies of dicts whose keys are clean and no two of them `alike`, in any dict; their values are read together."""

    def read_all(values: Sequence[Any]) -> list[dict[Any, Any]] | None:
        if not set(map(type, values)) <= {dict}:
            return None
        keys = list(set().union(*values))
        kinds = set(map(type, chain.from_iterable(values)))  # equal keys may be of two kinds
        if len(kinds) > 1 or not key(keys) or len(set(map(alike, map(str, keys)))) < len(keys):
            return None
        inner = list(chain.from_iterable(map(dict.values, values)))
        clean = item(inner)
        if clean is None:
            return None
        rest = iter(clean)
        return list(map(dict, values)) if clean is inner else [dict(zip(value, rest, strict=False)) for value in values]

    return read_all


def as_tuples(item: ReadAll) -> ReadAll:
    """Lists and tuples as tuples; their items are read together."""

    def read_all(values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        if not set(map(type, values)) <= {list, tuple}:
            return None
        inner = list(chain.from_iterable(values))
        clean = item(inner)
        if clean is None:
            return None
        rest = iter(clean)
        return list(map(tuple, values)) if clean is inner else [tuple(islice(rest, len(value))) for value in values]

    return read_all
