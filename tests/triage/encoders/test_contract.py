"""What every encoder keeps to, ours and those of other libraries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from support.tiny_models import TINY_MODELS
from ticketopt.triage.encoders import ENCODERS, load_encoder
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.cache import Cached
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder

TEXTS = ["printer paper jam", "reset my password", "the invoice", "printer", "login on the printer is a refund", ""]

Make = Callable[[], Encoder]


def test_every_kind_is_tested() -> None:
    assert TINY_MODELS.keys() == ENCODERS.keys()


@pytest.fixture(scope="module", params=["static", *ENCODERS, "cached"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """What loads the encoder anew."""
    if request.param == "static":
        return StaticEncoder
    if request.param == "cached":
        return lambda: Cached(default_encoder(), most=3)
    pytest.importorskip({"onnx": "onnxruntime"}.get(request.param, request.param))
    path = TINY_MODELS[request.param](Path(tmp_path_factory.mktemp(request.param)) / "tiny")
    return lambda: load_encoder(f"{request.param}:{path}")


@pytest.fixture(scope="module")
def encoder(make: Make) -> Encoder:
    return make()


def test_rows_have_norm_one_or_are_zero(encoder: Encoder) -> None:
    found = encoder.encode(TEXTS)
    assert found.dtype == np.float32 and found.shape[0] == len(TEXTS)
    assert np.allclose(np.linalg.norm(found, axis=1), [1, 1, 1, 1, 1, 0], atol=1e-6)


def test_what_shares_words_is_nearer(encoder: Encoder) -> None:
    jam, reset, _, printer, *_ = encoder.encode(TEXTS)
    assert jam @ printer > reset @ printer


def test_a_text_s_vector_depends_on_no_other_text(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS)
    assert (encoder.encode(TEXTS[::-1])[::-1] == expected).all()
    assert all((encoder.encode([text])[0] == row).all() for text, row in zip(TEXTS, expected, strict=True))
    assert (encoder.encode(TEXTS * 2) == np.concatenate([expected, expected])).all()


def test_nothing_gives_nothing(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.encode(["printer"]).shape[1])
    assert not encoder.encode(["", "  \n"]).any()


def test_loaded_again_it_is_the_same(encoder: Encoder, make: Make) -> None:
    again = make()
    assert again.name == encoder.name
    assert again.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


def test_threads_get_the_same(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS).tobytes()
    with ThreadPoolExecutor(4) as pool:
        assert {found.tobytes() for found in pool.map(encoder.encode, [TEXTS] * 12)} == {expected}
