"""Numbers as digits: whole units of a power of two, and what they leave, both exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.model import MAX_SUM

__all__ = ["parts", "rest_of", "spare_bits", "whole_part"]

Int = NDArray[np.int64]
Matrix = NDArray[Any]

_CHUNK = 1 << 16


def spare_bits(weight: int) -> int:
    """How many bits a number may have so that `weight` of them add up to a quarter of `MAX_SUM` at most."""
    return MAX_SUM.bit_length() - 3 - weight.bit_length()


def whole_part(numbers: Matrix, exponent: int) -> Int:
    """The numbers in units of `2^-exponent`, cut to whole ones, as int64; infinity is 0.

    Doubles are cut towards 0, so that nothing can overflow, and 64-bit integers downwards; both never make a larger
    number the smaller one. The units must be so large that int64 holds the result. int64 in whole units is not copied.
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


def rest_of(numbers: Matrix, exponent: int) -> Matrix:
    """What `whole_part` cuts off, exactly: in the numbers' own units and type. 0 for infinity."""
    rest: Matrix
    if numbers.dtype.kind in "iu":
        whole = whole_part(numbers, exponent).astype(numbers.dtype)
        rest = numbers - (whole << numbers.dtype.type(min(-exponent, 63))) if exponent < 0 else np.zeros_like(numbers)
    else:
        finite = _finite(numbers)
        rest = finite - _times_power(np.trunc(_times_power(finite, exponent)), -exponent)
    return rest


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
