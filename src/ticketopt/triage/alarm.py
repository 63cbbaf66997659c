"""What sounds like an alarm though no rule knows its words: by where its words point, and by some words themselves.

    alarm of a ticket = direction . (sum of its n words' vectors, at length 1)
                        + (sum of what each word says by itself) / sqrt(n + 8) - threshold

Each word counts once, wherever it stands; quotes, signatures and logs do not. Vectors tell what a ticket is about;
words by themselves tell how it is told: `man`, `down`, `into` beside `please`, `would`, `which`. Where the alarm is
above 0, and still is without what is only asked, supposed, past or ordered (`ticketopt.triage.mood`), the ticket is
critical. All numbers are fitted by `python -m benchmarks.alarm` on labelled texts for one table of vectors, our own;
the alarm is the same whatever encoder reads the skills. All sums are sums of whole numbers, so they are exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.problem.reading import Evidence
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.likeness import UNIT, unit_rows
from ticketopt.triage.mood import told_words
from ticketopt.triage.stream import LONGEST_WORD, Stream
from ticketopt.triage.text import Text, compiled_words
from ticketopt.triage.urgency import LEAST_WEIGHT
from ticketopt.triage.words import stem

SCALE = 1000.0
"""Directions, words and thresholds are whole multiples of 1 / SCALE of a log odds."""
MOST_WORDS = 3
"""Words shown that sound alarming."""
MORE_WORDS = 8
"""As if a ticket had so many more, so that one word by itself is not all that a short one says."""


@dataclass(frozen=True, slots=True, eq=False)
class NewWords:
    """The different new words of tickets.

    Attributes
    ----------
    rows : the sums of their vectors as unit rows, times UNIT, shape (tickets, dimension).
    words : different ones without case and accents. ids : of all tickets one after the other, as places in `words`.
    starts : where each ticket begins in them, shape (tickets + 1,).
    """

    rows: Float
    words: Sequence[str]
    ids: Int
    starts: Int

    @property
    def stems(self) -> list[str]:
        """The different words without inflection."""
        return compiled_words().stems(self.words, LONGEST_WORD, stem)


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """A direction, what words say by themselves, and how far a ticket must lie.

    Attributes
    ----------
    encoder : whose vectors it was fitted on.
    direction : whole multiples of 1 / SCALE, times SCALE, shape (dimension,). threshold : likewise.
    words : words without inflection, and what each says, likewise.
    """

    encoder: StaticEncoder
    direction: Float
    threshold: float
    words: Mapping[str, int] = field(default_factory=dict)

    def of(self, new: NewWords) -> Float:
        """The alarm of tickets, in log odds."""
        said = np.array([self.words.get(one, 0) for one in new.stems], dtype=np.int64)
        sums = np.concatenate([[0], np.cumsum(said[new.ids])])[new.starts]
        return self._odds(new.rows, np.diff(sums), np.diff(new.starts))

    def _odds(self, rows: Float, said: Int, counts: Int) -> Float:
        by_themselves = said / np.sqrt(counts + MORE_WORDS)
        return np.asarray((rows @ self.direction / UNIT + by_themselves - self.threshold) / SCALE)

    def is_heard(self, stream: Stream) -> Bool:
        """Which tickets sound like an alarm, all their new words taken together."""
        return self.of(new_words(stream, self.encoder)) > 0

    def evidence(self, fields: Sequence[Text]) -> list[Evidence]:
        """The words of a ticket without which the alarm were lowest; none where what it tells is no alarm.

        The weights say how much lower it were without each, in log odds.
        """
        first: dict[str, tuple[Text, int]] = {}
        for text in fields:
            for k, (low, is_told) in enumerate(zip(text.low, told_words(text), strict=True)):
                if is_told and text.weights[k] >= LEAST_WEIGHT:
                    first.setdefault(low, (text, k))
        words = self.encoder.word_vectors(list(first)).astype(np.float64)
        said = np.array([self.words.get(stem(low), 0) for low in first], dtype=np.int64)
        total, count = words.sum(axis=0, keepdims=True), np.array([len(first)])
        alarm = float(self._odds(unit_rows(total), said.sum(keepdims=True), count)[0])
        if alarm <= 0:
            return []
        lower = alarm - self._odds(unit_rows(total - words), said.sum() - said, count - 1)
        order = np.argsort(-lower, kind="stable")[:MOST_WORDS].tolist()
        places = list(first.values())
        return [
            Evidence("urgency", text.passage(spot, spot), text.field, float(lower[k]), "vectors")
            for k in order
            if lower[k] > 0 or k == order[0]
            for text, spot in [places[k]]
        ]


def new_words(stream: Stream, encoder: StaticEncoder) -> NewWords:
    """The words of tickets, each once, without quotes, signatures and logs."""
    bag = stream.bag
    is_new = bag.weights >= LEAST_WEIGHT
    starts, ids = np.concatenate([[0], np.cumsum(is_new)])[bag.starts], bag.ids[is_new]
    sums = encoder.sums(bag.words, ids, np.ones(len(ids), np.int64), starts)
    return NewWords(unit_rows(sums), bag.words, ids, starts)


def alarm_for(encoder: StaticEncoder, content: Mapping[str, Any]) -> Alarm | None:
    """What `data/alarm.json` says; None where it was fitted on another table than the encoder's."""
    if content["table"] != encoder.name:
        return None
    direction = np.array(content["direction"], dtype=np.float64)
    return Alarm(encoder, direction, float(content["threshold"]), content.get("words", {}))


@lru_cache(maxsize=1)
def default_alarm() -> Alarm | None:
    """The one of the package; None where the package's vectors are not those that it was fitted on."""
    content = json.loads(resources.files("ticketopt").joinpath("data/alarm.json").read_text("utf-8"))
    return alarm_for(default_encoder(), content)
