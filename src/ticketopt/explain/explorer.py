"""A plan to look through in a notebook: filter, sort, and ask why not; one piece of HTML with nothing outside it.

It works in the notebook, in its exported page, and in any page that it is put into; without scripts its first tickets
are a plain table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any, Protocol

import numpy as np

from ticketopt._html import table
from ticketopt._types import Int
from ticketopt.explain.arguments import check
from ticketopt.explain.counterfactuals import Counterfactuals
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import FAR
from ticketopt.problem.fields import whole_number
from ticketopt.problem.links import ticket_links
from ticketopt.problem.problem import Problem
from ticketopt.triage import level_of

__all__ = ["Explorer", "explorer"]

MOST_TICKETS = 1000

MOST_PAIRS = 200_000
"""Tickets that are shown times agents: what is known of every pair is one letter."""

MOST_PAIRS_BOUNDED = 50_000
"""With unequal effort or limits across tickets, changes are only worked out for so many pairs of the whole queue."""

NEAREST = 6
"""Agents of whom the change is shown, for each ticket."""

LONGEST_TITLE, LONGEST_WORDS = 120, 600

STATIC_ROWS = 20

RULES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAY, CANNOT, OTHER = ".", "-", "?"
"""A pair that may be, one for which no room can be made, and one that some rule beyond the letters forbids."""


class Explained(Protocol):
    """What a `Result` has that is shown."""

    @property
    def problem(self) -> Problem: ...
    @property
    def model(self) -> AssignmentModel: ...
    @property
    def assignment(self) -> Int: ...
    @property
    def decisions(self) -> Sequence[Any]: ...
    @property
    def constraints(self) -> Mapping[str, Constraint]: ...
    @property
    def tiers(self) -> Sequence[object]: ...
    def counterfactuals(self) -> Counterfactuals: ...
    def summary(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Explorer:
    """A plan to look through; a notebook shows it.

    Attributes
    ----------
    html : the fragment: style, table, data and script, everything escaped, nothing loaded from anywhere.
    n_shown, n_tickets : tickets in it, and in the queue.
    """

    html: str
    n_shown: int
    n_tickets: int

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<Explorer: {self.n_shown:,} of {self.n_tickets:,} tickets, {len(self.html) / 1000:,.0f} kB>"


def explorer(result: Explained, *, most: int, link: str | None) -> Explorer:
    """The explorer of a plan; see `Result.explore`."""
    check(most=(whole_number(0), most))
    address, problem = ticket_links(link), result.problem
    rows = _order(result)[: min(most, MOST_PAIRS // max(1, problem.n_agents))]
    units, basis = _changes(result)
    letters, rules = _letters(result, rows, units)
    tickets = [
        {
            **_ticket(result, i),
            "may": may,
            "near": _nearest(result, i, units),
            "link": address(result.decisions[i].ticket_id),
        }
        for i, may in zip(rows.tolist(), letters, strict=True)
    ]
    data = {
        "agents": [agent.name for agent in problem.agents],
        "tickets": tickets,
        "rules": rules,
        "basis": basis,
    }
    return Explorer(_fragment(result, data, len(rows)), len(rows), problem.n_tickets)


def _order(result: Explained) -> Int:
    """Positions of all tickets: those that wait, then the most urgent; of equals, those that have waited longest."""
    problem = result.problem
    order: Int = np.lexsort((problem.waiting_since, -problem.urgency, result.assignment >= 0))
    return order


def _changes(result: Explained) -> tuple[Int | None, str]:
    """(n, A + 1) integer changes by forcing each decision, and what they are; None where they are not worked out."""
    model = result.model
    is_plain = model.is_unit and not len(model.rows)
    if result.tiers or (not is_plain and model.pair_cost.size > MOST_PAIRS_BOUNDED):
        return None, "none"
    found = result.counterfactuals()
    return found.units, found.basis


def _letters(result: Explained, rows: Int, units: Int | None) -> tuple[list[str], dict[str, str]]:
    """For each row a letter per agent: what keeps the pair from being; and letter -> the rule in words."""
    problem, shape = result.problem, (len(rows), result.problem.n_agents)
    found = np.full(shape, MAY)
    found[~result.model.allowed[rows]] = OTHER
    rules = {}
    for letter, rule in zip(RULES, result.constraints.values(), strict=False):
        mask = rule.mask(problem)
        forbidden = np.zeros(shape, dtype=np.bool_) if mask is None else ~mask[rows] & np.isin(found, (MAY, OTHER))
        if forbidden.any():
            found[forbidden], rules[letter] = letter, rule.summary
    if units is not None:
        found[(found == MAY) & (units[rows, :-1] >= FAR)] = CANNOT
    return ["".join(row) for row in found.tolist()], rules


def _nearest(result: Explained, i: int, units: Int | None) -> list[list[float]]:
    """[agent, change in weighted cost] of the agents who could have the ticket at the least change, best first."""
    if units is None:
        return []
    row = units[i, :-1].copy()
    if result.assignment[i] >= 0:
        row[result.assignment[i]] = FAR
    best = np.argsort(row, kind="stable")[:NEAREST]
    return [[j, int(row[j]) / SCALE] for j in best.tolist() if row[j] < FAR]


def _ticket(result: Explained, i: int) -> dict[str, Any]:
    decision, ticket = result.decisions[i], result.problem.tickets[i]
    urgency = decision.reading.urgency
    return {
        "id": str(ticket.ticket_id),
        "title": _cut(ticket.title.strip(), LONGEST_TITLE),
        "urgency": round(urgency, 4),
        "level": level_of(urgency),
        "agent": int(result.assignment[i]),
        "cost": decision.cost,
        "why": _cut(decision.rationale, LONGEST_WORDS),
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _fragment(result: Explained, data: Mapping[str, Any], n_shown: int) -> str:
    n = result.problem.n_tickets
    names = data["agents"]
    head = ("ticket", "title", "urgency", "agent", "cost", "why")
    first = [
        (t["id"], t["title"], t["urgency"], names[t["agent"]] if t["agent"] >= 0 else None, t["cost"], t["why"])
        for t in data["tickets"][:STATIC_ROWS]
    ]
    note = result.summary()
    if n_shown < n:
        note += f". Shown are {n_shown:,} of {n:,} tickets: those that wait, then the most urgent"
    if data["basis"] == "none":
        note += ". What it would cost to change a decision is not worked out here; Result.why_not tells it"
    content = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":  # so that no text ends the script that holds it
        content = content.replace(sign, f"\\u{ord(sign):04x}")
    return (
        f"<div class='ticketopt-explorer'><style>{_file('explorer.css')}</style>"
        f"<p class='tx-note'>{escape(note)}.</p><div class='tx-body'>{table(head, first)}</div>"
        f"<script type='application/json'>{content}</script><script>{_file('explorer.js')}</script></div>"
    )


def _file(name: str) -> str:
    return files("ticketopt.explain").joinpath(name).read_text(encoding="utf-8")
