"""The dispatcher driven at random, against a plain dict that knows the rules of bookkeeping, over every store."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from support.seeds import examples
from ticketopt import Dispatcher, InvalidInputError, open_store
from ticketopt.live.stores import STORES

AGENTS = st.sampled_from(["ann", "bob", "cy"])
KEYS = st.sampled_from([None, None, "k1", "k2", "k3"])


def machine_over(new_url, scheme):
    class Machine(RuleBasedStateMachine):
        tickets = Bundle("tickets")

        @initialize()
        def begin(self):
            url = new_url(scheme)
            self.store = open_store(url)
            for queue in ("", "other"):  # a file may be there from the run before
                assert self.store.snapshot(queue).agents == {} or scheme in ("json", "sqlite")
            self.tenant = f"run {id(self)} {self.store.snapshot('').version}"
            while self.store.snapshot(self.tenant).version:
                self.tenant += "+"
            self.dispatcher = Dispatcher(self.store, tenant=self.tenant, clock=lambda: 1.7e9)
            self.agents = {}  # agent -> [capacity, is away, load that no ticket explains]
            self.rows = {}  # ticket -> [effort, agent or None, is open]
            self.keys = {}  # key -> (request, answer)
            self.dispatcher.upsert_agents([{"agent_id": "ann", "capacity": 3, "skills": {"vpn": 5}}])
            self.agents["ann"] = [3, False, 0]

        def load(self, name):
            held = sum(effort for effort, agent, is_open in self.rows.values() if is_open and agent == name)
            return held + self.agents[name][2]

        def change(self, request, call, key):
            """Make a change; under a key that was used, nothing happens. Return what was decided."""
            if key in self.keys:
                before, answer = self.keys[key]
                version = self.dispatcher.state().version
                if before == request:
                    assert call(key) == answer
                else:
                    with pytest.raises(InvalidInputError, match="another request"):
                        call(key)
                assert self.dispatcher.state().version == version
                return None
            answer = call(key)
            if key is not None:
                self.keys[key] = (request, answer)
            return answer

        def follow(self, decided, by_hand=()):
            """Take over what was decided, and check that nobody got what the rules forbid."""
            for name, agent in decided.items():
                effort, old, is_open = self.rows[name]
                if is_open and agent != old:
                    self.rows[name] = [effort, agent, True]
                    if agent is not None and name not in by_hand:
                        capacity, is_away, _ = self.agents[agent]
                        assert not is_away
                        assert self.load(agent) <= capacity

        @rule(name=AGENTS, capacity=st.integers(0, 6), load=st.integers(0, 3), key=KEYS)
        def upsert(self, name, capacity, load, key):
            record = {"agent_id": name, "capacity": capacity, "current_load": load, "skills": {"vpn": 5}}
            decided = self.change(record, lambda k: self.dispatcher.upsert_agents([record], idempotency_key=k), key)
            if decided is not None:
                self.agents[name] = [capacity, *(self.agents[name][1:] if name in self.agents else (False, load))]
                self.follow(decided)

        @rule(target=tickets, effort=st.integers(1, 3), n=st.integers(1, 2), key=KEYS)
        def submit(self, effort, n, key):
            names = [f"t{len(self.rows) + k}" for k in range(n)]
            batch = [{"ticket_id": name, "effort": effort, "skills": {"vpn": 1}} for name in names]
            decided = self.change(batch, lambda k: self.dispatcher.submit(batch, idempotency_key=k), key)
            if decided is None:
                return None
            self.rows.update({name: [effort, None, True] for name in names})
            assert set(names) <= set(decided)
            self.follow(decided)
            return names[0]

        @rule(name=tickets, effort=st.integers(1, 3))
        def submit_again(self, name, effort):
            if name is not None:
                self.dispatcher.submit([{"ticket_id": name}])
                decided = self.dispatcher.submit([{"ticket_id": name, "effort": effort}])
                if self.rows[name][2]:
                    self.rows[name][0] = effort
                self.follow(decided)
                assert decided[name] == (self.rows[name][1] if self.rows[name][2] else None)

        @rule(name=tickets, key=KEYS)
        def close(self, name, key):
            if name is not None:
                decided = self.change(["close", name], lambda k: self.dispatcher.close(name, idempotency_key=k), key)
                if decided is not None:
                    self.rows[name][2] = False
                    self.follow(decided)

        @rule(name=tickets)
        def reopen(self, name):
            if name is not None:
                if not self.rows[name][2]:
                    self.rows[name][1:] = [None, True]
                self.follow(self.dispatcher.reopen(name))

        @rule(name=tickets, agent=AGENTS)
        def reassign(self, name, agent):
            if name is None:
                return
            if agent in self.agents and self.rows[name][2]:
                decided = self.dispatcher.reassign(name, agent)
                assert decided[name] == agent
                self.follow(decided, by_hand=[name])
            else:
                with pytest.raises(InvalidInputError):
                    self.dispatcher.reassign(name, agent)

        @rule(name=AGENTS, status=st.sampled_from(["sign_on", "sign_off", "pause"]))
        def status(self, name, status):
            if name in self.agents:
                self.agents[name][1] = status != "sign_on"
                self.follow(getattr(self.dispatcher, status)(name))

        @rule(name=AGENTS, capacity=st.integers(0, 6), key=KEYS)
        def set_capacity(self, name, capacity, key):
            if name in self.agents:
                request = ["capacity", name, capacity]
                call = self.dispatcher.set_capacity
                decided = self.change(request, lambda k: call(name, capacity, idempotency_key=k), key)
                if decided is not None:
                    self.agents[name][0] = capacity
                    self.follow(decided)

        @rule(most=st.none() | st.integers(0, 3))
        def rebalance(self, most):
            old = {name: row[1] for name, row in self.rows.items()}
            try:
                moved = self.dispatcher.rebalance(max_changes=most)
            except InvalidInputError:  # no plan has so few changes: somebody holds more than the capacity
                assert most is not None
                return
            for name, agent in moved.items():
                assert agent != old[name]
                self.rows[name][1] = agent
            for agent in {agent for agent in moved.values() if agent is not None}:
                assert self.load(agent) <= self.agents[agent][0]
                assert not self.agents[agent][1]

        @invariant()
        def is_as_the_model_says(self):
            if not hasattr(self, "dispatcher"):
                return
            state = self.dispatcher.state()
            assert {name: agent.load for name, agent in state.agents.items()} == {n: self.load(n) for n in self.agents}
            stored = {name: (row.units if row.agent_id else 0, row.agent_id) for name, row in state.tickets.items()}
            rows = self.rows.items()
            assert stored == {n: (effort if agent else 0, agent) for n, (effort, agent, is_open) in rows if is_open}
            assert self.dispatcher.check() == ()

        def teardown(self):
            if hasattr(self, "store"):
                getattr(self.store, "close", lambda: None)()

    return Machine


SHORT = settings(
    max_examples=examples(12),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("scheme", STORES)
def test_the_dispatcher_is_as_a_plain_dict(scheme, new_url):
    run_state_machine_as_test(machine_over(new_url, scheme), settings=SHORT)


@pytest.mark.slow
def test_the_dispatcher_is_as_a_plain_dict_for_long(new_url):
    longer = settings(SHORT, max_examples=examples(60), stateful_step_count=40)
    run_state_machine_as_test(machine_over(new_url, "memory"), settings=longer)
