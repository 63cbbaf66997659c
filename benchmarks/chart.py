"""A line chart on logarithmic axes, as an SVG file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def draw(path: Path, curves: Mapping[str, Sequence[tuple[float, float]]], x_label: str, y_label: str) -> None:
    """One curve per name; points are (x, y), both above 0. The same curves give the same file."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "ticketopt", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.subplots()
        for name, points in curves.items():
            axes.loglog(*zip(*points, strict=True), marker="o", markersize=3, label=name)
        axes.set(xlabel=x_label, ylabel=y_label)
        axes.grid(alpha=0.3)
        if curves:
            figure.legend(loc="outside right upper", frameon=False)
        figure.savefig(path, metadata={"Date": None})
