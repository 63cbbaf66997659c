"""Policies by their goals: what each sets, and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import choices, shown, spelled

__all__ = ["PRESETS", "Preset", "preset_settings"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of a policy, and their goal in a sentence."""

    summary: str
    settings: Mapping[str, Any]


PRESETS: dict[str, Preset] = {
    "urgent first": Preset(
        "Urgent tickets get those who master them, and old ones somebody with time; the rest makes way.",
        {"weights": {"urgency": 4.0, "waiting": 0.5}},
    ),
    "keep it even": Preset(
        "Everybody is about as full as the others; for that, some tickets go to the second best.",
        {"balance": 2.0},
    ),
    "best match": Preset(
        "Every ticket goes to who knows most of it, however full that person is, up to the capacity.",
        {"balance": 0.05},
    ),
}
"""Goal -> what it sets; all else stays as it is."""


def preset_settings(name: str) -> dict[str, Any]:
    """The settings of a preset; case, `_` and `-` in its name do not matter."""
    settings = {spelled(known): preset.settings for known, preset in PRESETS.items()}.get(spelled(str(name)))
    if settings is None:
        raise InvalidInputError.single("policy", f"{shown(name)} is no preset", choices(str(name), PRESETS))
    return dict(settings)
