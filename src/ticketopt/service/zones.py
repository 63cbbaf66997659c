"""Times in bodies that state no zone are in the zone of the settings, as those of files are in that of `--zone`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

__all__ = ["TIMES", "zoned"]

TIMES = {"tickets": ("creation_timestamp", "due"), "agents": ("shift_start", "shift_end")}
"""The fields of records that are times; an agent's hours and absences have the agent's own `time_zone`."""


def zoned(data: Any, zone: tzinfo) -> Any:
    """A body whose times all state a zone; what is none is left to who reads it. UTC is what readers assume anyhow."""
    if zone is UTC or not isinstance(data, Mapping):
        return data
    rows = {name: data[name] for name in TIMES if isinstance(data.get(name), list)}
    clean = {name: [_record(row, TIMES[name], zone) for row in records] for name, records in rows.items()}
    return _record({**data, **clean}, ("now",), zone)


def _record(row: Any, names: tuple[str, ...], zone: tzinfo) -> Any:
    texts = {name: row[name] for name in names if isinstance(row.get(name), str)} if isinstance(row, Mapping) else {}
    return {**row, **{name: _time(text, zone) for name, text in texts.items()}} if texts else row


def _time(text: str, zone: tzinfo) -> str:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return text if moment.tzinfo else moment.replace(tzinfo=zone).isoformat()
