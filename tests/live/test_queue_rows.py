"""Rows over rows: whatever changes, they are what a dictionary would be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.live import queue_rows
from ticketopt.live.queue_rows import Overlay, QueueRows, team_after
from ticketopt.live.stores import Event, StoredAgent, StoredTicket

NAMES = st.sampled_from("abcdefgh")
WAITING, ASSIGNED = (StoredTicket(None, 0, state, {}) for state in ("waiting", "assigned"))


@given(
    base=st.dictionaries(NAMES, st.integers(0, 9)),
    steps=st.lists(st.dictionaries(NAMES, st.none() | st.integers(0, 9)), max_size=5),
    most=st.integers(0, 9),
)
def test_an_overlay_is_a_dictionary_in_which_some_rows_were_changed(base, steps, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue_rows, "MOST_CHANGES", most)
        rows, plain = Overlay(base), dict(base)
        for step in steps:
            rows = rows.after(step)
            plain = {**plain, **step}
            plain = {name: row for name, row in plain.items() if row is not None}
            assert dict(rows) == plain
            assert len(rows) == len(list(rows)) == len(plain)
            assert [name in rows for name in "abcdefgh"] == [name in plain for name in "abcdefgh"]
            assert len(rows.changes) <= most or not rows.changes
    assert list(base) == list(Overlay(base))


@given(
    rows=st.dictionaries(NAMES, st.sampled_from([WAITING, ASSIGNED])),
    changes=st.dictionaries(NAMES, st.sampled_from([WAITING, ASSIGNED])),
)
def test_what_waits_is_apart_whatever_changes(rows, changes):
    found = QueueRows.of(rows).after(changes)
    expected = {**rows, **changes}
    assert dict(found) == expected
    assert len(found) == len(expected)
    assert set(found.waiting) == {name for name, row in expected.items() if row is WAITING}
    assert set(found.others) == {name for name, row in expected.items() if row is ASSIGNED}
    assert QueueRows.of(found) is found


def test_a_team_after_records_and_events():
    team = {"ann": StoredAgent(2, {"x": 1}), "bob": StoredAgent(1, {})}
    events = [Event("assigned", "t", "ann", 3), Event("agent", None, "cy", 4), Event("removed", None, "bob", -1)]
    assert team_after(team, {"cy": {"y": 2}, "bob": None, "ann": {"x": 5}}, events) == {
        "ann": StoredAgent(5, {"x": 5}),
        "cy": StoredAgent(4, {"y": 2}),
    }
    assert team["ann"] == StoredAgent(2, {"x": 1})
