"""What is still to be told to a helpdesk: claimed by one at a time, in order per ticket, and never lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ticketopt.live.stores import Batch, Delivery, Event, open_store


def wish(store, wanted, *, at=0.0, tenant=""):
    version = store.snapshot(tenant).version
    assert store.commit(tenant, version, Batch("answer", deliveries=wanted, at=at)) == ("answer",)


def claim(store, now, *, lease=10.0, limit=100, tenant=""):
    return store.due_deliveries(tenant, now=now, lease=lease, limit=limit)


def rows(store, **options):
    return [(row.ticket_id, row.agent_id, row.state) for row in store.deliveries("", **options)]


def test_a_wish_is_claimed_sent_and_then_over(store):
    wish(store, {"t": "ann"}, at=5.0)
    (first,) = claim(store, 6.0)
    assert first == Delivery(
        ticket_id="t", agent_id="ann", number=1, at=5.0, due_at=5.0, state="due", attempts=1, until=16.0
    )
    assert store.settle_delivery("", first, state="sent")
    assert claim(store, 1e9) == []
    assert store.deliveries("") == [replace(first, state="sent", until=0.0)]


def test_nothing_is_due_before_its_time_nor_in_an_empty_store(store):
    assert claim(store, 1e9) == store.deliveries("") == store.tenants() == []
    wish(store, {"t": "ann"}, at=5.0)
    assert claim(store, 4.9) == []
    assert store.tenants() == [""]


def test_a_lost_lease_is_due_again_and_its_first_holder_has_no_say(store):
    wish(store, {"t": "ann"})
    (first,) = claim(store, 0.0)
    assert claim(store, 9.9) == []
    (second,) = claim(store, 10.0)
    assert (second.number, second.attempts, second.until) == (first.number, 2, 20.0)
    assert not store.settle_delivery("", first, state="dead", error="late")
    assert rows(store) == [("t", "ann", "due")]
    assert store.settle_delivery("", second, state="sent")
    assert not store.settle_delivery("", second, state="sent")


def test_a_newer_wish_takes_the_place_and_waits_for_the_older_ones_lease(store):
    wish(store, {"t": "ann", "u": "ann"})
    old, _ = claim(store, 0.0)
    wish(store, {"t": None}, at=1.0)
    assert claim(store, 2.0) == []
    assert store.settle_delivery("", old, state="sent")
    (new,) = claim(store, 2.0)
    assert (new.ticket_id, new.agent_id, new.attempts, new.at) == ("t", None, 1, 1.0)
    assert new.number > old.number


def test_a_newer_wish_is_due_where_the_older_ones_holder_crashed(store):
    wish(store, {"t": "ann"})
    claim(store, 0.0)
    wish(store, {"t": "bob"}, at=1.0)
    (new,) = claim(store, 10.0)
    assert new.agent_id == "bob"


def test_a_failure_is_due_again_at_its_time_and_a_dead_one_when_somebody_says_so(store):
    wish(store, {"t": "ann", "u": "bob"})
    first, second = claim(store, 0.0)
    assert store.settle_delivery("", first, state="due", due_at=50.0, error="429")
    assert store.settle_delivery("", second, state="dead", error="404")
    assert claim(store, 49.0) == []
    (again,) = claim(store, 50.0, lease=100.0)
    assert (again.ticket_id, again.attempts, again.error) == ("t", 2, "429")
    assert rows(store, state="dead") == [("u", "bob", "dead")]
    assert store.resend("", now=60.0) == 1
    (dead,) = claim(store, 60.0)
    assert (dead.ticket_id, dead.attempts, dead.error, dead.due_at) == ("u", 1, None, 60.0)
    assert store.resend("", now=60.0) == 0
    assert store.settle_delivery("", dead, state="sent")
    assert store.resend("", ["u", "unknown"], now=60.0) == 1
    assert [row.ticket_id for row in claim(store, 200.0)] == ["t", "u"]


def test_deliveries_come_in_order_and_in_pages(store):
    wish(store, dict.fromkeys("abcde", "ann"))
    wish(store, {"b": "bob"})
    assert [row.ticket_id for row in claim(store, 0.0, limit=2)] == ["a", "c"]
    assert [row.ticket_id for row in claim(store, 0.0)] == ["d", "e", "b"]
    page = store.deliveries("", limit=2)
    assert [row.ticket_id for row in page] == ["a", "c"]
    assert [row.ticket_id for row in store.deliveries("", after=page[-1].number, limit=None)] == ["d", "e", "b"]


def test_tenants_share_no_deliveries(store):
    wish(store, {"t": "ann"})
    wish(store, {"t": "bob"}, tenant="other")
    (mine,) = claim(store, 0.0, tenant="other")
    assert mine.agent_id == "bob"
    assert [row.agent_id for row in claim(store, 0.0)] == ["ann"]
    assert store.resend("third", now=0.0) == 0
    assert store.tenants() == ["", "other"]


def test_a_wish_is_kept_with_its_batch_or_not_at_all(store):
    assert store.commit("", 7, Batch("", deliveries={"t": "ann"})) is None
    assert store.deliveries("") == []
    batch = Batch("", deliveries={"t": "ann"})
    for _ in range(2):
        assert store.commit("", 0, batch, key="k", request_hash="h") == ("",)
    assert [row.number for row in store.deliveries("")] == [1]


def test_two_claimers_never_hold_the_same_ticket_at_once(url, store):
    names = {f"t{k}" for k in range(60)}
    wish(store, dict.fromkeys(names, "ann"))
    others = [store] if url == "memory:" else [store, open_store(url), open_store(url)]
    holding, sent, lock, doubled = set(), [], threading.Lock(), []

    def work(k):
        mine = others[k % len(others)]
        while claimed := claim(mine, 0.0, limit=3):
            with lock:
                doubled.extend(holding & {row.ticket_id for row in claimed})
                holding.update(row.ticket_id for row in claimed)
            for row in claimed:
                with lock:
                    holding.remove(row.ticket_id)
                    sent.append(row.ticket_id)
                assert mine.settle_delivery("", row, state="sent")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert doubled == []
    assert sorted(sent) == sorted(names)
    for other in others[1:]:
        getattr(other, "close", lambda: None)()


def test_what_was_claimed_and_settled_is_there_after_opening_again(url, store):
    if url == "memory:":
        pytest.skip("is over with its process")
    wish(store, {"t": "ann", "u": "bob"})
    first, second = claim(store, 0.0)
    store.settle_delivery("", first, state="dead", error="gone")
    again = open_store(url)
    assert again.deliveries("") == [replace(first, state="dead", error="gone", until=0.0), second]
    version = again.snapshot("").version
    again.commit("", version, Batch("", (Event("x"),), deliveries={"u": "cid"}))
    assert again.deliveries("")[1].number == 3
    getattr(again, "close", lambda: None)()
