"""The options of `ticketopt serve`, made from the entries of the service's settings."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from ticketopt.cli.problem_of_file import lexicon_of_file, policy_of_file
from ticketopt.errors import InvalidInputError
from ticketopt.problem.record_fields import Entry, table_of
from ticketopt.service.settings import ServerSettings, Settings

__all__ = ["service_options", "settings_of"]


def keys_of_file(path: str | None) -> Any:
    """What a TOML or JSON file of keys says."""
    from ticketopt.intake.strict_json import decode, parse_json

    if path is None:
        return None
    content = decode(Path(path).read_bytes(), path)
    if Path(path).suffix.lower() != ".toml":
        return parse_json(content)
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError.single(path, f"is not TOML: {error}", "make entries by: ticketopt key NAME") from None


FILES: dict[str, Callable[[str | None], Any]] = {
    "lexicon": lexicon_of_file,
    "policy": policy_of_file,
    "keys": keys_of_file,
}
"""What reads the file of a setting that is an object, in this order."""


def service_options() -> list[Callable[[Any], Any]]:
    """One option per setting: where the service runs first, then what it does. Each has a name in the environment."""
    table, inner = table_of(ServerSettings), table_of(Settings).entries
    names = [*(name for name in table.entries if name not in inner), *inner]
    return [_option(name, table.entries[name], table.defaults()[name]) for name in names]


def _option(name: str, entry: Entry, default: Any) -> Callable[[Any], Any]:
    flag, variable, kind = f"--{name.replace('_', '-')}", f"TICKETOPT_{name.upper()}", entry.reader.given["type"]
    if kind == "object":
        return click.option(flag, envvar=variable, metavar="FILE", help=entry.words)
    if kind == "array" or not entry.is_shown:
        return click.option(flag, envvar=variable, default="", hidden=not entry.is_shown, help=entry.words)
    return click.option(
        flag, envvar=variable, type=_type_of(entry.reader.given), default=default, show_default=True, help=entry.words
    )


def _type_of(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return click.Choice(schema["enum"])
    ranges = {"integer": click.IntRange, "number": click.FloatRange}
    if schema["type"] in ranges:
        return ranges[schema["type"]](schema["minimum"], schema["maximum"])
    return click.STRING


def settings_of(given: Mapping[str, Any]) -> ServerSettings:
    """The settings that options say: a list as a text with commas, an object as the name of a JSON file."""
    entries = table_of(ServerSettings).entries
    kinds = {name: entry.reader.given["type"] for name, entry in entries.items()}
    lists = {
        name: tuple(filter(None, map(str.strip, given[name].split(",")))) for name in given if kinds[name] == "array"
    }
    objects = {name: read(given[name]) for name, read in FILES.items()}
    return ServerSettings(**{**given, **lists, **objects})
