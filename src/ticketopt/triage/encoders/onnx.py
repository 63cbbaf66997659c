"""A transformer as an ONNX file, with its tokenizer: `onnx:FOLDER`. Needs onnxruntime and tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ticketopt.triage.encoders.base import Encoder, Vectors, unit
from ticketopt.triage.encoders.local import fingerprint, library, present

MOST_TOKENS = 256
"""Tokens of a text that are read, where the model's own tokenizer sets no limit."""

_HOW = (
    "put the model's ONNX export and its tokenizer.json there (many models on public hubs have both), or make them "
    "with: optimum-cli export onnx --model MODEL --task feature-extraction FOLDER"
)


def load(path: str) -> Encoder:
    """The encoder of a folder with `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, or of such a file."""
    place = Path(path)
    folder = place.parent if place.suffix == ".onnx" else place
    names = [place.name] if place.suffix == ".onnx" else ["model.onnx", "onnx/model.onnx"]
    return OnnxEncoder(*present(folder, [names, ["tokenizer.json", "../tokenizer.json"]], _HOW))


class OnnxEncoder:
    """Runs a model on one thread.

    Each text is computed alone, so that its vector depends on no other text, and no time goes into padding.
    The mean of the last layer over the tokens is the vector, unless the model pools by itself.
    """

    def __init__(self, model: Path, tokenizer: Path, *, threads: int = 1) -> None:
        install = '"ticketopt[semantic]"'
        runtime = library("onnxruntime", install)
        self._tokenizer: Any = library("tokenizers", install).Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        if self._tokenizer.truncation is None:
            self._tokenizer.enable_truncation(MOST_TOKENS)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session: Any = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {item.name for item in self._session.get_inputs()}
        outputs = {item.name: len(item.shape) for item in self._session.get_outputs()}
        self._output = next((name for name, rank in outputs.items() if rank == 2), next(iter(outputs)))
        self.name = f"onnx:{model.parent.name}:{fingerprint([model, tokenizer])}"
        self._width = self._run("a").shape[-1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts; equal texts are computed once."""
        rows = {text: self._run(text) for text in dict.fromkeys(texts)}
        return unit(np.array([rows[text] for text in texts]).reshape(len(texts), self._width))

    def _run(self, text: str) -> NDArray[np.float32]:
        tokens = self._tokenizer.encode(text)
        if not text.strip() or not tokens.ids:
            return np.zeros(self._width, np.float32)
        given = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        feed = {name: np.array([values], np.int64) for name, values in given.items() if name in self._inputs}
        found = np.asarray(self._session.run([self._output], feed)[0][0], np.float32)
        return found.mean(axis=0) if found.ndim == 2 else found
