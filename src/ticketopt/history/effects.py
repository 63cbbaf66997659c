"""From rows to the design of the regression, and from a fit back to rows that come later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ticketopt._types import Float, Int
from ticketopt.history.crossed import Crossed
from ticketopt.history.design import Design
from ticketopt.history.exposure import AGE_EDGES
from ticketopt.history.observed import Rows

__all__ = ["Coding", "Effects", "coding_of", "design_of"]

N_AGES = len(AGE_EDGES)

FEWEST_ROWS = 10
"""A kind, a group or a priority of fewer stints has no effect of its own: it would be shrunk to nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """Which names were seen, so that what happens later adds no column: values in ascending order, per block.

    `by_attempt` is whether ages have one effect in first attempts and another in later ones.
    """

    kind: Int
    group: Int
    priority: Int
    agent: Int
    pair: Int
    n_skills: int
    has_estimate: bool
    middle: float
    by_attempt: bool = False

    def place(self, values: Int, of: Int) -> Int:
        """Index of each value among those seen, -1 for others."""
        if not len(of):
            return np.full(len(values), -1, np.int64)
        at = np.searchsorted(of, values).clip(0, len(of) - 1)
        return np.where(of[at] == values, at, -1)

    def pairs(self, rows: Rows) -> Int:
        return rows.agent * (self.n_skills + 1) + rows.skill + 1

    def ages(self, rows: Rows) -> int:
        """How many columns ages have."""
        return N_AGES * (1 + self.by_attempt) if rows.is_rate else 1

    def columns(self, rows: Rows) -> sparse.csr_array:
        """The matrix X of rows; who was not seen before has no entry."""
        n = len(rows)
        log = np.where(np.isnan(rows.estimate), 0.0, rows.estimate - self.middle)
        dense = np.column_stack([log, log**2, np.isnan(rows.estimate)]) if self.has_estimate else np.zeros((n, 0))
        parts = [
            _indicators(rows.age + N_AGES * rows.again * self.by_attempt, self.ages(rows)),
            _indicators(self.place(rows.priority, self.priority), len(self.priority)),
            sparse.csr_array(dense),
            _indicators(self.place(rows.kind, self.kind), len(self.kind)),
            _indicators(self.place(rows.group, self.group), len(self.group)),
        ]
        return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _indicators(index: Int, n: int) -> sparse.csr_array:
    seen = np.flatnonzero(index >= 0)
    return sparse.csr_array((np.ones(len(seen)), (seen, index[seen])), shape=(len(index), n))


def coding_of(rows: Rows, n_skills: int, *, by_attempt: bool = False) -> Coding:
    """What is seen often enough in rows to have an effect."""
    known = rows.estimate[~np.isnan(rows.estimate)]
    one = rows.of(np.unique(rows.stint, return_index=True)[1])
    kind, group, priority = (_frequent(column) for column in (one.kind, one.group, one.priority))
    pairs = np.unique(one.agent * (n_skills + 1) + one.skill + 1)
    middle = float(known.mean()) if len(known) else 0.0
    return Coding(kind, group, priority, np.unique(one.agent), pairs, n_skills, bool(len(known)), middle, by_attempt)


def _frequent(column: Int) -> Int:
    seen, count = np.unique(column[column >= 0], return_counts=True)
    return np.asarray(seen[count >= FEWEST_ROWS], np.int64)


def design_of(rows: Rows, coding: Coding) -> Design:
    """The design of rows that are learned from."""
    columns = coding.columns(rows)
    last = columns.shape[1]
    first = last - len(coding.group)
    blocks = {"kind": slice(first - len(coding.kind), first), "group": slice(first, last)}
    agent_of = coding.place(coding.pair // (coding.n_skills + 1), coding.agent)
    agent, pair = coding.place(rows.agent, coding.agent), coding.place(coding.pairs(rows), coding.pair)
    return Design(columns, blocks, agent, pair, agent_of, len(coding.agent))


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """A fit that later rows can be read by."""

    fit: Crossed
    coding: Coding

    def common(self, rows: Rows) -> Float:
        """The linear predictor without the agent."""
        return np.asarray(self.fit.intercept + self.coding.columns(rows) @ self.fit.columns)

    def ahead(self, rows: Rows) -> Float:
        """What is known of the ticket itself before the work adds: its priority and its estimate."""
        part = slice(self.coding.ages(rows), len(self.fit.columns) - len(self.coding.kind) - len(self.coding.group))
        return np.asarray(self.coding.columns(rows)[:, part] @ self.fit.columns[part])

    def person(self, rows: Rows) -> Float:
        """What the agent adds; 0 for somebody not seen before, the agent's pace for a skill not seen before."""
        agent = self.coding.place(rows.agent, self.coding.agent)
        pair = self.coding.place(self.coding.pairs(rows), self.coding.pair)
        own = np.append(self.fit.agent, 0.0)[agent]
        return np.asarray(own + np.append(self.fit.pair, 0.0)[pair])

    def of_block(self, name: str, rows: Rows) -> Float:
        """What the kind or the group of each row adds; 0 for one not seen before."""
        seen, codes = {"kind": (self.coding.kind, rows.kind), "group": (self.coding.group, rows.group)}[name]
        last = len(self.fit.columns)
        part = slice(last - len(self.coding.group), last)
        if name == "kind":
            part = slice(part.start - len(self.coding.kind), part.start)
        return np.asarray(np.append(self.fit.columns[part], 0.0)[self.coding.place(codes, seen)])
