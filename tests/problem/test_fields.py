"""Each kind of field: what it reads, what it says of the rest, and that its JSON schema and its cell agree."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from ticketopt.problem import fields as f

LEVELS = f.mapping_of(f.name, f.number(0, 10), f.spelled)
WORDS = f.one_of({"low": 1, "very high": 2})

READ: list[tuple[f.Reader, Any, Any]] = [
    (f.text, "", ""),
    (f.text, " x ", " x "),
    (f.name, " VPN ", "VPN"),
    (f.identifier, "a-1", "a-1"),
    (f.identifier, 7, 7),
    (f.number(0, 1), 1, 1.0),
    (f.whole_number(0), 3, 3),
    (f.timestamp, 60, 60.0),
    (f.timestamp, "1970-01-01T00:01:00Z", 60.0),
    (LEVELS, {"VPN": 9}, {"VPN": 9.0}),
    (f.tuple_of(f.identifier), ["a", 2], ("a", 2)),
    (WORDS, "low", 1),
    (f.optional(f.whole_number(1)), None, None),
    (f.optional(f.identifier), None, None),
    (f.optional(WORDS), None, None),
    (f.optional(WORDS), "low", 1),
]

WRONG: list[tuple[f.Reader, Any, str]] = [
    (f.text, 3, "is a number, not a text"),
    (f.name, "", "is empty"),
    (f.identifier, True, "is a boolean, not a text"),
    (f.number(0, 1), 2, "is 2"),
    (f.number(0, 1), "1", "is a text, not a number"),
    (f.whole_number(1), 0, "is 0"),
    (f.whole_number(1), 1.5, "is 1.5"),
    (f.timestamp, None, "is null, not a time"),
    (LEVELS, [], "is a list, not an object"),
    (LEVELS, {"VPN": 11}, "is 11"),
    (f.tuple_of(f.identifier), "ab", "is a text, not a list"),
    (WORDS, "hihg", "'hihg' is not known"),
    (f.whole_number(1), None, "is null, not a number"),
]


def is_valid(value: Any, schema: f.Schema) -> bool:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(("reader", "value", "clean"), READ)
def test_what_is_read_is_valid_by_the_schema(reader: f.Reader, value: Any, clean: Any) -> None:
    report = f.Report()
    read = reader(value, "x", report)
    assert (read, type(read), report.issues) == (clean, type(clean), [])
    assert is_valid(value, reader.schema)
    assert value is None or is_valid(value, reader.given)


@pytest.mark.parametrize(("reader", "value", "words"), WRONG)
def test_what_is_wrong_is_said_and_not_valid_either(reader: f.Reader, value: Any, words: str) -> None:
    report = f.Report()
    reader(value, "x", report)
    assert [issue.problem for issue in report.issues] == [words]
    assert report.issues[0].path.startswith("x")
    assert not is_valid(value, reader.schema)


def test_null_is_in_the_schema_only_where_it_is_read() -> None:
    assert f.optional(f.whole_number(1, 9)).schema == {"type": ["integer", "null"], "minimum": 1, "maximum": 9}
    assert f.optional(f.whole_number(1, 9)).given == {"type": "integer", "minimum": 1, "maximum": 9}
    assert f.optional(f.identifier).schema["anyOf"][-1] == {"type": "null"}
    assert not any(is_valid(None, reader.given) for reader, _, _ in READ)


def test_words_stand_before_those_that_the_kind_has() -> None:
    assert f.described(f.whole_number(1), "Units.").given["description"] == "Units."
    assert f.described(f.timestamp, "Its end.").given["description"].startswith("Its end. Unix seconds")
    items = f.tuple_of(f.described(f.identifier, "an agent")).given["items"]
    assert items["description"] == "an agent"


def test_cells() -> None:
    cells = {f.text: "text", f.identifier: "text", WORDS: "text", LEVELS: "map", f.tuple_of(f.name): "list"}
    assert {reader: reader.cell for reader in cells} == cells
    assert {reader.cell for reader in (f.whole_number(1), f.number(0, 1), f.timestamp)} == {"value"}
    assert f.optional(LEVELS).cell == "map"


def test_words_of_any_spelling_are_read_and_listed_in_the_schema_only_on_request() -> None:
    assert WORDS("Very_HIGH", "x", f.Report()) == 2
    assert WORDS.given == {"type": "string", "enum": ["low", "very high"]}
    assert f.one_of({"low": 1}, is_enum=False).given == {"type": "string"}
