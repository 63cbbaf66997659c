"""The service forgets what is over by itself, as its settings say."""

import logging
import time

import pytest

from support.until import until
from ticketopt import Dispatcher
from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import open_store
from ticketopt.service import Settings, create_app, pruner

from .client import running

DAY = 86_400.0


@pytest.fixture
def store():
    """A queue with a ticket that was closed two days ago."""
    store = open_store("memory:")
    dispatcher = Dispatcher(store, clock=lambda: time.time() - 2 * DAY)
    dispatcher.upsert_agents([{"agent_id": "ann"}])
    dispatcher.submit([{"ticket_id": "t"}])
    dispatcher.close("t")
    return store


def test_what_is_over_goes_at_the_start_and_is_counted(store):
    with running(create_app(store, keep=("closed-tickets=1d",))) as client:
        until(lambda: store.ticket("", "t") is None)
        until(lambda: 'ticketopt_pruned_total{kind="closed_tickets"} 1.0' in client.get("/metrics").text)
        assert client.get("/v1/check").json()["is_right"]
        assert len(store.events("")) == 3


def test_it_goes_on_in_its_time_though_the_store_fails_once(store, monkeypatch, caplog):
    monkeypatch.setattr(pruner, "HOUR", 0.1)
    real, calls = store.tenants, []

    def tenants():
        calls.append(1)
        if len(calls) == 1:
            raise StoreError("down")
        return real()

    monkeypatch.setattr(store, "tenants", tenants)
    with caplog.at_level(logging.ERROR), running(create_app(store, keep=("closed-tickets=3d",), prune_hours=0.5)):
        until(lambda: len(calls) >= 3)
        assert "pruning failed: down" in caplog.text
        assert store.ticket("", "t") is not None
    count = len(calls)
    time.sleep(0.2)
    assert len(calls) == count


def test_other_queues_are_pruned_where_the_store_fails_for_one(store, monkeypatch, caplog):
    for tenant in ("aaa", "bbb"):
        dispatcher = Dispatcher(store, tenant=tenant, clock=lambda: time.time() - 2 * DAY)
        dispatcher.submit([{"ticket_id": "t"}])
        dispatcher.close("t")
    real = store.prune

    def prune(tenant, **options):
        if tenant == "aaa":
            raise StoreError("locked")
        return real(tenant, **options)

    monkeypatch.setattr(store, "prune", prune)
    with running(create_app(store, keep=("closed-tickets=1d",))) as client:
        until(lambda: store.ticket("bbb", "t") is store.ticket("", "t") is None)
        until(lambda: 'ticketopt_pruned_total{kind="closed_tickets"} 2.0' in client.get("/metrics").text)
        assert 'ticketopt_background_failures_total{work="pruning"} 1.0' in client.get("/metrics").text
    assert store.ticket("aaa", "t") is not None
    assert "pruning failed: locked" in caplog.text


def test_by_default_nothing_is_forgotten(store):
    with running(create_app(store)):
        assert "pruner" not in {thread.name for thread in __import__("threading").enumerate()}
    assert store.ticket("", "t") is not None


def test_rules_that_are_none_are_refused_with_everything_else_that_is_wrong():
    with pytest.raises(InvalidInputError) as caught:
        Settings(keep=("events=90d", "evnts=1d"), prune_hours=0, max_jobs=0)
    assert [issue.path for issue in caught.value.issues] == ["max_jobs", "keep[1]", "prune_hours"]
