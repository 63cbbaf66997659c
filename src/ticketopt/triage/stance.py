"""What the text says is not the matter: "the VPN works, it is the printer"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ticketopt._types import Float
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.phrase_table import Hit, PhraseTable
from ticketopt.triage.stream import Stream
from ticketopt.triage.text import Text
from ticketopt.triage.words import word_set

EXCLUDED = -0.4
"""Factor of a word that is said not to be the matter: it speaks a little against the skill."""
ASIDE = 0.2
"""Factor of words that are said in passing, such as "call me" or "the sales team"."""
TRIED = 0.5
"""Factor of a word in what was tried already."""

_SCOPE = 4  # words after "it is not the" that it reaches
NEGATORS = word_set("nada not isnt arent wasnt werent never nicht kein keine keinen no nao pas ni non")
_UNDONE = NEGATORS | word_set("cant cannot dont doesnt didnt wont nothing nobody none hardly nor neither")
_COPULAS = word_set("is it es ist est e era was")
_RELATION = word_set("issue problem related fault thing question matter")
_EVERYONE = word_set("everyone everybody all others alle todos tous")
_CONDITION = word_set("only until unless sometimes intermittently on in from for with when if at over")


def phrases_of(lexicon: Lexicon) -> list[str]:
    """What is to be found."""
    return [phrase for phrases in lexicon.contrast.values() for phrase in phrases]


class Stance:
    """Finds the parts of a text that exclude what they name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._kinds = [kind for kind, phrases in lexicon.contrast.items() for _ in phrases]
        self._table = PhraseTable(lexicon.tree("contrast", phrases_of))

    def factors(self, stream: Stream) -> Float:
        """For every word: 1, or how much less (or against) a hit there counts."""
        factors = np.ones(len(stream.ids))
        hits = self._table.find(stream).by_text(stream)
        negated = stream.texts_with(NEGATORS.__contains__).tolist()
        for k, text in enumerate(stream.texts):
            if hits[k] or negated[k]:
                factors[stream.starts[k] : stream.starts[k + 1]] = self._of_text(text, hits[k])
        return factors

    def _of_text(self, text: Text, hits: Sequence[Hit]) -> list[float]:
        factors = [1.0] * len(text.words)
        for key, (*_, (first, last)) in hits:
            kind = self._kinds[key]
            if kind == "fine":
                self._exclude_fine(text, first, last, factors)
            elif kind == "aside":
                _fill(factors, text, first, last, ASIDE)
            elif kind == "not_it":
                _fill(factors, text, last + 1, last + _SCOPE, EXCLUDED)
            else:
                _fill(factors, text, last + 1, len(factors) - 1, TRIED)
        _exclude_negated(text, factors)
        return factors

    @staticmethod
    def _exclude_fine(text: Text, first: int, last: int, factors: list[float]) -> None:
        """`the VPN works fine`: the clause's words before it, unless the clause is negated or conditional."""
        clause = text.clauses[first]
        begin = first
        while begin and text.clauses[begin - 1] == clause:
            begin -= 1
        if any(text.low[k] in _UNDONE for k in range(begin, first)):
            return
        after = text.low[last + 1 : last + 3] if text.clauses[last + 1 : last + 2] == [clause] else []
        if after and after[0] in _CONDITION and not _EVERYONE.intersection(after):
            return
        for k in range(begin, first):
            factors[k] = EXCLUDED


def _fill(factors: list[float], text: Text, first: int, last: int, factor: float) -> None:
    for k in range(first, min(last + 1, len(factors))):
        if text.clauses[k] != text.clauses[first] or text.sentences[k] != text.sentences[first]:
            break
        factors[k] = min(factors[k], factor)


def _exclude_negated(text: Text, factors: list[float]) -> None:
    """`not the printer`, `no es la impresora`, `not a VPN problem`, `no printer issue`: the words right after."""
    words = text.low
    for k in range(len(words) - 1):
        if words[k] not in NEGATORS or text.clauses[k] != text.clauses[k + 1]:
            continue
        first = k + 2 if words[k + 1] in _COPULAS and k + 2 < len(words) else k + 1
        relation = not _RELATION.isdisjoint(words[first + 1 : first + 3])
        if relation or (text.after_determiner[first]):
            _fill(factors, text, first, first + 1, EXCLUDED)
