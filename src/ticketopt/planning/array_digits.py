"""Numbers as digits: whole multiples of a power of two, and what they leave, both exact."""

from __future__ import annotations

import numpy as np

from ticketopt._types import Int, Matrix
from ticketopt.model.assignment import MAX_SUM

__all__ = ["cut", "is_whole_at", "parts", "spare_bits", "whole_part"]


_CHUNK = 1 << 16


def spare_bits(weight: int) -> int:
    """How many bits a number may have so that `weight` of them add up to a quarter of `MAX_SUM` at most."""
    return MAX_SUM.bit_length() - 3 - weight.bit_length()


def whole_part(numbers: Matrix, exponent: int) -> Int:
    """The numbers as multiples of `2^-exponent`, cut to whole ones, as int64; infinity is 0.

    Doubles are cut towards 0, so that nothing can overflow, and 64-bit integers downwards; both never make a larger
    number the smaller one. The power must be so large that int64 holds the result. int64 with exponent 0 is not copied.
    """
    if numbers.dtype.kind in "iu":
        if exponent >= 0:
            shifted = numbers << numbers.dtype.type(min(exponent, 63)) if exponent else numbers
        elif exponent < -63:
            shifted = np.zeros(numbers.shape, dtype=np.int64)
        else:
            shifted = numbers >> numbers.dtype.type(-exponent)
        return np.ascontiguousarray(shifted, dtype=np.int64)
    whole = np.empty(numbers.shape, dtype=np.int64)
    for part in parts(numbers):
        whole[part] = _times_power(_finite(numbers[part]), exponent)
    return whole


def cut(numbers: Matrix, exponent: int) -> tuple[Int, Matrix]:
    """`whole_part`, and what it leaves, exactly: in the numbers' own scale and type, 0 for infinity."""
    if numbers.dtype.kind in "iu":
        whole = whole_part(numbers, exponent)
        places = numbers.dtype.type(min(max(0, -exponent), 63))
        return whole, numbers - (whole.astype(numbers.dtype) << places) if exponent < 0 else np.zeros_like(numbers)
    finite = _finite(numbers)
    digits = np.trunc(_times_power(finite, exponent))
    return digits.astype(np.int64), finite - _times_power(digits, -exponent)


def is_whole_at(numbers: Matrix, exponent: int) -> bool:
    """Whether `whole_part` leaves nothing of any number."""
    return not any(cut(numbers[part], exponent)[1].any() for part in parts(numbers))


def _finite(numbers: Matrix) -> Matrix:
    """0 for infinity."""
    is_finite = np.isfinite(numbers)
    finite: Matrix = numbers if is_finite.all() else np.where(is_finite, numbers, 0)
    return finite


def _times_power(numbers: Matrix, exponent: int) -> Matrix:
    """`numbers * 2^exponent`, exactly but for what underflows."""
    if abs(exponent) <= 1000:
        return numbers * 2.0**exponent
    half = exponent // 2
    return numbers * 2.0**half * 2.0 ** (exponent - half)


def parts(matrix: Matrix) -> list[slice]:
    """Slices of rows that fit into the processor's cache."""
    rows = max(1, _CHUNK // max(1, matrix[:1].size))
    return [slice(first, first + rows) for first in range(0, len(matrix), rows)]
