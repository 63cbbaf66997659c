"""What is taken for granted in reading a log: every item is an argument of `read_history`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from ticketopt.history.stages import Stage

__all__ = ["Assumptions"]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """See `read_history`, whose arguments these are.

    Attributes
    ----------
    columns : their heading -> our field; an empty field: the column is not used.
    statuses : their word, as `spelled` has it -> what it means.
    system_actors : names that are no people; None: they are found.
    empty_agent : `nobody`, `same`, or None: it is found.
    own_tickets : `opener`, `none`, or the ids of the tickets that nobody routed.
    """

    kind_of_log: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Stage] = field(default_factory=dict)
    zone: tzinfo = UTC
    day_first: bool | None = None
    now: float | None = None
    system_actors: tuple[str, ...] | None = None
    own_tickets: str | Collection[str] = "opener"
    dispatch_seconds: float = 60.0
    resolved_at_once: bool = True
    empty_agent: str | None = None
    texts: bool = True
