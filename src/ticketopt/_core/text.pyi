"""The hot part of reading tickets, compiled; what is read is what `ticketopt.triage` defines."""

from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_Int = NDArray[np.int64]

class WordPieces:
    """A vocabulary of word pieces; of a word the longest piece that fits is taken, again and again."""

    def __init__(self, pieces: dict[str, int], inside: str, longest: int) -> None:
        """Piece -> number.

        Parameters
        ----------
        inside : what a piece begins with that continues a word.
        longest : letters; a longer word has no pieces, unless it is one.
        """

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's pieces, none where the vocabulary does not cover the word."""

    def of_all(
        self, words: Sequence[str], others: Container[str], other: Callable[[str], tuple[int, ...]]
    ) -> tuple[_Int, _Int]:
        """The numbers of the pieces of words, one word after the other, and how many each has.

        Parameters
        ----------
        others : words whose numbers `other` gives, beside those with capitals, apostrophes or other than ASCII letters.
        """

def sums(
    rows: NDArray[np.int8],
    scales: NDArray[np.uint16],
    pieces: _Int,
    counts: _Int,
    ids: _Int,
    weights: _Int,
    starts: _Int,
) -> NDArray[np.float64]:
    """Of texts the sums of rows, each times its scale and its word's weight; exact below 2^53.

    Parameters
    ----------
    pieces, counts : of words one after the other the numbers of rows, and how many each has.
    ids, weights : of the words of all texts one after the other which word it is, and its weight.
    starts : where each text begins in them, shape (texts + 1,).

    Returns
    -------
    Shape (texts, dimension).
    """

class PhraseList:
    """Phrases that are found where a word begins."""

    def __init__(self, phrases: Sequence[str], dense: int) -> None:
        """Phrases, none empty; one whose first character is `dense` or beyond may begin inside a word."""

    def find(self, text: str, end: int) -> tuple[int, int] | None:
        """Where the first of the phrases that stands in `text[:end]` stands there first."""

    def count(self, text: str, enough: int) -> int:
        """How many different ones stand in the text, at most `enough`."""

class Words:
    """Words of texts, by the tables of words of `ticketopt.triage.text` and `ticketopt.triage.words`."""

    def __init__(self, sets: Mapping[str, frozenset[str]], irregular: Mapping[str, str]) -> None: ...
    def tokens(
        self, text: str, other: Callable[[str], str]
    ) -> tuple[list[str], list[str], list[int], list[int], list[int], list[int], list[bool], bool]:
        """Words, folded words, starts, ends, sentences, clauses, after_determiner and compounds of a `Text`.

        No text of a script without blanks. `other` folds the words that are not ASCII.
        """

    def folded(self, words: Sequence[str], other: Callable[[str], str]) -> list[str]:
        """The words without case, accents and apostrophes; `other` gives it for those that are not ASCII."""

    def stems(self, words: Sequence[str], longest: int, other: Callable[[str], str]) -> list[str]:
        """The stems of the first `longest` letters of words; `other` gives it for those that are not ASCII."""

def candidates(
    stems: list[str],
    lows: list[str],
    vocabulary: Container[str],
    special: Container[str],
    capitals: Container[str],
    heads: Container[str],
    head: int,
) -> list[int]:
    """Places of the words that may stand for something: known by stem, form or first letters, or with no letters alone.

    Parameters
    ----------
    vocabulary, capitals : known stems. special : known folded words. heads : first `head` letters of known ones.
    """
