"""What a member of `SOURCES` is: how one kind of log names and spells what we ask for. Nothing but data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ticketopt.history.stages import STAGE_WORDS, Stage
from ticketopt.intake.helpdesks.base import Names
from ticketopt.intake.helpdesks.base import Stage as Where
from ticketopt.problem.names import spelled

__all__ = ["FIELDS", "Shape", "Source"]

Shape = Literal["updates", "events", "tickets", "work"]
"""What a row is: a change of a ticket with who has it then; an activity with who did it; a ticket; somebody's part of
the work on a ticket."""

FIELDS: Mapping[str, str] = {
    "ticket": "the ticket's id",
    "time": "when the change or activity was; of a ticket's row, when it was written",
    "order": "the number of a change within its ticket, where times tie",
    "status": "the status after the change, or the activity",
    "substatus": "the same in more detail",
    "agent": "who has the ticket, or did the activity",
    "agent_more": "what tells agents of one name apart, such as a country",
    "group": "the agents' group or queue",
    "actor": "who made the change",
    "opened_by": "who opened the ticket",
    "resolved_by": "who resolved it",
    "requester": "who asked for help",
    "kind": "what the ticket is about",
    "priority": "how important it is",
    "created": "when it was opened",
    "assigned": "when who has it got it",
    "started": "when work began",
    "resolved": "when it was resolved",
    "closed": "when it was closed",
    "due": "by when it was to be resolved",
    "estimate": "hours expected before the work",
    "hours": "hours really worked, in a table of work by this person",
    "total_hours": "hours that all together worked on the ticket",
    "field": "which field a row changes, where a row is one changed field",
    "before": "its value before",
    "after": "its value after",
    "record": "what sort of record a row is",
    "reopened": "how often it was opened again",
    "passes": "how often it was passed on",
    "holders": "how many had it",
    "title": "its title",
    "description": "its text",
}
"""What a column of a log can be, for `columns=`."""


def _itself(cell: Any) -> Any:
    return cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of log.

    Attributes
    ----------
    label : its name, for people.
    shape : what a row is.
    names : a field of `FIELDS` -> headings that mean it, the best first.
    signs : sets of headings; a log that has all of one set is of this kind. The longest set that fits wins.
    statuses : its words for a status or an activity -> a word of `STAGE_WORDS`, where others mean something else by
        them or do not use them.
    words : the same from `intake`: a word -> `new`, `open`, `waiting` or `done`.
    no_tickets : values of `record` that are no tickets; `*` is whatever stands there.
    hours_per_unit : field of durations -> hours per unit, where its plain numbers are not hours.
    day_first : whether its numeric dates begin with the day, where it is always so.
    future : headings of what is only known at the end and stands in every row; no column of the history.
    id_of : what stands in the column of tickets -> the ticket's id.
    unfold : records of JSON -> rows, where one record holds many; None where the records are none of this kind.
    """

    label: str
    shape: Shape
    names: Names = field(default_factory=dict)
    signs: tuple[tuple[str, ...], ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Where] = field(default_factory=dict)
    no_tickets: tuple[str, ...] = ()
    hours_per_unit: Mapping[str, float] = field(default_factory=dict)
    day_first: bool | None = None
    future: tuple[str, ...] = ()
    id_of: Callable[[Any], Any] = _itself
    unfold: Callable[[list[Any]], list[dict[str, Any]] | None] | None = None

    @property
    def stages(self) -> Mapping[str, Stage]:
        """Its own words, as `spelled` has them -> where a ticket is then."""
        return {spelled(word): STAGE_WORDS[stage] for word, stage in self.statuses.items()}
