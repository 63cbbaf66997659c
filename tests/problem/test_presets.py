"""Policies by their goals."""

from __future__ import annotations

import pytest

from ticketopt import InvalidInputError, Policy
from ticketopt.problem.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_what_it_says_and_leaves_the_rest(name: str) -> None:
    mine = Policy(weights={"stickiness": 0.7, "urgency": 2.0}, max_new_per_agent=3, balance=0.3, min_match=0.2)
    preset, settings = Policy.preset(name, base=mine), PRESETS[name].settings
    assert preset.weights == {**mine.weights, **settings.get("weights", {})}
    assert preset.balance == settings.get("balance", 0.3)
    assert (preset.max_new_per_agent, preset.min_match) == (3, 0.2)
    assert Policy.preset(name) == Policy.from_dict(settings)
    assert Policy.preset(name) != Policy()


def test_case_and_dashes_do_not_matter() -> None:
    assert Policy.preset("Best-Match") == Policy.preset("best_match") == Policy.preset("best match")


def test_an_unknown_goal_is_answered_by_those_there_are() -> None:
    with pytest.raises(InvalidInputError, match=r"'best mach' is no preset; did you mean 'best match'"):
        Policy.preset("best mach")
