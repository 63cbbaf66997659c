"""Files that are replaced as a whole, durably, and that only their owner may read."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from errno import EINVAL
from pathlib import Path

from ticketopt.errors import StoreError, UnknownCommitError

__all__ = ["PRIVATE", "failed", "replace_file"]

PRIVATE = 0o600
"""The permissions of a new file: queues hold names."""


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place, durably.

    1. Write it to a new file in the same folder, with the old one's permissions, or for its owner alone, and have it
       reach the disk. The name is always the same, so that the next write sweeps up what a crash leaves behind.
    2. Rename that file over the old one: atomic, by POSIX.
    3. Have the folder reach the disk, so that the renaming survives a power cut.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.unlink(missing_ok=True)
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else PRIVATE
        _write_new(fresh, content, mode)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise failed("write", path, error) from error
    try:
        _sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        words = f"{path} was replaced, but its folder did not reach the disk ({reason}), so that it is unknown whether"
        raise UnknownCommitError(f"{words} a power cut undoes the change; check the disk") from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE), "wb") as file:
        path.chmod(mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folders, and journals the renaming by itself
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != EINVAL:  # which says that this file system has nothing to sync in a folder
            raise
    finally:
        os.close(descriptor)


def failed(action: str, path: Path, error: OSError) -> StoreError:
    reason = error.strerror or type(error).__name__
    return StoreError(f"cannot {action} {path}: {reason}; check the file, its folder and the free space")
