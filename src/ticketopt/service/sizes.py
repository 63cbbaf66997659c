"""How much one request may bring, checked before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.settings import Settings

__all__ = ["check_sizes"]

MAX_KEYS = 200
"""The most keys of an object: more than all our fields and a helpdesk's."""

MAX_ENTRIES = 1_000
"""The most entries of a list or a mapping within a ticket or an agent."""

RECORDS = ("tickets", "agents")


def check_sizes(data: object, settings: Settings) -> None:
    """An error where a body holds more than the settings allow, or one of its records more than any needs.

    Raises
    ------
    ServiceError
        `too-large`, for tickets, agents and pairs of them.
    InvalidInputError
        For every object with too many keys, and every field with too many entries.
    """
    if not isinstance(data, Mapping):
        return
    rows = {name: data[name] for name in RECORDS if isinstance(data.get(name), list)}
    _check_counts({name: len(rows.get(name, ())) for name in RECORDS}, settings)
    report = Report()
    _check_keys(data, "", report)
    for name, records in rows.items():
        for k, record in enumerate(records):
            if isinstance(record, Mapping):
                _check_record(record, f"{name}[{k}]", report)
    if report.issues:
        raise InvalidInputError(report.issues)


def _check_counts(counts: Mapping[str, int], settings: Settings) -> None:
    most = {"tickets": settings.max_tickets, "agents": settings.max_agents}
    for name, count in counts.items():
        if count > most[name]:
            detail = f"The most is {most[name]:,} {name}; send them in several requests."
            raise ServiceError("too-large", detail=detail)
    if counts["tickets"] * counts["agents"] > settings.max_pairs:
        detail = f"Tickets times agents are at most {settings.max_pairs:,}; send the tickets in several requests."
        raise ServiceError("too-large", detail=detail)


def _check_record(record: Mapping[str, object], path: str, report: Report) -> None:
    _check_keys(record, path, report)
    if len(record) <= MAX_KEYS:
        for name, value in record.items():
            if isinstance(value, list | Mapping) and len(value) > MAX_ENTRIES:
                report.error(f"{path}.{name[:60]}", f"has {len(value):,} entries", f"give at most {MAX_ENTRIES:,}")


def _check_keys(data: Mapping[str, object], path: str, report: Report) -> None:
    if len(data) > MAX_KEYS:
        report.error(path, f"has {len(data):,} keys", f"give at most {MAX_KEYS:,}")
