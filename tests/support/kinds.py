"""The kinds of check: which cases each is run on, and what part of the seeds it gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from support import (
    array_checks,
    bottleneck_checks,
    explain_checks,
    invariance_checks,
    plan_checks,
    session_checks,
    verify_checks,
)
from support.generators import make_case, make_extreme, make_large, make_session
from support.invariance_checks import make_crowd


@dataclass(frozen=True)
class Kind:
    """A check, the cases that it is run on, and its share of the seeds."""

    check: Callable[[Any], None]
    make: Callable[[int], dict[str, Any]]
    share: float = 1.0


unit = make_case
uneven = partial(make_case, effort=True)
rules = partial(make_case, rows=True)
both = partial(make_case, effort=True, rows=True)
wide = partial(make_case, most=(6, 4))
scarce = partial(make_case, scarce=True)


def _kinds() -> dict[str, Kind]:
    plan, explain, verify, session = plan_checks, explain_checks, verify_checks, session_checks
    same = invariance_checks
    kinds = {
        "pair costs": Kind(plan.pair_costs, unit),
        "pair costs, unequal effort": Kind(plan.pair_costs, uneven, 0.3),
        "eligibility": Kind(plan.eligibility, unit),
        "eligibility, unequal effort": Kind(plan.eligibility, uneven, 0.3),
        "loads": Kind(plan.loads, unit),
        "loads, unequal effort": Kind(plan.loads, uneven, 0.5),
        "cost of a plan": Kind(plan.plan_cost, unit),
        "cost of a plan, unequal effort": Kind(plan.plan_cost, uneven, 0.5),
        "optimum, auto": Kind(plan.optimum("auto"), unit, 3),
        "optimum, auto, six by four": Kind(plan.optimum("auto"), wide, 0.5),
        "optimum, auto, unequal effort": Kind(plan.optimum("auto"), uneven),
        "optimum, auto, rows": Kind(plan.optimum("auto"), rules),
        "optimum, auto, both": Kind(plan.optimum("auto"), both),
        "optimum, network": Kind(plan.optimum("network"), unit, 2),
        "optimum, min_cost_flow": Kind(plan.optimum("min_cost_flow"), unit),
        "feasible, greedy": Kind(plan.optimum("greedy"), both),
        "optimum, auto, scarce": Kind(plan.optimum("auto"), partial(scarce, effort=True, rows=True)),
        "served, unit effort": Kind(plan.number_served, scarce),
        "served, rows": Kind(plan.number_served, partial(scarce, rows=True), 0.5),
        "exits by urgency": Kind(plan.exits_by_urgency, partial(scarce, alike=True)),
        "exits by urgency and age": Kind(plan.exits_by_age, partial(scarce, alike=True)),
        "exits, rows": Kind(plan.exits_with_limits, partial(scarce, rows=True, alike=True), 0.5),
        "nobody waits for cost": Kind(plan.nobody_waits_for_cost, both),
        "tiers": Kind(plan.tiers, partial(make_case, tiers=True)),
        "tiers, unequal effort": Kind(plan.tiers, partial(make_case, effort=True, tiers=True)),
        "tiers, rows": Kind(plan.tiers, partial(scarce, rows=True, tiers=True), 0.5),
        "tiers, ten by three": Kind(plan.tiers, partial(make_large, tiers=True), 0.1),
        "tiers in no time": Kind(plan.tiers_in_no_time, partial(make_large, tiers=True), 0.1),
        "optimum, auto, ten by three": Kind(plan.large_optimum, make_large, 0.1),
        "tiers, seven tickets": Kind(plan.tiers, partial(make_case, effort=True, tiers=True, most=(7, 3)), 0.5),
        "replay": Kind(plan.replay, unit, 0.3),
        "replay, tiers": Kind(plan.replay, partial(make_case, tiers=True), 0.3),
        "resolve, change cost": Kind(plan.resolve_by_cost, unit),
        "resolve, change cost, rows": Kind(plan.resolve_by_cost, both, 0.3),
        "resolve, budget": Kind(plan.resolve_by_budget, unit),
        "resolve, budget, rows": Kind(plan.resolve_by_budget, both, 0.3),
        "frontier": Kind(plan.frontier, unit, 0.2),
        "compare": Kind(plan.compared, unit, 0.1),
        "session": Kind(session.session, make_session),
        "session, calm": Kind(session.calm_session, make_session),
        "session, rules": Kind(session.session, partial(make_session, rules=True)),
        "session, rules, calm": Kind(session.calm_session, partial(make_session, rules=True), 0.5),
        "session, ages": Kind(session.session, partial(make_session, ages=True), 0.5),
        "session, experience": Kind(session.session, partial(make_session, experience=True), 0.5),
        "session, no limits": Kind(session.session, partial(make_session, capacities=(None, None, 2)), 0.5),
        "session, policy's capacity": Kind(
            session.session, partial(make_session, capacities=(None, 2), capacity=3), 0.5
        ),
        "session, fair share": Kind(
            session.session, partial(make_session, capacities=(None, 2), capacity="fair_share"), 0.5
        ),
        "why_not": Kind(explain.why_not, unit),
        "why_not, bounds": Kind(explain.why_not, both, 0.3),
        "why_not, solved": Kind(explain.why_not_solved, both, 0.2),
        "why_not, greedy plan": Kind(explain.why_not_of_greedy, both, 0.5),
        "alternatives, solved": Kind(explain.alternatives_solved, both, 0.2),
        "slot_values, solved": Kind(explain.slot_values_solved, both, 0.2),
        "counterfactuals": Kind(explain.counterfactuals, unit),
        "counterfactuals, bounds": Kind(explain.counterfactuals, both, 0.3),
        "alternatives and next_for": Kind(explain.alternatives, unit),
        "slot_values": Kind(explain.slot_values, unit),
        "slot_values, scarce": Kind(explain.slot_values, scarce),
        "slot_values, bounds": Kind(explain.slot_values, both, 0.3),
        "skill_values": Kind(explain.skill_values, unit, 0.5),
        "skill_values, unequal effort": Kind(explain.skill_values, uneven, 0.2),
        "skill_values, rows": Kind(explain.skill_values, rules, 0.2),
        "certificate": Kind(explain.certificate, unit),
        "certificate, bounds": Kind(explain.certificate, both, 0.3),
        "bottlenecks": Kind(bottleneck_checks.bottlenecks, scarce),
        "bottlenecks, smallest": Kind(bottleneck_checks.bottleneck_is_smallest, scarce),
        "bottlenecks, sum": Kind(bottleneck_checks.bottleneck_shortage_adds_up, scarce),
        "repairs": Kind(bottleneck_checks.repairs, scarce, 0.3),
        "diff": Kind(explain.difference, unit),
        "diff, unequal effort": Kind(explain.difference, both, 0.3),
        "verify, right results": Kind(verify.right_results, both, 0.2),
        "verify, plans": Kind(verify.plans, both),
        "verify, foreign plans": Kind(verify.foreign_plans, unit, 0.3),
        "verify, tampered results": Kind(verify.tampered_results, unit),
        "verify, tampered results, unequal effort": Kind(verify.tampered_results, uneven, 0.3),
        "verify, other problems": Kind(verify.other_problems, unit, 0.3),
        "false claims": Kind(verify.false_claims, unit, 0.3),
        "false claims, unequal effort": Kind(verify.false_claims, both, 0.3),
        "invariance, order": Kind(same.order, unit),
        "invariance, order, both": Kind(same.order, both, 0.3),
        "invariance, names": Kind(same.names, both, 0.5),
        "invariance, spelling": Kind(same.spelling, rules),
        "invariance, teams": Kind(same.teams, rules, 0.5),
        "invariance, accents": Kind(same.accents, rules, 0.5),
        "invariance, away": Kind(same.someone_away, unit),
        "invariance, away, unequal effort": Kind(same.someone_away, uneven, 0.5),
        "invariance, scales": Kind(same.scaled_importance, unit, 0.5),
        "ids": Kind(same.ids_as_given, unit, 0.5),
        "small weights": Kind(same.small_weights, unit, 0.5),
        "pair costs, extremes": Kind(plan.pair_costs, make_extreme, 0.1),
        "cost of a plan, extremes": Kind(plan.plan_cost, make_extreme, 0.1),
        "optimum, extremes": Kind(plan.optimum("auto"), make_extreme, 0.1),
        "optimum, extremes, unequal effort": Kind(plan.optimum("auto"), partial(make_extreme, effort=True), 0.1),
        "counterfactuals, extremes": Kind(explain.counterfactuals, make_extreme, 0.1),
        "arrays": Kind(array_checks.arrays, array_checks.make_arrays),
        "session, rule of one's own": Kind(session.rule_of_ones_own, make_session, 0.2),
        "crowd": Kind(same.crowd, make_crowd, 0.2),
    }
    for solver, make in (("price_guided", both), ("cp_sat", both), ("milp", both)):
        kinds[f"optimum, {solver}"] = Kind(plan.optimum(solver), unit, 0.2)
        kinds[f"optimum, {solver}, both"] = Kind(plan.optimum(solver), make, 0.5)
    return kinds


KINDS = _kinds()
