"""What is said of an unknown name."""

from __future__ import annotations

import pytest

from ticketopt.problem.report import choices

KNOWN = ["available", "online", "active", "free", "inactive", "unavailable", "out of office", "description", "due"]


@pytest.mark.parametrize(
    ("word", "closest"),
    [
        *[("avalable", "available"), ("unvailable", "unavailable"), ("inactve", "inactive"), ("activ", "active")],
        *[("inactivated", "inactive"), ("discription", "description"), ("out of ofice", "out of office")],
    ],
)
def test_the_closest_name_is_suggested(word: str, closest: str) -> None:
    assert choices(word, KNOWN).startswith(f"did you mean {closest!r}? (known: available, ")


@pytest.mark.parametrize("word", ["deactivated", "nonactive", "not active", "in office", "offline", "former", "x", ""])
def test_an_opposite_is_not(word: str) -> None:
    assert choices(word, KNOWN) == f"use one of: {', '.join(KNOWN)}"
