"""What happens, told to many: one reader per tenant, whose news all followers share."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import takewhile
from typing import NamedTuple

import anyio.to_thread
from anyio import CapacityLimiter

from ticketopt.errors import StoreError
from ticketopt.live.stores import Entry
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.shares import Shares

__all__ = ["PAGE", "Feeds", "Told", "told"]

PAGE = 1_000
"""So many events are read at once, and so many of the newest are kept for all."""

POLL = 0.5
"""Seconds between two looks for what other processes have changed; changes of this one are told at once."""

PING = 15.0
"""Seconds of silence after which a connection is shown to live."""

READERS = 16
"""Tenants whose news are read at once."""


class Told(NamedTuple):
    """An event's number, and what is sent of it."""

    number: int
    text: bytes


def told(entries: list[Entry]) -> list[Told]:
    """Events as Server-Sent Events."""
    found = []
    for entry in entries:
        data = json.dumps({"version": entry.version, "at": entry.at, **asdict(entry.event)}, ensure_ascii=False)
        found.append(Told(entry.number, f"event: change\nid: {entry.number}\ndata: {data}\n\n".encode()))
    return found


_NOTHING: tuple[int, int, bytes] = 0, 0, b""


class _Feed:
    """The newest events of a tenant. All that came after the number `floor` is in `kept`, up to the number `last`."""

    def __init__(self, last: int) -> None:
        self.kept: deque[Told] = deque()
        self.floor = self.last = last
        self.n_followers = 0
        self.is_over = False
        self.reader: asyncio.Task[None] | None = None
        self.wanted = asyncio.Event()
        self._news = asyncio.Event()
        self._joined = _NOTHING

    def add(self, page: list[Told]) -> None:
        self.kept.extend(page)
        while len(self.kept) > PAGE:
            self.floor = self.kept.popleft().number
        self.last = self.kept[-1].number
        self.wake()

    def after(self, number: int) -> bytes:
        """What is kept of what came after a number, joined once for all who ask at the same time."""
        if self._joined[:2] != (number, self.last):
            fresh = [one.text for one in takewhile(lambda one: one.number > number, reversed(self.kept))]
            self._joined = number, self.last, b"".join(reversed(fresh))
        return self._joined[2]

    def wake(self) -> None:
        """Have all followers look."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        """Wait for news, or until it is time to show that there are none."""
        await self._news.wait()


class Feeds:
    """What happens in each tenant's queue, for those who follow it.

    Parameters
    ----------
    read : tenant, number -> a page of events after that number.
    ending : set once the service shuts down; then everything ends.
    most : followers at once; of one tenant half as many.
    """

    def __init__(self, read: Callable[[str, int], list[Entry]], ending: threading.Event, most: int) -> None:
        self._read, self._ending = read, ending
        self._feeds: dict[str, _Feed] = {}
        self._places = Shares(most, max(1, most // 2))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readers = CapacityLimiter(READERS)

    def notify(self, tenant: str) -> None:
        """Say, from any thread, that a tenant's queue has changed."""
        if tenant in self._feeds and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look, tenant)

    @contextmanager
    def place(self, tenant: str) -> Iterator[None]:
        """Count a follower until the block ends; `too-many-requests` where there are too many."""
        if not self._places.take(tenant):
            raise _too_many()
        try:
            yield
        finally:
            self._places.give_back(tenant)

    def check_place(self, tenant: str) -> None:
        """`too-many-requests`, where there is no place for one more follower."""
        if not self._places.has_room(tenant):
            raise _too_many()

    async def follow(self, tenant: str, after: int) -> AsyncIterator[bytes]:
        """What happens after an event that is known, as it happens; ends for one who cannot keep up, and at the end.

        `after` is the newest event, or nearly: what came since is read from the store first.
        """
        with self._joined(tenant, after) as feed:
            while after < feed.floor:
                page = await self._page(tenant, after)
                yield b"".join(one.text for one in page)
                after = page[-1].number if page else feed.floor
            while not feed.is_over and after >= feed.floor:
                fresh = feed.after(after) if feed.last > after else b""
                if fresh:
                    after = feed.last
                    yield fresh
                else:
                    await feed.news()
                    if feed.last <= after and not feed.is_over:
                        yield b": nothing new\n\n"

    @contextmanager
    def _joined(self, tenant: str, after: int) -> Iterator[_Feed]:
        """The tenant's feed; its reader works while somebody follows."""
        feed = self._feeds.get(tenant)
        if feed is None or feed.is_over:
            feed = self._feeds[tenant] = _Feed(after)
            self._loop = asyncio.get_running_loop()
            feed.reader = asyncio.create_task(self._keep_reading(tenant, feed))
        feed.n_followers += 1
        try:
            yield feed
        finally:
            feed.n_followers -= 1
            if not feed.n_followers:
                if self._feeds.get(tenant) is feed:
                    del self._feeds[tenant]
                if feed.reader is not None:
                    feed.reader.cancel()

    async def _keep_reading(self, tenant: str, feed: _Feed) -> None:
        loop = asyncio.get_running_loop()
        shown_at = loop.time()
        try:
            while not self._ending.is_set():
                feed.wanted.clear()
                page = await self._page(tenant, feed.last)
                if page:
                    feed.add(page)
                elif loop.time() - shown_at > PING:
                    feed.wake()
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(feed.wanted.wait(), POLL)
                    continue
                shown_at = loop.time()
        except StoreError:
            pass  # followers come back with the last number that they have
        finally:
            feed.is_over = True
            feed.wake()

    async def _page(self, tenant: str, after: int) -> list[Told]:
        def read() -> list[Told]:
            return told(self._read(tenant, after))

        return await anyio.to_thread.run_sync(read, limiter=self._readers, abandon_on_cancel=True)

    def _look(self, tenant: str) -> None:
        feed = self._feeds.get(tenant)
        if feed is not None:
            feed.wanted.set()


def _too_many() -> ServiceError:
    return ServiceError("too-many-requests", detail="Too many follow the events; ask with follow=false.")
