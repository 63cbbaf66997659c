"""Whose export a table is, told by its headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ticketopt.intake.column import heading_key
from ticketopt.intake.helpdesks import HELPDESKS
from ticketopt.intake.helpdesks.base import Helpdesk

__all__ = ["recognized", "recognized_team"]


def recognized(headings: Iterable[str], *, among: Mapping[str, Helpdesk] = HELPDESKS) -> str | None:
    """The name of the helpdesk whose longest set of signs is all there; None where none is, or two are as long."""
    return _longest(headings, {name: helpdesk.signs for name, helpdesk in among.items()})


def recognized_team(headings: Iterable[str], *, among: Mapping[str, Helpdesk] = HELPDESKS) -> str | None:
    """The same for a list of agents."""
    return _longest(headings, {name: helpdesk.agent_signs for name, helpdesk in among.items()})


def _longest(headings: Iterable[str], signs: Mapping[str, tuple[tuple[str, ...], ...]]) -> str | None:
    there = {heading_key(heading) for heading in headings}
    lengths = {
        name: max((len(one) for one in sets if all(heading_key(sign) in there for sign in one)), default=0)
        for name, sets in signs.items()
    }
    most = max(lengths.values(), default=0)
    best = [name for name, length in lengths.items() if length == most]
    return best[0] if most and len(best) == 1 else None
