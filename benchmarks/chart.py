"""A line chart on logarithmic axes, as SVG text, without a plotting library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 70, 190, 20, 50
COLORS = ("#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f")


def draw(curves: Mapping[str, Sequence[tuple[float, float]]], x_label: str, y_label: str) -> str:
    """One curve per name; points are (x, y), both above 0."""
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return '<svg xmlns="http://www.w3.org/2000/svg"/>'
    x_low, x_high = (f(math.log10(x) for x, _ in points) for f in (min, max))
    y_low, y_high = (f(math.log10(y) for _, y in points) for f in (min, max))
    x_size, y_size = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_low) / max(1e-9, x_high - x_low)
        up = (math.log10(y) - y_low) / max(1e-9, y_high - y_low)
        return LEFT + across * x_size, TOP + (1 - up) * y_size

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"',
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT + x_size / 2}" y="{HEIGHT - 10}" text-anchor="middle">{x_label}</text>',
        f'<text x="15" y="{TOP + y_size / 2}" text-anchor="middle"',
        f'transform="rotate(-90 15 {TOP + y_size / 2})">{y_label}</text>',
    ]
    for power in range(math.ceil(y_low), math.floor(y_high) + 1):
        y = place(10**x_low, 10.0**power)[1]
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + x_size}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">1e{power}</text>')
    for power in range(math.ceil(x_low), math.floor(x_high) + 1):
        x = place(10.0**power, 10**y_low)[0]
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + y_size}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP + y_size + 16}" text-anchor="middle">1e{power}</text>')
    for k, (name, curve) in enumerate(curves.items()):
        color, y = COLORS[k % len(COLORS)], TOP + 14 + 18 * k
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in curve))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(f'<text x="{LEFT + x_size + 12}" y="{y}" fill="{color}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])
