"""Choosing, falling back, refusing, and giving every ticket left out its reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import ticketopt
from support.backend_contract import is_general
from support.brute_force import optimum
from support.seeds import examples
from support.strategies import NOW, make_problem, picker, problems
from ticketopt.errors import InputWarning, InvalidInputError, SolverError, UnsupportedModelError
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome, Status
from ticketopt.model.rows import PackingRows
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket
from ticketopt.solvers import BACKENDS, Backend, Options, auto
from ticketopt.solvers.auto import solve_model

Answer = Callable[[AssignmentModel, Options], Any]


def fake(answer: Answer, obstacle: str | None = None) -> Backend:
    return Backend("a fake", lambda model: obstacle, answer)


def crowd(n: int = 4, **policy: Any) -> Problem:
    """Tickets of falling urgency for two equal agents."""
    queue = [Ticket(ticket_id=f"T{i}", urgency=1 - i / 10) for i in range(n)]
    return Problem(queue, [Agent(agent_id="a"), Agent(agent_id="b")], Policy(**policy))


def unequal() -> Problem:
    """A queue that needs a solver for unequal effort."""
    queue = [Ticket(ticket_id=i, effort=1 + i % 3, skills={"VPN": 1}) for i in range(6)]
    return Problem(queue, [Agent(agent_id=j, skills={"VPN": 3 * j}) for j in range(3)])


class TestAuto:
    def test_takes_the_first_that_supports_the_model(self) -> None:
        assert solve(crowd()).solver == "network"
        assert solve(unequal()).solver == "price_guided"
        assert "supports the model" in solve(crowd()).reason

    @settings(max_examples=examples(100))
    @given(problem=problems())
    def test_is_the_brute_force_optimum_and_never_worse_than_greedy(self, problem: Problem) -> None:
        result, cheap = solve(problem), solve(problem, solver="greedy")
        assert result.status is Status.OPTIMAL
        assert result.gap == 0
        assert round(result.objective * SCALE) == optimum(formulate(problem))
        assert result.objective <= cheap.objective

    def test_skips_backends_that_do_not_support_the_model_without_calling_them(self) -> None:
        def never(model: AssignmentModel, options: Options) -> Outcome:
            raise AssertionError("was called")

        result = solve(crowd(), backends={"no": fake(never, "because"), "milp": BACKENDS["milp"]})
        assert result.solver == "milp"

    def test_gives_the_backend_a_feasible_hint_its_seed_and_the_time_that_is_left(self) -> None:
        seen: list[Options] = []

        def spy(model: AssignmentModel, options: Options) -> Outcome:
            seen.append(options)
            return BACKENDS["milp"].solve(model, options)

        solve(unequal(), backends={"spy": fake(spy)}, seed=5, time_limit=3.0)
        assert seen[0].seed == 5
        assert 0 < seen[0].time_limit <= 3.0
        assert seen[0].hint is not None and (seen[0].hint >= 0).all()

    def test_without_any_backend_greedy_answers(self) -> None:
        result = solve(unequal(), backends={})
        assert (result.solver, result.reason) == ("greedy", "no other backend supports the model")
        assert len(result.assigned) == 6


def broken_promise(change: Callable[[Outcome, AssignmentModel], Outcome]) -> Answer:
    """The honest optimum, changed."""
    return lambda model, options: change(BACKENDS["milp"].solve(model, options), model)


def crash(model: AssignmentModel, options: Options) -> Outcome:
    raise RuntimeError("segmentation fault, politely")


def everything_to_the_first(model: AssignmentModel, options: Options) -> Outcome:
    return Outcome(np.zeros(model.n_tickets, dtype=np.int64), Status.OPTIMAL, -(10**15))


def no_time(model: AssignmentModel, options: Options) -> Outcome:
    return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.UNKNOWN)


def leaves_all(model: AssignmentModel, options: Options) -> Outcome:
    return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.FEASIBLE)


def gives_up_but_calls_it_optimal(model: AssignmentModel, options: Options) -> Outcome:
    left_out = np.full(model.n_tickets, -1, dtype=np.int64)
    return Outcome(left_out, Status.OPTIMAL, int(model.exit_cost.sum()))


BAD = {
    "crashes": (crash, "bad failed (RuntimeError: segmentation fault, politely)"),
    "breaks capacities": (everything_to_the_first, "bad returned a plan that breaks the model"),
    "returns no array": (lambda model, options: Outcome(None, Status.OPTIMAL), "bad failed (AttributeError"),  # type: ignore[arg-type]
    "returns nothing": (lambda model, options: None, "bad failed (AttributeError"),
    "returns floats": (
        broken_promise(lambda o, m: dataclasses.replace(o, assignment=o.assignment + 0.5)),  # type: ignore[arg-type]
        "bad failed (IndexError",
    ),
    "one ticket too few": (
        broken_promise(lambda o, m: dataclasses.replace(o, assignment=o.assignment[1:])),
        "bad returned a plan that breaks the model",
    ),
    "a bound above its own cost": (
        broken_promise(lambda o, m: dataclasses.replace(o, lower_bound=10**15)),
        "bad claims the lower bound 1000000000000000, above the cost",
    ),
}


class TestFallback:
    @pytest.mark.parametrize("name", BAD)
    @pytest.mark.parametrize("problem", [crowd(), unequal()], ids=["unit", "unequal"])
    def test_auto_survives_and_says_why(self, name: str, problem: Problem) -> None:
        answer, words = BAD[name]
        result = solve(problem, backends={"bad": fake(answer)})
        assert result.solver == "greedy"
        assert words in result.reason
        assert len(result.assigned) == problem.n_tickets

    @pytest.mark.parametrize("name", BAD)
    def test_by_name_the_same_is_a_solver_error(self, name: str) -> None:
        answer, words = BAD[name]
        with pytest.raises(SolverError) as error:
            solve(crowd(), solver="bad", backends={"bad": fake(answer)})
        assert words in str(error.value)

    @pytest.mark.parametrize("name", BAD)
    def test_auto_asks_the_next_before_it_falls_back(self, name: str) -> None:
        result = solve(unequal(), backends={"bad": fake(BAD[name][0]), "milp": BACKENDS["milp"]})
        assert (result.solver, result.status) == ("milp", Status.OPTIMAL)

    def test_no_time_left_is_said(self) -> None:
        result = solve(unequal(), backends={"slow": fake(no_time)})
        assert result.solver == "greedy"
        assert "slow had no answer after" in result.reason
        assert result.status is Status.FEASIBLE

    def test_a_backend_that_overruns_leaves_no_time_for_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 100.0
        monkeypatch.setattr(auto, "time", SimpleNamespace(perf_counter=lambda: now))

        def overrun(model: AssignmentModel, options: Options) -> Outcome:
            nonlocal now
            now += options.time_limit + 1
            return no_time(model, options)

        result = solve(unequal(), time_limit=5, backends={"slow": fake(overrun), "milp": BACKENDS["milp"]})
        assert result.solver == "greedy"
        assert "no time was left for milp" in result.reason

    @pytest.mark.parametrize("covers_greedy", [False, True])
    @pytest.mark.parametrize("problem", [crowd(), unequal()], ids=["unit", "unequal"])
    def test_no_answer_by_name_is_the_greedy_plan_and_says_so(self, problem: Problem, covers_greedy: bool) -> None:
        """It was UNKNOWN with everything left out, though a feasible plan was at hand."""
        slow = dataclasses.replace(fake(no_time), covers_greedy=covers_greedy)
        result = solve(problem, solver="slow", backends={"slow": slow})
        assert (result.solver, result.assigned) == ("greedy", solve(problem, solver="greedy").assigned)
        assert result.status is not Status.UNKNOWN
        assert result.reason.startswith("asked for by name, slow had no answer after")

    def test_the_bound_of_a_backend_without_a_plan_is_kept_as_its_claim(self) -> None:
        def late(model: AssignmentModel, options: Options) -> Outcome:
            return dataclasses.replace(no_time(model, options), lower_bound=solve_model(model).objective - 1)

        result = solve(unequal(), solver="late", backends={"late": fake(late)})
        assert (result.solver, result.bound_source) == ("greedy", "late")
        assert result.lower_bound == pytest.approx(solve(unequal()).objective - 1 / SCALE)

    def test_a_suboptimal_plan_called_optimal_is_caught_by_the_certificate(self) -> None:
        with pytest.raises(SolverError, match="calls a plan optimal that is not proven"):
            solve(crowd(), solver="liar", backends={"liar": fake(gives_up_but_calls_it_optimal)})

    def test_an_optimal_claim_above_the_cost_of_greedy_is_a_lie(self) -> None:
        """No certificate exists for unequal effort, but greedy's own plan refutes the claimed bound."""
        result = solve(unequal(), backends={"liar": fake(gives_up_but_calls_it_optimal)})
        assert result.solver == "greedy"
        assert "liar claims the lower bound" in result.reason
        assert result.status is Status.FEASIBLE
        assert result.lower_bound is not None and result.lower_bound < result.objective

    def test_a_worse_plan_with_an_honest_bound_lends_its_bound_to_greedy(self) -> None:
        def timid(model: AssignmentModel, options: Options) -> Outcome:
            bound = BACKENDS["milp"].solve(model, options).lower_bound
            return Outcome(np.full(model.n_tickets, -1, dtype=np.int64), Status.FEASIBLE, bound)

        result = solve(unequal(), backends={"timid": fake(timid)})
        assert (result.solver, result.lower_bound) == ("greedy", solve(unequal()).objective)
        assert "timid had found nothing better" in result.reason

    def test_status_comes_from_the_proof_not_from_the_claim(self) -> None:
        def modest(model: AssignmentModel, options: Options) -> Outcome:
            return dataclasses.replace(BACKENDS["milp"].solve(model, options), status=Status.FEASIBLE)

        assert solve(unequal(), solver="modest", backends={"modest": fake(modest)}).status is Status.OPTIMAL

        def boastful(model: AssignmentModel, options: Options) -> Outcome:
            return dataclasses.replace(BACKENDS["milp"].solve(model, options), lower_bound=None)

        assert solve(unequal(), solver="boastful", backends={"boastful": fake(boastful)}).status is Status.FEASIBLE


class TestByName:
    def test_an_unsupported_model_names_the_obstacle_and_the_able(self) -> None:
        words = "tickets take unequal effort; use one of: auto, price_guided, cp_sat, milp, greedy, cp_sat_plain"
        with pytest.raises(UnsupportedModelError, match=words):
            solve(unequal(), solver="min_cost_flow")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"solver": "cpsat"}, "solver: 'cpsat' is not known; did you mean 'cp_sat'?"),
            (
                {"solver": "xyzzy"},
                "use one of: auto, network, min_cost_flow, price_guided, cp_sat, milp, greedy, cp_sat_plain",
            ),
            ({"solver": None}, "solver: None is not known"),
            ({"solver": ["milp"]}, "solver: ['milp'] is not known"),
            ({"time_limit": 0}, "time_limit: is 0"),
            ({"time_limit": float("nan")}, "time_limit: is nan"),
            ({"time_limit": "10"}, "time_limit: is a text, not a number"),
            ({"time_limit": 1e9}, "time_limit: is 1000000000.0"),
            ({"seed": -1}, "seed: is -1"),
            ({"seed": 1.5}, "seed: is 1.5"),
            ({"seed": 2**31}, "seed: is 2147483648"),
        ],
    )
    def test_bad_arguments(self, arguments: dict[str, Any], words: str) -> None:
        with pytest.raises(InvalidInputError) as error:
            solve(crowd(), **arguments)
        assert words in str(error.value)

    def test_several_bad_arguments_are_all_listed(self) -> None:
        with pytest.raises(InvalidInputError) as error:
            solve(crowd(), solver="x", time_limit=-1, seed=-1)
        assert [issue.path for issue in error.value.issues] == ["solver", "time_limit", "seed"]


def left_out(problem: Problem, **options: Any) -> dict[Any, tuple[str | None, str]]:
    return {d.ticket_id: (d.reason, d.rationale) for d in solve(problem, **options).unassigned}


def lone(agent: dict[str, Any], ticket: dict[str, Any] | None = None, **policy: Any) -> Problem:
    """One ticket T, one agent a named Ana."""
    queue, team = [Ticket(ticket_id="T", **(ticket or {}))], [Agent(agent_id="a", name="Ana", **agent)]
    return Problem(queue, team, Policy(**policy), float(NOW))


REASONS = {
    "no_agents": (Problem([Ticket(ticket_id="T")], []), "The team has no agents."),
    "unavailable": (lone({"availability_status": "sick"}), "T cannot go to Ana, who is sick"),
    "off_shift": (lone({"shift_end": NOW - 1}), "T cannot go to Ana, whose shift is over"),
    "off_shift before it": (lone({"shift_start": NOW + 1}), "T cannot go to Ana, whose shift has not begun"),
    "off_shift for open work": (
        lone({"shift_end": NOW + 7200, "current_load": 4, "capacity": 9}, minutes_per_effort=30),
        "A limit is reached: Ana's shift ends in 2 h: room for 4 units, open work takes 4.",
    ),
    "excluded": (lone({}, {"excluded_agents": ["a"]}), "T excludes Ana"),
    "no_skill": (lone({"skills": {"VPN": 2}}, {"requires": {"VPN": 3}}), "T requires VPN 3; Ana has 2"),
    "no_match": (
        lone({"skills": {"VPN": 2}}, {"skills": {"VPN": 1}}, min_match=0.3),
        "Ana matches 20% of what T wants, not 30%",
    ),
    "no_language": (lone({"languages": ["en"]}, {"language": "fr"}), "T is in fr, which Ana does not speak"),
    "no_group": (lone({"team": "day"}, {"group": "night"}), "T is for night, which Ana is not in"),
    "no_capacity": (
        lone({"capacity": 1}, {"effort": 2}),
        "It takes 2 units; the only eligible agent, Ana, has 1 free to begin with",
    ),
    "limit": (lone({}, max_new_per_agent=0), "A limit is reached: Ana takes at most 0 new tickets."),
}


class TestReasons:
    @pytest.mark.parametrize("code", REASONS)
    def test_each_code_by_example(self, code: str) -> None:
        problem, words = REASONS[code]
        found = left_out(problem)["T"]
        assert found[0] == code.split()[0]
        assert words in found[1]

    def test_time_limit_is_the_code_where_there_is_room(self) -> None:
        found = left_out(unequal(), solver="timid", backends={"timid": fake(leaves_all)})
        assert found[0] == ("time_limit", "There is room, but the solver stopped before it found a plan that uses it.")

    def test_limits_folded_into_capacities_are_still_called_limits(self) -> None:
        found = left_out(crowd(3, capacity=9, max_new_per_agent=1))
        words = (
            "A limit is reached: a takes at most 1 new tickets; b takes at most 1 new tickets. "
            "Its places are held by T1 and T0 (more urgent)."
        )
        assert found == {"T2": ("limit", words)}

    def test_a_full_team_is_no_capacity_and_the_least_urgent_waits(self) -> None:
        words = (
            "It takes 1 unit; the freest of the 2 eligible agents has 0 left after this plan. "
            "Its places are held by T1 and T0 (more urgent)."
        )
        assert left_out(crowd(3, capacity=1)) == {"T2": ("no_capacity", words)}

    def test_the_rule_that_took_the_last_agents_is_named_with_those_it_met(self) -> None:
        queue = [Ticket(ticket_id="T", requires={"VPN": 5})]
        team = [
            *(Agent(agent_id=f"off{j}", availability_status="offline", skills={"VPN": 9}) for j in range(5)),
            Agent(agent_id="here", skills={"VPN": 2}),
        ]
        code, words = left_out(Problem(queue, team))["T"]
        assert code == "unavailable"
        assert "T cannot go to off0, who is offline; T cannot go to off1, who is offline" in words
        assert "and 2 more agents" in words
        assert "here" not in words

    def test_everybody_offline(self) -> None:
        team = [Agent(agent_id=j, availability_status="Offline", capacity=5) for j in range(3)]
        result = solve(Problem([Ticket(ticket_id=i) for i in range(4)], team))
        assert (result.status, result.assigned) == (Status.OPTIMAL, {})
        assert {decision.reason for decision in result.unassigned} == {"unavailable"}

    @settings(max_examples=examples(150))
    @given(problem=problems())
    def test_every_ticket_has_either_an_agent_or_a_known_reason(self, problem: Problem) -> None:
        for decision in solve(problem).decisions:
            assert (decision.agent_id is None) == (decision.reason in REASONS)
            assert decision.rationale.endswith(".")


class TestEmpty:
    @pytest.mark.parametrize("solver", ["auto", *BACKENDS])
    @pytest.mark.parametrize(("n_tickets", "n_agents"), [(0, 0), (0, 2), (2, 0)])
    def test_queues_and_teams(self, solver: str, n_tickets: int, n_agents: int) -> None:
        tickets = [{"ticket_id": i} for i in range(n_tickets)]
        result = ticketopt.assign(tickets, [{"agent_id": j} for j in range(n_agents)], solver=solver)
        assert result.status is Status.OPTIMAL
        assert (len(result.decisions), len(result.loads), result.assigned) == (n_tickets, n_agents, {})
        assert {decision.reason for decision in result.decisions} <= {"no_agents"}
        assert result.to_json()


class TestRepetition:
    @pytest.mark.parametrize("solver", ["auto", *(name for name, backend in BACKENDS.items() if is_general(backend))])
    def test_the_same_bytes_twice(self, solver: str) -> None:
        for seed in range(15):
            first, second = (solve(make_problem(picker(seed)), solver=solver, seed=3).to_json() for _ in range(2))
            assert first == second

    def test_equal_agents_share_in_a_fixed_way(self) -> None:
        assert [solve(crowd()).assigned for _ in range(3)] == [solve(crowd()).assigned] * 3

    def test_seed_and_versions_are_kept(self) -> None:
        result = solve(crowd(), seed=11)
        assert result.seed == 11
        assert {"ticketopt", "numpy", "scipy", "ortools", "python"} == set(result.versions)
        assert result.runtime > 0


class TestAssign:
    def test_the_one_call_door(self) -> None:
        result = ticketopt.assign(
            [{"ticket_id": 1, "title": "VPN is down"}, {"ticket_id": 2, "skills": {"SAP": 1}}],
            [{"agent_id": "net", "skills": {"VPN": 9}}, {"agent_id": "erp", "skills": {"SAP": 9}}],
        )
        assert result.assigned == {1: "net", 2: "erp"}

    def test_warnings_are_raised_and_kept(self) -> None:
        with pytest.warns(InputWarning, match=r"tickets\[0\].colour: is not a known field") as caught:
            result = ticketopt.assign([{"ticket_id": 1, "colour": "red"}], [])
        assert caught[0].filename == __file__, "points at the caller"
        assert [issue.path for issue in result.warnings] == ["tickets[0].colour"]

    def test_names_that_change_nothing_are_warned_about(self) -> None:
        ticket = {"ticket_id": 1, "previous_agent": "x", "excluded_agents": ["y"], "requires": {"SPA": 1}}
        policy = Policy(max_new_per_team={"blue": 1}, separate=[(1, 9)])
        problem = ticketopt.build_problem([ticket], [{"agent_id": "a", "skills": {"SAP": 5}}], policy=policy)
        assert [str(issue).removesuffix(" (known: SAP)") for issue in problem.warnings] == [
            "tickets[0].previous_agent: 'x' is not in the team; it changes nothing",
            "tickets[0].excluded_agents: 'y' is not in the team; it changes nothing",
            "tickets[0].requires: no agent has the skill 'SPA'; did you mean 'SAP'?",
            "policy.max_new_per_team['blue']: is not a team of any agent; it changes nothing",
            "policy.separate[0]: 9 is not in the queue; it changes nothing",
        ]

    def test_policy_as_a_mapping(self) -> None:
        result = ticketopt.assign([{"ticket_id": 1}, {"ticket_id": 2}], [{"agent_id": "a"}], policy={"capacity": 1})
        assert len(result.assigned) == 1

    @pytest.mark.parametrize("now", [NOW, float(NOW), "2023-11-14T22:13:20Z", "2023-11-14T23:13:20+01:00"])
    def test_now_in_several_spellings(self, now: Any) -> None:
        assert ticketopt.build_problem([], [], now=now).now == NOW

    def test_a_triage_of_ones_own(self) -> None:
        def triage(tickets: Any, *, skills: Any, now: float) -> list[ticketopt.Reading]:
            assert list(skills) == ["VPN", "SAP"]
            return [ticketopt.Reading({"SAP": 1.0}, 1.0) for _ in tickets]

        team = [{"agent_id": "a", "skills": {"VPN": 9}}, {"agent_id": "b", "skills": {"SAP": 9}}]
        assert ticketopt.assign([{"ticket_id": 1}], team, triage=triage).assigned == {1: "b"}

    def test_inputs_are_not_changed(self) -> None:
        tickets = [{"ticket_id": 1, "skills": {"VPN": 2.0}, "excluded_agents": ["b"]}]
        agents = [{"agent_id": "a", "skills": {"VPN": 5}, "languages": ["en"]}, {"agent_id": "b"}]
        copies = repr((tickets, agents))
        ticketopt.assign(tickets, agents)
        assert repr((tickets, agents)) == copies


class TestSolveModel:
    def test_by_arrays_alone(self) -> None:
        rows = PackingRows([0, 0], [0, 1], [0, 0], [1, 1], [1], ("apart",))
        model = AssignmentModel([[0, 5], [0, 7]], np.ones((2, 2), bool), [1, 1], [2, 2], [0] * 4, [99, 99], rows)
        solution = solve_model(model)
        assert (solution.assignment.tolist(), solution.objective) == ([1, 0], 5)
        assert (solution.solver, solution.status, solution.lower_bound) == ("price_guided", Status.OPTIMAL, 5)


def test_hard_instances_report_a_gap_and_never_lose_to_greedy() -> None:
    rng = np.random.default_rng(1)
    queue = [Ticket(ticket_id=i, effort=int(rng.integers(1, 9)), skills={"VPN": 1}) for i in range(60)]
    team = [Agent(agent_id=j, skills={"VPN": float(rng.integers(0, 11))}, capacity=30) for j in range(8)]
    problem = Problem(queue, team)
    result, cheap = solve(problem, time_limit=1.0), solve(problem, solver="greedy")
    assert isinstance(result, Result)
    assert result.objective <= cheap.objective
    assert result.gap is not None and result.gap >= 0
