"""A model of Sentence Transformers: `sentence_transformers:FOLDER`. Needs sentence-transformers, which brings torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt.triage.encoders.base import Encoder, Vectors, unit
from ticketopt.triage.encoders.local import all_files, fingerprint, library, present

_HOW = "save a model there: SentenceTransformer.save_pretrained(FOLDER)"


def load(path: str) -> Encoder:
    """The encoder of a folder that `SentenceTransformer.save_pretrained` wrote."""
    return SentenceTransformersEncoder(Path(path))


class SentenceTransformersEncoder:
    """Computes on the processor, each text alone, so that its vector depends on no other text."""

    def __init__(self, folder: Path) -> None:
        present(folder, [["modules.json"]], _HOW)
        make = library("sentence_transformers", "sentence-transformers").SentenceTransformer
        self._model: Any = make(str(folder), device="cpu", local_files_only=True)
        self.name = f"sentence_transformers:{folder.name}:{fingerprint(all_files(folder))}"
        self._width = len(self._run("a"))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts; equal texts are computed once."""
        rows = {text: self._run(text) for text in dict.fromkeys(texts)}
        return unit(np.array([rows[text] for text in texts]).reshape(len(texts), self._width))

    def _run(self, text: str) -> Any:
        if not text.strip():
            return np.zeros(self._width, np.float32)
        return self._model.encode([text], batch_size=1, convert_to_numpy=True, show_progress_bar=False)[0]
