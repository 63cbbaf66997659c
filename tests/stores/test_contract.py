"""What every store promises, over the whole table."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ticketopt import InvalidInputError, StoreError
from ticketopt.stores import STORES, StoredAgent, open_store

LOCATIONS = {"memory": "memory:", "json": "json:{folder}/agent_state.json"}
"""A fresh location for every scheme: a new store needs one here."""

ANN = StoredAgent(agent_id="ann", name="Ann", current_load=3)
BOB = StoredAgent(agent_id="bob", name="Bob", current_load=0)


@pytest.fixture(params=STORES)
def url(request, tmp_path):
    return LOCATIONS[request.param].format(folder=tmp_path)


@pytest.fixture
def store(url):
    return open_store(url)


def commit(store, *agents):
    with store.transaction() as transaction:
        transaction.commit(agents)


def load_of(store, agent_id):
    return store.read()[agent_id].current_load


def test_a_new_store_knows_nobody(store):
    assert store.read() == {}
    with store.transaction() as transaction:
        assert transaction.read() == {}


def test_what_was_committed_comes_back_in_order(store):
    agents = [
        StoredAgent(agent_id="z", name="Zoë Ångström", current_load=0),
        StoredAgent(agent_id=7, name="", current_load=1_000_000),
        StoredAgent(agent_id="名前", name="山田 \U0001f600", current_load=1),
    ]
    commit(store, *agents)
    assert list(store.read().items()) == [("z", agents[0]), ("7", agents[1]), ("名前", agents[2])]
    with store.transaction() as transaction:
        assert list(transaction.read().values()) == agents


def test_a_commit_keeps_everybody_it_does_not_name(store):
    commit(store, ANN, BOB)
    commit(store, StoredAgent(agent_id="bob", name="Bob", current_load=5))
    assert [(key, agent.current_load) for key, agent in store.read().items()] == [("ann", 3), ("bob", 5)]


def test_an_id_is_the_same_as_text_and_as_number(store):
    commit(store, StoredAgent(agent_id=7, current_load=1))
    commit(store, StoredAgent(agent_id="7", current_load=2))
    assert store.read() == {"7": StoredAgent(agent_id="7", current_load=2)}


def test_without_a_commit_nothing_changes(store):
    commit(store, ANN)
    with store.transaction() as transaction:
        transaction.read()
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        transaction.read()
        raise ZeroDivisionError
    assert store.read() == {"ann": ANN}


def test_a_transaction_reads_its_own_commit(store):
    with store.transaction() as transaction:
        transaction.commit([ANN])
        transaction.commit([BOB])
        assert transaction.read() == {"ann": ANN, "bob": BOB}
    assert store.read() == {"ann": ANN, "bob": BOB}


def test_a_commit_whose_agents_cannot_be_made_changes_nothing(store):
    def agents():
        yield StoredAgent(agent_id="ann", current_load=9)
        raise ZeroDivisionError

    commit(store, ANN)
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        transaction.commit(agents())
    assert store.read() == {"ann": ANN}


def test_changing_what_was_read_changes_nothing(store):
    commit(store, ANN)
    store.read().clear()
    with store.transaction() as transaction:
        transaction.read().clear()
        transaction.commit([BOB])
    assert store.read() == {"ann": ANN, "bob": BOB}


def test_reading_does_not_wait_for_a_transaction(url):
    store = open_store(url, lock_timeout=30)
    commit(store, ANN)
    with store.transaction() as transaction, ThreadPoolExecutor(1) as pool:
        assert pool.submit(store.read).result(timeout=20) == {"ann": ANN}
        transaction.commit([BOB])
        assert pool.submit(store.read).result(timeout=20) == {"ann": ANN, "bob": BOB}


def test_waiting_longer_than_the_lock_timeout_is_an_error(url):
    store = open_store(url, lock_timeout=0.05)
    with store.transaction(), ThreadPoolExecutor(1) as pool, pytest.raises(StoreError, match=r"0\.05 s; try again"):
        pool.submit(commit, store, ANN).result(timeout=20)
    commit(store, BOB)
    assert store.read() == {"bob": BOB}


def test_a_failed_transaction_lets_the_next_one_in(url):
    store = open_store(url, lock_timeout=5)
    with pytest.raises(ZeroDivisionError), store.transaction():
        raise ZeroDivisionError
    commit(store, ANN)
    assert store.read() == {"ann": ANN}


def test_many_threads_lose_no_load(store):
    n_threads, rounds = 12, 20
    start = threading.Barrier(n_threads)

    def work(k):
        start.wait()
        for _ in range(rounds):
            with store.transaction() as transaction:
                stored = transaction.read()
                shared = stored["shared"].current_load if "shared" in stored else 0
                own = stored[f"own {k}"].current_load if f"own {k}" in stored else 0
                transaction.commit(
                    [
                        StoredAgent(agent_id="shared", current_load=shared + 1),
                        StoredAgent(agent_id=f"own {k}", current_load=own + 1),
                    ]
                )

    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work, range(n_threads)))
    assert load_of(store, "shared") == 240
    assert [load_of(store, f"own {k}") for k in range(n_threads)] == [20] * 12


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"agent_id": "a", "current_load": -1}, "current_load"),
        ({"agent_id": "a", "current_load": 1.5}, "current_load"),
        ({"agent_id": "a", "current_load": float("nan")}, "current_load"),
        ({"agent_id": "a", "current_load": True}, "current_load"),
        ({"agent_id": "a", "current_load": 1_000_001}, "current_load"),
        ({"agent_id": "", "current_load": 0}, "agent_id"),
        ({"agent_id": None, "current_load": 0}, "agent_id"),
        ({"agent_id": "a", "name": "\ud800", "current_load": 0}, "name"),
    ],
)
def test_a_stored_agent_is_valid_from_birth(values, path):
    with pytest.raises(InvalidInputError) as caught:
        StoredAgent(**values)
    assert [issue.path for issue in caught.value.issues] == [path]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("loads.json", 'has no scheme; write "json:loads.json" for a file, or start with one of: memory, json'),
        ("jsn:agent_state.json", "'jsn' is not known; did you mean 'json'?"),
        ("oracle:x", "'oracle' is not known; use one of: memory, json"),
        ("json:", 'names no file; write "json:agent_state.json"'),
        ("memory:x", "memory: has the location 'x'"),
        ("", "has no scheme"),
    ],
)
def test_a_url_that_names_no_store_is_an_error_that_says_what_does(url, words):
    with pytest.raises(InvalidInputError) as caught:
        open_store(url)
    assert words in str(caught.value)


def test_callers_may_bring_their_own_table(tmp_path):
    opened = []

    def open_mine(location, *, lock_timeout):
        opened.append((location, lock_timeout))
        return open_store("memory:")

    open_store("mine:here", lock_timeout=3, stores={"mine": open_mine})
    assert opened == [("here", 3)]


@pytest.mark.parametrize("lock_timeout", [-1, float("nan"), float("inf"), "soon", None])
def test_a_lock_timeout_that_is_none_is_an_error(lock_timeout):
    with pytest.raises(InvalidInputError, match="lock_timeout"):
        open_store("memory:", lock_timeout=lock_timeout)
