"""Learn from past tickets: which words led to which skill, queue or group.

Fitting needs scikit-learn; loading and reading need only numpy. Files hold arrays and JSON, never pickles.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.errors import InvalidInputError, Issue
from ticketopt.problem import fields as f
from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.records import Ticket
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.reader import Reader
from ticketopt.triage.text import Text, read_fields, read_text
from ticketopt.triage.words import GENERAL, folded, stem

HALF_TRUST = 8.0
"""Past tickets of a class with which history counts as much as the untrained score."""

SMALLEST_SHARE = 0.03
"""Skills with a smaller share are dropped."""

_FORMAT = 1
_NGRAM = 4
_FOLDS = 5
_EVIDENCE_WORDS = 5
_TEMPERATURES = np.geomspace(0.25, 4.0, 33)

Floats = Float


@dataclass(frozen=True, slots=True, eq=False)
class SkillMatcher:
    """A linear classifier over TF-IDF of words, word pairs and character n-grams, blended with `read_tickets`.

    It is a `Triage`: pass it to `assign(..., triage=matcher)`.

    Attributes
    ----------
    labels : the classes, as they were given.
    counts : past tickets of each class.
    vocabulary : feature -> its row.
    idf : weight of each feature, shape (features,).
    coefficients, intercepts : shapes (features, classes) and (classes,).
    temperature : what log-odds are divided by, so that probabilities are as often right as they say.
    lexicon : for the untrained score; None is ours. It is not saved.
    """

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    vocabulary: Mapping[str, int]
    idf: Floats
    coefficients: Floats
    intercepts: Floats
    temperature: float = 1.0
    lexicon: Lexicon | None = None

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], *, lexicon: Lexicon | None = None) -> SkillMatcher:
        """Learn from past tickets: `labels[k]` solved `texts[k]`. Same input, same result.

        Labels that are one name in two spellings are one class, spelled as it came first.
        """
        _check_training(texts, labels)
        spelling = f.first_spellings(labels)
        labels = [spelling[f.spelled(label)] for label in labels]
        features = [Counter(_features(read_text(text, "description"))) for text in texts]
        vocabulary = _vocabulary(features)
        seen = np.zeros(len(vocabulary))
        for bag in features:
            seen[[vocabulary[name] for name in bag if name in vocabulary]] += 1
        idf = np.log((1 + len(texts)) / (1 + seen)) + 1
        names = tuple(sorted(set(labels)))
        counts = Counter(labels)
        matcher = cls(
            names, tuple(counts[n] for n in names), vocabulary, idf, np.zeros((0, 0)), np.zeros(0), 1.0, lexicon
        )
        coefficients, intercepts, temperature = _fit_linear(
            [matcher._row(bag) for bag in features], labels, names, len(idf)
        )
        return replace(matcher, coefficients=coefficients, intercepts=intercepts, temperature=temperature)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Calibrated probability of every class, shape (texts, classes), from history alone."""
        return np.array([self._judge(self._row(Counter(_features(read_text(t, "description")))))[0] for t in texts])

    def __call__(self, tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> tuple[Reading, ...]:
        """`read_tickets`, with history blended in where a ticket does not name its skills itself.

        History counts the more, the more past tickets its classes have and the more of the words it knows. Skills
        that history never saw keep their untrained score.
        """
        readings = Reader(lexicon=self.lexicon)(tickets, skills=skills, now=now)
        spelling = f.first_spellings(skills)
        known = [spelling.get(f.spelled(label)) for label in self.labels]
        return tuple(
            reading if ticket.skills is not None else self._blend(ticket, reading, known)
            for ticket, reading in zip(tickets, readings, strict=True)
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write one `.npz` file."""
        ordered = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        header = {"format": _FORMAT, "labels": self.labels, "counts": self.counts, "vocabulary": ordered}
        text = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file,
                header=text,
                idf=self.idf,
                coefficients=self.coefficients,
                intercepts=self.intercepts,
                temperature=np.array(self.temperature),
            )

    @classmethod
    def load(cls, path: str | PathLike[str], *, lexicon: Lexicon | None = None) -> SkillMatcher:
        """Read what `save` wrote. Nothing in the file is executed."""
        try:
            with np.load(path, allow_pickle=False) as data:
                header = json.loads(bytes(data["header"]).decode())
                arrays = {name: np.asarray(data[name], dtype=np.float64) for name in data.files if name != "header"}
            if header["format"] != _FORMAT:
                raise ValueError("another format")
            labels, counts = tuple(map(str, header["labels"])), tuple(map(int, header["counts"]))
            vocabulary = {name: row for row, name in enumerate(header["vocabulary"])}
            temperature = float(arrays.pop("temperature"))
            matcher = cls(labels, counts, vocabulary, temperature=temperature, lexicon=lexicon, **arrays)
            matcher._check_shapes()
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            repair = "give a file that SkillMatcher.save of this version wrote"
            raise InvalidInputError.single("history", f"cannot be read ({type(error).__name__})", repair) from None
        return matcher

    def _check_shapes(self) -> None:
        n, m = len(self.vocabulary), len(self.labels)
        shapes = (self.idf.shape, self.coefficients.shape, self.intercepts.shape, (len(self.counts),))
        finite = all(np.isfinite(a).all() for a in (self.idf, self.coefficients, self.intercepts))
        if shapes != ((n,), (n, m), (m,), (m,)) or not finite or not 0 < self.temperature < np.inf:
            raise ValueError("arrays that do not fit together")

    def _row(self, bag: Mapping[str, int]) -> tuple[list[int], Floats, float]:
        """Feature rows, their normalized TF-IDF, and the part of the features that training knew."""
        rows = [self.vocabulary[name] for name in bag if name in self.vocabulary]
        counts = np.array([bag[name] for name in bag if name in self.vocabulary], dtype=float)
        values = (1 + np.log(counts)) * self.idf[rows] if rows else np.zeros(0)
        norm = float(np.sqrt((values**2).sum()))
        return rows, values / norm if norm else values, len(rows) / max(1, len(bag))

    def _judge(self, row: tuple[list[int], Floats, float]) -> tuple[Floats, float]:
        """Probability of every class, and how far to trust them, 0 to 1."""
        rows, values, coverage = row
        logits = (self.intercepts + values @ self.coefficients[rows]) / self.temperature
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        counts = np.array(self.counts, dtype=float)
        return shares, float((shares * counts / (counts + HALF_TRUST)).sum() * coverage)

    def _blend(self, ticket: Ticket, reading: Reading, known: Sequence[str | None]) -> Reading:
        texts = read_fields(ticket.title, ticket.description)
        row = self._row(Counter(name for text in texts for name in _features(text)))
        shares, trust = self._judge(row)
        inside = sum(float(share) for share, name in zip(shares, known, strict=True) if name is not None)
        if not row[0] or inside <= 0:
            return reading
        blended = {name: share * (1 - trust if name in known else 1.0) for name, share in reading.skills.items()}
        for share, name in zip(shares, known, strict=True):
            if name is not None:
                blended[name] = blended.get(name, 0.0) + trust * float(share)
        total = sum(blended.values())
        kept = {name: share for name, share in blended.items() if share >= SMALLEST_SHARE * total}
        total = sum(kept.values())
        wanted = {name: kept[name] / total for name in sorted(kept, key=lambda name: -kept[name])}
        evidence = [item for item in reading.evidence if item.about in wanted or item.about not in reading.skills]
        evidence += self._evidence(texts, row, shares, trust, {k: n for k, n in enumerate(known) if n in wanted and n})
        return replace(reading, skills=wanted, evidence=tuple(sorted(evidence, key=lambda item: -abs(item.weight))))

    def _evidence(
        self,
        texts: Sequence[Text],
        row: tuple[list[int], Floats, float],
        shares: Floats,
        trust: float,
        about: Mapping[int, str],
    ) -> list[Evidence]:
        """For every class, the words that speak most for it."""
        evidence = []
        value_of = dict(zip(row[0], row[1], strict=True))
        places = {stem(word): (text.field, word) for text in reversed(texts) for word in reversed(text.words)}
        for column, skill in about.items():
            pulls = []
            for base, (field, word) in places.items():
                feature = self.vocabulary.get("w " + base)
                if feature in value_of:
                    pull = float(value_of[feature] * self.coefficients[feature, column]) * trust
                    pulls.append(Evidence(skill, word, field, pull))
            pulls.sort(key=lambda item: -item.weight)
            evidence += [item for item in pulls[:_EVIDENCE_WORDS] if item.weight > 0]
        return evidence


def _features(text: Text) -> list[str]:
    stems = [stem(word) for word, weight in zip(text.words, text.weights, strict=True) if weight >= 0.3]
    stems = [base for base in stems if base not in GENERAL]
    pairs = [f"p {a} {b}" for a, b in itertools.pairwise(stems)]
    grams = []
    for base in stems:
        padded = f" {folded(base)} "
        grams += [f"g {padded[k : k + _NGRAM]}" for k in range(max(1, len(padded) - _NGRAM + 1))]
    return [*(f"w {base}" for base in stems), *pairs, *grams]


def _vocabulary(features: Sequence[Mapping[str, int]]) -> dict[str, int]:
    seen = Counter(name for bag in features for name in bag)
    least = 1 if len(features) < 200 else 2
    return {name: row for row, name in enumerate(sorted(name for name, n in seen.items() if n >= least))}


def _check_training(texts: Sequence[str], labels: Sequence[str]) -> None:
    issues = []
    if isinstance(texts, str) or isinstance(labels, str):
        raise InvalidInputError.single("texts and labels", "are single texts", "give two lists of texts")
    if len(texts) != len(labels):
        issues.append(Issue("labels", f"has {len(labels)} entries for {len(texts)} texts", "give one label per text"))
    report = f.Report()
    for k, text in enumerate(texts):
        f.text(text, f"texts[{k}]", report)
    for k, label in enumerate(labels):
        f.name(label, f"labels[{k}]", report)
    issues += report.issues
    if not report.issues and len(f.first_spellings(labels)) < 2:
        issues.append(Issue("labels", "has fewer than two classes", "give past tickets of at least two"))
    if issues:
        raise InvalidInputError(issues)


def _fit_linear(
    rows: Sequence[tuple[list[int], Floats, float]], labels: Sequence[str], names: Sequence[str], width: int
) -> tuple[Floats, Floats, float]:
    """Coefficients, intercepts and temperature; the temperature from held-out folds where the classes allow it."""
    try:
        from scipy.sparse import csr_array
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
        from sklearn.model_selection import StratifiedKFold, cross_val_predict  # type: ignore[import-untyped]
    except ImportError:
        raise ImportError("SkillMatcher.fit needs scikit-learn: pip install scikit-learn") from None
    starts = np.cumsum([0, *(len(row) for row, _, _ in rows)])
    columns = np.array([k for row, _, _ in rows for k in row], dtype=np.int64)
    values = np.concatenate([part for _, part, _ in rows]) if rows else np.zeros(0)
    matrix = csr_array((values, columns, starts), shape=(len(rows), width))
    target = np.array([names.index(label) for label in labels])
    model = LogisticRegression(C=10.0, max_iter=1000)
    temperature = 1.0
    if min(Counter(labels).values()) >= 2:
        folds = StratifiedKFold(min(_FOLDS, *Counter(labels).values()), shuffle=True, random_state=0)
        held_out = cross_val_predict(model, matrix, target, cv=folds, method="decision_function")
        temperature = _best_temperature(_two_columns(held_out), target)
    model.fit(matrix, target)
    weights, intercepts = model.coef_.T, model.intercept_
    if len(names) == 2:
        weights, intercepts = np.hstack([-weights / 2, weights / 2]), np.array([-intercepts[0] / 2, intercepts[0] / 2])
    return np.asarray(weights, dtype=float), np.asarray(intercepts, dtype=float), temperature


def _two_columns(decisions: Any) -> Floats:
    decisions = np.asarray(decisions, dtype=float)
    return np.stack([-decisions / 2, decisions / 2], axis=1) if decisions.ndim == 1 else decisions


def _best_temperature(logits: Floats, target: Int) -> float:
    """The temperature with the smallest log loss on tickets that the model has not seen."""

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(target)), target]).mean())

    return float(min(_TEMPERATURES, key=loss))
