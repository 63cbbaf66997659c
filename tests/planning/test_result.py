"""What users do with a result: read it, print it, put it in a frame, insist on it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from ticketopt.errors import IncompletePlanError
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


@pytest.fixture
def result() -> Result:
    """Two tickets assigned, one left out; ids of both kinds and a name that is HTML."""
    queue = [
        Ticket(ticket_id="T1", skills={"VPN": 1}, urgency=0.9),
        Ticket(ticket_id=2, skills={"VPN": 3, "SAP": 1}, urgency=0.5),
        Ticket(ticket_id="T3", urgency=0.1),
    ]
    team = [Agent(agent_id=7, name="<b>Bo</b> & Zoë", skills={"VPN": 8}, capacity=3, current_load=1)]
    return solve(Problem(queue, team, Policy(weights={"skill_gap": 1, "urgency": 0.5})))


class TestReading:
    def test_by_id_of_either_kind(self, result: Result) -> None:
        assert result[2].agent_id == result["2"].agent_id == 7
        with pytest.raises(KeyError, match="no ticket 'T9' in this result"):
            result["T9"]

    def test_assigned_and_unassigned(self, result: Result) -> None:
        assert result.assigned == {"T1": 7, 2: 7}
        assert [decision.ticket_id for decision in result.unassigned] == ["T3"]

    def test_terms_add_up_to_the_cost_and_costs_to_the_objective(self, result: Result) -> None:
        pairs = 0.0
        for decision in result.decisions:
            if decision.cost is not None:
                assert sum(decision.terms.values()) == pytest.approx(decision.cost, abs=1e-12)
                pairs += decision.cost
        model = result.model
        slots = model.load_cost.of(0, 2).sum() / SCALE
        assert result.cost == pytest.approx(pairs + slots, abs=1e-12)
        assert result.objective == objective(model, result.assignment) / SCALE
        assert result.objective == pytest.approx(result.cost + model.exit_cost[2] / SCALE)

    def test_terms_by_hand(self, result: Result) -> None:
        assert dict(result["T1"].terms) == {
            "skill_gap": 0.2,
            "urgency": 0.09,
            "experience": 0.0,
            "stickiness": 0.0,
            "waiting": 0.0,
        }
        # wanted squared: VPN 9/10, SAP 1/10; gap 1 - 0.9 * 0.8 = 0.28; urgency adds half of 0.5 * 0.28
        assert result[2].terms["skill_gap"] == 0.28
        assert result[2].cost == 0.35

    def test_loads_before_and_after(self, result: Result) -> None:
        load = result.loads[0]
        assert (load.before, load.assigned, load.after, load.capacity, load.is_available) == (1, 2, 3, 3, True)

    @pytest.mark.parametrize(
        ("value", "bound", "gap"),
        [(10.0, 10.0, 0.0), (10.0, 9.0, 0.1), (-10.0, -11.0, 0.1), (10.0, None, None), (0.0, 0.0, 0.0)],
    )
    def test_gap(self, result: Result, value: float, bound: float | None, gap: float | None) -> None:
        assert dataclasses.replace(result, objective=value, lower_bound=bound).gap == gap

    def test_summary(self, result: Result) -> None:
        assert result.summary() == "2 of 3 tickets assigned, optimal by network (proven optimal)"
        assert repr(result) == f"<Result: {result.summary()}>"
        open_ended = dataclasses.replace(result, status=Status.FEASIBLE, objective=10.0, lower_bound=9.0)
        assert open_ended.summary().endswith("feasible by network (gap 10 %)")
        assert dataclasses.replace(result, lower_bound=None).summary().endswith("(no bound)")


class TestRaiseForStatus:
    def test_returns_itself_when_all_is_assigned(self) -> None:
        full = solve(Problem([Ticket(ticket_id=1)], [Agent(agent_id="a")]))
        assert full.raise_for_status() is full

    def test_lists_the_tickets_left_out_with_their_reasons(self, result: Result) -> None:
        with pytest.raises(IncompletePlanError, match=r"1 of 3 tickets left out:\n  T3: It takes 1 unit"):
            result.raise_for_status()

    @pytest.mark.parametrize("status", [Status.UNKNOWN, Status.INFEASIBLE])
    def test_no_plan(self, result: Result, status: Status) -> None:
        with pytest.raises(IncompletePlanError, match=f"no plan: the status is {status.value}"):
            dataclasses.replace(result, status=status).raise_for_status()


class TestPlainData:
    def test_starts_with_the_seed_systems_shape(self, result: Result) -> None:
        data = result.to_dict()
        assert next(iter(data)) == "assignments"
        assert [set(row) for row in data["assignments"]] == [{"ticket_id", "assigned_agent_id", "rationale"}] * 2
        assert [(row["ticket_id"], row["assigned_agent_id"]) for row in data["assignments"]] == [("T1", 7), (2, 7)]

    def test_everything_else_is_there(self, result: Result) -> None:
        data = result.to_dict()
        assert data["unassigned"][0]["reason"] == "no_capacity"
        assert (data["status"], data["gap"], data["seed"]) == ("optimal", 0.0, 0)
        assert data["loads"][0]["after"] == 3
        assert data["decisions"][1]["terms"] == dict(result[2].terms)
        assert data["decisions"][1]["skills"] == {"VPN": 3.0, "SAP": 1.0}

    def test_json_is_strict_and_says_the_same(self, result: Result) -> None:
        def refuse(word: str) -> Any:
            raise AssertionError(word)

        text = result.to_json()
        assert json.loads(text, parse_constant=refuse) == json.loads(json.dumps(result.to_dict()))
        assert "Zoë" in text
        assert "\n" not in result.to_json(indent=None)

    def test_times_are_not_part_of_it(self, result: Result) -> None:
        later = dataclasses.replace(result, runtime=result.runtime + 1)
        assert later.to_json() == result.to_json()


class TestFrame:
    def test_one_row_per_ticket(self, result: Result) -> None:
        frame = result.to_frame()
        assert frame["ticket_id"].tolist() == ["T1", 2, "T3"]
        assert frame["agent_id"].tolist()[:2] == [7, 7]
        assert frame["agent_id"].isna().tolist() == [False, False, True]
        assert frame["urgency"].tolist() == [0.9, 0.5, 0.1]
        assert frame["reason"].tolist()[2] == "no_capacity"
        assert frame["cost_skill_gap"].tolist()[:2] == [0.2, 0.28]

    def test_ids_stay_what_they_were(self) -> None:
        """One ticket left out made floats of all agents' ids, and other ids of those above 2^53."""
        big = 2**60 + 1
        result = solve(Problem([Ticket(ticket_id=big), Ticket(ticket_id="x")], [Agent(agent_id=big, capacity=1)]))
        frame = result.to_frame()
        assert sorted(map(str, frame["agent_id"])) == sorted([str(big), "None"])
        assert [type(own) for own in frame["ticket_id"]] == [int, str]
        assert frame["ticket_id"].tolist()[0] == big
        seven = solve(Problem([Ticket(ticket_id=1), Ticket(ticket_id=2)], [Agent(agent_id=7, capacity=1)])).to_frame()
        assert [own for own in seven["agent_id"] if own is not None] == [7]
        assert all(own is None or type(own) is int for own in seven["agent_id"])
        table = result.counterfactuals().to_frame()
        assert (table.index.tolist(), table.columns.tolist()) == ([big, "x"], [big])

    def test_an_empty_queue_keeps_the_columns(self) -> None:
        frame = solve(Problem([], [])).to_frame()
        assert len(frame) == 0
        assert "ticket_id" in frame.columns


class TestHtml:
    def test_escapes_what_users_wrote(self, result: Result) -> None:
        html = result._repr_html_()
        assert "<b>Bo</b>" not in html
        assert "&lt;b&gt;Bo&lt;/b&gt; &amp; Zoë" in html
        assert html.count("<tr>") == 1 + 3

    def test_is_short_for_long_queues(self) -> None:
        long = solve(Problem([Ticket(ticket_id=i) for i in range(60)], [Agent(agent_id="a")], Policy(capacity=None)))
        html = long._repr_html_()
        assert html.count("<tr>") == 1 + 50
        assert "... and 10 more" in html
