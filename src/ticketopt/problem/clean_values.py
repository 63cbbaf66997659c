"""Whether many values of a field are clean as they stand: its reader would give back every one, without a word.

These tests are quick and may say no to what is clean; then the reader reads value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ticketopt.problem.report import MAX_ID_LENGTH

__all__ = ["AreClean", "are_ids", "are_names", "are_numbers", "are_texts", "never"]

AreClean = Callable[[Sequence[Any]], bool]


def never(values: Sequence[Any]) -> bool:
    """Only where there is no value."""
    return not values


def are_texts(values: Sequence[Any]) -> bool:
    """Texts without halves of surrogate pairs."""
    if not set(map(type, values)) <= {str}:
        return False
    try:
        for value in values:
            if not value.isascii():
                value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def are_names(values: Sequence[Any]) -> bool:
    """Printable texts of at most `MAX_ID_LENGTH` characters without blanks around them."""
    return (
        set(map(type, values)) <= {str}
        and all(map(str.isprintable, values))
        and max(map(len, values), default=1) <= MAX_ID_LENGTH
        and all(value and value[0] != " " != value[-1] for value in values)
    )


def are_ids(values: Sequence[Any]) -> bool:
    """Names, or whole numbers of a common size."""
    return are_names(values) or (set(map(type, values)) == {int} and -(2**63) < min(values) <= max(values) < 2**63)


def are_numbers(kind: type[int] | type[float], low: float, high: float) -> AreClean:
    """Numbers of this type from `low` to `high`."""
    return lambda values: set(map(type, values)) <= {kind} and all(low <= value <= high for value in values)
