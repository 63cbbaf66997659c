"""`verify` against the oracle's own rules: it accepts what is right, and nothing that was tampered with."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

import ticketopt
from support.answers import Answer, problem_of, solve
from support.oracle import Case, priced
from support.plans import OUT, all_plans, broken
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Outcome
from ticketopt.solvers import Backend


def right_results(case: Case) -> None:
    """Nothing is wrong with any result of any backend."""
    for solver in ("auto", "greedy", "cp_sat", "milp"):
        found = ticketopt.verify(problem_of(case), solve(case, solver))
        assert not found, f"{solver}: {found}"


def plans(case: Case) -> None:
    """A mapping from tickets to agents is good exactly where it keeps every rule."""
    numbers, rng, problem = priced(case), Random(len(repr(case))), problem_of(case)
    names = [ticket["ticket_id"] for ticket in case["tickets"]]
    agents = [agent["agent_id"] for agent in case["agents"]]
    some = [tuple(rng.randint(OUT, numbers.a - 1) for _ in names) for _ in range(10)]
    some += rng.sample(list(all_plans(numbers)), 1)
    for plan in some:
        given = {own: agents[j] if j != OUT else None for own, j in zip(names, plan, strict=True)}
        found = ticketopt.verify(problem, given)
        assert bool(found) == bool(broken(numbers, plan)), f"{plan} breaks {broken(numbers, plan)}; verify says {found}"


def foreign_plans(case: Case) -> None:
    """Ids that are not there, and one ticket under two spellings of its id, are named."""
    problem, names = problem_of(case), [ticket["ticket_id"] for ticket in case["tickets"]]
    agents = [agent["agent_id"] for agent in case["agents"]]
    if not names or not agents:
        return
    wrong = [{names[0]: "nobody"}, {"no such ticket": agents[0]}]
    wrong += [{names[0]: None, str(names[0]): agents[0]}] if str(names[0]) != names[0] else []
    for given in wrong:
        assert ticketopt.verify(problem, given), f"nothing wrong with {given}"


def tampered_results(case: Case) -> None:
    """A result in which anything was changed is never good."""
    result, rng = solve(case), Random(len(repr(case)))
    if not result.decisions or not result.loads:
        return
    changes = tampered(result, Answer(case, result), rng)
    for what, other in changes.items():
        assert ticketopt.verify(problem_of(case), other), f"nothing wrong with {what}"


def tampered(result: Any, answer: Answer, rng: Random) -> dict[str, Any]:
    """Results that are wrong, by what is wrong with them."""
    decisions, loads = result.decisions, result.loads
    i = rng.randrange(len(decisions))
    own = decisions[i]

    def decided(**change: Any) -> Any:
        return replace(result, decisions=(*decisions[:i], replace(own, **change), *decisions[i + 1 :]))

    def loaded(**change: Any) -> Any:
        return replace(result, loads=(replace(loads[0], **change), *loads[1:]))

    far = result.assignment.copy()
    far[i] = len(loads) + 3
    found = {
        "a decision dropped": replace(result, decisions=decisions[:i] + decisions[i + 1 :]),
        "a decision twice": replace(result, decisions=(*decisions, own)),
        "another ticket's id": decided(ticket_id="somebody else's"),
        "an agent who is not there": decided(agent_id="nobody"),
        "the loads dropped": replace(result, loads=()),
        "a load before that is not so": loaded(before=loads[0].before + 1),
        "a load after that is not so": loaded(after=loads[0].after + 1),
        "units assigned that are not": loaded(assigned=loads[0].assigned + 1),
        "a capacity that is not so": loaded(capacity=(loads[0].capacity or 0) + 7),
        "another objective": replace(result, objective=result.objective + 1),
        "another cost": replace(result, cost=result.cost + 1),
        "an agent out of range": replace(result, assignment=far),
    }
    if result.lower_bound is not None:
        found["a bound above the objective"] = replace(result, lower_bound=result.objective + 1)
    if own.agent_id is not None:
        found["another pair cost"] = decided(cost=(own.cost or 0) + 0.5)
        found["another term"] = decided(terms={name: value + 0.25 for name, value in own.terms.items()})
        found["another agent's name"] = decided(agent_name="Zed")
        found["a ticket taken away"] = decided(agent_id=None)
    worse = [plan for plan, cost in answer.plans.items() if cost > answer.best + 4 * answer.slack]
    if worse:
        found["a worse plan that claims to be proven"] = _claimed(result, rng.choice(worse), answer)
    return found


def _claimed(result: Any, plan: Any, answer: Answer) -> Any:
    """A result with a worse plan, consistent in everything but the bound that it claims."""
    greedy = ticketopt.solve(result.problem, solver="mine", backends={"mine": _backend(plan)})
    return replace(greedy, lower_bound=greedy.objective, status=ticketopt.Status.OPTIMAL)


def _backend(plan: Any) -> Any:
    def answer(model: Any, options: Any) -> Outcome:
        return Outcome(np.array(plan, dtype=np.int64), ticketopt.Status.FEASIBLE)

    return Backend("one plan", lambda model: None, answer)


def false_claims(case: Case) -> None:
    """A backend that claims a bound for a plan that is not the best is never called optimal by it."""
    answer = Answer(case)
    plan = max(answer.plans, key=lambda own: answer.plans[own])
    if answer.plans[plan] <= answer.best + 4 * answer.slack:
        return

    def lie(model: Any, options: Any) -> Outcome:
        given = np.array(plan, dtype=np.int64)
        return Outcome(given, ticketopt.Status.OPTIMAL, lower_bound=objective(model, given))

    try:
        result = ticketopt.solve(
            problem_of(case), solver="liar", backends={"liar": Backend("lies", lambda model: None, lie)}
        )
    except ticketopt.SolverError:
        return
    assert "proven" not in repr(result) or "unproven" in repr(result), (
        f"{plan} is {result!r}; the best is {answer.best}"
    )


def other_problems(case: Case) -> None:
    """A result of another problem is not good for this one."""
    if not case["tickets"] or not case["agents"]:
        return
    result = solve(case)
    renamed = [{**case["tickets"][0], "ticket_id": "another"}, *case["tickets"][1:]]
    busier = [{**own, "current_load": own.get("current_load", 0) + 1} for own in case["agents"]]
    more = [*case["tickets"], {"ticket_id": "one more", "skills": {}, "urgency": 0.4}]
    others = {
        "another ticket": {"tickets": renamed},
        "other loads": {"agents": busier},
        "one ticket more": {"tickets": more},
    }
    for what, change in others.items():
        other = {**case, **change}
        if "separate" not in case["policy"]:
            assert ticketopt.verify(problem_of(other), result), f"nothing wrong with it for {what}"
