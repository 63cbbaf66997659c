"""From a ticket's text to the skills it wants and its urgency, each with the evidence."""

from ticketopt.problem.reading import DEFAULT_URGENCY, Evidence, Reading, Triage
from ticketopt.triage.encoders import load_encoder
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.highlight import Mark, marks, to_html
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import default_lexicon, load_lexicon
from ticketopt.triage.markup import Shown, shown
from ticketopt.triage.reader import Reader, read_tickets
from ticketopt.triage.urgency import LEVELS_FROM, level_of

__all__ = [
    "DEFAULT_URGENCY",
    "LEVELS_FROM",
    "Encoder",
    "Evidence",
    "Lexicon",
    "Mark",
    "Reader",
    "Reading",
    "Shown",
    "Triage",
    "default_lexicon",
    "level_of",
    "load_encoder",
    "load_lexicon",
    "marks",
    "read_tickets",
    "shown",
    "to_html",
]
