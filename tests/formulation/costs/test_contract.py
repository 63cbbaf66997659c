"""What every cost term owes, and each term by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from support.seeds import examples
from support.strategies import problems
from ticketopt.comparison.frontier import frontier
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.formulate import SCALE, formulate
from ticketopt.formulation.pair_costs import pair_terms, weights
from ticketopt.planning.replan import resolve
from ticketopt.planning.session import Session
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket

each_term = pytest.mark.parametrize("name", COST_TERMS)


class TestContract:
    @each_term
    @settings(max_examples=examples(100))
    @given(problem=problems())
    def test_a_matrix_within_0_and_1(self, name: str, problem: Problem) -> None:
        values = COST_TERMS[name].matrix(problem)
        assert values.shape == (problem.n_tickets, problem.n_agents)
        assert np.isfinite(values).all()
        assert ((values >= 0) & (values <= 1)).all()

    @each_term
    @settings(max_examples=examples(50))
    @given(problem=problems())
    def test_the_same_twice_and_nothing_shared_is_changed(self, name: str, problem: Problem) -> None:
        shared = [problem.wanted, problem.level, problem.urgency, problem.waited, problem.current_load]
        before = [array.copy() for array in shared]
        first = COST_TERMS[name].matrix(problem).copy()
        assert (COST_TERMS[name].matrix(problem) == first).all()
        assert all((array == copy).all() for array, copy in zip(shared, before, strict=True))

    @each_term
    @settings(max_examples=examples(50))
    @given(problem=problems())
    def test_by_ticket_means_that_a_row_is_the_same_in_a_queue_of_its_own(self, name: str, problem: Problem) -> None:
        term = COST_TERMS[name]
        if not term.by_ticket:
            return
        whole = term.matrix(problem)
        for i, (ticket, reading) in enumerate(zip(problem.tickets, problem.readings, strict=True)):
            alone = Problem([ticket], problem.agents, problem.policy, problem.now, [reading])
            vars(alone)["reference_capacity"] = problem.reference_capacity  # the team's own, a share of the whole queue
            assert np.abs(term.matrix(alone) - whole[i]).max(initial=0) < 1e-12

    @each_term
    @settings(max_examples=examples(50))
    @given(problem=problems())
    def test_what_is_not_by_load_is_the_same_at_any_load(self, name: str, problem: Problem) -> None:
        free = [replace(agent, current_load=0, capacity=9) for agent in problem.agents]
        other = Problem(problem.tickets, free, problem.policy, problem.now, problem.readings)
        term = COST_TERMS[name]
        assert term.by_load or (term.matrix(other) == term.matrix(problem)).all()

    @each_term
    def test_agents_of_whom_nothing_is_known_are_equal(self, name: str) -> None:
        problem = Problem([Ticket(ticket_id=1)], [Agent(agent_id="a"), Agent(agent_id="b")])
        assert COST_TERMS[name].matrix(problem).tolist() == [[0.0, 0.0]]

    @each_term
    def test_the_order_of_the_agents_does_not_matter(self, name: str) -> None:
        tickets = [Ticket(ticket_id=1, skills={"VPN": 2, "AD": 1}, urgency=0.8, previous_agent="b")]
        agents = [
            Agent(agent_id="a", skills={"VPN": 7}, experience_level=4, current_load=3),
            Agent(agent_id="b", skills={"AD": 2}, experience_level=9, current_load=1),
        ]
        straight, reverse = Problem(tickets, agents), Problem(tickets, agents[::-1])
        term = COST_TERMS[name]
        assert term.matrix(straight).tolist() == term.matrix(reverse)[:, ::-1].tolist()

    @each_term
    def test_has_a_line_for_people_and_a_default_weight(self, name: str) -> None:
        assert COST_TERMS[name].summary and COST_TERMS[name].weight >= 0


def gaps(wanted: dict[str, float], *levels: dict[str, float]) -> list[float]:
    """Skill gap of one ticket for agents with these levels."""
    agents = [Agent(agent_id=j, skills=skills) for j, skills in enumerate(levels)]
    matrix = COST_TERMS["skill_gap"].matrix(Problem([Ticket(ticket_id=1, skills=wanted)], agents))
    return [round(float(value), 9) for value in matrix[0]]


class TestSkillGap:
    def test_is_what_is_lacking_of_the_one_skill_wanted(self) -> None:
        assert gaps({"VPN": 1}, {"VPN": 10}, {"VPN": 7}, {"VPN": 0}, {}) == [0, 0.3, 1, 1]

    def test_main_need_well_beats_many_weak_ones(self) -> None:
        wanted = {"Mac": 4, "Network": 2, "AD": 2, "Printers": 2}
        expert, toucher = gaps(wanted, {"Mac": 9}, {"Network": 6, "AD": 6, "Printers": 6, "Mac": 2})
        # squares 16, 4, 4, 4 of 28: the expert covers 16 * 0.9, the other 16 * 0.2 + 12 * 0.6
        assert expert == pytest.approx(1 - 14.4 / 28)
        assert toucher == pytest.approx(1 - 10.4 / 28)
        assert expert < toucher

    def test_only_the_ratio_of_importances_counts(self) -> None:
        found = [gaps({"VPN": scale, "AD": 3 * scale}, {"VPN": 3, "AD": 8}) for scale in (1, 1e-9, 1e5)]
        assert found[0] == found[1] == found[2] == [round(1 - (0.3 + 9 * 0.8) / 10, 9)]

    def test_spelling_does_not_matter(self) -> None:
        assert gaps({"cloud aws": 1}, {"Cloud_AWS": 8}, {"CLOUD-AWS": 8}) == [0.2, 0.2]

    def test_skills_not_wanted_do_not_help(self) -> None:
        assert gaps({"VPN": 1}, {"VPN": 5, "AD": 10}, {"VPN": 5}) == [0.5, 0.5]

    def test_a_ticket_that_wants_nothing_has_no_gap(self) -> None:
        assert gaps({}, {"VPN": 5}) == gaps({"VPN": 0}, {"VPN": 5}) == [0]


def test_urgency_is_the_gap_in_proportion() -> None:
    tickets = [Ticket(ticket_id=f"T{u}", skills={"VPN": 1}, urgency=u) for u in (0, 0.5, 1)]
    matrix = COST_TERMS["urgency"].matrix(Problem(tickets, [Agent(agent_id="a", skills={"VPN": 6})]))
    assert matrix[:, 0].round(9).tolist() == [0, 0.2, 0.4]


def test_experience_is_short_of_the_most_experienced() -> None:
    agents = [Agent(agent_id=e, experience_level=e) for e in (0, 5, 20)]
    matrix = COST_TERMS["experience"].matrix(Problem([Ticket(ticket_id=1)], agents))
    assert matrix.tolist() == [[1.0, 0.75, 0.0]]


def test_experience_only_breaks_ties() -> None:
    term, gap = COST_TERMS["experience"], COST_TERMS["skill_gap"]
    assert term.weight * 1.0 < gap.weight * 0.1, "all the experience there is weighs less than one skill level"


def test_stickiness_makes_everybody_but_the_previous_agent_dearer() -> None:
    tickets = [Ticket(ticket_id=1, previous_agent="b"), Ticket(ticket_id=2), Ticket(ticket_id=3, previous_agent="gone")]
    matrix = COST_TERMS["stickiness"].matrix(Problem(tickets, [Agent(agent_id="a"), Agent(agent_id="b")]))
    assert matrix.tolist() == [[1, 0], [0, 0], [0, 0]]


def test_waiting_sends_old_tickets_to_those_who_can_start() -> None:
    day = 86_400
    tickets = [Ticket(ticket_id=age, creation_timestamp=10 * day - age * day) for age in (0, 1, 3)]
    agents = [Agent(agent_id=load, current_load=load, capacity=4) for load in (0, 2, 4, 9)]
    matrix = COST_TERMS["waiting"].matrix(Problem(tickets, agents))
    assert matrix.tolist() == [[0, 0, 0, 0], [0, 0.25, 0.5, 0.5], [0, 0.375, 0.75, 0.75]]


class TestWeights:
    def test_policy_overrides_by_name_and_keeps_the_rest(self) -> None:
        found = weights(Problem([], [], Policy(weights={"skill_gap": 3})))
        assert found["skill_gap"] == 3.0
        assert found["urgency"] == COST_TERMS["urgency"].weight

    def test_an_unknown_term_is_an_error_with_the_closest_name(self) -> None:
        with pytest.raises(InvalidInputError, match="is not a cost term; did you mean 'skill_gap'"):
            formulate(Problem([], [], Policy(weights={"skill_gaps": 1})))

    @pytest.mark.parametrize("tiny", [1e-6, 9.99e-6, 5e-324])
    def test_a_weight_that_rounds_every_cost_to_nothing_is_refused(self, tiny: float) -> None:
        refused = "too small to count; give 0, or at least 0.00001"
        ask = [
            lambda: formulate(Problem([], [], Policy(weights={"experience": tiny}))),
            lambda: formulate(Problem([], [], Policy(balance=tiny))),
            lambda: formulate(Problem([], []), terms={"mine": CostTerm("mine", tiny, COST_TERMS["urgency"].matrix)}),
            lambda: Session(Problem([], [], Policy(balance=tiny))),
            lambda: Session(Problem([], []), change_cost=tiny),
            lambda: resolve(Problem([], []), previous={}, change_cost=tiny),
            lambda: frontier(Problem([], []), values=[tiny]),
        ]
        for one in ask:
            with pytest.raises(InvalidInputError, match=refused):
                one()

    def test_the_smallest_useful_weight_counts(self) -> None:
        agents = [Agent(agent_id=0, experience_level=0), Agent(agent_id=1, experience_level=1)]
        problem = Problem([Ticket(ticket_id=1)], agents, Policy(weights={"experience": 1 / SCALE}, balance=0))
        assert pair_terms(problem)["experience"].tolist() == [[1, 0]]

    @settings(max_examples=examples(100))
    @given(problem=problems())
    def test_terms_add_up_to_the_pair_cost_exactly(self, problem: Problem) -> None:
        parts = pair_terms(problem)
        zeros = np.zeros((problem.n_tickets, problem.n_agents), dtype=np.int64)
        assert (sum(parts.values(), zeros) == formulate(problem).pair_cost).all()

    def test_a_term_is_rounded_once_to_the_stated_scale(self) -> None:
        tickets, agents = [Ticket(ticket_id=1, skills={"VPN": 1})], [Agent(agent_id="a", skills={"VPN": 7})]
        parts = pair_terms(Problem(tickets, agents, Policy(weights={"skill_gap": 2})))
        assert parts["skill_gap"].tolist() == [[round(0.3 * 2 * SCALE)]]

    @pytest.mark.parametrize("bad", [[[1.1]], [[-0.1]], [[np.nan]], [[0.0], [0.0]]])
    def test_a_user_term_outside_the_contract_is_named(self, bad: list[list[float]]) -> None:
        terms = {"mine": CostTerm("a bad one", 1.0, lambda problem: np.array(bad))}
        with pytest.raises(InvalidInputError, match="cost term 'mine'"):
            formulate(Problem([Ticket(ticket_id=1)], [Agent(agent_id="a")]), terms=terms)


class TestAccount:
    def problem(self, **policy: object) -> Problem:
        tickets = [Ticket(ticket_id=k, customer=own) for k, own in enumerate(["gold-1", 7, "other", None])]
        return Problem(tickets, [Agent(agent_id="a"), Agent(agent_id=2)], Policy(**policy))  # type: ignore[arg-type]

    def test_others_than_the_customers_agent_cost_one(self) -> None:
        found = COST_TERMS["account"].matrix(self.problem(customer_agents={"gold-1": "a", "7": "2"}))
        assert found.tolist() == [[0, 1], [1, 0], [0, 0], [0, 0]]

    def test_its_weight_counts_where_the_policy_asks_for_it_and_is_the_policys_where_that_names_one(self) -> None:
        wish = {"customer_agents": {"gold-1": "a"}}
        assert weights(self.problem())["account"] == 0
        assert weights(self.problem(**wish))["account"] == 0.25
        assert weights(self.problem(**wish, weights={"account": 3}))["account"] == 3
        assert weights(self.problem(**wish, weights={"account": 0}))["account"] == 0
        assert "account" not in pair_terms(self.problem())

    def test_a_session_follows_agents_who_go_and_come(self) -> None:
        policy = Policy(customer_agents={"gold-1": "a"}, customer_weights={"gold-1": 0.5}, capacity=None, balance=0.1)
        session = Session(Problem([Ticket(ticket_id=0, customer="gold-1")], [Agent(agent_id="a")], policy))
        session.add_agent(Agent(agent_id="b"))
        late = session.add_ticket(Ticket(ticket_id=1, customer="gold-1", urgency=0.1))
        assert session.assigned == {0: "a", 1: "a"}
        assert late.objective == solve(session.problem).objective
        gone = session.remove_agent("a")
        assert session.assigned == {0: "b", 1: "b"}
        assert gone.objective == solve(session.problem).objective
        assert session.problem.policy.customer_agents == {}
