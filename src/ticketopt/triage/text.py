"""One field of a ticket as tokens, each with its place, its clause and how much it counts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache

from ticketopt._core.text import Words
from ticketopt.triage.mail import LINK, LOG, NOTICE, QUOTED, SIGNATURE, Part, Written, written_body, written_title
from ticketopt.triage.words import (
    DENSE_WORD_PATTERN,
    ELIDED,
    IRREGULAR,
    UNINFLECTED,
    WORD_PATTERN,
    folded,
    is_dense,
    pattern,
    word_set,
)

TITLE_WEIGHT = 1.3
FIRST_SENTENCE_WEIGHT = 1.15
PART_WEIGHTS = {QUOTED: 0.2, SIGNATURE: 0.1, NOTICE: 0.0, LOG: 0.25, LINK: 0.4}
"""How much a word counts that is not new: in older mail, in a signature, in a notice of a machine, in a log,
in a link that stands alone."""
URL_WEIGHT = 0.4

# Every alternative consumes at least one character and none can match the same run twice: linear time.
_DIVISIONS = (
    r"[.!?\u2026](?=[\s\"')\]*]|$)|[;:,](?=\s)|[\n()\u2013\u2014]| - |[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]"
)
_DIVIDERS = frozenset((*".!?\u2026;:,\n()\u2013\u2014\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f", " - "))
_TOKEN = re.compile(f"{WORD_PATTERN}|{_DIVISIONS}")
_SENTENCE_ENDS = frozenset(".!?…\n\u3002\uff01\uff1f")
_URL = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,64}@\S{1,255}")

DETERMINERS = word_set(
    "a an the my our your his her its their this that these those der die das den dem des ein eine einen einem "
    "einer mein meine meinen meiner unser unsere unseren el la los las un una mi mis su sus nuestro nuestra le "
    "les une mon ma notre nos o os um uma meu minha nosso nossa"
)
"""Words that phrases skip, so that `reset password` is found in `reset my password`."""

CLAUSE_WORDS = word_set(
    "but however although though whereas while yet except aber sondern jedoch pero sino aunque mais cependant mas "
    "porem contudo and und y et because since so"
)
"""Words that begin a new clause. The additive ones among them do so only before a determiner or a pronoun."""
_GERMAN = word_set("der das dem ein eine einen nicht und ist wir ich mein meine unser bitte kein keine")
_ADDITIVE = word_set("and und y et so")
_PRONOUNS = word_set("i we he she it they you there everything ich wir er sie es yo nosotros je nous il on eu")
_STRUCTURE = _GERMAN | DETERMINERS | CLAUSE_WORDS | _PRONOUNS | _DIVIDERS
_APOSTROPHES = frozenset("'\u2019")


@dataclass(slots=True)
class Text:
    """A tokenized field. All lists have one entry per word; determiners are left out.

    Attributes
    ----------
    field : title or description.
    raw : the text as its reader sees it, as far as it was read (see `ticketopt.triage.mail`).
    parts : what of it is not new. is_cut : whether it is longer than what was read.
    words, starts, ends : the words as they stand, and where (`raw[starts[k]:ends[k]]`). low : the words folded.
    sentences, clauses : number of the sentence and of the clause.
    weights : how much a word there counts; 1 is plain body text.
    after_determiner : whether a determiner stands right before.
    compounds : whether the text looks German, where words are written together.
    """

    field: str
    raw: str
    parts: tuple[Part, ...] = ()
    is_cut: bool = False
    words: list[str] = default(default_factory=list)
    low: list[str] = default(default_factory=list)
    starts: list[int] = default(default_factory=list)
    ends: list[int] = default(default_factory=list)
    sentences: list[int] = default(default_factory=list)
    clauses: list[int] = default(default_factory=list)
    weights: list[float] = default(default_factory=list)
    after_determiner: list[bool] = default(default_factory=list)
    compounds: bool = False

    def passage(self, first: int, last: int) -> str:
        """The text from word `first` to word `last`, both included, as it stands."""
        return self.raw[self.starts[first] : self.ends[last]]

    def new(self) -> str:
        """What no part covers."""
        pieces = []
        position = 0
        for part in sorted(self.parts, key=lambda part: part.start):
            pieces.append(self.raw[position : part.start])
            position = max(position, part.end)
        return "".join([*pieces, self.raw[position:]])


def read_fields(title: str, description: str) -> list[Text]:
    """Both texts of a ticket, the title first: it tells whether the description was passed on."""
    return [_read(written_title(title), "title"), _read(written_body(description, title), "description")]


def read_text(raw: str, name: str) -> Text:
    """Tokenize one field, in time linear in its length."""
    return _read(written_title(raw) if name == "title" else written_body(raw), name)


def _read(written: Written, name: str) -> Text:
    text = Text(name, written.text, written.parts, written.is_cut)
    if is_dense(text.raw):
        _tokenize(text)
    else:
        found = compiled_words().tokens(text.raw, folded)
        text.words, text.low, text.starts, text.ends, text.sentences, text.clauses = found[:6]
        text.after_determiner, text.compounds = found[6:]
    text.weights = [TITLE_WEIGHT if name == "title" else 1.0] * len(text.words)
    _discount(text, [*_urls(text.raw), *((part.start, part.end, PART_WEIGHTS[part.kind]) for part in text.parts)])
    if name != "title":
        first = next((s for s, w in zip(text.sentences, text.weights, strict=True) if w == 1.0), 0) if text.parts else 0
        for k in range(bisect_left(text.sentences, first), bisect_right(text.sentences, first)):
            if text.weights[k] == 1.0:
                text.weights[k] = FIRST_SENTENCE_WEIGHT
    return text


@cache
def compiled_words() -> Words:
    """The same as `_tokenize` where no sign of a script without blanks is, `folded` and `stem`, compiled."""
    sets = {"determiners": DETERMINERS, "clause words": CLAUSE_WORDS, "german": _GERMAN, "additive": _ADDITIVE}
    return Words({**sets, "pronouns": _PRONOUNS, "elided": ELIDED, "uninflected": UNINFLECTED}, IRREGULAR)


def _tokenize(text: Text) -> None:
    """Cut the text into words; those between two that tell something of the sentence are taken together."""
    sentence = clause = begin = 0
    skipped = False
    is_shouted = text.raw.isupper()
    token = pattern(f"{DENSE_WORD_PATTERN}|{_DIVISIONS}") if is_dense(text.raw) else _TOKEN
    matches = list(token.finditer(text.raw))
    found = [match[0] for match in matches]
    lows = list(map(folded, found))
    kept: list[int] = []
    for k in [*(k for k, low in enumerate(lows) if low in _STRUCTURE), len(lows)]:
        if begin < k:
            kept += range(begin, k)
            text.sentences += [sentence] * (k - begin)
            text.clauses += [clause] * (k - begin)
            text.after_determiner += [skipped, *[False] * (k - begin - 1)]
            skipped = False
        if k == len(lows):
            break
        begin, low = k + 1, lows[k]
        if low in _DIVIDERS:
            clause += 1
            sentence += low in _SENTENCE_ENDS and text.sentences[-1:] == [sentence]
            continue
        text.compounds = text.compounds or low in _GERMAN
        is_added = bool(kept) and lows[kept[-1]] in _ADDITIVE
        if low in DETERMINERS and _says_nothing(matches[k], is_shouted):
            clause += is_added
            skipped = True
            continue
        clause += (low in CLAUSE_WORDS and low not in _ADDITIVE) or (low in _PRONOUNS and is_added)
        begin = k
    text.words, text.low = [found[k] for k in kept], [lows[k] for k in kept]
    text.starts, text.ends = [matches[k].start() for k in kept], [matches[k].end() for k in kept]
    if any(sign in text.raw for sign in _APOSTROPHES):
        for k, word in enumerate(text.words):
            text.after_determiner[k] |= word[0] in "lL" and word[1:2] in _APOSTROPHES


def _says_nothing(match: re.Match[str], is_shouted: bool) -> bool:
    """Whether a determiner is one: no abbreviation in capitals, no letter beside a slash (`I/O`, `A/B`)."""
    word = match.group()
    if len(word) > 1:
        return is_shouted or not word.isupper()
    return "/" not in (match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1])


def _urls(raw: str) -> list[tuple[int, int, float]]:
    if "@" not in raw and "://" not in raw and "www." not in raw:
        return []
    return [(m.start(), m.end(), URL_WEIGHT) for m in _URL.finditer(raw)]


def _discount(text: Text, passages: Iterable[tuple[int, int, float]]) -> None:
    """Lower the weights inside each passage (start, end, weight); where passages overlap, the least one holds."""
    for start, end, weight in passages:
        for word in range(bisect_left(text.starts, start), bisect_left(text.starts, end)):
            text.weights[word] = min(text.weights[word], weight)
