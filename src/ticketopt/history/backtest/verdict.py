"""The answer in words, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping

from ticketopt.history.backtest.checks import Check
from ticketopt.history.backtest.measure import Difference

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


def verdict(curve: Curve, placebo: Curve, kappa: float, *, held: bool) -> str:
    """Of a policy against the people of the log, assigned at once.

    It is never better without a condition: that differences between agents last does not say that they are theirs.

    Parameters
    ----------
    curve, placebo : differences; less is better. kappa : what was learned forward in time, one of their keys.
    held : whether what agents differed by was there in later tickets at all.
    """
    beyond = {k: seen.high < min(placebo[k].low, 0.0) for k, seen in curve.items()}
    if curve[kappa].low > max(placebo[kappa].high, 0.0):
        return WORSE
    if not held:
        return f"{NO_DIFFERENCE}: what agents differed by did not hold in later tickets"
    least = None
    for k in sorted(curve, reverse=True):
        if not beyond[k]:
            break
        least = k
    if beyond[kappa]:
        lowest = min(k for k in curve if all(beyond[other] for other in curve if k <= other <= kappa))
        return f"{BETTER} if kappa >= {lowest:.2g}; {kappa:.2g} lasted"
    return NO_DIFFERENCE if least is None else f"{BETTER} if kappa >= {least:.2g}; only {kappa:.2g} lasted"
