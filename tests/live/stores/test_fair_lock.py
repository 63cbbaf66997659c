"""First come, first served, within a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from ticketopt.errors import StoreError
from ticketopt.live.stores.fair_lock import FairLock
from ticketopt.live.stores.sql_transactions import Transactions
from ticketopt.live.stores.sqlite_file import SqliteFile


def test_it_is_handed_on_in_the_order_of_asking() -> None:
    lock, order = FairLock(), []

    def ask(k: int) -> None:
        with lock.held(60):
            order.append(k)

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(8)]
    with lock.held(1):
        for k, thread in enumerate(threads):
            thread.start()
            while len(lock._waiting) <= k:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_who_gives_up_is_passed_by() -> None:
    lock = FairLock()
    with lock.held(1):
        with pytest.raises(TimeoutError), lock.held(0.01):
            pass
        with pytest.raises(TimeoutError), lock.held(-1):
            pass
    with lock.held(0):  # free again
        assert not lock._waiting


def test_it_is_free_after_an_error() -> None:
    lock = FairLock()
    with pytest.raises(KeyError), lock.held(0):
        raise KeyError
    with lock.held(0):
        pass


def test_one_holds_it_at_a_time_whoever_gives_up() -> None:
    lock, inside, worst = FairLock(), [0], [0]

    def often() -> None:
        for _ in range(200):
            try:
                with lock.held(0.0002):
                    inside[0] += 1
                    worst[0] = max(worst[0], inside[0])
                    time.sleep(0)
                    inside[0] -= 1
            except TimeoutError:
                pass

    threads = [threading.Thread(target=often) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == [1]
    with lock.held(0):
        assert not lock._waiting


def test_a_writer_waits_in_line_no_longer_than_its_limit(tmp_path: Path) -> None:
    database = SqliteFile(str(tmp_path / "t.db"))
    transactions = Transactions(database, 0.2)
    with database.turn(0), pytest.raises(StoreError, match=r"others wrote to the database for 0.2 s; try again"):
        transactions.write(lambda connection: None)
    assert transactions.write(lambda connection: 7) == 7
    with database.turn(0):
        assert transactions.read(lambda connection: 7) == 7
    database.engine.dispose()
