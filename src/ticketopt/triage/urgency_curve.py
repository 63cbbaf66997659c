"""From the points of signs to an urgency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ticketopt.problem.reading import DEFAULT_URGENCY

_CURVE = ((-2.0, -0.6, -0.3, 0.0, 0.75, 0.8, 3.0), (0.05, 0.20, 0.30, DEFAULT_URGENCY, 0.5, 0.7, 0.82))
_SEVERE_CURVE = ((1.25, 4.0), (0.9, 1.0))


def urgency_of(points: float, severe: float) -> float:
    """The urgency for the points of all signs, and for those of severe ones, of which few say nothing more."""
    value = on_curve(points, *_CURVE)
    return max(value, on_curve(severe, *_SEVERE_CURVE)) if severe >= _SEVERE_CURVE[0][0] else value


def on_curve(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """The value at x of the curve through some points, level outside of them: `numpy.interp`, for one number."""
    k = bisect_right(xs, x)
    if not 0 < k < len(xs):
        return ys[0] if k == 0 else ys[-1]
    return (ys[k] - ys[k - 1]) / (xs[k] - xs[k - 1]) * (x - xs[k - 1]) + ys[k - 1]
