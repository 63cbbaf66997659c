"""Stores of every kind, empty, each at a URL of its own."""

import pytest

from ticketopt.live.stores import STORES, open_store


@pytest.fixture(params=STORES)
def url(request, new_url):
    return new_url(request.param)


@pytest.fixture
def store(url):
    store = open_store(url, lock_timeout=20)
    yield store
    getattr(store, "close", lambda: None)()
