"""Generalized assignment: files in their original format, and seeded instances of types C, D, E and of tickets.

A file holds the number of agents and of jobs; then the costs, agent by agent; then the efforts, agent by agent; then
the capacities. Every job is to be done once, at least cost. A file `known_values.csv` in the folder (columns `Path`,
`Optimum`, `Best known solution value`) says what is known.

Types C, D, E are those of Chu and Beasley (1997) and of Laguna, Kelly, Gonzalez-Velarde, Glover (1995): efforts from 5
to 25 (C) or 1 to 100 (D, E); costs at random (C), or the lower the higher the effort (D linear, E logarithmic);
capacities for 0.8 of the mean effort.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ticketopt.formulation.constraints.base import count_rows
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.rows import PackingRows

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A model, and the best known cost of a plan, if any."""

    name: str
    model: AssignmentModel
    known: int | None = None


def must_assign(cost: Int, effort: Int, capacity: Int) -> AssignmentModel:
    """The model of (n, A) costs and efforts where leaving a job out costs more than any plan."""
    exit_cost = np.full(len(cost), int(np.abs(cost).max()) * len(cost) + 1)
    return AssignmentModel(
        pair_cost=cost,
        allowed=np.ones(cost.shape, dtype=np.bool_),
        effort=effort,
        capacity=capacity,
        load_cost=LoadCost.zero(len(capacity)),
        exit_cost=exit_cost,
    )


def read(path: Path) -> AssignmentModel:
    """One file."""
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.float64).astype(np.int64)
    agents, jobs = numbers[:2].tolist()
    tables = numbers[2 : 2 + 2 * agents * jobs].reshape(2, agents, jobs)
    capacity = numbers[2 + 2 * agents * jobs :][:agents]
    return must_assign(np.ascontiguousarray(tables[0].T), np.ascontiguousarray(tables[1].T), capacity)


def folder(path: Path) -> Iterator[Instance]:
    """Every instance that `known_values.csv` names and the folder has."""
    with (path / "known_values.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (path / row["Path"]).is_file():
                best = row["Optimum"] or row["Best known solution value"]
                yield Instance(row["Path"], read(path / row["Path"]), int(best) if best else None)


def typed(kind: str, jobs: int, agents: int, seed: int = 0) -> Instance:
    """A random instance of type "c", "d" or "e"."""
    rng = np.random.default_rng(seed)
    if kind == "c":
        effort, cost = rng.integers(5, 26, (jobs, agents)), rng.integers(10, 51, (jobs, agents))
    elif kind == "d":
        effort = rng.integers(1, 101, (jobs, agents))
        cost = 111 - effort + rng.integers(-10, 11, (jobs, agents))
    else:
        effort = np.maximum(1, np.rint(1 - 10 * np.log(rng.random((jobs, agents)))).astype(np.int64))
        cost = np.maximum(1, np.rint(1000 / effort - 10 * rng.random((jobs, agents))).astype(np.int64))
    capacity = np.floor(0.8 * effort.sum(axis=0) / agents).astype(np.int64)
    return Instance(f"type {kind.upper()} {jobs:,} x {agents}", must_assign(cost, effort, capacity))


def tickets(jobs: int, agents: int, *, is_convex: bool, seed: int = 0) -> Instance:
    """Efforts of 1 to 8 units by ticket, 95 % of the capacity; `is_convex` adds load costs and priced exits."""
    rng = np.random.default_rng(seed)
    wanted, held = rng.random((jobs, 12)) ** 3, rng.random((agents, 12)) ** 2
    gap = 1 - (wanted / wanted.sum(axis=1, keepdims=True)) @ held.T
    effort = rng.integers(1, 9, jobs)
    capacity = np.full(agents, -(-int(effort.sum() / 0.95) // agents))
    units = (np.arange(capacity[0]) + 0.5) / capacity[0] * 50_000 * is_convex
    return Instance(
        f"tickets {jobs:,} x {agents}" + (", load cost and priced exits" if is_convex else ""),
        AssignmentModel(
            pair_cost=np.rint(gap * 200_000).astype(np.int64),
            allowed=np.ones((jobs, agents), dtype=np.bool_),
            effort=effort,
            capacity=capacity,
            load_cost=LoadCost.listed(np.tile(np.rint(units).astype(np.int64), agents), capacity),
            exit_cost=rng.integers(100_000, 1_000_000, jobs) if is_convex else np.full(jobs, 10**9),
        ),
    )


def random_tickets(jobs: int, agents: int, *, seed: int = 0) -> Instance:
    """The efforts and capacities of `tickets`, with whole costs of 1 to 1,000 at random in place of skills."""
    cost = np.random.default_rng([seed, 1]).integers(1, 1001, (jobs, agents))
    plain = tickets(jobs, agents, is_convex=False, seed=seed)
    return Instance(f"random tickets {jobs:,} x {agents}", replace(plain.model, pair_cost=cost))


def ruled(jobs: int, agents: int, *, seed: int = 0) -> Instance:
    """Tickets with load cost under three kinds of rules that bind: at most so many tickets per agent and per team of
    eight agents, at most so many urgent ones per agent, and pairs of tickets that must not share an agent."""
    rng = np.random.default_rng(seed)
    plain = tickets(jobs, agents, is_convex=True, seed=seed)
    everybody, mean = [[a] for a in range(agents)], jobs / agents
    teams = [list(range(a, min(a + 8, agents))) for a in range(0, agents, 8)]
    urgent, every = rng.random(jobs) < 0.2, np.ones(jobs, dtype=np.bool_)
    rows = [
        count_rows(every, everybody, [int(mean * 1.05) + 1] * agents, ["tickets"] * agents),
        count_rows(every, teams, [int(mean * len(team)) + 1 for team in teams], ["team"] * len(teams)),
        count_rows(urgent, everybody, [int(urgent.sum() / agents) + 1] * agents, ["urgent"] * agents),
        _separate(rng.choice(jobs, (jobs // 16, 2), replace=False), agents),
    ]
    return Instance(f"rules {jobs:,} x {agents}", replace(plain.model, rows=PackingRows.join(rows)))


def _separate(pairs: Int, agents: int) -> PackingRows:
    """No agent has both tickets of a pair."""
    n_rows = len(pairs) * agents
    return PackingRows(
        row=np.repeat(np.arange(n_rows), 2),
        ticket=np.repeat(pairs, agents, axis=0).ravel(),
        agent=np.repeat(np.tile(np.arange(agents), len(pairs)), 2),
        coefficient=np.ones(2 * n_rows, dtype=np.int64),
        bound=np.ones(n_rows, dtype=np.int64),
        label=("separate",) * n_rows,
    )
