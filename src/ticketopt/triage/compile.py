"""Writes the compiled lexicon: `python -m ticketopt.triage.compile FILE`, which CMakeLists.txt calls."""

from __future__ import annotations

import sys
from pathlib import Path

from ticketopt.triage import compiled, stance, urgency
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.lexicon_file import lexicon_of_sources
from ticketopt.triage.phrases import phrase_tree
from ticketopt.triage.prepared import PreparedConcepts, form

TREES = {"contrast": stance.phrases_of, "urgency": urgency.phrases_of}
"""Tree of phrases -> which phrases of a lexicon are in it."""


def content_of(lexicon: Lexicon) -> bytes:
    """The compiled file of a lexicon of one part, with all that can be known of it beforehand."""
    prepared = PreparedConcepts(lexicon.concepts, frozenset(map(form, lexicon.generic)))
    return compiled.dump(lexicon, prepared, {name: phrase_tree(of(lexicon)) for name, of in TREES.items()})


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(content_of(lexicon_of_sources()))
