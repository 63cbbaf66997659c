"""Pictures of policies: what goals make of a queue, and how much the plan hangs on each setting.

As in `ticketopt.report.plots`, every function takes `ax=` and returns the axes; they need the extra "plots".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ticketopt.comparison.policies import PolicyComparison
from ticketopt.comparison.sensitivity import Sensitivity
from ticketopt.report.drawing import BLUE, GREEN, MOST_NAMES, ORANGE, axes, finish, names, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["policies", "sensitivity"]


def policies(found: PolicyComparison, ax: Axes | None = None) -> Axes:
    """Mean match against the spread of loads, a point for each policy; more tickets waiting make a larger point."""
    ax = axes(ax)
    plans = [plan for plan in found.plans if plan.match is not None]
    for plan in plans:
        color = ORANGE if plan is found.plans[0] else BLUE
        ax.scatter(
            plan.load_spread, 100 * (plan.match or 0.0), s=40 + 6 * min(plan.waiting, 60), color=color, alpha=0.7
        )
    labels: dict[tuple[float, float], list[str]] = {}
    for plan in plans:
        spot = (round(plan.load_spread, 3), round(100 * (plan.match or 0.0), 1))
        labels.setdefault(spot, []).append(f"{plan.name}: {plan.waiting} wait")
    for spot, words in labels.items():
        ax.annotate("\n".join(map(short, words)), spot, xytext=(7, 5), textcoords="offset points", fontsize=8)
    ax.margins(x=0.35, y=0.25)
    ax.set_xlabel("spread of loads, in units of work")
    ax.set_ylabel("mean match of the served tickets, %")
    finish(ax, "What each policy makes of this queue", has_legend=False)
    return ax


def sensitivity(found: Sensitivity, ax: Axes | None = None) -> Axes:
    """How many tickets would move at each changed value of a setting; settings that move most on top."""
    ax = axes(ax)
    rows = found.rows[:MOST_NAMES]
    place = np.arange(len(rows))
    colors = [GREEN if row.by == "min_match" else BLUE if row.value > row.before else ORANGE for row in rows]
    ax.barh(place, [row.moved for row in rows], color=colors)
    for k, row in enumerate(rows):
        words = f"{row.moved}" + (f"; {row.waiting:+} waiting" if row.waiting else "")
        ax.annotate(words, (row.moved, k), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)
    names(ax, [f"{row.by} {row.before:g} → {row.value:g}" for row in rows])
    ax.margins(x=0.2)
    ax.set_xlim(left=0, right=max([1, *(1.2 * row.moved for row in rows)]))
    ax.set_xlabel(f"tickets of {found.n_tickets} that would move")
    finish(ax, "What a change of one setting would do", has_legend=False)
    return ax
