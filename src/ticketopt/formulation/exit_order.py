"""The order in which a `Session`'s tickets would be served, kept while they come and go."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable

__all__ = ["ExitOrder", "Key"]

Key = tuple[float, float]
"""(urgency, minus the time since when a ticket waits): the higher is served first."""

NEAR = 64
"""The newest or oldest of an urgency takes a label at `1 / NEAR` of the free labels: others will come beyond it."""


class ExitOrder:
    """Distinct keys in order, each with a label that rises with it, and the keys of the tickets left out.

    Labels are whole numbers from 0 to `n_labels - 1` with free labels between them, so that a new key seldom changes
    the label of others.

    Parameters
    ----------
    keys : of all tickets; equal ones share a label.
    n_labels : at least the number of different keys.
    """

    def __init__(self, keys: Iterable[Key], n_labels: int) -> None:
        self._count = Counter(keys)
        self._keys = sorted(self._count)
        self._end = n_labels
        spacing = n_labels // (len(self._keys) + 1)
        ranks = enumerate(self._keys, 1)
        self._label = {key: rank * spacing if spacing else rank - 1 for rank, key in ranks}
        self._left_out: list[Key] = []
        self.rank_sum = 0
        """The ranks of the tickets left out, added up; a rank is the number of different keys below."""

    @property
    def n_ranks(self) -> int:
        return len(self._keys)

    @property
    def n_left_out(self) -> int:
        return len(self._left_out)

    def label(self, key: Key) -> int:
        return self._label[key]

    def add(self, key: Key) -> bool:
        """Take in a ticket's key; False, and nothing happens, where no label is free between its neighbors'."""
        if key not in self._count:
            label = self._between(bisect_left(self._keys, key), key)
            if label is None:
                return False
            self._label[key] = label
            insort(self._keys, key)
            self.rank_sum += self._left_out_above(key)
        self._count[key] += 1
        return True

    def _between(self, place: int, key: Key) -> int | None:
        lower, upper = self._keys[:place][-1:], self._keys[place : place + 1]
        below = self._label[lower[0]] if lower else -1
        above = self._label[upper[0]] if upper else self._end
        room = above - below
        if room < 2:
            return None
        is_below, is_above = (bool(other) and other[0][0] == key[0] for other in (lower, upper))
        if is_above and not is_below:
            return above - max(1, room // NEAR)
        if is_below and not is_above:
            return below + max(1, room // NEAR)
        return below + room // 2

    def drop(self, key: Key) -> None:
        """Forget a ticket that is not left out."""
        self._count[key] -= 1
        if not self._count[key]:
            self.rank_sum -= self._left_out_above(key)
            del self._count[key], self._label[key], self._keys[bisect_left(self._keys, key)]

    def leave_out(self, key: Key) -> None:
        insort(self._left_out, key)
        self.rank_sum += bisect_left(self._keys, key)

    def serve(self, key: Key) -> None:
        del self._left_out[bisect_left(self._left_out, key)]
        self.rank_sum -= bisect_left(self._keys, key)

    def _left_out_above(self, key: Key) -> int:
        return len(self._left_out) - bisect_right(self._left_out, key)
