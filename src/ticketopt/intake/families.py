"""Tickets that belong together because one is the parent of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["join_families"]


def join_families(rows: Sequence[dict[str, Any]], *, are_tickets: bool = True) -> None:
    """A parent, its children and theirs share one key in `together`: the parent of all, or what that one says itself.

    `parent` leaves the rows. A row with a key of its own keeps it. In a circle of parents the smallest id is the key.
    `are_tickets` is False where parents are things with ids of their own, such as epics: then only children share.
    """
    by_id = {str(row["ticket_id"]): row for row in rows if row.get("ticket_id") is not None} if are_tickets else {}
    parents = {str(row.get("ticket_id")): row["parent"] for row in rows if row.get("parent") is not None}
    roots: dict[str, Any] = {}
    for row in rows:
        parent = row.pop("parent", None)
        own = str(row.get("ticket_id"))
        if parent is None or (are_tickets and str(parent) == own):
            continue
        root = _root(own, parents, roots) if are_tickets else parent
        key = by_id.get(str(root), {}).get("together", root)
        row.setdefault("together", key)
        if str(root) in by_id:
            by_id[str(root)].setdefault("together", key)


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
