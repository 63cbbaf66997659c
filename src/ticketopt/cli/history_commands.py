"""What past tickets say: how a log was understood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ticketopt.cli.problem_of_file import columns_of, zone_of
from ticketopt.cli.reported import reported

if TYPE_CHECKING:
    from ticketopt.history.history import History

__all__ = ["history", "log_options", "read_log"]


_LOG = (
    click.argument("files", metavar="FILE...", nargs=-1, required=True),
    click.option("--from", "kind_of_log", metavar="NAME", help="What kind of log FILE is, if that is not recognized."),
    click.option(
        "--map", "columns", multiple=True, metavar="HEADING=FIELD", help="What a column means; or a TOML file of such."
    ),
    click.option("--status", "statuses", multiple=True, metavar="WORD=STAGE", help="What a word for a status means."),
    click.option("--zone", metavar="ZONE", help="Of times without one, such as Europe/Berlin.  [default: UTC]"),
    click.option("--day-first/--month-first", default=None, help="How 3/5/2026 is meant, where no column shows it."),
    click.option("--no-person", multiple=True, metavar="NAME", help="A program or a shared desk among the agents."),
)
"""Which log, and how it is to be read; what is not said is found in it."""


def log_options(function: Any) -> Any:
    """Give a command the arguments of `read_log`."""
    for option in reversed(_LOG):
        function = option(function)
    return function


def read_log(
    files: Sequence[str],
    *,
    kind_of_log: str | None,
    columns: Sequence[str],
    statuses: Sequence[str],
    zone: str | None,
    day_first: bool | None,
    no_person: Sequence[str],
) -> History:
    """The log that these options describe."""
    from ticketopt.history.read import read_history
    from ticketopt.history.sources.base import FIELDS

    return read_history(
        list(files),
        kind_of_log=kind_of_log,
        columns={heading: field for field, heading in columns_of(columns, FIELDS).items()},
        statuses=dict(option.rpartition("=")[::2] for option in statuses),
        zone=zone_of(zone),
        day_first=day_first,
        system_actors=no_person or None,
    )


@click.command("history")
@log_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(files: tuple[str, ...], *, as_json: bool, **reading: Any) -> None:
    """Say how a log of past tickets was understood: what each column became, what is missing, what was assumed.

    FILE is an export with one row per ticket, an audit log with one row per change (ServiceNow, Jira, Zendesk, plain),
    or a process log (XES, CSV); several FILEs are one log.
    """
    with reported():
        found = read_log(files, **reading).about()
        click.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) if as_json else str(found))
