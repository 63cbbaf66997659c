"""Where the evidence stands in a ticket's text, for highlighting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.records import Ticket
from ticketopt.triage.markup import shown

_COLORS = {"urgency": "#fde68a", "for": "#bbf7d0", "against": "#fecaca"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage of one field as its reader sees it (`shown(field).text[start:end]`), and the evidence that it is."""

    field: str
    start: int
    end: int
    evidence: Evidence


def marks(ticket: Ticket, reading: Reading) -> tuple[Mark, ...]:
    """Where each piece of evidence stands, in the order of the text; the strongest wins where they overlap."""
    found: list[Mark] = []
    for field in ("title", "description"):
        text = shown(getattr(ticket, field)).text
        taken: list[tuple[int, int]] = []
        for item in sorted(reading.evidence, key=lambda item: -abs(item.weight)):
            if item.field != field or not item.words or not item.weight:
                continue
            start = _first_free(text, item.words, taken)
            if start is not None:
                taken.append((start, start + len(item.words)))
                found.append(Mark(field, start, start + len(item.words), item))
    return tuple(sorted(found, key=lambda mark: (mark.field != "title", mark.start)))


def _first_free(text: str, words: str, taken: Iterable[tuple[int, int]]) -> int | None:
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if all(end <= first or last <= start for first, last in taken):
            return start
        start = text.find(words, start + 1)
    return None


def to_html(ticket: Ticket, reading: Reading) -> str:
    """The ticket with its evidence highlighted, as a fragment of HTML; hovering says what each passage speaks for."""
    spots = marks(ticket, reading)
    head = ", ".join(f"{escape(skill)} {share:.0%}" for skill, share in reading.skills.items()) or "no skill recognized"
    parts = [f"<p><b>{head}</b> &middot; urgency {reading.urgency:.2f}</p>"]
    for field, tag in (("title", "h4"), ("description", "p")):
        body = _highlighted(shown(getattr(ticket, field)).text, [mark for mark in spots if mark.field == field])
        parts.append(f'<{tag} style="white-space:pre-wrap">{body}</{tag}>')
    return "<div>" + "".join(parts) + "</div>"


def _highlighted(text: str, spots: Iterable[Mark]) -> str:
    pieces = []
    position = 0
    for mark in spots:
        kind = "urgency" if mark.evidence.about == "urgency" else "for" if mark.evidence.weight >= 0 else "against"
        how = "sounds like " if mark.evidence.source == "vectors" else ""
        title = escape(f"{how}{mark.evidence.about} {mark.evidence.weight:+.2f}", quote=True)
        pieces.append(escape(text[position : mark.start]))
        words = escape(text[mark.start : mark.end])
        pieces.append(f'<mark style="background:{_COLORS[kind]}" title="{title}">{words}</mark>')
        position = mark.end
    return "".join([*pieces, escape(text[position:])])
