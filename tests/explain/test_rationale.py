"""Rationales are honest: they name the skills, levels and loads that decided, and who else matched better."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import ticketopt
from support.seeds import examples
from support.strategies import NOW, problems
from ticketopt.explain.rationale import rationales
from ticketopt.formulation.formulate import formulate
from ticketopt.planning.result import Result
from ticketopt.planning.solve import solve
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Evidence, Reading
from ticketopt.problem.records import Agent, Ticket


def why(problem: Problem, ticket_id: Any = "T") -> str:
    return solve(problem)[ticket_id].rationale


def wanting(*skills: str, **changes: Any) -> Ticket:
    """Ticket T wanting these skills, the first most."""
    return Ticket(ticket_id="T", skills={skill: len(skills) - k for k, skill in enumerate(skills)}, **changes)


class TestSentence:
    def test_names_skills_with_the_agents_levels_urgency_and_loads(self) -> None:
        team = [Agent(agent_id="a7", name="Ana", skills={"VPN": 9, "Cloud_AWS": 4.5}, current_load=2, capacity=5)]
        problem = Problem([wanting("VPN", "cloud aws", "SAP", urgency=0.8)], team)
        assert why(problem) == (
            "Assigned to Ana (a7) for VPN (9) and cloud aws (4.5); urgency 0.80; "
            "open load 2 before this plan, 3 of 5 after it."
        )

    @pytest.mark.parametrize(
        ("level", "is_cautious", "words"),
        [
            (6.1, False, "for VPN (6.1, 3.9 to 8.2, learned from 41 tickets)"),
            (6.1, True, "for VPN (3.9, the lower end of 6.1, 3.9 to 8.2, learned from 41 tickets)"),
            (7, False, "for VPN (7)"),  # somebody wrote over it
            (7, True, "for VPN (7)"),
            (3.9, False, "for VPN (3.9)"),
        ],
    )
    def test_says_what_a_learned_level_rests_on(self, level: float, is_cautious: bool, words: str) -> None:
        agent = {"agent_id": "a", "skills": {"VPN": level}, "learned_levels": {"vpn": [6.1, 3.9, 8.2, 41]}}
        ticket, policy = {"ticket_id": "t", "skills": {"VPN": 1}}, {"cautious": is_cautious}
        result = ticketopt.assign([ticket], [agent], policy=policy)
        assert words in result["t"].rationale

    def test_a_learned_level_of_another_form_is_not_told(self) -> None:
        agent = {"agent_id": "a", "skills": {"VPN": 6}, "learned_levels": {"VPN": [6, 5]}}
        result = ticketopt.assign([{"ticket_id": "t", "skills": {"VPN": 1}}], [agent])
        assert "for VPN (6);" in result["t"].rationale

    def test_at_most_three_skills_most_wanted_first(self) -> None:
        skills = dict.fromkeys("dcba", 5)
        sentence = why(Problem([wanting("a", "b", "c", "d")], [Agent(agent_id="x", skills=skills)]))
        assert "for a (5), b (5) and c (5);" in sentence

    def test_says_when_the_agent_has_none_of_what_is_wanted(self) -> None:
        sentence = why(Problem([wanting("SAP", "VPN")], [Agent(agent_id="x", skills={"AD": 9, "VPN": 0})]))
        assert sentence.startswith("Assigned to x without a recorded skill in SAP and VPN;")

    def test_says_when_nothing_was_recognized(self) -> None:
        sentence = why(Problem([Ticket(ticket_id="T")], [Agent(agent_id="x", skills={"AD": 9})]))
        assert sentence.startswith("Assigned to x by load and experience, as no skill was recognized")

    def test_says_when_it_is_pinned(self) -> None:
        team = [Agent(agent_id=1), Agent(agent_id=2, skills={"VPN": 9})]
        sentence = why(Problem([wanting("VPN", pinned_agent="1")], team))
        assert sentence.startswith("Assigned to 1 because it is pinned there;")

    def test_quotes_the_words_that_made_it_urgent(self) -> None:
        evidence = (Evidence("VPN", "tunnel", "title", 1.0), Evidence("urgency", "down for everyone", "title", 0.5))
        reading = Reading({"VPN": 1.0}, 0.9, evidence)
        problem = Problem([Ticket(ticket_id="T")], [Agent(agent_id="x")], readings=[reading])
        assert 'urgency 0.90 ("down for everyone")' in why(problem)

    def test_no_capacity_no_limit_in_the_sentence(self) -> None:
        problem = Problem([Ticket(ticket_id="T")], [Agent(agent_id="x", current_load=3)], Policy(capacity=None))
        assert why(problem).endswith("open load 3 before this plan, 4 after it.")


class TestWhoMatchesBetter:
    def test_but_is_offline(self) -> None:
        team = [Agent(agent_id="x"), Agent(agent_id="y", skills={"VPN": 9}, availability_status="on leave")]
        assert why(Problem([wanting("VPN")], team)).endswith("; y matches better but is on leave.")

    def test_but_may_not_take_it(self) -> None:
        team = [Agent(agent_id="x"), Agent(agent_id="y", skills={"VPN": 9}, shift_end=NOW)]
        sentence = why(Problem([wanting("VPN")], team, now=float(NOW + 1)))
        assert sentence.endswith("; y matches better but may not take it.")

    def test_but_has_no_room(self) -> None:
        team = [Agent(agent_id="x"), Agent(agent_id="y", skills={"VPN": 9}, current_load=4, capacity=4)]
        assert why(Problem([wanting("VPN")], team)).endswith("; y matches better but has no room for it in this plan.")

    def test_but_costs_more_with_its_load(self) -> None:
        team = [Agent(agent_id="x", capacity=9), Agent(agent_id="y", skills={"VPN": 1}, current_load=8, capacity=9)]
        problem = Problem([wanting("VPN", urgency=0.0)], team)
        # gap 1 against 0.9; load 0.5 * (0.5 / 9) against 0.5 * (8.5 / 9): 1.02778 against 1.37222
        assert why(problem).endswith("; y matches better but costs 0.34 more, load included.")

    def test_but_is_held_back_by_a_limit_even_one_folded_into_its_capacity(self) -> None:
        team = [Agent(agent_id="x", capacity=9), Agent(agent_id="y", skills={"VPN": 9}, capacity=9)]
        queue = [Ticket(ticket_id="T", skills={"VPN": 1}, urgency=0.1), Ticket(ticket_id="U", skills={"VPN": 1})]
        result = solve(Problem(queue, team, Policy(max_new_per_agent=1)))
        assert result.assigned == {"T": "x", "U": "y"}
        assert result["T"].rationale.endswith("; y matches better but is held back by a limit.")

    def test_but_is_held_back_by_a_limit_across_agents(self) -> None:
        """Two teams, one new ticket each: y, the better match for T, stands in the team that has its ticket already."""
        team = [
            Agent(agent_id="x", capacity=9, team="one"),
            Agent(agent_id="y", skills={"VPN": 9}, capacity=9, team="two"),
            Agent(agent_id="z", skills={"SAP": 9}, capacity=9, team="two"),
        ]
        queue = [wanting("VPN", urgency=0.1), Ticket(ticket_id="U", skills={"SAP": 1}, urgency=0.9)]
        result = solve(Problem(queue, team, Policy(max_new_per_team=1)))
        assert result.assigned == {"T": "x", "U": "z"}
        assert result["T"].rationale.endswith("; y matches better but is held back by a limit.")

    def test_a_plan_that_is_not_the_cheapest_speaks_of_no_limit_where_there_is_none(self) -> None:
        """Round the wrong way: y could have had T for less, and nothing but the plan is in its way."""
        team = [Agent(agent_id="x", capacity=9), Agent(agent_id="y", skills={"VPN": 9}, capacity=9)]
        problem = Problem([wanting("VPN", urgency=0.5)], team)
        model = formulate(problem)
        sentence = rationales(problem, model, np.array([0]))[0]
        assert sentence.endswith("; y matches better and would cost 1.35 less: this plan is not the cheapest.")
        limited = replace(problem, policy=Policy(max_urgent_per_agent=1))
        assert "limit" not in rationales(limited, formulate(limited), np.array([0]))[0]

    def test_nobody_is_named_where_the_best_match_got_it(self) -> None:
        team = [Agent(agent_id="x"), Agent(agent_id="y", skills={"VPN": 9})]
        assert "matches better" not in why(Problem([wanting("VPN")], team))


class TestLeftOut:
    """Who holds the places, and why: told apart for every ticket, and true."""

    def left_out(self, *queue: Ticket, capacity: int = 1, **policy: Any) -> dict[Any, str]:
        result = solve(Problem(queue, [Agent(agent_id="x", capacity=capacity)], Policy(**policy), float(NOW)))
        return {decision.ticket_id: decision.rationale for decision in result.unassigned}

    def test_the_more_urgent_and_the_one_that_waits_longer_are_named(self) -> None:
        old = Ticket(ticket_id="old", urgency=0.5, creation_timestamp=NOW - 9999)
        new = Ticket(ticket_id="new", urgency=0.5, creation_timestamp=NOW - 5)
        head = "It takes 1 unit; the only eligible agent, x, has 0 left after this plan. Its place is held by "
        assert self.left_out(Ticket(ticket_id="U", urgency=0.9), old, new) == {
            "old": head + "U (more urgent).",
            "new": head + "U (more urgent).",
        }
        assert self.left_out(old, new) == {"new": head + "old (as urgent, waiting longer)."}

    def test_at_most_three_with_the_weakest_claims(self) -> None:
        queue = [Ticket(ticket_id=k, urgency=k / 10) for k in range(1, 8)]
        (words,) = self.left_out(*queue, capacity=6).values()
        assert words.endswith("Its places are held by 2, 3 and 4 (more urgent) and 3 more.")

    def test_a_tie_and_a_smaller_one_and_one_that_is_cheaper(self) -> None:
        (tie,) = self.left_out(Ticket(ticket_id="A", urgency=0.5), Ticket(ticket_id="B", urgency=0.5)).values()
        assert tie.endswith("held by A (no different).") or tie.endswith("held by B (no different).")
        (small,) = self.left_out(
            Ticket(ticket_id="A", urgency=0.5, effort=3), Ticket(ticket_id="B", urgency=0.5), capacity=3
        ).values()
        assert small.endswith("Its place is held by B (smaller).")
        wants = Ticket(ticket_id="SAP", urgency=0.5, skills={"SAP": 1})
        (dear,) = self.left_out(wants, Ticket(ticket_id="any", urgency=0.5)).values()
        assert dear.endswith("held by any (as urgent, cheaper to serve).")

    def test_who_uses_up_a_limit_is_named(self) -> None:
        words = self.left_out(
            Ticket(ticket_id="A", urgency=0.95), Ticket(ticket_id="B", urgency=0.9), capacity=5, max_urgent_per_agent=1
        )["B"]
        assert words.startswith("A limit is reached: ")
        assert words.endswith(" Its place is held by A (more urgent).")

    def test_nobody_is_named_where_old_work_fills_the_places(self) -> None:
        (words,) = self.left_out(Ticket(ticket_id="A"), capacity=0).values()
        assert words == "It takes 1 unit; the only eligible agent, x, has 0 free to begin with."

    @settings(max_examples=examples(100))
    @given(problem=problems())
    def test_every_claim_is_true(self, problem: Problem) -> None:
        result = solve(problem)
        for decision in result.unassigned:
            i = problem.ticket_index[str(decision.ticket_id)]
            told = decision.rationale.partition(" held by ")[2]
            for names, claim in re.findall(r"(?:^|, )([^()]*) \((more urgent|as urgent[^)]*)\)", told):
                for name in re.split(r", | and ", names):
                    h = problem.ticket_index[name]
                    assert result.assignment[h] >= 0
                    assert (problem.urgency[h] > problem.urgency[i]) == (claim == "more urgent")
                    assert claim == "more urgent" or problem.urgency[h] == problem.urgency[i]
                    assert claim != "as urgent, waiting longer" or problem.waited[h] > problem.waited[i]


class TestHonesty:
    @settings(max_examples=examples(150))
    @given(problem=problems())
    def test_every_number_in_a_sentence_is_true(self, problem: Problem) -> None:
        result = solve(problem)
        loads = {load.agent_id: load for load in result.loads}
        for decision, ticket in zip(result.decisions, problem.tickets, strict=True):
            if decision.agent_id is None:
                continue
            load, sentence = loads[decision.agent_id], decision.rationale
            limit = "" if load.capacity is None else f" of {load.capacity}"
            assert f"open load {load.before} before this plan, {load.after}{limit} after it" in sentence
            assert f"urgency {decision.reading.urgency:.2f}" in sentence
            agent = problem.agents[problem.agent_of(decision.agent_id)]
            named = re.search(r" for (.*?);", sentence)
            if named and ticket.pinned_agent is None:
                held = {name.casefold().replace("_", " ").replace("-", " "): v for name, v in agent.skills.items()}
                for name, level in re.findall(r"([\w -]+?) \(([\d.]+)\)", named[1].replace(" and ", ", ")):
                    spelled = name.strip(" ,").casefold().replace("-", " ")
                    assert f"{held[spelled]:g}" == level

    @settings(max_examples=examples(60))
    @given(problem=problems())
    def test_no_sentence_repeats_title_or_description(self, problem: Problem) -> None:
        private = {"title": "SECRET", "description": "SECRET"}
        queue = [Ticket(ticket_id=t.ticket_id, requires=t.requires, **private) for t in problem.tickets]
        result: Result = solve(Problem(queue, problem.agents, problem.policy, problem.now))
        assert "SECRET" not in result.to_json()


@pytest.mark.parametrize("n_agents", [0, 1])
def test_nothing_to_explain(n_agents: int) -> None:
    assert solve(Problem([], [Agent(agent_id=j) for j in range(n_agents)])).decisions == ()
