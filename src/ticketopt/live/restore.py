"""Taking a backup back, whatever store it is of, into any store that is empty."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ticketopt.errors import StoreError
from ticketopt.live.stores import Store, open_store
from ticketopt.live.stores.backup_file import Row, read_rows

__all__ = ["restore"]

SQLITE = b"SQLite format 3\0"
"""How a copy of a SQLite database begins."""


def restore(path: Path, store: Store) -> int:
    """Put everything that a backup holds into an empty store: all of it, or nothing; and count its rows.

    Raises
    ------
    StoreError
        Where the file is no backup or a damaged one, and where the store holds queues already.
    """
    try:
        with path.open("rb") as file:
            is_copy = file.read(len(SQLITE)) == SQLITE
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error
    if not is_copy:
        return store.load(read_rows(path))
    with tempfile.TemporaryDirectory() as folder:  # opening it may change it
        copy = Path(folder) / "copy.db"
        shutil.copyfile(path, copy)
        source = open_store(f"sqlite:///{copy}")
        try:
            rows: list[Row] = []
            source.dump(lambda table, row: rows.append((table, dict(row))))
            return store.load(rows)
        finally:
            getattr(source, "close", lambda: None)()
