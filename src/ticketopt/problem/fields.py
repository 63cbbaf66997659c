"""What one field of a ticket, an agent or a policy may hold.

A reader takes a raw value, its path and a `Report`; it returns the clean value, or notes an issue and returns a
stand-in. So one pass over a record finds everything that is wrong with it. Values of free text are never repeated in
a message: they may be private.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from numbers import Integral, Real
from typing import Any

from ticketopt.errors import SHOWN_ISSUES, Issue

MAX_UNITS = 1_000_000  # effort, load, capacity: enough for a year in minutes, small enough to add up safely
MAX_ID_LENGTH = 200
MAX_TIMESTAMP = 253_402_300_799  # 9999-12-31T23:59:59Z
_MILLISECONDS_FROM = 100_000_000_000  # as seconds that is the year 5138; real data means milliseconds

SHOWN_NAMES = 50  # an error lists this many of the names it knows

MAX_COMPARED = 1_000  # among more names than this, no closest one is looked for

Reader = Callable[[Any, str, "Report"], Any]


@dataclass
class Report:
    """Everything found wrong (`issues`) and everything suspicious (`warnings`) so far."""

    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)

    def error(self, path: str, problem: str, repair: str) -> None:
        self.issues.append(Issue(path, problem, repair))

    def warn(self, path: str, problem: str, repair: str) -> None:
        self.warnings.append(Issue(path, problem, repair))

    def unknown(self, path: str, problem: str, word: str, known: Iterable[str]) -> None:
        """An error about an unknown name. Past the first few issues no closest name is looked for: that is slow."""
        is_early = len(self.issues) < SHOWN_ISSUES
        self.error(path, problem, choices(word, known) if is_early else "use a known one")


def shown(value: object) -> str:
    """A short, printable form of a value for a message."""
    try:
        text = ascii(value) if isinstance(value, str) else repr(value)
    except ValueError:  # Python refuses to write out a whole number of more than 4,300 digits
        return "a number of thousands of digits"
    text = text.encode("ascii", "backslashreplace").decode()
    return text if len(text) <= 60 else text[:57] + "..."


def kind(value: object) -> str:
    """The JSON word for a value's type."""
    names = {bool: "a boolean", str: "a text", dict: "an object", list: "a list", type(None): "null"}
    return "a number" if is_number(value) else names.get(type(value), f"a {type(value).__name__}")


def is_number(value: Any) -> bool:
    """Whether a value is a real number of any library; booleans are not."""
    kind_of = type(value)
    return kind_of is int or kind_of is float or (isinstance(value, Real) and kind_of is not bool)


def choices(unknown: str, known: Iterable[str]) -> str:
    """The repair for an unknown name: the closest known one, else all of them."""
    names = list(known)
    close = get_close_matches(unknown[:MAX_ID_LENGTH], names, n=1) if len(names) <= MAX_COMPARED else []
    listed = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
    return f"did you mean {close[0]!r}? (known: {listed})" if close else f"use one of: {listed}"


def _encodable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def text(value: Any, path: str, report: Report) -> str:
    """Free text of any length."""
    if not isinstance(value, str):
        report.error(path, f"is {kind(value)}, not a text", "write it as a quoted text")
        return ""
    if not _encodable(value):
        report.error(path, "holds half of a surrogate pair", "repair the text's encoding (UTF-8)")
        return ""
    return value


def name(value: Any, path: str, report: Report) -> str:
    """A short text that is not blank and has no control characters: a skill, a team, a language."""
    clean = text(value, path, report).strip()
    if not isinstance(value, str) or not _encodable(value):
        return clean
    if not clean:
        report.error(path, "is empty", "give a name or leave the field out")
    elif len(clean) > MAX_ID_LENGTH:
        report.error(path, f"is {len(clean)} characters long", f"shorten it to {MAX_ID_LENGTH}")
    elif not all(c.isprintable() or unicodedata.category(c) == "Zs" for c in clean):
        report.error(path, "holds control characters", "remove them")
    else:
        return clean
    return ""


def identifier(value: Any, path: str, report: Report) -> str | int:
    """An id: a name, or a whole number. It comes back in results as it was given."""
    if is_number(value):
        is_whole = isinstance(value, Integral) or float(value).is_integer()
        if is_whole and abs(int(value)) < 10**MAX_ID_LENGTH:
            return int(value)
        report.error(path, f"is {shown(value)}, not an id", f"use a text or a whole number of {MAX_ID_LENGTH} digits")
        return ""
    return name(value, path, report)


def number(low: float, high: float, unit: str = "") -> Reader:
    """A finite number from `low` to `high`."""
    wanted = f"give a number from {low:g} to {high:g}{unit}"

    def read(value: Any, path: str, report: Report) -> float:
        if not is_number(value):
            report.error(path, f"is {kind(value)}, not a number", wanted)
            return low
        try:
            clean = float(value)
        except OverflowError:
            clean = math.inf
        if not low <= clean <= high:
            report.error(path, f"is {shown(value)}", wanted)
            return low
        return clean

    return read


def units(low: int, high: int = MAX_UNITS) -> Reader:
    """A whole number from `low` to `high`."""
    wanted = f"give a whole number from {low:,} to {high:,}"

    def read(value: Any, path: str, report: Report) -> int:
        if not is_number(value):
            report.error(path, f"is {kind(value)}, not a number", wanted)
        elif not low <= value <= high or int(value) != value:
            report.error(path, f"is {shown(value)}", wanted)
        else:
            return int(value)
        return low

    return read


def timestamp(value: Any, path: str, report: Report) -> float:
    """Unix seconds. Also reads milliseconds (with a warning), ISO 8601 text and datetimes (naive ones are UTC)."""
    repair = "give Unix seconds or ISO 8601, such as 2026-01-31T08:00:00Z"
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            report.error(path, f"{shown(value)} is not a time", repair)
            return 0.0
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        try:
            value = aware.timestamp()
        except (OverflowError, ValueError):
            value = math.nan
    if not is_number(value):
        report.error(path, f"is {kind(value)}, not a time", repair)
        return 0.0
    if _MILLISECONDS_FROM <= value <= MAX_TIMESTAMP * 1000:
        report.warn(path, f"{shown(value)} was read as milliseconds", "give seconds to be sure")
        value = value / 1000
    if not 0 <= value <= MAX_TIMESTAMP:
        report.error(path, f"{shown(value)} is not a time from 1970 to 9999", repair)
        return 0.0
    return float(value)


def mapping_of(key: Reader, item: Reader, alike: Callable[[str], str] = str) -> Reader:
    """An object whose keys and values are each read by a reader; no two keys may be `alike`."""

    def read(value: Any, path: str, report: Report) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            report.error(path, f"is {kind(value)}, not an object", 'write it as {"name": number}')
            return {}
        clean: dict[Any, Any] = {}
        first: dict[str, Any] = {}
        for raw, inner in value.items():
            where = f"{path}[{shown(raw)}]"
            own = key(raw, where, report)
            twin = first.setdefault(alike(own), raw)
            if own and twin is not raw:
                report.error(where, f"is the same name as {shown(twin)}", "keep one of them")
            clean[own] = item(inner, where, report)
        return clean

    return read


def tuple_of(item: Reader) -> Reader:
    """A list whose members are each read by a reader."""

    def read(value: Any, path: str, report: Report) -> tuple[Any, ...]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            report.error(path, f"is {kind(value)}, not a list", "write it as [..., ...]")
            return ()
        return tuple(item(inner, f"{path}[{k}]", report) for k, inner in enumerate(value))

    return read


def one_of(table: Mapping[str, Any]) -> Reader:
    """A text that names a key of `table`, in any case and spelling; the value there is returned."""

    def read(value: Any, path: str, report: Report) -> Any:
        if not isinstance(value, str):
            report.error(path, f"is {kind(value)}, not a text", f"use one of: {', '.join(table)}")
            return next(iter(table.values()))
        word = spelled(value[:MAX_ID_LENGTH])
        if word not in table:
            report.unknown(path, f"{shown(value)} is not known", word, table)
            return next(iter(table.values()))
        return table[word]

    return read


def optional(item: Reader) -> Reader:
    """The same, or None."""
    return lambda value, path, report: None if value is None else item(value, path, report)


@lru_cache(maxsize=10_000)
def spelled(word: str) -> str:
    """A name as names are compared: `Cloud_AWS` and `cloud-aws` are `cloud aws`.

    Names of skills, teams, languages and statuses meet in this form; people see the first spelling written. Case and
    the forms in which Unicode writes one character are folded together (NFKC, so accents count but not how they are
    composed); underscores, dashes and blanks of every kind are one blank.
    """
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)
        word = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", word).casefold())
    return " ".join(word.casefold().translate(SEPARATORS).split())


SEPARATORS = {code: " " for code in range(0x3100) if unicodedata.category(chr(code)) in ("Pc", "Pd")} | {0x2212: " "}
"""Underscores and dashes of every kind (those of full width have become plain ones), and the minus sign."""


def first_spellings(names: Iterable[str]) -> dict[str, str]:
    """Every name by its `spelled` form, as it was written first, in the order of the first ones."""
    first: dict[str, str] = {}
    for own in names:
        first.setdefault(spelled(own), own)
    return first


def clean_record(readers: Mapping[str, Reader], values: Mapping[str, Any], path: str, report: Report) -> dict[str, Any]:
    """Read every value by the reader of its field; fields that are not there stay absent."""
    joint = f"{path}." if path else ""
    return {key: readers[key](value, f"{joint}{key}", report) for key, value in values.items()}
