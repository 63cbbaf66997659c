"""Plans against brute force: what pairs cost, what is feasible, what is best, and who waits. One check, one kind."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import ticketopt
from support.answers import LIMIT, Answer, close, exits_of, plan_of, problem_of, solve, tolerance, units
from support.oracle import Case, Priced, priced
from support.plans import (
    OUT,
    all_plans,
    best_by_loads,
    best_tiers,
    best_tiers_by_loads,
    broken,
    cost_of,
    exit_order,
    loads_of,
    optimal,
    served,
    tier_values,
)
from ticketopt import Status, UnsupportedModelError


def pair_costs(case: Case) -> None:
    """Every term of every assigned pair, and their sum, are the documented ones."""
    answer = Answer(case)
    for i, decision in enumerate(answer.result.decisions):
        j = answer.plan[i]
        if j == OUT:
            continue
        ours = answer.numbers.terms[i][j]
        for name, value in decision.terms.items():
            close(ours[name], units(value), 1, f"term {name} of {decision.ticket_id!r} with {decision.agent_id!r}")
        close(sum(ours.values()), units(decision.cost or 0), 2, f"pair cost of {decision.ticket_id!r}")


def eligibility(case: Case) -> None:
    """A pair that no rule forbids, and no other, is possible: asked one by one."""
    numbers, result = priced(case), solve(case)
    for i, ticket in enumerate(case["tickets"]):
        for j, agent in enumerate(case["agents"]):
            told = not result.why_not(ticket["ticket_id"], agent["agent_id"]).blocked_by
            room = numbers.room(j)
            ours = numbers.allowed[i][j] and (room is None or numbers.effort[i][j] <= room)
            if not (told and numbers.allowed[i][j] and not ours):  # a pair without room may be told as possible
                assert told == ours, (
                    f"{ticket['ticket_id']!r} with {agent['agent_id']!r}: possible is {told}, not {ours}"
                )


def loads(case: Case) -> None:
    """Loads before and after, and capacities, are those of the records and of the policy."""
    answer = Answer(case)
    for j, told in enumerate(answer.result.loads):
        ours = answer.numbers
        assigned = loads_of(ours, answer.plan)[j]
        assert (told.before, told.assigned, told.after) == (ours.load[j], assigned, ours.load[j] + assigned), told
        if told.is_available:  # what a fair share gives somebody who is away, no page says
            assert told.capacity == ours.capacity[j], f"{told} has the capacity {ours.capacity[j]}"


def plan_cost(case: Case) -> None:
    """`cost` and `objective` are what the oracle adds up for the very plan."""
    answer = Answer(case)
    close(cost_of(answer.numbers, answer.plan), units(answer.result.cost), answer.slack, "cost of the plan")
    close(answer.cost, units(answer.result.objective), answer.slack, "objective of the plan")


def optimum(solver: str) -> Callable[[Case], None]:
    """A check of one backend: a plan that keeps every rule; where it is called optimal, no plan is better."""

    def check(case: Case) -> None:
        try:
            result = solve(case, solver)
        except UnsupportedModelError:
            assert solver not in ("auto", "price_guided", "cp_sat", "milp", "greedy"), f"{solver} supports everything"
            return
        answer = Answer(case, result)
        cost = answer.cost  # which checks the rules
        if solver != "greedy":
            assert result.status is Status.OPTIMAL, f"{solver} proves nothing of a tiny case: {result.status}"
        if result.status is Status.OPTIMAL:
            assert cost <= answer.best + 2 * answer.slack, (
                f"{solver} calls {answer.plan} of {cost} optimal; {optimal(answer.plans, 1e-6)[0]} is {answer.best}"
            )
        if result.lower_bound is not None:
            bound = units(result.lower_bound)
            assert bound <= answer.best + answer.slack, f"{solver}: bound {bound} above the optimum {answer.best}"

    return check


def large_optimum(case: Case) -> None:
    """No plan is better than one that is called optimal, and no bound is above the best."""
    numbers, result = priced(case), solve(case)
    plan, exits, slack = plan_of(case, result.assigned), exits_of(result), tolerance(numbers)
    assert not broken(numbers, plan), f"{plan} breaks {broken(numbers, plan)}"
    best = best_by_loads(numbers, exits)
    cost = cost_of(numbers, plan) + sum(price for price, j in zip(exits, plan, strict=True) if j == OUT)
    assert result.status is Status.OPTIMAL, f"{result!r} of a small case"
    assert cost <= best + 2 * slack, f"auto calls {plan} of {cost} optimal; the best is {best}"
    assert units(result.lower_bound or -math.inf) <= best + slack, f"bound {result.lower_bound} above the best {best}"


def number_served(case: Case) -> None:
    """As many tickets as any plan serves."""
    numbers = priced(case)
    most = max(map(served, all_plans(numbers)))
    plan = plan_of(case, solve(case).assigned)
    assert served(plan) == most, f"{plan} serves {served(plan)} tickets of {most} that can be"


def exits_by_urgency(case: Case) -> None:
    """Where not all fit, the less urgent wait."""
    _compare_exits(case, lambda numbers, i: (numbers.urgency[i],))


def exits_by_age(case: Case) -> None:
    """Where not all fit, the less urgent wait, among equals the newer."""
    _compare_exits(case, lambda numbers, i: (numbers.urgency[i], numbers.waited[i]))


def exits_with_limits(case: Case) -> None:
    """With limits across tickets: as many as possible, then the largest sum of places by urgency and age."""
    numbers = priced(case)
    levels = sorted({(numbers.urgency[i], numbers.waited[i]) for i in range(numbers.n)})
    place = [levels.index((numbers.urgency[i], numbers.waited[i])) for i in range(numbers.n)]

    def merit(plan: Any) -> tuple[int, int]:
        return served(plan), sum(place[i] for i, j in enumerate(plan) if j != OUT)

    plan = plan_of(case, solve(case).assigned)
    best = max(all_plans(numbers), key=merit)
    assert merit(plan) == merit(best), f"{plan} has {merit(plan)} (served, places); {best} has {merit(best)}"


def _compare_exits(case: Case, level: Callable[[Priced, int], Any]) -> None:
    numbers = priced(case)
    plan = plan_of(case, solve(case).assigned)
    best = max(exit_order(numbers, other, lambda i: level(numbers, i)) for other in all_plans(numbers))
    ours = exit_order(numbers, plan, lambda i: level(numbers, i))
    assert ours == best, f"{plan} serves {_shown(ours)}; {_shown(best)} could be served"


def _shown(levels: list[Any]) -> list[Any]:
    return [tuple(round(float(value), 4) for value in level) for level in levels]


def nobody_waits_for_cost(case: Case) -> None:
    """No ticket is left out that could be added to the plan as it is."""
    numbers = priced(case)
    plan = plan_of(case, solve(case).assigned)
    for i, now in enumerate(plan):
        for j in range(numbers.a if now == OUT else 0):
            more = (*plan[:i], j, *plan[i + 1 :])
            assert broken(numbers, more), f"{plan} leaves out ticket {i}, for whom agent {j} has room"


def tiers(case: Case) -> None:
    """Each tier is as good as it can be without making an earlier one worse, and is proven."""
    numbers, result = priced(case), solve(case)
    names = case["policy"]["tiers"]
    plan = plan_of(case, result.assigned)
    assert not broken(numbers, plan), f"{plan} breaks {broken(numbers, plan)}"
    is_small = numbers.n < 8 or numbers.limits
    best = best_tiers(numbers, all_plans(numbers), names) if is_small else best_tiers_by_loads(numbers, names)
    ours = tier_values(numbers, plan, names)
    slack = len(case["tickets"]) + 2.0 + sum(max(row, default=0) for row in numbers.effort)
    for name, mine, least, told in zip(names, ours, best, result.tiers, strict=True):
        assert told.name == name
        is_cost = name in ("cost", "balance")
        assert mine <= least + (slack if is_cost else 0), f"tier {name} of {plan} reaches {mine}; {least} is possible"
        said = units(told.value) if is_cost else told.value
        close(mine, said, slack if is_cost else 0, f"what tier {name} says")
        assert told.is_optimal, f"tier {name} is not proven: {told}"
    assert result.status is Status.OPTIMAL, result.status


def tiers_in_no_time(case: Case) -> None:
    """However short the time, there is a plan that keeps the rules, and no tier claims more than is so."""
    numbers, names = priced(case), case["policy"]["tiers"]
    best = best_tiers_by_loads(numbers, names)
    for limit in (0.001, 0.05):
        result = ticketopt.solve(problem_of(case), time_limit=limit)
        plan = plan_of(case, result.assigned)
        assert not broken(numbers, plan), f"{plan} breaks {broken(numbers, plan)}"
        ours, slack = tier_values(numbers, plan, names), tolerance(numbers)
        for t, (mine, least, told) in enumerate(zip(ours, best, result.tiers, strict=True)):
            if told.is_optimal:
                assert mine <= least + slack * (told.name in ("cost", "balance")), (
                    f"tier {told} of {plan}; best is {least}"
                )
            if mine > least or not told.is_optimal:
                assert result.status is not Status.OPTIMAL or t, f"{result!r}"
                break


def replay(case: Case) -> None:
    """A record makes the same decision again."""
    again = ticketopt.replay(solve(case).record(), time_limit=LIMIT)
    assert again.is_same, again.differences


def resolve_by_cost(case: Case) -> None:
    """With a price on each change, no plan is cheaper, changes counted."""
    rng, numbers, before = _earlier(case)
    price = rng.choice((0, 0.05, 0.3, 2, 50))
    result = ticketopt.resolve(problem_of(case), previous=before, change_cost=price, time_limit=LIMIT)
    answer = Answer(case, result)
    was = plan_of(case, before)

    def whole(plan: Any, cost: float) -> float:
        moved = sum(
            a not in (OUT, b) and b != OUT and numbers.allowed[i][a]
            for i, (a, b) in enumerate(zip(was, plan, strict=True))
        )
        return cost + units(price) * moved

    least = min(whole(plan, cost) for plan, cost in answer.plans.items())
    ours = whole(answer.plan, answer.cost)
    assert ours <= least + 2 * answer.slack, f"{answer.plan} after {was} at {price} a change: {ours}; best is {least}"
    assert result.status is Status.OPTIMAL, result.status


def may_keep(numbers: Priced, i: int, j: int) -> bool:
    """Whether no rule forbids this one decision, whatever the others are."""
    units = numbers.in_time[j]
    is_in_time = units is None or numbers.effort[i][j] <= units
    is_ruled_out = any((i, j) in limit.pairs and not limit.bound for limit in numbers.limits)
    return numbers.allowed[i][j] and is_in_time and not is_ruled_out


def resolve_by_budget(case: Case) -> None:
    """With a budget of changes, no plan within it is cheaper; where none is, that is an error."""
    rng, numbers, before = _earlier(case)
    most = rng.randint(0, 2)
    was = plan_of(case, before)
    stays = [j if j != OUT and may_keep(numbers, i, j) else OUT for i, j in enumerate(was)]
    frozen = [i for i, j in enumerate(stays) if j != OUT and rng.random() < 0.2]

    def is_within(plan: Any) -> bool:
        changes = sum(a not in (OUT, b) for a, b in zip(stays, plan, strict=True))
        return changes <= most and all(plan[i] == was[i] for i in frozen)

    possible = [plan for plan in all_plans(numbers) if is_within(plan)]
    freeze = [case["tickets"][i]["ticket_id"] for i in frozen]
    try:
        result = ticketopt.resolve(problem_of(case), previous=before, max_changes=most, freeze=freeze, time_limit=LIMIT)
    except ticketopt.InvalidInputError as error:
        assert not possible, f"{possible[0]} has at most {most} changes after {was} (frozen {frozen}): {error}"
        return
    answer = Answer(case, result)
    assert is_within(answer.plan), f"{answer.plan} is not within {most} changes of {was} (frozen {frozen})"
    least = min(answer.plans[plan] for plan in possible)
    assert answer.cost <= least + 2 * answer.slack, f"{answer.plan} costs {answer.cost}; {least} is within {most}"
    assert result.status is Status.OPTIMAL, result.status


def _earlier(case: Case) -> tuple[random.Random, Priced, dict[Any, Any]]:
    """An earlier plan: any, kept or not by what holds now, also with tickets that are gone."""
    rng = random.Random(len(repr(case)))
    numbers = priced(case)
    agents = [agent["agent_id"] for agent in case["agents"]]
    before = {
        ticket["ticket_id"]: rng.choice([None, *agents, *agents]) for ticket in case["tickets"] if rng.random() < 0.9
    }
    possible = list(all_plans(numbers))
    if rng.random() < 0.6:  # a plan that holds today
        plan = rng.choice(possible)
        before = {t["ticket_id"]: agents[j] if j != OUT else None for t, j in zip(case["tickets"], plan, strict=True)}
    return rng, numbers, before | {"gone long ago": agents[0] if agents else None}


def greedy_is_feasible(case: Case) -> None:
    """Greedy keeps every rule."""
    numbers = priced(case)
    plan = plan_of(case, solve(case, "greedy").assigned)
    assert not broken(numbers, plan), f"{plan} breaks {broken(numbers, plan)}"


def frontier(case: Case) -> None:
    """Every point is an optimum at its setting."""
    for point in ticketopt.frontier(problem_of(case), "balance", values=(0, 0.5, 4)).points:
        answer = Answer({**case, "policy": {**case["policy"], "balance": point.value}}, point.result)
        assert answer.cost <= answer.best + 2 * answer.slack, f"at {point.value}: {answer.plan}"


def compared(case: Case) -> None:
    """The optimum stands first in a comparison, and at equal tickets left out nothing costs less."""
    answer = Answer(case)
    contenders = ticketopt.compare(problem_of(case), time_limit=LIMIT).contenders
    optimum = cost_of(answer.numbers, answer.plan)
    close(optimum, units(contenders[0].cost), 2 * answer.slack, f"cost of the first, {contenders[0].name}")
    for own in contenders:
        if own.unassigned == len(case["tickets"]) - served(answer.plan):
            assert units(own.cost) >= optimum - 2 * answer.slack, f"{own} costs less than the optimum {optimum}"
