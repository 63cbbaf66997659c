"""Transactions on a database: each within its limit of time, tried again where what failed passes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError

from ticketopt.errors import InvalidInputError, StoreError, UnknownCommitError

__all__ = ["CONNECTING", "GRACE", "MOST_CONNECTIONS", "Database", "Transactions"]

T = TypeVar("T")

CONNECTING = threading.local()
"""`end`: the moment, of `time.monotonic`, by which this thread must have its connection."""

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two attempts; the pause doubles."""

GRACE = 0.5
"""Seconds beyond a limit: for the database to say itself that time is over, and to ask what became of a commit."""

MOST_CONNECTIONS = 40
"""Open at once, by one store; whoever needs one more waits within its limit."""

MISREAD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a row raises that no ticketopt has written."""


class Database(Protocol):
    """What differs between databases.

    `engine` begins every transaction by the options `writes` and `end` (of `time.monotonic`) of its connection.
    """

    engine: sa.Engine

    def passes(self, error: DBAPIError) -> bool:
        """Whether an error is for others' sake, and may be over the next time."""
        ...

    def refused(self, error: Exception) -> bool:
        """Whether an error of COMMIT says that nothing was kept."""
        ...

    def turn(self, timeout: float) -> AbstractContextManager[None]:
        """What a writer of this process waits for, and holds until it has committed; else `TimeoutError`."""
        ...

    def committed(self) -> None:
        """Called after a commit."""
        ...

    def copy(self, path: Path) -> int:
        """Write a copy of the database to a file, as of one moment, and return its rows; 0 where that is not how."""
        ...

    def tidy(self) -> None:
        """Give back to the disk what forgotten rows have left."""
        ...


class Transactions:
    """Does work in transactions, from many threads.

    Parameters
    ----------
    lock_timeout : seconds for each, whatever the database does: it may be busy, locked, down, hung or frozen.
    """

    def __init__(self, database: Database, lock_timeout: float) -> None:
        self.database, self.lock_timeout = database, lock_timeout
        self._slots = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._driver_error = database.engine.dialect.loaded_dbapi.InterfaceError

    def read(self, work: Callable[[sa.Connection], T], *, limit: float | None = None) -> T:
        """What work finds in one snapshot."""
        return self._run(work, False, limit)

    def write(self, work: Callable[[sa.Connection], T], *, limit: float | None = None) -> T:
        """Do work and commit it. It may be done again after a commit of unknown fate, and must find that out itself.

        Raises
        ------
        UnknownCommitError
            Where the connection was lost while committing, and the database could not be asked any more.
        """
        return self._run(work, True, limit)

    def _run(self, work: Callable[[sa.Connection], T], writes: bool, limit: float | None) -> T:
        limit = self.lock_timeout if limit is None else limit
        end = time.monotonic() + limit
        with ExitStack() as held:
            try:
                if writes:
                    held.enter_context(self.database.turn(limit))
            except TimeoutError as error:
                raise StoreError(f"others wrote to the database for {limit:g} s; try again") from error
            if not self._slots.acquire(timeout=max(0.0, end - time.monotonic())):
                raise StoreError(f"all connections to the database were busy for {limit:g} s; try again")
            held.callback(self._slots.release)
            return self._attempts(work, writes, end)

    def _attempts(self, work: Callable[[sa.Connection], T], writes: bool, end: float) -> T:
        pause, in_doubt = FIRST_PAUSE, False
        while True:
            attempt: _Attempt[T] = _Attempt(work, writes, end)
            try:
                done = attempt.run(self.database.engine, (OSError, InterfaceError, self._driver_error))
                if writes:
                    self.database.committed()
                return done
            except (SQLAlchemyError, OSError, self._driver_error) as error:
                if attempt.commits and writes and not in_doubt and not self.database.refused(error):
                    in_doubt, pause, end = True, FIRST_PAUSE, max(end, time.monotonic() + GRACE)
                passes = not isinstance(error, SQLAlchemyError) or (
                    isinstance(error, DBAPIError) and (isinstance(error, InterfaceError) or self.database.passes(error))
                )
                if not passes or time.monotonic() + pause > end:
                    raise _failure(error, in_doubt) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


class _Attempt(Generic[T]):
    """One transaction; `commits` once nothing but the commit is left to do."""

    def __init__(self, work: Callable[[sa.Connection], T], writes: bool, end: float) -> None:
        self._work, self._writes, self._end = work, writes, end
        self.commits = False

    def run(self, engine: sa.Engine, broken: tuple[type[Exception], ...]) -> T:
        """Do it. What only a damaged database makes a driver raise becomes an error of the store."""
        try:
            return self._run(engine, broken)
        except InvalidInputError:
            raise
        except MISREAD as error:
            kind = type(error).__name__
            raise StoreError(f"the database holds what no ticketopt has written ({kind}); restore a backup") from error

    def _run(self, engine: sa.Engine, broken: tuple[type[Exception], ...]) -> T:
        """A connection that broke, or did not commit, is given up: rolling back might wait for it again."""
        CONNECTING.end = self._end
        with engine.connect().execution_options(writes=self._writes, end=self._end) as connection:
            try:
                transaction = connection.begin()
                done = self._work(connection)
                self.commits = True
                transaction.commit()
                return done
            except Exception as error:
                if self.commits or isinstance(error, broken):
                    connection.invalidate()
                raise


def _failure(error: Exception, in_doubt: bool) -> StoreError:
    if in_doubt:
        return UnknownCommitError(
            f"the database failed while it committed ({_reason(error)}), so that it is unknown whether the change was"
            " kept; try again under the same idempotency key, which tells"
        )
    return StoreError(f"the database failed: {_reason(error)}; try again")


def _reason(error: Exception) -> str:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(original, TimeoutError) or isinstance(original.__cause__, TimeoutError):
        return "it did not answer in time"
    details = original.args[0] if original.args else type(original).__name__
    return str(details.get("M", "no reason given")) if isinstance(details, dict) else str(details)
