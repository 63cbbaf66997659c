"""What a skill is about, in words: its name, a line of its team, and phrases of its concepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ticketopt.triage.lexicon import Prepared

MOST_PHRASES = 80
"""Phrases of its concepts that a skill is given."""

_SIGNS = frozenset("~*#/")
_LEAST_LINK = 0.5  # concepts that are linked more weakly do not say what the skill is


def skill_texts(name: str, note: str, links: Mapping[str, float], parts: Sequence[Prepared]) -> list[str]:
    """The texts of one skill: its name, the note, and together the phrases of what it is linked to.

    Parameters
    ----------
    name : as words. note : may be empty. links : concept -> how fully the skill covers it.
    parts : the lexicon that has the concepts.
    """
    concepts = sorted((-weight, concept) for concept, weight in links.items() if weight >= _LEAST_LINK)
    phrases = [phrase for _, concept in concepts for part in parts for phrase in _plain(part, concept)]
    texts = [name, note, " ".join(dict.fromkeys(phrases[:MOST_PHRASES]))]
    return [text for text in texts if text]


def _plain(part: Prepared, concept: str) -> list[str]:
    """The phrases of a concept that are words as they stand, the most telling kinds first."""
    return [p.lstrip("^=!") for p, _, _ in part.phrases(concept) if _SIGNS.isdisjoint(p)]
