"""What people ask after an answer: `Questions`, which every `Result` answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ticketopt._types import Int
from ticketopt.errors import UnsupportedModelError
from ticketopt.explain.analysis import Analysis, Forced
from ticketopt.explain.arguments import agent_position, check, ticket_position, within
from ticketopt.explain.bottleneck import Bottleneck, alike, bottleneck, left_out_by_group
from ticketopt.explain.certificate import PlanCertificate
from ticketopt.explain.cheapest_decisions import cheapest_decisions
from ticketopt.explain.counterfactuals import Counterfactuals
from ticketopt.explain.difference import Difference, difference
from ticketopt.explain.repairs import Trial, repairs
from ticketopt.explain.short_groups import groups
from ticketopt.explain.skill_values import SkillValue, skill_values
from ticketopt.explain.slot_values import SlotValue, slot_values
from ticketopt.explain.solver import Solver
from ticketopt.explain.why_not import WhyNot, why_not
from ticketopt.formulation.constraints import Constraint
from ticketopt.formulation.costs import CostTerm
from ticketopt.formulation.formulate import SCALE, Tables
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.exchange import FAR
from ticketopt.model.outcome import PRICES
from ticketopt.model.prices import dual_bound
from ticketopt.problem.fields import number, whole_number
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import MAX_LEVEL, Id

__all__ = ["Questions"]

ANALYSIS_TIME_LIMIT = 10.0
"""Seconds for an optimal plan or prices to explain from, where the plan itself is not enough."""


@dataclass(slots=True)
class _Known:
    """What an earlier question has found out."""

    analysis: Analysis | None = None


class Questions:
    """What people ask after an answer.

    With unit effort and no packing rows every number is exact, without solving again. Otherwise numbers are proven
    bounds, or, with `resolve=True`, what solving again finds, as sure as the backend that solved it; every answer says
    which (`basis`).

    A plan by tiers minimizes no single sum: `bottlenecks`, `bottleneck_of` and `record` answer for it (repairs are
    tried by weights), and all others raise an `UnsupportedModelError` that says what to do instead.
    """

    problem: Problem
    model: AssignmentModel
    assignment: Int
    lower_bound: float | None
    bound_source: str | None
    solver: str
    seed: int
    tiers: Sequence[object]
    cost_terms: Mapping[str, CostTerm]
    constraints: Mapping[str, Constraint]

    def why_not(self, ticket_id: Id, agent_id: Id | None, *, resolve: bool = False, time_limit: float = 10.0) -> WhyNot:
        """Why this agent does not have this ticket: the rule that blocks, or what it would change.

        Parameters
        ----------
        agent_id : None asks about leaving the ticket out.
        resolve : where the change is only bounded, solve again with the pair forced.
        time_limit : seconds for that.

        Raises
        ------
        InvalidInputError
            For an unknown ticket or agent.
        """
        i, j = ticket_position(self.problem, ticket_id), agent_position(self.problem, agent_id)
        with within(time_limit, self.seed) as solver:
            analysis = self._analyzed(solver)
            return self._answer(analysis, i, j, analysis.force(i, j, solver if resolve else None))

    def counterfactuals(self) -> Counterfactuals:
        """The change of the optimum by forcing each ticket to each agent, for all pairs at once."""
        analysis = self._analysis
        return Counterfactuals(self.problem, analysis.table, "exact" if analysis.is_exact else "bound")

    def alternatives(
        self, ticket_id: Id, k: int = 3, *, resolve: bool = False, time_limit: float = 10.0
    ) -> tuple[WhyNot, ...]:
        """The `k` agents who could have this ticket instead at the least change of the optimum, best first."""
        i = ticket_position(self.problem, ticket_id)
        with within(time_limit, self.seed) as solver:
            analysis = self._analyzed(solver)
            bounds = analysis.table[i, :-1].copy()
            if self.assignment[i] >= 0:
                bounds[self.assignment[i]] = FAR
            return self._least(analysis, bounds, k, lambda j: (i, j), solver if resolve else None)

    def next_for(
        self, agent_id: Id, k: int = 5, *, resolve: bool = False, time_limit: float = 10.0
    ) -> tuple[WhyNot, ...]:
        """The `k` tickets that this agent could have besides its own at the least change of the optimum, best first."""
        j = agent_position(self.problem, agent_id)
        with within(time_limit, self.seed) as solver:
            analysis = self._analyzed(solver)
            bounds = analysis.table[:, j].copy()
            bounds[self.assignment == j] = FAR
            return self._least(analysis, bounds, k, lambda i: (i, j), solver if resolve else None)

    def slot_values(self, *, resolve: bool = False, time_limit: float = 10.0) -> tuple[SlotValue, ...]:
        """What one more and one fewer unit of every agent's capacity is worth on this queue, agent by agent."""
        with within(time_limit, self.seed) as solver:
            return slot_values(self.problem, self._analyzed(solver), self._tables, solver if resolve else None)

    def skill_values(self, k: int = 10, *, level: float = 10.0, time_limit: float = 10.0) -> tuple[SkillValue, ...]:
        """The `k` agents and skills where teaching saves most on this queue, best first.

        Parameters
        ----------
        level : what the agent is taught to, 0 to 10.
        time_limit : seconds for solving with the candidates that proofs cannot rule out; what the very same plan would
            save with the skill is given in any case (`basis`).
        """
        check(k=(whole_number(0), k), level=(number(0, MAX_LEVEL), level))
        with within(time_limit, self.seed) as solver:
            return skill_values(self.problem, self._analyzed(solver), k, level, tables=self._tables, solver=solver)

    def bottlenecks(self, *, with_repairs: bool = True, time_limit: float = 10.0) -> tuple[Bottleneck, ...]:
        """The smallest groups of tickets that ask for more than the only agents who may take them can give.

        Every unit of shortage is counted with one group only.

        Parameters
        ----------
        with_repairs : look for the cheapest repairs as well, each verified by solving with it.
        time_limit : seconds for that, all groups together.
        """
        with within(time_limit, self.seed) as solver:
            problem, model, trial = self.problem, self.model, Trial(self._tables, solver)
            found = left_out_by_group(model, self.assignment, groups(model, alike(problem)))
            return tuple(
                bottleneck(
                    problem,
                    group,
                    left_out,
                    repairs(problem, model, self.assignment, group, trial) if with_repairs else (),
                    self.constraints,
                )
                for group, left_out in found.items()
            )

    def bottleneck_of(self, ticket_id: Id) -> Bottleneck | None:
        """The bottleneck that a left-out ticket is caught in, without repairs.

        None where no group is short of units: the ticket is assigned, or whole tickets do not fit, or a limit or the
        solver's time is the reason (`Decision.reason` says which).
        """
        identity = self.problem.tickets[ticket_position(self.problem, ticket_id)].ticket_id
        return next((found for found in self.bottlenecks(with_repairs=False) if identity in found.left_out), None)

    @property
    def certificate(self) -> PlanCertificate:
        """The plan's cost, its lower bound, and prices from which anyone can add the bound up again."""
        analysis = self._analysis
        prices = analysis.plan_prices
        proven = dual_bound(self.model, prices.together)
        best = proven if self.lower_bound is None else max(proven, round(self.lower_bound * SCALE))
        claims = self.solver if self.bound_source in (None, PRICES) else self.bound_source
        source = PRICES if best == proven else str(claims)
        return PlanCertificate(self.problem, analysis.objective, prices.agent, prices.row, proven, best, source)

    def diff(self, previous: Questions | Mapping[Id, Id | None]) -> Difference:
        """What changed since an earlier plan (or ticket id -> agent id), why, and what it saves in today's terms.

        Plans of different queues are compared on the tickets that both know; rules that one of them breaks are named.
        """
        self._refuse_tiers()
        earlier = previous._plan() if isinstance(previous, Questions) else dict(previous)
        return difference(self.problem, self.model, earlier, self.assignment, constraints=self.constraints)

    # Below: what the answers share.

    def _plan(self) -> dict[Id, Id | None]:
        """Ticket id -> agent id, None where left out."""
        held = zip(self.problem.tickets, self.assignment.tolist(), strict=True)
        return {ticket.ticket_id: self.problem.agent_id(j) for ticket, j in held}

    @property
    def _tables(self) -> Tables:
        return Tables(self.cost_terms, self.constraints)

    @cached_property
    def _known(self) -> _Known:
        return _Known()

    @property
    def _analysis(self) -> Analysis:
        self._refuse_tiers()
        if self._known.analysis is not None:
            return self._known.analysis
        with within(ANALYSIS_TIME_LIMIT, self.seed) as solver:
            return self._analyzed(solver)

    def _analyzed(self, solver: Solver) -> Analysis:
        """What the answers rest on: kept, unless the time ended before it was complete."""
        self._refuse_tiers()
        if self._known.analysis is not None:
            return self._known.analysis
        bound = None if self.lower_bound is None else round(self.lower_bound * SCALE)
        analysis = Analysis.of(self.model, self.assignment, known_bound=bound, solver=solver)
        if not solver.deadline.is_over:
            self._known.analysis = analysis
        return analysis

    def _refuse_tiers(self) -> None:
        if self.tiers:
            problem = "changes of one sum explain plans by weights, and this one was made by policy.tiers"
            what_if = "pin or exclude what you ask about, solve again, and compare Result.tiers"
            raise UnsupportedModelError(f"{problem}; {what_if}; or solve without tiers")

    def _least(
        self, analysis: Analysis, bounds: Int, k: int, pair: Callable[[int], tuple[int, int]], solver: Solver | None
    ) -> tuple[WhyNot, ...]:
        return tuple(self._answer(analysis, *found) for found in cheapest_decisions(analysis, bounds, k, pair, solver))

    def _answer(self, analysis: Analysis, i: int, j: int, forced: Forced | None) -> WhyNot:
        return why_not(self.problem, analysis, i, j, terms=self.cost_terms, constraints=self.constraints, forced=forced)
