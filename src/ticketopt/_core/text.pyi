"""The hot part of reading tickets, compiled; what is read is what `ticketopt.triage` defines."""

from collections.abc import Callable, Collection, Container, Mapping, Sequence

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

def numbered(texts: list[list[str]], kinds: _Int) -> tuple[list[str], _Int, _Int]:
    """The different words of texts, as they come; the kind of each; and for every word which of these it is.

    Parameters
    ----------
    kinds : of every text; words of different kinds are different.
    """

def accepted(
    weights: NDArray[np.float64],
    claims: _Int,
    ends: _Int,
    phrases: _Int,
    spans: _Int,
    firsts: _Int,
    lasts: _Int,
    repeat: float,
) -> tuple[_Int, NDArray[np.float64], _Int]:
    """Of groups of claims those that count: the strongest first, none that holds a word of one before it.

    Parameters
    ----------
    weights, claims : how strongly each speaks, and the place of its phrase. ends : where each group ends in these.
    phrases, spans, firsts, lasts : the fields of a `ticketopt.triage.matching.Found`. Of equally strong claims the one
        whose words come first is first.
    repeat : what each further occurrence of the same phrase adds, of the one before.

    Returns
    -------
    How many each group has; their weights, and the places of their phrases, those of one group after the other.
    """

class WordSymbols:
    """What words stand for in a tree of phrases (`ticketopt.triage.phrases`), by the words alone."""

    def __init__(
        self,
        tokens: Mapping[str, int],
        prefixes: Mapping[str, int],
        general: Collection[str],
        numbers: Collection[str],
        words: Words,
        folded: Callable[[str], str],
        stem: Callable[[str], str],
    ) -> None:
        """Token -> symbol, and beginning of a word -> symbol.

        Parameters
        ----------
        general : stems that say nothing in capitals where all is in capitals. numbers : folded words.
        folded, stem : for words that are too long, or not ASCII.
        """

    def of(self, words: list[str], stems: list[str], lows: list[str], kinds: _Int, longest: int) -> tuple[_Int, _Int]:
        """How many symbols each word has, and all these, one word's after the other's.

        Parameters
        ----------
        stems, lows : without inflection; without case and accents.
        kinds : 1 in texts that look German, plus 2 in texts that are all in capitals.
        longest : letters that are looked at.
        """

class PhraseWalk:
    """Finds the phrases of a tree (`ticketopt.triage.phrases.PhraseTree`, whose tables it is made of)."""

    def __init__(
        self,
        below: Mapping[int, Mapping[int, int]],
        ends: Mapping[int, list[int]],
        parts: Mapping[int, list[set[int]]],
        anchored: Mapping[int, list[int]],
    ) -> None: ...
    def find(
        self, ids: _Int, counts: _Int, symbols: _Int, sentences: _Int, starts: _Int
    ) -> tuple[_Int, _Int, _Int, _Int, _Int]:
        """The fields of a `ticketopt.triage.phrase_table.Hits`.

        Parameters
        ----------
        ids, counts, symbols : as `ticketopt.triage.word_symbols.WordSymbols.of` gives them.
        sentences : of every word. starts : where each text begins, shape (texts + 1,).
        """
