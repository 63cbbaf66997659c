"""The batch: stored loads in, a plan out, new loads kept; all of it, or nothing."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt import (
    Dispatcher,
    InvalidInputError,
    Reading,
    SolverError,
    StoreError,
    open_store,
    read_queue,
    verify,
)
from ticketopt.live import batch
from ticketopt.live.batch import dispatch
from ticketopt.live.stores import Batch, Event
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.solvers import BACKENDS


def agent(agent_id, load=0, **more):
    return {"agent_id": agent_id, "current_load": load, **more}


def tickets(count, **more):
    return [{"ticket_id": f"T{k}", "skills": {}, "urgency": 0.5, **more} for k in range(count)]


def queue_of(agents, tickets):
    return read_queue({"agents": agents, "tickets": tickets})


def store_with(**loads):
    store = MemoryStore(lock_timeout=20)
    events = tuple(Event("agent", None, key, load) for key, load in loads.items())
    store.commit("", 0, Batch(None, events, {key: {"agent_id": key} for key in loads}))
    return store


def loads_in(store):
    return {key: agent.load for key, agent in store.snapshot("").agents.items()}


def test_agents_not_stored_yet_start_with_the_load_of_the_queue():
    store = MemoryStore()
    result = dispatch(queue_of([agent("a", 2), agent("b", 5)], tickets(5)), store=store)
    assert {load.agent_id: load.before for load in result.loads} == {"a": 2, "b": 5}
    assert loads_in(store) == {"a": 6, "b": 6}


def test_a_stored_load_wins_over_the_load_of_the_queue():
    store = store_with(a=9)
    result = dispatch(queue_of([agent("a", 0), agent("b", 0)], tickets(4)), store=store)
    assert {load.agent_id: load.before for load in result.loads} == {"a": 9, "b": 0}
    assert result.assigned == {"T0": "b", "T1": "b", "T2": "b", "T3": "b"}
    assert loads_in(store) == {"a": 9, "b": 4}


def test_the_stored_load_counts_against_the_capacity():
    result = dispatch(queue_of([agent("a", 0, capacity=5)], tickets(3)), store=store_with(a=4))
    assert len(result.assigned) == 1
    assert {decision.reason for decision in result.unassigned} == {"no_capacity"}


def test_batches_follow_each_other():
    store = MemoryStore()
    queue = queue_of([agent("a"), agent("b")], tickets(2))
    for total in (1, 2, 3):
        dispatch(queue, store=store)
        assert loads_in(store) == {"a": total, "b": total}


def test_agents_that_only_the_store_knows_keep_their_load():
    store = store_with(old=7)
    dispatch(queue_of([agent("a")], tickets(1)), store=store)
    assert loads_in(store) == {"old": 7, "a": 1}


def test_everybody_in_the_queue_is_stored_even_without_a_ticket():
    store = MemoryStore()
    dispatch(queue_of([agent("away", 3, name="Ann Away", availability_status="On leave"), agent("b")], []), store=store)
    assert store.snapshot("").agents["away"].data["name"] == "Ann Away"
    assert loads_in(store) == {"away": 3, "b": 0}


def test_effort_is_what_loads_grow_by():
    store = store_with(a=1)
    dispatch(queue_of([agent("a")], tickets(2, effort=4)), store=store)
    assert loads_in(store) == {"a": 9}


def test_an_id_as_a_number_finds_its_load_under_the_same_id_as_text():
    store = store_with(**{"7": 4})
    result = dispatch(queue_of([agent(7, 0)], tickets(1)), store=store)
    assert result.assigned == {"T0": 7}
    assert store.snapshot("").agents["7"].data["agent_id"] == 7
    assert loads_in(store) == {"7": 5}


def test_no_agents_and_no_tickets_change_nothing():
    store = store_with(a=1)
    dispatch(queue_of([], []), store=store)
    result = dispatch(queue_of([], tickets(1)), store=store)
    assert [decision.reason for decision in result.unassigned] == ["no_agents"]
    assert loads_in(store) == {"a": 1}


def test_the_queue_and_its_warnings_stay_as_they_are():
    queue = queue_of([agent("a", 0, shoe_size=43)], tickets(1, previous_agent="gone"))
    result = dispatch(queue, store=store_with(a=5))
    assert queue.agents[0].current_load == 0
    assert [warning.path for warning in result.warnings] == ["agents[0].shoe_size", "tickets[0].previous_agent"]


@pytest.mark.parametrize("error", [SolverError("a lie"), MemoryError(), KeyboardInterrupt()])
def test_where_solving_fails_nothing_is_committed(error, monkeypatch):
    def fail(*_, **__):
        raise error

    store = store_with(a=1)
    with monkeypatch.context() as patch:
        patch.setattr(batch, "solve", fail)
        with pytest.raises(type(error)):
            dispatch(queue_of([agent("a"), agent("b")], tickets(1)), store=store)
    assert loads_in(store) == {"a": 1}
    dispatch(queue_of([agent("a")], tickets(1)), store=store)
    assert loads_in(store) == {"a": 2}


@pytest.mark.parametrize(
    "wrong",
    [{"policy": {"balanse": 1}}, {"policy": {"weights": {"magic": 1}}}, {"solver": "best"}, {"time_limit": 0}],
    ids=str,
)
def test_where_the_request_is_wrong_nothing_is_committed(wrong):
    store = store_with(a=1)
    with pytest.raises(InvalidInputError):
        dispatch(queue_of([agent("a")], tickets(1)), store=store, **wrong)
    assert loads_in(store) == {"a": 1}


def test_where_the_loads_cannot_be_kept_there_is_no_answer(monkeypatch):
    store = store_with(a=1)
    monkeypatch.setattr(store, "commit", _refuse)
    with pytest.raises(StoreError):
        dispatch(queue_of([agent("a")], tickets(1)), store=store)
    assert loads_in(store) == {"a": 1}


def _refuse(*_, **__):
    raise StoreError("no space")


def test_a_load_that_the_store_could_not_read_back_is_refused():
    store = store_with(a=999_999)
    queue = queue_of([agent("b"), agent("a")], tickets(1, effort=2, pinned_agent="a"))
    with pytest.raises(InvalidInputError) as caught:
        dispatch(queue, store=store, policy={"capacity": None})
    assert [str(issue) for issue in caught.value.issues] == [
        "agents[1].current_load: would grow to 1,000,001; use larger units, 1,000,000 at most"
    ]
    assert loads_in(store) == {"a": 999_999}


def test_text_is_read_and_a_plan_is_solved_once_however_often_others_are_faster():
    store, seen, solved = store_with(a=1, b=0), [], []
    real, commit, count = batch.solve, store.commit, iter(range(9))

    def triage(tickets, *, skills, now):
        seen.append((skills, now))
        return [Reading() for _ in tickets]

    def slow(problem, **options):
        solved.append(problem.agents[0].current_load)
        return real(problem, **options)

    def late(tenant, version, change, **options):
        if next(count) < 3:
            commit(tenant, store.version(tenant), Batch(None, (Event("more", None, "a", 1),)))
        return commit(tenant, version, change, **options)

    store.commit = late
    queue = queue_of([agent("a", skills={"SQL": 5}), agent("b")], [{"ticket_id": "T0", "title": "slow query"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "solve", slow)
        result = dispatch(queue, store=store, triage=triage, now="2026-03-02T08:30:00Z")
    assert seen == [(["SQL"], 1772440200.0)]
    assert solved == [1]
    assert "1 of 1 stay as planned" in result.reason
    assert [load.after for load in result.loads] == [4, 1]
    assert loads_in(store) == {"a": 4, "b": 1}


def test_a_slow_solve_beside_a_busy_replica_is_made_once_and_ends_and_refuses_nobody(tmp_path):
    url = f"sqlite:///{tmp_path / 'queue.db'}"
    store, other = open_store(url, lock_timeout=2), open_store(url, lock_timeout=20)
    here, there, solved = Dispatcher(store), Dispatcher(other), []
    here.upsert_agents([{"agent_id": name, "capacity": 30} for name in "ab"])
    stop, sent = threading.Event(), []

    def slow(model, options):
        solved.append(model.n_tickets)
        time.sleep(1.5)
        return BACKENDS["network"].solve(model, options)

    def busy(dispatcher, name):
        while not stop.is_set():
            ticket = f"{name}{len(sent)}"
            sent.append((ticket, dispatcher.submit([{"ticket_id": ticket}])[ticket]))
            time.sleep(0.05)

    queue = queue_of([agent("a", capacity=30), agent("b", capacity=30)], tickets(40))
    table = {"network": replace(BACKENDS["network"], solve=slow), "greedy": BACKENDS["greedy"]}
    with ThreadPoolExecutor(2) as pool:
        others = [pool.submit(busy, there, "t"), pool.submit(busy, here, "h")]
        try:
            result = dispatch(queue, store=store, backends=table, time_limit=60)
        finally:
            stop.set()
        for one in others:
            one.result()
    assert solved == [40]
    assert verify(result.problem, result) == []
    after = {load.agent_id: load.after for load in result.loads}
    assert max(after.values()) <= 30
    held = Counter(holder for _, holder in sent) + Counter(result.assigned.values())
    assert loads_in(store) == {name: held[name] for name in "ab"}
    assert max(loads_in(store).values()) <= 30
    assert set(here.state().tickets) == {ticket for ticket, _ in sent}
    assert here.check() == ()
    for one in (store, other):
        one.close()


def test_a_key_is_answered_with_the_same_plan_and_counts_once():
    store = store_with(a=1)
    queue = queue_of(
        [agent("a", skills={"vpn": 7}), agent("b", 2, skills={"mail": 5})],
        [{"ticket_id": 1, "title": "VPN down asap"}, {"ticket_id": "2", "title": "no mail", "effort": 3}],
    )
    options = {"store": store, "policy": {"balance": 0.7, "separate": [[1, "2"]]}, "now": 1.7e9}
    first = dispatch(queue, idempotency_key="k", **options)
    other = {**options, "policy": {"balance": 0}, "now": 1.8e9}
    dispatch(queue_of([agent("a")], tickets(3)), **other)
    before = loads_in(store)
    again = dispatch(queue, idempotency_key="k", **other)
    assert again.to_json() == first.to_json()
    assert "asap" in again.to_json()
    assert loads_in(store) == before
    assert "asap" not in str(store.answer("", "k", store._queues[""].answers["k"][0]))
    for wrong in (queue_of([agent("a", skills={"vpn": 7})], []), queue_of([], [])):
        with pytest.raises(InvalidInputError, match="another request"):
            dispatch(wrong, idempotency_key="k", **options)
    with pytest.raises(InvalidInputError, match="idempotency_key: is empty"):
        dispatch(queue, idempotency_key=" ", **options)


@given(
    before=st.lists(st.integers(0, 20), max_size=4),
    stored=st.dictionaries(st.sampled_from(["0", "1", "2", "3", "gone"]), st.integers(0, 20)),
    efforts=st.lists(st.integers(1, 4), max_size=5),
)
def test_loads_grow_by_exactly_what_was_assigned(before, stored, efforts):
    store = store_with(**stored)
    queue = queue_of(
        [agent(j, load) for j, load in enumerate(before)],
        [{"ticket_id": i, "effort": effort} for i, effort in enumerate(efforts)],
    )
    result = dispatch(queue, store=store)
    expected = dict(stored)
    for j, load in enumerate(before):
        expected.setdefault(str(j), load)
    for ticket_id, agent_id in result.assigned.items():
        expected[str(agent_id)] += efforts[ticket_id]
    assert loads_in(store) == expected


def test_many_threads_lose_no_load():
    store = MemoryStore(lock_timeout=60)
    n_threads, rounds = 6, 4
    start = threading.Barrier(n_threads)
    agents = [agent("a", 3), agent("b", 0), agent("c", 1)]

    def work(k):
        start.wait()
        return [len(dispatch(queue_of(agents, tickets(k + 1)), store=store).assigned) for _ in range(rounds)]

    with ThreadPoolExecutor(n_threads) as pool:
        counts = [count for batch in pool.map(work, range(n_threads)) for count in batch]
    assert sum(counts) == 4 * (1 + 2 + 3 + 4 + 5 + 6)
    assert sum(loads_in(store).values()) == 4 + sum(counts)
