"""Requests in hand are bounded, as a whole and per tenant; one tenant's slow requests do not hold up another's."""

import asyncio
import threading
import time
from contextlib import ExitStack

import httpx
import pytest

from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.turns import THREADS, Bodies, Pairs, Shared, Turns


def turns(most=4, most_of_tenant=2, max_body_bytes=1_000_000):
    return Turns(most, most_of_tenant, max_body_bytes, threading.Event())


def test_more_than_its_share_is_refused_for_a_tenant_and_more_than_all_for_everybody():
    async def drive():
        line, refused = turns(), []
        async with line.admitted("a"), line.admitted("a"), line.admitted("b"):
            for tenant in ("a", "b", "c"):
                try:
                    async with line.admitted(tenant), line.admitted("d"):
                        refused.append(None)
                except ServiceError as error:
                    refused.append(error.name)
        async with line.admitted("a"):
            return refused

    assert asyncio.run(drive()) == ["too-many-requests", "busy", "busy"]


def test_large_bodies_of_a_tenant_follow_each_other_and_small_ones_pass_them():
    async def drive():
        line, free, order = turns(), threading.Event(), []

        def work(name, is_held=False):
            if is_held:
                free.wait(10)
            order.append(name)

        async def run(tenant, name, size, is_held=False):
            await line.run(tenant, work, name, is_held, size=size)

        tasks = [
            asyncio.create_task(run("a", "first", 900_000, True)),
            asyncio.create_task(run("a", "second", 900_000)),
            asyncio.create_task(run("b", "of another", 900_000)),
            asyncio.create_task(run("a", "small", 10)),
        ]
        await asyncio.sleep(0.3)
        before = list(order)
        free.set()
        await asyncio.gather(*tasks)
        return sorted(before), order[2:]

    assert asyncio.run(drive()) == (["of another", "small"], ["first", "second"])


def test_views_of_a_whole_queue_follow_each_other_and_others_pass_them():
    async def drive():
        line, free, order = turns(), threading.Event(), []
        held = [asyncio.create_task(line.run("a", lambda: order.append(free.wait(9)), kind="whole")) for _ in range(2)]
        await asyncio.sleep(0.05)
        await line.run("a", order.append, "view", kind="view")
        await line.run("b", order.append, "other", kind="whole")
        assert order == ["view", "other"]
        free.set()
        await asyncio.gather(*held)
        return order

    assert asyncio.run(drive()) == ["view", "other", True, True]


def test_what_is_asked_for_before_it_begins_is_done_once_and_fails_for_all_who_asked():
    async def drive():
        shared, go, done = Shared(), asyncio.Event(), []

        async def work(begun):
            await go.wait()
            begun()
            number = len(done)
            done.append(number)
            await asyncio.sleep(0.05)
            if number == 2:
                raise ServiceError("busy")
            return number

        early = [asyncio.create_task(shared.answer("a", work)) for _ in range(3)]
        other = asyncio.create_task(shared.answer("b", work))
        await asyncio.sleep(0)
        early.pop().cancel()  # who goes away takes it from nobody
        go.set()
        await asyncio.sleep(0.02)
        late = [asyncio.create_task(shared.answer("a", work)) for _ in range(2)]
        assert await asyncio.gather(*early, other) == [0, 0, 1]
        assert [str(error) for error in await asyncio.gather(*late, return_exceptions=True)] == ["busy", "busy"]
        assert len(done) == 3
        assert shared._next == {}

    asyncio.run(drive())


def test_what_lasts_too_long_after_the_end_has_begun_is_told_so(monkeypatch):
    monkeypatch.setattr("ticketopt.service.turns.FAREWELL", 0.2)

    async def drive():
        line, free = turns(), threading.Event()
        task = asyncio.create_task(line.run("a", free.wait, 5))
        await asyncio.sleep(0.1)
        line._ending.set()
        with pytest.raises(ServiceError) as caught:
            await task
        free.set()
        with pytest.raises(ServiceError) as refused:
            async with line.admitted("a"):
                pass
        return caught.value.name, refused.value.name

    assert asyncio.run(drive()) == ("shutting-down", "shutting-down")


def test_sixty_slow_requests_of_one_tenant_do_not_hold_up_another():
    store, free = open_store("memory:"), threading.Event()
    calm = store.snapshot

    def snapshot(tenant, **options):
        if tenant == "slow":
            free.wait(20)
        return calm(tenant, **options)

    store.snapshot = snapshot
    app = create_app(store, tenants=("*",))

    async def drive():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client:
            slow = [asyncio.create_task(client.get("/v1/agents", headers={"X-Tenant": "slow"})) for _ in range(70)]
            await asyncio.sleep(0.5)
            began = time.monotonic()
            quick = await client.get("/v1/agents", headers={"X-Tenant": "quick"})
            seconds = time.monotonic() - began
            free.set()
            return quick.status_code, seconds, [(await task).status_code for task in slow]

    status, seconds, slow = asyncio.run(drive())
    assert status == 200
    assert seconds < 0.5
    assert (slow.count(200), slow.count(429)) == (64, 6)
    assert all(2 * of_tenant < total for total, of_tenant in THREADS.values())


def test_many_pairs_wait_for_room_and_few_do_not():
    pairs, order = Pairs(100, 20), []

    def hold(name, count):
        with pairs.held("t", count):
            order.append(name)

    with pairs.held("a", 100), pairs.held("b", 100), pairs.held("c", 90):
        waits = threading.Thread(target=hold, args=("many", 11))
        waits.start()
        hold("few", 4)
        waits.join(0.2)
        assert order == ["few"]
    waits.join(20)
    assert order == ["few", "many"]
    hold("more than ever fits, alone", 1_000)
    assert len(order) == 3


def test_two_tenants_never_hold_all_room_for_pairs_and_who_waits_too_long_is_told_so():
    pairs, refused = Pairs(100, 0.1), []
    with pairs.held("a", 100), pairs.held("b", 100):
        for tenant in ("a", "b"):
            with pytest.raises(ServiceError, match="busy"), pairs.held(tenant, 80):
                refused.append(tenant)
        with pairs.held("third", 100), pytest.raises(ServiceError, match="busy"), pairs.held("fourth", 5):
            pass
        with pairs.held("fourth", 4):  # few do not count
            pass
    assert refused == []
    with pairs.held("fourth", 100):
        pass


def test_two_tenants_who_send_large_bodies_slowly_leave_room_for_a_third():
    bodies = Bodies(1_000_000)
    with ExitStack() as stack:
        for tenant in ("a", "a", "b", "b"):
            stack.enter_context(bodies.counted(tenant))(1_000_000)
        with bodies.counted("a") as more, pytest.raises(ServiceError, match="busy"):
            more(1_000_000)
        with bodies.counted("third") as other:
            other(500_000)
            other(500_000)
    with bodies.counted("a") as one:
        one(1_000_000)


def test_checks_of_many_tenants_at_once_leave_places_for_a_third_and_for_changes():
    async def drive():
        line, free, done = turns(), threading.Event(), []
        held = [asyncio.create_task(line.run(who, free.wait, 20, kind="whole")) for who in ("a", "a", "b", "b")]
        await asyncio.sleep(0.1)
        await line.run("c", done.append, "check", kind="whole")
        held += [asyncio.create_task(line.run(f"t{k}", free.wait, 20, kind="whole")) for k in range(30)]
        await asyncio.sleep(0.1)
        for kind in ("change", "view"):
            await line.run("c", done.append, kind, kind=kind)
        free.set()
        await asyncio.gather(*held)
        return done

    assert asyncio.run(drive()) == ["check", "change", "view"]
