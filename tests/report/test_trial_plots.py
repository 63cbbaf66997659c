"""Pictures of a backtest show the numbers that were found."""

from __future__ import annotations

import numpy as np
import pytest

from support.trials import trial_of

pytest.importorskip("matplotlib")

from ticketopt.report import trial_plots
from ticketopt.report.trial_pictures import drawn_policies


def test_lengths_are_those_of_the_log() -> None:
    trial = trial_of()
    ax = trial_plots.lengths(trial)
    (line,) = ax.lines
    assert np.array_equal(line.get_xdata(), trial.traces.real)
    assert ax.get_xscale() == "log"


def test_open_tickets_have_a_line_for_the_log_its_replay_and_what_changes_most() -> None:
    trial = trial_of()
    ax = trial_plots.open_tickets(trial)
    assert len(ax.lines) == 2 + len(drawn_policies(trial))
    assert np.array_equal(ax.lines[1].get_ydata(), trial.traces.open["history"])


def test_the_forest_has_a_point_for_every_policy_and_the_placebo_behind_it() -> None:
    trial = trial_of()
    ax = trial_plots.forest(trial)
    points = ax.containers[0].lines[0]
    assert points.get_xdata().tolist() == [one.value for one in trial.overall.values()]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(trial.overall)
    band = ax.patches[0].get_extents().transformed(ax.transData.inverted())
    assert (band.x0, band.x1) == pytest.approx((trial.placebo[trial.kappa].low, trial.placebo[trial.kappa].high))


def test_the_fan_goes_over_all_kappas() -> None:
    trial = trial_of()
    ax = trial_plots.fan(trial)
    placebo = ax.lines[0]
    assert placebo.get_xdata().tolist() == sorted(trial.placebo)
    assert placebo.get_ydata().tolist() == [trial.placebo[k].value for k in sorted(trial.placebo)]
    assert len(ax.lines) == 2 + len(drawn_policies(trial))
