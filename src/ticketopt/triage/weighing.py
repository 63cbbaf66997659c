"""From tickets' texts to the share of each skill, with what led there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log1p

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.problem.reading import Evidence
from ticketopt.triage.blend import MOST_SKILLS, OF_BEST, Blend, log_odds, shares_of
from ticketopt.triage.likeness import TicketVectors, text_of
from ticketopt.triage.matching import Scores, find_phrases
from ticketopt.triage.stance import Stance
from ticketopt.triage.stream import Stream
from ticketopt.triage.team_skills import TeamSkills
from ticketopt.triage.text import Text

EXACT = 3
"""So many of the first skills have exact scores of words; the others' may count a word twice."""


MOST_WORDS = 3
"""Words shown that sound like a skill."""
MOST_SENTENCES = 40
"""Sentences that are tried for being what an encoder of texts goes by."""
LEAST_PART = 0.05
"""Log odds that a word must add to be shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Tickets weighed against a team's skills. Arrays have shape (tickets, skills).

    Attributes
    ----------
    queue : the fields of every ticket.
    scores : of words. vectors : the tickets'. likeness : of them to the skills'.
    shares : add up to 1 in a row; all 0 where nothing of a ticket is known.
    """

    team: TeamSkills
    blend: Blend
    queue: Sequence[Sequence[Text]]
    scores: Scores
    vectors: TicketVectors
    likeness: Float
    shares: Float


def weigh(stream: Stream, stance: Stance, team: TeamSkills, blend: Blend) -> Weighing:
    """Weigh tickets.

    1. The words: phrases, and what they add up to for each skill.
    2. The vectors: how alike ticket and skill are.
    3. Both blended; the scores of the first skills worked out exactly, until those that are first are exact.
    """
    scores = team.words.of(find_phrases(stream, stance.factors(stream), team.index))
    vectors = team.likeness.vectors_of(stream)
    likeness = team.likeness.of(vectors.rows, blend.common)
    odds = log_odds(blend, scores.values, likeness, team.is_linked)
    changed = np.arange(len(stream.queue))
    while len(changed := _made_exact(scores, odds, changed)):
        odds[changed] = log_odds(blend, scores.values[changed], likeness[changed], team.is_linked)
    return Weighing(team, blend, stream.queue, scores, vectors, likeness, _shares(odds))


def _shares(odds: Float) -> Float:
    """The shares without echoes."""
    shares = shares_of(odds)
    kept = np.where(shares >= OF_BEST * shares.max(axis=1, keepdims=True, initial=0.0), shares, 0.0)
    total = np.sort(kept, axis=1).sum(axis=1, keepdims=True)
    return np.asarray(kept / np.where(total > 0, total, 1.0))


def _made_exact(scores: Scores, odds: Float, tickets: Int) -> Int:
    """Work out the scores of the first skills of some tickets; the tickets of which one was not exact before."""
    changed = np.zeros(len(tickets), dtype=np.bool_)
    odds = odds[tickets]
    for _ in range(min(EXACT, odds.shape[1])):
        best = odds.argmax(axis=1)
        missing = ~scores.is_exact[tickets, best] & (odds[np.arange(len(tickets)), best] > -np.inf)
        exact = scores.exact(tickets[missing], best[missing]).scores()
        scores.values[tickets[missing], best[missing]] = exact
        scores.is_exact[tickets[missing], best[missing]] = True
        changed |= missing
        odds[np.arange(len(tickets)), best] = -np.inf
    return tickets[changed]


def shares_by_name(weighing: Weighing) -> Iterator[dict[str, float]]:
    """For each ticket skill -> share, largest first (ties in the order of the skills)."""
    names = weighing.team.names
    rows, skills = np.nonzero(weighing.shares)
    shares = weighing.shares[rows, skills]
    order = np.lexsort((skills, -shares, rows))
    ranked = zip(skills[order].tolist(), shares[order].tolist(), strict=True)
    for count in np.bincount(rows, minlength=len(weighing.shares)).tolist():
        own = list(islice(ranked, count))[: 2 * MOST_SKILLS]
        yield {names[skill]: share for skill, share in own}


def evidence_of(weighing: Weighing, row: int = 0) -> list[Evidence]:
    """What led to the shares of one ticket: the phrases that name a skill, and the words that sound like it.

    The weights are parts of the log odds: what a phrase adds (one that stands in several places gives each its part),
    and how much lower they were without a word. Where an encoder reads texts as a whole, it is the sentence without
    which those of the first skill were lowest.
    """
    shown = list(map(int, np.flatnonzero(weighing.shares[row])))
    named = [item for skill in shown for item in _named(weighing, row, skill)]
    return named + (_sentence(weighing, row) if weighing.vectors.bag is None else _sounding(weighing, row, shown))


def _named(weighing: Weighing, row: int, skill: int) -> list[Evidence]:
    accepted = weighing.scores.exact(np.array([row]), np.array([skill]))
    score = float(accepted.scores()[0])
    unit = weighing.blend.words * (log1p(score) / score if score > 0 else 1.0)
    found, name = weighing.scores.found, weighing.team.names[skill]
    stream = found.stream
    shown = []
    for weight, spans in zip(accepted.weights.tolist(), found.spans_of(accepted.places), strict=True):
        text = int(stream.text_at(np.array(spans[0][0])))
        field, start = stream.texts[text], int(stream.starts[text])
        part = unit * weight / len(spans)
        shown += [Evidence(name, field.passage(a - start, b - start), field.field, part) for a, b in spans]
    return shown


def _sounding(weighing: Weighing, row: int, skills: Sequence[int]) -> list[Evidence]:
    """The words without which the ticket would be least like the skills."""
    parts = weighing.blend.likeness * weighing.team.likeness.word_parts(weighing.vectors, row, skills)
    if not parts.size or weighing.vectors.bag is None:
        return []
    bag, fields = weighing.vectors.bag, weighing.queue[row]
    first: dict[str, tuple[Text, int]] = {}
    for text in fields:
        for k, low in enumerate(text.low):
            first.setdefault(low, (text, k))
    words = [bag.words[k] for k in bag.ids[bag.starts[row] : bag.starts[row + 1]].tolist()]
    found = []
    for skill, adds in zip(skills, parts, strict=True):
        for k in np.argsort(-adds, kind="stable")[:MOST_WORDS].tolist():
            if adds[k] >= LEAST_PART:
                text, spot = first[words[k]]
                name = weighing.team.names[skill]
                found.append(Evidence(name, text.passage(spot, spot), text.field, float(adds[k]), "vectors"))
    return found


def _sentence(weighing: Weighing, row: int) -> list[Evidence]:
    """The sentence without which a ticket would be least like its first skill; each is left out once."""
    fields, skill = weighing.queue[row], int(weighing.shares[row].argmax())
    whole = text_of(fields)
    spots = [(text, passage) for text in fields for passage in _passages(text) if passage in whole][:MOST_SENTENCES]
    if not weighing.shares[row, skill] or len(spots) < 2:
        return []
    without = [whole.replace(passage, " ", 1) for _, passage in spots]
    alike = weighing.team.likeness.of_texts([whole, *without], weighing.blend.common)[:, skill]
    drops = weighing.blend.likeness * (alike[0] - alike[1:])
    k = int(drops.argmax())
    if drops[k] < LEAST_PART:
        return []
    text, passage = spots[k]
    return [Evidence(weighing.team.names[skill], passage, text.field, float(drops[k]), "vectors")]


def _passages(text: Text) -> list[str]:
    """The sentences of a field, as they stand."""
    ends = {sentence: k for k, sentence in enumerate(text.sentences)}
    begins = {sentence: k for k, sentence in reversed(list(enumerate(text.sentences)))}
    return [text.passage(begins[sentence], end) for sentence, end in ends.items()]
