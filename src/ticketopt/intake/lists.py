"""Columns of several things per cell: skills with their levels, and lists of languages, groups or tags."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.cells import Mistake, named, plain_text, read_each, without_mistakes
from ticketopt.intake.column import Column, is_placeholder
from ticketopt.intake.levels import DEFAULT_LEVEL, Level, level_of, read_levels
from ticketopt.intake.strict_json import parse_json
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, is_number, shown

__all__ = ["read_list", "read_skills", "read_wanted"]

_SEPARATORS = re.compile(r"[;|\r\n\t\u3001\u30fb]+")

_COMMA = re.compile(r",(?![^()\[\]{}]*[)\]}])")
"""A comma outside of brackets."""

_ARROW = re.compile(r"\s*(?:[-=]+>|[\u2192\u21d2]|:=)\s*")

_BULLET = re.compile(r"^(?:[-*\u2022\u00b7\u2013\u25aa\u25cf]\s+)")

_PAIR = re.compile(
    r"(?P<name>.*)(?:[:=]\s*(?P<level>[^:=]*)|[(\[{<](?P<inner>[^()\[\]{}<>]*)[)\]}>]|\s[-\u2013\u2014]\s(?P<last>.*))",
    re.S,
)

_TAIL = re.compile(r"(?P<name>.*\S)\s(?P<tail>\d+\s?%|\d+\s?/\s?\d+|[\u2605\u2b50\u25cf*]+[\u2606\u25cb]*)", re.S)
"""A level that needs no sign before it."""

_RUN = re.compile(
    r"\s*(?:(?:and|und|et|y|e|en|i)\s+)?(?P<name>[^\s:=][^:=]*?)\s*[:=]\s*"
    r"(?P<level>\d+(?:[.,]\d+)?(?:\s?%|/\d+)?)\s*(?:[/&+,]|(?=\s)|$)"
)
"""One of several skills that only their levels keep apart: `VPN=9/Printers=3`, `VPN:9 Printers:3`."""

_LEVEL_WITHIN = re.compile(r"[:=]\s*\d|\(\s*\d+\s*\)")

_NUMBER_AT_END = re.compile(r"\D*\D[\s-](?:10|\d)")

_MAX_LITERAL = 10_000  # letters of a list in Python's notation that is still read

_NAME_KEYS, _LEVEL_KEYS = ("name", "skill", "skill_name"), ("level", "rating", "proficiency", "score")

_DECIMAL = re.compile(r"[^,]*[:=(]\s*\d+,\d+\)?")

_NO_COMMA = "put a semicolon between skills, and a level behind every one: VPN:9; Printers:3"

_Pairs = tuple[tuple[str, Any], ...]
"""Names and the cells of their levels; None where no level is given."""


def read_skills(column: Column, report: Report, *, scale: float | None = None) -> list[dict[str, float] | None]:
    """Skills with their levels, 0 to 10: `VPN:9; Printers (3); Mail - expert`, `{"VPN": 9}`, or only names.

    Semicolons, bars and new lines separate. A comma does between skills that all have a level, and between skills
    without levels where the column has no other separator. `scale` is as for `read_levels`.
    """
    is_plain = not _has_separator(column)
    pairs = without_mistakes(column, read_each(column, lambda cell: _pairs(cell, is_plain=is_plain)), report)
    flat = [(k, name, level) for k, row in enumerate(pairs) for name, level in row or ()]
    unsaid = [k for k, _, level in flat if level is None]
    if unsaid:
        problem = f"has skills without a level, which count as {DEFAULT_LEVEL:g} of 10"
        report.warn(column.place(unsaid[0]), problem, "write the levels: VPN:9; Printers:3")
    cells = Column(column.heading, [level for _, _, level in flat], lambda n: column.place(flat[n][0]), column.is_text)
    levels = read_levels([cells], report, scale=scale)[0]
    skills: list[dict[str, float] | None] = [None if row is None else {} for row in pairs]
    for (k, name, given), level in zip(flat, levels, strict=True):
        own = skills[k]
        if own is not None and (given is None or level is not None):
            own[name] = DEFAULT_LEVEL if level is None else level
    return skills


def read_wanted(column: Column, report: Report, *, unsaid: float | None) -> list[Any]:
    """Skills of tickets with a number each, in the ways of `read_skills`; maps and what is no text are as they are.

    `unsaid` is the number of a skill without one; None makes that an error.
    """
    is_plain = not _has_separator(column)
    read = read_each(column, lambda cell: _wanted(cell, is_plain, unsaid) if isinstance(cell, str) else cell)
    return without_mistakes(column, read, report)


def _wanted(cell: str, is_plain: bool, unsaid: float | None) -> Any:
    pairs = _pairs(cell, is_plain=is_plain)
    if isinstance(pairs, Mistake):
        return pairs
    wanted: dict[str, Any] = {}
    for name, said in pairs:
        level = Level(unsaid, is_bare=True) if said is None and unsaid is not None else level_of(str(said))
        if said is None and unsaid is None:
            return Mistake(f"{shown(name)} has no level", "write the levels: VPN:5; Printers:3")
        if isinstance(level, Mistake):
            return level
        wanted[name] = level.value
    return wanted


def read_list(column: Column, report: Report) -> list[tuple[str, ...] | None]:
    """Lists of names: `de; en`, `["de", "en"]`; commas separate where the column has no other separator."""
    is_plain = not _has_separator(column)
    return without_mistakes(column, read_each(column, lambda cell: _names(cell, is_plain=is_plain)), report)


def _names(cell: Any, *, is_plain: bool) -> tuple[str, ...] | Mistake:
    value = _data(cell)
    if isinstance(value, Mistake):
        return value
    if isinstance(value, str):
        return tuple(dict.fromkeys(_parts(value, with_comma=is_plain)))
    if isinstance(value, Mapping) or not isinstance(value, Sequence):
        return Mistake(f"is {named(value)}, not a list", "write names with semicolons between them")
    return _texts(value)


def _texts(items: Sequence[Any]) -> tuple[str, ...] | Mistake:
    given = [item for item in items if _is_given(item)]
    wrong = [item for item in given if not isinstance(item, str)]
    if wrong:
        return Mistake(f"lists {named(wrong[0])}", "list texts only")
    return tuple(dict.fromkeys(plain_text(item) for item in given))


def _data(cell: Any) -> Any:
    """JSON in a text as what it spells, a whole number as its text, arrays as lists; everything else as it is."""
    if isinstance(cell, str):
        text = plain_text(cell)
        if text[:1] not in ("{", "["):
            return text
        try:
            return parse_json(text)
        except InvalidInputError as error:
            other = _other_notation(text)
            return Mistake(f"{shown(text)} {error.issues[0].problem}", "correct the JSON") if other is None else other
    if is_number(cell) or isinstance(cell, (bytes, bytearray)):
        return str(cell) if isinstance(cell, int) and abs(cell) < 10**18 else cell
    return cell.tolist() if type(cell).__module__ == "numpy" else cell


def _other_notation(text: str) -> Any:
    """What a list or map in Python's notation is, as frames write it; else the text within plain brackets, or None."""
    if len(text) < _MAX_LITERAL and text[-1:] == {"{": "}", "[": "]"}[text[0]]:
        try:
            return ast.literal_eval(text) if "'" in text else _within(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return _within(text)
    return None


def _within(text: str) -> str | None:
    return None if re.search(r"[\[\]{}\"']", text[1:-1]) else text[1:-1]


def _is_given(value: Any) -> bool:
    """Whether an element of a list or an object says anything; arrays and the like, which equal nothing, do."""
    is_plain = value is None or isinstance(value, (str, float))
    return not is_placeholder(value) if is_plain else type(value).__name__ not in ("NaTType", "NAType")


def _parts(text: str, *, with_comma: bool) -> list[str]:
    pieces = _SEPARATORS.split(text)
    if with_comma:
        pieces = [part for piece in pieces for part in _COMMA.split(piece)]
    return [part.strip() for part in pieces if part.strip()]


def _has_separator(column: Column) -> bool:
    """Whether a cell of the column has a separator other than a comma."""
    cells = (cell for cell in column.cells if isinstance(cell, str) and cell.strip()[:1] not in ("{", "["))
    return any(_SEPARATORS.search(cell.strip()) for cell in cells)


def _pairs(cell: Any, *, is_plain: bool) -> _Pairs | Mistake:
    value = _data(cell)
    if isinstance(value, Mistake):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            return Mistake("has a skill whose name is not a text", "write names as texts")
        return _unique([(plain_text(name), level) for name, level in value.items() if _is_given(level)])
    if isinstance(value, str):
        return _in_text(value, is_plain=is_plain)
    if not isinstance(value, Sequence) or isinstance(value, (bytes, bytearray)):
        return Mistake(f"is {named(value)}, not skills", "write VPN:9; Printers:3")
    paired = [_paired(item) for item in value]
    if paired and all(pair is not None for pair in paired):
        return _unique([pair for pair in paired if pair is not None])
    names = _texts(value)
    return names if isinstance(names, Mistake) else _unique([_pair(name) for name in names])


def _in_text(text: str, *, is_plain: bool) -> _Pairs | Mistake:
    pairs: list[tuple[str, Any]] = []
    for piece in _parts(_ARROW.sub(":", text), with_comma=False):
        run = _run(piece)
        split = [] if run else _at_commas(_BULLET.sub("", piece), is_plain=is_plain)
        if "" in split:
            return Mistake(f"{shown(text)} could be read in two ways at its comma", _NO_COMMA)
        pairs += run or [_pair(part.strip("\"'\u201c\u201d ")) for part in split]
    for name, level in pairs:
        of_name = _pair(name)[1]
        if _LEVEL_WITHIN.search(name) or (of_name is not None and of_name != level):
            return Mistake(f"{shown(text)} has more than one level for {shown(name)}", _NO_COMMA)
    if len(pairs) > 1 and all(level is None and _NUMBER_AT_END.fullmatch(name) for name, level in pairs):
        return Mistake(f"{shown(text)} could be names that end in a number, or names and levels", _NO_COMMA)
    return _unique(pairs)


def _run(piece: str) -> list[tuple[str, Any]]:
    """Several skills one behind the other; none where the piece is not just that."""
    found, end = [], 0
    while end < len(piece) and (match := _RUN.match(piece, end)):
        found.append((match["name"].strip(" /&+,"), match["level"]))
        end = match.end()
    is_one_decimal = _DECIMAL.fullmatch(piece) is not None
    return found if end == len(piece) and len(found) > 1 and not is_one_decimal else []


def _paired(item: Any) -> tuple[str, Any] | None:
    """The skill and its level that an object, or a list of two, names."""
    if isinstance(item, Mapping):
        names = [key for key in _NAME_KEYS if isinstance(item.get(key), str)]
        levels = [item[key] for key in _LEVEL_KEYS if _is_given(item.get(key))]
        return (plain_text(item[names[0]]), next(iter(levels), None)) if names and len(levels) < 2 else None
    is_pair = isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], str)
    return (plain_text(item[0]), item[1]) if is_pair and not isinstance(item[1], (list, tuple, Mapping)) else None


def _at_commas(piece: str, *, is_plain: bool) -> list[str]:
    """The skills of a piece without other separators; an empty one where a comma may or may not separate."""
    if "," not in piece or _DECIMAL.fullmatch(piece):
        return [piece]
    parts = [part.strip() for part in _COMMA.split(piece) if part.strip()]
    has_level = [_pair(part)[1] is not None for part in parts]
    if any(has_level):
        return parts if all(has_level) else [""]
    return parts if is_plain else [piece]


def _pair(part: str) -> tuple[str, Any]:
    """A name and its level's text; None where there is none. Behind a colon everything is a level."""
    found = _PAIR.fullmatch(part) or _TAIL.fullmatch(part)
    if found is None:
        return part, None
    if found.re is _TAIL:
        return (part, None) if isinstance(level_of(found["tail"]), Mistake) else (found["name"], found["tail"])
    if found["level"] is not None:
        return found["name"].strip(" :="), found["level"].strip() or "no level"
    text = found["inner"] if found["last"] is None else found["last"]
    return (part, None) if isinstance(level_of(text), Mistake) else (found["name"].strip(), text)


def _unique(pairs: list[tuple[str, Any]]) -> _Pairs | Mistake:
    seen: dict[str, str] = {}
    for name, level in pairs:
        is_level = level is None and getattr(level_of(name), "is_bare", False)
        if not name or is_level:
            return Mistake("has a level without a skill's name", "write VPN:9; Printers:3")
        if spelled(name) in seen:
            return Mistake(f"has the skill {shown(name)} twice", "keep one of them")
        seen[spelled(name)] = name
    return tuple(pairs)
