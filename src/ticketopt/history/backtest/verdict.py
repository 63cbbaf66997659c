"""The answer in words, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.history.backtest.checks import Check
from ticketopt.history.backtest.differences import Difference

__all__ = ["UNKNOWABLE", "Curve", "unknowable", "verdict"]

Curve = Mapping[float, Difference]
"""Kappa -> difference."""

FEWEST_DAYS, FEWEST_TICKETS, LEAST_SUPPORT = 30, 500, 0.5

BETTER, WORSE, NO_DIFFERENCE, UNKNOWABLE = "better", "worse", "no difference seen", "not knowable here"


def unknowable(days: float, tickets: int, support: float, checks: tuple[Check, ...]) -> str:
    """Why no verdict stands; empty where one may."""
    if days < FEWEST_DAYS:
        return f"the log has {days:.0f} days, and {FEWEST_DAYS} are needed"
    if tickets < FEWEST_TICKETS:
        return f"{tickets} tickets were routed, and {FEWEST_TICKETS} are needed"
    if support < LEAST_SUPPORT:
        return f"only {support:.0%} of first choices could have been others"
    failed = [check.name for check in checks if check.decides and not check.passed]
    return f"the replay failed its check: {', '.join(failed)}" if failed else ""


def verdict(curve: Curve, placebo: Curve, left: Difference, kappas: tuple[float, float], *, held: bool) -> str:
    """Of a policy against the people of the log, assigned at once.

    It is better without a condition only where it is so at all kappas that the log allows, by more than the placebo.

    Parameters
    ----------
    curve, placebo : differences; less is better. left : what the placebo does not explain, over the kappas allowed.
    kappas : the least and the most that the log allows.
    held : whether what agents differed by was there in later tickets at all.
    """
    if left.low > 0:
        return WORSE
    if not held:
        return f"{NO_DIFFERENCE}: what agents differed by did not hold in later tickets"
    low, high = kappas
    seen = f"{low:.2g} to {high:.2g} is what the log allows"
    if left.high < 0:
        return BETTER
    least = None
    for k in sorted(curve, reverse=True):
        if not curve[k].high < min(placebo[k].low, 0.0):
            break
        least = k
    if least is None:
        return NO_DIFFERENCE
    if least > high:
        return f"{NO_DIFFERENCE}: better only if kappa >= {least:.2g}, and {seen}"
    return f"{BETTER} if kappa >= {least:.2g}; {seen}"
