"""How alike tickets and skills are in meaning, by vectors.

A ticket and a skill are vectors of length 1; their likeness is the cosine, less what every skill has in common for
that ticket (its mean over the skills) and less what tickets of any helpdesk have in common for that skill (its mean
over the texts of `ticketopt.triage.encoders.spread`). All sums are sums of whole numbers: they are exact, so the order
of tickets and skills changes no bit, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ticketopt._types import Float
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.spread import probe_texts
from ticketopt.triage.encoders.static import StaticEncoder
from ticketopt.triage.stream import Stream, WordBag, stream_of
from ticketopt.triage.text import Text

UNIT = 4096.0
"""Vectors are rounded to whole multiples of 1 / UNIT."""

PART = 0.05
"""What words count are whole multiples of it (see `ticketopt.triage.text`), so that sums of vectors are exact."""


def unit_rows(rows: NDArray[np.floating]) -> Float:
    """Rows of length 1 as whole multiples of 1 / UNIT, times UNIT; zero where a row is zero."""
    rows = np.asarray(rows, dtype=np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.asarray(np.rint(rows * (UNIT / np.where(lengths > 0, lengths, 1.0))[:, None]))


@lru_cache(maxsize=8)
def center_of(encoder: Encoder) -> Float:
    """Where texts of helpdesks lie in the mean, times UNIT, shape (1, dimension)."""
    return np.asarray(np.rint(unit_rows(encoder.encode(probe_texts())).mean(axis=0, keepdims=True)))


@dataclass(frozen=True, slots=True, eq=False)
class TicketVectors:
    """Tickets as vectors.

    Attributes
    ----------
    rows : unit rows, times UNIT, shape (tickets, dimension).
    bag, encoder : their words, and what gives these vectors; where the rows are sums of those.
    """

    rows: Float
    bag: WordBag | None = None
    encoder: StaticEncoder | None = None

    def of_words(self, ticket: int) -> Float:
        """The vectors of a ticket's words, as in `bag`, times what each counts; none where no sum of words is known."""
        if self.bag is None or self.encoder is None or not self.rows[ticket].any():
            return np.zeros((0, self.rows.shape[1]))
        part = slice(*self.bag.starts[ticket : ticket + 2])
        words = self.encoder.word_vectors([self.bag.words[k] for k in self.bag.ids[part].tolist()])
        return words * self.bag.weights[part, None]


class Likeness:
    """A team's skills as vectors, and how alike tickets are to them.

    Parameters
    ----------
    encoder : what gives vectors.
    skills : for every skill the texts that say what it is about.
    beside : a direction that counts as one text more for each, or zeros; shape (skills, dimension).
    """

    def __init__(self, encoder: Encoder, skills: Sequence[Sequence[str]], beside: Float | None = None) -> None:
        self.encoder = encoder
        flat = np.asarray(encoder.encode([text for texts in skills for text in texts]), dtype=np.float64)
        rows = np.zeros((len(skills), flat.shape[1])) if beside is None else beside.copy()
        np.add.at(rows, np.repeat(np.arange(len(skills)), [len(texts) for texts in skills]), flat)
        self.skills = unit_rows(rows)
        self._middle = self.skills.mean(axis=0) if len(skills) else rows.sum(axis=0)
        self._background = self._contrasts(center_of(encoder))[0]

    def of(self, rows: Float, common: float) -> Float:
        """Likeness of tickets and skills, shape (tickets, skills).

        `common`, 0 to 1, is how much is taken off of what all tickets have in common. Tickets without vectors are
        alike to nothing: 0.
        """
        found = self._contrasts(rows) - common * self._background
        return np.where(np.any(rows, axis=1, keepdims=True), found, 0.0)

    def _contrasts(self, rows: Float) -> Float:
        """Cosines less their mean over the skills, in whole multiples of 1 / UNIT**2."""
        products = rows @ self.skills.T
        means = products.sum(axis=1, keepdims=True) / max(1, len(self.skills))
        return np.asarray(np.rint(products - means) / UNIT**2)

    def vectors(self, queue: Sequence[Sequence[Text]]) -> TicketVectors:
        """The vectors of tickets' fields."""
        return self.vectors_of(stream_of(queue))

    def vectors_of(self, stream: Stream) -> TicketVectors:
        """The tickets' vectors."""
        if not isinstance(self.encoder, StaticEncoder):
            return TicketVectors(unit_rows(self.encoder.encode([text_of(fields) for fields in stream.queue])))
        bag = stream.bag
        parts = np.rint(bag.weights / PART).astype(np.int64)
        return TicketVectors(unit_rows(self.encoder.sums(bag.words, bag.ids, parts, bag.starts)), bag, self.encoder)

    def of_texts(self, texts: Sequence[str], common: float) -> Float:
        """The same as `of`, for texts."""
        return self.of(unit_rows(self.encoder.encode(texts)), common)

    def word_parts(self, vectors: TicketVectors, row: int, skills: Sequence[int]) -> Float:
        """How much less a ticket were like some skills without each of its words, shape (skills, words).

        The words are those of `WordBag`. Exact for vectors that are sums of words; no words for others.
        """
        words = vectors.of_words(row)
        if not len(words):
            return np.zeros((len(skills), 0))
        total = words.sum(axis=0)
        directions = (self.skills[skills] - self._middle) / UNIT
        parts, whole = directions @ words.T, directions @ total
        squares = total @ total - 2 * words @ total + np.einsum("ij,ij->i", words, words)
        rest = np.sqrt(np.maximum(squares, 0.0))
        without = (whole[:, None] - parts) / np.where(rest > 0, rest, np.inf)
        length = np.sqrt(np.einsum("i,i", total, total))
        return np.asarray(whole[:, None] / length - without)


def text_of(fields: Sequence[Text]) -> str:
    """What is new in a ticket, as an encoder of texts reads it."""
    return "\n".join(text.new() for text in fields)
