"""What giving a ticket to an agent costs: the weighted terms in integers, summed up a few rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from ticketopt._types import Float, Int
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.problem.fields import Report, choices, shown
from ticketopt.problem.problem import Problem
from ticketopt.problem.row_blocks import row_blocks

__all__ = ["SCALE", "check_scale", "highest_pair", "pair_costs", "pair_terms", "terms_at", "weights"]


SCALE = 100_000
"""Integer cost per 1.0 of weighted cost. Every term of a pair and every slot is rounded once, so a pair's cost is off
by at most one half (0.000005 of weighted cost) per term, and two plans whose costs differ by more are never
confused."""


def weights(problem: Problem, terms: Mapping[str, CostTerm] = COST_TERMS) -> dict[str, float]:
    """The weight of every term: the policy's where it names one, else the default, 0 where nobody asks for the term.

    Raises
    ------
    InvalidInputError
        For unknown terms, and for weights (the balance included) so small that every cost would round to nothing.
    """
    report, policy = Report(), problem.policy
    for name in policy.weights:
        if name not in terms:
            report.error(f"policy.weights[{shown(name)}]", "is not a cost term", choices(name, terms))
    usual = {name: term.weight if term.is_asked(problem) else 0.0 for name, term in terms.items()}
    found = {name: float(policy.weights.get(name, weight)) for name, weight in usual.items()}
    for name, weight in found.items():
        check_scale(weight, f"policy.weights[{shown(name)}]", report)
    check_scale(policy.balance, "policy.balance", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return found


def check_scale(weight: float, path: str, report: Report) -> None:
    """Note a weight above 0 that is less than one in integers: what it weighs is at most 1, and would round to 0."""
    if 0 < weight * SCALE < 1:
        repair = f"give 0, or at least {1 / SCALE:.5f}; or raise all weights alike: only their ratios count"
        report.error(path, f"is {weight:g}, too small to count", repair)


def highest_pair(problem: Problem, terms: Mapping[str, CostTerm] = COST_TERMS) -> int:
    """What no pair costs more than, in integers: every term's weight."""
    return sum(int(np.rint(weight * SCALE)) for weight in weights(problem, terms).values())


def pair_costs(
    problem: Problem, *, terms: Mapping[str, CostTerm] = COST_TERMS, names: Collection[str] | None = None
) -> Int:
    """(n, A) integer costs of all pairs: the weighted terms, each rounded once, added up. With `names`, of those only.

    Terms whose rows depend on no other ticket are asked for a few rows at a time, and no matrix of a term is kept.
    """
    total = np.zeros((problem.n_tickets, problem.n_agents), dtype=np.int64)
    used = _used(problem, terms, names)
    whole = {name: weight for name, weight in used.items() if not terms[name].by_ticket}
    for name, weight in whole.items():
        total += _rounded(_values(name, terms[name], problem), weight).astype(np.int64)
    by_row = {name: weight for name, weight in used.items() if name not in whole}
    for rows in row_blocks(*total.shape) if by_row else ():
        block, part = problem.block(rows), np.zeros(total[rows].shape)
        for name, weight in by_row.items():
            part += _rounded(_values(name, terms[name], block), weight)
        total[rows] += part.astype(np.int64)  # exact: no model holds a sum that a float does not
    return total


def pair_terms(
    problem: Problem, *, terms: Mapping[str, CostTerm] = COST_TERMS, names: Collection[str] | None = None
) -> dict[str, Int]:
    """(n, A) integer cost of every term that has a weight; they add up to the pair cost exactly.

    With `names`, of those terms only.
    """
    shape = (problem.n_tickets, problem.n_agents)
    return {
        name: np.broadcast_to(_rounded(_values(name, terms[name], problem), weight), shape).astype(np.int64)
        for name, weight in _used(problem, terms, names).items()
    }


def terms_at(
    problem: Problem, tickets: Int, agents: Int, *, terms: Mapping[str, CostTerm] = COST_TERMS
) -> dict[str, Int]:
    """(k,) the entries of `pair_terms` at some pairs; `tickets` and `agents` are (k,) each, and tickets never fall."""
    used = _used(problem, terms, None)
    found = {name: np.zeros(len(tickets), dtype=np.int64) for name in used}
    if not problem.n_agents:
        return found
    whole = [name for name in used if not terms[name].by_ticket]
    for name in whole:
        found[name][:] = np.rint(terms[name].matrix(problem)[tickets, agents] * used[name])
    for part, rows in _rows_with(tickets, problem):
        block = problem.block(rows)
        for name in used.keys() - whole:
            values = terms[name].matrix(block)[tickets[part] - rows.start, agents[part]]
            found[name][part] = np.rint(values * used[name])
    return found


def _rows_with(tickets: Int, problem: Problem) -> Iterator[tuple[slice, slice]]:
    """Blocks of rows in which some of the tickets are, and which of them each holds."""
    for rows in row_blocks(problem.n_tickets, problem.n_agents):
        first, end = np.searchsorted(tickets, [rows.start, rows.stop]).tolist()
        if first < end:
            yield slice(first, end), slice(int(tickets[first]), int(tickets[end - 1]) + 1)


def _used(problem: Problem, terms: Mapping[str, CostTerm], names: Collection[str] | None) -> dict[str, float]:
    """Integer cost per 1 of every term that has a weight, or of those of `names`."""
    return {
        name: weight * SCALE
        for name, weight in weights(problem, terms).items()
        if weight != 0 and (names is None or name in names)
    }


def _values(name: str, term: CostTerm, problem: Problem) -> Float:
    """(n, A) what a term says, or (1, A) where that is the same of every ticket."""
    values = term.matrix(problem)
    if values.shape == (problem.n_tickets, problem.n_agents):
        values = values[:1] if values.strides[0] == 0 else values
        if not values.size or (values.min() >= 0 and values.max() <= 1):  # false where a value is NaN
            return values
    raise InvalidInputError.single(
        f"cost term {name!r}", "is not an (n, A) matrix within [0, 1]", "scale its values and drop NaN"
    )


def _rounded(values: Float, weight: float) -> Float:
    """Values times a weight, each rounded to a whole number."""
    scaled = values * weight
    return np.rint(scaled, out=scaled)
