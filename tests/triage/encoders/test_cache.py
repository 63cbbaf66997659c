"""Vectors that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ticketopt.triage.encoders.base import Vectors
from ticketopt.triage.encoders.cache import Cached


class Counting:
    """Says how long texts are, and writes down what it was asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[1.0, len(text)] for text in texts], np.float32).reshape(len(texts), 2)


def lengths(found: Vectors) -> list[float]:
    return [float(row[1]) for row in found]


class TestCached:
    def test_a_text_is_encoded_once(self) -> None:
        inner = Counting()
        cached = Cached(inner)
        assert lengths(cached.encode(["a", "bb", "a"])) == [1, 2, 1]
        assert lengths(cached.encode(["ccc", "bb"])) == [3, 2]
        assert inner.asked == ["a", "bb", "ccc"]

    def test_it_keeps_no_more_than_it_may_and_forgets_the_oldest(self) -> None:
        inner = Counting()
        cached = Cached(inner, most=2)
        cached.encode(["a", "bb"])
        cached.encode(["a"])
        cached.encode(["ccc"])
        inner.asked.clear()
        cached.encode(["a", "ccc"])
        assert inner.asked == []
        cached.encode(["bb"])
        assert inner.asked == ["bb"]

    def test_more_texts_at_once_than_it_keeps(self) -> None:
        assert lengths(Cached(Counting(), most=1).encode(["a", "bb", "ccc"])) == [1, 2, 3]

    def test_vectors_of_one_name_are_not_used_for_another(self) -> None:
        inner = Counting()
        cached = Cached(inner)
        cached.encode(["a"])
        inner.name = "other"
        cached.encode(["a"])
        assert inner.asked == ["a", "a"]

    def test_what_a_caller_changes_is_not_kept(self) -> None:
        cached = Cached(Counting())
        cached.encode(["a"])[0] = 9
        assert lengths(cached.encode(["a"])) == [1]

    def test_threads(self) -> None:
        cached = Cached(Counting(), most=5)
        texts = ["x" * k for k in range(12)]
        with ThreadPoolExecutor(8) as pool:
            for found in pool.map(cached.encode, [texts] * 50):
                assert lengths(found) == list(range(12))
