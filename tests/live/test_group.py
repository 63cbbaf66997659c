"""Changes that come together: one commit, every answer its own, and what cannot be decided fails alone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from ticketopt import Dispatcher, InvalidInputError, StoreError
from ticketopt.live import group
from ticketopt.live.line import line_of
from ticketopt.live.stores import open_store
from ticketopt.planning.solve import solve
from ticketopt.triage import read_tickets

NOW = 1.7e9
WAIT = 20.0


class Gate:
    """A store whose commits wait while it is shut; it counts them and notes how many were answered by each."""

    def __init__(self, store):
        self.store, self.lock_timeout = store, store.lock_timeout
        self.is_open, self.reached, self.sizes, self.error = threading.Event(), threading.Event(), [], None

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, tenant, version, batch, **options):
        self.reached.set()
        assert self.is_open.wait(WAIT)
        self.sizes.append(max(1, len(batch.others)))
        if self.error is not None:
            raise self.error
        return self.store.commit(tenant, version, batch, **options)


def queue_of(store, capacity=3, **options):
    dispatcher = Dispatcher(store, clock=lambda: NOW, **options)
    dispatcher.upsert_agents([{"agent_id": "ann", "capacity": capacity, "skills": {"vpn": 9}}])
    return dispatcher


def together(store, gate, calls):
    """The outcomes of calls that came, in this order, while the first of them was being committed."""
    gate.is_open.clear()
    gate.reached.clear()
    line, outcomes = line_of(gate, ""), []
    with ThreadPoolExecutor(len(calls)) as pool:
        for k, call in enumerate(calls):
            outcomes.append(pool.submit(call))
            end = time.monotonic() + WAIT
            if k == 0:
                assert gate.reached.wait(WAIT)
            while k and len(line._waiting) < k:
                assert time.monotonic() < end
                time.sleep(0.001)
        gate.is_open.set()
        return [one.exception(WAIT) or one.result(WAIT) for one in outcomes]


@pytest.fixture(params=["memory", "sqlite"])
def store(request, new_url):
    opened = open_store(new_url(request.param))
    yield opened
    getattr(opened, "close", lambda: None)()


@pytest.fixture
def gate(store):
    shut = Gate(store)
    shut.is_open.set()
    return shut


def test_what_came_during_a_commit_is_kept_by_the_next_one_and_each_has_its_answer(store, gate):
    solved = []

    def counting(problem):
        solved.append([ticket.ticket_id for ticket in problem.tickets])
        return solve(problem)

    queue = queue_of(gate, solve=counting)
    gate.sizes.clear()
    found = together(
        store,
        gate,
        [
            lambda: queue.submit([{"ticket_id": "a"}], idempotency_key="ka"),
            lambda: queue.submit([{"ticket_id": "b"}, {"ticket_id": "c"}], idempotency_key="kb"),
            lambda: queue.close("a", idempotency_key="kc"),
            lambda: queue.close("nobody", idempotency_key="kd"),
            lambda: queue.submit([{"ticket_id": "d", "urgency": 1}], idempotency_key="ke"),
            lambda: queue.submit([{"ticket_id": "e", "urgency": 0}]),
            lambda: queue.submit([{"ticket_id": "f", "pinned_agent": "bob"}], idempotency_key="kg"),
        ],
    )
    assert found[:3] == [{"a": "ann"}, {"b": "ann", "c": "ann"}, {}]
    assert isinstance(found[3], InvalidInputError) and isinstance(found[6], InvalidInputError)
    assert found[4:6] == [{"d": "ann"}, {"e": None}]
    assert gate.sizes == [1, 3]  # keys; whoever has none is kept by the same commit
    assert solved == [["a"], ["b", "c", "d", "e"]]
    assert store.version("") == 3
    for key, answer in (("ka", found[0]), ("kb", found[1]), ("kc", found[2]), ("ke", found[4])):
        assert queue._store.store.answer("", key, _hash_of(store, key)) == (answer,)
    assert [event.event.kind for event in queue.events()[2:]] == ["closed", *["assigned"] * 3, "waiting"]
    assert queue.check() == ()


def _hash_of(store, key):
    """Whatever hash a key was kept with: any other one is an error that does not say it."""
    rows = []
    store.dump(lambda table, row: rows.append(row))
    return next(row["request_hash"] for row in rows if row.get("key") == key)


def test_one_that_is_alone_waits_for_nobody_and_makes_one_commit(gate):
    queue = queue_of(gate)
    gate.sizes.clear()
    assert queue.submit([{"ticket_id": "a"}], idempotency_key="k") == {"a": "ann"}
    assert queue.submit([{"ticket_id": "a"}], idempotency_key="k") == {"a": "ann"}
    assert gate.sizes == [1]


def test_the_new_tickets_of_a_group_are_read_at_once_each_as_if_it_were_alone(store, gate):
    asked = []

    def triage(tickets, **options):
        asked.append([ticket.ticket_id for ticket in tickets])
        return read_tickets(tickets, **options)

    queue = queue_of(gate, capacity=9, triage=triage)
    gate.is_open.set()
    titles = {"a": "VPN", "b": "urgent: the VPN is down", "c": "printer", "d": "VPN is slow"}
    calls = [partial(queue.submit, [{"ticket_id": name, "title": title}]) for name, title in titles.items()]
    assert together(store, gate, calls) == [{name: "ann"} for name in titles]
    assert asked == [["a"], ["b", "c", "d"]]
    alone = queue_of(open_store("memory:"), capacity=9)
    for name, title in titles.items():
        alone.submit([{"ticket_id": name, "title": title}])
    for name, row in alone.state().tickets.items():
        assert queue.state().tickets[name].data["text"] == row.data["text"]


def test_the_same_key_twice_in_a_group_counts_once(store, gate):
    queue = queue_of(gate)
    again = [lambda: queue.submit([{"ticket_id": "b"}], idempotency_key="k")] * 3
    found = together(store, gate, [lambda: queue.submit([{"ticket_id": "a"}]), *again])
    assert found == [{"a": "ann"}, *[{"b": "ann"}] * 3]
    other = [
        lambda: queue.submit([{"ticket_id": "c"}], idempotency_key="l"),
        lambda: queue.submit([{"ticket_id": "d"}], idempotency_key="l"),
    ]
    found = together(store, gate, [lambda: queue.close("a"), *other])
    assert found[:2] == [{}, {"c": "ann"}]
    assert "another request" in str(found[2])
    assert len(queue.events()) == 5


def test_a_commit_that_fails_fails_for_all_of_it_and_nothing_is_remembered(store, gate):
    queue = queue_of(gate)
    first = queue.submit
    gate.error = StoreError("the disk is full")
    calls = [lambda name=name: first([{"ticket_id": name}], idempotency_key=name) for name in "abc"]
    found = together(store, gate, calls)
    assert [str(error) for error in found] == ["the disk is full"] * 3
    gate.error = None
    assert queue.submit([{"ticket_id": name} for name in "cab"]) == {"c": "ann", "a": "ann", "b": "ann"}
    assert queue.check() == ()


def test_a_key_that_another_process_has_kept_meanwhile_is_answered_and_the_others_are_decided_again(store, gate):
    queue, other = queue_of(gate), Dispatcher(store, clock=lambda: NOW)
    real, calls = gate.store.commit, []

    def late(tenant, version, batch, **options):
        calls.append(len(batch.others))
        if batch.others and len(calls) == 2:
            other.submit([{"ticket_id": "b"}], idempotency_key="kb")
        return real(tenant, version, batch, **options)

    gate.commit = late
    held = threading.Event()
    slow = [
        lambda: held.wait(WAIT) and queue.submit([{"ticket_id": "z"}]),
        lambda: queue.submit([{"ticket_id": "b"}], idempotency_key="kb"),
        lambda: queue.submit([{"ticket_id": "c"}], idempotency_key="kc"),
    ]
    line = line_of(gate, "")
    with ThreadPoolExecutor(3) as pool, line.turn(time.monotonic() + WAIT):
        outcomes = [pool.submit(call) for call in slow[1:]]
        while len(line._waiting) < 2:
            time.sleep(0.001)
        calls.append(0)
    found = [one.result(WAIT) for one in outcomes]
    assert found == [{"b": "ann"}, {"c": "ann"}]
    assert calls == [0, 2]  # the second time, the other process is kept away
    assert queue.check() == ()
    assert [e.event.ticket_id for e in queue.events()[1:]] == ["b", "c"]


def test_a_change_of_the_team_has_a_commit_of_its_own(store, gate):
    queue = queue_of(gate, capacity=1)
    found = together(
        store,
        gate,
        [
            lambda: queue.submit([{"ticket_id": "a"}]),
            lambda: queue.submit([{"ticket_id": "b"}], idempotency_key="kb"),
            lambda: queue.upsert_agents([{"agent_id": "bob", "capacity": 1}], idempotency_key="team"),
            lambda: queue.remove_agent("ann"),
            lambda: queue.submit([{"ticket_id": "c"}]),
        ],
    )
    assert found[0] == {"a": "ann"}
    assert isinstance(found[1], dict) and isinstance(found[4], dict)
    state = queue.state()
    assert set(state.agents) == {"bob"}
    assert sum(row.agent_id == "bob" for row in state.tickets.values()) == 1
    assert queue.check() == ()


def test_many_clients_need_fewer_commits_than_they_have_changes():
    store = open_store("memory:")
    commit, count = store.commit, []

    def slowly(*arguments, **options):
        count.append(1)
        time.sleep(0.01)  # as a disk does
        return commit(*arguments, **options)

    store.commit = slowly
    queue = queue_of(store, capacity=1000)

    def client(number):
        answers = []
        for k in range(10):
            name = f"{number}-{k}"
            answers.append(queue.submit([{"ticket_id": name}], idempotency_key=name) == {name: "ann"})
            answers.append(queue.close(name, idempotency_key=f"close {name}") == {})
        return answers

    with ThreadPoolExecutor(8) as pool:
        assert all(all(answers) for answers in pool.map(client, range(8)))
    assert len(count) < 1 + 160 / 2
    assert queue.state().agents["ann"].load == 0
    assert len(queue.events()) == 1 + 160
    assert queue.check() == ()


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql"])
def test_where_another_process_was_faster_it_is_kept_away_and_nothing_is_decided_more_than_twice(scheme, new_url):
    url = new_url(scheme)
    store, other_store = open_store(url), open_store(url, lock_timeout=0.2)
    other, solved, failed = Dispatcher(other_store, clock=lambda: NOW), [], []

    def beside_another(problem):
        solved.append([agent.current_load for agent in problem.agents])
        try:
            other.submit([{"ticket_id": f"theirs {len(solved)}"}])
        except StoreError as error:
            failed.append(error)
        return solve(problem)

    queue = queue_of(store, solve=beside_another)
    assert queue.submit([{"ticket_id": "mine"}], idempotency_key="k") == {"mine": "ann"}
    assert solved == [[0], [1]]
    assert len(failed) == 1
    assert other.submit([{"ticket_id": "later"}]) == {"later": "ann"}
    assert [e.event.ticket_id for e in queue.events()[1:]] == ["theirs 1", "mine", "later"]
    assert queue.check() == ()
    for one in (store, other_store):
        one.close()


def test_whoever_comes_after_a_slow_decision_is_in_the_next_commit(store, gate, monkeypatch):
    queue = queue_of(gate)
    monkeypatch.setattr(group, "PATIENCE", -1.0)
    gate.sizes.clear()
    calls = [lambda name=name: queue.submit([{"ticket_id": name}]) for name in "ab"]
    found = together(store, gate, [*calls, lambda: queue.reassign("a", "ann"), lambda: queue.close("a")])
    assert found == [{"a": "ann"}, {"b": "ann"}, {"a": "ann"}, {}]
    assert gate.sizes == [1] * 4


def test_what_is_wrong_only_after_a_change_that_was_not_kept_is_not_said(store, gate):
    queue = queue_of(gate)
    queue.submit([{"ticket_id": "a"}])
    gate.error = StoreError("the disk is full")
    calls = [lambda: queue.unassign("a"), lambda: queue.close("a"), lambda: queue.hold("a")]
    found = together(store, gate, calls)
    assert [str(error) for error in found] == ["the disk is full"] * 3
