"""A field is one entry: everything else about it follows, shown here with a record of its own."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from ticketopt.errors import InputWarning, InvalidInputError
from ticketopt.problem import fields as f
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import clean_copy, freeze, record_field, table_of
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS, Agent, Ticket
from ticketopt.service.helpdesk_settings import HelpdeskSettings
from ticketopt.service.reading_settings import ReadingSettings
from ticketopt.service.settings import ServerSettings, Settings

RECORDS = [Ticket, Agent, Policy, Settings, ServerSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    number: int = record_field(f.whole_number(1, 99), words="Unique.", is_id=True)
    label: str = record_field(f.text, default="", words="On the door.", if_blank="number")
    keys: Mapping[str, float] = record_field(
        f.mapping_of(f.name, f.number(0, 9)), default_factory=dict, words="Who -> how many.", is_younger=True
    )
    closes: float | None = record_field(f.optional(f.timestamp), default=None, words="When it closes.")
    secret: str = record_field(f.text, default="", words="Never kept.", is_private=True, is_shown=False)

    def __post_init__(self) -> None:
        freeze(self, f"door {self.number}")


class TestOneEntry:
    def test_all_that_follows(self) -> None:
        table = table_of(Door)
        assert list(table.readers) == ["number", "label", "keys", "closes", "secret"]
        assert (table.id_field, table.private, table.neutral) == ("number", ("secret",), {"keys": {}})
        assert {name: reader.cell for name, reader in table.readers.items()} == {
            "number": "value", "label": "text", "keys": "map", "closes": "value", "secret": "text",
        }  # fmt: skip
        assert "secret" not in repr(Door(number=1, secret="x"))

    def test_schema(self) -> None:
        schema = table_of(Door).schema()
        assert (schema["title"], schema["required"]) == ("Door", ["number"])
        assert schema["properties"]["number"] == {
            "type": "integer", "minimum": 1, "maximum": 99, "description": "Unique.",
        }  # fmt: skip
        assert {"type": "null"} in schema["properties"]["closes"]["anyOf"]
        assert {"type": "null"} not in table_of(Door).schema(with_null=False)["properties"]["closes"]["anyOf"]

    def test_everything_wrong_is_said_at_once_and_warnings_warn(self) -> None:
        with pytest.raises(InvalidInputError) as error:
            Door(number=0, keys={"a": -1})
        assert [issue.path for issue in error.value.issues] == ["door 0.number", "door 0.keys['a']"]
        with pytest.warns(InputWarning, match=r"door 1\.closes: .* milliseconds") as caught:
            assert Door(number=1, closes=1_700_000_000_000).closes == 1_700_000_000
        assert caught[0].filename == __file__

    def test_a_clean_copy_is_what_the_constructor_makes(self) -> None:
        assert clean_copy(Door, {"number": 3}) == Door(number=3)
        assert Door(number=3, label=" ").label == clean_copy(Door, {"number": 3, "label": " "}).label == "3"
        first, second = clean_copy(Door, {"number": 1}), clean_copy(Door, {"number": 2})
        assert first.keys is not second.keys


@pytest.mark.parametrize("kind", RECORDS)
class TestOurs:
    def test_every_field_is_documented_where_people_look(self, kind: type[Any]) -> None:
        attributes = (inspect.getdoc(kind) or "").partition("Attributes\n----------\n")[2]
        documented = {
            name.strip()
            for names in re.findall(r"(?:^|\. )([a-z_, ]+) : ", attributes, re.M)
            for name in names.split(",")
        }
        inherited = {ServerSettings: [Settings], Settings: [HelpdeskSettings, ReadingSettings]}.get(kind, [])
        assert documented == set(table_of(kind).entries).difference(*(table_of(other).entries for other in inherited))

    def test_every_field_has_a_sentence_for_those_who_write_json(self, kind: type[Any]) -> None:
        for name, entry in table_of(kind).entries.items():
            assert entry.words.endswith((".", ")")) and entry.words.isprintable(), name

    def test_defaults_are_clean_and_valid_by_the_schema(self, kind: type[Any]) -> None:
        table = table_of(kind)
        schema = table.schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        json.dumps(schema)
        for name, value in table.defaults().items():
            report = f.Report()
            clean = table.readers[name](value, name, report)
            assert not report.issues, name
            assert name == "policy" or clean == value
            jsonschema.validate(json.loads(json.dumps(value)), schema["properties"][name])


def test_free_text_of_a_ticket_is_private() -> None:
    """The live queue must not keep what people write; whoever adds a text must say so here."""
    free_text = {name for name, reader in TICKET_FIELDS.items() if reader.read is f.text.read}
    assert free_text | {"customer"} == set(table_of(Ticket).private)


def test_only_ids_are_required() -> None:
    assert table_of(Ticket).schema()["required"] == [table_of(Ticket).id_field] == ["ticket_id"]
    assert table_of(Agent).schema()["required"] == [table_of(Agent).id_field] == ["agent_id"]
    assert set(AGENT_FIELDS) == set(table_of(Agent).entries)


def test_the_fields_that_older_hashes_do_not_count() -> None:
    assert table_of(Ticket).neutral.items() >= {"effort_by_agent": {}}.items()
    assert table_of(Policy).neutral.items() >= {"expert_saving": 0.0}.items()
