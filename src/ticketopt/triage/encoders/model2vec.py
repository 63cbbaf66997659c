"""A static model of Model2Vec: `model2vec:FOLDER`. Needs model2vec."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt.triage.encoders.base import Encoder, Vectors, unit
from ticketopt.triage.encoders.local import fingerprint, library, present

_HOW = "save a model there: StaticModel.save_pretrained(FOLDER)"


def load(path: str) -> Encoder:
    """The encoder of a folder that `StaticModel.save_pretrained` wrote."""
    return Model2VecEncoder(Path(path))


class Model2VecEncoder:
    """Means of token vectors, as Model2Vec computes them, on one thread."""

    def __init__(self, folder: Path) -> None:
        files = present(folder, [["model.safetensors"], ["tokenizer.json"], ["config.json"]], _HOW)
        static_model = library("model2vec", '"ticketopt[semantic]"').StaticModel
        self._model: Any = static_model.from_pretrained(folder, force_download=False)
        self.name = f"model2vec:{folder.name}:{fingerprint(files)}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts."""
        if not texts:
            return np.zeros((0, int(self._model.dim)), np.float32)
        return unit(np.asarray(self._model.encode(list(texts), use_multiprocessing=False)))
