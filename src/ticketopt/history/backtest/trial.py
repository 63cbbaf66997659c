"""What a backtest found: a page of text when printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from textwrap import fill
from typing import Any

from ticketopt.history.backtest.checks import Check
from ticketopt.history.backtest.differences import Difference
from ticketopt.history.backtest.measure import Figures
from ticketopt.history.backtest.switchback import Switchback
from ticketopt.history.backtest.traces import Traces
from ticketopt.history.backtest.verdict import Curve

__all__ = ["Trial"]

_WIDTH = 118

_TITLES = ("first h", "90 %", "median h", "90 %", "mean", "wall h", "90 %", "late", "passed on", "one agent",
           "ten busiest", "spread", "skilled", "no room")  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """How policies would have fared on the same tickets, with the same luck.

    Attributes
    ----------
    figures : policy -> what came out at the learned kappa. Hours are working hours, 40 a week.
    differences : policy -> kappa -> difference to the people of the log, assigned at once; less is better.
    overall : policy -> the difference, with an interval that holds what the log leaves open about kappa, too.
    placebo : kappa -> the same of people exchanged at random within group and week, which should change nothing.
    verdicts : policy -> in words. reason : why there are none; empty where there are.
    days_needed : policy -> how long a test by turns, an hour with and an hour without, would take to settle it,
        of those whose test would take at most four years.
    checks : what can refuse a verdict, and what was seen.
    kappa : the share of what agents differ by that was seen again in later tickets.
    kappas : the least and the most that may be theirs, by what groups did while people were away.
    gamma : who holds n tickets is slower by n to the power of it.
    judged : what is compared, in words. tickets, draws : how many were replayed.
    decidable : share of their first choices that could have been others.
    when : the first and last day of their arrival. hours : of the day (UTC) in which they came. traces : for pictures.
    assumed : what the answer rests on that no log can show.
    """

    figures: Mapping[str, Figures]
    differences: Mapping[str, Curve]
    overall: Mapping[str, Difference]
    placebo: Curve
    verdicts: Mapping[str, str]
    reason: str
    days_needed: Mapping[str, int]
    checks: tuple[Check, ...]
    kappa: float
    kappas: tuple[float, float]
    gamma: float
    judged: str
    tickets: int
    draws: int
    decidable: float
    when: str
    hours: tuple[int, int]
    traces: Traces
    assumed: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Trial: {len(self.figures)} policies on {self.tickets:,} tickets, {self.when}>"

    def __str__(self) -> str:
        low, high = self.kappas
        parts = [
            _table(["policy", "verdict", "days of a test by turns to settle it"], self._verdicts()),
            f"{self.tickets:,} tickets of {self.when}, replayed; {self.decidable:.0%} of first choices could be others",
            _table(["policy", *_TITLES], [[name, *_cells(row)] for name, row in self.figures.items()]),
            self._by_priority(),
            self._compared(),
            f"kappa: {self.kappa:.2f} of what agents differ by lasted; {low:.2f} to {high:.2f} of it may be"
            f" theirs.\n{self.dispatch}\n{self.bound}",
            _table(["check", "", "seen"], [[c.name, "passed" if c.passed else "FAILED", c.seen] for c in self.checks]),
            "Assumed:\n"
            + "\n".join(fill(words, _WIDTH, initial_indent="  ", subsequent_indent="    ") for words in self.assumed),
        ]
        return "\n\n".join(part for part in parts if part)

    @property
    def dispatch(self) -> str:
        """What assigning at once is worth alone, with the people of the log."""
        seen = self.differences["history"][self.kappa]
        gain = Difference(0.0 - seen.value, 0.0 - seen.high, 0.0 - seen.low)
        return f"Assigning at once alone, to the same people: {gain} ({self.judged})."

    @property
    def bound(self) -> str:
        """How often who was wanted most had no room."""
        shares = [row.bound for row in self.figures.values() if row.chosen]
        if not shares or max(shares) == 0:
            return "Capacity never bound: one ticket at a time and the exact optimum of a batch are then the same."
        return (
            f"In {min(shares):.0%} to {max(shares):.0%} of the choices the fastest had no room: there batches matter."
        )

    def switchback(self, policy: str, *, start: datetime, seed: int = 0) -> Switchback:
        """A plan for a test by turns: an hour with the policy, an hour without, for as long as it would take."""
        return Switchback.of(policy, self.days_needed[policy], start, self.hours, seed)

    def _verdicts(self) -> list[list[str]]:
        days = {name: f"{n:,}" for name, n in self.days_needed.items()}
        return [[name, words, days.get(name, "-")] for name, words in self.verdicts.items()]

    def _compared(self) -> str:
        """Differences, a column per kappa."""
        kappas = sorted(self.placebo, reverse=True)
        titles = [f"kappa {k:.2f}{' (learned)' if k == self.kappa else ''}" for k in kappas]
        rows = [[name, *(str(curve[k]) for k in kappas)] for name, curve in self.differences.items()]
        for row in rows:
            row.append(str(self.overall[row[0]]))
        rows.append(["placebo", *(str(self.placebo[k]) for k in kappas), ""])
        head = f"Difference to at_once, {self.judged}, with 95 % intervals (less is better):"
        return f"{head}\n{_table(['policy', *titles, 'all that is open'], rows)}"

    def _by_priority(self) -> str:
        """Share late, a column per priority."""
        names = sorted({name for row in self.figures.values() for name in row.missed_by})
        rows = [[name, *(f"{row.missed_by.get(p, 0):.1%}" for p in names)] for name, row in self.figures.items()]
        return _table(["late, by priority", *names], rows) if names else ""

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "tickets": self.tickets,
            "when": self.when,
            "decidable": self.decidable,
            "judged": self.judged,
            "kappa": self.kappa,
            "figures": {name: asdict(row) for name, row in self.figures.items()},
            "differences": {name: _plain(curve) for name, curve in self.differences.items()},
            "overall": {name: asdict(found) for name, found in self.overall.items()},
            "kappas": list(self.kappas),
            "gamma": self.gamma,
            "draws": self.draws,
            "placebo": _plain(self.placebo),
            "verdicts": dict(self.verdicts),
            "reason": self.reason,
            "days_needed": dict(self.days_needed),
            "checks": [asdict(check) for check in self.checks],
            "assumed": list(self.assumed),
        }


def _plain(curve: Mapping[float, Difference]) -> list[dict[str, float]]:
    return [{"kappa": k, **asdict(found)} for k, found in curve.items()]


def _cells(row: Figures) -> list[str]:
    times = (row.first, row.first_p90, row.median, row.p90, row.mean, row.wall, row.wall_p90)
    hours = [f"{value:.1f}" for value in times]
    late = "-" if row.missed is None else f"{row.missed:.1%}"
    room = f"{row.bound:.0%}" if row.chosen else "-"
    return [
        *hours,
        late,
        f"{row.passed:.2f}",
        f"{row.alone:.0%}",
        f"{row.busiest:.0%}",
        f"{row.spread:.2f}",
        f"{row.skilled:.0%}",
        room,
    ]


def _table(titles: list[str], rows: list[list[str]]) -> str:
    wide = [max(len(row[k]) for row in [titles, *rows]) for k in range(len(titles))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)).rstrip() for row in [titles, *rows]]
    return "\n".join("  " + line for line in lines)
