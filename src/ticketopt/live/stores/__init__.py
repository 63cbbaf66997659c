"""Stores: what survives between two batches. To add one, write its file and its entry."""

from collections.abc import Mapping

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.live.stores import json_file, memory
from ticketopt.live.stores.base import LOCK_TIMEOUT, Decided, Read, Store, StoreFactory
from ticketopt.live.stores.rows import (
    ASSIGNED,
    CLOSED,
    DEAD,
    DONE,
    DUE,
    HELD,
    ONCE,
    RUNNING,
    SENT,
    STATES,
    UNKEPT,
    WAITING,
    Answered,
    Batch,
    Delivery,
    Entry,
    Event,
    Job,
    Keep,
    Kept,
    Retention,
    Snapshot,
    StoredAgent,
    StoredTicket,
)
from ticketopt.problem.fields import Report, choices, number, shown

__all__ = [
    "ASSIGNED",
    "CLOSED",
    "DEAD",
    "DONE",
    "DUE",
    "HELD",
    "LOCK_TIMEOUT",
    "ONCE",
    "RUNNING",
    "SENT",
    "STATES",
    "STORES",
    "UNKEPT",
    "WAITING",
    "Answered",
    "Batch",
    "Decided",
    "Delivery",
    "Entry",
    "Event",
    "Job",
    "Keep",
    "Kept",
    "Read",
    "Retention",
    "Snapshot",
    "Store",
    "StoreFactory",
    "StoredAgent",
    "StoredTicket",
    "copy_team",
    "open_store",
]

MAX_LOCK_TIMEOUT = 86_400


def _sql(name: str) -> StoreFactory:
    """A factory of `stores.sql`, which is loaded when it is used."""

    def open_sql(location: str, *, lock_timeout: float) -> Store:
        try:
            from ticketopt.live.stores import sql
        except ImportError:
            raise StoreError('SQL stores need the extra "ticketopt[service]"; install it') from None
        factory: StoreFactory = getattr(sql, name)
        return factory(location, lock_timeout=lock_timeout)

    return open_sql


STORES: dict[str, StoreFactory] = {
    "memory": memory.open_store,
    "json": json_file.open_store,
    "sqlite": _sql("open_sqlite"),
    "postgresql": _sql("open_postgresql"),
}
"""The scheme of a store's URL -> what opens it."""


def open_store(url: str, *, lock_timeout: float = LOCK_TIMEOUT, stores: Mapping[str, StoreFactory] = STORES) -> Store:
    """Open the store that a URL names.

    Parameters
    ----------
    url : `memory:`, `json:agent_state.json`, `sqlite:///tickets.db` or `postgresql://user:password@host/database`.
    lock_timeout : seconds that a change waits for the others before it gives up with a `StoreError`.
    stores : a table to use in place of the library's.

    Raises
    ------
    InvalidInputError
        For a URL that names no store, and for a timeout that is none.
    StoreError
        Where a database cannot be reached.

    Examples
    --------
    >>> import ticketopt
    >>> store = ticketopt.open_store("memory:")  # or sqlite:///tickets.db
    >>> ticketopt.Dispatcher(store).submit([{"ticket_id": 1}])  # nobody is there yet: it waits
    {'1': None}
    """
    report = Report()
    number(0, MAX_LOCK_TIMEOUT, " (seconds)")(lock_timeout, "lock_timeout", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    scheme, colon, location = url.partition(":")
    if not colon:
        repair = f'write "json:{url}" for a file, or start with one of: {", ".join(stores)}'
        raise InvalidInputError.single("store", f"{shown(url)} has no scheme", repair)
    if scheme not in stores:
        raise InvalidInputError.single("store", f"the scheme {shown(scheme)} is not known", choices(scheme, stores))
    return stores[scheme](location, lock_timeout=lock_timeout)


def copy_team(source: Store, target: Store, *, tenant: str = "", at: float = 0.0) -> list[str]:
    """Copy agents and their loads to a store that does not know them yet; return their ids.

    So a desk moves from a file (`json:agent_state.json`) to a database, and back. Tickets stay where they are: their
    units are copied as loads, which no closing takes away again.
    """
    here, there = source.snapshot(tenant), target.snapshot(tenant)
    new = {name: agent for name, agent in here.agents.items() if name not in there.agents}
    events = tuple(Event("copied", None, name, agent.load) for name, agent in new.items())
    batch = Batch(list(new), events, {name: agent.data for name, agent in new.items()}, at=at)
    if new and target.commit(tenant, there.version, batch) is None:
        raise StoreError("the target was changed by others meanwhile; try again")
    return list(new)
