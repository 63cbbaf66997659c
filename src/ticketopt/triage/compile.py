"""Writes the compiled lexicon: `python -m ticketopt.triage.compile FILE`, which CMakeLists.txt calls."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ticketopt.triage import compiled, stance, urgency
from ticketopt.triage.lexicon import TIERS, Lexicon
from ticketopt.triage.lexicon_file import lexicon_of_sources
from ticketopt.triage.phrases import phrase_tokens, phrase_tree

TREES = {"contrast": stance.phrases_of, "urgency": urgency.phrases_of}
"""Tree of phrases -> which phrases of a lexicon are in it."""


def completed(lexicon: Lexicon) -> Lexicon:
    """The lexicon with all that can be known of it beforehand."""
    phrases = {phrase for concept in lexicon.concepts for kind in TIERS for phrase in getattr(concept, kind)}
    alternatives = chain.from_iterable(part.split("|") for phrase in phrases for part in phrase.split("~"))
    tokens = {phrase: phrase_tokens(phrase) for phrase in sorted(set(alternatives))}
    trees = {name: phrase_tree(phrases_of(lexicon), tokens) for name, phrases_of in TREES.items()}
    return replace(lexicon, tokens=tokens, trees=trees)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(compiled.dump(completed(lexicon_of_sources())))
