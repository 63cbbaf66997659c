"""From points to an urgency."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.problem.reading import DEFAULT_URGENCY
from ticketopt.triage.urgency_curve import on_curve, urgency_of

XS, YS = (-2.0, -0.5, 0.0, 3.0), (0.1, 0.2, 0.5, 0.9)


@given(st.floats(-4, 4) | st.sampled_from(XS))
def test_a_curve_is_that_of_numpy(x: float) -> None:
    assert on_curve(x, XS, YS) == float(np.interp(x, XS, YS))


def test_severe_points_count_where_there_are_enough() -> None:
    assert urgency_of(0.0, 0.0) == DEFAULT_URGENCY
    assert urgency_of(1.0, 1.2) == urgency_of(1.0, 0.0) < 0.9 == urgency_of(1.0, 1.25)
