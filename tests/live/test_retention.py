"""Rules of retention in words, and their use on every queue of a store."""

import threading

import pytest

from ticketopt import InvalidInputError, StoreError
from ticketopt.live.retention import KINDS, prune_all, retention_of
from ticketopt.live.stores import Batch, Event, Keep, Retention, open_store

DAY = 86_400.0


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ([], Retention()),
        (["events=90d"], Retention(events=Keep(days=90))),
        (["Events = 1.5D ", "events=100"], Retention(events=Keep(days=1.5, rows=100))),
        (["closed-tickets=0", "closed_tickets=0d"], Retention(closed_tickets=Keep(0, 0))),
        (["all=30d"], Retention(**dict.fromkeys(KINDS, Keep(days=30)))),
        (["jobs=5", "all=30d"], Retention(**{**dict.fromkeys(KINDS, Keep(days=30)), "jobs": Keep(rows=5)})),
    ],
)
def test_rules_say_what_is_kept(rules, kept):
    assert retention_of(rules) == kept


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "events",
        "events=",
        "events=d",
        "events=-1",
        "events=1.5",
        "events=1w",
        "events=-1d",
        "events=nand",
        "events=infd",
        "events=1e9d",
        "open_tickets=1d",
        "=1d",
        "events=1=2",
        "events=٣",
        "events=٣d",
    ],
)
def test_what_is_no_rule_is_an_error_with_its_place(rule):
    with pytest.raises(InvalidInputError) as caught:
        retention_of(["jobs=1d", rule, "jobs=2d", "?"])
    assert [issue.path for issue in caught.value.issues] == ["keep[1]", "keep[2]", "keep[3]"]


@pytest.fixture
def two():
    store = open_store("memory:")
    for tenant in ("", "acme"):
        for k in range(3):
            store.commit(tenant, k, Batch(None, (Event("x"),), at=k * DAY))
    return store


def test_every_queue_is_pruned(two):
    counts = prune_all(two, now=3 * DAY, keep=retention_of(["events=1.5d"]), failed=pytest.fail)
    assert counts == {**dict.fromkeys(KINDS, 0), "events": 4}
    assert [len(two.events(tenant)) for tenant in ("", "acme")] == [1, 1]


def test_no_further_queue_is_begun_once_it_is_to_stop(two):
    stop = threading.Event()
    stop.set()
    assert prune_all(two, now=9 * DAY, keep=retention_of(["all=1d"]), failed=pytest.fail, stop=stop) == dict.fromkeys(
        KINDS, 0
    )
    assert len(two.events("")) == 3


def test_where_the_store_fails_for_a_queue_that_is_told_and_the_others_are_pruned(two, monkeypatch):
    real, failed = two.prune, []

    def prune(tenant, **options):
        if tenant == "":
            raise StoreError("locked")
        return real(tenant, **options)

    monkeypatch.setattr(two, "prune", prune)
    counts = prune_all(
        two, now=9 * DAY, keep=retention_of(["events=1d"]), failed=lambda *told: failed.append([*map(str, told)])
    )
    assert (counts["events"], len(two.events("")), len(two.events("acme"))) == (3, 3, 0)
    assert failed == [["", "locked"]]
