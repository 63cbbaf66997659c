"""Whether a word of alarm is meant: not negated, not the name of something, said to be so now."""

from __future__ import annotations

import re
from itertools import pairwise

from ticketopt.triage.lexicon import Sign
from ticketopt.triage.mood import is_told
from ticketopt.triage.phrase_table import Span
from ticketopt.triage.stance import NEGATORS
from ticketopt.triage.text import Text
from ticketopt.triage.words import word_set

_NEGATION_REACH = 3
_MOST_BETWEEN = 12  # words between the parts of a severe sign: farther ones have little to do with each other
_MODIFIERS = word_set("emergency emergencia urgence emergenza")
_OF = word_set("de d di da")
_NO_NOUNS = word_set(
    "situation case help here now please and or in at on for as since because with we i is was it need needs ticket "
    "request issue again today right all they there this to from by no not call en y por para em e pour et per o ou"
)
_STANDSTILLS = ("halted", "losing", "stopped")
_BEING = word_set("is are was were be been being went go goes going gone still keeps all both completely totally hard")
_PUTTING = word_set("it them him her me us came come comes coming put puts write wrote calm sit lie turn turned pull")
_SINCE = word_set("since for again now today and or on everywhere after")
_BLANK = ("", " ", "\n", "\t", "\u00a0", "(", "-", "\u2013", "'", '"')
_CODE = re.compile(r"[ps]\d")
_ASSIGNING = word_set("is as priority prio level severity sev marked set raised treat rated classified its please ist")


def negator(text: Text, spans: tuple[Span, ...]) -> int | None:
    """The word that negates a match, if any; of a `~` phrase only one right before its last part does."""
    first = spans[-1][0]
    within = {k for start, end in spans for k in range(start, end + 1)}
    reach = _NEGATION_REACH if len(spans) == 1 else 1
    for k in range(first - 1, max(0, first - reach) - 1, -1):
        if text.clauses[k] == text.clauses[first] and k not in within and text.low[k] in NEGATORS:
            return k
    return None


def is_statement(text: Text, span: Span) -> bool:
    """Whether a code such as `P1` is said of the ticket: rooms and laboratories are called so, too.

    It must begin its clause, or follow a word that assigns it.
    """
    first, last = span
    word = text.low[first]
    if word in _MODIFIERS and first == last:
        return not _modifies(text, first)
    if first != last or not _CODE.fullmatch(word):
        return True
    begins = first == 0 or text.clauses[first - 1] != text.clauses[first]
    return begins or text.low[first - 1] in _ASSIGNING


def _modifies(text: Text, place: int) -> bool:
    """Whether a word only says what kind of thing another is: `emergency vehicles`, `botón de emergencia`."""
    if place and text.low[place - 1] in _OF and text.clauses[place - 1] == text.clauses[place]:
        return True
    after = place + 1
    same = after < len(text.words) and text.clauses[after] == text.clauses[place] and not text.after_determiner[after]
    return same and text.low[after] not in _NO_NOUNS


def is_meant(sign: Sign, text: Text, spans: tuple[Span, ...]) -> bool:
    """Whether a sign's parts belong together: a severe one is said to be so now, and what counts people counts."""
    if sign.counts_people:
        return all(_counts(text, first) for first, _ in spans)
    if not sign.severe:
        return True
    if sign.name in _STANDSTILLS and not _is_of_one_clause(text, spans):
        return False
    if len(spans) == 1 and text.words[spans[0][0]].lower() == "down" and not _says_down(text, spans[0]):
        return False
    near = all(later[0] - earlier[1] <= _MOST_BETWEEN + 1 for earlier, later in pairwise(sorted(spans)))
    return near and all(is_told(text, span, spans) for span in spans)


def _is_of_one_clause(text: Text, spans: tuple[Span, ...]) -> bool:
    """Whether the parts stand in one clause, or in two that follow each other."""
    clauses = [text.clauses[first] for first, _ in spans]
    return max(clauses) - min(clauses) <= 1


def _says_down(text: Text, span: Span) -> bool:
    """`is down`, `VPN down`, `down since nine`; not `put our name down at`, `down the margin`, `write it down`."""
    first, last = span
    if first and text.clauses[first - 1] == text.clauses[first]:
        before = text.low[first - 1]
        if before in _BEING:
            return True
        if before in _PUTTING:
            return False
    ends = last + 1 == len(text.words) or text.clauses[last + 1] != text.clauses[last]
    return ends or (text.low[last + 1] in _SINCE and not text.after_determiner[last + 1])


def _counts(text: Text, place: int) -> bool:
    """Whether a number stands for itself: not in a date, an address or a name such as `srv_12`."""
    before, after = text.raw[: text.starts[place]][-1:], text.raw[text.ends[place] :][:1]
    return before in _BLANK and after in _BLANK
