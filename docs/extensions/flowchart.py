"""` ```mermaid ` flowcharts as SVG, made at build: boxes in layers, each above all that it leads to."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDTH, STEP, HEIGHT, ROW = 124, 148, 34, 92


def edges_of(text: str) -> dict[str, list[str]]:
    """Node -> the nodes that its arrows lead to, from lines `a & b --> c & d`."""
    edges: dict[str, list[str]] = {}
    for left, right in re.findall(r"^\s*(.+?) --> (.+?)\s*$", text, flags=re.MULTILINE):
        for one in left.split(" & "):
            edges.setdefault(one, []).extend(right.split(" & "))
    return edges


def layers_of(edges: dict[str, list[str]]) -> list[list[str]]:
    """From the top down; a node stands one layer below the lowest that leads to it."""
    names = list(dict.fromkeys([*edges, *(goal for goals in edges.values() for goal in goals)]))
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for one, goals in edges.items():
            for goal in goals:
                depth[goal] = max(depth[goal], depth[one] + 1)
    return [[name for name in names if depth[name] == k] for k in range(max(depth.values()) + 1)]


def svg(text: str) -> str:
    """The drawing; colors are the page's."""
    edges = edges_of(text)
    layers = layers_of(edges)
    widest = max(map(len, layers)) * STEP
    at = {
        name: ((k + 0.5) * widest / len(layer), row * ROW + HEIGHT / 2 + 2)
        for row, layer in enumerate(layers)
        for k, name in enumerate(layer)
    }
    parts = []
    for one, goals in edges.items():
        for goal in goals:
            (x, y), (u, v) = at[one], at[goal]
            y, v = y + HEIGHT / 2, v - HEIGHT / 2
            bend = (v - y) / 2
            parts.append(f'<path d="M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {u:.0f} {v - bend:.0f} {u:.0f} {v:.0f}"/>')
    for name, (x, y) in at.items():
        corner = f'x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="5"'
        parts.append(f'<rect {corner}/><text x="{x:.0f}" y="{y + 5:.0f}">{escape(name)}</text>')
    words = "; ".join(f"{one} leads to {', '.join(goals)}" for one, goals in edges.items())
    size = f'viewBox="0 0 {widest} {len(layers) * ROW - ROW + HEIGHT + 4}"'
    return f'<svg class="flowchart" role="img" {size}><title>{escape(words)}</title>{"".join(parts)}</svg>'


class Mermaid(SphinxDirective):
    """A flowchart of plain names."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", svg("\n".join(self.content)), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
