"""The tickets that wait, by kind and in the order in which they are served; kept up to date, not sorted anew."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection
from typing import NamedTuple

from ticketopt.live.queue_rows import Overlay
from ticketopt.live.stores import StoredTicket

__all__ = ["Backlog", "Entry", "Parse", "Place"]

Place = tuple[float, float]
"""Where a ticket stands among those alike: less urgency, and when it was created. The least is served first."""


class Entry(NamedTuple):
    """What of a ticket counts here.

    `kind` is alike for tickets that the same agents may take; None for one that is not of unit effort, or hangs
    together with others.
    """

    kind: str | None
    place: Place


Parse = Callable[[str, StoredTicket], Entry]


class Backlog:
    """What waits. It follows the rows that it is shown: by what has changed, where their base is the one it knows."""

    def __init__(self) -> None:
        self._begin(Overlay({}), None)

    def _begin(self, waiting: Overlay, mark: object) -> None:
        self._waiting, self._mark, self._n_odd = waiting, mark, 0
        self._kinds: dict[str, list[tuple[Place, int, str]]] = {}
        self._known: dict[str, Entry] = {}
        self._number: dict[str, int] = {}

    @property
    def is_alike(self) -> bool:
        """Whether every ticket has a kind."""
        return not self._n_odd

    def follow(self, waiting: Overlay, parse: Parse, mark: object) -> None:
        """Be about these rows; `mark` stands for what `parse` goes by."""
        if waiting.base is not self._waiting.base or mark is not self._mark:
            self._begin(Overlay(waiting.base), mark)
            for name, row in waiting.base.items():
                self._put(name, parse(name, row))
        for name in {**self._waiting.changes, **waiting.changes}:
            old, new = self._waiting.get(name), waiting.get(name)
            if old is not new:
                if old is not None:
                    self._drop(name)
                if new is not None:
                    self._put(name, parse(name, new))
        self._waiting = waiting

    def first(self, room: int, now: float, always: Collection[str]) -> list[str]:
        """The first `room` tickets of each kind with those that equal the last of them, and `always`, in order."""
        kept = {name for name in always if name in self._known}
        for places in self._kinds.values():
            last = _at(places[room - 1][0], now) if len(places) >= room else None
            for k, (place, _, name) in enumerate(places):
                if k >= room and _at(place, now) != last:
                    break
                kept.add(name)
        return sorted(kept, key=self._number.__getitem__)

    def _put(self, name: str, entry: Entry) -> None:
        number = self._number.setdefault(name, len(self._number))
        self._known[name] = entry
        if entry.kind is None:
            self._n_odd += 1
        else:
            insort(self._kinds.setdefault(entry.kind, []), (entry.place, number, name))

    def _drop(self, name: str) -> None:
        entry = self._known.pop(name)
        if entry.kind is None:
            self._n_odd -= 1
            return
        places = self._kinds[entry.kind]
        del places[bisect_left(places, (entry.place, self._number[name], name))]
        if not places:
            del self._kinds[entry.kind]


def _at(place: Place, now: float) -> Place:
    """A place as it is at a moment: what is yet to be created was created now."""
    return place[0], min(now, place[1])
