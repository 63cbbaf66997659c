"""Seeded instances: the same kind, size and seed give the same arrays (NumPy may change its streams between versions).

Two generators. `model_of` draws an integer `AssignmentModel` of one of the `KINDS`, each with one trait that makes
exact solvers suffer or disagree. `queue_of` draws a `Problem`: a team with skills and a queue that wants them, for
measuring the way through `formulate`, the backend, `verify` and the explanations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.rows import PackingRows
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket

__all__ = ["KINDS", "Kind", "model_of", "queue_of"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Rng = np.random.Generator

COST = 150_000
"""Highest pair cost: a weighted cost of 1.5 at the library's scale."""
BALANCE = 50_000
"""Marginal load cost of an agent's last unit: the house weight of 0.5 at the library's scale."""
URGENCIES = 20
"""Number of different urgencies in a queue; the exit price rises with each."""
NOW = 1_773_135_000.0
"""The moment of every drawn queue, in Unix seconds."""


def _spread(rng: Rng, n: int, a: int) -> Int:
    """(n, a) pair costs, each value from 0 to `COST` equally likely."""
    return rng.integers(0, COST, size=(n, a), endpoint=True)


def _few_values(rng: Rng, n: int, a: int) -> Int:
    return rng.choice(np.array([0, 25_000, 50_000, COST]), size=(n, a))


def _one_value(rng: Rng, n: int, a: int) -> Int:
    return np.full((n, a), COST // 2, dtype=np.int64)


def _near_ties(rng: Rng, n: int, a: int) -> Int:
    return COST // 2 + rng.integers(0, 2, size=(n, a), endpoint=True)


def _ample(rng: Rng, n: int, a: int) -> Int:
    """(a,) free units, together about 1.2 times `n`."""
    return _shared_out(rng, a, -(-6 * n // 5))


def _short(rng: Rng, n: int, a: int) -> Int:
    """(a,) free units, together 0.6 times `n`."""
    return _shared_out(rng, a, 3 * n // 5)


def _one_huge(rng: Rng, n: int, a: int) -> Int:
    """(a,) one agent who could take everything beside others with 1 to 3 free units."""
    capacity = rng.integers(1, 3, size=a, endpoint=True)
    capacity[rng.integers(a)] = n
    return capacity


def _shared_out(rng: Rng, a: int, total: int) -> Int:
    """(a,) `total` units, drawn one by one: some agents get more than others, some perhaps none."""
    return np.bincount(rng.integers(0, a, size=total), minlength=a)


def _anyone(rng: Rng, n: int, a: int) -> Bool:
    return np.ones((n, a), dtype=np.bool_)


def _one_in_twenty(rng: Rng, n: int, a: int) -> Bool:
    return rng.random((n, a)) < 0.05


def _single_units(rng: Rng, n: int) -> Int:
    return np.ones(n, dtype=np.int64)


def _up_to_eight(rng: Rng, n: int) -> Int:
    return rng.integers(1, 8, size=n, endpoint=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is special about an instance; everything not named is ordinary.

    Attributes
    ----------
    summary : one line for tables.
    cost, capacity, allowed : generator, n, a -> the arrays of `AssignmentModel`, capacity in tickets of mean effort.
    effort : generator, n -> (n,) units per ticket.
    is_flat : every slot costs the same, so that load decides nothing.
    has_rows : at most so many of the urgent tickets per agent, and pairs that must not share one.
    """

    summary: str
    cost: Callable[[Rng, int, int], Int] = _spread
    capacity: Callable[[Rng, int, int], Int] = _ample
    allowed: Callable[[Rng, int, int], Bool] = _anyone
    effort: Callable[[Rng, int], Int] = _single_units
    is_flat: bool = False
    has_rows: bool = False

    @property
    def is_hard(self) -> bool:
        """Whether the instances are NP-hard: unequal effort or rows."""
        return self.has_rows or self.effort is not _single_units


KINDS: dict[str, Kind] = {
    "uniform": Kind("costs spread evenly"),
    "few_values": Kind("four distinct costs: many optimal plans", cost=_few_values),
    "all_equal": Kind("one cost everywhere: load alone decides", cost=_one_value),
    "scarce": Kind("room for three tickets in five", capacity=_short),
    "sparse": Kind("95 % of the pairs forbidden", allowed=_one_in_twenty),
    "one_huge": Kind("one agent with room for everything", capacity=_one_huge),
    "near_degenerate": Kind("costs within 2 units of each other, flat load", cost=_near_ties, is_flat=True),
    "efforts": Kind("efforts 1 to 8", effort=_up_to_eight),
    "rows": Kind("limits on urgent tickets and separated pairs", has_rows=True),
}


def model_of(kind: str, n_tickets: int, n_agents: int, *, seed: int = 0) -> AssignmentModel:
    """Draw a model.

    Parameters
    ----------
    kind : a key of `KINDS`.
    n_tickets, n_agents : at least 1 each.
    seed : 0 or more; kinds and sizes with the same seed are independent of each other.
    """
    trait = KINDS[kind]
    rng = np.random.default_rng([seed, list(KINDS).index(kind), n_tickets, n_agents])
    effort = trait.effort(rng, n_tickets)
    mean_effort = -(-int(effort.sum()) // n_tickets)
    capacity = trait.capacity(rng, n_tickets, n_agents) * mean_effort
    pair_cost = trait.cost(rng, n_tickets, n_agents)
    slot_cost = _slot_costs(rng, capacity, trait.is_flat)
    urgency = rng.integers(0, URGENCIES, size=n_tickets)
    return AssignmentModel(
        pair_cost=pair_cost,
        allowed=trait.allowed(rng, n_tickets, n_agents),
        effort=effort,
        capacity=capacity,
        load_cost=LoadCost.listed(slot_cost, capacity),
        exit_cost=_exit_costs(pair_cost, slot_cost, effort, urgency),
        rows=_rows(rng, urgency, n_agents) if trait.has_rows else PackingRows(),
    )


def _slot_costs(rng: Rng, capacity: Int, is_flat: bool) -> Int:
    """Marginal load costs that rise in proportion to the load, from a random load now up to `BALANCE` when full."""
    if is_flat:
        return np.full(int(capacity.sum()), BALANCE // 2, dtype=np.int64)
    agent = np.repeat(np.arange(len(capacity)), capacity)
    k = np.arange(len(agent)) - (np.cumsum(capacity) - capacity)[agent]
    before = rng.integers(0, 10, size=len(capacity))[agent]
    cost: Int = (BALANCE * (2 * (before + k) + 1)) // (2 * (before + capacity[agent]))
    return cost


def _exit_costs(pair_cost: Int, slot_cost: Int, effort: Int, urgency: Int) -> Int:
    """(n,) prices that rise with the urgency, in steps that no re-arrangement of other tickets can save."""
    n, a = pair_cost.shape
    moves = min(n, a) + 1 if (effort == 1).all() else n * int(effort.max())
    step = moves * (int(pair_cost.max()) + int(slot_cost.max(initial=0)) + 1) + 1
    price: Int = (2 + urgency) * step
    return price


def _rows(rng: Rng, urgency: Int, n_agents: int) -> PackingRows:
    """At most the mean number, rounded up, of the most urgent fifth for each agent, and `n / 10` separated pairs."""
    n = len(urgency)
    urgent = np.flatnonzero(urgency >= 0.8 * URGENCIES)
    limits = PackingRows(
        row=np.repeat(np.arange(n_agents), len(urgent)),
        ticket=np.tile(urgent, n_agents),
        agent=np.repeat(np.arange(n_agents), len(urgent)),
        coefficient=np.ones(n_agents * len(urgent), dtype=np.int64),
        bound=np.full(n_agents, max(1, -(-len(urgent) // n_agents)), dtype=np.int64),
        label=tuple(f"agent {j} takes its share of the urgent tickets" for j in range(n_agents)),
    )
    pairs = rng.permutation(n)[: 2 * (n // 10)].reshape(-1, 2)
    n_rows = len(pairs) * n_agents
    apart = PackingRows(
        row=np.repeat(np.arange(n_rows), 2),
        ticket=np.repeat(pairs, n_agents, axis=0).ravel(),
        agent=np.repeat(np.tile(np.arange(n_agents), len(pairs)), 2),
        coefficient=np.ones(2 * n_rows, dtype=np.int64),
        bound=np.ones(n_rows, dtype=np.int64),
        label=tuple(f"tickets {first} and {second} are kept apart" for first, second in pairs for _ in range(n_agents)),
    )
    return PackingRows.join([limits, apart])


def queue_of(
    n_tickets: int,
    n_agents: int,
    *,
    seed: int = 0,
    most_effort: int = 1,
    n_skills: int = 24,
    policy: Policy | None = None,
) -> Problem:
    """Draw a team and a queue that wants its skills.

    Every agent masters two to five skills (levels 6 to 10) and knows some others a little; every tenth is away. Every
    ticket wants one to three skills, the popular ones more often, and has waited up to three days. Capacities are left
    to the policy.

    Parameters
    ----------
    most_effort : efforts are drawn from 1 to this.
    n_skills : at least 8.
    policy : None is the house default.
    """
    rng = np.random.default_rng([seed, n_tickets, n_agents, most_effort, n_skills])
    names = [f"skill {k + 1}" for k in range(n_skills)]
    popularity = 1.0 / np.arange(2, n_skills + 2)
    popularity /= popularity.sum()
    agents = [_agent(rng, j, names, popularity) for j in range(n_agents)]
    tickets = [_ticket(rng, i, names, popularity, most_effort) for i in range(n_tickets)]
    return Problem(tickets, agents, Policy() if policy is None else policy, NOW)


def _agent(rng: Rng, j: int, names: list[str], popularity: NDArray[np.float64]) -> Agent:
    known = rng.choice(len(names), size=8, replace=False, p=popularity)
    n_mastered = int(rng.integers(2, 5, endpoint=True))
    levels = [int(rng.integers(6, 10, endpoint=True) if k < n_mastered else rng.integers(1, 5)) for k in range(8)]
    return Agent(
        agent_id=f"A{j + 1:03}",
        name=f"Agent {j + 1}",
        skills={names[skill]: level for skill, level in zip(known.tolist(), levels, strict=True)},
        current_load=int(rng.integers(0, 8, endpoint=True)),
        availability_status="away" if j % 10 == 9 else "available",
        experience_level=int(rng.integers(1, 15, endpoint=True)),
    )


def _ticket(rng: Rng, i: int, names: list[str], popularity: NDArray[np.float64], most_effort: int) -> Ticket:
    wanted = rng.choice(len(names), size=int(rng.integers(1, 3, endpoint=True)), replace=False, p=popularity)
    return Ticket(
        ticket_id=f"T{i + 1:05}",
        title=f"ticket {i + 1}",
        creation_timestamp=NOW - float(rng.integers(60, 3 * 86_400)),
        skills={names[skill]: 1.0 / 2**k for k, skill in enumerate(wanted.tolist())},
        urgency=float(rng.choice([0.1, 0.4, 0.7, 1.0], p=[0.2, 0.5, 0.2, 0.1])),
        effort=int(rng.integers(1, most_effort, endpoint=True)),
    )
