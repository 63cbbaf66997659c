"""Learn from past tickets: which texts led to which skill, queue or group.

Learning needs numpy and scipy, reading numpy alone. What is learned is put together with the untrained reader, each
part weighed by how well it does on tickets that it has not seen (`ticketopt.history.matcher_stack`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike

import numpy as np

from ticketopt._types import Float
from ticketopt.errors import InvalidInputError
from ticketopt.history.history import History
from ticketopt.history.matcher_evidence import by_vectors, by_words
from ticketopt.history.matcher_file import load_learned, save_learned
from ticketopt.history.matcher_fit import Learned, encoder_name, learn_texts
from ticketopt.history.matcher_history import EVER, texts_of_history
from ticketopt.history.matcher_linear import log_softmax
from ticketopt.history.matcher_stack import Stack, blended
from ticketopt.history.matcher_words import bag_of_features
from ticketopt.problem import fields as f
from ticketopt.problem.reading import Evidence, LazyEvidence, Reading
from ticketopt.problem.records import Ticket
from ticketopt.triage.likeness import UNIT
from ticketopt.triage.reader import Reader
from ticketopt.triage.text import Text, read_fields, read_text

HALF_TRUST = 8.0
"""Past tickets of a class with which history has half a say against skills that it never saw."""

SMALLEST_SHARE = 0.03
"""Skills with a smaller share are dropped."""


@dataclass(frozen=True, slots=True, eq=False)
class SkillMatcher:
    """Two regressions, on the words and on the vectors of past tickets, put together with the untrained reader.

    It is a `Triage`: pass it to `assign(..., triage=matcher)`.

    Attributes
    ----------
    learned : what past tickets taught.
    reader : the untrained reader, whose encoder makes the vectors. It is not saved.
    """

    learned: Learned
    reader: Reader = field(default_factory=Reader)

    def __post_init__(self) -> None:
        own = encoder_name(self.reader)
        if own != self.learned.encoder:
            problem = f"was learned with the vectors of {self.learned.encoder!r}, not of {own!r}"
            raise InvalidInputError.single("history", problem, "give a reader with that encoder, or learn again")

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        times: Sequence[float] | None = None,
        reader: Reader | None = None,
    ) -> SkillMatcher:
        """Learn from past tickets. Same input, same result.

        Parameters
        ----------
        texts, labels : `labels[k]` solved `texts[k]`. Labels that are one name in two spellings are one class, spelled
            as it came first.
        times : when that was known, Unix seconds. Where they are given, the parts are weighed forward in time, and the
            order of the tickets does not matter.
        reader : the untrained reader; None is ours as it is.
        """
        reader = Reader() if reader is None else reader
        return cls(learn_texts(texts, labels, reader, times), reader)

    @classmethod
    def fit_history(
        cls, history: History, *, skill: str = "group", until: float = EVER, reader: Reader | None = None
    ) -> SkillMatcher:
        """Learn from a helpdesk's past, weighed forward in time.

        Parameters
        ----------
        skill : what solved a ticket: the `group` of the agent who resolved it, its `kind`, or a further column.
        until : Unix seconds: learn from what was resolved by then. What came later changes no bit.
        reader : see `fit`.
        """
        texts, labels, times = texts_of_history(history, skill, until)
        return cls.fit(texts, labels, times=times, reader=reader)

    def noted(self, notes: Mapping[str, str]) -> SkillMatcher:
        """The same, whose untrained reader has more notes on skills; its own win."""
        return replace(self, reader=self.reader.noted(notes))

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, as they were given."""
        return self.learned.labels

    @property
    def counts(self) -> tuple[int, ...]:
        """Past tickets of each class."""
        return self.learned.counts

    @property
    def stack(self) -> Stack:
        """How the parts are weighed."""
        return self.learned.stack

    def probabilities(self, texts: Sequence[str]) -> Float:
        """Calibrated probability of every class, shape (texts, classes)."""
        return np.exp(blended(self.stack, *self.parts(texts)))

    def parts(self, texts: Sequence[str]) -> tuple[Float, Float, Float]:
        """What each part says by itself, shape (texts, classes) each.

        Logs of probabilities by words, the same by vectors, and the shares of the untrained reader.
        """
        queue = [[read_text(text, "description")] for text in texts]
        weighing = self.reader.weigh(queue, f.first_spellings(self.labels))
        return self._by_words(queue), self._by_vectors(weighing.vectors.rows), weighing.shares

    def __call__(self, tickets: Sequence[Ticket], *, skills: Sequence[str], now: float) -> tuple[Reading, ...]:
        """What the untrained reader says, put together with history where a ticket does not name its skills itself.

        Skills that history never saw keep their untrained share; the more history's classes have past tickets, and the
        more of a ticket's words it knows, the more they share among them.
        """
        readings = list(self.reader(tickets, skills=skills, now=now))
        names = f.first_spellings(skills)
        known = {k: names[f.spelled(label)] for k, label in enumerate(self.labels) if f.spelled(label) in names}
        rows = [k for k, ticket in enumerate(tickets) if ticket.skills is None]
        queue = [read_fields(tickets[k].title, tickets[k].description) for k in rows]
        if rows and known:
            vectors = self.reader.team(names).likeness.vectors(queue).rows
            words = self._by_words(queue)
            logs = zip(queue, words, self._by_vectors(vectors), np.any(vectors, axis=1).tolist(), strict=True)
            for k, (fields, by_words, by_vectors, has_vector) in zip(rows, logs, strict=True):
                coverage = self.learned.table.coverage(bag_of_features(fields))
                if coverage or has_vector:
                    readings[k] = self._blend(readings[k], fields, known, by_words, by_vectors, coverage)
        return tuple(readings)

    def save(self, path: str | PathLike[str]) -> None:
        """Write one `.npz` file."""
        save_learned(self.learned, path)

    @classmethod
    def load(cls, path: str | PathLike[str], *, reader: Reader | None = None) -> SkillMatcher:
        """Read what `save` wrote. Nothing in the file is executed.

        `reader` must have the encoder that it was learned with.
        """
        return cls(load_learned(path), Reader() if reader is None else reader)

    def _by_words(self, queue: Sequence[Sequence[Text]]) -> Float:
        linear, table = self.learned.words, self.learned.table
        logits = np.zeros((len(queue), len(self.labels)))
        for k, fields in enumerate(queue):
            ids, values = table.row(bag_of_features(fields))
            logits[k] = linear.intercepts + values @ linear.coefficients[ids]
        return log_softmax(logits)

    def _by_vectors(self, rows: Float) -> Float:
        return self.learned.vectors.logs(rows / UNIT)

    def _blend(
        self,
        reading: Reading,
        fields: Sequence[Text],
        known: Mapping[int, str],
        words: Float,
        vectors: Float,
        coverage: float,
    ) -> Reading:
        """One reading with history in it.

        1. The classes among the skills, by all parts: their shares within history.
        2. How much of the ticket is history's: what the untrained reader gives its classes, and of the rest as much as
           history can be trusted.
        """
        columns = list(known)
        inside = np.array([reading.skills.get(known[k], 0.0) for k in columns])
        total = float(inside.sum())
        among = inside / total if total > 0 else inside
        shares = np.exp(blended(self.stack, words[None, columns], vectors[None, columns], among[None]))[0]
        counts = np.array(self.counts, dtype=float)[columns]
        trust = float((shares * counts / (counts + HALF_TRUST)).sum()) * coverage
        outside = {name: share for name, share in reading.skills.items() if name not in set(known.values())}
        history = total * (1 - trust) + trust if outside else 1.0
        found = {**outside, **{known[k]: history * float(p) for k, p in zip(columns, shares, strict=True)}}
        whole = sum(found.values())
        kept = {name: share for name, share in found.items() if share >= SMALLEST_SHARE * whole}
        whole = sum(kept.values())
        wanted = {name: kept[name] / whole for name in sorted(kept, key=lambda name: (-kept[name], name))}
        about = {k: known[k] for k in columns if known[k] in wanted}
        rest = partial(self._evidence, reading, fields, about)
        return replace(reading, skills=wanted, evidence=LazyEvidence(_known(reading), rest))

    def _evidence(self, reading: Reading, fields: Sequence[Text], about: Mapping[int, str]) -> list[Evidence]:
        """What led to the skills.

        By the untrained reader, as far as it counts for classes of history, and by both regressions.
        """
        learned, weights = set(about.values()), self.stack
        known = set(map(id, _known(reading)))
        skills = {*learned, *reading.skills}
        untrained = [
            replace(item, weight=item.weight * weights.untrained) if item.about in learned else item
            for item in reading.evidence
            if id(item) not in known and item.about in skills
        ]
        vectors = self.reader.team(f.first_spellings(self.labels)).likeness.vectors([fields])
        trained = [*by_words(self.learned, fields, about), *by_vectors(self.learned, vectors, fields, about)]
        return untrained + trained


def _known(reading: Reading) -> tuple[Evidence, ...]:
    """The evidence that is not about skills."""
    if isinstance(reading.evidence, LazyEvidence):
        return tuple(reading.evidence.known)
    return tuple(item for item in reading.evidence if item.about not in reading.skills)
