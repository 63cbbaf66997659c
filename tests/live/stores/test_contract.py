"""What every store promises, over the whole table."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ticketopt import InvalidInputError, StoreError
from ticketopt.live.stores import (
    STORES,
    Answered,
    Batch,
    Event,
    Snapshot,
    StoredAgent,
    StoredTicket,
    copy_team,
    open_store,
)

ANN = {"agent_id": "ann", "name": "Ann", "skills": {"vpn": 9}}
DATA = {"ticket": {"ticket_id": "t"}, "skills": {"vpn": 1.0}, "urgency": 0.5}
TICKET = StoredTicket("ann", 2, "assigned", DATA)

SETUP = Batch("set up", (Event("agent", None, "ann", 3),), {"ann": ANN}, at=1.5)
ASSIGN = Batch({"t": "ann"}, (Event("assigned", "t", "ann", 2),), tickets={"t": TICKET}, at=2.5)


@pytest.fixture
def begun(store):
    assert store.commit("", 0, SETUP) == ("set up",)
    return store


def parts(store, tenant=""):
    state, entries = store.history(tenant)
    total = sum(entry.event.change for entry in entries)
    load = state.agents["ann"].load if "ann" in state.agents else 0
    assert total == load
    return state.version, load, dict(state.tickets), store.answer(tenant, "k", "h")


BEFORE = (1, 3, {}, None)
AFTER = (2, 5, {"t": TICKET}, ({"t": "ann"},))


def test_a_new_store_is_empty(store):
    assert store.snapshot("") == Snapshot(0, {}, {})
    assert store.events("") == []
    assert store.answer("", "k", "h") is None


def test_a_batch_is_kept_whole_and_comes_back(begun):
    assert parts(begun) == BEFORE
    assert begun.commit("", 1, ASSIGN, key="k", request_hash="h") == ({"t": "ann"},)
    assert parts(begun) == AFTER
    assert begun.snapshot("").agents == {"ann": StoredAgent(5, ANN)}
    assert [tuple(entry)[1:] for entry in begun.events("")] == [(1, 1.5, SETUP.events[0]), (2, 2.5, ASSIGN.events[0])]


def test_a_batch_answers_others_as_well_and_where_one_of_them_has_its_answer_nothing_is_kept(begun):
    both = replace(ASSIGN, answer=None, others=(Answered("k", "h", {"t": "ann"}), Answered("l", "i", {})))
    assert begun.commit("", 1, both, key="whole", request_hash="") == (None,)
    assert parts(begun) == AFTER
    assert begun.answer("", "l", "i") == ({},)
    with pytest.raises(InvalidInputError, match="another request"):
        begun.answer("", "l", "h")
    again = Batch(None, (Event("x"),), others=(Answered("m", "h", {}), Answered("l", "other", {})))
    assert begun.commit("", 2, again, key="new", request_hash="") is None
    assert begun.commit("", 2, both, key="whole", request_hash="") == (None,)
    assert parts(begun) == AFTER
    assert [begun.answer("", key, "h") for key in ("m", "new")] == [None, None]


def test_of_a_known_version_the_tickets_named_may_be_all_that_is_read(begun):
    begun.commit("", 1, ASSIGN)
    whole = begun.snapshot("", tickets=["t"])
    assert whole == Snapshot(2, {"ann": StoredAgent(5, ANN)}, {"t": TICKET})
    part = begun.snapshot("", tickets=["t", "unknown"], known=2)
    assert part in (whole, Snapshot(2, {}, {"t": TICKET}, is_part=True))
    assert begun.snapshot("", tickets=["t"], known=1) == whole
    assert begun.snapshot("", known=2) == whole


def test_what_is_decided_on_a_locked_queue_is_committed_or_not(begun):
    def decide(read):
        state = read(tickets=())
        return (state.version, ASSIGN, "k", "h") if state.version == 1 else None

    assert begun.commit_locked("", decide) == ({"t": "ann"},)
    assert parts(begun) == AFTER
    assert begun.commit_locked("", decide) is None
    assert begun.commit_locked("", lambda read: (1, ASSIGN, "new", "h")) is None
    assert parts(begun) == AFTER


def test_a_key_counts_once_and_belongs_to_one_request(begun):
    for version in (1, 1, 2):
        assert begun.commit("", version, ASSIGN, key="k", request_hash="h") == ({"t": "ann"},)
    for ask in (
        lambda: begun.commit("", 2, ASSIGN, key="k", request_hash="other"),
        lambda: begun.answer("", "k", "other"),
    ):
        with pytest.raises(InvalidInputError, match="another request"):
            ask()
    assert parts(begun) == AFTER


def test_the_keys_that_are_kept_are_told_of_many(begun):
    begun.commit("", 1, ASSIGN, key="k", request_hash="h")
    assert begun.kept_among("", ["k", "other"]) == {"k"}
    assert begun.kept_among("", []) == begun.kept_among("other", ["k"]) == set()


def test_a_ticket_keeps_its_place_and_new_ones_come_last(begun):
    rows = {name: replace(TICKET, state="waiting", agent_id=None, units=0) for name in "abc"}
    begun.commit("", 1, Batch(None, (), tickets=rows))
    begun.commit("", 2, Batch(None, (), tickets={"d": rows["a"], "a": rows["a"], "e": rows["a"]}))
    assert list(begun.snapshot("", tickets=()).tickets) == list("abcde")


@pytest.mark.parametrize("version", [0, 2])
def test_a_batch_decided_on_another_version_is_not_kept(begun, version):
    assert begun.commit("", version, ASSIGN, key="k", request_hash="h") is None
    assert parts(begun) == BEFORE


def test_no_load_falls_below_zero(begun):
    with pytest.raises(StoreError):
        begun.commit("", 1, Batch("", (Event("closed", "t", "ann", -4),)), key="k", request_hash="h")
    assert parts(begun) == BEFORE


def test_a_load_of_nobody_is_an_error_and_nothing_is_kept(begun):
    with pytest.raises(StoreError, match="bob"):
        begun.commit("", 1, replace(ASSIGN, events=(Event("assigned", "t", "bob", 1),)), key="k", request_hash="h")
    assert parts(begun) == BEFORE


def test_an_agent_is_forgotten_only_without_a_load_and_may_come_back(begun):
    forget = Batch("gone", (Event("removed", None, "ann", -3),), {"ann": None})
    with pytest.raises(StoreError, match="ann would be forgotten"):
        begun.commit("", 1, replace(forget, events=()))
    with pytest.raises(StoreError, match="bob would be forgotten"):
        begun.commit("", 1, Batch("", (), {"bob": None}))
    assert begun.commit("", 1, replace(forget, agents={"new": {}, **forget.agents})) == ("gone",)
    assert list(begun.snapshot("").agents) == ["new"]
    begun.commit("", 2, Batch("", (), {"ann": ANN}))
    assert list(begun.snapshot("").agents.items()) == [("new", StoredAgent(0, {})), ("ann", StoredAgent(0, ANN))]


def test_tenants_share_nothing(begun):
    assert begun.snapshot("other") == Snapshot(0, {}, {})
    assert begun.commit("other", 0, SETUP, key="k", request_hash="x") == ("set up",)
    assert parts(begun) == BEFORE
    assert [entry.event for entry in begun.events("other")] == list(SETUP.events)


def test_agents_keep_their_order_their_types_and_their_loads(store):
    records = {
        "z": {"agent_id": "z", "name": "Zoë Ångström"},
        "7": {"agent_id": 7},
        "名前": {"name": "山田 \U0001f600"},
    }
    store.commit("", 0, Batch(None, (Event("agent", None, "7", 1_000_000),), records))
    assert list(store.snapshot("").agents.items()) == [
        ("z", StoredAgent(0, records["z"])),
        ("7", StoredAgent(1_000_000, records["7"])),
        ("名前", StoredAgent(0, records["名前"])),
    ]
    store.commit("", 1, Batch(None, (), {"7": {"agent_id": 7, "name": "new"}, "b": {}}))
    assert [(name, agent.load) for name, agent in store.snapshot("").agents.items()] == [
        ("z", 0),
        ("7", 1_000_000),
        ("名前", 0),
        ("b", 0),
    ]
    assert store.snapshot("").agents["7"].data == {"agent_id": 7, "name": "new"}


def test_a_snapshot_holds_the_tickets_asked_for_in_order(begun):
    rows = {
        "w": StoredTicket(None, 0, "waiting", DATA),
        "a": TICKET,
        "c": StoredTicket("ann", 2, "closed", DATA),
        "b": TICKET,
    }
    begun.commit("", 1, Batch(None, tickets=rows))
    assert list(begun.snapshot("").tickets) == ["w", "a", "b"]
    assert begun.snapshot("", tickets=["c", "b", "unknown"]).tickets == {name: rows[name] for name in ("w", "c", "b")}
    assert list(begun.snapshot("", tickets=()).tickets) == ["w"]
    assert list(begun.history("")[0].tickets) == ["w", "a", "c", "b"]
    begun.commit("", 2, Batch(None, tickets={"w": TICKET, "new": TICKET}))
    assert list(begun.snapshot("").tickets.items()) == [("w", TICKET), ("a", TICKET), ("b", TICKET), ("new", TICKET)]


def test_more_tickets_than_one_query_can_name(begun):
    names = [f"t{k}" for k in range(70_000)]
    begun.commit("", 1, Batch(None, tickets={names[-1]: TICKET, names[0]: TICKET, "other": TICKET}))
    assert list(begun.snapshot("", tickets=names).tickets) == [names[-1], names[0]]


def test_events_are_read_from_where_one_stopped_or_from_the_end(store):
    for version in range(3):
        store.commit("", version, Batch(None, (Event(f"a{version}"), Event(f"b{version}"))))
    entries = store.events("")
    assert [entry.event.kind for entry in entries] == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert [entry.number for entry in entries] == sorted(entry.number for entry in entries)
    assert store.events("", after=entries[1].number) == entries[2:]
    assert store.events("", after=entries[1].number, limit=3) == entries[2:5]
    assert store.events("", after=-2) == entries[4:]
    assert store.events("", after=-100, limit=1) == entries[:1]
    assert store.events("", after=entries[5].number) == []


def test_changing_what_was_given_or_read_changes_nothing(begun):
    data = {"ticket": {"requires": {}}}
    begun.commit("", 1, Batch(None, tickets={"t": StoredTicket(None, 0, "waiting", data)}))
    data["ticket"]["requires"]["x"] = 1
    assert begun.snapshot("").tickets["t"].data == {"ticket": {"requires": {}}}


def test_what_json_cannot_hold_is_an_error_and_nothing_is_kept(begun):
    with pytest.raises((TypeError, ValueError, StoreError)):
        begun.commit("", 1, replace(ASSIGN, answer=object()), key="k", request_hash="h")
    assert parts(begun) == BEFORE


def test_many_threads_lose_no_load(store):
    n_threads, rounds = 6, 8
    start = threading.Barrier(n_threads)
    store.commit("", 0, Batch(None, (), {"shared": {}}))

    def work(k):
        start.wait()
        done = 0
        while done < rounds:
            version = store.snapshot("").version
            batch = Batch(None, (Event("assigned", f"{k}-{done}", "shared", 1),))
            done += store.commit("", version, batch, key=f"{k}-{done}") is not None

    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work, range(n_threads)))
    state, entries = store.history("")
    assert state.agents["shared"].load == 48
    assert state.version == 49
    assert len({entry.event.ticket_id for entry in entries}) == 48


def test_a_team_moves_from_one_store_to_another_with_its_loads(begun):
    target = open_store("memory:")
    assert copy_team(begun, target) == ["ann"]
    assert target.snapshot("").agents == begun.snapshot("").agents
    assert copy_team(begun, target) == []
    assert sum(entry.event.change for entry in target.events("")) == 3


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("loads.json", f'has no scheme; write "json:loads.json" for a file, or start with one of: {", ".join(STORES)}'),
        ("jsn:agent_state.json", "'jsn' is not known; did you mean 'json'?"),
        ("oracle:x", f"'oracle' is not known; use one of: {', '.join(STORES)}"),
        ("json:", 'names no file; write "json:agent_state.json"'),
        ("memory:x", "memory: has the location 'x'"),
        ("sqlite:", 'names no file; write "sqlite:///tickets.db"'),
        ("sqlite:///", "names no file"),
        ("sqlite:x.db", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql://h:port/x", "has no readable address"),
        ("", "has no scheme"),
    ],
)
def test_a_url_that_names_no_store_is_an_error_that_says_what_does(url, words):
    with pytest.raises(InvalidInputError) as caught:
        open_store(url)
    assert words in str(caught.value)


def test_callers_may_bring_their_own_table():
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
