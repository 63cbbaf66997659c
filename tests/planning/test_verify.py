"""`verify` recomputes everything that a result says, and names what is not so; a claim is never printed as a proof."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import ticketopt
from support.backend_contract import is_exact
from support.strategies import make_problem, picker
from ticketopt import AgentLoad, Decision, Policy, Problem, Result, SolverError, Status, build_problem, solve, verify
from ticketopt.formulation.formulate import SCALE
from ticketopt.live.batch import dispatch
from ticketopt.live.stores.memory import MemoryStore
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import objective
from ticketopt.model.outcome import PRICES, Outcome
from ticketopt.problem.records import Id
from ticketopt.solvers import BACKENDS, Backend, Options

Change = Callable[[Result], Result]


def queue(*, first_effort: int = 1, skill: float = 3.0) -> Problem:
    """Four tickets, two agents; unit effort unless the first ticket's differs."""
    tickets = [{"ticket_id": f"T{i}", "skills": {"x": 1}, "effort": first_effort if i == 0 else 1} for i in range(4)]
    return build_problem(
        tickets,
        [
            {"agent_id": "a", "skills": {"x": 8}, "capacity": 3},
            {"agent_id": "b", "skills": {"x": skill}, "capacity": 5},
        ],
    )


def tiered(**changes: int) -> Problem:
    return replace(queue(**changes), policy=Policy(tiers=["unassigned", "cost"]))


def rules(problem: Problem, result: Result) -> set[str]:
    return {violation.rule for violation in verify(problem, result)}


def decision(k: int, **changes: object) -> Change:
    def change(result: Result) -> Result:
        rows: list[Decision] = list(result.decisions)
        rows[k] = replace(rows[k], **changes)  # type: ignore[arg-type]
        return replace(result, decisions=tuple(rows))

    return change


def load(k: int, **changes: object) -> Change:
    def change(result: Result) -> Result:
        rows: list[AgentLoad] = list(result.loads)
        rows[k] = replace(rows[k], **changes)  # type: ignore[arg-type]
        return replace(result, loads=tuple(rows))

    return change


def cheaper_model(result: Result) -> Result:
    """Every number follows from the model, but the model is another one."""
    model = replace(result.model, pair_cost=np.zeros_like(result.model.pair_cost))
    value = objective(model, result.assignment) / SCALE
    return replace(result, model=model, objective=value, lower_bound=value)


def left_out(result: Result) -> Result:
    """One ticket fewer, with a bound to match."""
    plan = result.assignment.copy()
    plan[3] = -1
    value = objective(result.model, plan) / SCALE
    return replace(result, assignment=plan, objective=value, lower_bound=value)


TAMPERED: dict[str, tuple[Change, str]] = {
    "ticket ids swapped": (lambda r: decision(0, ticket_id="T3")(decision(3, ticket_id="T0")(r)), "ids"),
    "decisions dropped": (lambda r: replace(r, decisions=r.decisions[:1]), "ids"),
    "no decisions": (lambda r: replace(r, decisions=()), "ids"),
    "one decision too many": (lambda r: replace(r, decisions=r.decisions + r.decisions[:1]), "ids"),
    "another agent": (decision(0, agent_id="z"), "ids"),
    "another agent's name": (decision(0, agent_name="Zed"), "ids"),
    "another cost": (decision(0, cost=99.0), "terms"),
    "no cost": (decision(0, cost=None), "terms"),
    "cost that is no number": (decision(0, cost=float("nan")), "terms"),
    "terms that add up otherwise": (decision(0, terms={"skill_gap": 0.1}), "terms"),
    "a reason for an assigned ticket": (decision(0, reason="no_skill"), "reasons"),
    "another rationale": (decision(0, rationale="Because."), "reasons"),
    "another reading": (decision(0, reading=ticketopt.Reading({}, 0.5)), "readings"),
    "a load before": (load(0, before=10), "loads"),
    "a load after": (load(1, after=10), "loads"),
    "a capacity": (load(1, capacity=99), "loads"),
    "an available agent": (load(1, is_available=False), "loads"),
    "no loads": (lambda r: replace(r, loads=()), "loads"),
    "one load too many": (lambda r: replace(r, loads=r.loads + r.loads[:1]), "loads"),
    "an agent out of range": (lambda r: replace(r, assignment=np.array([7, 0, 0, 0])), "ids"),
    "an agent below the range": (lambda r: replace(r, assignment=np.array([-2, 0, 0, 0])), "ids"),
    "a ticket too few": (lambda r: replace(r, assignment=r.assignment[1:]), "shape"),
    "a plan with two axes": (lambda r: replace(r, assignment=r.assignment[:, None]), "shape"),
    "a plan in floats": (lambda r: replace(r, assignment=r.assignment * 1.0), "shape"),
    "a worse plan with a bound to match": (left_out, "bound"),
    "another model": (cheaper_model, "model"),
    "another objective": (lambda r: replace(r, objective=r.objective - 1 / SCALE), "objective"),
    "an objective that is no number": (lambda r: replace(r, objective=float("nan")), "objective"),
    "another cost of all": (lambda r: replace(r, cost=r.cost - 1 / SCALE), "cost"),
    "a bound above the objective": (lambda r: replace(r, lower_bound=r.objective + 1), "bound"),
    "a bound that is no number": (lambda r: replace(r, lower_bound=float("nan")), "bound"),
    "a bound between two units": (lambda r: replace(r, lower_bound=r.objective - 0.3 / SCALE), "bound"),
    "optimal without a bound": (lambda r: replace(r, lower_bound=None), "status"),
    "not called optimal at its bound": (lambda r: replace(r, status=Status.FEASIBLE), "status"),
    "infeasible with a plan": (lambda r: replace(r, status=Status.INFEASIBLE, lower_bound=None), "status"),
}


@pytest.mark.parametrize("name", TAMPERED)
@pytest.mark.parametrize("first_effort", [1, 2], ids=["unit", "unequal"])
def test_each_tampered_part_is_named(name: str, first_effort: int) -> None:
    change, rule = TAMPERED[name]
    problem = queue(first_effort=first_effort)
    result = solve(problem)
    assert verify(problem, result) == []
    assert rule in rules(problem, change(result))


def test_a_result_of_another_problem_is_named_whatever_its_size() -> None:
    result = solve(queue())
    assert "problem" in rules(queue(skill=9.0), result)
    assert {"problem", "shape"} <= rules(build_problem([{"ticket_id": i} for i in range(9)], [{"agent_id": 1}]), result)
    assert {"problem", "shape"} <= rules(build_problem([{"ticket_id": 1}], [{"agent_id": "z"}]), result)
    assert {"problem", "shape"} <= rules(build_problem([], []), result)


def test_the_same_problem_built_again_is_the_same() -> None:
    result = solve(queue())
    assert verify(queue(), result) == []
    assert verify(queue(), pickle.loads(pickle.dumps(result))) == []


@pytest.mark.parametrize("plan", [{1: "a", "1": "b"}, {1: "a", "1": "a"}, {"1": None, 1: "a"}])
def test_one_ticket_under_two_spellings_is_named(plan: dict[int | str, str | None]) -> None:
    problem = build_problem([{"ticket_id": 1}], [{"agent_id": "a"}, {"agent_id": "b"}])
    assert [violation.rule for violation in verify(problem, plan)] == ["ids"]
    assert "given twice" in verify(problem, plan)[0].message


@pytest.mark.parametrize("problem", [tiered(), tiered(first_effort=2)], ids=["unit", "unequal"])
def test_tampered_tiers_are_named(problem: Problem) -> None:
    result = solve(problem)
    assert verify(problem, result) == []
    first, second = result.tiers
    assert "tiers" in rules(problem, replace(result, tiers=(replace(first, value=1.0), second)))
    assert "tiers" in rules(problem, replace(result, tiers=(second, first)))
    assert "tiers" in rules(problem, replace(result, tiers=(first,)))
    assert {"tiers", "status"} <= rules(problem, replace(result, tiers=()))
    assert "bound" in rules(problem, replace(result, tiers=(first, replace(second, lower_bound=second.value + 1))))
    assert "bound" in rules(problem, replace(result, lower_bound=result.objective))


def test_a_worse_plan_by_tiers_is_not_proven_tier_by_tier() -> None:
    problem = tiered()
    good = solve(problem)
    value = float((good.assignment == 1).sum())  # one ticket more with b, whose skill is lower
    worse = np.where(np.arange(4) < 1 + int(value), 1, 0)
    cost = float(good.model.pair_cost[np.arange(4), worse].sum() / SCALE)
    assert cost > good.tiers[1].value
    tiers = (good.tiers[0], replace(good.tiers[1], value=cost, lower_bound=cost))
    found = verify(problem, replace(good, assignment=worse, tiers=tiers))
    assert "cost is called proven, and is not" in [violation.message for violation in found]


def leaves_all(status: Status) -> Backend:
    """A backend that leaves everything out and claims that this is best."""

    def answer(model: AssignmentModel, options: Options) -> Outcome:
        return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), status, int(model.exit_cost.sum()))

    return Backend("is lazy", lambda model: None, answer)


@pytest.mark.parametrize("status", [Status.OPTIMAL, Status.FEASIBLE])
@pytest.mark.parametrize("first_effort", [1, 2], ids=["unit", "unequal"])
@pytest.mark.parametrize("covers_greedy", [False, True])
def test_a_lazy_backend_is_not_believed(status: Status, first_effort: int, covers_greedy: bool) -> None:
    """It was called "proven optimal" wherever no certificate exists."""
    backends = {"lazy": replace(leaves_all(status), covers_greedy=covers_greedy)}
    problem = queue(first_effort=first_effort)
    with pytest.raises(SolverError, match=r"claims the lower bound|calls a plan optimal"):
        solve(problem, solver="lazy", backends=backends)
    fallback = solve(problem, backends=backends)
    assert fallback.solver == "greedy" and len(fallback.assigned) == 4
    assert verify(problem, fallback) == []


@pytest.mark.parametrize("status", [Status.FEASIBLE, Status.UNKNOWN])
@pytest.mark.parametrize("bound", [None, 0])
def test_greedys_plan_with_the_bound_of_another_plan_verifies(status: Status, bound: int | None) -> None:
    """Prices of a plan that is given up prove nothing that can be added up again."""

    def answer(model: AssignmentModel, options: Options) -> Outcome:
        plan = np.full(model.n_tickets, -1, dtype=np.int64)
        plan[: model.n_tickets // 2] = 0 if model.allowed[:, :1].all() and not len(model.rows) else -1
        fits = BACKENDS["greedy"].solve(model, options).assignment
        return Outcome(np.where(plan == fits, plan, -1), status, bound)

    backends = {"other": Backend("leaves out", lambda model: None, answer)}
    for seed in range(80):
        problem = make_problem(picker(seed))
        for name in ("auto", "other"):
            assert verify(problem, solve(problem, solver=name, backends=backends)) == [], (seed, name)


WRONG_PRICES: dict[str, tuple[Callable[[AssignmentModel], np.ndarray], int]] = {
    "in less than no parts": (lambda model: np.full(model.n_agents, 10**6), -1),
    "in no parts": (lambda model: np.full(model.n_agents, 10**6), 0),
    "in too many parts": (lambda model: np.full(model.n_agents, 10**6), 2**70),
    "too few": (lambda model: np.zeros(model.n_agents - 1, dtype=np.int64), 1),
    "too many": (lambda model: np.zeros(model.n_agents + len(model.rows) + 1, dtype=np.int64), 1),
    "no numbers": (lambda model: np.full(model.n_agents, np.nan), 1),
    "fractions": (lambda model: np.full(model.n_agents, 0.5), 1),
}


@pytest.mark.parametrize("name", WRONG_PRICES)
@pytest.mark.parametrize("first_effort", [1, 2], ids=["unit", "unequal"])
def test_prices_that_are_none_prove_nothing(name: str, first_effort: int) -> None:
    make, scale = WRONG_PRICES[name]

    def answer(model: AssignmentModel, options: Options) -> Outcome:
        plan = BACKENDS["greedy"].solve(model, options).assignment
        return Outcome(plan, Status.FEASIBLE, None, make(model), scale)

    problem = queue(first_effort=first_effort)
    with pytest.raises(SolverError, match="odd failed"):
        solve(problem, solver="odd", backends={"odd": Backend("is odd", lambda model: None, answer)})
    result = solve(problem)
    assert "bound" in rules(problem, replace(result, price=make(result.model), price_scale=scale))


def claims_its_own(model: AssignmentModel, options: Options) -> Outcome:
    """Greedy's plan, called optimal without a reason."""
    plan = BACKENDS["greedy"].solve(model, options).assignment
    return Outcome(plan, Status.OPTIMAL, objective(model, plan))


def test_a_claim_that_nothing_refutes_is_printed_as_a_claim() -> None:
    backends = {"boastful": Backend("boasts", lambda model: None, claims_its_own)}
    rng = np.random.default_rng(1)
    tickets = [{"ticket_id": i, "effort": int(rng.integers(1, 4)), "skills": {"x": 1}} for i in range(9)]
    team = [{"agent_id": j, "skills": {"x": float(rng.integers(0, 9))}, "capacity": 9} for j in range(3)]
    problem = build_problem(tickets, team, policy=Policy(max_new_per_agent=4))
    result = solve(problem, solver="boastful", backends=backends)
    assert (result.status, result.bound_source, result.claimed_by) == (Status.OPTIMAL, "boastful", "boastful")
    assert "claimed by boastful" in repr(result) and "proven" not in repr(result)
    assert json.loads(result.to_json())["bound_source"] == "boastful"
    assert "proven" not in str(result.certificate).replace("prices prove", "")
    assert verify(problem, result) == []  # it says nothing that is known to be wrong
    forged = replace(result, bound_source=PRICES)
    assert rules(problem, forged) == {"bound"}


def test_a_bound_that_prices_add_up_to_is_proven_whoever_found_it() -> None:
    for name, backend in BACKENDS.items():
        if is_exact(backend):
            result = solve(queue(), solver=name)
            assert (result.status, result.bound_source, result.claimed_by) == (Status.OPTIMAL, PRICES, None), name
            assert "proven optimal" in repr(result)


def test_every_answer_says_who_vouches_and_verifies() -> None:
    sources = set()
    for seed in [*range(60), 119, 161, 242, 254]:
        problem = make_problem(picker(seed))
        for name in ("auto", "cp_sat", "milp"):
            result = solve(problem, solver=name)
            assert verify(problem, result) == [], (seed, name)
            sources.add(result.bound_source)
            assert ("proven" in repr(result)) == (result.claimed_by is None), (seed, name)
    assert {PRICES, "cp_sat", "milp"} <= sources


HARD = {"max_new_per_agent": 3}
"""With unequal effort and this limit, prices do not prove the optimum of `hard`."""


def hard(seed: int = 1) -> dict[str, list[dict[str, object]]]:
    rng = np.random.default_rng(seed)
    return {
        "tickets": [{"ticket_id": i, "effort": int(rng.integers(1, 4)), "skills": {"x": 1}} for i in range(8)],
        "agents": [
            {"agent_id": j, "skills": {"x": float(rng.integers(0, 9))}, "capacity": int(rng.integers(4, 8))}
            for j in range(3)
        ],
    }


def test_a_stored_answer_is_answered_again_with_its_proof_or_claim() -> None:
    sources = set()
    for seed in range(6):
        data = hard(seed) if seed % 2 else {name: rows[:1] for name, rows in hard(seed).items()}
        store, queue_ = MemoryStore(), ticketopt.read_queue(data)
        first, again = (dispatch(queue_, store=store, policy=HARD, idempotency_key="k") for _ in range(2))
        assert again is not first
        assert (again.bound_source, again.lower_bound, repr(again)) == (
            first.bound_source,
            first.lower_bound,
            repr(first),
        )
        assert verify(again.problem, again) == []
        sources.add(again.bound_source)
    assert sources == {PRICES, "price_guided"}


def test_a_stored_answer_from_before_bounds_had_sources_counts_as_a_claim() -> None:
    result = ticketopt.assign(**hard(), policy=HARD)
    old = replace(result, bound_source=None, price=None)
    assert old.claimed_by == result.solver
    assert "proven" not in repr(old)


@pytest.mark.parametrize("effort", [1, None], ids=["unit", "unequal"])
def test_planning_again_says_who_vouches_and_verifies(effort: int | None) -> None:
    sources = set()
    for seed in range(8):
        data = hard(seed)
        if effort is not None:
            data["tickets"] = [{**ticket, "effort": effort} for ticket in data["tickets"]]
        problem = build_problem(data["tickets"], data["agents"])
        previous: dict[Id, Id | None] = {i: i % 3 for i in range(8)}
        for most in (None, 3, 8):
            for freeze in ((), (0, 1)):
                result = ticketopt.resolve(
                    problem, previous=previous, max_changes=most, change_cost=0.01, freeze=freeze, time_limit=60
                )
                assert verify(problem, result) == [], (seed, most, freeze)
                assert ("proven optimal" in repr(result)) == (
                    result.bound_source == PRICES and result.status is Status.OPTIMAL
                )
                sources.add(result.bound_source)
    assert PRICES in sources


def test_comparing_calls_exact_only_what_is_proven() -> None:
    for seed in range(6):
        data = hard(seed)
        problem = build_problem(data["tickets"], data["agents"], policy=HARD)
        found = ticketopt.compare(problem, time_limit=60)
        assert "cp_sat_plain" not in [contender.name for contender in found.contenders]
        for name in ("price_guided", "cp_sat", "milp"):
            source = solve(problem, solver=name, time_limit=60).bound_source
            assert found[name].kind == ("exact" if source == PRICES else "claimed"), (seed, name)


def test_auto_never_asks_who_only_checks() -> None:
    backends = {"greedy": BACKENDS["greedy"], "cp_sat_plain": BACKENDS["cp_sat_plain"]}
    assert solve(queue(first_effort=2), backends=backends).solver == "greedy"
    assert solve(queue(first_effort=2), solver="cp_sat_plain").solver == "cp_sat_plain"
