"""How the table is made."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.triage.encoders.base import unit
from ticketopt.triage.encoders.train import Recipe, bags, directions, gradient, kept, trained

PIECES = ["printer", "paper", "jam", "##s", "pass", "##word", "reset"]
NUMBERS = {piece: number for number, piece in enumerate(PIECES)}
TEXTS = ["printer jam", "the paper jams", "password reset", "reset passwords", "printer paper"]


def loss(rows: np.ndarray, bag: np.ndarray, wanted: np.ndarray, axes: np.ndarray, likeness: float) -> float:
    """What training lowers, said plainly."""
    found = bag @ rows
    found = found / np.linalg.norm(found, axis=1, keepdims=True)
    goal = wanted @ axes
    goal = goal / np.linalg.norm(goal, axis=1, keepdims=True)
    error = found @ found.T - wanted @ wanted.T
    np.fill_diagonal(error, 0)
    return float(1 - (found * goal).sum(axis=1).mean() + likeness * (error * error).mean())


@pytest.fixture
def case() -> tuple[np.ndarray, ...]:
    chance = np.random.default_rng(5)
    wanted = unit(chance.normal(size=(len(TEXTS), 6)))
    return chance.normal(size=(len(PIECES), 4)), wanted, chance.normal(size=(6, 4))


class TestBags:
    def test_count_pieces_without_determiners(self) -> None:
        assert bags(["The jams, the JAM!", "", "unknown"], NUMBERS).toarray().tolist() == [
            [0, 0, 2, 1, 0, 0, 0],
            [0] * 7,
            [0] * 7,
        ]


class TestKept:
    def test_words_in_latin_letters(self) -> None:
        pieces = ["printer", "##er", "2", "[CLS]", "[unused7]", "!", "卡", "é", "##"]
        assert [piece for piece in pieces if kept(piece)] == ["printer", "##er", "2"]


class TestDirections:
    def test_are_those_that_differ_most(self) -> None:
        vectors = np.random.default_rng(1).normal(size=(500, 3)) * [0.1, 5, 1]
        axes = directions(vectors.astype(np.float32), 2)
        assert np.abs(axes).round(1).tolist() == [[0, 0], [1, 0], [0, 1]]


class TestTrained:
    @pytest.mark.parametrize("likeness", [0.0, 3.0])
    def test_the_gradient_is_that_of_the_loss(self, case: tuple[np.ndarray, ...], likeness: float) -> None:
        rows, wanted, axes = case
        bag = bags(TEXTS, NUMBERS)
        found = gradient(rows, bag, wanted, axes, likeness)
        for place in np.ndindex(*rows.shape):
            step = np.zeros_like(rows)
            step[place] = 1e-5
            rise = loss(rows + step, bag.toarray(), wanted, axes, likeness)
            fall = loss(rows - step, bag.toarray(), wanted, axes, likeness)
            assert found[place] == pytest.approx((rise - fall) / 2e-5, abs=1e-5)

    def test_training_lowers_the_loss_and_is_the_same_again(self, case: tuple[np.ndarray, ...]) -> None:
        rows, wanted, axes = (part.astype(np.float32) for part in case)
        bag = bags(TEXTS, NUMBERS)
        recipe = Recipe(dimension=4, rounds=300, batch=5, rate=0.01)
        after = trained(rows, bag, wanted, axes, recipe)
        assert (after == trained(rows, bag, wanted, axes, recipe)).all()
        before, now = (loss(r, bag.toarray(), wanted, axes, recipe.likeness) for r in (rows, after))
        assert now < before / 3
