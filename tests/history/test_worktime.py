"""The clock of working time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from support.simulated_history import MONDAY, Helpdesk, simulated_history
from ticketopt.history.history import Actions, History
from ticketopt.history.worktime import work_time, zone_offsets

DAY, HOUR = 86_400, 3_600


@cache
def history() -> History:
    return simulated_history(Helpdesk(days=30, agents=5)).history


def acting(times: np.ndarray, zone: str = "UTC") -> History:
    """A history in which people act at these times."""
    nobody = np.zeros(len(times), np.int64)
    return replace(
        history(), actions=Actions(nobody, nobody, times), begin=float(times.min()), end=float(times.max()), zone=zone
    )


def weeks(n: int, hours: tuple[float, ...]) -> np.ndarray:
    """Actions on weekdays at these hours."""
    return np.array([MONDAY + (7 * w + d) * DAY + h * HOUR for w in range(n) for d in range(5) for h in hours])


def test_a_normal_week_has_forty_hours_and_no_nights() -> None:
    clock = work_time(acting(weeks(4, (9.5, 10.5, 13.5, 14.5))))
    at = clock(MONDAY + np.array([7.0, 9.0, 10.0, 12.0, 20.0, 24.0, 7 * 24.0]) * HOUR)
    assert np.allclose(np.diff(at), [0, 2, 2, 4, 0, 32])


def test_a_holiday_runs_as_a_sunday() -> None:
    times = weeks(8, tuple(np.linspace(9, 16.9, 20)))
    holiday = MONDAY + 23 * DAY  # a Wednesday
    clock = work_time(acting(times[(times < holiday) | (times >= holiday + DAY)]))
    assert clock.quiet.tolist() == [holiday // DAY]
    assert np.diff(clock(np.array([holiday, holiday + DAY]))) == 0
    assert np.allclose(np.diff(clock(np.array([holiday + DAY, holiday + 2 * DAY]))), 8)


def test_days_without_times_are_office_days() -> None:
    clock = work_time(acting(weeks(4, (0.0, 0.0))))
    assert clock.is_daily
    assert np.allclose(np.diff(clock(MONDAY + np.array([0, 9, 13, 17, 24]) * HOUR)), [0, 4, 4, 0])


def test_local_time_decides_and_summer_time_is_kept() -> None:
    april = 1_711_922_400.0  # 2024-04-01, midnight in Berlin
    assert zone_offsets("Europe/Berlin", np.array([MONDAY, april])).tolist() == [3_600, 7_200]
    local = np.concatenate([weeks(3, (9.5, 14.5)) - HOUR, weeks(3, (9.5, 14.5)) + 98 * DAY - 2 * HOUR])
    clock = work_time(acting(local, "Europe/Berlin"))
    assert np.count_nonzero(clock.profile) == 10


def test_without_actions_the_ends_of_stints_serve() -> None:
    none = np.zeros(0, np.int64)
    clock = work_time(replace(history(), actions=Actions(none, none, np.zeros(0))))
    hours = clock.profile.reshape(7, 24)
    assert (hours[:5, 9:17] > 0).all()
    assert hours[5:].sum() == hours[:, :9].sum() == 0
