"""Nothing poisons a queue: whatever was accepted, closing, signing off and removing work, and the rest is decided."""

from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ticketopt import Dispatcher, InvalidInputError, open_store, resolve, solve
from ticketopt.intake.events import TicketEvent

NOW = 1.7e9
QUICK = {"solve": partial(solve, time_limit=0.05), "resolve": partial(resolve, time_limit=0.05)}


def queue_of(*agents, **options):
    dispatcher = Dispatcher(open_store("memory:"), clock=lambda: NOW, **QUICK, **options)
    dispatcher.upsert_agents(list(agents))
    return dispatcher


def tickets(count, prefix="t", **fields):
    return [{"ticket_id": f"{prefix}{k}", "skills": {"vpn": 1}, "urgency": 0.4, **fields} for k in range(count)]


def test_one_huge_ticket_among_many_makes_nobody_s_change_fail():
    ann = {"agent_id": "ann", "capacity": 3, "skills": {"vpn": 9}}
    dispatcher = queue_of(ann, {"agent_id": "bob", "capacity": None})
    dispatcher.submit(tickets(553))
    dispatcher.submit([{"ticket_id": "huge", "effort": 1_000_000}])
    held = [name for name, row in dispatcher.state().tickets.items() if row.state == "assigned"]
    assert held
    for name in held[:3]:
        dispatcher.close(name)
    dispatcher.sign_off("ann")
    dispatcher.set_capacity("bob", 5)
    dispatcher.upsert_agents([{"agent_id": "cy", "capacity": 4}])
    assert dispatcher.rebalance() is not None
    dispatcher.remove_agent("ann")
    assert dispatcher.check() == ()


@pytest.mark.parametrize(
    "policy", [{}, {"capacity": None}, {"capacity": 5}, {"balance": 100}, {"tiers": ["unassigned"]}]
)
def test_efforts_in_seconds_beside_busy_agents_are_decided_or_set_aside(policy):
    team = [{"agent_id": f"a{k}", "current_load": 900_000 * (k % 2), "skills": {"vpn": k}} for k in range(6)]
    dispatcher = queue_of(*team, policy=policy)
    dispatcher.submit([{**one, "effort": 3600 * (1 + k % 100)} for k, one in enumerate(tickets(250))])
    for k in range(0, 250, 100):
        dispatcher.close(f"t{k}")
    dispatcher.sign_off("a1")
    dispatcher.remove_agent("a2")
    assert dispatcher.check() == ()


def test_what_is_set_aside_says_so_once_and_is_served_when_it_can_be():
    policy = {"balance": 100, "capacity": None, "weights": {"skill_gap": 100}}
    dispatcher = queue_of({"agent_id": "ann", "skills": {"vpn": 9}, "capacity": 1_000_000}, policy=policy)
    dispatcher.pause("ann")
    dispatcher.submit([*tickets(300), {"ticket_id": "huge", "effort": 1_000_000, "urgency": 1}])
    dispatcher.sign_on("ann")
    dispatcher.submit(tickets(1, "more"))
    state = dispatcher.state().tickets
    assert state["t0"].state == "assigned"
    assert [e.event.ticket_id for e in dispatcher.events() if e.event.kind == "set_aside"] in ([], ["huge"])
    for name, row in state.items():
        if row.state == "assigned":
            dispatcher.close(name)
    assert dispatcher.state().tickets["huge"].agent_id == "ann"
    assert dispatcher.check() == ()


def test_keys_that_hold_too_many_tickets_together_block_nobody(monkeypatch):
    monkeypatch.setattr("ticketopt.problem.linked.MOST_ENTRIES", 1500)  # a few minutes less than with the true limit
    dispatcher = queue_of(*({"agent_id": f"a{k}", "capacity": 2} for k in range(10)))
    dispatcher.sign_off("a0")
    with pytest.raises(InvalidInputError, match="this team can have one of 9"):
        dispatcher.submit(tickets(12, together="big"))
    for prefix in ("t", "u", "w"):
        dispatcher.submit(tickets(6, prefix, together=prefix))
    dispatcher.submit(tickets(3, "v"))
    dispatcher.close("t0")
    dispatcher.sign_on("a0")
    dispatcher.remove_agent("a1")
    assert all(dispatcher.state().tickets[f"v{k}"].state == "assigned" for k in range(3))


def test_planning_again_gives_nobody_more_than_a_store_can_hold():
    dispatcher = queue_of({"agent_id": "a0", "skills": {"vpn": 9}}, {"agent_id": "a1"})
    dispatcher.submit(tickets(1, together="k"))
    dispatcher.submit(tickets(1, "huge", effort=1_000_000, pinned_agent="a0"))
    dispatcher.rebalance()
    assert dispatcher.check() == ()


def test_a_policy_that_cannot_weigh_anything_is_an_error_of_whoever_submits():
    dispatcher = queue_of({"agent_id": "ann"}, policy={"weights": {"skil": 1}})
    with pytest.raises(InvalidInputError, match="is not a cost term"):
        dispatcher.submit(tickets(1))


SIZES = st.sampled_from([1, 2, 3, 60, 3600, 999_999, 1_000_000])
CAPACITIES = st.sampled_from([None, 0, 1, 5, 480, 28_800, 1_000_000, 1_000_000_000])
NAMES = st.sampled_from([f"a{k}" for k in range(4)])
PLACES = st.integers(0, 200)
POLICIES = st.sampled_from(
    [
        {},
        {"capacity": None},
        {"capacity": 7, "balance": 100},
        {"capacity": None, "balance": 100, "held_counts": False},
        {"minutes_per_effort": 100_000},
        {"minutes_per_effort": 0.01, "expert_saving": 0.95},
        {"tiers": ["unassigned", "cost"]},
        {"weights": {"skill_gap": 100, "urgency": 100}, "balance": 100},
        {"max_new_per_agent": 2, "separate": [["n0-0", "n1-0"]]},
    ]
)


class Hostile(RuleBasedStateMachine):
    """Accepted requests of any size; whatever came before, a person's own change works."""

    @initialize(policy=POLICIES, capacities=st.lists(CAPACITIES, min_size=2, max_size=4))
    def begin(self, policy, capacities):
        self.queue = Dispatcher(open_store("memory:"), policy=policy, clock=lambda: NOW, **QUICK)
        self.tickets = []
        for k, capacity in enumerate(capacities):
            self.upsert(f"a{k}", capacity, 0, None)

    def ask(self, call):
        """A request that may be refused for what it says itself."""
        try:
            return call()
        except InvalidInputError:
            return None

    def at(self, place):
        return self.tickets[place % len(self.tickets)] if self.tickets else None

    @rule(
        name=NAMES,
        capacity=CAPACITIES,
        load=st.sampled_from([0, 1, 999_999, 1_000_000]),
        end=st.sampled_from([None, NOW - 5, NOW + 3600]),
    )
    def upsert(self, name, capacity, load, end):
        record = {"agent_id": name, "capacity": capacity, "current_load": load, "shift_end": end, "skills": {"vpn": 9}}
        self.ask(lambda: self.queue.upsert_agents([record]))

    @rule(
        count=st.sampled_from([1, 3, 40, 120]),
        effort=SIZES,
        key=st.sampled_from([None, None, "k"]),
        by=st.none() | SIZES,
        pin=st.none() | st.none() | NAMES,
    )
    def submit(self, count, effort, key, by, pin):
        more = {"effort_by_agent": {} if by is None else {"a1": by}, "pinned_agent": pin}
        rows = tickets(count, f"n{len(self.tickets)}-", effort=effort, together=key, **more)
        if self.ask(lambda: self.queue.submit(rows)) is not None:
            self.tickets += [row["ticket_id"] for row in rows]

    @rule(place=PLACES, effort=SIZES)
    def change(self, place, effort):
        if name := self.at(place):
            self.ask(lambda: self.queue.change([{"ticket_id": name, "effort": effort}]))

    @rule(place=PLACES, agent=NAMES)
    def reassign(self, place, agent):
        if name := self.at(place):
            self.ask(lambda: self.queue.reassign(name, agent))

    @rule(place=PLACES, stage=st.sampled_from(["open", "held", "done"]), agent=st.none() | NAMES | st.just("zoe"))
    def event(self, place, stage, agent):
        name = self.at(place) or "first"
        self.queue.apply([TicketEvent(ticket_id=name, stage=stage, assignee=agent, says_assignee=agent is not None)])

    @rule(most=st.none() | st.just(1))
    def rebalance(self, most):
        if most is None:
            self.queue.rebalance()
        else:
            self.ask(lambda: self.queue.rebalance(max_changes=most))

    @rule(place=PLACES, call=st.sampled_from(["close", "close", "reopen", "unassign"]))
    def by_hand(self, place, call):
        if name := self.at(place):
            getattr(self.queue, call)(name)

    @rule(name=NAMES, call=st.sampled_from(["sign_off", "sign_on", "pause", "remove_agent"]))
    def of_agents(self, name, call):
        if name in self.queue.state().agents:
            getattr(self.queue, call)(name)

    @invariant()
    def adds_up(self):
        if hasattr(self, "queue"):
            assert self.queue.check() == ()


@pytest.mark.slow
def test_no_sequence_of_accepted_requests_makes_a_later_one_fail(seeds):
    steps = settings(stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Hostile, settings=settings(steps, max_examples=len(seeds(8, 100))))
