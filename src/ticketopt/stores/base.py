"""What a store is: it remembers every agent's load between two batches.

A store keeps ids, names and loads, and never a ticket. Whoever changes loads does so in a `Transaction`: from reading
them to committing the new ones, nobody else may change them, neither in this process nor in another. That is what
keeps a load from getting lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Protocol

from ticketopt.errors import InvalidInputError
from ticketopt.fields import Report, clean_record
from ticketopt.records import AGENT_FIELDS, Id

__all__ = ["LOCK_TIMEOUT", "Store", "StoreFactory", "StoredAgent", "Transaction", "by_id"]

LOCK_TIMEOUT = 60.0
"""Seconds to wait for the others' transactions: room for a handful of batches that each use their time limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAgent:
    """An agent as a store keeps it; valid from birth.

    Attributes
    ----------
    agent_id : text or whole number. Stores tell agents apart by the id as text.
    name : for people who look into the store.
    current_load : units of open work, 0 to `ticketopt.fields.MAX_UNITS`.
    """

    agent_id: Id
    name: str = ""
    current_load: int

    def __post_init__(self) -> None:
        report = Report()
        given = {item.name: getattr(self, item.name) for item in fields(self)}
        clean = clean_record(AGENT_FIELDS, given, "", report)
        if report.issues:
            raise InvalidInputError(report.issues)
        for key, value in clean.items():
            object.__setattr__(self, key, value)


class Transaction(Protocol):
    """The time from reading the loads to committing new ones. The loads belong to its holder alone."""

    def read(self) -> Mapping[str, StoredAgent]:
        """Every stored agent by its id as text, in the store's order."""
        ...

    def commit(self, agents: Iterable[StoredAgent]) -> None:
        """Keep these agents as they are given, and every other one as it is: all of it, or nothing.

        When it returns, the loads are as durable as the store promises.

        Raises
        ------
        StoreError
            Where they cannot be kept.
        """
        ...


class Store(Protocol):
    """What survives between two batches. Safe to use from many threads."""

    def read(self) -> Mapping[str, StoredAgent]:
        """The last committed agents by their id as text, without waiting for a transaction that is under way.

        Raises
        ------
        StoreError
            Where they cannot be read.
        """
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Wait until nobody else changes loads, and keep everybody else from it until the block ends.

        Leaving the block without a commit changes nothing.

        Raises
        ------
        StoreError
            On entry, where the wait takes longer than the store's lock timeout, or the loads cannot be read.
        """
        ...


class StoreFactory(Protocol):
    """Opens a store at a location: the part of its URL after the scheme."""

    def __call__(self, location: str, *, lock_timeout: float) -> Store: ...


def by_id(agents: Iterable[StoredAgent]) -> dict[str, StoredAgent]:
    """Agents by their id as text; of two with the same id the last counts."""
    return {str(agent.agent_id): agent for agent in agents}
