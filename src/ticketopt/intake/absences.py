"""Columns that say when somebody is away: `vacation`, `out of office until`, `absent from` and `absent to`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from ticketopt.intake.cells import named
from ticketopt.intake.clock import normal
from ticketopt.intake.column import Column
from ticketopt.intake.dates import read_times
from ticketopt.intake.hour_words import ABSENT, FROM, UNTIL
from ticketopt.intake.written_time import WrittenTime, written_time
from ticketopt.problem.fields import MAX_TIMESTAMP
from ticketopt.problem.report import Report, is_number

__all__ = ["AbsenceColumn", "Kind", "absence_kind", "read_absences"]

Kind = Literal["span", "from", "until", "back"]
"""What a date in a column is: an absence as a whole, its first day, its last day, or the day after it."""

_BACK = frozenset(("back on", "back", "returns", "returns on", "return date", "wieder da", "wieder da ab", "zuruck am"))
_BESIDE = frozenset(
    ("date", "dates", "datum", "fecha", "data", "period", "on", "at", "day", "zeitraum", "am", "planned")
)
_LINKS = re.compile(
    r"\s*(?:(?<![a-z])(?:to|until|till|bis|a|au|al|hasta|ate|through|thru)(?![a-z])|\.\.+|[-/\u2010-\u2015\u2212])\s*",
    re.IGNORECASE,
)
_SEPARATE = re.compile(r"[;|\r\n]+|\s(?:and|und|et|y|e)\s", re.IGNORECASE)
_ONE_END = re.compile(r"\s*([a-z'\u00e9]+)\s+(?=\S*\d)(.*)", re.IGNORECASE | re.DOTALL)
_WRITE = "write it such as 2026-07-01 - 2026-07-14"


class AbsenceColumn(NamedTuple):
    """A column of absences, and what its dates are."""

    kind: Kind
    column: Column


class _Piece(NamedTuple):
    """One end of an absence as written: the row, the column, and the text or value."""

    row: int
    place: str
    cell: Any


def absence_kind(heading: str) -> Kind | None:
    """What a heading says that its dates are; None where they are no absences."""
    text = " ".join(re.sub(r"[_\-./():]", " ", normal(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))).split())
    if text in _BACK:
        return "back"
    for words in sorted(ABSENT, key=len, reverse=True):
        found = re.search(rf"(?<![a-z]){re.escape(words)}(?![a-z])", text)
        if found:
            rest = set(f"{text[: found.start()]} {text[found.end() :]}".split()) - _BESIDE
            ends = [name for name, known in (("until", UNTIL), ("from", FROM)) if rest and rest <= known]
            return ends[0] if ends else "span" if not rest else None  # type: ignore[return-value]
    return None


def read_absences(
    columns: Sequence[AbsenceColumn], n_rows: int, report: Report, *, zone: tzinfo, day_first: bool | None
) -> list[tuple[tuple[float, float], ...]]:
    """Per row the absences, in Unix seconds; the last day of one is part of it.

    Of two columns with the first and the last day, the rows' cells are one absence; an end alone has always been so,
    and a beginning alone lasts.
    """
    firsts: list[_Piece] = []
    lasts: list[_Piece] = []
    alone = {kind: [column for own, column in columns if own == kind] for kind in ("from", "until", "back")}
    for kind, column in columns:
        for k, cell in enumerate(column.cells if kind == "span" else ()):
            if cell is not None:
                _spans(cell, k, column, firsts, lasts, report)
    for k in range(n_rows):
        first = next((c for c in alone["from"] if c.cells[k] is not None), None)
        last = next((c for c in (*alone["until"], *alone["back"]) if c.cells[k] is not None), None)
        if first is not None or last is not None:
            firsts.append(_Piece(k, "" if first is None else first.place(k), None if first is None else first.cells[k]))
            is_back = last is not None and last in alone["back"]
            lasts.append(_Piece(-1 if is_back else k, "" if last is None else last.place(k), last and last.cells[k]))
    return _read(firsts, lasts, n_rows, report, zone, day_first)


def _read(
    firsts: list[_Piece], lasts: list[_Piece], n_rows: int, report: Report, zone: tzinfo, day_first: bool | None
) -> list[tuple[tuple[float, float], ...]]:
    starts, ends, backs = (
        Column(name, cells, lambda k, pieces=pieces: pieces[k].place)  # type: ignore[misc]
        for name, pieces, cells in (
            ("first", firsts, [piece.cell for piece in firsts]),
            ("last", lasts, [None if piece.row < 0 else piece.cell for piece in lasts]),
            ("back", lasts, [piece.cell if piece.row < 0 else None for piece in lasts]),
        )
    )
    times = read_times(
        [starts, ends, backs], report, zone=zone, day_first=day_first, date_ends_day=frozenset(("last",))
    )
    found: list[list[tuple[float, float]]] = [[] for _ in range(n_rows)]
    for piece, last, start, end, back in zip(firsts, lasts, *times, strict=True):
        if (piece.cell is not None and start is None) or (last.cell is not None and end is None and back is None):
            continue
        until = back if back is not None else MAX_TIMESTAMP if end is None else _after(end)
        if (start or 0.0) >= until:
            report.error(last.place or piece.place, "is an absence that ends before it begins", "correct its dates")
        found[piece.row].append((start or 0.0, until))
    return list(map(tuple, found))


def _after(end: float) -> float:
    """The first second after a last day."""
    return end + 1.0 if end % 60 == 59 else end


def _spans(cell: Any, k: int, column: Column, firsts: list[_Piece], lasts: list[_Piece], report: Report) -> None:
    """The absences of one cell, each with its two ends."""
    parts = [part for part in _SEPARATE.split(cell) if part.strip()] if isinstance(cell, str) else [cell]
    for part in parts:
        ends = _ends(part.strip(" ,()")) if isinstance(part, str) else (part, part)
        if ends is None or is_number(part):
            report.error(column.place(k), f"{named(cell)} is not the time of an absence", _WRITE)
            return
        firsts.append(_Piece(k, column.place(k), ends[0]))
        lasts.append(_Piece(k, column.place(k), ends[1]))


@lru_cache(maxsize=10_000)
def _ends(text: str) -> tuple[str | None, str | None] | None:
    """The first and the last day of `1.7.-14.7.2026`, `Jul 1 - Jul 14, 2026`, `until 2026-07-14` or one day."""
    if len(text) > 100:
        return None
    if _is_time(text):
        return text, text
    one = _ONE_END.fullmatch(text)
    if one and _is_time(one[2]) and normal(one[1]) in FROM | UNTIL:
        return (one[2], None) if normal(one[1]) in FROM else (None, one[2])
    if one and normal(one[1]) in FROM:
        text = one[2]
    for link in _LINKS.finditer(text):
        first, last = text[: link.start()].strip(), text[link.end() :].strip()
        if not _is_time(last):
            month = re.match(r"[^\W\d]+\.?\s", first)
            last = f"{month[0]}{last}" if month else last
        if first and _is_time(last):
            year = re.search(r"\d{4}$", last)
            ways = [
                first,
                *(f"{first}{sign}{year[0]}" for sign in ("", " ", ".", "/", "-") if year),
                f"{first} {_but_day(last)}",
            ]
            whole = next((way for way in ways if _is_time(way)), None)
            if whole is not None:
                return whole, last
    return None


def _but_day(text: str) -> str:
    return re.sub(r"^\d{1,2}", "", text).strip()


def _is_time(text: str) -> bool:
    return isinstance(written_time(text), WrittenTime)
