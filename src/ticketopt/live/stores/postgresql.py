"""PostgreSQL under `sql.py`: every statement and every wait for the server is within a limit."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ticketopt.live.stores.sql_transactions import CONNECTING, GRACE, MOST_CONNECTIONS

__all__ = ["Postgresql"]

PASSING = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08", "53300")
"""How PostgreSQL's codes begin for errors that pass: conflicts, locks, and a server that stops, starts or is full."""

UNSURE = ("57P", "08")
"""How the codes begin that say nothing about a commit: the server or the connection was about to end."""

POOL_SIZE = 10
LEAST = 0.05
LONGEST_IDLE = 60.0
"""Seconds after which a transaction of a client that was frozen is rolled back, and gives its queue free."""

SETTINGS = """SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),
set_config('idle_in_transaction_session_timeout', %s, false)"""


class Postgresql:
    """A database on a server. See `sql_transactions.Database`."""

    def __init__(self, url: sa.URL, lock_timeout: float) -> None:
        self._longest = lock_timeout
        self._limit = str(max(1, round(1000 * lock_timeout)))
        self._idle = str(round(1000 * max(lock_timeout, LONGEST_IDLE)))
        self.engine = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=MOST_CONNECTIONS)
        sa.event.listen(self.engine, "do_connect", _connect_in_time)
        sa.event.listen(self.engine, "connect", self._prepare)
        sa.event.listen(self.engine, "begin", _begin)
        sa.event.listen(self.engine, "before_cursor_execute", lambda connection, *_: self._answer_in_time(connection))
        sa.event.listen(self.engine, "commit", self._answer_in_time)

    def passes(self, error: DBAPIError) -> bool:
        return error.connection_invalidated or _code(error).startswith(PASSING)

    def refused(self, error: Exception) -> bool:
        code = _code(error) if isinstance(error, DBAPIError) else ""
        return code != "" and not code.startswith(UNSURE)

    def turn(self, timeout: float) -> AbstractContextManager[None]:
        return nullcontext()

    def committed(self) -> None:
        pass

    def copy(self, path: Path) -> int:
        """PostgreSQL's own tools copy whole servers; ours hands over rows."""
        return 0

    def tidy(self) -> None:
        """The server's autovacuum does it."""

    def _prepare(self, connection: Any, _record: object) -> None:
        """The server keeps the limits itself, so that it goes on with nothing that nobody waits for."""
        connection.cursor().execute(SETTINGS, (self._limit, self._limit, self._idle))
        connection.commit()

    def _answer_in_time(self, connection: sa.Connection) -> None:
        """Have the driver wait no longer for the server's answer than its caller has time."""
        options, driver = connection.get_execution_options(), connection.connection.dbapi_connection
        left = _left(options.get("end"))
        if left is not None and not options.get("writes", True):  # a backup has a day, each of its questions has not
            left = min(left, self._longest + GRACE)
        driver._usock.settimeout(left)  # type: ignore[union-attr]


def _connect_in_time(_dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> None:
    options["timeout"] = _left(getattr(CONNECTING, "end", None))


def _begin(connection: sa.Connection) -> None:
    if not connection.get_execution_options().get("writes", True):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _left(end: float | None) -> float | None:
    return None if end is None else max(LEAST, end - time.monotonic()) + GRACE


def _code(error: DBAPIError) -> str:
    """PostgreSQL's code of an error, else nothing."""
    details = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(details.get("C", "")) if isinstance(details, dict) else ""
