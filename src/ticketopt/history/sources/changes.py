"""Changes of single fields, as APIs list them -> what tickets were after each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Change", "label_people", "rows_of_changes"]


class Change(NamedTuple):
    """What one person changed at one moment: field -> its value before and after; what is not said is `UNKNOWN`."""

    time: Any
    number: Any
    actor: Any
    fields: Mapping[str, tuple[Any, Any]]


UNKNOWN = object()


def rows_of_changes(
    fixed: Mapping[str, Any],
    opened: tuple[Any, Any],
    current: Mapping[str, Any],
    changes: Sequence[Change],
    *,
    is_whole: bool = False,
) -> list[dict[str, Any]]:
    """A row for the ticket as it was opened, and one for each change.

    Parameters
    ----------
    fixed : what never changes. opened : when, and by whom. changes : the earliest first.
    current : what is so after the last change, of fields that may have changed.
    is_whole : whether the first change made the ticket, so that nothing was before.
    """
    names = dict.fromkeys((*current, *(name for change in changes for name in change.fields)))
    state = {name: None if is_whole else _first(name, current, changes) for name in names}
    rows = [{**fixed, **state, "time": opened[0], "change": 0, "changed by": opened[1]}]
    for number, change in enumerate(changes, start=1):
        state = {**state, **{name: after for name, (_, after) in change.fields.items()}}
        rows.append({**fixed, **state, "time": change.time, "change": number, "changed by": change.actor})
    return rows


def _first(name: str, current: Mapping[str, Any], changes: Iterable[Change]) -> Any:
    """What a field was before it first changed; what it was set to, where nobody says."""
    for change in changes:
        if name in change.fields:
            before, after = change.fields[name]
            return after if before is UNKNOWN else before
    return current.get(name)


def label_people(rows: Iterable[dict[str, Any]], columns: Iterable[str], names: Mapping[Any, str]) -> None:
    """Put names where ids stand; two people of one name keep their ids beside it."""
    holders: dict[str, int] = {}
    for name in names.values():
        holders[name] = holders.get(name, 0) + 1
    shown = {key: name if holders[name] == 1 else f"{name} ({key})" for key, name in names.items()}
    wanted = tuple(columns)
    for row in rows:
        for column in wanted:
            if row.get(column) in shown:
                row[column] = shown[row[column]]
