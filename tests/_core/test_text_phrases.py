"""The compiled search for phrases beside the same in plain Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketopt._core import text as compiled
from ticketopt.triage.phrases import PhraseTree, phrase_tree
from ticketopt.triage.stream import COMPOUNDS, LONGEST_WORD, SHOUTED, stream_of
from ticketopt.triage.text import compiled_words, read_text
from ticketopt.triage.words import GENERAL, NUMBER_WORDS, folded, number_value, stem

TREE = phrase_tree(["print", "=teams", "^ad", "^it", "# users", "imprim*", "pri*", "é*", "müll*", "treiber", "drucker"])
WORDS = st.sampled_from(
    [
        *("Printing", "Teams", "AD", "ad", "IT", "12", "1234567890", "\u0664", "twelve", "l'imprimante", "pr", "½"),
        *("Druckertreiber", "druckerüber", "Überdrucker", "Müllabfuhr", "éclair", "users", "x" * 70, "\uff9e"),
    ]
)


def symbols_of(tree: PhraseTree, word: str, kind: int) -> list[int]:
    """What a word stands for, as `ticketopt.triage.phrases` says it."""
    word = word[:LONGEST_WORD]
    base, low = stem(word), folded(word)
    found = [tree.words[token] for token in (base, "=" + low) if token in tree.words]
    is_empty = bool(kind & SHOUTED) and base in GENERAL
    if word.isupper() and not is_empty and "^" + base in tree.words:
        found.append(tree.words["^" + base])
    if number_value(low) is not None and "#" in tree.words:
        found.append(tree.words["#"])
    found += [tree.prefixes[p] for p in sorted(tree.prefixes, key=len) if len(p) > 1 and low.startswith(p)]
    if found or not kind & COMPOUNDS or len(low) < 9 or not low.isalpha():
        return found
    for cuts in ([low[:k] for k in range(len(low) - 3, 4, -1)], [low[k:] for k in range(3, len(low) - 4)]):
        known = [tree.words[stem(cut)] for cut in cuts if stem(cut) in tree.words and len(stem(cut)) >= 5]
        found += known[:1]
    return found


@given(st.lists(WORDS | st.text(max_size=12), max_size=9), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_a_word_stands_for_what_its_letters_say(words: list[str], kinds: list[int]) -> None:
    words = [word for word in words if word.isalnum() or "'" in word[1:-1]]
    table = compiled.WordSymbols(TREE.words, TREE.prefixes, GENERAL, NUMBER_WORDS, compiled_words(), folded, stem)
    stems, lows = [stem(word[:LONGEST_WORD]) for word in words], list(map(folded, words))
    counts, symbols = table.of(words, stems, lows, np.array(kinds[: len(words)], dtype=np.int64), LONGEST_WORD)
    found = np.split(symbols, np.cumsum(counts)[:-1]) if words else []
    assert [own.tolist() for own in found] == [symbols_of(TREE, *pair) for pair in zip(words, kinds, strict=False)]


PHRASES = ["w", "w x", "x w x", "y", "w x|y ~ w", "w ~ x ~ y", "y y ~ w|x", "z v"]
Hit = tuple[int, int, tuple[tuple[int, int], ...]]


def hits_of(words: list[set[str]], sentences: list[int], starts: list[int]) -> list[Hit]:
    """Text, phrase and spans of every hit, by trying every run of words, for `PHRASES`."""

    def spans(phrase: str, first: int) -> list[tuple[int, int]]:
        tokens = phrase.split()
        own = range(first, min(first + len(tokens), len(words)))
        stands = all(sentences[k] == sentences[first] and t in words[k] for k, t in zip(own, tokens, strict=False))
        return [(first, own[-1])] if len(own) == len(tokens) and stands else []

    found = []
    for text, (start, end) in enumerate(pairwise(starts)):
        runs = [(k, len(p), key) for k in range(start, end) for key, p in enumerate(PHRASES) if spans(p, k)]
        found += [(text, key, tuple(spans(PHRASES[key], k))) for k, _, key in sorted(runs) if "~" not in PHRASES[key]]
        for sentence in dict.fromkeys(sentences[start:end]):
            within = [k for k in range(start, end) if sentences[k] == sentence]
            apart = {}
            for key, phrase in enumerate(PHRASES):
                taken: list[tuple[int, int]] = []
                for part in phrase.split("~") if "~" in phrase else ():
                    firsts = [next((s for k in within for s in spans(p, k)), None) for p in part.split("|")]
                    taken += sorted(span for span in firsts if span and span not in taken)[:1]
                if len(taken) == len(phrase.split("~")) > 1:
                    apart[key] = text, key, tuple(taken)
            found += apart.values()
    return found


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("wxyzv"), max_size=2), st.booleans()), max_size=12), st.integers(0, 12)
)
@example([({"w"}, False), ({"x"}, False), ({"y"}, False), ({"y"}, False)], 4)
def test_phrases_are_those_that_stand_there(words: list[tuple[set[str], bool]], cut: int) -> None:
    tree = phrase_tree(PHRASES)
    starts = [0, min(cut, len(words)), len(words)]
    ends = [is_last or k + 1 == starts[1] for k, (_, is_last) in enumerate(words)]
    sentences = np.concatenate([[0], np.cumsum(ends[:-1])]).astype(np.int64)[: len(words)]
    symbols = [sorted(tree.words[word] for word in own if word in tree.words) for own, _ in words]
    arrays = np.arange(len(words)), [len(own) for own in symbols], [s for own in symbols for s in own]
    walk = compiled.PhraseWalk(tree.below, tree.ends, tree.parts, tree.anchored)
    numbers = (np.array(values, dtype=np.int64) for values in (*arrays, sentences, starts))
    texts, phrases, spans, firsts, lasts = (values.tolist() for values in walk.find(*numbers))
    pairs = list(zip(firsts, lasts, strict=True))
    found = [(*hit, tuple(pairs[a:b])) for *hit, a, b in zip(texts, phrases, spans, spans[1:], strict=False)]
    assert sorted(found) == sorted(hits_of([own for own, _ in words], sentences.tolist(), starts))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ids": [1]}, "ids must be places of words"),
        ({"counts": [2]}, "counts must add up"),
        ({"counts": [-1]}, "counts must not be negative"),
        ({"sentences": []}, "every word needs a sentence"),
        ({"starts": [0, 2]}, "starts must end with the words"),
    ],
)
def test_numbers_that_lead_nowhere_are_refused(changed: dict[str, list[int]], message: str) -> None:
    given = {"ids": [0], "counts": [1], "symbols": [0], "sentences": [0], "starts": [0, 1], **changed}
    tree = phrase_tree(PHRASES)
    with pytest.raises(ValueError, match=message):
        compiled.PhraseWalk(tree.below, tree.ends, tree.parts, tree.anchored).find(
            **{name: np.array(values, dtype=np.int64) for name, values in given.items()}
        )


@given(st.lists(st.tuples(st.lists(st.sampled_from(["a", "A", "b", "é"]), max_size=5), st.integers(0, 1)), max_size=4))
def test_words_are_numbered_as_they_come(texts: list[tuple[list[str], int]]) -> None:
    words = [(word, kind) for own, kind in texts for word in own]
    different = list(dict.fromkeys(words))
    found = compiled.numbered([own for own, _ in texts], np.array([kind for _, kind in texts], dtype=np.int64))
    assert list(zip(found[0], found[1].tolist(), strict=True)) == different
    assert found[2].tolist() == [different.index(word) for word in words]


def accepted(
    claims: list[tuple[float, int]], phrases: list[tuple[int, list[tuple[int, int]]]]
) -> list[tuple[float, int]]:
    """Which claims count: the strongest first, each word once, a phrase that comes again less."""
    taken: set[int] = set()
    seen: dict[int, float] = {}
    kept = []
    for weight, place in sorted(claims, key=lambda claim: (-abs(claim[0]), phrases[claim[1]][1])):
        phrase, spans = phrases[place]
        words = {word for first, last in spans for word in range(first, last + 1)}
        if taken.isdisjoint(words):
            taken |= words
            kept.append((weight * seen.get(phrase, 1.0), place))
            seen[phrase] = seen.get(phrase, 1.0) * 0.25
    return kept


SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 2)).map(lambda s: (s[0], s[0] + s[1])), min_size=1, max_size=2
)
CLAIMS = st.lists(st.tuples(st.sampled_from([1.0, -1.0, 2.0, 0.5]), st.integers(0, 4)), max_size=6)


@given(st.lists(st.tuples(st.integers(0, 2), SPANS), min_size=5, max_size=5), st.lists(CLAIMS, max_size=3))
def test_a_word_counts_once_in_the_strongest_phrase(
    phrases: list[tuple[int, list[tuple[int, int]]]], groups: list[list[tuple[float, int]]]
) -> None:
    spans = [span for _, own in phrases for span in own]
    flat = [claim for group in groups for claim in group]
    numbers = [
        *([place for _, place in flat], np.cumsum([len(group) for group in groups]), [key for key, _ in phrases]),
        *(np.cumsum([0, *(len(own) for _, own in phrases)]), [a for a, _ in spans], [b for _, b in spans]),
    ]
    arrays = [np.array(values, dtype=np.int64) for values in numbers]
    counts, weights, places = compiled.accepted(np.array([w for w, _ in flat], dtype=np.float64), *arrays, 0.25)
    expected = [accepted(group, phrases) for group in groups]
    assert counts.tolist() == list(map(len, expected))
    assert list(zip(weights.tolist(), places.tolist(), strict=True)) == [claim for own in expected for claim in own]


def test_claims_of_no_phrase_are_refused() -> None:
    one, none = np.array([1]), np.array([0, 0])
    with pytest.raises(ValueError, match="claims must be places of phrases"):
        compiled.accepted(np.ones(1), one, one, np.array([0]), np.array([0, 1]), none[:1], none[:1], 0.25)


def test_where_a_word_is_found_hangs_on_its_text() -> None:
    stream = stream_of([[read_text("a lift", "title")], [read_text("Not it", "title"), read_text("", "description")]])
    assert stream.texts_with({"not"}.__contains__).tolist() == [False, True, False]
