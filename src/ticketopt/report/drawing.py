"""What all pictures share: axes, colors, and names as long as they are legible.

Colors are those of Okabe and Ito (2008), told apart by everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._types import Float

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "MOST_NAMES",
    "ORANGE",
    "RED",
    "SKY",
    "amount",
    "axes",
    "column",
    "finish",
    "names",
    "short",
]

BLUE, ORANGE, GREEN, RED, SKY, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#999999"

MOST_NAMES = 40
"""More bars than this get no names."""

MOST_LETTERS = 24


def axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(8, 5), layout="constrained").add_subplot()


def column(rows: Sequence[Any], name: str) -> Float:
    return np.array([getattr(row, name) for row in rows], dtype=np.float64)


def amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def short(name: str) -> str:
    """A name that fits, with nothing that the drawing library would read as mathematics."""
    text = "".join(c if c.isprintable() else " " for c in name).replace("$", r"\$")
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def names(ax: Axes, names: Sequence[str]) -> None:
    """Names at horizontal bars, the first on top."""
    ax.set_yticks(np.arange(len(names)), [short(name) for name in names], fontsize=9 if len(names) <= 25 else 7)
    ax.set_ylim(len(names) - 0.4, -0.6)


def finish(ax: Axes, title: str, *, has_legend: bool) -> None:
    ax.set_title(title, loc="left", fontweight="bold")
    ax.spines[["top", "right"]].set_visible(False)
    if has_legend:
        ax.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 0.995), ncols=3, borderpad=0)
