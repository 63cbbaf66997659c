"""The tickets that wait, by kind and in the order in which they are served; kept up to date, not sorted anew."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ticketopt.live.queue_rows import Overlay
from ticketopt.live.stores import StoredTicket

__all__ = ["Backlog", "Entry", "Kind", "Parse", "Place"]

Place = tuple[float, float]
"""Where a ticket stands among those alike: less urgency, and when it was created. The least is served first."""


class Kind(NamedTuple):
    """What tickets have in common that the same agents may take, where these have room.

    `rules` says which agents, and `least` is what a ticket takes at least; `is_unit` where it is one of everybody.
    `is_tied` where other tickets hang together with it.
    """

    rules: str
    least: int = 1
    is_unit: bool = True
    is_tied: bool = False


class Entry(NamedTuple):
    """What of a ticket counts here."""

    kind: Kind
    place: Place


Parse = Callable[[str, StoredTicket], Entry]


class Backlog:
    """What waits. It follows the rows that it is shown: by what has changed, where their base is the one it knows."""

    def __init__(self) -> None:
        self._begin(Overlay({}), None)

    def _begin(self, waiting: Overlay, mark: object) -> None:
        self._waiting, self._mark = waiting, mark
        self._kinds: dict[Kind, list[tuple[Place, int, str]]] = {}
        self._known: dict[str, Entry] = {}
        self._number: dict[str, int] = {}

    @property
    def kinds(self) -> Mapping[Kind, Sequence[tuple[Place, int, str]]]:
        """Kind -> its tickets in the order in which they are served: place, number and name of each."""
        return self._kinds

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

    def first(self, kinds: Iterable[Kind], room: int | None, now: float, always: Collection[str]) -> list[str]:
        """The first `room` tickets of some kinds with those that equal the last of them, and `always`, in order.

        All of these kinds, where `room` is None.
        """
        kept = {name for name in always if name in self._known}
        for places in map(self._kinds.__getitem__, kinds):
            most = len(places) if room is None else room
            last = _at(places[most - 1][0], now) if len(places) >= most else None
            for k, (place, _, name) in enumerate(places):
                if k >= most and _at(place, now) != last:
                    break
                kept.add(name)
        return sorted(kept, key=self._number.__getitem__)

    def _put(self, name: str, entry: Entry) -> None:
        number = self._number.setdefault(name, len(self._number))
        self._known[name] = entry
        insort(self._kinds.setdefault(entry.kind, []), (entry.place, number, name))

    def _drop(self, name: str) -> None:
        entry = self._known.pop(name)
        places = self._kinds[entry.kind]
        del places[bisect_left(places, (entry.place, self._number[name], name))]
        if not places:
            del self._kinds[entry.kind]


def _at(place: Place, now: float) -> Place:
    """A place as it is at a moment: what is yet to be created was created now."""
    return place[0], min(now, place[1])
