"""Columns of several things per cell: skills with their levels, and lists of languages, groups or tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.intake.cells import Mistake, named, plain_text, read_each, without_mistakes
from ticketopt.intake.column import Column, is_placeholder
from ticketopt.intake.levels import DEFAULT_LEVEL, level_of, read_levels
from ticketopt.intake.strict_json import parse_json
from ticketopt.problem.names import spelled
from ticketopt.problem.report import Report, is_number, shown

__all__ = ["read_list", "read_skills"]

_SEPARATORS = re.compile(r"[;|\r\n]+")

_PAIR = re.compile(
    r"(?P<name>.*)(?:[:=]\s*(?P<level>[^:=]*)|\((?P<inner>[^()]*)\)|\s[-\u2013\u2014]\s(?P<last>.*))", re.S
)

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
            return Mistake(f"{shown(text)} {error.issues[0].problem}", "correct the JSON")
    if is_number(cell) or isinstance(cell, (bytes, bytearray)):
        return str(cell) if isinstance(cell, int) and abs(cell) < 10**18 else cell
    return cell.tolist() if type(cell).__module__ == "numpy" else cell


def _is_given(value: Any) -> bool:
    """Whether an element of a list or an object says anything; arrays and the like, which equal nothing, do."""
    is_plain = value is None or isinstance(value, (str, float))
    return not is_placeholder(value) if is_plain else type(value).__name__ not in ("NaTType", "NAType")


def _parts(text: str, *, with_comma: bool) -> list[str]:
    pieces = _SEPARATORS.split(text)
    if with_comma:
        pieces = [part for piece in pieces for part in piece.split(",")]
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
        split = [part for piece in _parts(value, with_comma=False) for part in _at_commas(piece, is_plain=is_plain)]
        if "" in split:
            return Mistake(f"{shown(value)} could be read in two ways at its comma", _NO_COMMA)
        return _unique([_pair(part) for part in split])
    if not isinstance(value, Sequence) or isinstance(value, (bytes, bytearray)):
        return Mistake(f"is {named(value)}, not skills", "write VPN:9; Printers:3")
    names = _texts(value)
    return names if isinstance(names, Mistake) else _unique([_pair(name) for name in names])


def _at_commas(piece: str, *, is_plain: bool) -> list[str]:
    """The skills of a piece without other separators; an empty one where a comma may or may not separate."""
    if "," not in piece or _DECIMAL.fullmatch(piece):
        return [piece]
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    has_level = [_pair(part)[1] is not None for part in parts]
    if any(has_level):
        return parts if all(has_level) else [""]
    return parts if is_plain else [piece]


def _pair(part: str) -> tuple[str, Any]:
    """A name and its level's text; None where there is none. Behind a colon everything is a level."""
    found = _PAIR.fullmatch(part)
    if found is None:
        return part, None
    if found["level"] is not None:
        return found["name"].strip(), found["level"].strip() or "no level"
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
