"""With n tickets in hand, everything goes on at n ** -gamma of the speed."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.history.backtest.sharing import Sharing
from ticketopt.history.backtest.speeds import Speeds
from ticketopt.history.exposure import AGE_EDGES

INF = float("inf")


def sharing(*gamma: float) -> Sharing:
    """Intensity 1 at every age, so that luck is hours alone."""
    rate = np.ones((2, 2, len(AGE_EDGES)))
    curve = np.broadcast_to(AGE_EDGES, rate.shape)
    return Sharing(Speeds(curve, rate, np.zeros((2, 2, 0)), np.zeros((2, 2, 1, 1)), 1.0, (gamma[0], gamma[-1])), 1)


def begin(one: Sharing, i: int, at: float, luck: list[float]) -> None:
    one.begin(i, 0, at, 0, [1.0, 1.0], luck)


def test_two_at_once_take_twice_as_long_where_time_is_shared() -> None:
    one = sharing(1.0)
    begin(one, 0, 10.0, [1.0, INF])
    assert one.foretold(0)[0][0] == pytest.approx(11.0)
    begin(one, 1, 10.5, [1.0, INF])
    assert [at for at, _, _ in one.foretold(0)] == pytest.approx([11.5, 12.5])
    assert one.end(0, 11.5) == 0
    assert one.cause(0) == 0
    assert [at for at, _, _ in one.foretold(0)] == pytest.approx([12.0])


def test_other_work_slows_and_the_smaller_luck_decides() -> None:
    one = sharing(0.5)
    one.others(0, 3, 0.0)
    begin(one, 7, 0.0, [9.0, 2.0])
    (at, i, version) = one.foretold(0)[0]
    assert (at, i) == (pytest.approx(4.0), 7)
    assert one.is_current(7, version)
    one.foretold(0)
    assert not one.is_current(7, version)
    one.end(7, 4.0)
    assert one.cause(7) == 1


def test_load_may_slow_one_cause_alone() -> None:
    one = sharing(1.0, 0.0)
    one.others(0, 1, 0.0)
    begin(one, 0, 0.0, [1.0, 1.5])
    (at, _, _) = one.foretold(0)[0]
    assert at == pytest.approx(1.5)
    one.end(0, at)
    assert one.cause(0) == 1


def test_a_tickets_next_stint_is_not_ended_by_what_was_foretold_of_the_one_before() -> None:
    one = sharing(0.5)
    begin(one, 0, 0.0, [1.0, INF])
    (_, _, version) = one.foretold(0)[0]
    one.end(0, 0.5)
    one.cause(0)
    begin(one, 0, 0.5, [1.0, INF])
    one.foretold(0)
    assert not one.is_current(0, version)
