"""Words as they are compared: without case, accents and inflection."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_LETTERS = r"[^\W_]+(?:[\u0300-\u036f\u3099\u309a]+[^\W_]*)*"
"""Letters and digits; accents that stand for themselves (as in decomposed text) belong to the letter before."""

WORD_PATTERN = rf"{_LETTERS}(?:['\u2019]{_LETTERS})*(?:\+\+|#)?"
WORD = re.compile(WORD_PATTERN)

_SIGNS = (
    "\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\uac00-\ud7a3\u1100-\u115f\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u1780-\u17b3\u1000-\u102a"
)
_SIGN_MARKS = (
    "\u3099\u309a\uff9e\uff9f\u1160-\u11ff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u17b4-\u17d3\u102b-\u103e"
)
_APART = WORD_PATTERN.replace(r"[^\W_]", rf"[^\W_{_SIGNS}]")
DENSE_WORD_PATTERN = rf"[{_SIGNS}][{_SIGN_MARKS}]*|{_APART}"
"""A word where signs of such scripts stand: each is a word of its own, so that a name is found inside a sentence."""
_DENSE_RUN_PATTERN = rf"(?:[{_SIGNS}][{_SIGN_MARKS}]*)+|{_APART}"


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern that is compiled when it is needed first: with all those signs that takes its time."""
    return re.compile(text)


def is_dense(text: str) -> bool:
    """Whether there is a sign of a script whose words have no blanks between them (or, in Korean, particles behind)."""
    try:
        text.encode("latin-1")  # far quicker than to search
    except UnicodeEncodeError:
        return pattern(f"[{_SIGNS}]").search(text) is not None
    return False


def words_of(text: str) -> list[str]:
    """The words of a text; in a script without blanks its signs."""
    return (pattern(DENSE_WORD_PATTERN) if is_dense(text) else WORD).findall(text)


def runs_of(text: str) -> list[str]:
    """The words of a name; in a script without blanks its signs together."""
    return (pattern(_DENSE_RUN_PATTERN) if is_dense(text) else WORD).findall(text)


_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """The text without characters that have no width: soft hyphens, byte order marks, marks of direction."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for tables that are read as prose."""
    return frozenset(text.split())


_VOWELS = frozenset("aeiouy")

ELIDED = word_set("l d j n s c m t qu")
"""Articles and the like before an apostrophe."""

_INFLECTED = frozenset("sdge")
"""Last letters of the endings that are taken off."""

UNINFLECTED = word_set(
    "marketing parking housing accounting boarding filing flooring rating listing screening packaging theme plane "
    "stripe paste evening morning ceiling nothing something anything everything during wedding spring training "
    "building hearing"
)
"""Words that look inflected and are not."""

IRREGULAR = {
    "sent": "send", "lost": "lose", "broken": "break", "broke": "break", "frozen": "freeze", "froze": "freeze",
    "stolen": "steal", "stole": "steal", "paid": "pay", "bought": "buy", "went": "go", "gone": "go", "kept": "keep",
    "torn": "tear", "tore": "tear", "rang": "ring", "rung": "ring", "fell": "fall", "fallen": "fall", "burnt": "burn",
    "spilt": "spill", "shipt": "ship", "leant": "lean", "people": "person", "centre": "center", "centres": "center",
    "licence": "license", "licences": "license", "cheque": "check", "cheques": "check", "catalogue": "catalog",
    "catalogues": "catalog", "colour": "color", "colours": "color", "tyre": "tire", "tyres": "tire", "grey": "gray",
    "enrolment": "enrollment", "fulfilment": "fulfillment", "programme": "program", "metre": "meter",
    "fibre": "fiber", "odour": "odor", "labelled": "label", "thieves": "thief", "shelves": "shelf",
}  # fmt: skip
"""Forms that the rules below do not bring together."""


@lru_cache(maxsize=1 << 17)
def folded(word: str) -> str:
    """The word without case, accents and apostrophes, and without an elided article (`l'imprimante`)."""
    low = word.casefold()
    if "'" in low or "\u2019" in low:
        head, *rest = low.replace("\u2019", "'").split("'")
        low = "".join(rest) if head in ELIDED and len(rest[0]) > 2 else "".join([head, *rest])
    if low.isascii():
        return low
    plain = unicodedata.normalize("NFKD", low)
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The folded word without inflection: `printing`, `prints` and `Printed` are all `print`.

    A light stemmer: it undoes English inflection (and the plurals and final vowels that the Romance languages share
    with it) but no derivation, so that `printer` and `print` stay apart. The result need not be a word.
    """
    word = folded(_without_possessive(word))
    word = IRREGULAR.get(word, word)
    if len(word) <= 3 or word in UNINFLECTED or not word.isalpha():
        return word
    if word[-1] not in _INFLECTED and word[-1] != word[-2] and "isation" not in word:
        return word  # nothing below changes it
    word = _without_plural(word)
    if word in UNINFLECTED:
        return word
    spelled_with_s = word.endswith(("ise", "ised", "ising", "isation"))
    word = _without_ending(word.replace("isation", "ization"))
    if len(word) > 4 and word[-1] == "e":
        word = word[:-1]
    if spelled_with_s and len(word) > 5 and word.endswith("is"):
        word = word[:-1] + "z"
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    return word


def _without_possessive(word: str) -> str:
    return word[:-2] if len(word) > 3 and word[-2] in "'\u2019" and word[-1] in "sS" else word


def _without_plural(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        if word.endswith(ending) and not word.endswith("eed"):
            rest = word[: -len(ending)]
            return rest if len(rest) >= 3 and not _VOWELS.isdisjoint(rest) else word
    return word


_NUMBERS = {
    2: "two both zwei dos deux dois duas couple", 3: "three drei tres trois", 4: "four vier cuatro quatre quatro",
    5: "five funf fuenf cinco cinq", 6: "six sechs seis", 7: "seven sieben siete sept sete",
    8: "eight acht ocho huit oito", 9: "nine neun nueve neuf nove", 10: "ten zehn diez dix dez",
    11: "eleven elf once onze", 12: "twelve zwolf zwoelf doce douze doze dozen dutzend docena douzaine duzia",
    13: "thirteen", 14: "fourteen", 15: "fifteen funfzehn quince quinze", 16: "sixteen", 17: "seventeen",
    18: "eighteen", 19: "nineteen", 20: "twenty zwanzig veinte vingt vinte",
    30: "thirty dreissig treinta trente trinta",
    40: "forty vierzig cuarenta quarante quarenta", 50: "fifty funfzig fuenfzig cincuenta cinquante dozens",
    60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety", 100: "hundred hundert cien cent cem",
    200: "hundreds hunderte cientos centaines centenas", 1000: "thousand thousands tausend tausende mil mille miles",
}  # fmt: skip
NUMBER_WORDS = {word: value for value, words in _NUMBERS.items() for word in words.split()}


def number_value(low: str) -> int | None:
    """The whole number that a folded word stands for, if any; figures of more than nine digits are no numbers."""
    if low.isdecimal():
        return int(low) if len(low) < 10 else None
    return NUMBER_WORDS.get(low)


GENERAL = frozenset(
    stem(word)
    for word in word_set(
        "i me we us you he him she it they them who what which when where why how if then than as at by from in into "
        "of off on onto out over to up with without about after again all also always and any are be been before being "
        "but can cannot could did do does done each else even ever every few first for get gets got had has have here "
        "is just last later least less like list made make many more most much must need never new next no not now "
        "old once one only or other own please really same say see seem should since so some still such sure take "
        "thank thanks there thing today tomorrow too twice two until very want was way week were while will would yes "
        "yesterday yet back day days month morning hello hi dear regards und oder aber ist sind war wir ich sie es "
        "nicht noch schon auch auf aus bei mit nach seit von vor zu zum zur bitte danke hallo heute gestern woche y o "
        "pero es son no ya en con por para desde hasta muy hola gracias hoy ayer semana et ou mais est sont ne pas "
        "dans avec pour depuis bonjour merci hier semaine e mas em com por desde obrigado hoje ontem"
    )
)
"""Stems of words that say nothing about what a ticket is about, in five languages."""
