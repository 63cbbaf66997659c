"""What the library knows about itself, as pages: written at every build, so none of it goes stale.

`reference/api/` gets a page per public name and per room; `generated/` the tables, schemas and lists that other pages
include.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import api_pages
import http_pages
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

import ticketopt
from ticketopt.comparison.baselines import BASELINES
from ticketopt.formulation.constraints import CONSTRAINTS
from ticketopt.formulation.costs import COST_TERMS
from ticketopt.intake.helpdesks import HELPDESKS
from ticketopt.live.stores import open_store
from ticketopt.problem.policy import Policy
from ticketopt.problem.presets import PRESETS
from ticketopt.problem.record_fields import Entry, table_of
from ticketopt.problem.records import Agent, Ticket
from ticketopt.service.app import app_of
from ticketopt.service.settings import ServerSettings, Settings

LOGGER = logging.getLogger(__name__)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"

    columns = list(head)
    return "\n".join([line(columns), line(["---"] * len(columns)), *(line(row) for row in rows), ""])


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a JSON schema takes, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#schema-{name.lower()})"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {kind_of(schema['additionalProperties'])}"
    return kind + bounds_of(schema)


def bounds_of(schema: Mapping[str, Any]) -> str:
    """The range of a number, such as ", 0 to 1"."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f", {low:,} to {high:,}"
    if low is not None:
        return f", {low:,} or more"
    return "" if high is None else f", up to {high:,}"


def described(name: str, entry: Entry, defaults: Mapping[str, Any]) -> tuple[str, str]:
    """A field: its name, and what it means, what it takes, and its default as it is written in JSON.

    Two columns are what a phone shows.
    """
    value = defaults.get(name)
    is_plain = value is None or value in ("", (), {})
    words = "Needed." if name not in defaults else "" if is_plain else f"Default `{json.dumps(value)}`."
    return f"`{name}`", f"{entry.words} *{kind_of(entry.reader.given)}.* {words}"


def fields_of(kind: type[Any]) -> str:
    """The fields of a record with what they take, their defaults and meanings."""
    known = table_of(kind)
    rows = (described(name, entry, known.defaults()) for name, entry in known.entries.items())
    return table(("field", "meaning, and what it takes"), rows)


def settings() -> str:
    """All settings of the service: where it runs first, then what it does."""
    known, inner = table_of(ServerSettings), table_of(Settings).entries
    names = [*(name for name in known.entries if name not in inner), *inner]
    rows = (described(name, known.entries[name], known.defaults()) for name in names)
    return table(("setting", "meaning, and what it takes"), rows)


def fragments() -> Iterator[tuple[str, str]]:
    """The files of `generated/`."""
    for kind in (Ticket, Agent, Policy):
        name = kind.__name__.lower()
        yield f"{name}.md", fields_of(kind)
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **table_of(kind).schema()}
        yield f"schema/{name}.json", json.dumps(schema, indent=2)
    yield "settings.md", settings()
    terms = ((f"`{name}`", f"{term.weight:g}", term.summary) for name, term in COST_TERMS.items())
    yield "terms.md", table(("cost term", "weight", "what it costs"), terms)
    rules = ((f"`{name}`", f"`{rule.reason}`", rule.summary) for name, rule in CONSTRAINTS.items())
    yield "rules.md", table(("rule", "reason of a ticket that it leaves out", "what must hold"), rules)
    presets = ((f'"{name}"', one.summary, f"`{json.dumps(one.settings)}`") for name, one in PRESETS.items())
    yield "presets.md", table(("preset", "goal", "what it sets"), presets)
    baselines = ((f"`{name}`", one.summary) for name, one in BASELINES.items())
    yield "baselines.md", table(("baseline", "what it does"), baselines)
    yield "helpdesks.md", ", ".join(f"`{name}`" for name in HELPDESKS) + "\n"
    document = app_of(open_store("memory:"), Settings()).openapi()
    yield "schema/openapi.json", json.dumps(document, indent=2)
    yield "schema/queue.json", json.dumps(http_pages.standalone(document, "Queue"), indent=2)
    yield "http.md", http_pages.page(document, table, kind_of)
    yield "rooms.md", api_pages.rooms_text()


COPIES = {"notebooks": "notebooks", "benchmarks/results": "results"}
"""Folders of the repository whose files are pages -> where they stand in the site."""


def contents_of_the_rest(source: Path, page: str, pattern: str) -> str:
    """A table of contents, for one page, of those of some pages that its own text does not name."""
    here = source / page
    words = here.read_text("utf-8")
    found = sorted(path.relative_to(source).with_suffix("").as_posix() for path in source.glob(pattern))
    lines = [f"../{name}" for name in found if f"../{name}\n" not in words and name not in ("index", "benchmarks")]
    return "\n".join(["```{toctree}", ":maxdepth: 1", *lines, "```", ""]) if lines else ""


def write(path: Path, text: str) -> None:
    """Only where it is new, so that Sphinx reads again only what has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def write_all(app: Sphinx) -> None:
    source = Path(app.srcdir)
    for folder, goal in COPIES.items():
        for path in (source.parent / folder).iterdir():
            (source / goal).mkdir(exist_ok=True)
            shutil.copy2(path, source / goal / path.name)  # with its time, so that it is read again only if it is new
    rest = contents_of_the_rest
    write(source / "generated" / "guides.md", rest(source, "how-to/index.md", "*.md"))
    write(source / "generated" / "helpdesk_guides.md", rest(source, "how-to/index.md", "helpdesks/*.md"))
    write(source / "generated" / "notebooks.md", rest(source, "tutorial/index.md", "notebooks/*.ipynb"))
    for name, text in fragments():
        write(source / "generated" / name, text)
    pages = dict(api_pages.pages())
    for old in (source / "reference" / "api").glob("*.rst"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        write(source / "reference" / "api" / name, text)


def check_all_names(app: Sphinx, env: BuildEnvironment) -> None:
    """Every public name can be searched for and linked to."""
    known = env.get_domain("py").objects
    for name in ticketopt.__all__:
        if f"ticketopt.{name}" not in known:
            LOGGER.warning("ticketopt.%s is on no page", name)


def not_found(index: str) -> list[str]:
    """Public names that the search of a built site does not know; `index` is the text of its `searchindex.js`."""
    objects = json.loads(index[index.index("(") + 1 : index.rindex(")")])["objects"]
    known = {f"{prefix}.{entry[4]}" for prefix, entries in objects.items() for entry in entries}
    return [name for name in ticketopt.__all__ if f"ticketopt.{name}" not in known]


def check_search(app: Sphinx, exception: Exception | None) -> None:
    """Search finds each public name."""
    index = Path(app.outdir, "searchindex.js")
    if exception is None and index.exists() and (missing := not_found(index.read_text("utf-8"))):
        raise SphinxError(f"search does not find {', '.join(missing)}")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", write_all)
    app.connect("env-check-consistency", check_all_names)
    app.connect("build-finished", check_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
