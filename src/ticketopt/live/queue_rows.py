"""The rows of a queue between two changes: a change costs what it changes, not what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ticketopt.live.stores import WAITING, Event, StoredAgent, StoredTicket

__all__ = ["Overlay", "QueueRows", "team_after"]

MOST_CHANGES = 512
"""So many rows may differ before the whole is copied: a change costs the copy's share at most."""

Changes = Mapping[str, StoredTicket | None]


class Overlay(Mapping[str, StoredTicket]):
    """Rows by their tickets' ids, in order, over others that are never changed.

    Parameters
    ----------
    base : most of the rows. changes : what differs: a row, or None for one that is gone. New ones come last.
    """

    __slots__ = ("_size", "base", "changes")

    def __init__(self, base: Mapping[str, StoredTicket], changes: Changes | None = None) -> None:
        self.base, self.changes = base, {} if changes is None else changes
        gone = sum(name in base for name, row in self.changes.items() if row is None)
        new = sum(name not in base for name, row in self.changes.items() if row is not None)
        self._size = len(base) - gone + new

    def after(self, changes: Changes) -> Overlay:
        """The rows once some have changed; one that goes without having been there takes no place."""
        if not changes:
            return self
        real = {n: row for n, row in changes.items() if row is not None or n in self.changes or n in self.base}
        found = Overlay(self.base, {**self.changes, **real})
        return found if len(found.changes) <= MOST_CHANGES else Overlay(dict(found))

    def __getitem__(self, name: str) -> StoredTicket:
        if name not in self.changes:
            return self.base[name]
        row = self.changes[name]
        if row is None:
            raise KeyError(name)
        return row

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self.base if self.changes.get(name, True) is not None)
        yield from (name for name, row in self.changes.items() if row is not None and name not in self.base)

    def __len__(self) -> int:
        return self._size


class QueueRows(Mapping[str, StoredTicket]):
    """Rows of tickets: those that wait, in their order, and then some others."""

    __slots__ = ("others", "waiting")

    def __init__(self, waiting: Overlay, others: Mapping[str, StoredTicket]) -> None:
        self.waiting, self.others = waiting, others

    @classmethod
    def of(cls, rows: Mapping[str, StoredTicket]) -> QueueRows:
        """The same rows."""
        if isinstance(rows, QueueRows):
            return rows
        waiting = {name: row for name, row in rows.items() if row.state == WAITING}
        return cls(Overlay(waiting), {name: row for name, row in rows.items() if name not in waiting})

    def after(self, rows: Mapping[str, StoredTicket]) -> QueueRows:
        """The rows once these are as they are here."""
        here = {name: row if row.state == WAITING else None for name, row in rows.items()}
        changes = {name: row for name, row in here.items() if row is not None or name in self.waiting}
        others = {name: row for name, row in self.others.items() if name not in rows}
        others.update((name, row) for name, row in rows.items() if here[name] is None)
        return QueueRows(self.waiting.after(changes), others)

    def __getitem__(self, name: str) -> StoredTicket:
        row = self.others.get(name)
        return self.waiting[name] if row is None else row

    def __iter__(self) -> Iterator[str]:
        yield from self.waiting
        yield from self.others

    def __len__(self) -> int:
        return len(self.waiting) + len(self.others)


def team_after(
    agents: Mapping[str, StoredAgent], records: Mapping[str, Mapping[str, Any] | None], events: Iterable[Event]
) -> dict[str, StoredAgent]:
    """A team with other records, None for those who leave it, and with the loads that events leave it."""
    team = dict(agents)
    for name, data in records.items():
        if data is not None:
            team[name] = StoredAgent(team[name].load if name in team else 0, data)
    for event in events:
        if event.change and event.agent_id is not None:
            team[event.agent_id] = replace(team[event.agent_id], load=team[event.agent_id].load + event.change)
    for name in (name for name, data in records.items() if data is None):
        del team[name]
    return team
