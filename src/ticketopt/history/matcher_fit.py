"""Learn the trained reader from past tickets. Needs numpy and scipy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.history.matcher_linear import Linear, fit_linear
from ticketopt.history.matcher_stack import (
    LEAST_FORWARD,
    Fold,
    Stack,
    fit_stack,
    fit_untrained,
    folds_by_class,
    folds_in_time,
)
from ticketopt.history.matcher_words import Row, WordTable, bag_of_features
from ticketopt.problem import fields as f
from ticketopt.triage.encoders.static import default_encoder
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.reader import Reader
from ticketopt.triage.text import Text, read_text

TRUST_IN_WORDS = 10.0
TRUST_IN_VECTORS = 3.0
"""Strength of the regressions (see `fit_linear`)."""
MOST_TEXTS = 20_000
"""Tickets that are learned from: with times the newest, as words and groups change; else evenly spread ones."""
MOST_UNSEEN = 2000
"""Unseen tickets that weights are fitted on; the untrained reader must read them."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What past tickets taught.

    Attributes
    ----------
    labels : the classes, as they were given. counts : past tickets of each.
    table, words : the features, and the regression on them. vectors : the regression on the encoder's vectors.
    stack : the weights of the parts. encoder : the name of the encoder whose vectors they were.
    """

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    table: WordTable
    words: Linear
    vectors: Linear
    stack: Stack
    encoder: str


@dataclass(frozen=True, slots=True, eq=False)
class _Examples:
    """Tickets, then each class by its name, as numbers: `words` sparse, `vectors` dense, with `target` their class."""

    words: Any
    vectors: Float
    target: Int
    n_classes: int

    def fit(self, tickets: Int) -> tuple[Linear, Linear]:
        """Both regressions from some tickets and all names: so every class has an example."""
        names = np.arange(len(self.target) - self.n_classes, len(self.target))
        rows = np.concatenate([tickets, names])
        target, vectors = self.target[rows], self.vectors[rows]
        words = fit_linear(self.words[rows], target, self.n_classes, TRUST_IN_WORDS)
        return words, _fit_vectors(vectors, target, self.n_classes)


def learn_texts(
    texts: Sequence[str], labels: Sequence[str], reader: Reader, times: Sequence[float] | None = None
) -> Learned:
    """Learn from past tickets: `labels[k]` solved `texts[k]`, which was known at `times[k]`.

    1. The tickets in the order of time (else of class and text), so that the order they came in changes no bit; of
       more than `MOST_TEXTS` the newest.
    2. Words, vectors and names as numbers.
    3. In folds, forward in time where times are given and tickets are enough: both regressions, and what they say of
       tickets they have not seen; from it the weights of the parts.
    4. Both regressions from everything.
    """
    texts, labels, moments = _in_order(texts, labels, _checked(texts, labels, times))
    if len(texts) > MOST_TEXTS:
        kept = _some(np.arange(len(texts)), MOST_TEXTS) if moments is None else np.arange(len(texts))[-MOST_TEXTS:]
        texts, labels = [texts[k] for k in kept], [labels[k] for k in kept]
        moments = None if moments is None else moments[kept]
    spelling = f.first_spellings(labels)
    names = tuple(sorted(spelling.values()))
    column = {f.spelled(name): k for k, name in enumerate(names)}
    target = np.array([column[f.spelled(label)] for label in labels], dtype=np.int64)
    queue = [[read_text(text, "description")] for text in texts]
    table, examples = _examples(queue, target, names, reader)
    stack = _stack(examples, moments, queue, names, reader)
    words, vectors = examples.fit(np.arange(len(texts)))
    counts = tuple(np.bincount(target, minlength=len(names)).tolist())
    return Learned(names, counts, table, words, vectors, stack, encoder_name(reader))


def encoder_name(reader: Reader) -> str:
    """The name of the encoder that a reader has."""
    return default_encoder().name if reader.encoder is None else reader.encoder.name


def _in_order(
    texts: Sequence[str], labels: Sequence[str], times: Sequence[float] | None
) -> tuple[list[str], list[str], Float | None]:
    if times is None:
        order = sorted(range(len(texts)), key=lambda k: (f.spelled(labels[k]), texts[k], labels[k]))
        return [texts[k] for k in order], [labels[k] for k in order], None
    order = sorted(range(len(texts)), key=lambda k: (times[k], f.spelled(labels[k]), texts[k], labels[k]))
    return [texts[k] for k in order], [labels[k] for k in order], np.array([times[k] for k in order], dtype=float)


def _examples(
    queue: Sequence[Sequence[Text]], target: Int, names: tuple[str, ...], reader: Reader
) -> tuple[WordTable, _Examples]:
    bags = [bag_of_features(fields) for fields in [*queue, *([read_text(name, "description")] for name in names)]]
    table = WordTable.of(bags)
    likeness = reader.team(f.first_spellings(names)).likeness
    vectors = np.vstack([likeness.vectors(queue).rows, likeness.skills]) / UNIT
    everything = np.concatenate([target, np.arange(len(names))])
    words = _sparse([table.row(bag) for bag in bags], len(table.idf))
    return table, _Examples(words, vectors, everything, len(names))


def _sparse(rows: Sequence[Row], width: int) -> Any:
    from scipy.sparse import csr_array

    starts = np.cumsum([0, *(len(ids) for ids, _ in rows)])
    values, ids = np.concatenate([row[1] for row in rows]), np.concatenate([row[0] for row in rows])
    return csr_array((values, ids, starts), shape=(len(rows), width))


def _fit_vectors(vectors: Float, target: Int, n_classes: int) -> Linear:
    """The regression on vectors as far as they differ, whatever encoder they are of: mean 0, mean square length 1."""
    middle = vectors.mean(axis=0)
    centered = vectors - middle
    size = float(np.sqrt((centered**2).sum(axis=1).mean())) or 1.0
    found = fit_linear(centered / size, target, n_classes, TRUST_IN_VECTORS)
    coefficients = found.coefficients / size
    return Linear(coefficients, found.intercepts - middle @ coefficients)


def _stack(
    examples: _Examples,
    moments: Float | None,
    queue: Sequence[Sequence[Text]],
    names: tuple[str, ...],
    reader: Reader,
) -> Stack:
    """The weights, from tickets unseen forward in time where these are enough, else from parts of all tickets."""
    rows, words, vectors = _unseen(examples, [] if moments is None else folds_in_time(moments))
    if len(rows) < LEAST_FORWARD * len(names):
        rows, words, vectors = _unseen(examples, folds_by_class(examples.target[: len(queue)]))
    if len(rows) < LEAST_FORWARD * len(names):
        some = _some(np.arange(len(queue)), MOST_UNSEEN)
        return fit_untrained(_untrained([queue[k] for k in some], names, reader), examples.target[some])
    some = _some(np.arange(len(rows)), MOST_UNSEEN)
    untrained = _untrained([queue[k] for k in rows[some]], names, reader)
    return fit_stack(words[some], vectors[some], untrained, examples.target[rows[some]])


def _unseen(examples: _Examples, folds: Sequence[Fold]) -> tuple[Int, Float, Float]:
    """Tickets of classes that were seen before, and what both regressions say of them."""
    rows, words, vectors = [np.zeros(0, np.int64)], [], []
    empty = np.zeros((0, examples.n_classes))
    for train, test in folds:
        test = test[np.isin(examples.target[test], examples.target[train])]
        if not len(test):
            continue
        by_words, by_vectors = examples.fit(train)
        rows.append(test)
        words.append(by_words.logs(examples.words[test]))
        vectors.append(by_vectors.logs(examples.vectors[test]))
    return np.concatenate(rows), np.concatenate([empty, *words]), np.concatenate([empty, *vectors])


def _some(rows: Int, most: int) -> Int:
    """At most so many of them, evenly spread."""
    return rows if len(rows) <= most else rows[np.arange(most) * len(rows) // most]


def _untrained(queue: Sequence[Sequence[Text]], names: tuple[str, ...], reader: Reader) -> Float:
    return reader.weigh(queue, f.first_spellings(names)).shares


def _checked(texts: Sequence[str], labels: Sequence[str], times: Sequence[float] | None) -> list[float] | None:
    """The times as numbers, or one error that names everything that is wrong."""
    if isinstance(texts, str) or isinstance(labels, str):
        raise InvalidInputError.single("texts and labels", "are single texts", "give two lists of texts")
    issues = []
    for name, given in (("labels", labels), ("times", times)):
        if given is not None and len(texts) != len(given):
            repair = f"give one {name.removesuffix('s')} per text"
            issues.append(Issue(name, f"has {len(given)} entries for {len(texts)} texts", repair))
    report = f.Report()
    for k, text in enumerate(texts):
        f.text(text, f"texts[{k}]", report)
    for k, label in enumerate(labels):
        f.name(label, f"labels[{k}]", report)
    clean = None if times is None else [f.timestamp(time, f"times[{k}]", report) for k, time in enumerate(times)]
    issues += report.issues
    if not report.issues and len(f.first_spellings(labels)) < 2:
        issues.append(Issue("labels", "has fewer than two classes", "give past tickets of at least two"))
    if issues:
        raise InvalidInputError(issues)
    return clean
