"""Rows of the regression."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from support.simulated_history import Helpdesk, simulated_history
from ticketopt import InvalidInputError
from ticketopt.history.effects import coding_of
from ticketopt.history.history import Outcome
from ticketopt.history.observed import hours_rows, packed, past_of, rate_rows

HISTORY = simulated_history(Helpdesk(days=15, agents=5, groups=2, kinds=3)).history
COLUMNS = {"product": (np.arange(len(HISTORY.tickets)) % 4, ("a", "b", "c", "d"))}


@pytest.mark.parametrize(("skill", "n"), [("group", 2), ("kind", 3), ("product", 4)])
def test_a_skill_is_a_column(skill: str, n: int) -> None:
    history = replace(HISTORY, tickets=replace(HISTORY.tickets, columns=COLUMNS))
    past = past_of(history, skill, history.end)
    assert len(past.skills) == n
    assert set(past.skill) == set(range(n))
    with pytest.raises(InvalidInputError, match="group, kind, product"):
        past_of(history, "colour", history.end)


def test_what_nobody_routed_is_no_row() -> None:
    past = past_of(HISTORY, "group", HISTORY.end)
    rows = rate_rows(past, 0.0)
    assert HISTORY.tickets.own.any()
    assert set(rows.stint) == set(np.flatnonzero(HISTORY.routed))


def test_packing_keeps_sums() -> None:
    past = past_of(HISTORY, "group", HISTORY.end)
    rows = rate_rows(past, 0.25)
    one = packed(rows)
    assert len(one) < len(rows) / 2
    assert one.value.sum() == rows.value.sum()
    assert one.passed.sum() == rows.passed.sum()
    assert one.hours.sum() == pytest.approx(rows.hours.sum())
    mine = (rows.agent == 1) & (rows.kind == 2) & (rows.age == 3) & (rows.group == 0) & (rows.again == 0)
    packed_mine = (one.agent == 1) & (one.kind == 2) & (one.age == 3) & (one.group == 0) & (one.again == 0)
    assert packed_mine.sum() == 1
    assert one.hours[packed_mine][0] == pytest.approx(rows.hours[mine].sum())


def test_hours_are_of_tickets_that_one_agent_had() -> None:
    hours = np.full(len(HISTORY.tickets), 2.0)
    past = past_of(replace(HISTORY, tickets=replace(HISTORY.tickets, hours=hours)), "group", HISTORY.end)
    rows = hours_rows(past)
    stints = HISTORY.stints
    once = np.bincount(stints.ticket)[stints.ticket] == 1
    assert set(rows.stint) == set(np.flatnonzero(once & HISTORY.routed & (stints.outcome == Outcome.RESOLVED)))
    assert np.allclose(rows.value, np.log(2.0))
    assert not rows.is_rate


def test_who_was_not_seen_has_no_effect() -> None:
    past = past_of(HISTORY, "group", HISTORY.end)
    rows = rate_rows(past, 0.0)
    coding = coding_of(rows.of(rows.agent != 2), len(past.skills))
    assert 2 not in coding.agent
    assert (coding.place(rows.agent, coding.agent)[rows.agent == 2] == -1).all()
    columns = coding.columns(rows)
    assert columns.shape == (len(rows), 8 + 3 + 2)
    assert (np.diff(columns.indptr) == 3).all()
