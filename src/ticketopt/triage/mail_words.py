"""The words by which mail programs announce what is not new: `data/mail.json`, ready to be looked for."""

from __future__ import annotations

import unicodedata

from ticketopt.triage.word_list import WordList, mail_tables
from ticketopt.triage.words import folded

_QUOTES = mail_tables()["quotes"]

HEADER_KINDS = {folded(word): kind for kind, words in mail_tables()["headers"].items() for word in words}
"""What stands before the colon in the head of a quoted mail (without blanks), and what follows it there."""

WROTE = WordList(_QUOTES["wrote"])
FORWARDED, ORIGINAL, MESSAGE = (WordList(_QUOTES[name]) for name in ("forwarded", "original", "message"))
ANSWER, ABOVE = WordList(_QUOTES["answer"]), WordList(_QUOTES["above"])
FOLLOWS_UP = WordList(_QUOTES["follows up"])
"""How helpdesks say that a ticket continues a closed one."""

FORWARD_PREFIXES = frozenset(map(folded, _QUOTES["forward prefixes"]))
"""What mail programs put before the subject of a mail that is passed on."""

PASSED_ON = frozenset(map(folded, _QUOTES["passed on"]))
"""Words of somebody who passes a mail on and says nothing about it."""


def composed(line: str) -> str:
    """The line with each accent in its letter, as the tables above are written."""
    return line if line.isascii() else unicodedata.normalize("NFC", line)
