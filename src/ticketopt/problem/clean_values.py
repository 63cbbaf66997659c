"""Whether many values of a field are clean as they stand: its reader would give back every one, without a word.

These tests are quick and may say no to what is clean; then the reader reads value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from operator import eq
from typing import Any

from ticketopt.problem.report import MAX_ID_LENGTH

__all__ = ["AreClean", "are_ids", "are_names", "are_numbers", "are_texts", "is_encodable", "never"]

AreClean = Callable[[Sequence[Any]], bool]


def never(values: Sequence[Any]) -> bool:
    """Only where there is no value."""
    return not values


def are_texts(values: Sequence[Any]) -> bool:
    """Texts without halves of surrogate pairs."""
    return set(map(type, values)) <= {str} and (all(map(str.isascii, values)) or all(map(is_encodable, values)))


def is_encodable(text: str) -> bool:
    """Whether a text has no half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def are_names(values: Sequence[Any]) -> bool:
    """Printable texts of at most `MAX_ID_LENGTH` characters without blanks around them."""
    if not set(map(type, values)) <= {str} or not all(values):
        return False
    together = "".join(values)
    return (
        together.isprintable()
        and max(map(len, values), default=0) <= MAX_ID_LENGTH
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
