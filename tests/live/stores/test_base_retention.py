"""Retention: what is over is forgotten in its time, and a queue can be checked before and after, at any moment."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Dispatcher, InvalidInputError
from ticketopt.live.audit import audit
from ticketopt.live.stores import ONCE, Batch, Event, Job, Keep, Retention, StoredTicket, open_store

DAY = 86_400.0
OPEN, CLOSED = StoredTicket("ann", 2, "assigned", {}), StoredTicket("ann", 2, "closed", {})
NOTHING = {"events": 0, "closed_tickets": 0, "answers": 0, "deliveries": 0, "jobs": 0}


def write(store, *, at, key=None, **parts):
    parts.setdefault("events", ())
    version = store.version("")
    assert store.commit("", version, Batch("kept", at=at * DAY, **parts), key=key, request_hash="h") is not None


@pytest.fixture
def begun(store):
    """One of everything on each of the days 1 to 5."""
    write(store, at=0, events=(Event("agent", None, "ann", 3),), agents={"ann": {}})
    for day in range(1, 6):
        name = f"t{day}"
        write(store, at=day, events=(Event("assigned", name, "ann", 2),), tickets={name: OPEN}, key=f"k{day}")
        if day < 5:
            write(store, at=day, events=(Event("closed", name, "ann", -2),), tickets={name: CLOSED})
        write(store, at=day, deliveries={name: "ann"})
        store.put_job("", Job(job_id=f"j{day}", data=None, at=day * DAY, state="done"))
    for delivery in store.due_deliveries("", now=9 * DAY, lease=1.0)[:4]:
        store.settle_delivery("", delivery, state="sent")
    return store


def remains(store):
    state, entries = store.history("")
    assert audit(state, entries) == ()
    answers = [f"k{day}" for day in range(1, 6) if store.answer("", f"k{day}", "h")]
    deliveries = [row.ticket_id for row in store.deliveries("")]
    return list(state.tickets), answers, deliveries, [job.job_id for job in store.jobs("")], len(store.events(""))


def test_the_default_keeps_everything(begun):
    before = remains(begun)
    assert begun.prune("", now=1e9 * DAY, keep=Retention()) == NOTHING
    assert remains(begun) == before
    assert begun.prune("other", now=9 * DAY, keep=Retention(events=Keep(0, 0))) == NOTHING


@pytest.mark.parametrize("keep", [Keep(days=3), Keep(rows=2)])
def test_what_is_too_old_or_too_much_goes_and_what_is_not_over_stays(begun, keep):
    everything = Retention(events=keep, closed_tickets=keep, answers=keep, deliveries=keep, jobs=keep)
    counts = begun.prune("", now=6 * DAY, keep=everything)
    tickets, answers, deliveries, jobs, n_events = remains(begun)
    assert tickets == ["t3", "t4", "t5"]
    if keep.days:
        assert (answers, deliveries, jobs, n_events) == (["k3", "k4", "k5"], ["t3", "t4", "t5"], ["j3", "j4", "j5"], 5)
        assert counts == {"events": 5, "closed_tickets": 2, "answers": 2, "deliveries": 2, "jobs": 2}
    else:
        assert (answers, deliveries, jobs, n_events) == (["k4", "k5"], ["t3", "t4", "t5"], ["j4", "j5"], 2)
        assert counts == {"events": 8, "closed_tickets": 2, "answers": 3, "deliveries": 2, "jobs": 3}
    assert begun.prune("", now=6 * DAY, keep=everything) == NOTHING
    assert begun.snapshot("").agents["ann"].load == 5
    older = [entry.event for entry in begun.history("")[1] if entry.event.kind == "carried"]
    assert older[0] == Event("carried", None, "ann", 3)
    write(begun, at=7, events=(Event("closed", "t5", "ann", -2),), tickets={"t5": CLOSED})
    everything = Retention(events=Keep(rows=0), closed_tickets=Keep(rows=0))
    begun.prune("", now=8 * DAY, keep=everything)
    assert remains(begun)[0] == []
    assert [tuple(entry) for entry in begun.history("")[1]] == [(0, 0, 0.0, Event("carried", None, "ann", 3))]


def test_numbers_of_events_go_on_and_are_read_from_where_one_stopped(begun):
    before = begun.events("")
    begun.prune("", now=9 * DAY, keep=Retention(events=Keep(rows=4)))
    assert begun.events("") == begun.events("", after=before[2].number) == before[-4:]
    assert begun.events("", after=before[-2].number) == begun.events("", after=-1) == before[-1:]
    write(begun, at=6, events=(Event("x"),))
    assert begun.events("", after=before[-1].number)[0].event == Event("x")
    assert begun.events("", after=before[-4].number, limit=1) == before[-3:-2]


def test_a_key_counts_once_for_as_long_as_it_is_kept(begun):
    begun.prune("", now=6 * DAY, keep=Retention(answers=Keep(days=3)))
    assert begun.commit("", 0, Batch("again"), key="k3", request_hash="h") == ("kept",)
    version = begun.version("")
    assert begun.commit("", version, Batch("again"), key="k2", request_hash="h") == ("again",)


def test_keys_that_nobody_gave_are_gone_after_a_day_at_most(store):
    for day in (1, 2):
        write(store, at=day, key=f"{ONCE}{day}", events=(Event("x"),))
    store.prune("", now=2.5 * DAY, keep=Retention())
    assert [store.answer("", f"{ONCE}{day}", "h") is not None for day in (1, 2)] == [False, True]


def test_changes_without_a_key_leave_one_row_at_most(store):
    dispatcher = Dispatcher(store)
    dispatcher.upsert_agents([{"agent_id": "ann"}])
    keys = []
    commit = store.commit
    store.commit = lambda *arguments, **options: keys.append(options["key"]) or commit(*arguments, **options)
    for k in range(4):
        dispatcher.submit([{"ticket_id": k}], idempotency_key="mine" if k == 2 else None)
    keys.remove("mine")
    assert [key for key in keys if store.answer("", key, "") is not None] == keys[-1:]


def test_it_survives_opening_again(url, begun):
    if url == "memory:":
        pytest.skip("is over with its process")
    begun.prune("", now=6 * DAY, keep=Retention(events=Keep(days=3), closed_tickets=Keep(rows=1)))
    again = open_store(url)
    assert again.history("") == begun.history("")
    assert remains(again) == remains(begun)
    getattr(again, "close", lambda: None)()


@pytest.mark.parametrize("bad", [{"days": -1}, {"rows": 1.5}, {"days": "x"}, {"rows": -1}, {"days": float("nan")}])
def test_what_is_no_retention_is_an_error(bad):
    with pytest.raises(InvalidInputError, match=next(iter(bad))):
        Keep(**bad)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["submit", "close", "reopen", "reassign", "prune", "agents"]), st.integers(0, 5)),
    max_size=25,
)
KEEPS = st.builds(Keep, days=st.none() | st.integers(0, 6), rows=st.none() | st.integers(0, 6))


@settings(max_examples=examples(30))
@given(actions=ACTIONS, keep=st.builds(Retention, events=KEEPS, closed_tickets=KEEPS, answers=KEEPS))
@pytest.mark.parametrize("scheme", ["memory", "sqlite"])
def test_a_queue_is_right_before_and_after_at_any_moment(scheme, actions, keep, tmp_path_factory):
    url = "memory:" if scheme == "memory" else f"sqlite:///{tmp_path_factory.mktemp('s')}/a.db"
    store, now = open_store(url), 0.0
    dispatcher = Dispatcher(store, clock=lambda: now)
    dispatcher.upsert_agents([{"agent_id": f"a{k}", "capacity": 2, "current_load": k} for k in range(2)])
    for action, k in actions:
        now += DAY / 2
        known = store.ticket("", f"t{k}")
        loads = {name: agent.load for name, agent in store.agents("")}
        if action == "submit":
            dispatcher.submit([{"ticket_id": f"t{k}", "effort": 1 + k % 2}], idempotency_key=f"{k}")
        elif action == "agents":
            dispatcher.upsert_agents([{"agent_id": f"a{k}", "capacity": 1, "current_load": 1}])
        elif action == "prune":
            before = store.snapshot("")
            store.prune("", now=now, keep=keep)
            assert store.snapshot("") == before
            assert {name: agent.load for name, agent in store.agents("")} == loads
        elif known is not None and action != "reassign":
            getattr(dispatcher, action)(f"t{k}")
        elif known is not None and known.state != "closed":
            dispatcher.reassign(f"t{k}", "a1")
        assert dispatcher.check() == ()
    getattr(store, "close", lambda: None)()


def test_a_wrong_queue_is_still_found_after_events_were_forgotten(begun):
    begun.prune("", now=9 * DAY, keep=Retention(events=Keep(rows=0)))
    state, entries = begun.history("")
    wrong = replace(state, tickets={**state.tickets, "t5": replace(OPEN, units=3)})
    assert [issue.path for issue in audit(wrong, entries)] == ["tickets['t5']"]
