"""What a member of `HELPDESKS` is: how one helpdesk's exports name and spell what we ask for. Nothing but data.

Where an export has several names for a ticket, its id here is the one that the product's API takes, as in
`ticketopt.intake.integrations`: so a ticket from a file is the ticket that a webhook speaks of, and can be written to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["BESIDE", "BESIDE_AGENT", "Helpdesk", "Names", "Stage"]

Stage = Literal["new", "open", "waiting", "done"]
"""Where a ticket is: to be assigned, in work, in work but waiting for somebody else, or finished."""

BESIDE = ("status", "assignee", "organization", "tags", "parent", "kind")
"""What a ticket's row may say beside the fields of a ticket; `intake.tickets` makes rules, loads and notes of it."""

BESIDE_AGENT = (
    *("working_hours", "weekdays", "timezone", "first_name", "surname", "mail", "account", "role"),
    *("absence", "absence_from", "absence_until", "absence_back"),
)
"""The same of an agent's row; `intake.team` makes shifts, absences and names of it."""

Names = Mapping[str, tuple[str, ...]]
"""A field of ours (or one of `BESIDE`, `BESIDE_AGENT`) -> the headings that mean it, the best first.

Headings are compared as `heading_key` has them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpdesk:
    """One helpdesk's exports.

    Attributes
    ----------
    label : its name, for people.
    tickets, agents : what its columns (or the dotted paths of its JSON, such as `fields.summary`) mean.
    signs : sets of headings; an export that has all of one set is this helpdesk's. The longest set that fits wins.
    agent_signs : the same for its list of agents.
    lists : keys of a JSON object under which the records stand (`issues`); a bare list always counts.
    statuses : its words for a status -> where the ticket is. Words that every helpdesk uses need not be here.
    priorities : its words and numbers for a priority -> low, medium, high or critical. As for `statuses`.
    kinds : values of `kind` (a record type) that are no tickets, such as a pull request; `*` is whatever stands there.
    no_agents : values of an agent's `role` that are nobody who takes tickets, such as a customer; `*` is any.
    day_first : whether its numeric dates begin with the day, where it is always so.
    changed : headings of when a row was written, the best first: of a ticket's rows the latest counts.
    id_in : finds an id in what stands in the column of ids, such as an address; its groups are joined by `#`.
    parents_are_tickets : whether `parent` holds ids of tickets, and not of epics, which have ids of their own.
    """

    label: str
    tickets: Names
    agents: Names = field(default_factory=dict)
    signs: tuple[tuple[str, ...], ...] = ()
    agent_signs: tuple[tuple[str, ...], ...] = ()
    lists: tuple[str, ...] = ()
    statuses: Mapping[str, Stage] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    no_agents: tuple[str, ...] = ()
    day_first: bool | None = None
    changed: tuple[str, ...] = ("updated_at", "updated", "fields.updated", "sys_updated_on")
    id_in: re.Pattern[str] | None = None
    parents_are_tickets: bool = True

    def id_of(self, cell: Any) -> Any:
        """The id that a cell of the column of ids says; the cell itself where that is the id."""
        found = None if self.id_in is None or not isinstance(cell, str) else self.id_in.search(cell)
        return cell if found is None else "#".join(found.groups())
