"""What the text says is not the matter: "the VPN works, it is the printer"."""

from __future__ import annotations

from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.phrases import PhraseTable
from ticketopt.triage.text import Text
from ticketopt.triage.words import folded

EXCLUDED = -0.4
"""Factor of a word that is said not to be the matter: it speaks a little against the skill."""
TRIED = 0.5
"""Factor of a word in what was tried already."""

_SCOPE = 4  # words after "it is not the" that it reaches
NEGATORS = frozenset("not isnt arent wasnt werent never nicht kein keine keinen no nao pas ni non".split())
_UNDONE = NEGATORS | frozenset("cant cannot dont doesnt didnt wont nothing nobody none hardly nor neither".split())
_RELATION = frozenset("issue problem related fault thing question matter".split())
_CONDITION = frozenset("only until unless sometimes intermittently on in from for with when if at over".split())


class Stance:
    """Finds the parts of a text that exclude what they name."""

    def __init__(self, lexicon: Lexicon) -> None:
        entries = [(kind, phrase) for kind, phrases in lexicon.contrast.items() for phrase in phrases]
        self._kinds = [kind for kind, _ in entries]
        self._table = PhraseTable([phrase for _, phrase in entries])

    def factors(self, text: Text) -> list[float]:
        """For every word: 1, or how much less (or against) a hit there counts."""
        factors = [1.0] * len(text.words)
        for key, (*_, (first, last)) in self._table.find(text):
            kind = self._kinds[key]
            if kind == "fine":
                self._exclude_fine(text, first, last, factors)
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
        if any(folded(text.words[k]) in _UNDONE for k in range(begin, first)):
            return
        after = last + 1
        if after < len(factors) and text.clauses[after] == clause and folded(text.words[after]) in _CONDITION:
            return
        for k in range(begin, first):
            factors[k] = EXCLUDED


def _fill(factors: list[float], text: Text, first: int, last: int, factor: float) -> None:
    for k in range(first, min(last + 1, len(factors))):
        if text.clauses[k] != text.clauses[first] or text.sentences[k] != text.sentences[first]:
            break
        factors[k] = min(factors[k], factor)


def _exclude_negated(text: Text, factors: list[float]) -> None:
    """`not the printer`, `not a VPN problem`, `no printer issue`: the words right after."""
    words = text.words
    for k in range(len(words) - 1):
        if folded(words[k]) not in NEGATORS or text.clauses[k] != text.clauses[k + 1]:
            continue
        relation = any(folded(w) in _RELATION for w in words[k + 2 : k + 4])
        if relation or (text.after_determiner[k + 1] and folded(words[k]) != "no"):
            _fill(factors, text, k + 1, k + 2, EXCLUDED)
