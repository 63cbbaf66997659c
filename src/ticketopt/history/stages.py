"""Words for a status or an activity -> where the ticket is then, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from ticketopt.intake.helpdesks.base import Stage as Where
from ticketopt.intake.helpdesks.statuses import ENDINGS
from ticketopt.intake.tickets import stage_of
from ticketopt.problem.names import spelled

__all__ = ["STAGE_WORDS", "Stage", "stage_code"]


class Stage(IntEnum):
    """Where a ticket is after a row of a log."""

    UNSAID = -1
    NEW = 0
    OPEN = 1
    WAITING = 2
    RESOLVED = 3
    WITHDRAWN = 4


STAGE_WORDS: Mapping[str, Stage] = {
    "new": Stage.NEW,
    "open": Stage.OPEN,
    "waiting": Stage.WAITING,
    "done": Stage.RESOLVED,
    "withdrawn": Stage.WITHDRAWN,
    "ignored": Stage.UNSAID,
}
"""What `statuses=` may say of a word, and what it is."""

_WITHDRAWN = re.compile(
    r"\b(?:cancel\w*|duplicat\w*|reject\w*|declin\w*|denied|withdrawn|abandoned|aborted|expired|invalid|obsolete|"
    r"not a bug|not planned|cannot reproduce|archiv\w*|trash|wont|won't|storniert|abgelehnt|abgebrochen|duplikat|"
    r"zur\u00fcckgezogen|annul\w*|doublon|rejet\w*|refus\w*|anulad\w*|rechazad\w*|recusado|rifiutat\w*|respinto|"
    r"geannuleerd|afgewezen|anulowane|odrzucone)\b|\u5374\u4e0b|\u30ad\u30e3\u30f3\u30bb\u30eb"
)
"""Of the words for an end, those that say that nobody resolved it."""

_OBJECT = r"(?:\s+(?:the\s+)?(?:ticket|incident|case|issue|request|call|task))?"

_ACTIVITIES = (
    (re.compile(rf"(?:resolve|solve|close|complete|finish|fix){_OBJECT}"), Stage.RESOLVED),
    (re.compile(rf"(?:cancel|reject|withdraw|delete){_OBJECT}"), Stage.WITHDRAWN),
    (re.compile(r"(?:wait|awaiting|waiting|pending|on hold)\b.*|put on hold|hold"), Stage.WAITING),
    (re.compile(rf"(?:take in charge|take over|take|accept|start|begin|resume|reopen|work on){_OBJECT}"), Stage.OPEN),
    (re.compile(rf"(?:insert|create|open|register|submit|log|queue|enqueue){_OBJECT}"), Stage.NEW),
)
"""Activities, in the words of event logs: what somebody did, from the first letter to the last."""


def stage_code(word: str, own: Mapping[str, Stage], words: Mapping[str, Where]) -> Stage | None:
    """Where a ticket is after a row that says this; None where nobody knows.

    Parameters
    ----------
    own : words, as `spelled` has them, that come first. words : a helpdesk's words as `intake` has them.
    """
    plain = spelled(word)
    if plain in own:
        return own[plain]
    stage = stage_of(word, words)
    if stage is None:
        return next((code for pattern, code in _ACTIVITIES if pattern.fullmatch(plain)), None)
    if stage == "done" and (ENDINGS.get(plain, "solved") != "solved" or _WITHDRAWN.search(plain)):
        return Stage.WITHDRAWN
    return STAGE_WORDS[stage]
