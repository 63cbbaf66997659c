"""Random events on the compiled `Engine`, each compared with a fresh solve of the problem as it stands then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ticketopt._core import network
from ticketopt.model.load_cost import LoadCost

from .instances import Int, dual, primal, with_slots

FORBIDDEN = -1


def units(slots: Int) -> tuple[int, Int]:
    """An agent's capacity and the segments of its load cost."""
    return len(slots), LoadCost.listed(slots.astype(np.int64), np.array([len(slots)])).segments


class Mirror:
    """The same problem as plain lists, and the checks. `run(steps)` makes random events."""

    def __init__(self, random: np.random.Generator, n: int, n_agents: int, *, high: int = 60, change: int = 0) -> None:
        self.random, self.high, self.change = random, high, change
        self.n_agents = n_agents
        self.rows = {t: self.new_values(n_agents) for t in range(n)}
        self.exits = {t: self.new_exit() for t in range(n)}
        self.changes = {t: self.new_change() for t in range(n)}
        self.slots = {a: self.new_slots() for a in range(n_agents)}
        table = np.array([self.rows[t] for t in range(n)]).reshape(n, n_agents)
        instance = with_slots(
            table, [self.slots[a] for a in range(n_agents)], np.array([self.exits[t] for t in range(n)]), table >= 0
        )
        changes = np.array([self.changes[t] for t in range(n)], dtype=np.int64)
        before = random.integers(-1, n_agents, n)
        self.engine = network.Engine(*instance.arrays, changes, before)
        self.places = dict(enumerate(before.tolist()))
        after = self.engine.assignment().tolist()
        self.check([(t, self.places[t], a) for t, a in enumerate(after) if a != self.places[t]])

    def new_values(self, size: int) -> Int:
        values = self.random.integers(0, self.high, size)
        return np.where(self.random.random(size) < 0.3, FORBIDDEN, values)

    def new_exit(self) -> int:
        return int(self.random.integers(self.high // 2, 2 * self.high))

    def new_change(self) -> int:
        return int(self.random.integers(0, self.change + 1))

    def new_slots(self) -> Int:
        return np.sort(self.random.integers(-self.high // 4, self.high, self.random.integers(0, 5)))

    def check(self, moves: list[tuple[int, int, int]]) -> None:
        """The moves lead from the last plan to this one, which is optimal at the costs of changing the last one."""
        before = dict(self.places)
        for ticket, source, target in moves:
            assert self.places[ticket] == source != target
            self.places[ticket] = target
        assignment = self.engine.assignment()
        assert {t: int(assignment[t]) for t in self.rows} == self.places
        tickets = list(self.rows)
        cost = np.array([self.rows[t] for t in tickets]).reshape(len(tickets), self.n_agents)
        allowed = cost >= 0
        plain = with_slots(
            cost,
            [self.slots[a] for a in range(self.n_agents)],
            np.array([self.exits[t] for t in tickets]),
            allowed,
        )
        here = np.array([self.places[t] for t in tickets], dtype=np.int64)
        assert primal(plain, here) == self.engine.objective()
        left_out = sum(self.exits[t] for t in tickets if self.places[t] < 0)
        assert self.engine.served_cost() == self.engine.objective() - left_out
        for i, ticket in enumerate(tickets):
            if before.get(ticket, -2) >= 0:
                cost[i, before[ticket]] -= self.changes[ticket]
        sticky = with_slots(
            cost,
            [self.slots[a] for a in range(self.n_agents)],
            np.array([self.exits[t] for t in tickets]),
            allowed,
        )
        value = primal(sticky, here)
        assert value == dual(sticky, self.engine.prices())
        fresh, price, is_optimal = network.solve(*sticky.arrays)
        assert is_optimal and value == primal(sticky, fresh) == dual(sticky, price)

    def split(self, values: Int) -> tuple[Int, NDArray[np.bool_]]:
        return values, values >= 0

    def step(self) -> None:
        kind = self.random.choice(
            ["add", "remove", "change", "pin", "slots", "agent"],
            p=[0.3, 0.25, 0.12, 0.08, 0.15, 0.1],
        )
        ticket = int(self.random.choice(list(self.rows))) if self.rows else None
        agent = int(self.random.choice(list(self.slots))) if self.slots else None
        if kind == "add" or (ticket is None and agent is None):
            values, exit_cost, change = self.new_values(self.n_agents), self.new_exit(), self.new_change()
            if self.rows and self.random.random() < 0.3:
                twin = int(self.random.choice(list(self.rows)))
                values, exit_cost = self.rows[twin].copy(), self.exits[twin]
            ticket, moves = self.engine.add_ticket(*self.split(values), exit_cost, change)
            self.rows[ticket], self.exits[ticket], self.changes[ticket] = values, exit_cost, change
            self.places[ticket] = -2
            self.check(moves)
        elif kind == "remove" and ticket is not None:
            moves = self.engine.remove_ticket(ticket)
            for table in (self.rows, self.exits, self.changes, self.places):
                del table[ticket]
            self.check(moves)
        elif kind in ("change", "pin") and ticket is not None:
            values = self.rows[ticket] if kind == "pin" else self.new_values(self.n_agents)
            if kind == "pin" and agent is not None:
                values = np.where(np.arange(self.n_agents) == agent, np.maximum(values, 0), FORBIDDEN)
            self.rows[ticket] = values
            self.check(self.engine.change_ticket(ticket, *self.split(values), self.exits[ticket], self.changes[ticket]))
        elif kind == "slots" and agent is not None:
            self.slots[agent] = self.new_slots()
            self.check(self.engine.set_slots(agent, *units(self.slots[agent])))
        elif kind == "agent" and agent is not None:
            column, self.slots[agent] = self.new_values(len(self.engine.assignment())), self.new_slots()
            for t, row in self.rows.items():
                self.rows[t] = row.copy()
                self.rows[t][agent] = column[t]
            slots = units(self.slots[agent])
            self.check(self.engine.change_agent(agent, *self.split(column), *slots))

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.step()


def random_run(seed: int, steps: int = 60) -> None:
    random = np.random.default_rng(seed)
    n, n_agents = int(random.integers(0, 25)), int(random.integers(0, 9))
    high = int(random.choice([3, 60, 10**6]))
    change = int(random.choice([0, 0, high // 3]))
    Mirror(random, n, n_agents, high=high, change=change).run(steps)
