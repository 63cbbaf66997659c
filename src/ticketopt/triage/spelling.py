"""Words that are nearly a known one: slips (`pasword`, `calender`) and relatives (`activating`, `activation`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache

from ticketopt.triage.words import GENERAL

LEAST_LETTERS = 5
"""Shorter words are never guessed: too many of them are one letter apart."""
LONG_WORD = 7
"""From so many letters on, one wrong letter is taken for a slip; in shorter words only swapped and doubled ones are."""
LIKENESS = 0.62
"""Share of common three-letter sequences (Dice's coefficient) from which on two words are relatives."""

_ROOT = 4  # relatives share at least their first letters


class Spelling:
    """Guesses which known word an unknown one stands for.

    1. A slip: the same first letter, and one letter missing, added, wrong or swapped with its neighbor. All known words
       are filed under themselves and under what is left when any one letter is dropped, so a guess looks up as many
       entries as the word has letters.
    2. Else a relative: of the known words that begin alike, the one with the most three-letter sequences in common, if
       these are most of both words.

    Where two known words are equally near, there is no guess.
    """

    def __init__(self, words: Collection[str]) -> None:
        self._filed: defaultdict[str, list[str]] = defaultdict(list)
        self._families: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for word in sorted(word for word in words if len(word) >= LEAST_LETTERS and word.isalpha()):
            for key in _shortened(word):
                self._filed[key].append(word)
            self._families[word[:_ROOT]].append((word, _pieces(word)))

    def guess(self, word: str) -> str | None:
        """The known word, if any. Both are folded and without inflection."""
        if len(word) < LEAST_LETTERS or not word.isalpha() or word in GENERAL:
            return None
        near = {known for key in _shortened(word) for known in self._filed.get(key, ()) if _is_slip(word, known)}
        if near:
            return near.pop() if len(near) == 1 else None
        return self._relative(word)

    def _relative(self, word: str) -> str | None:
        pieces = _pieces(word)
        alike = [
            (share, known)
            for known, others in self._families.get(word[:_ROOT], ())
            if (share := 2 * len(pieces & others) / (len(pieces) + len(others))) >= LIKENESS
        ]
        alike.sort(reverse=True)
        if not alike or (len(alike) > 1 and alike[0][0] == alike[1][0]):
            return None
        return alike[0][1]


@lru_cache(maxsize=1 << 16)
def _shortened(word: str) -> frozenset[str]:
    return frozenset([word, *(word[:k] + word[k + 1 :] for k in range(1, len(word)))])


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[k : k + 3] for k in range(len(padded) - 2))


def _is_slip(word: str, known: str) -> bool:
    """Whether one slip makes `word` of `known`; which slips count depends on the length."""
    if word[0] != known[0] or abs(len(word) - len(known)) > 1:
        return False
    start = next((k for k, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    if len(word) == len(known):
        is_swap = word[start : start + 2] == known[start : start + 2][::-1] and word[start + 2 :] == known[start + 2 :]
        return is_swap or (word[start + 1 :] == known[start + 1 :] and len(word) >= LONG_WORD)
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    if longer[start + 1 :] != shorter[start:]:
        return False
    is_doubled = longer[start] in (longer[start - 1], longer[start + 1 : start + 2])
    return is_doubled or len(shorter) >= LONG_WORD - 1
