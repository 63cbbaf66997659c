"""What a `Reader` is: a kind of field, and how its values are read, one by one or all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ticketopt.problem.clean_values import AreClean, ReadAll, never, nothing
from ticketopt.problem.report import Report

__all__ = ["Cell", "Reader", "Schema", "described", "or_null", "reader"]

Schema = Mapping[str, Any]
"""A JSON schema, as data."""

Cell = Literal["text", "map", "list", "value"]
"""How a table's cell is read: as it stands, as `a:1;b:2`, as `a;b`, or as the JSON value that it spells."""

_Read = Callable[[Any, str, Report], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A kind of field.

    Attributes
    ----------
    read : raw value, path, report -> clean value.
    given : the JSON schema of a value that is not null.
    cell : how a table's cell is read.
    takes_null : whether null is a value as well.
    are_clean : whether `read` would plainly give back every one of these values, without a word; none is null.
    convert_all : where they are not all clean, what `read` makes of them if it would say nothing to any.
    """

    read: _Read
    given: Schema
    cell: Cell = "value"
    takes_null: bool = False
    are_clean: AreClean = never
    convert_all: ReadAll = nothing

    def read_all(self, values: Sequence[Any]) -> Sequence[Any] | None:
        """What `read` makes of every one of these values, without a word; None where that is not told quickly."""
        return values if self.are_clean(values) else self.convert_all(values)

    def __call__(self, value: Any, path: str, report: Report) -> Any:
        return self.read(value, path, report)

    @property
    def schema(self) -> Schema:
        """The JSON schema of all that is read."""
        return or_null(self.given) if self.takes_null else self.given


def reader(
    given: Schema,
    cell: Cell = "value",
    *,
    takes_null: bool = False,
    are_clean: AreClean = never,
    convert_all: ReadAll = nothing,
) -> Callable[[_Read], Reader]:
    """Make a reader of the function below it."""
    return lambda read: Reader(read, given, cell, takes_null, are_clean, convert_all)


def or_null(schema: Schema) -> Schema:
    """The schema of the same, or null."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]}


def described(item: Reader, words: str) -> Reader:
    """The same kind with words in its JSON schema, before those that it has."""
    given = item.given.get("description")
    return replace(item, given={**item.given, "description": f"{words} {given}" if given else words})
