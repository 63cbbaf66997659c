"""What makes the site's pages from the library: docstrings, schemas, and the drawing of rooms."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

pytest.importorskip("sphinx")
sys.path.append(str(Path(__file__).parents[2] / "docs" / "extensions"))

import api_pages
import flowchart
import generated_pages
import house_docstrings

import ticketopt

EXAMPLE = json.loads(files("ticketopt").joinpath("data/example.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def made():
    return dict(generated_pages.fragments())


class TestDocstrings:
    def test_entries_become_bullets_and_keep_their_continuations(self):
        lines = ["Do it.", "", "Parameters", "----------", "a, b : first words", "    and more.", "c : last.", ""]
        assert house_docstrings.restructured(lines) == [
            "Do it.",
            "",
            ":Parameters:",
            "    * **a**, **b** -- first words",
            "      and more.",
            "    * **c** -- last.",
            "",
            "",
        ]

    def test_a_heading_that_is_no_list_is_kept_with_its_examples(self):
        lines = ["Do it.", "", "Examples", "--------", ">>> 1 + 1", "2"]
        assert house_docstrings.restructured(lines) == ["Do it.", "", ".. rubric:: Examples", "", ">>> 1 + 1", "2"]


class TestSchemas:
    def test_the_shipped_example_is_a_queue(self, made):
        jsonschema.validate(EXAMPLE, json.loads(made["schema/queue.json"]))

    def test_wrong_records_are_none(self, made):
        schema = json.loads(made["schema/queue.json"])
        for tickets in ([{"title": "no id"}], [{"ticket_id": 1, "effort": 0}], [{"ticket_id": 1, "urgency": 2}]):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({"agents": [], "tickets": tickets}, schema)

    @pytest.mark.parametrize("kind", ["ticket", "agent", "policy"])
    def test_schemas_of_records_are_schemas(self, made, kind):
        jsonschema.Draft202012Validator.check_schema(json.loads(made[f"schema/{kind}.json"]))


class TestTables:
    def test_a_field_has_its_meaning_kind_and_default(self, made):
        assert "| `effort` | Units of work. *integer, 1 to 1,000,000.* Default `1`. |" in made["ticket.md"].splitlines()

    def test_every_request_is_told(self, made):
        paths = json.loads(made["schema/openapi.json"])["paths"]
        assert {f"### `{method.upper()} {path}`" for path in paths for method in paths[path]} <= set(
            made["http.md"].splitlines()
        )


def test_every_public_name_is_under_one_heading():
    named = [name for names in api_pages.groups().values() for name in names]
    assert sorted(named) == sorted(ticketopt.__all__)


def test_a_name_that_search_does_not_know_is_named():
    entry = [0, 1, 1, "", "name"]
    known = [[*entry[:4], name] for name in ticketopt.__all__ if name != "assign"]
    index = f"Search.setIndex({json.dumps({'objects': {'ticketopt': known}})})"
    assert generated_pages.not_found(index) == ["assign"]


def test_pages_differ_also_where_case_does_not_count():
    names = [name.lower() for name, _ in api_pages.pages()]
    assert len(names) == len(set(names))


def test_a_drawing_has_every_box_above_those_it_leads_to():
    assert flowchart.layers_of(flowchart.edges_of("  a --> b & c\n  b --> d\n  c --> b")) == [
        ["a"],
        ["c"],
        ["b"],
        ["d"],
    ]
