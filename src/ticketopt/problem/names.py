"""How names are compared: those of skills, teams, languages and statuses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["SEPARATORS", "first_spellings", "spelled"]


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
    for name in names:
        first.setdefault(spelled(name), name)
    return first
