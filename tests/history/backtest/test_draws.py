"""Draws are the same wherever they run."""

from __future__ import annotations

import pickle

import numpy as np

from support.replays import desk_of
from ticketopt.history.backtest.draws import Packed, Setting, one_draw
from ticketopt.history.backtest.policies import POLICIES, Situation


def slowest(situation: Situation) -> int:
    return int(np.argmax(situation.hours))


def setting_of(**policies: object) -> Setting:
    desk = desk_of()
    chosen = {"at_once": POLICIES["at_once"], **policies}
    return Setting(desk.world, desk.fitted, chosen, (1.0,), 5, 0, desk.fitted.hours())  # type: ignore[arg-type]


def test_a_packed_setting_gives_the_same_draw() -> None:
    setting = setting_of(slowest=slowest)
    packed = pickle.loads(pickle.dumps(Packed.of(setting)))
    here, there = one_draw(setting, 1), packed.one_draw(1)
    assert here.judged.keys() == there.judged.keys() == {("at_once", 1.0), ("slowest", 1.0)}
    assert all((here.judged[key] == there.judged[key]).all() for key in here.judged)


def test_what_is_sent_is_a_fraction_of_the_setting() -> None:
    """Dask warned of 14 MB in every task."""
    setting = setting_of()
    assert len(pickle.dumps(Packed.of(setting))) < 0.4 * len(pickle.dumps(setting))


def test_functions_that_pickle_cannot_send_are_left_to_the_executor() -> None:
    packed = Packed.of(setting_of(first=lambda situation: 0))
    assert ("first", 1.0) in packed.one_draw(0).judged
