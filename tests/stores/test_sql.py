"""The SQL ledger: whole batches, once each, whatever crashes."""

import sqlite3
import subprocess
import sys

import pytest

from ticketopt import InvalidInputError, StoreError
from ticketopt.stores.sql import Batch, Event, SqlLedger

SETUP = Batch("set up", (Event("agent", None, "ann", 3),), {"ann": {"capacity": 9}})
ASSIGN = Batch({"t": "ann"}, (Event("assigned", "t", "ann", 2),), tickets={"t": {"agent_id": "ann", "effort": 2}})

DYING = """
import os, sys
import sqlalchemy as sa
from ticketopt.stores.sql import Batch, Event, SqlLedger
ledger, left = SqlLedger(sys.argv[1]), int(sys.argv[2])
def step(*_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    sa.event.listen(ledger.engine, name, step)
batch = Batch({"t": "ann"}, (Event("assigned", "t", "ann", 2),), tickets={"t": {"agent_id": "ann", "effort": 2}})
ledger.commit("", 1, batch, key="k", request_hash="h")
step()
"""


@pytest.fixture
def ledger(tmp_path):
    ledger = SqlLedger(tmp_path / "state.db")
    assert ledger.commit("", 0, SETUP, key=None, request_hash="") == ("set up",)
    return ledger


def parts(ledger):
    state = ledger.snapshot("")
    total = sum(event.change for _, _, event in ledger.events(""))
    assert total == state.loads["ann"]
    return state.version, state.loads["ann"], dict(state.tickets), ledger.answer("", "k", "h")


BEFORE = (1, 3, {}, None)
AFTER = (2, 5, {"t": {"agent_id": "ann", "effort": 2}}, ({"t": "ann"},))


def test_a_batch_is_kept_whole(ledger):
    assert parts(ledger) == BEFORE
    assert ledger.commit("", 1, ASSIGN, key="k", request_hash="h") == ({"t": "ann"},)
    assert parts(ledger) == AFTER


def test_a_key_counts_once_and_belongs_to_one_request(ledger):
    for version in (1, 1, 2):
        assert ledger.commit("", version, ASSIGN, key="k", request_hash="h") == ({"t": "ann"},)
    with pytest.raises(InvalidInputError, match="another request"):
        ledger.commit("", 2, ASSIGN, key="k", request_hash="other")
    assert parts(ledger) == AFTER


@pytest.mark.parametrize("version", [0, 2])
def test_a_batch_decided_on_another_version_is_not_kept(ledger, version):
    assert ledger.commit("", version, ASSIGN, key="k", request_hash="h") is None
    assert parts(ledger) == BEFORE


def test_no_load_falls_below_zero(ledger):
    with pytest.raises(StoreError, match="CHECK"):
        ledger.commit("", 1, Batch("", (Event("closed", "t", "ann", -4),)), key="k", request_hash="h")
    assert parts(ledger) == BEFORE


def test_tenants_share_nothing(ledger):
    assert ledger.snapshot("other").loads == {}
    assert ledger.commit("other", 0, SETUP, key="k", request_hash="x") == ("set up",)
    assert parts(ledger) == BEFORE


@pytest.mark.slow
def test_dying_at_any_step_of_the_commit_leaves_all_or_nothing(tmp_path):
    found = []
    for step in range(100):
        path = tmp_path / f"{step}.db"
        SqlLedger(path).commit("", 0, SETUP, key=None, request_hash="")
        code = subprocess.run([sys.executable, "-c", DYING, path, str(step)], check=False).returncode
        assert code in (0, 9)
        found.append(parts(SqlLedger(path)))
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        if code == 0:
            break
    assert code == 0
    assert found[-1] == found[-2] == AFTER
    assert len(found) > 15
    assert all(state == BEFORE for state in found[:-2])
