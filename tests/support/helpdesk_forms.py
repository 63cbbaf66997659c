"""How one form of an export looks: what a member of `EXPORTS` is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["MONTHS", "Form", "columns"]

MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
}
"""Months as Java shortens them."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of one helpdesk's export; all times are in UTC.

    Attributes
    ----------
    columns : every heading (a dotted path in JSON) and what stands under it, in the order of the export.
    statuses, priorities : its words with what they mean, those of closed and deleted tickets too.
    dates : as `strftime` takes it. language : of its months.
    ids : how a ticket's id is read. written_ids : how it is written.
    nobody, nobody_id : what stands where an agent's name or id would.
    between : what stands between tags in one cell.
    within : keys under which the records of JSON stand, from outside to inside.
    has_others : whether some rows are no tickets.
    """

    columns: Sequence[tuple[str, str]]
    statuses: Sequence[tuple[str | int, str]]
    priorities: Sequence[tuple[str | int, str]]
    dates: str = "%Y-%m-%d %H:%M:%S"
    language: str = "en"
    ids: str = "{}"
    written_ids: str = "{}"
    nobody: str | None = ""
    nobody_id: int | str | None = None
    between: str = ", "
    within: tuple[str, ...] = ()
    is_json: bool = False
    is_html: bool = False
    has_others: bool = False
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\r\n"

    def date(self, moment: datetime) -> str:
        month = MONTHS[self.language].split()[moment.month - 1]
        return moment.strftime(self.dates.replace("%b", month))


def columns(text: str) -> tuple[tuple[str, str], ...]:
    """Columns written as `Heading=kind; Heading=kind`; without a kind, a column that is empty."""
    pairs = (item.strip().partition("=") for item in text.split(";") if item.strip())
    return tuple((heading.strip(), kind.strip() or "'") for heading, _, kind in pairs)
