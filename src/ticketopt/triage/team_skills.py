"""A team's skills, ready to be looked for in tickets: worked out once per team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ticketopt._types import Bool
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.lexicon import Lexicon
from ticketopt.triage.likeness import Likeness
from ticketopt.triage.linking import PhraseIndex, link
from ticketopt.triage.matching import WordScores
from ticketopt.triage.prepared import prepared_parts
from ticketopt.triage.skill_texts import skill_texts
from ticketopt.triage.topics import near_topics


@dataclass(frozen=True, slots=True, eq=False)
class TeamSkills:
    """What is known of a team's skills.

    Attributes
    ----------
    names : as the agents spell them.
    index, words : what finds phrases, and what they say.
    likeness : the skills as vectors. is_linked : which of them the lexicon knows, shape (skills,).
    """

    names: tuple[str, ...]
    index: PhraseIndex
    words: WordScores
    likeness: Likeness
    is_linked: Bool


@lru_cache(maxsize=8)
def team_skills(
    names: tuple[str, ...], notes: tuple[tuple[str, str], ...], lexicon: Lexicon, encoder: Encoder
) -> TeamSkills:
    """Link the skills and encode them. `notes` are pairs of a skill's name and a line about it."""
    index, parts, lines = link(names, lexicon), prepared_parts(lexicon), dict(notes)
    texts = [
        skill_texts(spaced, lines.get(name, ""), links, parts)
        for name, spaced, links in zip(names, index.spaced, index.links, strict=True)
    ]
    is_linked = np.array([bool(links) for links in index.links], dtype=np.bool_)
    said = [f"{spaced}. {lines.get(name, '')}" for name, spaced in zip(names, index.spaced, strict=True)]
    likeness = Likeness(encoder, texts, near_topics(encoder, said))
    return TeamSkills(names, index, WordScores(index, len(names)), likeness, is_linked)
