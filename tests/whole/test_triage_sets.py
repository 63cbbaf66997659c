"""The development sets that ship with the project are complete and say what their readme says."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.labelled import LEVELS, read_truth

FOLDER = Path(__file__).parents[2] / "benchmarks" / "triage_sets" / "development"
SHAPES = {
    **dict.fromkeys(("law", "medtech", "theater", "warehouse"), (28, 15)),
    **{"biolab": (24, 12), "farm": (23, 12), "museum": (23, 12), "railway": (24, 10)},
}
"""Name -> how many skills, and the fewest words of a ticket's description."""
NAMES = tuple(sorted(SHAPES))


def _queue(name: str) -> dict[str, Any]:
    queue: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return queue


def test_no_other_set_lies_there() -> None:
    assert tuple(sorted(path.stem for path in FOLDER.glob("*.json"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_ticket_has_one_truth_with_skills_that_somebody_holds(name: str) -> None:
    queue, truths = _queue(name), read_truth(FOLDER / f"{name}_truth.csv")
    held = {skill for agent in queue["agents"] for skill, level in agent["skills"].items() if level > 0}
    ids = [ticket["ticket_id"] for ticket in queue["tickets"]]
    assert list(truths) == ids
    assert len(set(ids)) == 40
    for ticket_id, truth in truths.items():
        assert truth.primary, ticket_id
        assert {*truth.primary, *truth.secondary} <= held, ticket_id
        assert truth.urgency in LEVELS, ticket_id


@pytest.mark.parametrize("name", NAMES)
def test_shape(name: str) -> None:
    queue, truths = _queue(name), read_truth(FOLDER / f"{name}_truth.csv")
    levels = [truth.urgency for truth in truths.values()]
    skills = [skill for agent in queue["agents"] for skill in agent["skills"]]
    n_skills, fewest_words = SHAPES[name]
    assert len(set(skills)) == n_skills
    assert max(map(skills.count, skills)) <= 3
    assert 5 <= levels.count("critical") <= 7
    assert 8 <= levels.count("high") <= 10
    assert all(fewest_words <= len(ticket["description"].split()) <= 120 for ticket in queue["tickets"])


@pytest.mark.parametrize("name", NAMES)
def test_borderline_names_a_level(name: str) -> None:
    with (FOLDER / f"{name}_truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = [row["notes"].split("borderline=")[1].split()[0] for row in rows if "borderline=" in row["notes"]]
    assert said
    assert set(said) <= set(LEVELS)
