"""Tickets that could not be served are left out before anything is weighed, and nothing is decided otherwise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt import Dispatcher, InvalidInputError, open_store, solve
from ticketopt.intake.events import TicketEvent
from ticketopt.live import queue_planner, submitted
from ticketopt.live.contenders import contenders
from ticketopt.live.recall import Recall
from ticketopt.model.objective import objective

NOW = 1.7e9


def queue_of(agents, **options):
    dispatcher = Dispatcher(open_store("memory:"), clock=lambda: NOW, **options)
    dispatcher.upsert_agents(agents)
    return dispatcher


AGENTS = st.lists(
    st.fixed_dictionaries(
        {
            "skills": st.dictionaries(st.sampled_from("abc"), st.integers(1, 9)),
            "capacity": st.integers(0, 3),
            "languages": st.sampled_from([[], ["de"], ["de", "fr"]]),
            "availability_status": st.sampled_from(["available", "available", "lunch"]),
            "shift_end": st.sampled_from([None, None, NOW - 5, NOW + 3600]),
            "shift_start": st.sampled_from([None, None, None, NOW + 60]),
        }
    ),
    min_size=1,
    max_size=4,
).map(lambda rows: [{"agent_id": f"a{k}", **row} for k, row in enumerate(rows)])
TICKETS = st.lists(
    st.fixed_dictionaries(
        {
            "skills": st.dictionaries(st.sampled_from("abc"), st.just(1), max_size=2),
            "urgency": st.sampled_from([0.1, 0.4, 0.4, 1.0]),
            "creation_timestamp": st.integers(0, 4).map(lambda k: NOW - 1000 * k),
            "language": st.sampled_from([None, None, "de", "fr"]),
            "requires": st.sampled_from([{}, {}, {"a": 5}]),
            "excluded_agents": st.sampled_from([[], [], ["a1"]]),
            "customer": st.sampled_from([None, "gold"]),
        }
    ),
    max_size=14,
).map(lambda rows: [{"ticket_id": f"t{k}", **row} for k, row in enumerate(rows)])
POLICIES = st.sampled_from(
    [{}, {"capacity": 2}, {"capacity": None}, {"customer_weights": {"gold": 0.5}}, {"balance": 5}]
)


@settings(max_examples=examples(150), deadline=None)
@given(agents=AGENTS, tickets=TICKETS, policy=POLICIES)
def test_the_plan_of_the_contenders_is_the_best_plan_of_all(agents, tickets, policy):
    check_that_nothing_is_decided_otherwise(agents, tickets, policy)


MIXED = st.tuples(
    st.sampled_from([1, 1, 2, 4]),
    st.sampled_from([{}, {}, {}, {"together": "k"}, {"effort_by_agent": {"a0": 2}}, {"group": "g"}]),
)
COUPLED = st.sampled_from(
    [{}, {"capacity": 2}, {"expert_saving": 0.5}, {"max_new_per_agent": 1}, {"max_urgent_per_agent": 1}]
)


@settings(max_examples=60, deadline=None)
@given(agents=AGENTS, tickets=TICKETS.map(lambda rows: rows[:6]), mixed=st.lists(MIXED, min_size=6), policy=COUPLED)
def test_so_it_is_where_tickets_take_unequal_effort_or_rules_couple_them(agents, tickets, mixed, policy):
    rows = [{**row, "effort": effort, **more} for row, (effort, more) in zip(tickets, mixed, strict=False)]
    agents = [{**agent, **({"groups": ["g"]} if k % 2 else {})} for k, agent in enumerate(agents)]
    check_that_nothing_is_decided_otherwise(agents, rows, policy)


def check_that_nothing_is_decided_otherwise(agents, tickets, policy):
    queue = queue_of([{**agent, "capacity": 0} for agent in agents], policy=policy)
    queue.submit(tickets)
    state = queue.state()
    for name, data in ((agent["agent_id"], agent) for agent in agents):
        stored = state.agents[name].data
        state.agents[name] = type(state.agents[name])(0, {**stored, "capacity": data["capacity"]})
    planner = queue._planner
    few = contenders(state, state.tickets, {}, policy=planner.policy, now=NOW, recall=Recall())
    whole, part = planner.problem(state, state.tickets), planner.problem(state, few)
    best, found = solve(whole), solve(part)
    places = {ticket.ticket_id: j for ticket, j in zip(part.tickets, found.assignment.tolist(), strict=True)}
    joined = np.array([places.get(ticket.ticket_id, -1) for ticket in whole.tickets], dtype=np.int64)
    assert objective(best.model, joined) == objective(best.model, best.assignment)


@pytest.mark.parametrize(
    ("odd", "policy"), [({"effort": 2}, {}), ({"effort_by_agent": {"a0": 3}}, {}), ({}, {"max_new_per_agent": 3})]
)
def test_a_backlog_that_nobody_speaks_the_language_of_is_not_weighed(odd, policy):
    seen = []

    def counting(problem):
        seen.append(problem.n_tickets)
        return solve(problem)

    team = [{"agent_id": f"a{k}", "capacity": 200, "languages": ["en"]} for k in range(2)]
    queue = queue_of(team, policy=policy, solve=counting)
    german = [{"ticket_id": f"w{k}", "language": "de"} for k in range(100)]
    queue.submit([{**german[0], **odd}, *german[1:]])
    queue.submit([{"ticket_id": "x", "language": "en"}])
    assert seen[1:] == [1]
    assert len(queue.upsert_agents([{"agent_id": "gerd", "capacity": 200, "languages": ["de"]}])) >= 3
    assert queue.check() == ()


def test_few_of_many_are_weighed():
    seen = []

    def counting(problem):
        seen.append(problem.n_tickets)
        return solve(problem)

    queue = queue_of([{"agent_id": "ann", "capacity": 1}, {"agent_id": "bob", "capacity": 1}], solve=counting)
    more = [{"creation_timestamp": k, "urgency": k % 2, "language": "de" if k % 3 else None} for k in range(300)]
    queue.submit([{"ticket_id": f"t{k}", **fields} for k, fields in enumerate(more)])
    queue.submit([{"ticket_id": "new"}])
    held = [name for name, row in queue.state().tickets.items() if row.state == "assigned"]
    queue.close(held[0])
    queue.close("t299")
    assert seen[1:] == [1, 2]


@pytest.mark.parametrize(
    ("fields", "policy"),
    [
        ({"effort": 2}, {}),
        ({"together": "k"}, {}),
        ({"effort_by_agent": {"ann": 2}}, {}),
        ({}, {"max_new_per_agent": 1}),
        ({}, {"tiers": ["cost"]}),
    ],
)
def test_all_are_weighed_where_tickets_are_not_alike_or_hang_together(fields, policy):
    queue = queue_of([{"agent_id": "ann", "capacity": 0}], policy=policy)
    queue.submit([{"ticket_id": f"t{k}", **fields} for k in range(5)])
    state = queue.state()
    state.agents["ann"] = type(state.agents["ann"])(0, {**state.agents["ann"].data, "capacity": 2})
    few = contenders(state, state.tickets, {}, policy=queue._planner.policy, now=NOW, recall=Recall())
    assert few == state.tickets


def test_a_fair_share_is_no_room_to_count_on():
    queue = queue_of([{"agent_id": "ann"}])
    queue.pause("ann")
    queue.submit([{"ticket_id": f"t{k}"} for k in range(5)])
    assert len(queue.sign_on("ann")) == 5


def test_more_than_can_be_weighed_is_refused_when_it_comes(monkeypatch):
    queue = queue_of([{"agent_id": "ann", "capacity": 0}, {"agent_id": "bob", "capacity": 0}], most_pairs=6)
    queue.submit([{"ticket_id": f"t{k}"} for k in range(3)])
    with pytest.raises(InvalidInputError, match="would make 4 wait for 2 agents"):
        queue.submit([{"ticket_id": "t3"}])
    with pytest.raises(InvalidInputError, match="would make 3 wait for 3 agents"):
        queue.upsert_agents([{"agent_id": "cy"}])
    with pytest.raises(InvalidInputError, match="would make 4 wait for 2 agents"):
        queue.apply([TicketEvent(ticket_id="t4", stage="new")])
    queue.apply([TicketEvent(ticket_id="t0", stage="done", ended="closed"), TicketEvent(ticket_id="t5", stage="new")])
    queue.close("t5")
    monkeypatch.setattr(submitted, "MOST_UNITS", 20_000)
    with pytest.raises(InvalidInputError, match="more than 20,000 units"):
        queue.submit([{"ticket_id": "big", "effort": 20_000}])
    assert queue_planner.MOST_ALONE > 0


class Readings:
    """A store that counts how often waiting tickets are read."""

    def __init__(self, store):
        self.store, self.lock_timeout, self.whole = store, store.lock_timeout, 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    def snapshot(self, tenant, *, tickets=None, known=None):
        state = self.store.snapshot(tenant, tickets=tickets, known=known)
        self.whole += not state.is_part
        return state


def test_waiting_tickets_are_read_again_only_when_somebody_else_has_written():
    store = Readings(open_store("memory:"))
    queue = Dispatcher(store, clock=lambda: NOW)
    queue.upsert_agents([{"agent_id": "ann", "capacity": 1}])
    for k in range(4):
        queue.submit([{"ticket_id": f"t{k}"}], idempotency_key=f"k{k}")
    assert store.whole == 1
    other = Dispatcher(store.store, clock=lambda: NOW)
    other.submit([{"ticket_id": "theirs", "urgency": 1}])
    assert queue.close("t0") == {"theirs": "ann"}
    assert store.whole == 2
    assert queue.submit([{"ticket_id": "t1"}], idempotency_key="k1") == {"t1": None}
    assert store.whole == 2
    assert queue.check() == ()


def test_an_answer_of_before_is_no_batch_that_was_kept():
    """Two send the same request at once: the one who comes second is answered, and remembers nothing wrong."""
    inner = open_store("memory:")
    Dispatcher(inner, clock=lambda: NOW).upsert_agents([{"agent_id": "ann", "capacity": 0}])

    class Late(Readings):
        def commit(self, tenant, version, batch, **options):
            Dispatcher(inner, clock=lambda: NOW - 5).submit([{"ticket_id": "a"}], idempotency_key="k")
            del Late.commit
            return inner.commit(tenant, version, batch, **options)

    store = Late(inner)
    queue = Dispatcher(store, clock=lambda: NOW)
    assert queue.submit([{"ticket_id": "a"}], idempotency_key="k") == {"a": None}
    assert queue.set_capacity("ann", 1) == {"a": "ann"}
    assert inner.snapshot("", tickets=["a"]).tickets["a"].data["ticket"]["creation_timestamp"] == NOW - 5
    assert queue.check() == ()
