"""One self-contained page for a team lead: the plan, what is short, what would help, in pictures and tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from ticketopt._html import paragraph, table
from ticketopt.errors import TicketoptError
from ticketopt.planning.result import Result
from ticketopt.report import plots
from ticketopt.report.frame import tiles, whole_page, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["report_html"]

MOST_TICKETS = 500
"""The plan's table shows this many tickets; the result as JSON holds all."""

MOST_PAIRS = 200_000
"""Above this many pairs of ticket and agent, what skills are worth takes too long for a page."""

MOST_LEFT_OUT = 100
MOST_AGENTS = 60
MOST_VALUES = 15

INK = "#0a0b0c"
"""The color of text and lines in a picture; on the page it becomes the page's own."""


def report_html(result: Result, *, title: str = "Ticket plan", time_limit: float = 10.0) -> str:
    """The page as text: styles and pictures inside, no scripts, nothing loaded from anywhere, light and dark.

    Needs the extra "plots". Ticket text is not on it, only ids and titles.

    Parameters
    ----------
    time_limit : seconds for trying repairs out and for what skills are worth, each.
    """
    parts = [
        f"<h1>{escape(title)}</h1>",
        paragraph(result.summary() + "."),
        _tiles(result),
        "".join(_short(result, time_limit)),
        "<h2>Pictures</h2><div class='pictures'>",
        *(_picture(draw, result, k) for k, draw in enumerate(PICTURES[: -1 if result.tiers else None])),
        "</div>",
        "".join(_values(result, time_limit)),
        _left_out(result),
        _loads(result),
        _plan(result),
        _footer(result),
    ]
    return whole_page(title, parts)


PICTURES: tuple[Callable[[Result, Axes], object], ...] = (
    plots.loads,
    lambda result, ax: plots.skills(result.problem, ax),
    plots.cost_matrix,
    plots.slot_values,
)
"""The last one shows prices, which a plan by tiers does not have."""


def _tiles(result: Result) -> str:
    done = len(result.decisions) - len(result.unassigned)
    facts = [
        ("tickets", len(result.decisions)),
        ("assigned", done),
        ("left out", len(result.unassigned)),
        ("agents available", sum(load.is_available for load in result.loads)),
        ("cost", result.cost),
        ("gap", "-" if result.gap is None else f"{result.gap:.2%}"),
    ]
    return tiles(facts)


def _short(result: Result, time_limit: float) -> Iterator[str]:
    if not result.unassigned:
        return
    yield "<h2>What is short</h2>"
    for found in result.bottlenecks(time_limit=time_limit):
        yield f"<p><b>{escape(found.words)}</b></p>"
        if found.repairs:
            yield "<ul>" + "".join(f"<li>{escape(repair.words)}</li>" for repair in found.repairs) + "</ul>"


def _values(result: Result, time_limit: float) -> Iterator[str]:
    yield "<h2>What would help</h2>"
    if result.tiers:
        yield paragraph("A plan by tiers minimizes no single sum, so that slots and skills have no price.")
        return
    known = result.slot_values()
    slots = sorted((v for v in known if v.one_more > 0), key=lambda v: -v.one_more)[:MOST_VALUES]
    rows = [(v.name, v.used, v.free, v.one_more, v.takes_in or "", v.basis) for v in slots]
    head = ["agent", "given", "free before", "one more slot saves", "and lets in", "basis"]
    yield wide(table(head, rows, caption="One more slot")) if rows else paragraph(plots.nothing_to_gain(known))
    if result.model.pair_cost.size > MOST_PAIRS:
        yield paragraph("What skills are worth is left out on queues of this size; Result.skill_values computes it.")
        return
    try:
        taught = result.skill_values(MOST_VALUES, time_limit=time_limit)
    except TicketoptError as error:
        yield paragraph(f"What skills are worth could not be computed: {error}")
        return
    skills = [(v.name, v.skill, v.level_now, v.level_then, v.saves, v.serves_more, v.basis) for v in taught if v.saves]
    if skills:
        head = ["agent", "skill", "level now", "level then", "saves", "more tickets served", "basis"]
        yield wide(table(head, skills, caption="Teaching a skill"))


def _left_out(result: Result) -> str:
    titles = _titles(result)
    rows = [
        (str(d.ticket_id), titles[str(d.ticket_id)], d.reading.urgency, d.reason, d.rationale)
        for d in result.unassigned
    ]
    head = ["ticket", "title", "urgency", "reason", "why"]
    return "<h2>Left out</h2>" + wide(table(head, rows, limit=MOST_LEFT_OUT)) if rows else ""


def _loads(result: Result) -> str:
    rows = [
        (load.name, load.before, load.assigned, load.after, load.capacity, "" if load.is_available else "not available")
        for load in result.loads
    ]
    head = ["agent", "before", "new", "after", "capacity", ""]
    return "<h2>Agents</h2>" + wide(table(head, rows, limit=MOST_AGENTS))


def _plan(result: Result) -> str:
    titles = _titles(result)
    rows = [
        (str(d.ticket_id), titles[str(d.ticket_id)], d.reading.urgency, d.agent_name, d.cost, d.rationale)
        for d in result.decisions
    ]
    head = ["ticket", "title", "urgency", "agent", "cost", "why"]
    return "<h2>The plan</h2>" + wide(table(head, rows, limit=MOST_TICKETS))


def _footer(result: Result) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    proof = result.summary() + "." if result.tiers else str(result.certificate)
    facts = [proof, f"Solver: {result.solver} ({result.reason}).", f"Made with {versions}."]
    digest = str(result.to_dict()["input"]["sha256"])
    return f"<footer>{''.join(map(paragraph, facts))}{paragraph(f'Input: SHA-256 {digest}')}</footer>"


def _titles(result: Result) -> dict[str, str]:
    return {str(ticket.ticket_id): ticket.title for ticket in result.problem.tickets}


def _picture(draw: Callable[[Result, Axes], object], result: Result, k: int) -> str:
    """A picture as SVG in the page's own colors; names in it are text."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
        **{"svg.fonttype": "none", "svg.hashsalt": f"picture {k}", "font.family": "sans-serif"},
    }
    with rc_context(settings):
        figure = Figure(figsize=(7.5, 5.2), layout="constrained")
        ax = figure.add_subplot()
        draw(result, ax)
        figure.patch.set_alpha(0)
        ax.patch.set_alpha(0)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    return re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
