"""One line on a skill: it is read beside the name, from wherever it is given, and proposed where it would help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ticketopt
from ticketopt import Policy, Ticket
from ticketopt.errors import InvalidInputError
from ticketopt.planning.assign import problem_of
from ticketopt.problem.reading import Reading
from ticketopt.triage import Reader
from ticketopt.triage.advice import note_advice
from ticketopt.triage.skill_texts import skill_texts

SKILLS = ["Tier 2", "Back office", "Front desk"]
NOTE = "looks at crashes of the API and the database"
TICKET = Ticket(ticket_id=1, title="Postgres returns 500", description="The API crashes and the database is slow.")
TEAM = [{"agent_id": name, "skills": {name: 9}} for name in SKILLS]


def share(reader: Reader, skill: str = "Tier 2") -> float:
    (reading,) = reader([TICKET], skills=SKILLS, now=0.0)
    return reading.skills.get(skill, 0.0)


def test_a_note_makes_a_vague_name_known() -> None:
    assert share(Reader(notes={"tier_2": NOTE})) > max(0.6, share(Reader()))


def test_the_readers_own_notes_win_over_the_teams() -> None:
    reader = Reader(notes={"Tier 2": NOTE})
    assert reader.noted({"TIER 2": "waters the plants"}).notes == reader.notes
    assert reader.noted({"Back office": "waters the plants"}).notes.keys() == {"Tier 2", "Back office"}


@pytest.mark.parametrize("place", ["policy", "team file"])
def test_from_a_policy_and_from_a_team_file(place: str, tmp_path: Path) -> None:
    file = tmp_path / "team.json"
    notes = {"Tier 2": NOTE}
    file.write_text(json.dumps({"agents": TEAM, **({"skill_notes": notes} if place == "team file" else {})}))
    tickets = tmp_path / "tickets.json"
    tickets.write_text(json.dumps([{"ticket_id": "1", "title": TICKET.title, "description": TICKET.description}]))
    queue = ticketopt.read_queue(tickets, agents=file)
    problem = problem_of(queue, policy=Policy(skill_notes=notes if place == "policy" else {}))
    assert next(iter(problem.readings[0].skills)) == "Tier 2"
    assert ticketopt.solve(problem)["1"].agent_id == "Tier 2"


def test_a_wrong_note_says_where_it_is() -> None:
    with pytest.raises(InvalidInputError, match="skill_notes"):
        ticketopt.read_queue({"agents": TEAM, "tickets": [], "skill_notes": {"Tier 2": ["a", "b"]}})
    with pytest.raises(InvalidInputError, match=r"policy\.skill_notes"):
        Policy.from_dict({"skill_notes": {"Tier 2": {}}})


def test_a_triage_that_takes_no_notes_is_named_in_a_warning() -> None:
    def read(tickets: object, *, skills: object, now: float) -> list[Reading]:
        return [Reading({"Tier 2": 1.0})]

    with pytest.warns(ticketopt.errors.InputWarning, match="skill_notes"):
        ticketopt.assign([TICKET], TEAM, policy={"skill_notes": {"Tier 2": NOTE}}, triage=read)


def test_notes_are_proposed_for_vague_names_and_for_skills_that_compete() -> None:
    tickets = [Ticket(ticket_id=k, title=f"please look at case {k}") for k in range(8)]
    advice = note_advice(Reader(), tickets, [*SKILLS, "Printing"])
    assert all(one.skill in one.words and one.rival in one.words for one in advice)
    assert "Tier 2" in {one.skill for one in advice if not one.rival}
    assert "Printing" not in {one.skill for one in advice if not one.rival}
    noted = note_advice(Reader(notes={"Tier 2": NOTE}), tickets, [*SKILLS, "Printing"])
    assert "Tier 2" not in {one.skill for one in noted if not one.rival}
    assert note_advice(Reader(), [], SKILLS) == note_advice(Reader(), tickets, []) == []


def test_the_texts_of_a_skill() -> None:
    assert skill_texts("Printing", "", {}, ()) == ["Printing"]
    assert skill_texts("Printing", "fixes toners", {}, ()) == ["Printing", "fixes toners"]
