"""What two trained readers and the untrained one say, put together.

    log odds of class k = words * log H_k + vectors * log E_k + untrained * log(U_k + FLOOR)

H is the regression on words, E that on vectors, U the share that the untrained reader gives. The weights are at least
0 and are those under which tickets that H and E have not seen are likeliest; their size is the temperature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.history.matcher_linear import log_softmax

FLOOR = 0.02
"""Share at which a class counts that the untrained reader does not see."""
FOLDS = 5
PRIOR = 4.0
"""Tickets whose doubt the weights' distance 1 from the usual ones weighs."""
LEAST_SEEN = 2
"""Unseen tickets per class, in the mean, below which the trained parts keep their usual weights."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The weights of the three parts; by default those that fit most teams."""

    words: float = 1.0
    vectors: float = 1.0
    untrained: float = 0.3


USUAL = Stack()

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
    return [(np.arange(a), np.arange(a, b)) for a, b in pairwise(cuts) if 0 < a < b]


def folds_by_class(target: Int) -> list[Fold]:
    """`FOLDS` parts with as much of each class as can be, each read by what was learned from the others."""
    places = np.zeros(len(target), dtype=np.int64)
    order = np.argsort(target, kind="stable")
    places[order] = np.arange(len(target)) % FOLDS  # neighbors within a class are in different parts
    parts = [(np.flatnonzero(places != k), np.flatnonzero(places == k)) for k in range(FOLDS)]
    return [(train, test) for train, test in parts if len(train) and len(test)]


def fit_stack(words: Float, vectors: Float, untrained: Float, target: Int) -> Stack:
    """The weights under which the classes of unseen tickets are likeliest, drawn to the usual ones."""
    parts = [words, vectors, np.log(untrained + FLOOR)]
    return Stack(*_likeliest(parts, target, astuple(USUAL)))


def fit_untrained(untrained: Float, target: Int) -> Stack:
    """The usual weights, but the untrained reader's: the one under which it does best alone.

    For few tickets per class, too few to see how good the trained parts are: they are unsure then of their own.
    """
    (weight,) = _likeliest([np.log(untrained + FLOOR)], target, (USUAL.untrained,))
    return Stack(untrained=weight)


def _likeliest(parts: Sequence[Float], target: Int, usual: Sequence[float]) -> list[float]:
    from scipy.optimize import minimize

    stacked, start = np.stack(parts), np.array(usual)
    own = stacked[:, np.arange(len(target)), target]

    def loss(weights: Float) -> tuple[float, Float]:
        logs = log_softmax(np.tensordot(weights, stacked, 1))
        expected = (stacked * np.exp(logs)).sum(axis=(1, 2))
        value = -logs[np.arange(len(target)), target].sum() + PRIOR * ((weights - start) ** 2).sum()
        return float(value), expected - own.sum(axis=1) + 2 * PRIOR * (weights - start)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    return [float(weight) for weight in found.x]
