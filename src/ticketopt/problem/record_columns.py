"""Tickets column by column: what all of them say of one field."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from ticketopt.problem.record_fields import table_of
from ticketopt.problem.records import Ticket

__all__ = ["stating", "values_of"]


def values_of(tickets: Sequence[Ticket], name: str) -> list[Any]:
    """What every ticket says of a field."""
    return list(map(attrgetter(name), tickets))


def stating(tickets: Sequence[Ticket], name: str) -> list[int]:
    """The positions of the tickets that say something of a field which may be None, or of one that may be empty."""
    values = map(attrgetter(name), tickets)
    if name in table_of(Ticket).constants and table_of(Ticket).constants[name] is None:
        return [i for i, value in enumerate(values) if value is not None]
    return [i for i, value in enumerate(values) if value]
