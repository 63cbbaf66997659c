"""Why not this agent? The rule that blocks, or what it would change, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ticketopt._html import paragraph, table
from ticketopt._types import Int
from ticketopt.explain.analysis import Analysis, Forced
from ticketopt.explain.rationale import listed
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import SCALE
from ticketopt.formulation.pair_costs import terms_at
from ticketopt.formulation.rules import violations
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import loads
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Id

__all__ = ["Move", "WhyNot", "move_words", "why_not"]

SHOWN_MOVES = 6
SHOWN_TERMS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket that changes hands; None is "left out"."""

    ticket_id: Id
    from_agent: Id | None
    to_agent: Id | None


@dataclass(frozen=True, slots=True, repr=False)
class WhyNot:
    """One decision that was not made, and what it would change. Weighted costs; positive costs more.

    Attributes
    ----------
    ticket_id, agent_id : the decision; the agent None leaves the ticket out.
    current_agent : who has the ticket in the plan, None where it is left out.
    blocked_by : rule -> its words; empty where the decision is possible.
    basis : "exact" (shortest exchange), "bound" (a proven lower bound), "solved" (by solving again; exact where
        `at_least` equals `at_most`) or "blocked".
    at_least, at_most : limits of the change of the whole objective, proven but for "solved" ones, which are as sure as
        the backend that solved it; None where nothing is known.
    pair : change of this ticket's own pair cost (against 0 where it is left out); None where blocked.
    terms : the same by cost term; they add up to `pair`.
    others, load, exits : changes of the other tickets' pair costs, of the load cost and of the exit prices; with `pair`
        they add up to the change. None where no plan with the decision is at hand.
    moves : every ticket that changes hands, this one first.
    words : the answer as a sentence or two.
    """

    ticket_id: Id
    agent_id: Id | None
    current_agent: Id | None
    blocked_by: Mapping[str, str]
    basis: str
    at_least: float | None
    at_most: float | None
    pair: float | None
    terms: Mapping[str, float]
    others: float | None
    load: float | None
    exits: float | None
    moves: tuple[Move, ...]
    words: str

    @property
    def change(self) -> float | None:
        """The exact change of the optimum; None where it is only bounded, or blocked."""
        return self.at_least if self.at_least == self.at_most else None

    @property
    def is_eligible(self) -> bool:
        """Whether no rule forbids the decision."""
        return not self.blocked_by

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "change": self.change, "is_eligible": self.is_eligible}

    def __str__(self) -> str:
        return self.words

    def __repr__(self) -> str:
        return f"<WhyNot ({self.basis}): {self.words}>"

    def _repr_html_(self) -> str:
        rows = [(name, value) for name, value in self.terms.items()]
        parts = {"other tickets": self.others, "load": self.load, "leaving out": self.exits}
        rows += [(name, value) for name, value in parts.items() if value]
        changes = table(["part of the change", "weighted cost"], rows) if rows else ""
        return paragraph(self.words) + changes


def why_not(
    problem: Problem,
    analysis: Analysis,
    i: int,
    j: int,
    *,
    terms: Mapping[str, CostTerm],
    constraints: Mapping[str, Constraint],
    forced: Forced | None,
) -> WhyNot:
    """Put what is known about forcing ticket `i` to agent `j` (-1: out) into the user's ids and into words.

    Parameters
    ----------
    terms, constraints : the tables that hold.
    forced : from `Analysis.force`; None where the decision cannot be.
    """
    now = int(analysis.assignment[i])
    ids = (problem.tickets[i].ticket_id, problem.agent_id(j), problem.agent_id(now))
    if forced is None:
        broken = _blocking(problem, i, j, constraints)
        phrases = [
            f"{constraints[rule].summary} ({text})" if rule in constraints else text for rule, text in broken.items()
        ]
        return _nothing(ids, broken, f"{_name(problem, j)} cannot take {ids[0]}: {'; '.join(phrases)}.")
    by_term = _by_term(problem, i, (j, now), terms)
    pair = _at(analysis.model.pair_cost, i, j) - _at(analysis.model.pair_cost, i, now)
    parts = None if forced.after is None else _parts(analysis.model, analysis.assignment, forced.after, i)
    others, load, exits = (None, None, None) if parts is None else (part / SCALE for part in parts)
    answer = WhyNot(
        *ids,
        blocked_by={},
        basis="exact" if analysis.is_exact else "bound" if forced.at_most is None else "solved",
        at_least=forced.at_least / SCALE,
        at_most=None if forced.at_most is None else forced.at_most / SCALE,
        pair=pair / SCALE,
        terms={name: value / SCALE for name, value in by_term.items()},
        others=others,
        load=load,
        exits=exits,
        moves=tuple(
            Move(problem.tickets[ticket].ticket_id, problem.agent_id(a), problem.agent_id(b))
            for ticket, a, b in forced.chain
        ),
        words="",
    )
    return replace(answer, words=_words(problem, answer, j, now))


def _nothing(ids: tuple[Id, Id | None, Id | None], broken: Mapping[str, str], words: str) -> WhyNot:
    """The answer about a decision that cannot be: nothing is known of what it would change."""
    return WhyNot(
        *ids,
        blocked_by=broken,
        basis="blocked",
        at_least=None,
        at_most=None,
        pair=None,
        terms={},
        others=None,
        load=None,
        exits=None,
        moves=(),
        words=words,
    )


def _by_term(problem: Problem, i: int, agents: tuple[int, int], terms: Mapping[str, CostTerm]) -> dict[str, int]:
    """What a ticket costs more with the first agent than with the second (-1: out), by the terms that differ."""
    is_there, is_here = (int(agent >= 0) for agent in agents)
    shares = terms_at(problem, np.array([i, i]), np.maximum(0, agents), terms=terms)
    return {name: value for name, (a, b) in shares.items() if (value := is_there * int(a) - is_here * int(b))}


def _at(values: Int, i: int, j: int) -> int:
    return 0 if j < 0 else int(values[i, j])


def _parts(model: AssignmentModel, before: Int, after: Int, i: int) -> tuple[int, int, int]:
    """Change of the other tickets' pair costs, of the load cost and of the exit prices."""
    padded = np.column_stack([model.pair_cost, np.zeros(model.n_tickets, dtype=np.int64)])
    tickets = np.arange(model.n_tickets)
    pairs = padded[tickets, after] - padded[tickets, before]
    exits = model.exit_cost * ((after < 0).astype(np.int64) - (before < 0))
    load = model.load_cost.total(loads(model, after)) - model.load_cost.total(loads(model, before))
    return int(pairs.sum() - pairs[i]), int(load.sum()), int(exits.sum())


def _blocking(problem: Problem, i: int, j: int, constraints: Mapping[str, Constraint]) -> dict[str, str]:
    """The rules that this one decision breaks, in words."""
    alone = np.full(problem.n_tickets, -1, dtype=np.int64)
    alone[i] = j
    found: dict[str, str] = {}
    for violation in violations(problem, alone, constraints=constraints):
        found.setdefault(violation.rule, violation.message)
    return found or {"limits": "the other decisions that stand leave no room for it"}


def _name(problem: Problem, j: int) -> str:
    return "nobody" if j < 0 else problem.agents[j].name


def _words(problem: Problem, answer: WhyNot, j: int, now: int) -> str:
    ticket = answer.ticket_id
    place = "is left out" if now < 0 else f"is with {_name(problem, now)}"
    if j == now:
        return f"{ticket} {place}."
    goal = "Leaving it out" if j < 0 else f"Giving it to {_name(problem, j)}"
    sentences = [f"{ticket} {place}. {goal} {_amount(answer)}{_pair_words(answer) if j >= 0 and now >= 0 else ''}."]
    rest = answer.moves[1:]
    if rest:
        phrases = [move_words(problem, move) for move in rest[:SHOWN_MOVES]]
        if len(rest) > SHOWN_MOVES + 1:
            phrases.append(f"{len(rest) - SHOWN_MOVES} more tickets would move")
        elif len(rest) > SHOWN_MOVES:
            phrases.append(move_words(problem, rest[-1]))
        sentences.append(f"Then {listed(phrases)}.")
    if answer.exits:
        sentences.append(f"Prices of leaving tickets out make {answer.exits:+.3f} of it.")
    return " ".join(sentences)


def _amount(answer: WhyNot) -> str:
    if answer.change is not None:
        if answer.change == 0:
            return "would cost the same in all"
        return f"would cost {abs(answer.change):.3f} {'more' if answer.change > 0 else 'less'} in all"
    low = f"at least {answer.at_least:.3f} more" if answer.at_least and answer.at_least > 0 else "perhaps no more"
    if answer.at_most is None:
        return f"would cost {low} in all (a proven bound; solve again for more)"
    return f"would cost {low} and at most {answer.at_most:.3f} more in all (solved again, within the time)"


def _pair_words(answer: WhyNot) -> str:
    largest = sorted(answer.terms.items(), key=lambda item: -abs(item[1]))[:SHOWN_TERMS]
    phrases = ", ".join(f"{name} {value:+.3f}" for name, value in largest)
    return f"; the pair alone {answer.pair:+.3f}" + (f" ({phrases})" if phrases else "")


def move_words(problem: Problem, move: Move, *, is_done: bool = False) -> str:
    """One move, as something that would happen or has happened."""
    b = problem.agent_of(move.to_agent)
    giver = _giver(problem, move.from_agent)
    if b < 0:
        return f"{move.ticket_id} of {giver} {'is' if is_done else 'would be'} left out"
    if move.from_agent is None:
        return f"{move.ticket_id} {'is' if is_done else 'would be'} taken in by {_name(problem, b)}"
    verb = "moves" if is_done else "would move"
    return f"{move.ticket_id} {verb} from {giver} to {_name(problem, b)}"


def _giver(problem: Problem, agent_id: Id | None) -> str:
    """The name of who had a ticket, the id of somebody who has left the team."""
    a = problem.agent_of(agent_id)
    return str(agent_id) if a < 0 and agent_id is not None else _name(problem, a)
