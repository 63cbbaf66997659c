"""Packing rows: limits across pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.errors import InvalidInputError

__all__ = ["PackingRows"]


def frozen_ints(values: object, name: str) -> Int:
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "biu":
        raise InvalidInputError.single(name, f"holds {given.dtype} values", "round them to integers yourself")
    array = np.ascontiguousarray(values, dtype=np.int64)
    if array is values and array.flags.writeable:
        array = array.view()
    array.flags.writeable = False
    return array


def _no_ints() -> Int:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class PackingRows:
    """Rows `sum coefficient * x[ticket, agent] <= bound`, as coordinates.

    Entry `e` puts `coefficient[e] >= 0` at pair `(ticket[e], agent[e])` of row `row[e]`; row `r` has the upper
    bound `bound[r] >= 0` and the words `label[r]`. No pair stands twice in a row.
    """

    row: Int = field(default_factory=_no_ints)
    ticket: Int = field(default_factory=_no_ints)
    agent: Int = field(default_factory=_no_ints)
    coefficient: Int = field(default_factory=_no_ints)
    bound: Int = field(default_factory=_no_ints)
    label: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("row", "ticket", "agent", "coefficient", "bound"):
            object.__setattr__(self, name, frozen_ints(getattr(self, name), f"rows.{name}"))
        n_entries, n_rows = len(self.row), len(self.bound)
        if {len(self.ticket), len(self.agent), len(self.coefficient)} != {n_entries} or len(self.label) != n_rows:
            raise InvalidInputError.single("rows", "have arrays of unequal length", "complete every entry and row")
        if n_entries and not (self.row.min() >= 0 and self.row.max() < n_rows):
            raise InvalidInputError.single("rows.row", "is out of range", f"count from 0 to {n_rows - 1}")
        if (self.coefficient < 0).any() or (self.bound < 0).any():
            raise InvalidInputError.single("rows", "have a negative coefficient or bound", "write them as packing rows")

    def __len__(self) -> int:
        return len(self.bound)

    @property
    def has_ties(self) -> bool:
        """Whether some row lets a ticket be elsewhere only where others are not with one agent.

        Such a row has all its tickets but one at one agent, and that one at others. Limits of agents and teams do not.
        """
        n_agents, n_rows = int(self.agent.max(initial=0)) + 1, len(self)
        cells, count = np.unique(self.row * n_agents + self.agent, return_counts=True)
        row, agent = np.divmod(cells, n_agents)
        most, main = np.zeros(n_rows, dtype=np.int64), np.full(n_rows, n_agents)
        np.maximum.at(most, row, count)
        is_most = count == most[row]
        np.minimum.at(main, row[is_most], agent[is_most])  # the agent of a row with the most tickets
        low, high = np.full(n_rows, np.iinfo(np.int64).max), np.full(n_rows, -1)
        elsewhere = self.agent != main[self.row]
        np.minimum.at(low, self.row[elsewhere], self.ticket[elsewhere])
        np.maximum.at(high, self.row[elsewhere], self.ticket[elsewhere])
        is_one = low == high
        is_one[self.row[~elsewhere & (self.ticket == high[self.row])]] = False  # it is with the agent as well
        return bool(is_one.any())

    @classmethod
    def join(cls, parts: Iterable[PackingRows]) -> PackingRows:
        """All rows of all parts, numbered on."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return cls()
        first = np.cumsum([0, *(len(part) for part in parts)])
        return cls(
            row=np.concatenate([part.row + start for part, start in zip(parts, first, strict=False)]),
            ticket=np.concatenate([part.ticket for part in parts]),
            agent=np.concatenate([part.agent for part in parts]),
            coefficient=np.concatenate([part.coefficient for part in parts]),
            bound=np.concatenate([part.bound for part in parts]),
            label=tuple(label for part in parts for label in part.label),
        )

    def select(self, keep: Bool) -> PackingRows:
        """Only the rows where `keep` (one flag per row) is true, numbered anew."""
        number = np.cumsum(keep) - 1
        entries = keep[self.row]
        return PackingRows(
            row=number[self.row[entries]],
            ticket=self.ticket[entries],
            agent=self.agent[entries],
            coefficient=self.coefficient[entries],
            bound=self.bound[keep],
            label=tuple(label for label, kept in zip(self.label, keep, strict=True) if kept),
        )
