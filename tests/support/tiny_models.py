"""Models of a few bytes, written as the libraries write theirs: one random vector per word, the same every time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

__all__ = ["TINY_MODELS", "write_onnx"]

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *["printer", "paper", "jam", "password", "login", "reset", "invoice", "refund", "the", "a", "my", "on", "is"],
]
WIDTH = 8


def _tokenizer(folder: Path) -> Any:
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    made.normalizer = tokenizers.normalizers.BertNormalizer()
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    return made


def _rows() -> Any:
    return np.random.default_rng(7).normal(size=(len(WORDS), WIDTH)).astype(np.float32)


def write_onnx(folder: Path) -> str:
    """A model that looks up its tokens' vectors, and adds a little of the text's mean to each, as attention would."""
    onnx = pytest.importorskip("onnx")
    _tokenizer(folder)
    make = onnx.helper.make_tensor_value_info
    whole, real = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = onnx.helper.make_graph(
        [
            onnx.helper.make_node("Gather", ["rows", "input_ids"], ["own"]),
            onnx.helper.make_node("ReduceMean", ["own"], ["mean"], axes=[1], keepdims=1),
            onnx.helper.make_node("Add", ["own", "mean"], ["last_hidden_state"]),
        ],
        "tiny",
        [make(name, whole, ["batch", "tokens"]) for name in names],
        [make("last_hidden_state", real, ["batch", "tokens", WIDTH])],
        [onnx.numpy_helper.from_array(_rows(), "rows")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    return str(folder)


def write_fastembed(folder: Path) -> str:
    """The same as a model that FastEmbed knows, which is told apart by its name alone."""
    write_onnx(folder)
    (folder / "config.json").write_text(json.dumps({"pad_token_id": 0}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 128, "pad_token": "[PAD]"}))
    (folder / "special_tokens_map.json").write_text(json.dumps({"pad_token": "[PAD]", "unk_token": "[UNK]"}))
    return f"sentence-transformers/all-MiniLM-L6-v2@{folder}"


def write_model2vec(folder: Path) -> str:
    """A static model."""
    model2vec = pytest.importorskip("model2vec")
    model2vec.StaticModel(_rows(), _tokenizer(folder)).save_pretrained(folder)
    return str(folder)


def write_sentence_transformers(folder: Path) -> str:
    """A model with one module, an embedding that is averaged."""
    library = pytest.importorskip("sentence_transformers")
    module = library.models.StaticEmbedding(_tokenizer(folder / "made"), embedding_weights=_rows())
    library.SentenceTransformer(modules=[module], device="cpu").save_pretrained(str(folder))
    return str(folder)


TINY_MODELS: dict[str, Callable[[Path], str]] = {
    "onnx": write_onnx,
    "fastembed": write_fastembed,
    "model2vec": write_model2vec,
    "sentence_transformers": write_sentence_transformers,
}
"""Kind of encoder -> what writes a model for it into a folder and says its path."""
