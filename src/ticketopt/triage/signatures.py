"""What stands below and around what a mail says: signatures, disclaimers, banners; by their shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ticketopt.triage.quotes import Line, is_bar
from ticketopt.triage.word_list import WordList, mail_tables, plain
from ticketopt.triage.words import is_dense, word_set

SURE_LINES = 8
"""So many lines from a closing on belong to the signature."""
MOST_LINES = 20
"""Further ones do as long as they are short, up to so many."""

_WEAK = WordList(mail_tables()["signatures"]["weak closings"])
_STRONG = WordList(mail_tables()["signatures"]["closings"])
_SHORT = word_set("br kr rgds mfg vg lg att cdlt mvg mvh pozdr ty gr")
_MOST_BESIDE = 26  # characters beside the closing words: a name, or `in advance`
_NAME_WORDS = 5  # of a line with a name, at most; a longer line after mere thanks is what the mail is about
_AFTERTHOUGHT = re.compile(
    r"p\.?\s?[sd]\.?\s?[:.,)\-\u2013]|(?:nachtrag|edit|update|nb|post scriptum)\s?[:.]", re.IGNORECASE
)
_NAME = re.compile(
    r"[A-Z\u00c0-\u00de\u0410-\u042f][\w.'\u2019-]*(?:\s+[A-Z\u00c0-\u00de\u0410-\u042f][\w.'\u2019-]*){1,3}$"
)
_FIRST_NAME = re.compile(
    r"[A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f][a-z\u00df-\u017f\u03ac-\u03ce\u0430-\u044f]{1,20}$"
)
_BARS = re.compile(r"\s[|\u2022\u00b7]\s")
_CONTACT = re.compile(
    r"(?:tel|telefon|t\u00e9l|telefoon|tlf|puh|phone|ph|mobile?|mob|cell|handy|fax|e-?mail|mail|hotline|direct|office)"
    r"\s?[.:]|\+\d[\d ()/.-]{6,}|^[\w.+-]{1,64}@[\w.-]{1,255}$",
    re.IGNORECASE,
)


def signature(lines: Sequence[Line], first: int = 1) -> list[Line]:
    """The lines of the signature, none where there is none; it does not begin above line `first`.

    It begins with `-- `, with a line of closing words that no prose follows, in the last paragraph with a name that its
    roles or ways of contact follow, or with a bar or a few words and a comma over a name. An afterthought (`PS:`) ends
    it.
    """
    for k in range(first, len(lines)):
        if _closes(lines, k) or _is_card(lines, k) or _stands_over_a_name(lines, k):
            return list(_until_afterthought(lines[k:]))
    return []


def _closes(lines: Sequence[Line], k: int) -> bool:
    words = lines[k].words
    if not words or len(words) > 100 or not (words == "--" or _is_closing(words)):
        return False
    if words == "--":
        return True
    after = next((line.words for line in lines[k + 1 :] if line.words), "")
    is_thanks = _STRONG.find(plain(words)) is None
    return not is_prose(after) and not (is_thanks and len(after.split()) > _NAME_WORDS)


def _is_closing(words: str) -> bool:
    low = plain(words)
    length = max(_WEAK.begins(low), _STRONG.begins(low))
    ends = not low[length : length + 1].isalpha() or is_dense(low[length : length + 1])
    if length and ends and len(low) - length <= _MOST_BESIDE:
        return True
    first, *rest = low.rstrip(",.! ").split(maxsplit=2) or [""]
    if first.rstrip(",.") in _SHORT and len(rest) < 2:
        return not rest or words.split()[1][:1].isupper()
    if _STRONG.begins(low) and len(low) > 2 * _MOST_BESIDE:  # a long formula has its regards at its end, too
        return _STRONG.find(low[-2 * _MOST_BESIDE :]) is not None
    return words[-1] == "," and _STRONG.find(low) is not None


def is_prose(words: str) -> bool:
    """Whether a line reads like a sentence."""
    return words[-1:] in tuple(".!?\u3002\uff01\uff1f") and len(words.split()) >= 5


def _is_card(lines: Sequence[Line], k: int) -> bool:
    """Whether a name stands here, with at most five lines from here to the end, of which one says how to reach it."""
    words = lines[k].words
    if not words or (k and lines[k - 1].words) or len(words) > 100:
        return False
    parts = _BARS.split(words)
    if not _NAME.match(parts[0].strip()):
        return False
    rest = [line.words for line in lines[k : k + 8]]
    if sum(map(bool, rest)) > 6 or k + 8 < len(lines):
        return False
    has_bars = len(parts) >= 3
    said = [i for i, line in enumerate(rest) if is_prose(line) and not _CONTACT.search(line)]
    if said and not (has_bars and all(rest[: said[-1]])):  # bars make a card of the lines right below
        return False
    return has_bars or any(_CONTACT.search(line) for line in rest)


def _stands_over_a_name(lines: Sequence[Line], k: int) -> bool:
    """Whether a bar, or a few words of whatever language and a comma, stand apart over a name, near the end."""
    words = lines[k].words
    if k + 1 >= len(lines) or k < 2 or lines[k - 1].words or len(lines) - k > SURE_LINES + 2:
        return False
    name = _BARS.split(lines[k + 1].words)[0].partition(" - ")[0].strip(" ,")
    if is_bar(words):
        return _NAME.match(name) is not None
    is_short = words[-1:] in (",", "\uff0c") and len(words.split()) <= _NAME_WORDS
    return is_short and (_NAME.match(name) is not None or _FIRST_NAME.match(name) is not None)


def _until_afterthought(lines: Sequence[Line]) -> Sequence[Line]:
    for k, line in enumerate(lines):
        is_long = k >= SURE_LINES and (len(line.words) > 90 or is_prose(line.words))
        if is_long or k >= MOST_LINES or (k and _AFTERTHOUGHT.match(line.words)):
            return lines[:k]
    return lines
