"""Policies side by side on one queue: what each goal changes, in tickets, match and load, and in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ticketopt._html import table
from ticketopt._types import Int
from ticketopt.comparison.compare import urgent_match
from ticketopt.comparison.frontier import spread
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.presets import PRESETS
from ticketopt.problem.problem import Problem
from ticketopt.solvers.thread import interruptible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["YOURS", "PolicyComparison", "PolicyPlan", "compare_policies", "mean_match", "presets_on"]

YOURS = "as it is"
"""The name of the problem's own policy, with which the others are compared."""


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """What one policy does with the queue.

    Attributes
    ----------
    served, waiting : tickets with somebody, and without. urgent_waiting : those of the latter that are urgent by the
        problem's own policy.
    match : mean share (0 to 1) of the wanted skills that the served tickets get; None where none wants any.
    urgent_match : the same of the urgent tickets, 0 of those that wait; None without any.
    load_spread : standard deviation of the available agents' final loads, in units.
    moved : tickets that are with somebody else, or with nobody, than by the problem's own policy.
    words : what it changes, in sentences.
    result : the plan.
    """

    name: str
    served: int
    waiting: int
    urgent_waiting: int
    match: float | None
    urgent_match: float | None
    load_spread: float
    moved: int
    words: str
    result: Result = field(repr=False)


@dataclass(frozen=True, slots=True)
class PolicyComparison:
    """The plans of several policies, the problem's own first."""

    plans: tuple[PolicyPlan, ...]

    def __getitem__(self, name: str) -> PolicyPlan:
        for plan in self.plans:
            if plan.name == name:
                return plan
        raise KeyError(name)

    def __str__(self) -> str:
        return "\n".join(f"{plan.name}: {plan.words}" for plan in self.plans)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the plans."""
        return {"plans": list(self.rows())}

    def to_frame(self) -> pd.DataFrame:
        """One row per policy (needs the `frames` extra)."""
        import pandas as pd

        return pd.DataFrame(list(self.rows()))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Name -> value of each policy."""
        names = ["name", "served", "waiting", "urgent_waiting", "match", "urgent_match", "load_spread", "moved"]
        for plan in self.plans:
            yield {name: getattr(plan, name) for name in (*names, "words")}

    def _repr_html_(self) -> str:
        head = ["policy", "served", "waiting", "urgent waiting", "match", "urgent match", "load spread", "moved"]
        return table(
            [*head, "what it changes"], [list(row.values()) for row in self.rows()], caption="Policies on this queue"
        )


def compare_policies(
    problem: Problem,
    policies: Mapping[str, Policy] | None = None,
    *,
    time_limit: float = 10.0,
    seed: int = 0,
    terms: Mapping[str, CostTerm] = COST_TERMS,
    constraints: Mapping[str, Constraint] = CONSTRAINTS,
) -> PolicyComparison:
    """Solve a queue by its own policy and by others, and say what each of them changes.

    Ctrl-C ends it with the plans so far; the last of them is the best that was known by then.

    Parameters
    ----------
    policies : name -> policy; None is every preset, each on top of the problem's own policy (see `Policy.preset`).
    time_limit : seconds for each.
    terms, constraints : tables to use in place of the library's.

    Raises
    ------
    InvalidInputError
        Where a policy has the name of the problem's own, "as it is", or does not fit the queue.

    Examples
    --------
    >>> import ticketopt
    >>> tickets = [{"ticket_id": k, "title": "VPN drops"} for k in range(4)]
    >>> agents = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 6}}]
    >>> problem = ticketopt.build_problem(tickets, agents, policy={"capacity": 4})
    >>> found = ticketopt.compare_policies(problem)
    >>> [(plan.name, plan.moved) for plan in found.plans]
    [('as it is', 0), ('urgent first', 0), ('keep it even', 2), ('best match', 0)]
    >>> print(found["keep it even"].words)
    2 tickets move. The mean match falls from 90 % to 75 %; the spread of loads falls from 2.0 to 0.0.
    """
    chosen = presets_on(problem.policy) if policies is None else policies
    if YOURS in chosen:
        raise InvalidInputError.single(f"policies[{YOURS!r}]", "is the problem's own policy", "give it another name")
    options: dict[str, Any] = {"time_limit": time_limit, "seed": seed, "terms": terms, "constraints": constraints}
    plans: list[PolicyPlan] = []
    stop = threading.Event()
    with interruptible(stop):
        for name, policy in {YOURS: problem.policy, **chosen}.items():
            if not stop.is_set():
                result = solve(replace(problem, policy=policy), stop=stop, **options)
                plans.append(_plan(problem, name, result, plans[0] if plans else None))
    return PolicyComparison(tuple(plans))


def presets_on(policy: Policy) -> dict[str, Policy]:
    """Every preset by its name, each on top of a policy."""
    return {name: Policy.preset(name, base=policy) for name in PRESETS}


def _plan(problem: Problem, name: str, result: Result, yours: PolicyPlan | None) -> PolicyPlan:
    waits = result.assignment < 0
    loads = np.array([load.after for load in result.loads], dtype=np.float64)
    plan = PolicyPlan(
        name=name,
        served=int((~waits).sum()),
        waiting=int(waits.sum()),
        urgent_waiting=int((waits & problem.is_urgent).sum()),
        match=mean_match(problem, result.assignment),
        urgent_match=urgent_match(problem, result.assignment),
        load_spread=spread(loads[problem.is_available]),
        moved=0 if yours is None else int((result.assignment != yours.result.assignment).sum()),
        words="",
        result=result,
    )
    return replace(plan, words=_own_words(plan) if yours is None else _words(plan, yours))


def mean_match(problem: Problem, assignment: Int) -> float | None:
    """Mean share (0 to 1) of the wanted skills that the served tickets get; None where none of them wants any."""
    served = np.flatnonzero((assignment >= 0) & problem.wanted.any(axis=1))
    if not len(served):
        return None
    return float((1.0 - problem.skill_gap[served, assignment[served]]).mean())


def _own_words(plan: PolicyPlan) -> str:
    late = "no urgent one waits"
    if plan.urgent_waiting:
        late = f"{plan.urgent_waiting:,} urgent {'waits' if plan.urgent_waiting == 1 else 'wait'}"
    facts = [f"the spread of loads is {plan.load_spread:.1f} units"]
    if plan.match is not None:
        facts.insert(0, f"the mean match is {_percent(plan.match)}")
    return f"{plan.served:,} of {plan.served + plan.waiting:,} tickets are served, {late}. {_sentence(facts)}"


def _words(plan: PolicyPlan, yours: PolicyPlan) -> str:
    if not plan.moved:
        return "The plan stays the same."
    moved = "1 ticket moves." if plan.moved == 1 else f"{plan.moved:,} tickets move."
    changes = [
        _change("tickets that wait", yours.waiting, plan.waiting, str, is_many=True),
        _change("urgent tickets that wait", yours.urgent_waiting, plan.urgent_waiting, str, is_many=True),
        _change("the mean match", yours.match, plan.match, _percent),
        _change("that of the urgent tickets", yours.urgent_match, plan.urgent_match, _percent),
        _change("the spread of loads", yours.load_spread, plan.load_spread, _one_digit),
    ]
    told = [change for change in changes if change]
    return f"{moved} {_sentence(told)}" if told else moved


def _sentence(facts: list[str]) -> str:
    words = "; ".join(facts)
    return f"{words[0].upper()}{words[1:]}."


def _one_digit(units: float) -> str:
    return f"{units:.1f}"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _change(what: str, before: Any, after: Any, form: Callable[[Any], str], *, is_many: bool = False) -> str:
    """`the mean match falls from 70 % to 65 %`; empty where it reads the same."""
    if before is None or after is None or form(before) == form(after):
        return ""
    verb = "rise" if after > before else "fall"
    return f"{what} {verb}{'' if is_many else 's'} from {form(before)} to {form(after)}"
