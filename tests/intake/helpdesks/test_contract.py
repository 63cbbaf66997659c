"""What every member of `HELPDESKS` keeps, over the table and over exports as the products write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from support.columns import column, said
from support.helpdesk_exports import EXPORTS, expected, form_of, headings, realistic_export, records
from ticketopt.intake.column import heading_key, is_placeholder
from ticketopt.intake.helpdesks import HELPDESKS, Helpdesk
from ticketopt.intake.helpdesks.base import BESIDE, BESIDE_AGENT, Names, Stage
from ticketopt.intake.helpdesks.recognize import recognized, recognized_team
from ticketopt.intake.helpdesks.statuses import STATUSES
from ticketopt.intake.priorities import read_priorities
from ticketopt.intake.priority_words import PRIORITIES
from ticketopt.problem.names import spelled
from ticketopt.problem.records import AGENT_FIELDS, PRIORITY_URGENCY, TICKET_FIELDS

WORKED_ON_BESIDE = {"group", "shift_start"}
"""Targets of `PLAIN` that the reader makes rules of and that are no field of a record."""

PRODUCTS = [name for name, helpdesk in HELPDESKS.items() if helpdesk.signs]
FORMS = [(name, form) for name, forms in EXPORTS.items() for form in forms]
DIALECTS = [(name, f"{form}@{d}") for name, form in FORMS if "json" not in form for d in ("utf-16", "utf-8-sig\t", ";")]

each_helpdesk = pytest.mark.parametrize("helpdesk", HELPDESKS.values(), ids=HELPDESKS)
each_product = pytest.mark.parametrize("name", PRODUCTS)
each_form = pytest.mark.parametrize(("name", "form"), FORMS)


def found(names: Names, target: str, row: Mapping[str, Any]) -> Any:
    """The cell of the best heading that a row has."""
    cells = {heading_key(heading): cell for heading, cell in row.items()}
    return next((cells[key] for key in map(heading_key, names[target]) if key in cells), None)


def word(cell: Any) -> str:
    return spelled(str(cell))


def signs_that_fit(helpdesk: Helpdesk, there: set[str]) -> Iterator[tuple[str, ...]]:
    return (signs for signs in helpdesk.signs if {heading_key(sign) for sign in signs} <= there)


class TestMembers:
    @each_helpdesk
    def test_targets_are_fields(self, helpdesk: Helpdesk) -> None:
        assert set(helpdesk.tickets) <= {*TICKET_FIELDS, *BESIDE, *WORKED_ON_BESIDE}
        assert set(helpdesk.agents) <= {*AGENT_FIELDS, *BESIDE_AGENT, *WORKED_ON_BESIDE}

    @each_helpdesk
    def test_have_what_a_ticket_and_an_agent_need(self, helpdesk: Helpdesk) -> None:
        assert {"ticket_id", "title", "creation_timestamp", "status", "assignee"} <= set(helpdesk.tickets)
        assert {"agent_id", "name"} <= set(helpdesk.agents)

    @each_helpdesk
    def test_headings_of_a_target_are_apart(self, helpdesk: Helpdesk) -> None:
        for names in (helpdesk.tickets, helpdesk.agents):
            for target, spellings in names.items():
                keys = [heading_key(heading) for heading in spellings]
                assert keys and all(keys) and len(set(keys)) == len(keys), target

    @each_helpdesk
    def test_words_stand_as_they_are_looked_up(self, helpdesk: Helpdesk) -> None:
        for words in (helpdesk.statuses, helpdesk.priorities):
            assert [key for key in words if key != spelled(key)] == []

    @each_helpdesk
    def test_stages_and_priorities_are_ours(self, helpdesk: Helpdesk) -> None:
        assert set(helpdesk.statuses.values()) <= set(get_args(Stage))
        assert set(helpdesk.priorities.values()) <= set(PRIORITY_URGENCY)

    @each_product
    def test_products_have_all_parts(self, name: str) -> None:
        helpdesk = HELPDESKS[name]
        assert helpdesk.label and helpdesk.agent_signs and helpdesk.lists and helpdesk.statuses and EXPORTS[name]
        assert set(helpdesk.statuses.values()) >= {"new", "done"}

    @pytest.mark.parametrize("which", ["signs", "agent_signs"])
    def test_signs_are_of_one_product(self, which: str) -> None:
        """No set is a part of another product's, so a longer export of one never has all that tells the other."""
        owners = [(name, {heading_key(s) for s in one}) for name in PRODUCTS for one in getattr(HELPDESKS[name], which)]
        assert all(len(signs) >= 2 for _, signs in owners)
        assert [(a, b, x) for a, x in owners for b, y in owners if a != b and x <= y] == []


class TestWords:
    def test_stand_as_they_are_looked_up(self) -> None:
        assert [key for key in (*STATUSES, *PRIORITIES) if key != spelled(key)] == []

    def test_mean_what_is_ours(self) -> None:
        assert set(STATUSES.values()) == set(get_args(Stage))
        assert set(PRIORITIES.values()) == set(PRIORITY_URGENCY)

    @pytest.mark.parametrize(
        ("said", "stage"),
        [
            *[("Open", "new"), ("Re-opened", "new"), ("In Progress", "open"), ("2 - In Progress", "open")],
            *[("ON_HOLD", "waiting"), ("Waiting for customer", "waiting"), ("Cancelled", "done"), ("Spam", "done")],
            *[("In Bearbeitung", "open"), ("Résolu", "done"), ("En espera", "waiting"), ("Concluído", "done")],
            *[("In attesa", "waiting"), ("Merged", "done"), ("Duplicate", "done"), ("À faire", "new")],
        ],
    )
    def test_in_any_spelling(self, said: str, stage: str) -> None:
        assert STATUSES[spelled(said)] == stage


class TestRecognition:
    @pytest.mark.parametrize(("name", "form"), FORMS + DIALECTS)
    def test_of_its_own_export(self, name: str, form: str) -> None:
        assert recognized(headings(realistic_export(name, form, n=3), name, form)) == name

    @each_form
    def test_no_other_product_has_signs_in_it(self, name: str, form: str) -> None:
        there = {heading_key(heading) for heading in headings(realistic_export(name, form, n=30), name, form)}
        others = {other: list(signs_that_fit(HELPDESKS[other], there)) for other in PRODUCTS if other != name}
        assert {other: signs for other, signs in others.items() if signs} == {}
        assert recognized_team(there) is None

    @each_product
    def test_of_a_team(self, name: str) -> None:
        for signs in HELPDESKS[name].agent_signs:
            assert recognized_team(signs) == name

    def test_of_none(self) -> None:
        assert recognized([]) is None
        assert recognized(["id", "title", "status", "priority", "created at", "assignee"]) is None
        assert recognized(HELPDESKS["plain"].tickets) is None
        assert recognized(map(str, range(1, 32))) is None

    def test_a_tie_is_nobody(self) -> None:
        a, b = (
            Helpdesk(label="A", tickets={}, signs=(("x", "y"),)),
            Helpdesk(label="B", tickets={}, signs=(("y", "z"),)),
        )
        assert recognized(["X", "y", "Z"], among={"a": a, "b": b}) is None
        longer = Helpdesk(label="C", tickets={}, signs=(("x", "y", "z"),))
        assert recognized(["X", "y", "Z"], among={"a": a, "b": b, "c": longer}) == "c"


class TestExports:
    @each_form
    def test_same_seed_same_bytes(self, name: str, form: str) -> None:
        data = realistic_export(name, form, n=20, seed=3)
        assert data == realistic_export(name, form, n=20, seed=3)
        assert data != realistic_export(name, form, n=20, seed=4)

    @pytest.mark.parametrize(("name", "form"), FORMS + DIALECTS)
    def test_columns_and_words_lead_to_what_is_right(self, name: str, form: str) -> None:
        """Ids, titles, stages and priorities by nothing but the helpdesk's tables."""
        helpdesk = HELPDESKS[name]
        stages = {**STATUSES, **helpdesk.statuses}
        told = []
        for row in records(realistic_export(name, form), name, form):
            kind = found(helpdesk.tickets, "kind", row) if "kind" in helpdesk.tickets else None
            if all(is_placeholder(cell) for cell in row.values()) or (helpdesk.kinds == ("*",) and kind):
                continue
            priority = found(helpdesk.tickets, "priority", row) if "priority" in helpdesk.tickets else None
            told.append(
                {
                    "ticket_id": str(helpdesk.id_of(found(helpdesk.tickets, "ticket_id", row))).replace("\u00a0", ""),
                    "title": found(helpdesk.tickets, "title", row),
                    "priority": None if is_placeholder(priority) else priority,
                    "stage": stages[word(found(helpdesk.tickets, "status", row))],
                }
            )
        cells = column([ticket["priority"] for ticket in told])
        levels, errors, _ = said(lambda report: read_priorities(cells, report, helpdesk.priorities))
        assert not errors
        told = [{**ticket, "priority": level} for ticket, level in zip(told, levels, strict=True)]
        right = [{k: v for k, v in one.items() if k != "creation_timestamp"} for one in expected(name, form)]
        assert told == right

    @each_form
    def test_creation_is_under_its_heading(self, name: str, form: str) -> None:
        shape, wanted = form_of(name, form), {one["ticket_id"]: one for one in expected(name, form)}
        assert all(one["creation_timestamp"] % 60 == 0 for one in wanted.values())
        headings_of_kind = {heading_key(heading) for heading, kind in shape.columns if kind == "created"}
        keys = [heading_key(heading) for heading in HELPDESKS[name].tickets["creation_timestamp"]]
        there = {heading_key(heading) for heading, _ in shape.columns}
        assert next(key for key in keys if key in there) in headings_of_kind

    @each_form
    def test_assignee_group_and_customer_are_under_theirs(self, name: str, form: str) -> None:
        shape = form_of(name, form)
        there = {heading_key(heading): kind for heading, kind in shape.columns}
        for target, begin in (("assignee", "agent"), ("customer", "customer"), ("due", "due")):
            kinds = [there[key] for key in map(heading_key, HELPDESKS[name].tickets[target]) if key in there]
            if any(kind.startswith(begin) for kind in there.values()):
                assert kinds and kinds[0].startswith(begin), (target, kinds)

    def test_have_what_goes_wrong_in_them(self) -> None:
        """The quirks are there: a mark in front, doubled columns, line breaks in cells, blank rows, many agents."""
        jira = realistic_export("jira", "csv")
        assert jira.startswith("\ufeffSummary".encode()) and jira.split(b"\n")[0].count(b"Labels") == 2
        glpi = realistic_export("glpi", "csv fr").decode("utf-8-sig")
        assert "5\u00a0732\u00a09" in glpi and "Ana García\nDieter Groß" in glpi.replace("\r", "")
        assert glpi.endswith(";" * 17 + "\r\n" + ";" * 17 + "\r\n")
        assert realistic_export("zendesk", "csv@utf-16").startswith((b"\xff\xfe", b"\xfe\xff"))
        assert (
            len(expected("github", "json")) < 200 == len(records(realistic_export("github", "json"), "github", "json"))
        )
