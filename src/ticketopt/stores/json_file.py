"""`json:PATH` keeps the loads in one readable file: `{"agents": [{"agent_id", "name", "current_load"}]}`.

The file is replaced as a whole, so a reader sees the old loads or the new ones and never half of either, whatever
crashes. Transactions of all threads and processes of one machine follow each other: they lock `PATH.lock` beside it, a
file that stays (a lock file that is removed lets two lock at once).
"""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EINVAL
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.fields import kind
from ticketopt.stores.base import LOCK_TIMEOUT, StoredAgent, Transaction, by_id
from ticketopt.strict_json import decode, parse_json

__all__ = ["JsonStore", "open_store"]

FIELDS = ("agent_id", "name", "current_load")
POLL_INTERVAL = 0.01  # seconds between two looks at another process's lock
REPAIR = "repair it, or move it away to start from the loads that requests state"


class JsonStore:
    """Loads in a JSON file. No file means no agents yet; its folder must be there.

    Parameters
    ----------
    path : the file. A symbolic link stands for the file it points to.
    lock_timeout : seconds to wait for other transactions.

    Notes
    -----
    Requires a file system with `flock` (every local one) and is not for machines that share a folder.
    """

    def __init__(self, path: str | os.PathLike[str], *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.path = Path(os.path.realpath(path))
        self._lock_timeout = lock_timeout
        self._thread_lock = threading.Lock()

    def read(self) -> Mapping[str, StoredAgent]:
        return _parsed(self.path, _content(self.path))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Threads of this store queue at a lock in memory; the first in line competes with the other processes."""
        deadline = time.monotonic() + self._lock_timeout
        if not self._thread_lock.acquire(timeout=self._lock_timeout):
            raise self._busy()
        try:
            with self._process_lock(max(0.0, deadline - time.monotonic())):
                yield _JsonTransaction(self.path)
        finally:
            self._thread_lock.release()

    @contextmanager
    def _process_lock(self, timeout: float) -> Iterator[None]:
        try:
            from filelock import FileLock, Timeout
        except ImportError:
            raise StoreError('json: stores need the extra "ticketopt[service]"; install it') from None
        _check_folder(self.path)
        lock = FileLock(f"{self.path}.lock", timeout, poll_interval=POLL_INTERVAL, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout:
            raise self._busy() from None
        except OSError as error:
            raise _failed("lock", self.path, error) from error
        try:
            yield
        finally:
            lock.release()

    def _busy(self) -> StoreError:
        return StoreError(f"{self.path} was locked by others for {self._lock_timeout:g} s; try again")


class _JsonTransaction:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = _content(path)
        self._agents = _parsed(path, self._content)

    def read(self) -> Mapping[str, StoredAgent]:
        return dict(self._agents)

    def commit(self, agents: Iterable[StoredAgent]) -> None:
        if _content(self._path) != self._content:
            raise StoreError(f"{self._path} was changed by another program, one that does not lock it; try again")
        changed = {**self._agents, **by_id(agents)}
        content = _rendered(changed)
        _replace(self._path, content)
        self._agents, self._content = changed, content


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise StoreError(f"the folder of {path} does not exist; create it")


def _content(path: Path) -> bytes | None:
    """The bytes of the file; None where there is no file."""
    _check_folder(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed("read", path, error) from error


def _parsed(path: Path, content: bytes | None) -> dict[str, StoredAgent]:
    """The agents in a file's content; anything but the exact format is an error, as writing would lose the rest."""
    if content is None:
        return {}
    try:
        data = parse_json(decode(content))
        if not isinstance(data, dict) or set(data) != {"agents"} or not isinstance(data["agents"], list):
            raise InvalidInputError.single("", "is not an object with just the key agents and a list there", REPAIR)
        agents = [_agent(row, f"agents[{k}]") for k, row in enumerate(data["agents"])]
    except InvalidInputError as error:
        issue = error.issues[0]
        problem = f"{issue.path}: {issue.problem}" if issue.path else issue.problem
        raise StoreError(f"{path} holds no agents' loads ({problem}), so it is left as it is; {REPAIR}") from None
    found = by_id(agents)
    if len(found) < len(agents):
        raise StoreError(f"{path} holds an agent_id twice, so it is left as it is; {REPAIR}")
    return found


def _agent(row: Any, where: str) -> StoredAgent:
    if not isinstance(row, dict):
        raise InvalidInputError.single(where, f"is {kind(row)}, not an object", REPAIR)
    if not {"agent_id", "current_load"} <= set(row) <= set(FIELDS):
        raise InvalidInputError.single(where, f"does not have exactly the keys {', '.join(FIELDS)}", REPAIR)
    try:
        return StoredAgent(**row)
    except InvalidInputError as error:
        raise InvalidInputError(issue.below(where) for issue in error.issues) from None


def _rendered(agents: Mapping[str, StoredAgent]) -> bytes:
    rows = [{key: getattr(agent, key) for key in FIELDS} for agent in agents.values()]
    return json.dumps({"agents": rows}, indent=2).encode("ascii")


def _replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place, durably.

    1. Write it to a new file in the same folder, with the old one's permissions, and have it reach the disk. The name
       is always the same, so that what a crash leaves behind is swept up by the next write.
    2. Rename that file over the old one: atomic, by POSIX.
    3. Have the folder reach the disk, so that the renaming survives a power cut.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.unlink(missing_ok=True)
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        _write_new(fresh, content, mode)
        fresh.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise _failed("write", path, error) from error


def _write_new(path: Path, content: bytes, mode: int | None) -> None:
    with path.open("xb") as file:
        if mode is not None:
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


def _failed(action: str, path: Path, error: OSError) -> StoreError:
    reason = error.strerror or type(error).__name__
    return StoreError(f"cannot {action} {path}: {reason}; check the file, its folder and the free space")


def open_store(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> JsonStore:
    """The store in the file at a path."""
    if not location.strip():
        raise InvalidInputError.single("store", "json: names no file", 'write "json:agent_state.json"')
    return JsonStore(location, lock_timeout=lock_timeout)
