"""From a problem to its integer model: where names, text and floats end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ticketopt._types import Bool, Float, Int
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.exit_prices import exit_prices
from ticketopt.formulation.pair_costs import SCALE, highest_pair, pair_costs
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.load_cost import LoadCost
from ticketopt.model.rows import PackingRows
from ticketopt.problem.problem import Problem
from ticketopt.problem.row_blocks import row_blocks

__all__ = ["SCALE", "Tables", "formulate", "model_of"]


def formulate(
    problem: Problem,
    *,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> AssignmentModel:
    """Build the integer model of a problem.

    1. Pair costs: the weighted terms, each rounded to integers, added up.
    2. Eligibility: the masks of all constraints together.
    3. Capacities: free units, less where rules leave an agent less room.
    4. Rows: those of the constraints that can bind; rows that limit one agent's whole effort become capacities.
    5. Load costs and exit prices (see `exit_prices`).

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": 1, "title": "VPN drops"}, {"ticket_id": 2, "title": "Printer jams"}]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"Printers": 8}}]
    >>> problem = ticketopt.build_problem(tickets, agents)
    >>> model = ticketopt.formulate(problem)
    >>> model.pair_cost.shape, model.capacity.tolist()
    ((2, 2), [1, 1])
    """
    return model_of(problem, pair_costs(problem, terms=terms), terms=terms, constraints=constraints)


def model_of(
    problem: Problem,
    pair_cost: Int,
    *,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> AssignmentModel:
    """`formulate`, by the costs that `pair_costs` has made of these terms."""
    allowed = eligibility(problem, constraints)
    joined = PackingRows.join(rule.rows(problem) for rule in constraints.values())
    capacity, rows = presolve(problem, allowed, free_units(problem, constraints), joined)
    load_cost = load_costs_of(problem)
    exit_cost = exit_prices(
        problem,
        allowed,
        capacity,
        highest_pair=highest_pair(problem, terms),
        highest_slot=load_cost.largest(capacity),
        n_rows=len(rows),
    )
    return AssignmentModel(
        pair_cost=pair_cost,
        allowed=allowed,
        effort=problem.pair_effort,
        capacity=capacity,
        load_cost=load_cost,
        exit_cost=exit_cost,
        rows=PackingRows.join([rows, *(rule.late_rows(problem) for rule in constraints.values())]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The cost terms and the rules that a plan is made by."""

    terms: Mapping[str, CostTerm]
    constraints: Mapping[str, Constraint]

    def formulate(self, problem: Problem) -> AssignmentModel:
        """The model of a problem by these tables."""
        return formulate(problem, terms=self.terms, constraints=self.constraints)


def eligibility(problem: Problem, constraints: Mapping[str, Constraint] = CONSTRAINTS) -> Bool:
    """(n, A) pairs that no rule forbids."""
    allowed = np.ones((problem.n_tickets, problem.n_agents), dtype=np.bool_)
    for rule in constraints.values():
        mask = rule.mask(problem)
        if mask is not None:
            allowed &= mask
    return allowed


def free_units(problem: Problem, constraints: Mapping[str, Constraint] = CONSTRAINTS) -> Int:
    """(A,) units that every agent can still take: those of its capacity, or fewer where a rule leaves less room."""
    free = problem.free
    for rule in constraints.values():
        room = rule.room(problem)
        if room is not None:
            free = np.minimum(free, room.units)
    return free


def presolve(problem: Problem, allowed: Bool, free: Int, rows: PackingRows) -> tuple[Int, PackingRows]:
    """(A,) units of every agent that can be used, and the rows that can still bind."""
    capacity = np.minimum(free, _reachable(problem, allowed))
    if not len(rows):
        return capacity, rows
    entries = allowed[rows.ticket, rows.agent]
    rows = PackingRows(
        rows.row[entries], rows.ticket[entries], rows.agent[entries], rows.coefficient[entries], rows.bound, rows.label
    )
    capacity, is_folded = _fold(problem, allowed, capacity, rows)
    return capacity, rows.select(~is_folded & _can_bind(problem, capacity, rows))


def _reachable(problem: Problem, allowed: Bool) -> Int:
    """(A,) units that all tickets an agent may take would fill."""
    effort, units = problem.pair_effort, np.zeros(problem.n_agents)
    for rows in row_blocks(*allowed.shape):  # as floats, which are multiplied quickly and hold these sums exactly
        if effort.shape[1] == 1:
            units += effort[rows, 0].astype(np.float64) @ allowed[rows].astype(np.float64)
        else:
            units += np.where(allowed[rows], effort[rows], 0).sum(axis=0)
    return units.astype(np.int64)


def _units_in(problem: Problem, rows: PackingRows) -> Int:
    """(entries,) units that the pair of every entry takes."""
    effort = problem.pair_effort
    units: Int = effort[rows.ticket, 0 if effort.shape[1] == 1 else rows.agent]
    return units


def _fold(problem: Problem, allowed: Bool, capacity: Int, rows: PackingRows) -> tuple[Int, Bool]:
    """Turn rows that limit the whole effort of one agent into that agent's capacity."""
    n_rows = len(rows)
    size = np.bincount(rows.row, minlength=n_rows)
    first, last = np.full(n_rows, problem.n_agents), np.full(n_rows, -1)
    np.minimum.at(first, rows.row, rows.agent)
    np.maximum.at(last, rows.row, rows.agent)
    same = np.ones(n_rows, dtype=np.bool_)
    np.logical_and.at(same, rows.row, rows.coefficient == _units_in(problem, rows))
    column = np.append(allowed.sum(axis=0), 0)
    is_folded = same & (first == last) & (size == column[last])
    capacity = capacity.copy()
    np.minimum.at(capacity, last[is_folded], rows.bound[is_folded])
    return capacity, is_folded


def _can_bind(problem: Problem, capacity: Int, rows: PackingRows) -> Bool:
    """Rows whose left-hand side can exceed the bound, with every ticket on one agent and what fits into capacities."""
    pairs, member = np.unique(rows.row * max(1, problem.n_tickets) + rows.ticket, return_inverse=True)
    most = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(most, member, rows.coefficient)
    total = np.bincount(pairs // max(1, problem.n_tickets), weights=most, minlength=len(rows))
    heavier = np.zeros(len(rows), dtype=np.bool_)
    np.logical_or.at(heavier, rows.row, rows.coefficient > _units_in(problem, rows))
    members = np.unique(rows.row * max(1, problem.n_agents) + rows.agent)
    row, agent = np.divmod(members, max(1, problem.n_agents))
    room = np.bincount(row, weights=capacity[agent], minlength=len(rows))
    result: Bool = (total > rows.bound) & (heavier | (room > rows.bound))
    return result


def load_costs_of(problem: Problem) -> LoadCost:
    """The load cost of every agent of a problem: see `load_costs`."""
    return load_costs(problem.current_load, problem.reference_capacity, problem.policy.balance)


def load_costs(load: Int, reference: Float, balance: float) -> LoadCost:
    """Marginal load costs `balance * (load + k + 1/2) / reference`, each rounded once to the nearest integer.

    They add up to the growth of `balance * reference / 2 * utilization^2`, whatever the capacity.

    Parameters
    ----------
    load : (A,) units of open work. reference : (A,) whole numbers that utilization is measured against.
    """
    weight = Fraction(balance * SCALE).limit_denominator(1024)
    whole = np.rint(reference).astype(np.int64)
    first = weight.numerator * (2 * load + 1) + weight.denominator * whole  # one half more, then rounded down
    step, parts = np.full_like(whole, 2 * weight.numerator), 2 * weight.denominator * whole
    common = np.gcd(np.gcd(first, step), parts)
    return LoadCost.lines(first // common, step // common, parts // common)
