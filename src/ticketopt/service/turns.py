"""Who is answered when: bounds on requests in hand, on threads and on large bodies, as a whole and per tenant."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar

from ticketopt.service.problem_details import ServiceError, guarded
from ticketopt.service.shares import Shares

__all__ = ["THREADS", "Bodies", "Pairs", "Shared", "Turns"]

T = TypeVar("T")

THREADS = {"change": (64, 8), "large": (16, 2), "view": (32, 2), "whole": (6, 1)}
"""Requests that are worked on at once, by kind: of all tenants, and of one. Changes of one wait for one another, and
cost little; large bodies and views want a processor all the time, so each of them costs other tenants as much as it
takes, and those of a whole queue the most."""

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
    on at once as are as large as three of the largest, and of one tenant as one.

    Parameters
    ----------
    most, most_of_tenant : requests in hand. max_body_bytes : the largest body.
    ending : set once the service shuts down; from then on nothing is admitted.
    """

    def __init__(self, most: int, most_of_tenant: int, max_body_bytes: int, ending: threading.Event) -> None:
        self._most_of_tenant, self._ending = most_of_tenant, ending
        self._in_hand = Shares(most, most_of_tenant)
        self._places = {kind: Shares(*counts) for kind, counts in THREADS.items()}
        self._bytes = Shares(3 * max_body_bytes, max_body_bytes)
        self._threads = ThreadPoolExecutor(sum(total for total, _ in THREADS.values()), "ticketopt request")

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
        if not self._in_hand.take(tenant):
            raise ServiceError("too-many-requests" if self._in_hand.of(tenant) >= self._most_of_tenant else "busy")
        try:
            yield
        finally:
            self._in_hand.give_back(tenant)

    async def run(self, tenant: str, work: Callable[..., T], *args: Any, size: int = 0, kind: str = "change") -> T:
        """Do guarded work of a kind about a body of so many bytes, or about none, in a thread, once it is its turn.

        Raises
        ------
        ServiceError
            `shutting-down`, where the work is not done in time after the service began to shut down; and its own.
        """
        kind = "large" if size > SMALL else kind
        async with AsyncExitStack() as stack:
            if size > SMALL:
                await stack.enter_async_context(self._bytes.held(tenant, size))
            await stack.enter_async_context(self._places[kind].held(tenant))
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
    """What has come of large bodies so far: as many bytes at once as five of the largest, of one tenant as two."""

    def __init__(self, max_body_bytes: int) -> None:
        self._bytes = Shares(5 * max_body_bytes, 2 * max_body_bytes)

    @contextmanager
    def counted(self, tenant: str) -> Iterator[Callable[[int], None]]:
        """What counts further bytes of a body until the block ends; it raises `busy` where there is no room."""
        length = counted = 0

        def count(n_bytes: int) -> None:
            nonlocal length, counted
            length += n_bytes
            more = length - counted if length > SMALL else 0
            if more and not self._bytes.take(tenant, more):
                raise ServiceError("busy")
            counted += more

        try:
            yield count
        finally:
            if counted:
                self._bytes.give_back(tenant, counted)


class Pairs:
    """So many pairs of a ticket and an agent at once, as each takes its memory; few of them do not count.

    Parameters
    ----------
    most : of one decision; three such fit at once, of three tenants.
    patience : seconds that somebody waits for room at most.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._few, self._patience, self._pairs = most // 25, patience, Shares(3 * most, most)

    @contextmanager
    def held(self, tenant: str, n_pairs: int) -> Iterator[None]:
        """Hold pairs in this thread, once there is room for them.

        Raises
        ------
        ServiceError
            `busy`, where others take too long.
        """
        if n_pairs <= self._few:
            yield
            return
        with self._pairs.asked(tenant, n_pairs) as asked:
            try:
                asked.result(self._patience)
            except TimeoutError:
                raise ServiceError("busy") from None
            yield
