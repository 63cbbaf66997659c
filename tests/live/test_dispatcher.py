"""The dispatcher over its stores: decided once, kept, and free of ticket text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from ticketopt import Dispatcher, InvalidInputError, SolverError, StoreError, open_store
from ticketopt.live.stores import STORES, Batch, Event, StoredTicket
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.model.objective import objective
from ticketopt.problem.reading import Reading

AGENTS = [
    {"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 2},
    {"agent_id": "bob", "skills": {"mail": 9}, "capacity": 1, "current_load": 1},
]


def ticket(name, **more):
    return {"ticket_id": name, "skills": {"vpn": 1}, "title": "canary", "description": "canary", **more}


@pytest.fixture(params=STORES)
def url(request, new_url):
    return new_url(request.param)


@pytest.fixture
def store(url):
    store = open_store(url)
    Dispatcher(store).upsert_agents(AGENTS)
    yield store
    getattr(store, "close", lambda: None)()


@pytest.fixture
def dispatcher(store):
    return Dispatcher(store, clock=lambda: 1.7e9)


@pytest.fixture
def memory():
    dispatcher = Dispatcher(MemoryStore(), clock=lambda: 1.7e9)
    dispatcher.upsert_agents(AGENTS)
    return dispatcher


def loads(dispatcher):
    return {name: agent.load for name, agent in dispatcher.state().agents.items()}


def kinds(dispatcher, after=2):
    return [(e.event.kind, e.event.ticket_id, e.event.agent_id, e.event.change) for e in dispatcher.events()][after:]


def test_a_day(store, dispatcher):
    assert dispatcher.submit([ticket("a"), ticket("b")]) == {"a": "ann", "b": "ann"}
    assert dispatcher.submit([ticket("c")]) == {"c": None}
    assert dispatcher.submit([ticket("a")]) == {"a": "ann"}
    other = Dispatcher(store)
    assert other.close("a") == {"c": "ann"}
    assert other.close("a") == {}
    assert other.submit([]) == {}
    assert other.submit([ticket("a")]) == {"a": None}
    assert loads(dispatcher) == {"ann": 2, "bob": 1}
    assert kinds(dispatcher) == [
        ("assigned", "a", "ann", 1),
        ("assigned", "b", "ann", 1),
        ("waiting", "c", None, 0),
        ("closed", "a", "ann", -1),
        ("assigned", "c", "ann", 1),
    ]
    assert dispatcher.check() == ()


def test_a_day_survives_a_new_process_where_the_store_has_a_place(url):
    stores = [open_store(url) for _ in range(3)]
    Dispatcher(stores[0]).upsert_agents(AGENTS)
    if url.endswith(":"):
        assert loads(Dispatcher(stores[1])) == {}
        return
    assert Dispatcher(stores[1]).submit([ticket("a")]) == {"a": "ann"}
    assert loads(Dispatcher(stores[2])) == {"ann": 1, "bob": 1}
    for store in stores:
        getattr(store, "close", lambda: None)()


def test_a_key_is_answered_as_the_first_time(dispatcher):
    for _ in range(2):
        assert dispatcher.submit([ticket("a", effort_by_agent={7: 2, "ann": 1})], idempotency_key="k") == {"a": "ann"}
        dispatcher.close("a", idempotency_key="c")
    with pytest.raises(InvalidInputError, match="another request"):
        dispatcher.submit([ticket("b")], idempotency_key="k")
    with pytest.raises(InvalidInputError, match="another request"):
        dispatcher.close("a", idempotency_key="k")
    assert loads(dispatcher)["ann"] == 0


def test_no_text_is_stored(store, dispatcher, tmp_path):
    dispatcher.submit([ticket("a", customer="canary")], idempotency_key="k")
    contents = [path.read_bytes() for path in tmp_path.iterdir()]
    assert any(b"ann" in content for content in contents) or not contents
    kept = [*map(repr, contents), repr(store.history(""))]
    assert "ann" in kept[-1] and not any("canary" in content for content in kept)


def test_a_closed_ticket_opens_again_and_prefers_who_had_it(dispatcher):
    dispatcher.upsert_agents([{"agent_id": "cy", "skills": {"vpn": 9}, "capacity": 5}])
    first = dispatcher.submit([ticket("a")])["a"]
    assert dispatcher.reopen("a") == {"a": first}
    dispatcher.close("a")
    dispatcher.submit([ticket("b", pinned_agent=first)])
    assert dispatcher.reopen("a") == {"a": first}
    assert dispatcher.state().tickets["a"].units == 1
    assert dispatcher.check() == ()


def test_a_ticket_given_by_hand_stays_there_until_it_is_done(dispatcher):
    dispatcher.submit([ticket("a", excluded_agents=["bob"])])
    assert dispatcher.reassign("a", "bob") == {"a": "bob"}
    assert loads(dispatcher) == {"ann": 0, "bob": 2}
    assert dispatcher.rebalance() == {}
    dispatcher.close("a")
    dispatcher.set_capacity("bob", 0)
    assert dispatcher.reopen("a") == {"a": "ann"}
    dispatcher.set_capacity("bob", 5)
    assert dispatcher.reassign("a", "bob") == {"a": "bob"}
    assert kinds(dispatcher)[-2:] == [("taken", "a", "ann", -1), ("reassigned", "a", "bob", 1)]
    assert dispatcher.check() == ()


def test_unknown_and_closed_tickets_and_agents_are_errors(memory):
    memory.submit([ticket("a")])
    memory.close("a")
    for ask, words in (
        (lambda: memory.close("nobody"), "'nobody' is not in the queue; submit the ticket first"),
        (lambda: memory.reopen(7), "7 is not in the queue"),
        (lambda: memory.explain("x" * 1000), "is not in the queue"),
        (lambda: memory.reassign("a", "ann"), "is closed; reopen the ticket first"),
        (lambda: memory.reassign("a", "zoe"), "'zoe' is not in the team; add the agent first"),
        (lambda: memory.set_capacity("zoe", 1), "'zoe' is not in the team"),
        (lambda: memory.set_status("ann", "flying"), "'flying' is not known"),
        (lambda: memory.set_capacity("ann", -1), "capacity: is -1"),
        (lambda: memory.rebalance(max_changes=-1, change_cost=float("nan")), "2 issues"),
        (lambda: memory.submit([ticket("b", pinned_agent="zoe")]), "'zoe' is not in the team"),
        (lambda: memory.submit([ticket("b"), ticket("b")]), "like tickets"),
        (lambda: memory.submit(None), "tickets"),
        (lambda: memory.submit([], idempotency_key="\0"), "control characters"),
        (lambda: Dispatcher(MemoryStore(), tenant="\ud800"), "surrogate"),
        (lambda: Dispatcher(MemoryStore(), policy={"balanse": 1}), "balanse"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            ask()
    assert memory.check() == ()


def test_planning_again_moves_what_is_better_elsewhere(dispatcher):
    dispatcher.submit([ticket("a"), ticket("b")])
    dispatcher.upsert_agents([{"agent_id": "cy", "skills": {"vpn": 10}, "capacity": 5}])
    assert dispatcher.rebalance(max_changes=0) == {}
    assert dispatcher.rebalance(change_cost=100) == {}
    moved = dispatcher.rebalance(max_changes=1)
    assert list(moved.values()) == ["cy"]
    assert loads(dispatcher) == {"ann": 1, "bob": 1, "cy": 1}
    assert dispatcher.check() == ()


def test_tickets_of_who_is_on_a_break_stay_and_those_of_who_has_left_go(dispatcher):
    dispatcher.submit([ticket("a")])
    dispatcher.upsert_agents([{"agent_id": "cy", "skills": {"vpn": 8}, "capacity": 5}])
    dispatcher.pause("ann")
    assert dispatcher.rebalance(max_changes=0) == {}
    dispatcher.sign_off("ann")
    assert dispatcher.rebalance(max_changes=0) == {"a": "cy"}
    dispatcher.sign_on("ann")
    assert dispatcher.submit([ticket("b")]) == {"b": "ann"}


def test_why_a_ticket_is_where_it_is(memory):
    for name in "abc":
        memory.submit([ticket(name)])
    told = memory.explain("a")
    assert (told.agent_id, told.state, told.skills) == ("ann", "assigned", {"vpn": 1.0})
    assert "Assigned to ann for vpn (9)" in told.rationale
    assert told.option("ann").cost == pytest.approx(
        sum(told.option("ann").terms.values()) + told.option("ann").load_cost
    )
    assert told.option("bob").cost is None
    assert told.option("bob").obstacles == ("bob holds 1 + 1 units; the capacity is 1",)
    with pytest.raises(KeyError, match="no agent 'zoe'"):
        told.option("zoe")
    waiting = memory.explain("c")
    assert (waiting.agent_id, waiting.state) == (None, "waiting")
    assert "capacity is" in waiting.rationale
    memory.close("a")
    assert memory.explain("a").state == "closed"
    assert memory.explain("a").rationale.startswith("Nobody may take it now; for instance: ann holds 2 + 1 units")


def test_what_a_ticket_would_cost_is_what_the_model_says(memory):
    memory.upsert_agents([{"agent_id": "cy", "skills": {"vpn": 4, "mail": 2}, "capacity": 6, "current_load": 3}])
    memory.submit([ticket("a", effort=2, skills={"vpn": 2, "mail": 1})])
    told = memory.explain("a")
    problem = memory._planner.problem(memory.state(), memory.state().tickets)
    model = ticketopt.formulate(problem)
    for option in told.options:
        if option.cost is not None:
            plan = np.array([problem.agent_of(option.agent_id)])
            assert round(option.cost * 100_000) == objective(model, plan)


def test_a_queue_that_moves_while_solving_is_solved_again(store):
    other, seen = Dispatcher(store), []

    def slow(problem):
        if not seen:
            other.submit([ticket("a", effort=2)])
        seen.append([agent.current_load for agent in problem.agents])
        return ticketopt.solve(problem)

    assert Dispatcher(store, solve=slow).submit([ticket("b")]) == {"b": None}
    assert seen == [[0, 1], [2, 1]]
    assert other.check() == ()


def test_a_ticket_assigned_meanwhile_is_not_assigned_twice(store):
    other, seen = Dispatcher(store), []

    def slow(problem):
        if not seen:
            other.submit([ticket("a")])
        seen.append([t.ticket_id for t in problem.tickets])
        return ticketopt.solve(problem)

    assert Dispatcher(store, solve=slow).submit([ticket("a"), ticket("b")]) == {"a": "ann", "b": "ann"}
    assert seen == [["a", "b"], ["b"]]
    assert other.check() == ()


def test_threads_lose_nothing(store):
    Dispatcher(store).upsert_agents([{"agent_id": "cy", "skills": {"vpn": 9}, "capacity": 50}])
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda k: Dispatcher(store).submit([ticket(f"t{k}")]), range(12)))
    assert all(agent for answer in answers for agent in answer.values())
    dispatcher = Dispatcher(store)
    assert sum(loads(dispatcher).values()) == 13
    assert dispatcher.check() == ()


def failing(problem, **_):
    raise SolverError("dead")


def lying(problem, **_):
    result = ticketopt.solve(problem)
    return replace(result, assignment=np.ones_like(result.assignment))


def confused(problem, **_):
    return ticketopt.assign([], [])


@pytest.mark.parametrize("bad", [failing, lying, confused])
def test_a_bad_solver_costs_exactness_only(bad, memory):
    dispatcher = Dispatcher(memory._store, solve=bad, resolve=bad, clock=lambda: 1.7e9)
    assert dispatcher.submit([ticket("a")]) == {"a": "ann"}
    assert kinds(dispatcher) == [("greedy", None, None, 0), ("assigned", "a", "ann", 1)]
    assert dispatcher.rebalance() == {}
    assert kinds(dispatcher)[-1] == ("failed", None, None, 0)
    assert dispatcher.check() == ()


def test_an_agent_on_a_break_takes_nothing_until_back(dispatcher):
    dispatcher.set_status("ann", "on break")
    assert dispatcher.submit([ticket("a")]) == {"a": None}
    assert dispatcher.set_capacity("bob", 2) == {"a": "bob"}
    dispatcher.sign_on("ann")
    assert dispatcher.submit([ticket("b")]) == {"b": "ann"}
    assert dispatcher.check() == ()


def test_a_customer_that_the_policy_names_is_kept_and_counts_as_long_as_the_ticket_waits(store):
    policy = {"customer_weights": {"gold-1": 0.5}, "customer_agents": {"gold-1": "ann", "silver": "not here yet"}}
    dispatcher = Dispatcher(store, policy=policy, clock=lambda: 1.7e9)
    dispatcher.pause("ann")
    dispatcher.pause("bob")
    more = {"urgency": 0.4, "skills": {}}
    tickets = [ticket("plain", **more, customer="canary"), ticket("gold", **more, customer="gold-1")]
    assert dispatcher.submit(tickets) == {"plain": None, "gold": None}
    kept = dispatcher.state().tickets
    assert (kept["gold"].data["urgency"], kept["gold"].data["ticket"]["customer"]) == (0.4, "gold-1")
    assert "customer" not in kept["plain"].data["ticket"]
    assert [dispatcher.explain(own).urgency for own in ("gold", "plain")] == [0.7, 0.4]
    dispatcher.set_capacity("ann", 1)
    assert dispatcher.sign_on("ann") == {"gold": "ann"}
    dispatcher.set_capacity("bob", 9)
    assert dispatcher.sign_on("bob") == {"plain": "bob"}
    assert dispatcher.rebalance() == {}
    assert dispatcher.explain("gold").option("bob").terms["account"] == 0.25


def test_a_shift_that_is_over_takes_nothing():
    dispatcher = Dispatcher(MemoryStore(), clock=lambda: 2000.0)
    dispatcher.upsert_agents([{"agent_id": "ann", "shift_end": 1000}])
    assert dispatcher.submit([{"ticket_id": 1, "creation_timestamp": 500}]) == {"1": None}


def test_a_shift_that_has_not_begun_takes_nothing_until_it_does():
    clock = [900.0]
    dispatcher = Dispatcher(MemoryStore(), clock=lambda: clock[0])
    dispatcher.upsert_agents([{"agent_id": "ann", "shift_start": 1000}])
    assert dispatcher.submit([{"ticket_id": 1}]) == {"1": None}
    assert dispatcher.explain(1).option("ann").obstacles == ("1 cannot go to ann, whose shift has not begun",)
    clock[0] = 1000.0
    assert dispatcher.submit([{"ticket_id": 2}]) == {"1": "ann", "2": "ann"}


def test_open_tickets_take_their_time_of_what_is_left_of_the_shift():
    dispatcher = Dispatcher(MemoryStore(), policy={"minutes_per_effort": 30, "capacity": None}, clock=lambda: 0.0)
    dispatcher.upsert_agents([{"agent_id": "ann", "shift_end": 2 * 3600}])
    assert dispatcher.submit([ticket(k) for k in "abc"]) == {"a": "ann", "b": "ann", "c": "ann"}
    assert dispatcher.submit([ticket("d", urgency=1), ticket("e", urgency=0)]) == {"d": "ann", "e": None}
    assert dispatcher.explain("e").option("ann").obstacles == (
        "ann's shift ends in 2 h: room for 4 units, open work takes 4; 1 unit more does not fit",
    )
    assert dispatcher.close("a") == {"e": "ann"}
    assert dispatcher.rebalance() == {}


def test_a_load_grows_and_falls_by_what_the_ticket_takes_of_its_agent():
    dispatcher = Dispatcher(MemoryStore())
    dispatcher.upsert_agents([{"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 9}])
    assert dispatcher.submit([ticket("a", effort=5, effort_by_agent={"ann": 2})]) == {"a": "ann"}
    assert loads(dispatcher) == {"ann": 2}
    dispatcher.close("a")
    assert loads(dispatcher) == {"ann": 0}
    assert dispatcher.check() == ()


def test_a_load_that_could_not_be_read_back_is_not_given_and_blocks_nobody():
    dispatcher = Dispatcher(MemoryStore(), policy={"capacity": None})
    dispatcher.upsert_agents([{"agent_id": "ann", "current_load": 999_999}])
    assert dispatcher.submit([ticket("a", effort=2)]) == {"a": None}
    assert dispatcher.state().tickets["a"].data["reason"] == "no_capacity"
    assert dispatcher.submit([ticket("b")]) == {"b": "ann"}


def test_an_empty_queue_is_a_normal_call():
    dispatcher = Dispatcher(MemoryStore())
    assert dispatcher.submit([]) == {}
    assert dispatcher.upsert_agents([]) == {}
    assert dispatcher.rebalance() == {}
    assert dispatcher.submit([ticket("a")]) == {"a": None}
    assert dispatcher.explain("a").rationale == "Nobody is in the team."
    assert dispatcher.check() == ()


def test_tenants_share_nothing():
    store = MemoryStore()
    Dispatcher(store, tenant="x").upsert_agents(AGENTS)
    assert Dispatcher(store, tenant="y").submit([ticket("a")]) == {"a": None}
    assert Dispatcher(store, tenant="x").submit([ticket("a")]) == {"a": "ann"}


def test_another_triage_decides_and_is_kept():
    def all_want_mail(tickets, *, skills, now):
        assert (skills, now) == (["vpn", "mail"], 1.7e9)
        return [Reading({"mail": 1.0}, 0.9) for _ in tickets]

    dispatcher = Dispatcher(MemoryStore(), triage=all_want_mail, clock=lambda: 1.7e9)
    dispatcher.upsert_agents([{**agent, "capacity": 2, "current_load": 0} for agent in AGENTS])
    assert dispatcher.submit([{"ticket_id": "a", "title": "vpn"}]) == {"a": "bob"}
    row = dispatcher.state().tickets["a"]
    assert (row.data["skills"], row.data["urgency"]) == ({"mail": 1.0}, 0.9)


def test_a_broken_queue_is_found():
    dispatcher = Dispatcher(MemoryStore())
    dispatcher.upsert_agents(AGENTS)
    dispatcher.submit([ticket("a")])
    queue = dispatcher._store._queues[""]
    queue.agents["ann"] = replace(queue.agents["ann"], load=7)
    queue.tickets["b"] = StoredTicket("ann", 1, "assigned", {})
    queue.entries.append(queue.entries[-1]._replace(version=99, event=Event("x")))
    assert [str(issue) for issue in dispatcher.check()] == [
        "events[3]: is newer than the queue; restore a backup",
        "agents['ann']: has the load 7, but its events add up to 1; restore a backup",
        "tickets['b']: takes 1 units of 'ann', but its events add up to 0; restore a backup",
    ]


def test_others_who_are_faster_for_too_long_are_an_error():
    store = MemoryStore(lock_timeout=0.05)
    Dispatcher(store).upsert_agents(AGENTS)

    def slow(problem):
        store.commit("", store.snapshot("").version, Batch(None, (Event("x"),)))
        return ticketopt.solve(problem)

    with pytest.raises(StoreError, match=r"others for 0\.05 s"):
        Dispatcher(store, solve=slow).submit([ticket("a")])
    assert store.snapshot("").tickets == {}


def test_a_text_is_read_once_however_often_the_request_is_decided(store):
    other, seen = Dispatcher(store), []

    def triage(tickets, *, skills, now):
        seen.extend(t.ticket_id for t in tickets)
        return ticketopt.triage.read_tickets(tickets, skills=skills, now=now)

    def slow(problem):
        if len(seen) == 1:
            seen.append("other")
            other.submit([ticket("b")])
        return ticketopt.solve(problem)

    dispatcher = Dispatcher(store, solve=slow, triage=triage)
    assert dispatcher.submit([{"ticket_id": "a", "title": "vpn"}]) == {"a": "ann"}
    assert seen == ["a", "other"]


def test_a_ticket_that_says_that_it_is_over_is_refused_and_nothing_is_kept():
    queue = Dispatcher(open_store("memory:"))
    queue.upsert_agents([{"agent_id": "ann"}])
    rows = [{"ticket_id": 1}, {"ticket_id": 2, "status": "Closed"}, {"ticket_id": 3, "status": "open"}]
    with pytest.raises(InvalidInputError, match=r"tickets\[1\]\.status: is 'Closed': a ticket that is over is not"):
        queue.submit(rows)
    assert queue.state().tickets == {}
    assert queue.submit([rows[0], rows[2]]) == {"1": "ann", "3": "ann"}
