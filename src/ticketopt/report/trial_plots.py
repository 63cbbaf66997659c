"""Pictures of a backtest: how long tickets took, what was open, and how much better, over kappa.

As in `ticketopt.report.plots`, every function takes `ax=` and returns the axes; they need the extra "plots". The page
about a backtest draws its own, see `ticketopt.report.trial_pictures`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ticketopt.history.backtest.traces import LOG
from ticketopt.history.backtest.trial import Trial
from ticketopt.report.drawing import BLUE, GREEN, GREY, ORANGE, RED, SKY, axes, finish, names, short
from ticketopt.report.trial_pictures import drawn_policies

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fan", "forest", "lengths", "open_tickets"]

STYLES = ((BLUE, "-"), (GREEN, "--"), (RED, ":"))
"""Of the policies that change most."""


def lengths(trial: Trial, ax: Axes | None = None) -> Axes:
    """Working hours within which tickets were resolved: the log as a line, replays with fresh luck as a band."""
    ax = axes(ax)
    t = trial.traces
    ax.fill_betweenx(100 * t.shares, *t.fresh, color=SKY, alpha=0.5, label="fresh luck")
    ax.plot(t.real, 100 * t.shares, color="black", label=LOG)
    ax.set_xscale("log")
    ax.set_xlabel("working hours until resolved")
    ax.set_ylabel("tickets, %")
    finish(ax, "How long tickets took", has_legend=True)
    return ax


def open_tickets(trial: Trial, ax: Axes | None = None) -> Axes:
    """Replayed tickets that are open at midnight, by day."""
    ax = axes(ax)
    t = trial.traces
    days = t.days.astype("datetime64[s]")
    ax.plot(days, t.open[LOG], color="black", label=LOG)
    ax.plot(days, t.open["history"], color=GREY, linestyle="--", label="history, replayed")
    for name, (color, line) in zip(drawn_policies(trial), STYLES, strict=False):
        ax.plot(days, t.open[name], color=color, linestyle=line, label=short(name))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("open tickets")
    ax.tick_params(axis="x", labelrotation=30)
    finish(ax, "Open tickets by day", has_legend=True)
    return ax


def forest(trial: Trial, ax: Axes | None = None) -> Axes:
    """Differences to the same people at once, with all that is open about them, and the placebo as a band."""
    ax = axes(ax)
    band, seen = trial.placebo[trial.kappa], list(trial.overall.values())
    ax.axvspan(band.low, band.high, color=GREY, alpha=0.3, label="placebo")
    ax.axvline(0, color="black", linewidth=0.8)
    place = np.arange(len(seen))
    value, low, high = (np.array([getattr(one, part) for one in seen]) for part in ("value", "low", "high"))
    ax.errorbar(value, place, xerr=np.abs(np.stack([value - low, high - value])), fmt="o", color=BLUE, capsize=3)
    names(ax, list(trial.overall))
    ax.set_xlabel(f"{trial.judged}: less is better")
    finish(ax, "Difference to the same people at once", has_legend=True)
    return ax


def fan(trial: Trial, ax: Axes | None = None) -> Axes:
    """Differences over kappa; what the log allows of kappa is shaded."""
    ax = axes(ax)
    kappas = sorted(trial.placebo)
    ax.axvspan(*trial.kappas, color=GREY, alpha=0.15, label="allowed")
    curves = {"placebo": (trial.placebo, (ORANGE, "-."))}
    curves |= {
        name: (trial.differences[name], style) for name, style in zip(drawn_policies(trial), STYLES, strict=False)
    }
    for name, (curve, (color, line)) in curves.items():
        ax.plot(kappas, [curve[k].value for k in kappas], color=color, linestyle=line, label=short(name))
        ax.fill_between(
            kappas, [curve[k].low for k in kappas], [curve[k].high for k in kappas], color=color, alpha=0.15
        )
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_xlabel("kappa: the share of what agents differ by that is theirs")
    ax.set_ylabel(f"difference, {trial.judged}")
    finish(ax, "Over kappa", has_legend=True)
    return ax
