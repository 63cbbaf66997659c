"""One column of somebody else's table: its heading, its cells, and how messages name them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter, ne
from types import NoneType
from typing import Any

from ticketopt.problem.names import spelled

__all__ = ["Column", "are_repeated", "are_texts", "given", "heading_key", "is_placeholder", "without_placeholders"]

_WORDS = (
    "null,none,nil,nan,nat,na,n/a,n / a,n\\a,n.a,n.a.,n/a.,\\n,undefined,unknown,unassigned,not assigned,not set,"
    "not specified,no data,tbd,to be defined,k.a.,k. a.,keine angabe,nicht zugewiesen,nicht gesetzt,unbekannt,"
    "non attribu\u00e9,non assign\u00e9,non renseign\u00e9,inconnu,sin asignar,sin definir,desconocido,"
    "n\u00e3o atribu\u00eddo,desconhecido,non assegnato,brak"
)
_WORDS_IN_BRACKETS = "blank,empty,leer,vide,vac\u00edo,vazio,vuoto,leeg,puste,unset,no value"

_NOTHING = frozenset(_WORDS.split(","))
"""Words that say that nothing is given."""

_BRACKETED = _NOTHING.union(_WORDS_IN_BRACKETS.split(","))
"""And those that do in brackets or quotes."""

_BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}", '"': '"', "'": "'", "\u00ab": "\u00bb"}

_ERRORS = frozenset(("#n/a", "#na", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#nv", "=na()"))
"""What a spreadsheet writes where a formula has no value."""

_SIGNS = frozenset("?-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufeff\u200b\u200e\u200f\u2060 ")
"""A cell of nothing but these says nothing."""

_BEGINNINGS = {word[0] for word in (*_NOTHING, *_ERRORS)} | _BRACKETS.keys() | _SIGNS
_SURE = frozenset(map(chr, range(0x21, 0x7F))) - _BEGINNINGS - {letter.upper() for letter in _BEGINNINGS}
"""With what no placeholder begins."""

_LONGEST = max(map(len, _NOTHING | _ERRORS))
"""No longer text is a placeholder, but for brackets, signs alone and blanks around it."""

_MOST = 40
"""A longer text is one only where it is blank."""

_FIRST = itemgetter(slice(1))
_ODD = frozenset((*_SIGNS, *_BRACKETS))
"""With one of these begins a longer one than that of a word."""

_KNOWN_KINDS = {str, NoneType, bool, int, float, list, dict}
"""Of these, only texts are placeholders, and NaN."""

_SAMPLE = 400
"""So many cells tell whether a column's texts are repeated."""


def is_placeholder(cell: Any) -> bool:
    """Whether a cell says that nothing is given: it is empty, NULL, N/A, `?`, `-` or the like."""
    if not isinstance(cell, str):
        is_missing = type(cell).__name__ in ("NaTType", "NAType") or (isinstance(cell, float) and cell != cell)
        return cell is None or is_missing
    if cell[-1:].isdigit():  # most cells are told quickly
        return False
    if len(cell) > _MOST:
        return not cell.strip()
    text = cell.strip().casefold()
    if not text or text in _NOTHING:
        return True
    if text[0].isalnum():
        return False
    is_within = len(text) > 2 and _BRACKETS.get(text[0]) == text[-1] and text[1:-1].strip() in _BRACKETED
    return is_within or text in _ERRORS or _SIGNS.issuperset(text)


def are_texts(cells: Sequence[Any]) -> bool:
    """Whether every cell is a text or None."""
    return set(map(type, cells)) <= {str, NoneType}


def are_repeated(cells: Sequence[Any]) -> bool:
    """Whether texts seem to come up again and again, so that it pays to look at each once."""
    sample = cells[:_SAMPLE]
    return are_texts(sample) and 2 * len(set(sample)) <= len(sample)


def without_placeholders(cells: Sequence[Any]) -> Sequence[Any]:
    """The cells, None where a placeholder stands; the very same sequence where there is none."""
    kinds = set(map(type, cells))
    if float in kinds and any(map(ne, cells, cells)):  # NaN is the only float that is not equal to itself
        cells = [None if type(cell) is float and cell != cell else cell for cell in cells]
    if not kinds <= _KNOWN_KINDS:
        return [None if cell is None or is_placeholder(cell) else cell for cell in cells]
    if str not in kinds:
        return cells
    texts = cells if kinds == {str} else [cell for cell in cells if type(cell) is str]
    found = dict.fromkeys(filter(is_placeholder, _suspects(set(texts) if are_repeated(texts) else texts)))
    if not found:
        return cells
    if kinds <= {str, NoneType}:
        return list(map(found.get, cells, cells))
    return [None if type(cell) is str and cell in found else cell for cell in cells]


def _suspects(texts: Collection[str]) -> set[str]:
    """Those that may be placeholders by their ends and their length, which is told quickly."""
    beginnings = set(map(_FIRST, texts))
    if beginnings <= _SURE:
        return set()
    has_blanks = any(map(str.isspace, beginnings))
    short = texts if has_blanks else [text for text in texts if len(text) <= _MOST]
    return {text for text in short if text[:1] not in _SURE and _is_suspect(text)}


def _is_suspect(text: str) -> bool:
    if len(text) <= _LONGEST:
        return not text[-1:].isdigit()
    return text[0] in _ODD or text[0].isspace() or text[-1].isspace()


def given(cells: Sequence[Any]) -> Iterator[Any]:
    """The cells that are no placeholders, of equal texts and numbers the first."""
    seen: set[tuple[type, Any]] = set()
    for cell in _seldom_twice(cells):
        if cell is None:
            continue
        if isinstance(cell, str | int):
            key = type(cell), cell
            if key in seen:
                continue
            seen.add(key)
        if not is_placeholder(cell):
            yield cell


def _seldom_twice(cells: Sequence[Any]) -> Iterator[Any]:
    yield from cells[:_SAMPLE]
    rest = cells[_SAMPLE:]
    yield from dict.fromkeys(rest) if are_repeated(cells) and are_texts(rest) else rest


@lru_cache(maxsize=10_000)
def heading_key(heading: str) -> str:
    """A heading as headings are compared: `Ticket ID`, `ticket_id` and `TicketId` are the same."""
    plain = spelled(heading.strip("\ufeff \"'"))
    return "".join(c for c in plain if c.isalnum()) or plain


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    heading : as it is written. cells : one per row; None where a placeholder stands or nothing.
    place : the row's number -> how messages name the cell, such as `tickets.csv row 7.Due date`.
    is_text : whether cells are what a table's text spells (CSV), so that `3` may stand for a number.
    """

    heading: str
    cells: Sequence[Any]
    place: Callable[[int], str]
    is_text: bool = True
