"""Tickets that belong together because one is the parent of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["join_families"]


def join_families(values: dict[str, Sequence[Any]], *, are_tickets: bool = True) -> None:
    """A parent, its children and theirs share one key in `together`: the parent of all, or what that one says itself.

    The column `parent` leaves. A row with a key of its own keeps it. In a circle of parents the smallest id is the key.
    `are_tickets` is False where parents are things with ids of their own, such as epics: then only children share.

    Parameters
    ----------
    values : columns by the names of our fields, None where nothing is given.
    """
    if (parents := values.pop("parent", None)) is None:
        return
    ids = [str(cell) for cell in values.get("ticket_id", [None] * len(parents))]
    together = list(values.get("together", [None] * len(parents)))
    row_of = {name: k for k, name in enumerate(ids)} if are_tickets else {}
    parent_of = {name: parent for name, parent in zip(ids, parents, strict=True) if parent is not None}
    roots: dict[str, Any] = {}
    for k, (name, parent) in enumerate(zip(ids, parents, strict=True)):
        if parent is None or (are_tickets and str(parent) == name):
            continue
        root = _root(name, parent_of, roots) if are_tickets else parent
        there = row_of.get(str(root), k)
        key = root if there == k or together[there] is None else together[there]
        for row in (k, there):
            together[row] = key if together[row] is None else together[row]
    values["together"] = together


def _root(ticket_id: str, parents: dict[str, Any], roots: dict[str, Any]) -> Any:
    """The parent that has none, as it is written; `roots` keeps what is found on the way."""
    way, current, written = [], ticket_id, None
    while current not in roots and current in parents and current not in way:
        way.append(current)
        written = parents[current]
        current = str(written)
    if current in roots:
        written = roots[current]
    elif current in way:
        written = min(way[way.index(current) :])
    roots.update(dict.fromkeys(way, written))
    return written
