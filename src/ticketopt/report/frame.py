"""What every page has: its style, and the frame around its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ticketopt._html import cell

__all__ = ["tiles", "whole_page", "wide"]

STYLE = """
:root { color-scheme: light dark; --ink: #1c1f23; --paper: #ffffff; --line: #d5d9de; --soft: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --paper: #16181b; --line: #3b4148; --soft: #202428; }
}
body { color: var(--ink); background: var(--paper); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; }
.tile { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .9rem; }
.tile b { display: block; font-size: 1.3rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(28rem, 1fr)); gap: 1rem; }
.pictures svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; margin-bottom: 1.2rem; width: 100%; }
td:first-child { white-space: nowrap; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; vertical-align: top; }
footer { margin-top: 3rem; font-size: .8rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
"""


def whole_page(title: str, parts: Iterable[str]) -> str:
    """The page as text: styles inside, no scripts, nothing loaded from anywhere, light and dark."""
    head = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
    return (
        f"<!doctype html><html lang='en'><head>{head}<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def tiles(facts: Sequence[tuple[str, object]]) -> str:
    """Numbers in a row, each under its name."""
    shown = "".join(f"<div class='tile'>{escape(name)}<b>{escape(cell(value))}</b></div>" for name, value in facts)
    return f"<div class='tiles'>{shown}</div>"


def wide(content: str) -> str:
    """What may be wider than the page, and then scrolls."""
    return f"<div class='wide'>{content}</div>"
