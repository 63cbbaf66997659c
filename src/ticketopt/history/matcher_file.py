"""What past texts taught, in one `.npz` file of arrays and JSON. Nothing in it is ever executed."""

from __future__ import annotations

import json
import struct
import tokenize
import zipfile
import zlib
from dataclasses import astuple
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt._types import Float
from ticketopt.errors import InvalidInputError
from ticketopt.history.matcher_fit import Learned
from ticketopt.history.matcher_linear import Linear
from ticketopt.history.matcher_stack import Stack
from ticketopt.history.matcher_words import WordTable

FORMAT = 2

MOST_DIMENSIONS = 2**14
"""Of the vectors of texts."""

MOST_RATIO = 16
"""How many times the header may be as long as it is in the file: words are packed to a third or so."""

SLACK = 2**12
"""Bytes that a member may have beside its numbers, and the header beside what it is packed to."""

_ARRAYS = ("idf", "words", "words_start", "vectors", "vectors_start", "stack")

_BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, MemoryError, EOFError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError, SyntaxError),
)
"""What damaged bytes make zipfile, zlib, NumPy and JSON raise; unknown packings and passwords are RuntimeErrors."""


def save_learned(learned: Learned, path: str | PathLike[str]) -> None:
    """Write one file."""
    header = {
        "format": FORMAT,
        "labels": learned.labels,
        "counts": learned.counts,
        "vocabulary": sorted(learned.table.vocabulary, key=learned.table.vocabulary.__getitem__),
        "encoder": learned.encoder,
    }
    with Path(path).open("wb") as file:
        np.savez_compressed(
            file,
            header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
            idf=learned.table.idf,
            words=learned.words.coefficients,
            words_start=learned.words.intercepts,
            vectors=learned.vectors.coefficients,
            vectors_start=learned.vectors.intercepts,
            stack=np.array(astuple(learned.stack)),
        )


def load_learned(path: str | PathLike[str]) -> Learned:
    """Read what `save_learned` wrote; anything else is one clear error."""
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as data:
            members = _members(data.zip)
            packed = members["header"].compress_size
            _check_size(members["header"], MOST_RATIO * packed)
            header = json.loads(bytes(data["header"]).decode())
            if header["format"] == FORMAT:
                arrays = _arrays(data, members, len(header["vocabulary"]), len(header["labels"]))
        if header["format"] == FORMAT:
            return _learned(header, arrays)
    except _BROKEN as error:
        repair = "give a file that SkillMatcher.save wrote"
        raise InvalidInputError.single("history", f"cannot be read ({type(error).__name__})", repair) from None
    problem = f"has format {header['format']!r}, this version reads {FORMAT}"
    raise InvalidInputError.single("history", problem, "learn it from the past tickets again (SkillMatcher.fit)")


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members of the archive by what they are, each once, and packed as NumPy packs."""
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    is_usual = all(info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in archive.infolist())
    if len(members) < len(archive.infolist()) or "header" not in members or not is_usual:
        raise ValueError("other members than were saved")
    return members


def _arrays(data: Any, members: dict[str, zipfile.ZipInfo], n: int, m: int) -> dict[str, Float]:
    """The arrays, read once it is known that none is larger than it has to be: packed zeros take no room in a file."""
    if set(members) != {"header", *_ARRAYS}:
        raise ValueError("other members than were saved")
    most = {"idf": n, "words": n * m, "vectors": MOST_DIMENSIONS * m, "stack": 3}
    for name in _ARRAYS:
        _check_size(members[name], 8 * most.get(name, m))
    return {name: np.asarray(data[name], dtype=np.float64) for name in _ARRAYS}


def _check_size(member: zipfile.ZipInfo, most: int) -> None:
    """An error where a member is larger than `most` bytes; no more than it says is ever unpacked."""
    if member.file_size > most + SLACK:
        raise ValueError("a member that is too large")


def _learned(header: dict[str, Any], arrays: dict[str, Float]) -> Learned:
    labels, counts = tuple(map(str, header["labels"])), tuple(map(int, header["counts"]))
    vocabulary = {str(name): row for row, name in enumerate(header["vocabulary"])}
    weights = arrays["stack"]
    n, m = len(vocabulary), len(labels)
    wanted = {"idf": (n,), "words": (n, m), "words_start": (m,), "vectors_start": (m,), "stack": (3,)}
    fits = all(arrays[name].shape == shape for name, shape in wanted.items()) and len(counts) == m >= 2
    fits = fits and arrays["vectors"].ndim == 2 and arrays["vectors"].shape[1] == m
    if not fits or not all(np.isfinite(array).all() for array in arrays.values()) or (weights < 0).any():
        raise ValueError("arrays that do not fit together")
    return Learned(
        labels,
        counts,
        WordTable(vocabulary, arrays["idf"]),
        Linear(arrays["words"], arrays["words_start"]),
        Linear(arrays["vectors"], arrays["vectors_start"]),
        Stack(*weights.tolist()),
        str(header["encoder"]),
    )
