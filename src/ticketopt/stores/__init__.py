"""Stores: what survives between two batches. To add one, write its file and its entry."""

from collections.abc import Mapping

from ticketopt.errors import InvalidInputError
from ticketopt.fields import Report, choices, number, shown
from ticketopt.stores import json_file, memory
from ticketopt.stores.base import LOCK_TIMEOUT, Store, StoredAgent, StoreFactory, Transaction

__all__ = ["LOCK_TIMEOUT", "STORES", "Store", "StoreFactory", "StoredAgent", "Transaction", "open_store"]

MAX_LOCK_TIMEOUT = 86_400

STORES: dict[str, StoreFactory] = {
    "memory": memory.open_store,
    "json": json_file.open_store,
}
"""The scheme of a store's URL -> what opens it."""


def open_store(url: str, *, lock_timeout: float = LOCK_TIMEOUT, stores: Mapping[str, StoreFactory] = STORES) -> Store:
    """Open the store that a URL names.

    Parameters
    ----------
    url : `memory:`, or `json:` and the path of a file, such as `json:agent_state.json`.
    lock_timeout : seconds that a transaction waits for the others before it gives up with a `StoreError`.
    stores : a table to use in place of the house's own.

    Raises
    ------
    InvalidInputError
        For a URL that names no store, and for a timeout that is none.
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
