"""Who is answered when: bounds on requests in hand, on threads and on large bodies, as a whole and per tenant."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import anyio

from ticketopt.service.problem_details import ServiceError, guarded

__all__ = ["THREADS", "Bodies", "Pairs", "Shared", "Turns"]

T = TypeVar("T")

TENANT_THREADS = {"change": 8, "large": 2, "view": 2, "whole": 1}
"""Requests of one tenant that are worked on at once, by kind. Its changes wait for one another, and cost little; large
bodies and views want a processor all the time, so each of them costs other tenants as much as it takes, and those of a
whole queue the most."""

THREADS = 64
"""Requests that are worked on at once."""

SMALL = 64 * 1024
"""Bodies up to so many bytes do not count as large."""

FAREWELL = 20.0
"""Seconds that a request under way has to end once the service shuts down."""

LOOK = 0.5
"""Seconds between two looks at whether it does."""


class Turns:
    """The requests that are in hand.

    A request is admitted, or refused at once where too many are in hand already. Admitted ones wait for a thread, each
    tenant in a line of its own. Large bodies become many times as large once they are read, so only as many are worked
    on at once as are as large as two of the largest, and of one tenant as one.

    Parameters
    ----------
    most, most_of_tenant : requests in hand. max_body_bytes : the largest body.
    ending : set once the service shuts down; from then on nothing is admitted.
    """

    def __init__(self, most: int, most_of_tenant: int, max_body_bytes: int, ending: threading.Event) -> None:
        self._most, self._most_of_tenant, self._max_body_bytes = most, most_of_tenant, max_body_bytes
        self._ending = ending
        self._in_hand: Counter[str] = Counter()
        self._lines: WeakValueDictionary[tuple[str, str], _Line] = WeakValueDictionary()
        self._all = _Line(THREADS, 2 * max_body_bytes)
        self._threads = ThreadPoolExecutor(THREADS, "ticketopt request")

    @asynccontextmanager
    async def admitted(self, tenant: str) -> AsyncIterator[None]:
        """Count a request as in hand until the block ends.

        Raises
        ------
        ServiceError
            `too-many-requests` for a tenant with too many, `busy` where all together are, `shutting-down`.
        """
        if self._ending.is_set():
            raise ServiceError("shutting-down", detail="Nothing was changed; try again later.")
        if self._in_hand[tenant] >= self._most_of_tenant:
            raise ServiceError("too-many-requests")
        if self._in_hand.total() >= self._most:
            raise ServiceError("busy")
        self._in_hand[tenant] += 1
        try:
            yield
        finally:
            self._in_hand[tenant] -= 1
            if not self._in_hand[tenant]:
                del self._in_hand[tenant]

    async def run(self, tenant: str, work: Callable[..., T], *args: Any, size: int = 0, kind: str = "change") -> T:
        """Do guarded work of a kind about a body of so many bytes, or about none, in a thread, once it is its turn.

        Raises
        ------
        ServiceError
            `shutting-down`, where the work is not done in time after the service began to shut down; and its own.
        """
        kind = "large" if size > SMALL else kind
        line = self._lines.get((tenant, kind)) or _Line(TENANT_THREADS[kind], self._max_body_bytes)
        self._lines[tenant, kind] = line
        async with AsyncExitStack() as stack:
            for one in (line, self._all) if size > SMALL else ():
                await stack.enter_async_context(one.place(size))
            for one in (line, self._all):
                await stack.enter_async_context(one.threads)
            done = asyncio.get_running_loop().run_in_executor(self._threads, partial(guarded, work, *args))
            try:
                await self._patiently(done)
            finally:
                done.cancel()
            return done.result()

    async def _patiently(self, task: asyncio.Future[Any]) -> None:
        ends_at: float | None = None
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK)
            if self._ending.is_set() and ends_at is None:
                ends_at = time.monotonic() + FAREWELL
            if ends_at is not None and time.monotonic() > ends_at and not task.done():
                raise ServiceError("shutting-down")


class Shared:
    """What several ask for before it begins is done once for all of them."""

    def __init__(self) -> None:
        self._next: dict[object, asyncio.Task[Any]] = {}

    async def answer(self, key: object, work: Callable[[Callable[[], object]], Coroutine[Any, Any, T]]) -> T:
        """What work answers, which may have been asked for by others; work calls what it is given as it begins."""
        task: asyncio.Task[T] | None = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._done(key, work))
        return await asyncio.shield(task)

    async def _done(self, key: object, work: Callable[[Callable[[], object]], Coroutine[Any, Any, T]]) -> T:
        task = asyncio.current_task()

        def begun() -> None:
            if self._next.get(key) is task:
                del self._next[key]

        try:
            return await work(begun)
        finally:
            begun()


class Bodies:
    """What has come of large bodies so far, whoever sends them: so many bytes at once."""

    def __init__(self, most: int) -> None:
        self._left = most

    @contextmanager
    def counted(self) -> Iterator[Callable[[int], None]]:
        """What counts further bytes of a body until the block ends; it raises `busy` where there is no room."""
        length = counted = 0

        def count(n_bytes: int) -> None:
            nonlocal length, counted
            length += n_bytes
            more = length - counted if length > SMALL else 0
            if more > self._left:
                raise ServiceError("busy")
            self._left -= more
            counted += more

        try:
            yield count
        finally:
            self._left += counted


class Pairs:
    """So many pairs of a ticket and an agent at once, as each takes its memory; few of them do not count.

    Parameters
    ----------
    most : of one decision; two such fit at once, of two tenants.
    patience : seconds that somebody waits for room at most.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._few, self._most, self._patience, self._changed = most // 25, most, patience, threading.Condition()
        self._left, self._held = 2 * most, Counter[str]()

    @contextmanager
    def held(self, tenant: str, n_pairs: int) -> Iterator[None]:
        """Hold pairs in this thread, once there is room for them.

        Raises
        ------
        ServiceError
            `busy`, where others take too long.
        """
        count = 0 if n_pairs <= self._few else min(n_pairs, self._most)

        def fits() -> bool:
            return count <= self._left and self._held[tenant] + count <= self._most

        with self._changed:
            if count and not self._changed.wait_for(fits, self._patience):
                raise ServiceError("busy")
            self._left -= count
            self._held[tenant] += count
        try:
            yield
        finally:
            with self._changed:
                self._left += count
                self._held[tenant] -= count
                if not self._held[tenant]:
                    del self._held[tenant]
                self._changed.notify_all()


class _Line:
    """So many threads, and so many bytes of large bodies, at once."""

    def __init__(self, threads: int, n_bytes: int) -> None:
        self.threads = asyncio.Semaphore(threads)
        self._left, self._changed = n_bytes, anyio.Event()

    @asynccontextmanager
    async def place(self, size: int) -> AsyncIterator[None]:
        """Hold the bytes of a body, once there is room for them."""
        while self._left < size:
            await self._changed.wait()
        self._left -= size
        try:
            yield
        finally:
            self._left += size
            self._changed.set()
            self._changed = anyio.Event()
