"""What sounds like an alarm though no rule knows its words: a direction in the space of the words' vectors.

    alarm of a ticket = direction . (sum of its words' vectors, at length 1) - threshold

Each word counts once, wherever it stands; quotes, signatures and logs do not. Where the alarm is above 0, and still is
without what is only asked, supposed, past or ordered (`ticketopt.triage.mood`), the ticket is critical. Direction and
threshold are fitted by `python -m benchmarks.alarm` on labelled texts for one table of vectors, our own; the alarm is
the same whatever encoder reads the skills. All sums are sums of whole numbers, so they are exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.problem.reading import Evidence
from ticketopt.triage.encoders.static import StaticEncoder, default_encoder
from ticketopt.triage.likeness import UNIT, unit_rows
from ticketopt.triage.mood import told_words
from ticketopt.triage.stream import Stream
from ticketopt.triage.text import Text
from ticketopt.triage.urgency import LEAST_WEIGHT

SCALE = 1000.0
"""Directions and thresholds are whole multiples of 1 / SCALE of a log odds."""
MOST_WORDS = 3
"""Words shown that sound alarming."""


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """A direction and how far along it a ticket must lie.

    Attributes
    ----------
    encoder : whose vectors it was fitted on.
    direction : whole multiples of 1 / SCALE, times SCALE, shape (dimension,). threshold : likewise.
    """

    encoder: StaticEncoder
    direction: Float
    threshold: float

    def of(self, rows: Float) -> Float:
        """The alarm of unit rows (`ticketopt.triage.likeness.unit_rows`) in log odds."""
        return np.asarray((rows @ self.direction - self.threshold * UNIT) / (UNIT * SCALE))

    def is_heard(self, stream: Stream) -> Bool:
        """Which tickets sound like an alarm, all their new words taken together."""
        return self.of(alarm_rows(stream, self.encoder)) > 0

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
        total = words.sum(axis=0, keepdims=True)
        alarm = float(self.of(unit_rows(total))[0])
        if alarm <= 0:
            return []
        lower = alarm - self.of(unit_rows(total - words))
        order = np.argsort(-lower, kind="stable")[:MOST_WORDS].tolist()
        places = list(first.values())
        return [
            Evidence("urgency", text.passage(spot, spot), text.field, float(lower[k]), "vectors")
            for k in order
            if lower[k] > 0 or k == order[0]
            for text, spot in [places[k]]
        ]


def alarm_rows(stream: Stream, encoder: StaticEncoder) -> Float:
    """Tickets as unit rows, times UNIT: the sums of the vectors of their new words, each once."""
    bag = stream.bag
    is_new = bag.weights >= LEAST_WEIGHT
    starts = np.concatenate([[0], np.cumsum(is_new)])[bag.starts]
    return unit_rows(encoder.sums(bag.words, bag.ids[is_new], np.ones(int(is_new.sum()), np.int64), starts))


def alarm_for(encoder: StaticEncoder, content: Mapping[str, Any]) -> Alarm | None:
    """What `data/alarm.json` says; None where it was fitted on another table than the encoder's."""
    if content["table"] != encoder.name:
        return None
    return Alarm(encoder, np.array(content["direction"], dtype=np.float64), float(content["threshold"]))


@lru_cache(maxsize=1)
def default_alarm() -> Alarm | None:
    """The one of the package; None where the package's vectors are not those that it was fitted on."""
    content = json.loads(resources.files("ticketopt").joinpath("data/alarm.json").read_text("utf-8"))
    return alarm_for(default_encoder(), content)
