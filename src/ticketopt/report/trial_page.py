"""One self-contained page about a backtest: the verdict first, then what it rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ticketopt.history.backtest.trial import Trial
from ticketopt.report.page import environment
from ticketopt.report.trial_pictures import drawn_policies, fan, forest, lengths, open_tickets

__all__ = ["trial_html"]


def trial_html(trial: Trial, *, title: str = "Would it have been better?") -> str:
    """The page as text: styles and pictures inside, no scripts, nothing loaded from anywhere, light and dark.

    Needs the extra "report". No ticket and no agent is named on it.
    """
    unit = "%" if "late" in trial.judged else "h"
    scale = 100.0 if unit == "%" else 1.0
    pictures = {"lengths": lengths, "open": open_tickets, "forest": forest, "fan": fan}
    return environment().get_template("trial.html.j2").render(
        title=title,
        trial=trial,
        lead=_lead(trial),
        failed=[check for check in trial.checks if not check.passed],
        pictures={name: draw(trial) for name, draw in pictures.items()},
        drawn=drawn_policies(trial),
        unit="points of a hundred" if unit == "%" else "working hours",
        scale=scale,
        priorities=sorted({name for row in trial.figures.values() for name in row.missed_by}),
        plan=_plan(trial),
    )  # fmt: skip


def _lead(trial: Trial) -> str:
    """The answer in a sentence or two."""
    if trial.reason:
        return f"This log does not say: {trial.reason}."
    words = {"better": [], "better if": [], "worse": [], "no difference seen": []}  # type: dict[str, list[str]]
    for name, said in trial.verdicts.items():
        key = "better if" if said.startswith("better if") else said.split(":")[0].split(";")[0]
        words.setdefault(key, []).append(name)
    told = {
        "better": "would have been better than the same people at once",
        "better if": "would have been better on a condition",
        "worse": "would have been worse",
        "no difference seen": "made no difference that can be seen",
    }
    return " ".join(f"{', '.join(words[key])}: {told[key]}." for key in told if words[key])


def _plan(trial: Trial) -> list[tuple[str, str, str]]:
    """The first hours of a test of the policy that would be settled soonest."""
    days = {name: n for name, n in trial.days_needed.items() if name in trial.verdicts}
    if not days:
        return []
    soonest = min(days, key=lambda name: days[name])
    start = datetime.fromtimestamp(trial.traces.days[-1], UTC)
    start += timedelta(days=7 - start.weekday())
    turns = trial.switchback(soonest, start=start).turns[:8]
    return [(f"{t.begin:%A %H:%M}", f"{t.end:%H:%M}", soonest if t.on else "as before") for t in turns]
