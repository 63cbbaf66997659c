"""Columns that say whether somebody works at all: a status, `available`, `suspended`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ticketopt.intake.column import Column, heading_key
from ticketopt.problem.names import spelled
from ticketopt.problem.records import AVAILABILITY
from ticketopt.problem.report import Report, shown

__all__ = ["ABSENCE_WORDS", "AWAY_IF_TRUE", "PRESENCE_WORDS", "read_presence"]

PRESENCE_WORDS = {
    **AVAILABILITY,
    **dict.fromkeys(["yes", "y", "true", "1", "on", "ja", "oui", "si", "s\u00ed", "sim", "valid", "enabled"], True),
    **dict.fromkeys(["not set", "present", "working", "in office"], True),
    **dict.fromkeys(["aktiv", "actif", "activo", "ativo", "attivo", "g\u00fcltig", "valide"], True),
    **dict.fromkeys(["no", "n", "false", "0", "2", "3", "nein", "non", "n\u00e3o", "invalid", "disabled"], False),
    **dict.fromkeys(["locked", "blocked", "banned", "deactivated", "invalid temporarily", "ldap blocked"], False),
    **dict.fromkeys(["inaktiv", "inactif", "inactivo", "inativo", "gesperrt", "ung\u00fcltig", "archived"], False),
    **dict.fromkeys(["deleted", "blocked pending approval", "awaiting", "revoked", "closed", "left"], False),
    **dict.fromkeys(["invited", "not invited", "pending", "terminated", "resigned", "absent", "onboarding"], False),
    **dict.fromkeys(["anwesend", "verf\u00fcgbar", "disponible", "dispon\u00edvel", "disponibile", "aanwezig"], True),
    **dict.fromkeys(["abwesend", "nicht verf\u00fcgbar", "krank", "urlaub", "im urlaub", "no disponible"], False),
    **dict.fromkeys(
        ["indisponible", "indispon\u00edvel", "en cong\u00e9", "de vacaciones", "in ferie", "afwezig"], False
    ),
}
"""What a cell may say of whether somebody works; 1, 2 and 3 are what OTRS and Redmine call valid and not."""

ABSENCE_WORDS = {
    **dict.fromkeys(["yes", "y", "true", "1", "x", "ja", "oui", "si", "s\u00ed", "sim", "now", "currently"], True),
    **dict.fromkeys(["on leave", "on vacation", "vacation", "absent", "away", "out of office", "ooo", "sick"], True),
    **dict.fromkeys(["no", "n", "false", "0", "nein", "non", "n\u00e3o", "nao", "present", "available"], False),
}
"""What a cell may say under a heading that means an absence -> whether somebody is away."""

AWAY_IF_TRUE = frozenset(
    ("suspended", "locked", "blocked", "disabled", "deactivated", "deleted", "isdeleted", "isblocked", "locked_out")
) | {"lockedout", "islocked", "archived", "isarchived", "onvacation", "is_disabled", "isdisabled", "gesperrt"}
"""Headings (as `heading_key` has them) under which yes means that somebody does not work."""


_MORE = re.compile(
    r"\s*(?:[(,:;\u2013\u2014]|\b(?:until|till|through|since|from|as of|bis|seit|ab|jusqu|hasta|at\u00e9|fino)\b).*"
)
"""What may stand behind the word: `on leave until 2026-12-01`, `sick (back Monday)`."""


def read_presence(
    columns: Iterable[Column], n_rows: int, report: Report, *, is_text: bool, away: Sequence[bool]
) -> list[Any] | None:
    """The availability status per row; one column that says no wins. None where nothing says anything.

    `away` holds rows that are away for another reason.
    """
    found = list(columns)
    result: list[Any] = ["on vacation" if is_away else None for is_away in away]
    for column in found:
        key = heading_key(column.heading)
        for k, cell in enumerate(column.cells):
            if cell is None:
                continue
            word = spelled(str(cell))
            if word not in PRESENCE_WORDS and (word_alone := _MORE.sub("", word, count=1)) in PRESENCE_WORDS:
                word = word_alone
                repair = "put the dates of an absence in a column of their own, such as absent until"
                report.warn(
                    column.place(k), f"{shown(cell)} was read as {shown(word)}, whatever stands behind it", repair
                )
            if not is_text and key == "availabilitystatus":
                result[k] = cell if result[k] is None else result[k]
                continue
            known = PRESENCE_WORDS.get(word) if key not in AWAY_IF_TRUE else _is_not(word)
            if known is None:
                report.unknown(column.place(k), f"{shown(cell)} is not known", word, PRESENCE_WORDS)
            elif result[k] is None or not known:
                result[k] = word if AVAILABILITY.get(word) is known else "available" if known else "unavailable"
    return result if found or any(away) else None


def _is_not(word: str) -> bool | None:
    is_away = ABSENCE_WORDS.get(word)
    return None if is_away is None else not is_away
