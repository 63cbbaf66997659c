"""What people hold, and when they work."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from support.simulated_history import MONDAY, Helpdesk, simulated_history
from ticketopt.history.capacity import capacities, gone, hours_of_day
from ticketopt.history.exposure import Load
from ticketopt.history.history import Actions, History
from ticketopt.history.observed import past_of


@cache
def history() -> History:
    return simulated_history(Helpdesk(days=30, agents=4, groups=2)).history


def test_a_capacity_is_held_or_less_for_nearly_all_of_the_time() -> None:
    load = Load(
        np.array([0, 0, 0, 0, 2, 2]), np.array([0.0, 50.0, 96.0, 100.0, 1.0, 2.0]), np.array([1, 3, 9, 0, 1, 0])
    )
    found = capacities(load, 4)
    assert found[0] == 3  # 9 were held for 4 of 100 hours
    assert np.isnan(found[1])
    assert found[2] == 1
    assert np.isnan(found[3])


def test_hours_are_local_and_told_of_those_who_act_often() -> None:
    times = np.array([MONDAY + day * 86_400 + hour * 3_600 for day in range(10) for hour in np.linspace(7, 15, 9)])
    agent = np.zeros(len(times), np.int64)
    agent[:20] = 1
    actions = Actions(agent, np.zeros(len(times), np.int64), times)
    hours = hours_of_day(past_of(replace(history(), actions=actions, zone="Europe/Berlin"), "group", history().end))
    assert set(hours) == {0}
    assert (hours[0][0] - 8.0) < 0.2
    assert abs(hours[0][1] - 16.0) < 0.2


def test_who_did_nothing_for_weeks_is_gone() -> None:
    actions = history().actions
    early = (actions.agent != 2) | (actions.time < MONDAY + 5 * 86_400)
    seen = Actions(actions.agent[early], actions.ticket[early], actions.time[early])
    assert gone(past_of(replace(history(), actions=seen), "group", history().end)).tolist() == [
        False,
        False,
        True,
        False,
    ]
    assert not gone(past_of(history(), "group", history().end)).any()


def test_a_log_that_goes_on_without_new_tickets_says_nothing_of_presence() -> None:
    long = replace(history(), end=history().end + 200 * 86_400)
    assert not gone(past_of(long, "group", long.end)).any()
