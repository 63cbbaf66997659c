"""A backup of any store: rows, one JSON value a line, from one moment, that any store can take.

The first line is `{"ticketopt": "backup", "version": 1}`, the last one says how many rows there are between, so that
half a file is no backup. Each row is `[table, {column: value}]`, with tables and columns as in `sql_tables.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ticketopt.errors import StoreError
from ticketopt.live.stores.durable_file import failed, replacing

__all__ = ["VERSION", "Row", "Write", "read_rows", "write_rows"]

VERSION = 1

Row = tuple[str, dict[str, Any]]
Write = Callable[[str, Mapping[str, Any]], None]


def write_rows(path: Path, dump: Callable[[Write], object]) -> int:
    """Write what `dump` hands to its argument, row by row; return how many rows. An older file stays until then."""
    count = 0
    with replacing(path) as fresh, fresh.open("w", encoding="utf-8") as file:

        def write(table: str, row: Mapping[str, Any]) -> None:
            nonlocal count
            file.write(json.dumps([table, row]) + "\n")
            count += 1

        file.write(json.dumps({"ticketopt": "backup", "version": VERSION}) + "\n")
        dump(write)
        file.write(json.dumps({"rows": count}) + "\n")
    return count


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, in its order.

    Raises
    ------
    StoreError
        Where it is no backup, one of a newer version, or only a part of one. Rows may have come before that is found.
    """
    count, ended = 0, False
    try:
        with path.open(encoding="utf-8") as file:
            _check_head(path, file.readline())
            for number, line in enumerate(file, start=2):
                value = json.loads(line)
                if ended or not isinstance(value, (list, dict)):
                    raise _damaged(path, f"line {number} is no row")
                if isinstance(value, dict):
                    ended = value == {"rows": count}
                    continue
                table, row = value
                count += 1
                yield table, dict(row)
    except OSError as error:
        raise failed("read", path, error) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(path, f"line {count + 2} is no row") from error
    if not ended:
        raise _damaged(path, "its end is missing")


def _check_head(path: Path, line: str) -> None:
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("ticketopt") != "backup":
        raise StoreError(f"{path} is no backup of ticketopt")
    if head.get("version") != VERSION:
        words = f"{path} is a backup of version {head.get('version')}, where {VERSION} is known"
        raise StoreError(f"{words}; update ticketopt")


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(f"{path} is damaged: {what}; use another backup")
