"""Where one line about a skill would help the reader of texts most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ticketopt.problem import fields as f
from ticketopt.problem.records import Ticket
from ticketopt.triage.reader import Reader
from ticketopt.triage.text import read_fields

__all__ = ["NoteAdvice", "note_advice"]

LEAST_DOUBT = 0.5
"""Tickets in doubt, in all, from which two skills compete: as much as one ticket that could be of either."""


@dataclass(frozen=True, slots=True)
class NoteAdvice:
    """A skill for which a note is worth writing.

    Attributes
    ----------
    skill : whose note it would be. rival : the skill that it competes with; empty where its name alone is the reason.
    tickets : added up over the queue: without a rival the shares that the skill has now, with one those in doubt (a
        ticket that the two share evenly counts one half).
    words : the reason as a sentence.
    """

    skill: str
    rival: str
    tickets: float
    words: str


def note_advice(reader: Reader, tickets: Sequence[Ticket], skills: Sequence[str], most: int = 5) -> list[NoteAdvice]:
    """Skills whose note would help most in this queue, the most helpful first.

    1. Names that the lexicon does not know, such as "Tier 2", first those that get the fewest tickets.
    2. Pairs of skills that share tickets so evenly that the texts do not tell which is meant.
    """
    names = f.first_spellings(skills)
    noted = {f.spelled(skill) for skill in reader.notes}
    texts = [read_fields(ticket.title, ticket.description) for ticket in tickets if ticket.skills is None]
    texts = [fields for fields in texts if any(text.words for text in fields)]
    if not names or not texts:
        return []
    weighing, shown = reader.weigh(texts, names), list(names.values())
    gets = weighing.shares.sum(axis=0).tolist()
    unknown = [
        NoteAdvice(shown[k], "", gets[k], f"{shown[k]}: the lexicon knows nothing that is called so")
        for k, name in enumerate(names)
        if not weighing.team.is_linked[k] and name not in noted
    ]
    rivals = [
        NoteAdvice(shown[a], shown[b], split, f"{shown[a]} or {shown[b]}: the texts of tickets do not tell")
        for (a, b), split in _splits(weighing.shares).items()
        if split >= LEAST_DOUBT and not noted >= {f.spelled(shown[a]), f.spelled(shown[b])}
    ]
    unknown.sort(key=lambda one: (one.tickets, one.skill))
    rivals.sort(key=lambda one: (-one.tickets, one.skill, one.rival))
    return [*unknown, *rivals][:most]


def _splits(shares: np.ndarray) -> dict[tuple[int, int], float]:
    """Pair of skills that come first and second in a ticket -> the smaller shares, added up."""
    found: defaultdict[tuple[int, int], float] = defaultdict(float)
    if shares.shape[1] > 1:
        for row, (first, second) in enumerate(np.argsort(-shares, axis=1, kind="stable")[:, :2].tolist()):
            found[min(first, second), max(first, second)] += float(shares[row, second])
    return found
