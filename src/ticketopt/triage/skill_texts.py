"""What a skill is about, in words: its name as people would say it, a line of its team, and phrases of its concepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ticketopt.triage.lexicon import Concept

SENTENCE = "This request is for the {} team."
"""A name alone says less than a sentence that asks for it."""

MOST_PHRASES = 12
"""Phrases of its concepts that a skill is given."""

_LEAST_LINK = 0.5  # concepts that are linked more weakly do not say what the skill is


def skill_texts(
    shown: str, note: str, links: Mapping[str, float], concepts: Mapping[str, Sequence[Concept]]
) -> list[str]:
    """The texts of one skill: a sentence with its name, the name, the note, the phrases of what it is linked to."""
    phrases = [
        phrase.lstrip("^=")
        for name, weight in sorted(links.items(), key=lambda item: (-item[1], item[0]))
        if weight >= _LEAST_LINK
        for concept in concepts.get(name, ())
        for phrase in (*concept.names, *concept.sure)
        if "~" not in phrase and "*" not in phrase and "#" not in phrase
    ]
    texts = [SENTENCE.format(shown), shown, note, " ".join(dict.fromkeys(phrases[:MOST_PHRASES]))]
    return [text for text in texts if text]
