"""Words, from a range over kappa and a placebo."""

from __future__ import annotations

import pytest

from ticketopt.history.backtest.checks import Check
from ticketopt.history.backtest.differences import Difference
from ticketopt.history.backtest.verdict import unknowable, verdict

KAPPA = 0.6
PLACEBO = {k: Difference(-1.0, -2.0, 0.5) for k in (1.0, KAPPA, 0.5, 0.0)}


def curve(*highs: float) -> dict[float, Difference]:
    return {k: Difference(high - 1, high - 2, high) for k, high in zip((1.0, KAPPA, 0.5, 0.0), highs, strict=True)}


@pytest.mark.parametrize(
    ("highs", "left", "words"),
    [
        ((-5.0, -4.0, -3.0, 0.1), (-2.0, -0.5), "better"),
        ((-5.0, -4.0, -3.0, 0.1), (-2.0, 0.0), "better if kappa >= 0.5; 0.3 to 0.9 is what the log allows"),
        ((-5.0, -4.0, -1.0, 0.1), (-2.0, 0.0), "better if kappa >= 0.6; 0.3 to 0.9 is what the log allows"),
        (
            (-5.0, -1.9, -1.0, 0.1),
            (-2.0, 0.0),
            "no difference seen: better only if kappa >= 1, and 0.3 to 0.9 is what the log allows",
        ),
        ((-1.0, -1.0, -0.5, 0.1), (-1.0, 0.0), "no difference seen"),
        ((5.0, 5.0, 4.0, 0.1), (0.5, 3.0), "worse"),
    ],
)
def test_words(highs: tuple[float, ...], left: tuple[float, float], words: str) -> None:
    beyond = Difference(sum(left) / 2, *left)
    assert verdict(curve(*highs), PLACEBO, beyond, (0.3, 0.9), held=True) == words


def test_what_did_not_hold_later_is_never_better() -> None:
    left = Difference(-2.0, -3.0, -1.0)
    found = verdict(curve(-9.0, -9.0, -9.0, 0.0), PLACEBO, left, (0.3, 0.9), held=False)
    assert found.startswith("no difference seen")


def test_what_refuses_a_verdict() -> None:
    checks = (Check("one", False, "", decides=True), Check("two", False, ""), Check("three", True, "", decides=True))
    assert unknowable(90, 5_000, 0.9, ()) == ""
    assert "one" in unknowable(90, 5_000, 0.9, checks)
    assert "two" not in unknowable(90, 5_000, 0.9, checks)
    assert "29 days" in unknowable(29, 5_000, 0.9, ())
    assert "499 tickets" in unknowable(90, 499, 0.9, ())
    assert "40%" in unknowable(90, 5_000, 0.4, ())
