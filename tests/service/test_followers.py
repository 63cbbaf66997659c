"""What happens is read once per tenant and told to all who follow; who cannot keep up comes back."""

import asyncio
import json
import threading
import time

import httpx
import pytest

from ticketopt.errors import StoreError
from ticketopt.live.stores import Entry, Event
from ticketopt.service import followers
from ticketopt.service.followers import Feeds, told
from ticketopt.service.problem_details import ServiceError

from .test_connections import served


class Log:
    """A store's events, which counts how often it is read."""

    def __init__(self):
        self.entries, self.reads, self.is_down = [], 0, False

    def add(self, count=1):
        for _ in range(count):
            number = 3 * len(self.entries) + 1  # numbers have gaps
            self.entries.append(Entry(number, 1, 0.0, Event("assigned", f"t{number}")))

    def read(self, tenant, after):
        self.reads += 1
        if self.is_down:
            raise StoreError("down")
        return [entry for entry in self.entries if entry.number > after][: followers.PAGE]


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def feeds(log):
    return Feeds(log.read, threading.Event(), most=300)


class Follower:
    """One who follows in a task, and the numbers it was told."""

    def __init__(self, feeds, tenant="", after=0):
        self.numbers, self.is_over = [], False
        self.task = asyncio.create_task(self._follow(feeds.follow(tenant, after)))

    async def _follow(self, stream):
        async for part in stream:
            self.numbers += [int(line[4:]) for line in part.decode().splitlines() if line.startswith("id: ")]
        self.is_over = True


async def soon(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never")


def test_two_hundred_followers_cost_one_reader(feeds, log):
    async def drive():
        log.add(2)
        many = [Follower(feeds) for _ in range(200)]
        await soon(lambda: all(one.numbers == [1, 4] for one in many))
        before = log.reads
        await asyncio.sleep(3 * followers.POLL)
        assert log.reads - before <= 5
        began = time.monotonic()
        log.add()
        feeds.notify("")
        await soon(lambda: all(one.numbers == [1, 4, 7] for one in many))
        assert time.monotonic() - began < followers.POLL
        late = Follower(feeds, after=4)
        await soon(lambda: late.numbers == [7])
        for one in (*many, late):
            one.task.cancel()
        await asyncio.gather(*(one.task for one in many), late.task, return_exceptions=True)
        assert feeds._feeds == {}

    asyncio.run(drive())


def test_silence_is_shown_to_all_at_once_and_what_is_told_is_joined_once(feeds, log, monkeypatch):
    monkeypatch.setattr(followers, "PING", 0.05)
    monkeypatch.setattr(followers, "POLL", 0.02)

    async def drive():
        streams = [feeds.follow("", 0) for _ in range(3)]
        assert await asyncio.gather(*map(anext, streams)) == [b": nothing new\n\n"] * 3
        log.add(2)
        feeds.notify("")
        parts = await asyncio.gather(*map(anext, streams))
        while parts[0] == b": nothing new\n\n":
            parts = await asyncio.gather(*map(anext, streams))
        assert parts[0].count(b"id: ") == 2
        assert parts[0] is parts[1] is parts[2]
        for stream in streams:
            await stream.aclose()

    asyncio.run(drive())


def test_what_others_have_changed_is_found_without_being_told(feeds, log, monkeypatch):
    monkeypatch.setattr(followers, "POLL", 0.05)

    async def drive():
        one = Follower(feeds)
        log.add()
        await soon(lambda: one.numbers == [1])
        one.task.cancel()

    asyncio.run(drive())


def test_who_has_missed_more_than_is_kept_reads_it_and_who_falls_behind_is_let_go(feeds, log, monkeypatch):
    monkeypatch.setattr(followers, "PAGE", 5)

    async def drive():
        log.add(12)
        stream, quick = feeds.follow("", 0), Follower(feeds)
        read = await anext(stream)
        assert read.count(b"id: ") == 5
        await soon(lambda: len(quick.numbers) == 12)
        late = Follower(feeds)
        await soon(lambda: len(late.numbers) == 12)
        assert late.numbers == quick.numbers
        log.add(9)
        feeds.notify("")
        await soon(lambda: len(quick.numbers) == 21)
        assert [part async for part in stream] == []  # it has fallen out of what is kept
        for one in (quick, late):
            one.task.cancel()

    asyncio.run(drive())


@pytest.mark.parametrize("how", ["store", "end"])
def test_followers_end_where_the_store_fails_or_the_service_ends(feeds, log, how):
    async def drive():
        one = Follower(feeds)
        await asyncio.sleep(0.05)
        if how == "store":
            log.is_down = True
        else:
            feeds._ending.set()
        feeds.notify("")
        await soon(lambda: one.is_over)

    asyncio.run(drive())


def test_there_is_a_place_for_so_many_and_half_as_many_of_one_tenant(log):
    feeds = Feeds(log.read, threading.Event(), most=4)
    with feeds.place("a"), feeds.place("a"), pytest.raises(ServiceError), feeds.place("a"):
        pass
    with feeds.place("a"), feeds.place("a"), feeds.place("b"), feeds.place("c"), pytest.raises(ServiceError):
        feeds.check_place("d")
    feeds.check_place("d")


def test_an_event_is_told_as_before():
    (one,) = told([Entry(7, 3, 1.5, Event("assigned", "é\n1", "a", 2))])
    fields = dict(line.split(": ", 1) for line in one.text.decode().strip().split("\n"))
    assert (fields["event"], fields["id"]) == ("change", "7")
    assert json.loads(fields["data"]) == {
        **{"version": 3, "at": 1.5, "kind": "assigned", "ticket_id": "é\n1", "agent_id": "a", "change": 2}
    }


def test_a_change_is_told_at_once_over_http():
    with served() as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        client.post("/v1/agents", json={"agents": [{"agent_id": "a"}]})
        with client.stream("GET", "/v1/events") as answer:
            lines = answer.iter_lines()
            assert "id: 1" in (next(lines), next(lines))
            httpx.post(f"http://127.0.0.1:{port}/v1/tickets", json={"tickets": [{"ticket_id": 1}]}, timeout=20)
            began = time.monotonic()
            while '"assigned"' not in next(lines):
                pass
            assert time.monotonic() - began < 0.4
