"""Words as pieces of a fixed vocabulary: the longest piece that fits, again and again (WordPiece)."""

from __future__ import annotations

from collections.abc import Mapping

INSIDE = "##"
"""What a piece begins with that continues a word."""

LONGEST_WORD = 100
"""Letters of a word; a longer one is not read, as in the vocabulary's own tokenizer."""


def pieces_of(word: str, vocabulary: Mapping[str, int], longest: int = 18) -> tuple[int, ...]:
    """The numbers of a word's pieces, none where the vocabulary does not cover the word.

    Parameters
    ----------
    word : in lower case, without accents.
    vocabulary : piece -> number; a piece inside a word begins with `##`.
    longest : letters of the vocabulary's longest piece.
    """
    if word in vocabulary:
        return (vocabulary[word],)
    if len(word) > LONGEST_WORD:
        return ()
    found = []
    start = 0
    while start < len(word):
        for end in range(min(len(word), start + longest), start, -1):
            number = vocabulary.get(INSIDE + word[start:end] if start else word[:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return ()
    return tuple(found)
