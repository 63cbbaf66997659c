"""What past texts taught, in one `.npz` file of arrays and JSON. Nothing in it is ever executed."""

from __future__ import annotations

import json
import zipfile
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

_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile)


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
        with np.load(path, allow_pickle=False) as data:
            header = json.loads(bytes(data["header"]).decode())
            arrays = {name: np.asarray(data[name], dtype=np.float64) for name in data.files if name != "header"}
        if header["format"] == FORMAT:
            return _learned(header, arrays)
    except _BROKEN as error:
        repair = "give a file that SkillMatcher.save wrote"
        raise InvalidInputError.single("history", f"cannot be read ({type(error).__name__})", repair) from None
    problem = f"has format {header['format']!r}, this version reads {FORMAT}"
    raise InvalidInputError.single("history", problem, "learn it from the past tickets again (SkillMatcher.fit)")


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
