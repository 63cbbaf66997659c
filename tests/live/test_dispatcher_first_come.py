"""A live queue knows when a ticket came: without a creation time, the time of its submit counts from then on."""

import math

import pytest

from ticketopt.live.dispatcher import Dispatcher
from ticketopt.live.stores import STORES, open_store
from ticketopt.planning.solve import solve

ADA = {"agent_id": "ada", "skills": {"VPN": 9}, "capacity": 1}
START = 1.795e9


class Day:
    """A queue of one agent with room for one ticket, and a clock."""

    def __init__(self, store):
        self.now = START
        self.store = store
        self.queue = self.reopened()
        self.queue.upsert_agents([ADA])

    def reopened(self):
        return Dispatcher(self.store, clock=lambda: self.now)

    def submit(self, *names, after=600.0, **more):
        self.now += after
        return self.queue.submit([{"ticket_id": name, "title": "VPN", **more} for name in names])

    def served(self, after=60.0):
        """Close one ticket after another; the order in which they had the agent."""
        order = []
        while held := [name for name, row in self.queue.state().tickets.items() if row.state == "assigned"]:
            order += held
            self.now += after
            self.queue.close(held[0])
        return order


@pytest.fixture(params=STORES)
def day(request, new_url):
    store = open_store(new_url(request.param))
    yield Day(store)
    getattr(store, "close", lambda: None)()


@pytest.fixture
def memory():
    return Day(open_store("memory:"))


def test_tickets_without_a_creation_time_are_served_as_they_came(day):
    for k in range(5):
        day.submit(f"w{k}")
    day.queue = day.reopened()  # another process
    assert day.served() == [f"w{k}" for k in range(5)]


@pytest.mark.parametrize("has_time", [lambda k: k >= 3, lambda k: k < 3, lambda k: k % 2])
def test_tickets_with_and_without_a_creation_time_are_served_as_they_came(memory, has_time):
    for k in range(6):
        memory.submit(f"w{k}", **({"creation_timestamp": memory.now + 600} if has_time(k) else {}))
    assert memory.served() == [f"w{k}" for k in range(6)]


def test_a_ticket_created_before_one_that_came_earlier_goes_first(memory):
    memory.submit("at work")
    memory.submit("came first")
    memory.submit("older", creation_timestamp=START - 7200)
    assert memory.served() == ["at work", "older", "came first"]


@pytest.mark.parametrize("after", [60.0, 86_400.0])
def test_tickets_of_one_batch_keep_their_order(memory, after):
    memory.submit(*(f"w{k}" for k in range(7)))
    assert memory.served(after=after) == [f"w{k}" for k in range(7)]


@pytest.mark.parametrize("step", [0.0, 0.01, 1.0])
def test_moments_apart_and_after_days_of_waiting_the_order_is_kept(memory, step):
    for k in range(7):
        memory.submit(f"w{k}", after=step)
    assert memory.served(after=86_400.0) == [f"w{k}" for k in range(7)]


def test_a_ticket_is_not_overtaken_for_ever_by_a_steady_stream(memory):
    memory.submit("at work")
    memory.submit("forgotten")
    for k in range(8):
        memory.submit(f"new{k}", after=3600.0, creation_timestamp=memory.now + 1800)
    assert memory.served(after=3600.0)[:3] == ["at work", "forgotten", "new0"]


def test_a_clock_that_goes_back_keeps_nobody_waiting_for_ever(memory):
    memory.submit("at work")
    memory.submit("before")
    memory.submit("after", after=-5000.0)
    memory.now += 86_400.0
    for k in range(3):
        memory.submit(f"new{k}", after=3600.0)
    assert set(memory.served()[1:3]) == {"before", "after"}


def test_the_first_submit_counts_after_reopening_submitting_again_and_planning_again(day):
    day.submit("first")
    came = day.now
    day.submit("first", "second")
    day.queue.close("first")
    day.now += 600
    day.queue.reopen("first")
    day.queue.rebalance()
    kept = {name: row.data["ticket"]["creation_timestamp"] for name, row in day.reopened().state().tickets.items()}
    assert kept == {"first": came, "second": came + 600}


def test_a_batch_under_a_key_is_answered_as_the_first_time_whatever_the_clock_says(day):
    batch = [{"ticket_id": "a", "title": "VPN"}, {"ticket_id": "b", "title": "VPN"}]
    first = day.queue.submit(batch, idempotency_key="k")
    before = day.queue.state()
    day.now += 3600
    assert day.queue.submit(batch, idempotency_key="k") == first == {"a": "ada", "b": None}
    assert day.queue.state() == before


def test_a_ticket_decided_again_because_others_were_faster_came_when_it_was_submitted(memory):
    others = [memory.reopened()]

    def slowly(problem):
        if others:
            memory.now += 600
            others.pop().submit([{"ticket_id": "fast"}])
        return solve(problem)

    memory.queue = Dispatcher(memory.store, solve=slowly, clock=lambda: memory.now)
    memory.submit("slow", after=0.0)
    assert memory.queue.state().tickets["slow"].data["ticket"]["creation_timestamp"] == START


def test_what_has_waited_costs_more_with_who_is_busy(memory):
    memory.queue.upsert_agents([{**ADA, "capacity": 2}])
    memory.submit("at work")
    memory.queue.upsert_agents([ADA])
    memory.submit("waits")
    memory.now += 86_400.0
    option = memory.queue.explain("waits").option("ada")
    assert math.isclose(option.terms["waiting"], 0.1 * 0.5 * 1.0, abs_tol=1e-5)
