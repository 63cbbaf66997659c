"""Models on this machine: what is missing is said, with how to get it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.triage.encoders import ENCODERS, load_encoder, local

PATHS = {"fastembed": "BAAI/bge-small-en-v1.5@{}"}


def place(kind: str, folder: Path) -> str:
    return f"{kind}:{PATHS.get(kind, '{}').format(folder)}"


class TestLoad:
    def test_an_unknown_kind_lists_the_choices(self) -> None:
        for wrong in ("bert:/models", "/models/minilm", ""):
            with pytest.raises(
                InvalidInputError, match="the kinds are sentence_transformers, fastembed, model2vec, onnx"
            ):
                load_encoder(wrong)

    @pytest.mark.parametrize("kind", ENCODERS)
    def test_no_path(self, kind: str) -> None:
        with pytest.raises(InvalidInputError):
            load_encoder(f"{kind}:")

    @pytest.mark.parametrize("kind", ENCODERS)
    def test_missing_files_are_named_all_at_once(self, kind: str, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError) as error:
            load_encoder(place(kind, tmp_path))
        assert len(error.value.issues) == 1
        assert str(tmp_path) in str(error.value)
        for name in {
            "onnx": ("model.onnx", "tokenizer.json"),
            "fastembed": ("tokenizer.json", "config.json"),
            "model2vec": ("model.safetensors", "tokenizer.json", "config.json"),
            "sentence_transformers": ("modules.json",),
        }[kind]:
            assert name in str(error.value)

    @pytest.mark.parametrize("kind", ENCODERS)
    def test_a_folder_that_is_not_there(self, kind: str, tmp_path: Path) -> None:
        with pytest.raises(InvalidInputError, match="is no folder"):
            load_encoder(place(kind, tmp_path / "nowhere"))

    def test_a_model_that_fastembed_needs_told(self) -> None:
        with pytest.raises(InvalidInputError, match="write fastembed:MODEL@FOLDER"):
            load_encoder("fastembed:/models/bge")

    @pytest.mark.parametrize("kind", ENCODERS)
    def test_a_missing_library_says_how_to_install_it(
        self, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(name: str) -> None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        monkeypatch.setattr(local, "import_module", missing)
        for name in ("model.onnx", "tokenizer.json", "config.json", "model.safetensors", "modules.json"):
            (tmp_path / name).write_text("{}")
        with pytest.raises(InvalidInputError, match=r"is not installed; run: pip install"):
            load_encoder(place(kind, tmp_path))

    def test_the_libraries_are_loaded_when_they_are_used(self) -> None:
        for kind in ENCODERS:
            module = importlib.import_module(f"ticketopt.triage.encoders.{kind}")
            assert not {"onnxruntime", "tokenizers", "fastembed", "model2vec", "sentence_transformers"} & {
                getattr(value, "__name__", "") for value in vars(module).values()
            }


class TestFingerprint:
    def test_changes_with_content_and_name(self, tmp_path: Path) -> None:
        first, second = tmp_path / "a", tmp_path / "b"
        first.write_bytes(b"x" * 100)
        second.write_bytes(b"x" * 99 + b"y")
        assert len({local.fingerprint(files) for files in ([first], [second], [first, second], [second, first])}) == 4

    def test_sees_the_ends_of_large_files(self, tmp_path: Path) -> None:
        large = bytearray(local._WHOLE + 5)
        path = tmp_path / "weights"
        seen = set()
        for place in (0, len(large) - 1, len(large) // 2):
            large[place] = 1
            path.write_bytes(large)
            seen.add(local.fingerprint([path]))
        assert len(seen) == 3
