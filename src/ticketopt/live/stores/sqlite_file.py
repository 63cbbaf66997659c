"""SQLite under `sql.py`: a file with a write-ahead log, so that nobody who reads holds up who writes.

A commit is durable when it returns: it has reached the log on the disk (`synchronous=EXTRA`). What the log holds goes
into the file in checkpoints, which this module makes itself, and never while somebody writes: in SQLite before 3.51.3
two checkpoints beside a writer can damage the file (sqlite.org/wal.html, "The WAL-Reset Bug").

The file, and the log and the index beside it, are one database: whoever copies the file alone copies no backup.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from sqlite3 import DatabaseError, connect
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ticketopt.errors import StoreError
from ticketopt.live.stores.durable_file import PRIVATE, replacing
from ticketopt.live.stores.fair_lock import FairLock
from ticketopt.live.stores.sql_transactions import CONNECTING, MOST_CONNECTIONS

__all__ = ["SqliteFile"]

BUSY, LOCKED, READ_ONLY, FULL = 5, 6, 8, 13
"""SQLite's codes for errors after which a transaction is not kept; the first two pass."""

LOG_SIZE = 4_000_000
"""Bytes of the log before a checkpoint."""

CHECKPOINT_PATIENCE = 20
"""Milliseconds that a checkpoint waits for readers, while writers wait for it."""

PAGES_AT_ONCE = 200
SPARE = 5
"""One in so many pages may be free."""

TABLE_NAMES = """SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name != 'ticketopt_schema'"""

_CREATING = threading.Lock()


class SqliteFile:
    """A database in a file, which only its owner may read. See `sql_transactions.Database`."""

    def __init__(self, path: str) -> None:
        self.path, self._log = path, Path(f"{path}-wal")
        self._checkpointing, self._next_size = threading.Lock(), LOG_SIZE
        self._writing = FairLock()
        with _CREATING:  # closing a file gives up the locks that this process has on it
            _create(path)
        self.engine = sa.create_engine(
            sa.URL.create("sqlite", database=path),
            poolclass=sa.QueuePool,
            max_overflow=MOST_CONNECTIONS,
            connect_args={"check_same_thread": False},
        )
        sa.event.listen(self.engine, "do_connect", _connect_in_time)
        sa.event.listen(self.engine, "connect", _prepare)
        sa.event.listen(self.engine, "begin", _begin)

    def passes(self, error: DBAPIError) -> bool:
        return _code(error) in (BUSY, LOCKED)

    def refused(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and _code(error) in (BUSY, LOCKED, READ_ONLY, FULL)

    def turn(self, timeout: float) -> AbstractContextManager[None]:
        """SQLite has one writer at a time; those of one process wait in line, and not for one another by looking."""
        return self._writing.held(timeout)

    def committed(self) -> None:
        """Make a checkpoint where the log has grown; what a reader still needs of the log stays for the next time."""
        if self._size() >= self._next_size:
            self._checkpoint()

    def _checkpoint(self) -> None:
        if not self._checkpointing.acquire(blocking=False):
            return
        try:
            with suppress(SQLAlchemyError, DatabaseError), closing(self.engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_PATIENCE}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._next_size = self._size() + LOG_SIZE
        finally:
            self._checkpointing.release()

    def copy(self, path: Path) -> int:
        """By SQLite's online backup, which reads one moment while others write; the copy is one file, and whole."""
        with replacing(path) as fresh, closing(self.engine.raw_connection()) as connection:
            source: Any = connection.driver_connection
            try:
                with closing(connect(fresh)) as target:
                    source.backup(target)
                    target.execute("PRAGMA journal_mode=DELETE").fetchall()
                    found = target.execute("PRAGMA integrity_check(1)").fetchall()
                    tables = [name for (name,) in target.execute(TABLE_NAMES)]
                    count = sum(target.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)
            except DatabaseError as error:
                raise StoreError(f"{self.path} cannot be copied ({error}); restore a backup") from error
            if found != [("ok",)]:
                raise StoreError(f"{self.path} is damaged ({found[0][0]}); restore a backup")
        return int(count)

    def tidy(self) -> None:
        """Give free pages back, a few at a time, but those that will soon be needed again.

        A file with tables of version 1 keeps them all; they are used again, so that it does not grow either.
        """
        with suppress(SQLAlchemyError, DatabaseError), closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_PATIENCE}")
            free, pages = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
            too_many = max(0, free - pages // SPARE) // PAGES_AT_ONCE
            for _ in range(too_many):
                cursor.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")  # `execute` would take one step
            if too_many:
                self._checkpoint()

    def _size(self) -> int:
        with suppress(OSError):
            return self._log.stat().st_size
        return 0


def _create(path: str) -> None:
    """Make a file that is not there, before SQLite would: for its owner alone."""
    if Path(path).exists():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    except FileExistsError:  # another process was faster
        return
    except OSError as error:
        raise StoreError(f"unable to open {path}: {error.strerror}; check its folder") from error


def _connect_in_time(_dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> None:
    options["timeout"] = max(0.0, getattr(CONNECTING, "end", 0.0) - time.monotonic())


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin transactions of its own
    for setting in ("auto_vacuum=INCREMENTAL", "journal_mode=WAL", "synchronous=EXTRA", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {setting}").fetchall()


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    left = max(0.0, options.get("end", 0.0) - time.monotonic())
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={round(1000 * left)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _code(error: DBAPIError) -> int:
    """SQLite's code of an error, without what extends it."""
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF
