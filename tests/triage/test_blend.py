"""The blend: the softmax of what words and vectors say, over the likeliest skills, whatever the order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.triage.blend import MOST_SKILLS, WORDS_ALONE, Blend, blend_for, features, log_odds, shares_of
from ticketopt.triage.encoders.spread import spread
from ticketopt.triage.encoders.static import StaticEncoder

BLEND = Blend(2.0, 1.0, 10.0, 0.5)


def test_by_hand() -> None:
    scores, likeness = np.array([[math.e - 1, 0.0, 0.0]]), np.array([[0.1, 0.2, -0.3]])
    odds = log_odds(BLEND, scores, likeness, np.array([True, False, True]))
    np.testing.assert_allclose(odds, [[2 * 1 + 1 * 1 + 1, 2 + 0.5, -np.inf]])
    total = math.exp(4) + math.exp(2.5)
    np.testing.assert_allclose(shares_of(odds), [[math.exp(4) / total, math.exp(2.5) / total, 0]])


def test_words_that_exclude_a_skill_lower_its_odds() -> None:
    words, share, _, unlinked = features(np.array([[-1.0, 1.0]]), np.zeros((1, 2)), np.zeros(2, dtype=np.bool_))
    assert words[0, 0] == -math.log(2) and share[0].tolist() == [0, 1] and unlinked[0].tolist() == [0, 0]


def test_a_large_team_does_not_drown_the_skill_that_is_named() -> None:
    odds = np.linspace(-0.2, 0.0, 300)[None, :].copy()
    odds[0, 3] = 3.0
    assert (shares_of(odds) > 0).sum() == MOST_SKILLS and shares_of(odds)[0, 3] > 0.6


def test_what_nothing_speaks_for_has_no_share() -> None:
    scores, likeness = np.array([[2.0, 0.0, -1.0, 0.1], [0.0, 0.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.3, -0.1]] * 2)
    shares = shares_of(log_odds(BLEND, scores, likeness, np.ones(4, dtype=np.bool_)))
    assert shares[0].tolist() == [1, 0, 0, 0]
    assert shares[1].tolist() == [0, 0, 1, 0]
    assert not shares_of(log_odds(WORDS_ALONE, scores, likeness, np.ones(4, dtype=np.bool_)))[1].any()


rows = st.lists(st.floats(-5, 5), min_size=1, max_size=30)


@given(rows, st.randoms())
@settings(max_examples=examples(80), deadline=None)
def test_shares_add_up_and_go_with_their_skill(odds: list[float], random: object) -> None:
    order = list(range(len(odds)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shares = shares_of(np.array([odds]))[0]
    assert math.isclose(shares.sum(), 1) and (shares >= 0).all()
    assert shares_of(np.array([[odds[k] for k in order]]))[0].tolist() == [shares[k] for k in order]


def test_nothing_is_nothing() -> None:
    assert shares_of(np.zeros((0, 3))).shape == (0, 3)
    assert features(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0, dtype=np.bool_)).shape == (4, 0, 0)


class Narrow:
    """An encoder whose cosines lie close together: ours, with the same number before every vector."""

    name = "narrow"

    def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
        rows = StaticEncoder().encode(texts)
        wide = np.hstack([np.full((len(rows), 1), 3.0), rows])
        return (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float32)


def test_an_unknown_encoder_weighs_as_much_as_ours_does() -> None:
    ours, other = blend_for(StaticEncoder()), blend_for(Narrow())
    assert other.words == ours.words and other.likeness > 5 * ours.likeness
    assert other.likeness * spread(Narrow()) == pytest.approx(ours.likeness * spread(StaticEncoder()))
