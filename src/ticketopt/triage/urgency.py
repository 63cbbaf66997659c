"""How soon a ticket must be done: stated levels first, else what the text implies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence
from ticketopt.problem.records import PRIORITY_URGENCY
from ticketopt.triage.clock import deadlines, is_of_time
from ticketopt.triage.lexicon import Lexicon, Sign
from ticketopt.triage.meant import is_meant, is_statement, negator
from ticketopt.triage.mood import is_asked
from ticketopt.triage.phrase_table import Hit, PhraseTable, Span
from ticketopt.triage.stream import Stream
from ticketopt.triage.text import Text
from ticketopt.triage.urgency_curve import urgency_of
from ticketopt.triage.words import number_value, word_set

LEVELS_FROM = {"critical": 0.85, "high": 0.55, "medium": 0.25, "low": 0.0}
"""The smallest urgency of each level."""

DUE_URGENCY = ((0.0, 1.0), (2.0, 0.9), (8.0, 0.8), (24.0, 0.7), (72.0, 0.5))
"""Hours left until `due`, and the urgency that a ticket with at most so many left has at least."""

PEOPLE_POINTS = ((100, 0.75), (20, 0.7), (5, 0.6), (2, 0.3), (0, 0.0))
"""Number of people affected, and the points for at least so many."""
MANY_PEOPLE = 15
"""So many people are a severe sign."""

LEAST_WEIGHT = 0.5
"""Quoted mail, signatures, logs, addresses and links count less than this and are not read for urgency."""

_FURTHER = 0.25  # what further phrases of one sign add, of their points
_MOST_REPEATS = 4
_SCOPES = ("group", "scope_all")
_SCOPE_ALONE = 0.6  # of the points of how many are concerned, where nothing says that anything is wrong
_LONG_SENTENCE = 60
_TURNS = word_set("but however aber jedoch pero mais mas porem")


@dataclass(frozen=True, slots=True)
class _Cue:
    level: str = ""
    sign: Sign | None = None


class Cues(NamedTuple):
    """What may tell the urgency in a text: phrases, and words of times."""

    hits: Sequence[Hit]
    has_times: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A cue in a field. `shown` are its spans with the word that negates it."""

    cue: _Cue
    text: Text
    spans: tuple[Span, ...]
    weight: float
    shown: tuple[Span, ...]


def level_of(urgency: float) -> str:
    """critical, high, medium or low."""
    return next(level for level, least in LEVELS_FROM.items() if urgency >= least)


def due_urgency(due: float, now: float) -> float:
    """The least urgency of something due then; 0 where that is days away."""
    hours = (due - now) / 3600
    return next((urgency for limit, urgency in DUE_URGENCY if hours <= limit), 0.0)


def phrases_of(lexicon: Lexicon) -> list[str]:
    """What is to be found: what is ignored, stated levels, signs."""
    stated = [phrase for phrases in lexicon.stated.values() for phrase in phrases]
    return [*lexicon.ignore, *stated, *(phrase for sign in lexicon.signs for phrase in sign.phrases)]


class UrgencyReader:
    """Reads the urgency from the fields of a ticket.

    1. Phrases to ignore (`critical illness`) and longer phrases hide the shorter ones inside them.
    2. A negated alarm (`not urgent`) states a low level; a negated severe sign (`no ambulance`) says nothing.
       Neither does one that is asked, supposed, long past, ordered or part of a name (`ticketopt.triage.mood`).
    3. A stated level (`P1`, `low priority`) decides; of several an explicit one (`high priority`), then the
       most prominent one.
    4. Clock times ahead (`ticketopt.triage.clock`) are phrases of the sign `deadline`.
    5. Where no level is stated, the signs add up: per sign the strongest phrase, a little more for further ones. Only
       severe signs, such as danger, or a standstill together with many people, make a ticket critical. The sum only
       picks a level: finer differences are not reliable enough to order tickets by.
    6. What only sounds critical (`ticketopt.triage.alarm`) is so, unless a level is stated or a sign calms.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._cues = [_Cue()] * len(lexicon.ignore)
        for level, phrases in lexicon.stated.items():
            self._cues += [_Cue(level=level)] * len(phrases)
        for sign in lexicon.signs:
            self._cues += [_Cue(sign=sign)] * len(sign.phrases)
        self._deadline = next((sign for sign in lexicon.signs if sign.name == "deadline"), None)
        self._is_trap = [k < len(lexicon.ignore) for k in range(len(self._cues))]
        self._table = PhraseTable(lexicon.tree("urgency", phrases_of))

    def cues(self, stream: Stream) -> list[Cues]:
        """Everything that may tell the urgency, of each text; most texts have nothing."""
        hits = self._table.find(stream).by_text(stream)
        return list(map(Cues, hits, stream.texts_with(is_of_time).tolist()))

    def read(
        self,
        texts: Sequence[Text],
        cues: Sequence[Cues],
        sounding: Callable[[], list[Evidence]] | None = None,
    ) -> tuple[float, list[Evidence]]:
        """The urgency, and what moved it.

        Parameters
        ----------
        texts, cues : the fields of a ticket and what may tell in each.
        sounding : is asked for the words that sound critical where the signs say less; it may find none.
        """
        stated: list[_Match] = []
        signs: list[_Match] = []
        for text, (hits, has_times) in zip(texts, cues, strict=True):
            for match in self._matches(text, hits) if hits else ():
                (stated if match.cue.level else signs).append(match)
            signs += self._deadlines(text) if has_times else ()
        if stated:
            best = max(stated, key=lambda match: (_is_explicit(match), match.weight, PRIORITY_URGENCY[match.cue.level]))
            value = PRIORITY_URGENCY[best.cue.level]
            agreeing = [match for match in stated if match.cue.level == best.cue.level]
            return value, [item for match in agreeing for item in _evidence(match, value - DEFAULT_URGENCY)]
        value, evidence = _implied(_without_calmed(signs))
        if sounding is None or value >= PRIORITY_URGENCY["critical"] or _is_any_calming(signs):
            return value, evidence
        heard = sounding()
        return (PRIORITY_URGENCY["critical"] if heard else value), evidence + heard

    def _matches(self, text: Text, hits: Sequence[Hit]) -> list[_Match]:
        """The cues in one field, without those inside longer ones, repeated ones and mere names such as `room P1`."""
        matches: dict[tuple[str, tuple[Span, ...]], _Match] = {}
        seen: Counter[int] = Counter()
        for key, spans in self._visible(text, hits):
            seen[key] += 1
            cue, negated_by = self._cues[key], negator(text, spans)
            if negated_by is not None:
                cue = _opposite(cue) if len(spans) == 1 else _Cue()
            weight = max(text.weights[first] for first, _ in spans)
            name = cue.level or (cue.sign.name if cue.sign else "")
            if seen[key] > _MOST_REPEATS or not name or weight < LEAST_WEIGHT:
                continue
            if cue.sign is not None and not is_meant(cue.sign, text, spans):
                continue
            if not cue.level or is_statement(text, spans[0]):
                shown = spans if negated_by is None else ((negated_by, spans[0][1]),)
                matches.setdefault((name, spans), _Match(cue, text, spans, weight, shown))
        return list(matches.values())

    def _deadlines(self, text: Text) -> list[_Match]:
        """The clock times ahead, as matches of the sign `deadline`."""
        if self._deadline is None:
            return []
        return [
            _Match(_Cue(sign=self._deadline), text, (span,), text.weights[span[0]], (span,))
            for span in deadlines(text)
            if text.weights[span[0]] >= LEAST_WEIGHT and not is_asked(text, span)
        ]

    def _visible(self, text: Text, hits: Sequence[Hit]) -> list[Hit]:
        """The hits that are not hidden by a longer one; phrases to ignore hide everything that touches them."""
        hits = sorted(hits, key=lambda hit: (len(hit[1]), hit[1][0][0] - hit[1][0][1], not self._is_trap[hit[0]]))
        hidden: dict[int, int] = {}
        visible = []
        for key, spans in hits:
            words = {k for first, last in spans for k in range(first, last + 1)}
            length = len(text.words) if self._is_trap[key] else len(words)
            if any(hidden.get(k, 0) > length for k in words):
                continue
            if len(spans) == 1:
                hidden.update((k, max(length, hidden.get(k, 0))) for k in words)
            if not self._is_trap[key]:
                visible.append((key, spans))
        return visible


def _opposite(cue: _Cue) -> _Cue:
    asks = cue.sign is not None and not cue.sign.severe and cue.sign.at_least in ("critical", "high")
    alarming = cue.level in ("critical", "high") or asks
    return _Cue(level="low") if alarming else _Cue()


def _is_explicit(match: _Match) -> bool:
    """Whether the level is named as such (`high priority`, `Sev 2`) and not with one adjective (`critical`)."""
    first, last = match.spans[0]
    return last > first or any(c.isdigit() for c in match.text.words[first])


def _people(match: _Match) -> int:
    numbers = [number_value(low) for first, last in match.spans for low in match.text.low[first : last + 1]]
    return max((n for n in numbers if n is not None), default=0)


def _points(match: _Match) -> float:
    assert match.cue.sign is not None
    if not match.cue.sign.counts_people:
        return match.cue.sign.points
    return next(points for least, points in PEOPLE_POINTS if _people(match) >= least)


def _is_severe(match: _Match) -> bool:
    assert match.cue.sign is not None
    return match.cue.sign.severe or (match.cue.sign.counts_people and _people(match) >= MANY_PEOPLE)


def _is_any_calming(signs: Sequence[_Match]) -> bool:
    """Whether a sign calms others (`works again`) or speaks against haste itself (`cosmetic`)."""
    return any(match.cue.sign is not None and (match.cue.sign.calms or match.cue.sign.points < 0) for match in signs)


def _without_calmed(signs: Sequence[_Match]) -> list[_Match]:
    """The signs without those that another one calms: in the same part of a sentence, or anywhere from the title."""
    calm: set[tuple[str, str, tuple[int, int]]] = set()
    for match in signs:
        assert match.cue.sign is not None
        if match.cue.sign.calms:
            part = _part(match)
            calm.update((name, match.text.field, part) for name in match.cue.sign.calms)
    if not calm:
        return list(signs)
    everywhere = {name for name, field, _ in calm if field == "title"}
    fields = {(name, field) for name, field, _ in calm}
    return [match for match in signs if not _is_calmed(match, calm, everywhere, fields)]


def _is_calmed(
    match: _Match, calm: Set[tuple[str, str, tuple[int, int]]], everywhere: Set[str], fields: Set[tuple[str, str]]
) -> bool:
    assert match.cue.sign is not None
    name = match.cue.sign.name
    is_near = (name, match.text.field) in fields and (name, match.text.field, _part(match)) in calm
    return name in everywhere or is_near


def _part(match: _Match) -> tuple[int, int]:
    """The sentence, and which of its parts between words such as `but`."""
    first = match.spans[0][0]
    sentence = match.text.sentences[first]
    begin = first
    turns = 0
    while begin and match.text.sentences[begin - 1] == sentence and first - begin < _LONG_SENTENCE:
        turns += match.text.low[begin] in _TURNS
        begin -= 1
    return sentence, turns


def _is_scope(match: _Match) -> bool:
    """Whether it only says how many it concerns."""
    assert match.cue.sign is not None
    return match.cue.sign.counts_people or match.cue.sign.name in _SCOPES


def _implied(signs: Sequence[_Match]) -> tuple[float, list[Evidence]]:
    if not signs:
        return PRIORITY_URGENCY[level_of(DEFAULT_URGENCY)], []
    seen: Counter[str] = Counter()
    total = severe = floor = 0.0
    evidence = []
    alone = all(_points(match) <= 0 or _is_scope(match) for match in signs)
    used: set[tuple[str, int]] = set()
    for match in sorted(signs, key=lambda match: -abs(_points(match)) * match.weight):
        sign = match.cue.sign
        assert sign is not None
        words = {(match.text.field, k) for first, last in match.spans for k in range(first, last + 1)}
        if words <= used:
            continue
        used |= words
        points = _points(match) * min(match.weight, 1.0) * (_FURTHER if seen[sign.name] else 1.0)
        if alone and points > 0:
            points *= _SCOPE_ALONE
        if seen[sign.name] < 3 and points:
            total += points
            severe += points if _is_severe(match) and not seen[sign.name] else 0.0
            evidence += _evidence(match, points)
            if sign.at_least:
                floor = max(floor, PRIORITY_URGENCY[sign.at_least])
        seen[sign.name] += 1
    value = urgency_of(total, severe)
    return PRIORITY_URGENCY[level_of(max(floor, value))], evidence


def _evidence(match: _Match, weight: float) -> list[Evidence]:
    share = weight / len(match.shown)
    return [Evidence("urgency", match.text.passage(*span), match.text.field, share) for span in match.shown]
