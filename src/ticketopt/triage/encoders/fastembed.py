"""A model of FastEmbed: `fastembed:MODEL@FOLDER`. Needs fastembed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt.errors import InvalidInputError
from ticketopt.triage.encoders.base import Encoder, Vectors, unit
from ticketopt.triage.encoders.local import all_files, fingerprint, library, present

_HOW = "download the model once with fastembed and copy its snapshot's files there"


def load(path: str) -> Encoder:
    """The encoder of a model that FastEmbed knows by name, from a folder with its files."""
    model, at, folder = path.partition("@")
    if not (model and at and folder):
        raise InvalidInputError.single(
            "encoder",
            f"fastembed:{path} does not say which model lies where",
            "write fastembed:MODEL@FOLDER, such as fastembed:BAAI/bge-small-en-v1.5@/models/bge",
        )
    return FastEmbedEncoder(model, Path(folder))


class FastEmbedEncoder:
    """Computes on one thread, each text alone, so that its vector depends on no other text."""

    def __init__(self, model: str, folder: Path) -> None:
        present(folder, [["tokenizer.json"], ["config.json"]], _HOW)
        make = library("fastembed", "fastembed").TextEmbedding
        try:
            self._model: Any = make(model, threads=1, specific_model_path=str(folder), local_files_only=True)
        except ValueError as error:
            repair = "name one of TextEmbedding.list_supported_models()"
            raise InvalidInputError.single("encoder", str(error).splitlines()[0], repair) from None
        self.name = f"fastembed:{model}:{fingerprint(all_files(folder))}"
        self._width = len(self._run("a"))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts; equal texts are computed once."""
        rows = {text: self._run(text) for text in dict.fromkeys(texts)}
        return unit(np.array([rows[text] for text in texts]).reshape(len(texts), self._width))

    def _run(self, text: str) -> Any:
        if not text.strip():
            return np.zeros(self._width, np.float32)
        return next(iter(self._model.embed([text], batch_size=1)))
