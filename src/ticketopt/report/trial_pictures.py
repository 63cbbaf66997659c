"""Pictures of a backtest as SVG that takes its colors from the page: light, dark and in print.

Every picture has a title that says what it shows to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape

import numpy as np

from ticketopt.history.backtest.traces import LOG
from ticketopt.history.backtest.trial import Trial

__all__ = ["fan", "forest", "lengths", "open_tickets"]

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 34
ROW = 30
"""Height of a policy in the forest."""

SHOWN = 3
"""Policies drawn in one picture beside the log."""


class _Frame:
    """From values to places in the picture, with the lines and words of both axes."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], height: int = HEIGHT) -> None:
        self.x0, self.x1 = x
        self.y0, self.y1 = y
        self.height = height
        self.parts: list[str] = []

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x0) / max(self.x1 - self.x0, 1e-12)
        up = (y - self.y0) / max(self.y1 - self.y0, 1e-12)
        return LEFT + across * (WIDTH - LEFT - RIGHT), self.height - BOTTOM - up * (self.height - TOP - BOTTOM)

    def line(self, x: Iterable[float], y: Iterable[float], style: str) -> None:
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in (self.at(*p) for p in zip(x, y, strict=True)))
        self.parts.append(f'<polyline class="{style}" points="{points}"/>')

    def band(self, x: Sequence[float], low: Sequence[float], high: Sequence[float], style: str) -> None:
        there = [self.at(*p) for p in (*zip(x, low, strict=True), *zip(x[::-1], high[::-1], strict=True))]
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in there)
        self.parts.append(f'<polygon class="{style}" points="{points}"/>')

    def text(self, x: float, y: float, words: str, anchor: str = "middle") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>')

    def across(self, ticks: Iterable[float], words: Callable[[float], str]) -> None:
        for tick in ticks:
            x, y = self.at(tick, self.y0)
            self.parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{y:.1f}"/>')
            self.text(x, y + 15, words(tick))

    def up(self, ticks: Iterable[float]) -> None:
        for tick in ticks:
            x, y = self.at(self.x0, tick)
            self.parts.append(f'<path class="grid" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}"/>')
            self.text(x - 5, y + 4, f"{tick:g}", "end")

    def svg(self, title: str) -> str:
        head = f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img"><title>{escape(title)}</title>'
        return head + "".join(self.parts) + "</svg>"


def _ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Round numbers between two values."""
    step = 10.0 ** np.floor(np.log10(max(high - low, 1e-9) / n))
    step *= next(k for k in (1, 2, 5, 10) if (high - low) / (k * step) <= n)
    return [round(float(v), 10) + 0.0 for v in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]


def lengths(trial: Trial) -> str:
    """How long tickets took: the log, and its people with fresh luck."""
    t = trial.traces
    low, high = (np.log10(np.maximum(v, 1 / 60)) for v in t.fresh)
    real = np.log10(np.maximum(t.real, 1 / 60))
    ends = float(min(low.min(), real.min())), float(max(high.max(), real.max()))
    frame = _Frame(ends, (0, 100))
    frame.up(range(0, 101, 25))
    marks = {1 / 60: "1 min", 0.25: "15 min", 1.0: "1 h", 8.0: "8 h", 40.0: "40 h", 160.0: "160 h"}
    frame.across([x for x in (float(np.log10(m)) for m in marks) if ends[0] <= x <= ends[1]],
                 lambda x: next(w for m, w in marks.items() if abs(np.log10(m) - x) < 1e-9))  # fmt: skip
    share = 100 * t.shares
    points = [*zip(low, share, strict=True), *zip(high[::-1], share[::-1], strict=True)]
    frame.parts.append(f'<polygon class="band" points="{_places(frame, points)}"/>')
    frame.line(real, share, "log")
    return frame.svg("Share of tickets resolved within so many working hours: the log, and replays with fresh luck")


def _places(frame: _Frame, points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in (frame.at(float(x), float(y)) for x, y in points))


def open_tickets(trial: Trial) -> str:
    """Replayed tickets that are open at midnight: the log, its replay, and a few policies."""
    t = trial.traces
    names = [LOG, "history", *drawn_policies(trial)]
    frame = _Frame((float(t.days[0]), float(t.days[-1])), (0, max(float(t.open[n].max()) for n in names) * 1.05 + 1))
    frame.up(_ticks(0, frame.y1))
    frame.across(
        t.days[:: max(len(t.days) // 6, 1)].tolist(), lambda d: datetime.fromtimestamp(d, UTC).strftime("%d %b")
    )
    for k, name in enumerate(names):
        frame.line(t.days, t.open[name], ("log", "history", *(f"p{j}" for j in range(SHOWN)))[k])
    return frame.svg("Replayed tickets open at midnight, by day")


def drawn_policies(trial: Trial) -> list[str]:
    """Of those asked about, the ones that change most."""
    asked = sorted(trial.verdicts, key=lambda name: trial.differences[name][trial.kappa].value)
    return asked[:SHOWN]


def forest(trial: Trial) -> str:
    """Differences with all that is open about them, and the placebo's band."""
    rows: Mapping[str, object] = trial.overall
    band = trial.placebo[trial.kappa]
    ends = [v for d in (*trial.overall.values(), band) for v in (d.low, d.high)] + [0.0]
    edge = 0.04 * (max(ends) - min(ends) + 1e-9)
    frame = _Frame((min(ends) - edge, max(ends) + edge), (len(rows), 0), ROW * len(rows) + TOP + BOTTOM)
    (left, _), (right, _) = frame.at(band.low, 0), frame.at(band.high, 0)
    tall = frame.height - TOP - BOTTOM
    frame.parts.append(f'<rect class="placebo" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{tall}"/>')
    frame.y0, frame.y1 = 0, len(rows)
    frame.across(_ticks(frame.x0, frame.x1), lambda v: f"{v:+g}" if v else "0")
    zero, _ = frame.at(0, 0)
    frame.parts.append(f'<path class="zero" d="M{zero:.1f} {TOP}v{tall}"/>')
    for k, (name, seen) in enumerate(trial.overall.items()):
        y = len(rows) - k - 0.65
        frame.line((seen.low, seen.high), (y, y), "interval")
        x, place = frame.at(seen.value, y)
        frame.parts.append(f'<circle class="point" cx="{x:.1f}" cy="{place:.1f}" r="4"/>')
        frame.text(LEFT, place - 8, name, "start")
    return frame.svg(f"Difference to the same people at once, {trial.judged}, less is better; the band is the placebo")


def fan(trial: Trial) -> str:
    """Differences over kappa; what the log allows is shaded."""
    names = drawn_policies(trial)
    kappas = sorted(trial.placebo)
    seen = [trial.differences[name][k] for name in names for k in kappas] + [trial.placebo[k] for k in kappas]
    low, high = min(d.low for d in seen), max(max(d.high for d in seen), 0.0)
    frame = _Frame((kappas[0], max(kappas[-1], 1.0)), (low, high + 0.04 * (high - low + 1e-9)))
    allowed = np.clip(trial.kappas, frame.x0, frame.x1)
    frame.band([float(v) for v in allowed], [low, low], [frame.y1, frame.y1], "allowed")
    frame.up(_ticks(low, frame.y1))
    frame.across(_ticks(frame.x0, frame.x1), lambda v: f"{v:g}")
    _curve(frame, kappas, [trial.placebo[k] for k in kappas], "placebo", "history")
    for j, name in enumerate(names):
        _curve(frame, kappas, [trial.differences[name][k] for k in kappas], f"b{j}", f"p{j}")
    return frame.svg("Difference over kappa, the share of what agents differ by that is theirs")


def _curve(frame: _Frame, kappas: Sequence[float], seen: Sequence[object], band: str, line: str) -> None:
    low, value, high = ([float(getattr(d, name)) for d in seen] for name in ("low", "value", "high"))
    frame.band(kappas, low, high, band)
    frame.line(kappas, value, line)
