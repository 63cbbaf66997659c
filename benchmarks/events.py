"""How long a `Session` takes for an event: `python -m benchmarks.events [--tickets 1000] [--agents 50]`.

A day at random, with a seed: a ticket comes or goes (half of the events), an agent's load or capacity changes by one
unit, a ticket is pinned or freed. Prints the median and the 99th percentile by kind of event and of them all, in
microseconds, and compares the session with a fresh solve every `--check` events. With `--shared` nobody has a capacity
and tickets have waited: what an agent may take and how busy it is then depends on the whole queue, and most events
make the engine start anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter

import numpy as np

from ticketopt import Agent, Policy, Problem, Session, Ticket
from ticketopt.formulation.formulate import SCALE
from ticketopt.solvers.auto import solve_model

SKILLS = tuple(f"skill_{k:02}" for k in range(40))
DAY = 86_400
KINDS = {"add_ticket": 4, "remove_ticket": 4, "set_load": 4, "set_capacity": 2, "pin": 1, "unpin": 1}
"""Kind of event -> how often, in parts."""


class Day:
    """A session and what may happen to it. Every method draws an event and returns what is to be timed."""

    def __init__(self, random: Random, *, tickets: int, agents: int, is_shared: bool = False) -> None:
        self.random, self.count, self.is_shared = random, tickets, is_shared
        self.load = dict.fromkeys((f"a{j}" for j in range(agents)), 0)
        self.capacity = dict.fromkeys(self.load, -(-11 * tickets // (10 * agents)))
        team = [
            Agent(
                agent_id=name,
                skills={skill: random.randint(1, 10) for skill in random.sample(SKILLS, 12)},
                experience_level=random.randint(1, 15),
                capacity=None if is_shared else self.capacity[name],
            )
            for name in self.load
        ]
        queue = [self._ticket(i) for i in range(tickets)]
        self.open = [str(ticket.ticket_id) for ticket in queue]
        self.pinned: list[str] = []
        self.session = Session(Problem(queue, team, Policy(), now=float(DAY)))

    def _ticket(self, number: int) -> Ticket:
        wanted = {skill: self.random.random() for skill in self.random.sample(SKILLS, self.random.randint(1, 3))}
        created = float(self.random.randrange(DAY)) if self.is_shared else None
        urgency = round(self.random.random(), 3)
        return Ticket(ticket_id=f"t{number}", skills=wanted, urgency=urgency, creation_timestamp=created)

    def add_ticket(self) -> Callable[[], object]:
        ticket = self._ticket(self.count)
        self.count += 1
        self.open.append(str(ticket.ticket_id))
        return lambda: self.session.add_ticket(ticket)

    def remove_ticket(self) -> Callable[[], object]:
        ticket = self.open.pop(self.random.randrange(len(self.open)))
        return lambda: self.session.remove_ticket(ticket)

    def set_load(self) -> Callable[[], object]:
        return self._unit(self.load, self.session.set_load)

    def set_capacity(self) -> Callable[[], object]:
        return self._unit(self.capacity, self.session.set_capacity)

    def _unit(self, now: dict[str, int], call: Callable[[str, int], object]) -> Callable[[], object]:
        agent = self.random.choice(list(now))
        now[agent] = max(0, now[agent] + self.random.choice((-1, 1)))
        return lambda: call(agent, now[agent])

    def pin(self) -> Callable[[], object]:
        ticket, agent = self.random.choice(self.open), self.random.choice(list(self.load))
        self.pinned.append(ticket)
        return lambda: self.session.pin(ticket, agent)

    def unpin(self) -> Callable[[], object]:
        self.pinned = [ticket for ticket in self.pinned if ticket in self.open] or [self.open[0]]
        ticket = self.pinned.pop()
        return lambda: self.session.pin(ticket, None)


def run(day: Day, *, events: int, check: int) -> dict[str, list[float]]:
    """Kind -> seconds of its events. Fails where the session is not a fresh solve's equal."""
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(events):
        [kind] = day.random.choices(list(KINDS), list(KINDS.values()))
        event = getattr(day, kind)()
        start = perf_counter()
        event()
        seconds[kind].append(perf_counter() - start)
        if number % check == 0:
            fresh = solve_model(day.session.model).objective / SCALE
            assert abs(day.session.state.objective - fresh) < 1e-6, (kind, day.session.state.objective, fresh)
    return seconds


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.events", description="How long a session takes for an event.")
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--check", type=int, default=200, help="compare with a fresh solve every so many events")
    parser.add_argument("--shared", action="store_true", help="no capacities, and tickets that have waited")
    options = parser.parse_args(arguments)
    day = Day(Random(0), tickets=options.tickets, agents=options.agents, is_shared=options.shared)
    seconds = run(day, events=options.events, check=options.check)
    seconds["all"] = [value for values in seconds.values() for value in values]
    print(f"{'us':14}{'events':>8}{'median':>8}{'p99':>8}")
    for kind, values in seconds.items():
        if values:
            middle, high = np.percentile(values, [50, 99]) * 1e6
            print(f"{kind:14}{len(values):8}{middle:8.0f}{high:8.0f}")


if __name__ == "__main__":
    main()
