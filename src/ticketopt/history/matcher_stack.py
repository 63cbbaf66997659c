"""What two trained readers and the untrained one say, put together.

    log odds of class k = words * log H_k + vectors * log E_k + untrained * log(U_k + FLOOR)

H is the regression on words, E that on vectors, U the share that the untrained reader gives. The weights are at least
0 and are those under which tickets that H and E have not seen are likeliest; their size is the temperature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise, product

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.matcher_linear import log_softmax

FLOOR = 0.1
"""Share at which a class counts that the untrained reader does not see."""
FOLDS = 5
MANY, ENOUGH_FOLDS = 1500, 2
"""From so many tickets on, so many of the folds are read: they tell as much as the weights need."""
MOST_STEPS = 50
CLOSE = 1e-6
"""Change of the weights at which they are found."""
PRIOR = 4.0
"""Tickets whose doubt the weights' distance 1 from the usual ones weighs."""
LEAST_FORWARD = 2.0
"""Unseen tickets per class, in the mean, below which those forward in time are too few."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The weights of the three parts; by default those from which few tickets move little."""

    words: float = 1.2
    vectors: float = 2.4
    untrained: float = 0.2


USUAL = Stack()

ALONE = Stack(words=0.5, vectors=2.4)
"""The most that the trained parts weigh where about one ticket per class is known: one ticket's words are seldom those
of the next one, and what its vector says is far less sure than it is right."""
DECISIVE = 0.9
"""Weight of the untrained reader from which on the trained parts weigh less than that."""

Fold = tuple[Int, Int]
"""Which tickets are learned from, and which are then read."""


def blended(stack: Stack, words: Float, vectors: Float, untrained: Float) -> Float:
    """The log of the probability of each class. All shapes (tickets, classes).

    `words` and `vectors` are logs of probabilities, `untrained` are shares.
    """
    logs = stack.words * words + stack.vectors * vectors + stack.untrained * np.log(untrained + FLOOR)
    return log_softmax(logs)


def folds_in_time(times: Float) -> list[Fold]:
    """The later half in `FOLDS` parts, each read by what was learned from all before it. `times` ascend.

    Tickets of one time are never on both sides.
    """
    n = len(times)
    cuts = [n * (FOLDS + k) // (2 * FOLDS) for k in range(FOLDS + 1)]
    cuts = [int(np.searchsorted(times, times[cut])) if cut < n else n for cut in cuts]
    return _enough([(np.arange(a), np.arange(a, b)) for a, b in pairwise(cuts) if 0 < a < b], n)


def folds_by_class(target: Int) -> list[Fold]:
    """`FOLDS` parts with as much of each class as can be, each read by what was learned from the others."""
    places = np.zeros(len(target), dtype=np.int64)
    order = np.argsort(target, kind="stable")
    places[order] = np.arange(len(target)) % FOLDS  # neighbors within a class are in different parts
    parts = [(np.flatnonzero(places != k), np.flatnonzero(places == k)) for k in range(FOLDS)]
    return _enough([(train, test) for train, test in parts if len(train) and len(test)], len(target))


def _enough(folds: list[Fold], n: int) -> list[Fold]:
    return folds[-ENOUGH_FOLDS:] if n >= MANY else folds


def fit_stack(words: Float, vectors: Float, untrained: Float, target: Int) -> Stack:
    """The weights under which the classes of unseen tickets are likeliest, drawn to the usual ones."""
    parts = [words, vectors, np.log(untrained + FLOOR)]
    return Stack(*_likeliest(parts, target, astuple(USUAL)))


def fit_untrained(untrained: Float, target: Int) -> Stack:
    """The weights where about one ticket per class is known, so that nothing tells how good the trained parts are.

    The untrained reader's is the one under which it does best alone. Below `DECISIVE` it knows some of the classes at
    most; the further above, the less say the trained parts have.
    """
    (weight,) = _likeliest([np.log(untrained + FLOOR)], target, (USUAL.untrained,))
    say = (DECISIVE / max(weight, DECISIVE)) ** 3
    return Stack(say * ALONE.words, say * ALONE.vectors, weight)


def _likeliest(parts: Sequence[Float], target: Int, usual: Sequence[float]) -> list[float]:
    """Weights, at least 0, by Newton's method; the loss is convex."""
    stacked, start = np.stack(parts), np.array(usual)
    rows = np.arange(len(target))

    def loss(weights: Float) -> tuple[float, Float]:
        logs = log_softmax(np.tensordot(weights, stacked, 1))
        return float(PRIOR * ((weights - start) ** 2).sum() - logs[rows, target].sum()), np.exp(logs)

    weights = start
    value, shares = loss(weights)
    for _ in range(MOST_STEPS):
        expected = (stacked * shares).sum(axis=2)
        gradient = (expected - stacked[:, rows, target]).sum(axis=1) + 2 * PRIOR * (weights - start)
        spread = np.einsum("ant,bnt,nt->ab", stacked, stacked, shares) - expected @ expected.T
        step = _best_step(weights, gradient, spread + 2 * PRIOR * np.eye(len(start)))
        tried = weights + step
        new, shares = loss(tried)
        while new > value and np.abs(step).max() > CLOSE:
            step = step / 2
            tried = weights + step
            new, shares = loss(tried)
        if new > value:
            break
        weights, value = tried, new
        if np.abs(step).max() <= CLOSE:
            break
    return [float(weight) for weight in np.maximum(weights, 0.0)]


def _best_step(weights: Float, gradient: Float, curvature: Float) -> Float:
    """The step to the lowest point of the parabola among weights of at least 0, looked for on each of their edges."""
    best, lowest = np.zeros_like(weights), 0.0
    for free in product([True, False], repeat=len(weights)):
        is_free = np.array(free)
        step = np.where(is_free, 0.0, -weights)
        if is_free.any():
            wanted = -(gradient + curvature @ step)[is_free]
            step[is_free] = np.linalg.solve(curvature[np.ix_(is_free, is_free)], wanted)
        value = float(gradient @ step + 0.5 * step @ curvature @ step)
        if value < lowest and (weights + step >= -CLOSE).all():
            best, lowest = step, value
    return best
