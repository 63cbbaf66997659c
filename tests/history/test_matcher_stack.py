"""Weights of the parts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from ticketopt._types import Float, Int
from ticketopt.history.matcher_linear import log_softmax
from ticketopt.history.matcher_stack import (
    FLOOR,
    PRIOR,
    USUAL,
    Stack,
    blended,
    fit_stack,
    fit_untrained,
    folds_by_class,
    folds_in_time,
)


def read_by(skill: float, target: Int, classes: int, seed: int) -> Float:
    """What a reader says that is right the more often the larger its skill: logs of probabilities."""
    logits = np.random.default_rng(seed).normal(size=(len(target), classes))
    logits[np.arange(len(target)), target] += skill
    return log_softmax(logits)


def loss(stack: Float, parts: Float, target: Int) -> float:
    logs = log_softmax(np.tensordot(stack, parts, 1))[np.arange(len(target)), target]
    usual = np.array([USUAL.words, USUAL.vectors, USUAL.untrained])
    return float(PRIOR * ((stack - usual) ** 2).sum() - logs.sum())


@pytest.mark.parametrize("skills", [(2.0, 1.0, 0.5), (0.0, 2.0, 0.0), (2.0, -1.0, -1.0), (-1.0, -1.0, -1.0)])
def test_weights_are_the_best_that_another_optimizer_finds(skills: tuple[float, float, float]) -> None:
    target = np.arange(200) % 4
    words, vectors, third = (read_by(skill, target, 4, seed) for seed, skill in enumerate(skills))
    untrained = np.exp(third)
    found = fit_stack(words, vectors, untrained, target)
    parts = np.stack([words, vectors, np.log(untrained + FLOOR)])
    other = minimize(loss, np.ones(3), (parts, target), method="L-BFGS-B", bounds=[(0, None)] * 3)
    own = np.array([found.words, found.vectors, found.untrained])
    assert own == pytest.approx(other.x, abs=0.01)
    assert (own >= 0).all()


def test_a_part_that_is_worse_than_chance_is_not_heard() -> None:
    target = np.arange(300) % 3
    good = read_by(2.0, target, 3, 0)
    assert fit_stack(good, good, np.exp(read_by(-3.0, target, 3, 1)), target).untrained == 0.0
    assert fit_untrained(np.exp(read_by(-3.0, target, 3, 1)), target).untrained == 0.0


def test_an_untrained_reader_that_is_right_is_heard_from_the_first_ticket_on() -> None:
    target = np.arange(15)
    assert fit_untrained(np.exp(read_by(6.0, target, 15, 0)), target).untrained > 1.0


def test_the_better_the_untrained_reader_the_less_say_have_parts_that_nothing_tells_of() -> None:
    target = np.arange(15)
    found = [fit_untrained(np.exp(read_by(skill, target, 15, 0)), target) for skill in (0.0, 2.0, 6.0)]
    says = [stack.vectors / max(stack.untrained, 0.2) for stack in found]
    assert says == sorted(says, reverse=True)
    assert says[0] > 5 > 1 > says[-1]


def test_a_reader_that_knows_half_of_the_classes_does_not_outvote_vectors_that_know_all() -> None:
    """With one ticket per class, blends were four points behind the vectors where half the names said nothing."""
    target = np.arange(20)
    half = read_by(3.0, target, 20, 0)
    half[::2] = read_by(-3.0, target[::2], 20, 1)
    stack = fit_untrained(np.exp(half), target)
    assert 0.1 < stack.untrained < stack.vectors / 2


def test_a_reader_without_any_share_changes_nothing() -> None:
    words, vectors = (log_softmax(np.array([[1.0, 0.0, -1.0]])) for _ in range(2))
    silent = np.zeros((1, 3))
    assert blended(Stack(1, 1, 5), words, vectors, silent) == pytest.approx(log_softmax(words + vectors))


@given(st.lists(st.integers(0, 12).map(float), max_size=40).map(sorted))
def test_folds_in_time_never_learn_from_what_comes_later(times: list[float]) -> None:
    folds = folds_in_time(np.array(times))
    for train, test in folds:
        assert max(times[k] for k in train) < min(times[k] for k in test)
    assert all(first[1][-1] < second[1][0] for first, second in pairwise(folds))


@given(st.lists(st.integers(0, 4), max_size=40).map(lambda target: np.array(target, dtype=np.int64)))
def test_folds_by_class_read_every_ticket_once_and_leave_classes_their_other_tickets(target: Int) -> None:
    folds = folds_by_class(target)
    if len(target) > 1:
        assert sorted(k for _, test in folds for k in test.tolist()) == list(range(len(target)))
    for train, test in folds:
        assert not set(train.tolist()) & set(test.tolist())
        counts = np.bincount(target[test], minlength=5)
        assert (counts <= -(-np.bincount(target, minlength=5) // 5)).all()


def test_of_many_tickets_the_last_folds_are_enough() -> None:
    assert [len(test) for _, test in folds_in_time(np.arange(2000.0))] == [200, 200]
    assert len(folds_by_class(np.arange(2000) % 3)) == 2
