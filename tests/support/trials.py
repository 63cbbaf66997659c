"""A backtest's answer, made by hand."""

from __future__ import annotations

import numpy as np

from ticketopt import Trial
from ticketopt.history.backtest.checks import Check
from ticketopt.history.backtest.differences import Difference
from ticketopt.history.backtest.measure import Figures
from ticketopt.history.backtest.traces import LOG, Traces

__all__ = ["trial_of"]

KAPPAS = (1.0, 0.5, 0.0)


def trial_of(verdict: str = "better", reason: str = "") -> Trial:
    """Of one policy, `mine`."""

    def curve(value: float) -> dict[float, Difference]:
        return {k: Difference(value * k, value * k - 0.5, value * k + 0.5) for k in KAPPAS}

    row = Figures(
        0.1, 1.0, 12.5, 80.0, 30.0, 20.0, 99.0, 0.25, {"P1": 0.5, "P2": 0.2}, 0.1, 0.9, 0.6, 0.4, 0.7, 0.9, 0.2
    )
    share = np.arange(1, 100) / 100
    took = np.exp(np.linspace(-3, 5, 99))
    days = 1_770_000_000.0 // 86_400 * 86_400 + 86_400 * np.arange(20)
    names = (LOG, "history", "at_once", "mine")
    return Trial(
        figures=dict.fromkeys(names[1:], row),
        differences={"history": curve(1.0), "mine": curve(-2.0)},
        overall={"history": Difference(1.0, 0.5, 1.5), "mine": Difference(-2.0, -3.0, -1.0)},
        placebo=curve(-0.2),
        verdicts={"mine": f"not knowable here: {reason}" if reason else verdict},
        reason=reason,
        days_needed={"mine": 6},
        checks=(Check("bookkeeping", True, "exact"), Check("choices", False, "50 % <b>", decides=True)),
        kappa=0.5,
        kappas=(0.4, 1.2),
        gamma=0.0,
        judged="mean working hours until resolved",
        tickets=1234,
        draws=2,
        decidable=0.5,
        when="2026-02-02 to 2026-02-21",
        hours=(9, 17),
        traces=Traces(
            share, took, (took * 0.9, took * 1.1), days, {n: np.arange(20.0) + k for k, n in enumerate(names)}
        ),
        assumed=("fast and good are not told apart",),
    )
