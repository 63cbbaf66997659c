"""From words and likeness to the share of each skill: a conditional logit over the team's skills.

    log odds of skill k = words * log(1 + score_k) + share * share_k + likeness * likeness_k
                          + unlinked * [score_k = 0 and the lexicon does not know skill k]

The shares are the softmax of it, over the likeliest skills. The weights are fitted by `python -m benchmarks.blend`, on
labelled sets, leaving one out; there is nothing else to tune. A skill that the lexicon does not know can win.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

import numpy as np

from ticketopt._types import Bool, Float
from ticketopt.triage.encoders.base import Encoder
from ticketopt.triage.encoders.spread import spread
from ticketopt.triage.encoders.static import default_encoder

SHARPNESS = 2.6
"""Exponent that turns scores of words into their shares: one strong need outweighs many weak echoes."""
LEAST_SCORE = 0.5
"""Words that add up to less do not speak for a skill."""
OF_BEST = 0.02
"""Skills with a smaller part of the largest share are echoes and are dropped."""
MOST_SKILLS = 12
"""No more skills than this have a share, but for ties."""


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights of a conditional logit; see the module's text. `common` is how much of a skill's mean is taken off."""

    words: float
    share: float
    likeness: float
    unlinked: float
    common: float = 1.0


WORDS_ALONE = Blend(1.5, 1.5, 0.0, 0.0)
"""What the lexicon says, and no vectors."""
VECTORS_ALONE = Blend(0.0, 0.0, 12.0, 0.0)
"""What texts sound like, and no lexicon."""


def features(scores: Float, likeness: Float, is_linked: Bool) -> Float:
    """What the logit weighs. Shapes (tickets, skills) twice and (skills,); returns (4, tickets, skills)."""
    words, shares = _of_words(scores)
    return np.stack([words, shares, likeness, (scores == 0) & ~is_linked])


def _of_words(scores: Float) -> tuple[Float, Float]:
    """What the words say, and their share; both are 0 where they say nothing, which is nearly everywhere."""
    words, powers = np.zeros(scores.shape), np.zeros(scores.shape)
    rows, skills = np.nonzero(scores)
    said = scores[rows, skills]
    words[rows, skills] = np.sign(said) * np.log1p(np.abs(said))
    best = scores.max(axis=1, initial=0.0)
    powers[rows, skills] = (np.maximum(said, 0.0) / np.where(best > 0, best, 1.0)[rows]) ** SHARPNESS
    total = np.sort(powers, axis=1).sum(axis=1, keepdims=True)  # sorted: the order of the skills changes no bit
    return words, powers / np.where(total > 0, total, 1.0)


def log_odds(blend: Blend, scores: Float, likeness: Float, is_linked: Bool) -> Float:
    """Shape (tickets, skills); only differences within a ticket mean anything. Minus infinity where nothing speaks."""
    words, shares = _of_words(scores)
    unlinked = (scores == 0) & ~is_linked
    odds = blend.words * words + blend.share * shares + blend.likeness * likeness + blend.unlinked * unlinked
    return np.where(speaks(scores, blend.likeness * likeness), odds, -np.inf)


def speaks(scores: Float, likeness: Float) -> Bool:
    """Which skills anything speaks for: words, or likeness where words do not speak against them."""
    return (scores >= LEAST_SCORE) | ((scores >= 0) & (likeness > 0))


def shares_of(odds: Float) -> Float:
    """The softmax over the likeliest skills of each row, `MOST_SKILLS` of them and ties.

    Rows add up to 1, or to 0 where nothing speaks for any skill.

    With all of a large team's skills in it, a hundred that nothing speaks for would outweigh one that is named.
    """
    if odds.shape[1] > MOST_SKILLS:
        odds = np.where(odds >= np.partition(odds, -MOST_SKILLS, axis=1)[:, [-MOST_SKILLS]], odds, -np.inf)
    best = odds.max(axis=1, keepdims=True, initial=-np.inf)
    powers = np.exp(odds - np.where(best > -np.inf, best, 0.0))
    total = np.sort(powers, axis=1).sum(axis=1, keepdims=True)
    return powers / np.where(total > 0, total, 1.0)


@lru_cache(maxsize=8)
def blend_for(encoder: Encoder) -> Blend:
    """The weights fitted for an encoder; for an unknown one ours, rescaled to how far its cosines spread."""
    known = _shipped()
    if encoder.name in known:
        return known[encoder.name]
    own = default_encoder()
    ratio = spread(own) / max(spread(encoder), 1e-6)
    return replace(known[own.name], likeness=known[own.name].likeness * ratio)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Blend]:
    content = json.loads(resources.files("ticketopt").joinpath("data/blend.json").read_text("utf-8"))
    return {name: Blend(**weights) for name, weights in content.items()}
