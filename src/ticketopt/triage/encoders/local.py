"""Models that lie on this machine: nothing here ever downloads."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from ticketopt.errors import InvalidInputError

_WHOLE = 1 << 22  # bytes of a file that is digested whole
_SAMPLES, _SAMPLE = 64, 1 << 16


def library(name: str, install: str) -> Any:
    """An optional library, imported now; an error that says how to install it where it is not there."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        raise InvalidInputError.single(
            "encoder", f"the library {missing} is not installed", f"run: pip install {install}"
        ) from None


def present(folder: Path, files: Sequence[Sequence[str]], how: str) -> list[Path]:
    """The model's files in a folder; an error that names all missing ones.

    Parameters
    ----------
    files : of each file the names under which it is looked for; the first one that is there is taken.
    how : how to get them, as the end of a sentence.
    """
    found = [next((folder / name for name in names if (folder / name).is_file()), None) for names in files]
    missing = [" or ".join(names) for names, path in zip(files, found, strict=True) if path is None]
    if missing:
        where = str(folder) if folder.is_dir() else f"{folder}, which is no folder"
        raise InvalidInputError.single("encoder", f"there is no {', no '.join(missing)} in {where}", how)
    return [path for path in found if path is not None]


def fingerprint(files: Sequence[Path]) -> str:
    """A few letters that change with the files: of large ones the size and samples throughout are looked at."""
    digest = blake2b(digest_size=6)
    for path in files:
        size = path.stat().st_size
        digest.update(f"{path.name}\0{size}\0".encode())
        if size <= _WHOLE:
            digest.update(path.read_bytes())
            continue
        with path.open("rb") as content:
            for k in range(_SAMPLES):
                content.seek(k * (size - _SAMPLE) // (_SAMPLES - 1))
                digest.update(content.read(_SAMPLE))
    return digest.hexdigest()


def all_files(folder: Path) -> list[Path]:
    """Everything in a folder, in the order of names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
