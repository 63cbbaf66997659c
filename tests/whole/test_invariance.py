"""What must not matter: the order of records, how names are spelled, and people who take nothing.

The whole way is tested, from records to the plan: `assign` on what a caller writes.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ticketopt
from support.seeds import examples
from ticketopt.errors import InvalidInputError
from ticketopt.formulation.formulate import formulate
from ticketopt.model.objective import objective
from ticketopt.model.outcome import Status
from ticketopt.planning.result import Result
from ticketopt.problem.fields import first_spellings, spelled
from ticketopt.problem.policy import Policy
from ticketopt.problem.problem import Problem
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Agent, Ticket

Record = dict[str, Any]

FEW = settings(max_examples=examples(30))
"""Each example solves two problems."""

SKILLS = ("VPN", "Réseau", "Cloud_AWS", "Paie & congés")
TEAMS = ("Süd", "field-service")
LANGUAGES = ("Français", "de")
TEXTS = ("", "VPN drops, P1", "Le réseau est en panne", "the AWS instance is slow, no rush")


def full_width(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in name)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "full width": full_width,
    "dashes": lambda name: name.replace("_", "-").replace(" ", "\u2010"),
    "blanks": lambda name: f"  {name.replace('_', '  ').replace('-', ' ')} ",
}


@st.composite
def ticket_records(draw: st.DrawFn, number: int, n_agents: int) -> Record:
    """A ticket that states what it wants, or lets its text say it."""
    record: Record = {"ticket_id": f"t{number}", "creation_timestamp": 1.7e9 - 3600 * draw(st.integers(0, 4))}
    if draw(st.booleans()):
        record["title"] = draw(st.sampled_from(TEXTS))
    else:
        record["skills"] = draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), max_size=2))
        record["urgency"] = draw(st.integers(0, 4)) / 4
    if draw(st.integers(0, 3)) == 0:
        record["requires"] = {draw(st.sampled_from(SKILLS)): draw(st.integers(1, 6))}
    if draw(st.integers(0, 3)) == 0:
        record["language"] = draw(st.sampled_from(LANGUAGES))
    if draw(st.integers(0, 3)) == 0 and n_agents:
        record["previous_agent"] = f"a{draw(st.integers(0, n_agents - 1))}"
    return record


@st.composite
def agent_records(draw: st.DrawFn, number: int) -> Record:
    return {
        "agent_id": f"a{number}",
        "skills": draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 10), max_size=3)),
        "current_load": draw(st.integers(0, 2)),
        "experience_level": draw(st.integers(0, 5)),
        "availability_status": draw(st.sampled_from(["available", "available", "On_Duty", "on break"])),
        "capacity": draw(st.sampled_from([None, None, 2, 4])),
        "team": draw(st.sampled_from([None, *TEAMS])),
        "languages": draw(st.sampled_from([[], list(LANGUAGES), ["Français"]])),
    }


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Record], list[Record], Record]:
    """(tickets, agents, policy) as a caller writes them."""
    n, a = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    agents = [draw(agent_records(j)) for j in range(a)]
    tickets = [draw(ticket_records(i, a)) for i in range(n)]
    policy: Record = {"capacity": draw(st.sampled_from(["fair_share", 3, None]))}
    if draw(st.integers(0, 2)) == 0:
        policy["max_new_per_team"] = {TEAMS[0]: draw(st.integers(0, 2))}
    return tickets, agents, policy


def solved(tickets: list[Record], agents: list[Record], policy: Record) -> Result:
    """An optimal plan."""
    problem = ticketopt.build_problem(tickets, agents, policy=policy, now=1.7e9)
    result = ticketopt.solve(problem, time_limit=600)
    assert result.status is Status.OPTIMAL
    return result


def same_readings(one: Result, other: Result) -> bool:
    """Whether the same was read in every ticket, whatever the spelling."""

    def read(result: Result) -> dict[Any, Any]:
        pairs = zip(result.problem.tickets, result.problem.readings, strict=True)
        return {t.ticket_id: (r.urgency, {spelled(s): w for s, w in r.skills.items()}) for t, r in pairs}

    return read(one) == read(other)


def worth(problem: Problem, plan: dict[Any, Any]) -> int:
    """The objective of a plan, ids to ids, in a problem."""
    where = [problem.agent_of(plan.get(ticket.ticket_id)) for ticket in problem.tickets]
    return objective(formulate(problem), np.array(where, dtype=np.int64))


def renamed(records: list[Record], fields: dict[str, Callable[[Any], Any]]) -> list[Record]:
    return [{key: fields.get(key, lambda own: own)(value) for key, value in row.items()} for row in records]


def respelled(queue: tuple[list[Record], list[Record], Record], spell: Callable[[str], str]) -> Any:
    """A queue with every name of a skill, a team, a language and a status in another spelling."""
    tickets, agents, policy = queue

    def one(name: str | None) -> str | None:
        return None if name is None else spell(name)

    def keys(mapping: dict[str, Any]) -> dict[str, Any]:
        return {spell(name): value for name, value in mapping.items()}

    def each(names: list[str]) -> list[str]:
        return [spell(name) for name in names]

    fields = {
        **dict.fromkeys(["skills", "requires", "max_new_per_team"], keys),
        **dict.fromkeys(["team", "language", "availability_status"], one),
        "languages": each,
    }
    return renamed(tickets, fields), renamed(agents, fields), renamed([policy], fields)[0]


class TestOrder:
    @FEW
    @given(queues(), st.randoms(use_true_random=False))
    def test_the_order_of_tickets_and_agents_changes_no_cost(self, queue: Any, random: Any) -> None:
        tickets, agents, policy = queue
        first = solved(tickets, agents, policy)
        second = solved(random.sample(tickets, len(tickets)), random.sample(agents, len(agents)), policy)
        assert first.objective == second.objective
        assert same_readings(first, second)
        assert worth(first.problem, second.assigned) == worth(first.problem, first.assigned)

    @given(st.integers(1, 6), st.integers(0, 6))
    def test_equal_tickets_are_served_in_their_order(self, n: int, room: int) -> None:
        tickets = [{"ticket_id": f"t{i}", "skills": {"VPN": 1}, "urgency": 0.5} for i in range(n)]
        result = solved(tickets, [{"agent_id": "a", "skills": {"VPN": 5}, "capacity": room}], {})
        assert list(result.assigned) == [f"t{i}" for i in range(min(n, room))]


class TestNames:
    @FEW
    @given(queues())
    def test_other_ids_change_nothing_else(self, queue: Any) -> None:
        tickets, agents, policy = queue

        def other(own: str | None) -> str | None:
            return None if own is None else f"Nr. {own[::-1]}"

        first = solved(tickets, agents, policy)
        fields = dict.fromkeys(["ticket_id", "agent_id", "previous_agent"], other)
        second = solved(renamed(tickets, fields), renamed(agents, fields), policy)
        assert {other(i): other(j) for i, j in first.assigned.items()} == second.assigned
        assert first.objective == second.objective

    @FEW
    @given(queues())
    def test_other_names_of_skills_change_nothing_where_no_text_is_read(self, queue: Any) -> None:
        tickets, agents, policy = queue
        tickets = [{**ticket, "title": ""} for ticket in tickets]

        def other(skills: dict[str, float]) -> dict[str, float]:
            return {f"skill {SKILLS.index(own)}": value for own, value in skills.items()}

        first = solved(tickets, agents, policy)
        second = solved(
            renamed(tickets, {"skills": other, "requires": other}), renamed(agents, {"skills": other}), policy
        )
        assert first.assigned == second.assigned
        assert first.objective == second.objective

    @FEW
    @given(queues(), st.sampled_from(sorted(SPELLINGS)))
    @example(
        ([{"ticket_id": "t0", "title": TEXTS[2]}], [{"agent_id": "a0", "skills": {"R\u00e9seau": 5}}], {}), "decomposed"
    )
    def test_another_spelling_of_every_name_changes_nothing(self, queue: Any, spelling: str) -> None:
        first, second = solved(*queue), solved(*respelled(queue, SPELLINGS[spelling]))
        assert first.assigned == second.assigned
        assert first.objective == second.objective
        assert same_readings(first, second)

    @FEW
    @given(queues(), st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=4, max_size=4))
    def test_every_agent_may_spell_as_he_likes(self, queue: Any, spellings: list[str]) -> None:
        tickets, agents, policy = queue
        mixed = [respelled(([], [agent], {}), SPELLINGS[s])[1][0] for agent, s in zip(agents, spellings, strict=False)]
        first, second = solved(tickets, agents, policy), solved(tickets, mixed, policy)
        assert first.assigned == second.assigned
        assert first.objective == second.objective
        assert len(first.problem.skill_names) == len(second.problem.skill_names)

    def test_two_spellings_are_one_wanted_skill_shown_as_it_was_first_written(self) -> None:
        agents = [{"agent_id": "a", "skills": {"VPN": 3}}, {"agent_id": "b", "skills": {"vpn": 9}}]
        result = ticketopt.assign([{"ticket_id": 1, "title": "The VPN drops"}], agents)
        assert result.problem.readings[0].skills == {"VPN": 1.0}
        assert result.assigned == {1: "b"}

    def test_a_limit_holds_for_a_team_in_every_spelling(self) -> None:
        agents = [{"agent_id": own, "team": team} for own, team in (("a", "field-service"), ("b", "Field Service"))]
        tickets = [{"ticket_id": k} for k in range(3)]
        for limits in ({"FIELD_SERVICE": 1}, 1):
            result = ticketopt.assign(tickets, agents, policy={"max_new_per_team": limits})
            assert len(result.assigned) == 1
            assert not result.warnings
            everything = dict.fromkeys(range(3), "a")
            [broken] = [v for v in ticketopt.verify(result.problem, everything) if "team" in v.message]
            assert broken.message == "team field-service gets 3 tickets; at most 1 are allowed"

    def test_one_team_limited_in_two_spellings_is_an_error(self) -> None:
        with pytest.raises(InvalidInputError, match="is the same name as"):
            Policy(max_new_per_team={"Field": 1, "field": 2})

    def test_a_reading_that_names_a_skill_twice_is_an_error(self) -> None:
        readings = [Reading({"VPN": 0.5, "vpn": 0.5})]
        with pytest.raises(InvalidInputError, match="name one skill in two spellings"):
            Problem([Ticket(ticket_id=1)], [Agent(agent_id=1)], readings=readings)

    def test_unusual_blanks_in_a_name_are_blanks(self) -> None:
        assert spelled("Cloud\u00a0AWS") == spelled("Cloud\u3000AWS") == "cloud aws"
        assert Agent(agent_id=1, skills={"Cloud\u00a0AWS": 5}).skills

    @given(st.text())
    def test_the_fold_is_one(self, name: str) -> None:
        forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC", "NFKD")]
        assert {spelled(form) for form in forms} == {spelled(name)}
        assert spelled(spelled(name)) == spelled(name) == spelled(name.casefold())

    def test_what_is_shown_is_the_first_spelling(self) -> None:
        assert first_spellings(["VPN", "Mail", "vpn"]) == {"vpn": "VPN", "mail": "Mail"}


class TestWhoTakesNothing:
    @FEW
    @given(queues(), st.integers(0, 1000), st.integers(0, 10))
    def test_somebody_offline_changes_nothing(self, queue: Any, experience: int, load: int) -> None:
        tickets, agents, policy = queue
        skills = dict.fromkeys(SKILLS, 10)
        away = {"agent_id": "away", "availability_status": "offline", "skills": skills, "current_load": load}
        first = solved(tickets, [*agents, {**away, "experience_level": 0}], policy)
        second = solved(tickets, [*agents, {**away, "experience_level": experience}], policy)
        assert first.assigned == second.assigned
        assert first.objective == second.objective

    @FEW
    @given(queues(), st.integers(0, 1000), st.integers(0, 9))
    def test_nor_does_it_matter_whether_he_is_there_at_all(self, queue: Any, experience: int, units: int) -> None:
        tickets, agents, policy = queue
        skills = {skill: 10 for agent in agents for skill in agent["skills"]}
        away = {"agent_id": "away", "availability_status": "offline", "skills": skills, "experience_level": experience}
        slow = [{**ticket, "effort_by_agent": {"away": 1 + units}} for ticket in tickets]
        first, second = solved(tickets, agents, policy), solved(slow, [*agents, away], policy)
        assert (first.cost, len(first.unassigned)) == (second.cost, len(second.unassigned))
        assert worth(first.problem, second.assigned) == worth(first.problem, first.assigned)

    @FEW
    @given(queues())
    def test_nor_does_somebody_whom_every_ticket_excludes(self, queue: Any) -> None:
        tickets, agents, policy = queue
        agents = [{**agent, "capacity": 3} for agent in agents]
        skills = {skill: 10 for agent in agents for skill in agent["skills"]}
        excluded = [{**ticket, "excluded_agents": ["never"]} for ticket in tickets]
        never = {"agent_id": "never", "skills": skills, "capacity": 3}
        first, second = solved(tickets, agents, policy), solved(excluded, [*agents, never], policy)
        assert (first.cost, len(first.unassigned)) == (second.cost, len(second.unassigned))
        assert worth(first.problem, second.assigned) == worth(first.problem, first.assigned)

    def test_an_offline_expert_shifts_nobodys_experience_cost(self) -> None:
        agents = [{"agent_id": j, "experience_level": j} for j in (1, 2)]
        away = {"agent_id": 9, "experience_level": 900, "availability_status": "offline"}
        problem = ticketopt.build_problem([{"ticket_id": 1}], [*agents, away])
        assert problem.experience_gap.tolist() == [0.5, 0.0, 0.0]

    @pytest.mark.parametrize("n_away", [0, 1, 2])
    def test_offline_colleagues_change_no_fair_share(self, n_away: int) -> None:
        agents: list[Record] = [{"agent_id": "a"}]
        agents += [{"agent_id": f"away{k}", "availability_status": "offline"} for k in range(n_away)]
        efforts = {"a": 5, "away0": 40}
        tickets = [{"ticket_id": i, "effort_by_agent": efforts} for i in range(2)]
        with pytest.warns() if n_away < 1 else contextlib.nullcontext():
            result = ticketopt.assign(tickets, agents)
        assert result.problem.fair_share == 2 * 5 + 5 - 1
        assert len(result.assigned) == 2
