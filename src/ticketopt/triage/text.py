"""One field of a ticket as tokens, each with its place, its clause and how much it counts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from dataclasses import field as default

from ticketopt.triage.words import WORD_PATTERN, folded, word_set

MAX_CHARACTERS = 20_000
"""What is read of one field; the rest is cut, and the evidence says so."""

TITLE_WEIGHT = 1.3
FIRST_SENTENCE_WEIGHT = 1.15
QUOTED_WEIGHT = 0.2
SIGNATURE_WEIGHT = 0.1
URL_WEIGHT = 0.4

# Every alternative consumes at least one character and none can match the same run twice: linear time.
_TOKEN = re.compile(
    rf"{WORD_PATTERN}|[.!?…](?=[\s\"')\]*]|$)"
    r"|[;:,](?=\s)|[\n()\u2013\u2014]| - |[\u3002\uff01\uff1f]"
)
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

_QUOTE_HEADER = re.compile(
    r"\s*(?:-{3,}\s*(?:original|forwarded|urspr|weitergeleitet|mensaje|message|mensagem)|_{10,}"
    r"|(?:from|von|de|sent|gesendet|enviado|envoyé)\s?:\s.{0,200}@|(?:on|am|el|le|em)\s.{3,120}\s"
    r"(?:wrote|schrieb|escribió|a écrit|escreveu)\s?[^\n]{0,80}:\s*$)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:--\s*$|(?:(?:kind|best|warm|many)?\s?(?:regards|wishes|thanks)|thanks|thank you|cheers|sincerely"
    r"|yours \w+|(?:mit )?(?:freundliche|viele|beste|liebe)[nr]? gr(?:ü|ue)(?:ß|ss)en?|mfg|vg|danke|saludos|un saludo"
    r"|gracias|(?:bien )?cordialement|merci|atenciosamente|obrigad[oa]|att)\b[^\n]{0,25}$)",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\s*(?:sent from my |get outlook for |von meinem .{0,20} gesendet|enviado desde mi |envoyé de mon |enviado do meu "
    r"|this (?:e-?mail|message) (?:and any|is|may|contains)|caution: |\[?external\]?:? |disclaimer)",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 8


@dataclass(slots=True)
class Text:
    """A tokenized field. All lists have one entry per word; determiners are left out.

    Attributes
    ----------
    field : title or description.
    raw : the text, as far as it was read.
    words, starts, ends : the words as they stand, and where (`raw[starts[k]:ends[k]]`).
    sentences, clauses : number of the sentence and of the clause.
    weights : how much a word there counts; 1 is plain body text.
    after_determiner : whether a determiner stands right before.
    compounds : whether the text looks German, where words are written together.
    """

    field: str
    raw: str
    words: list[str] = default(default_factory=list)
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


def read_text(raw: str, name: str) -> Text:
    """Tokenize one field, in time linear in its length."""
    raw = raw[:MAX_CHARACTERS]
    text = Text(name, raw)
    _tokenize(text)
    if name == "title":
        text.weights = [TITLE_WEIGHT] * len(text.words)
    else:
        text.weights = [FIRST_SENTENCE_WEIGHT if s == 0 else 1.0 for s in text.sentences]
    _discount(text, _discounted_parts(raw) if name != "title" else _urls(raw))
    return text


def _tokenize(text: Text) -> None:
    sentence = clause = 0
    skipped = False
    words, starts, ends, sentences = text.words, text.starts, text.ends, text.sentences
    for match in _TOKEN.finditer(text.raw):
        word = match.group()
        if not word[0].isalnum():
            clause += 1
            if word in _SENTENCE_ENDS and words and sentences[-1] == sentence:
                sentence += 1
            continue
        low = folded(word)
        if low in _GERMAN:
            text.compounds = True
        if low in DETERMINERS and not (len(word) > 1 and word.isupper()):
            if words and folded(words[-1]) in _ADDITIVE:
                clause += 1
            skipped = True
            continue
        if (low in CLAUSE_WORDS and low not in _ADDITIVE) or (
            low in _PRONOUNS and words and folded(words[-1]) in _ADDITIVE
        ):
            clause += 1
        words.append(word)
        starts.append(match.start())
        ends.append(match.end())
        sentences.append(sentence)
        text.clauses.append(clause)
        text.after_determiner.append(skipped or word[:2].lower() in ("l'", "l\u2019"))
        skipped = False


def _urls(raw: str) -> list[tuple[int, int, float]]:
    if "@" not in raw and "://" not in raw and "www." not in raw:
        return []
    return [(m.start(), m.end(), URL_WEIGHT) for m in _URL.finditer(raw)]


def _discounted_parts(raw: str) -> list[tuple[int, int, float]]:
    """Where the text counts less: quoted mail, signatures, boilerplate, addresses. (start, end, weight) each."""
    parts = _urls(raw)
    start = 0
    signature_left = 0
    for number, line in enumerate(raw.splitlines(keepends=True)):
        end = start + len(line)
        line = unicodedata.normalize("NFC", line)
        if number and _QUOTE_HEADER.match(line):
            parts.append((start, len(raw), QUOTED_WEIGHT))
            break
        if line.lstrip().startswith((">", "|")):
            parts.append((start, end, QUOTED_WEIGHT))
        elif _BOILERPLATE.match(line):
            parts.append((start, end, 0.0))
        elif number and _CLOSING.match(line):
            signature_left = _SIGNATURE_LINES
        if signature_left:
            parts.append((start, end, SIGNATURE_WEIGHT))
            signature_left -= 1
        start = end
    return parts


def _discount(text: Text, parts: list[tuple[int, int, float]]) -> None:
    """Multiply the weights inside each part; both lists are walked once, as neither parts nor words go backwards."""
    parts.sort()
    word = 0
    for start, end, weight in parts:
        while word and text.starts[word - 1] >= start:
            word -= 1
        while word < len(text.words) and text.starts[word] < start:
            word += 1
        while word < len(text.words) and text.starts[word] < end:
            text.weights[word] = min(text.weights[word], weight)
            word += 1
