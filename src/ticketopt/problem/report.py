"""What is wrong with an input, and how it is said: where, what, and how to repair it.

Values of free text are never repeated in a message: they may be private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from numbers import Real
from typing import Any

from ticketopt.errors import SHOWN_ISSUES, Issue

__all__ = ["MAX_ID_LENGTH", "NOTHING_TO_DO", "Report", "choices", "is_number", "kind", "shown"]

MAX_ID_LENGTH = 200
"""The longest id or name; of a longer one, no more is compared with known names."""

NOTHING_TO_DO = "nothing needs to be done"
"""The repair of what is only worth knowing."""

SHOWN_NAMES = 50  # an error lists this many of the names it knows

MAX_COMPARED = 1_000  # among more names than this, no closest one is looked for

_NEGATION = re.compile(r"^(?:out of|not|non|un|in|de|dis|off|no)[\s_-]*")


@dataclass
class Report:
    """Everything found wrong (`issues`) and everything suspicious (`warnings`) so far.

    `names_all` asks for an issue for every wrong cell, where of equal ones the first few would do.
    """

    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    names_all: bool = False

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
    """The repair for an unknown name: the closest known one that is not its opposite, else all of them."""
    names = list(known)
    word = unknown[:MAX_ID_LENGTH]
    close = get_close_matches(word, names, n=3, cutoff=0.65) if len(names) <= MAX_COMPARED else []
    close = [name for name in close if not _are_opposite(word, name)]
    listed = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
    return f"did you mean {close[0]!r}? (known: {listed})" if close else f"use one of: {listed}"


def _are_opposite(one: str, other: str) -> bool:
    """Whether two words are more alike without the negation before one of them: `deactivated` and `active`."""
    alike = _likeness(one, other)
    pairs = ((_NEGATION.sub("", one.lower()), other), (one, _NEGATION.sub("", other.lower())))
    return any(pair != (one, other) and _likeness(*pair) > alike for pair in pairs)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
