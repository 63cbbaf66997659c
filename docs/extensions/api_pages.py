"""A page of reStructuredText for every public name, and for every room with what it lets others have."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import ticketopt

GROUPS = {
    "Plan a queue": ["assign", "build_problem", "read_queue", "solve", "formulate", "verify", "resolve", "solve_many"],
    "Records": ["Ticket", "Agent", "Policy", "Queue", "Problem"],
    "Results": ["Result", "Decision", "AgentLoad", "Status", "TierValue", "Progress", "Reading", "Evidence"],
    "Compare and replay": ["compare", "Comparison", "frontier", "Frontier", "FrontierPoint", "replay", "Replay"],
    "Weigh goals": ["compare_policies", "PolicyComparison", "sensitivity", "Sensitivity"],
    "Read texts": ["Reader", "load_lexicon", "load_encoder"],
    "Through the day": ["Dispatcher", "open_store", "Session", "Change", "Move", "State"],
    "From the past": [
        "read_history",
        "History",
        "learn",
        "Team",
        "Level",
        "TeamEvidence",
        "backtest",
        "Trial",
        "Every",
        "WhatIf",
    ],
    "Numbers alone": ["solve_arrays", "ArraySolution", "AssignmentModel", "PackingRows"],
}
"""Heading -> names in the order of interest. What is public and in none of them gets a heading of its own below."""

STOP_AT = "BaseException, Exception, ValueError, RuntimeError, Warning, Mapping, Sequence, dict, tuple, str"
"""What is inherited from here upward is Python's."""

UNSEEN = ("_core", "cli", "data")


def groups() -> dict[str, list[str]]:
    """Every public name under one heading."""
    public = list(ticketopt.__all__)
    found = {heading: [name for name in names if name in public] for heading, names in GROUPS.items()}
    told = {name for names in found.values() for name in names}
    errors = [name for name in public if name in ticketopt.errors.__all__]
    more = [name for name in public if name not in told and name not in errors]
    return {**found, **({"More": more} if more else {}), "Errors and checks": errors}


def page_of(name: str) -> str:
    """The stem of a name's page; `frontier` and `Frontier` are two files also where case does not count."""
    is_double = sum(other.lower() == name.lower() for other in ticketopt.__all__) > 1
    return f"{name}-class" if is_double and name[0].isupper() else name


def first_sentence(thing: object) -> str:
    words = " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
    return words.partition(". ")[0].rstrip(".").replace("`", "``") + "." if words else ""


def directive(module: str, name: str, thing: object) -> str:
    """What documents one name."""
    if inspect.isclass(thing):
        is_ours = any(base.__module__.startswith("ticketopt") for base in thing.__mro__[1:])
        members = f"   :inherited-members: {STOP_AT}\n" if is_ours else ""
        return f".. autoclass:: {module}.{name}\n   :members:\n{members}"
    if inspect.isroutine(thing) or hasattr(thing, "__wrapped__"):
        return f".. autofunction:: {module}.{name}\n"
    return f".. autodata:: {module}.{name}\n   :no-value:\n"


def rooms() -> Iterator[ModuleType]:
    """Packages that say what others may use, and the files of the rooms that are called by file."""
    for found in pkgutil.walk_packages(ticketopt.__path__, "ticketopt."):
        parts = found.name.split(".")[1:]
        if parts[0].startswith("_") or parts[0] in UNSEEN or len(parts) > 2:
            continue
        if found.ispkg or parts[0] == "report":
            module = importlib.import_module(found.name)
            if getattr(module, "__all__", None):
                yield module


def room_page(module: ModuleType) -> str:
    """What a room exports; names that are public at the top are links there."""
    public = {id(getattr(ticketopt, name)): name for name in ticketopt.__all__}
    title = module.__name__
    parts = [title, "=" * len(title), "", f".. module:: {title}", "", inspect.getdoc(module) or "", ""]
    for name in module.__all__:
        thing = getattr(module, name)
        if id(thing) in public and not isinstance(thing, (str, int, float)):
            parts.append(f"``{name}`` is :doc:`ticketopt.{public[id(thing)]} <{page_of(public[id(thing)])}>`.\n")
        else:
            parts.append(directive(module.__name__, name, thing))
    return "\n".join(parts)


def index() -> str:
    """All of it on one page."""
    parts = ["The library", "===========", "", ".. module:: ticketopt", ""]
    parts += ["Everything public, from its own docstrings: ``help(ticketopt.assign)`` says the same.", ""]
    hidden: list[str] = []
    for heading, names in groups().items():
        parts += [heading, "-" * len(heading), "", ".. list-table::", "   :widths: 25 75", ""]
        for name in names:
            parts += [f"   * - :doc:`{name} <{page_of(name)}>`", f"     - {first_sentence(getattr(ticketopt, name))}"]
        parts.append("")
        hidden += map(page_of, names)
    parts += ["Rooms", "-----", "", "What lies below, for those who extend it.", ""]
    parts += [".. list-table::", "   :widths: 25 75", ""]
    for module in rooms():
        parts += [f"   * - :doc:`{module.__name__}`", f"     - {first_sentence(module)}"]
        hidden.append(module.__name__)
    return "\n".join([*parts, "", ".. toctree::", "   :hidden:", "", *(f"   {name}" for name in hidden), ""])


def pages() -> Iterator[tuple[str, str]]:
    """File name -> text."""
    for name in ticketopt.__all__:
        head = f"{name}\n{'=' * len(name)}\n\n.. currentmodule:: ticketopt\n\n"
        yield f"{page_of(name)}.rst", head + directive("ticketopt", name, getattr(ticketopt, name))
    for module in rooms():
        yield f"{module.__name__}.rst", room_page(module)
    yield "index.rst", index()


def rooms_text() -> str:
    """Each room's first sentence, in Markdown."""
    lines = []
    for found in pkgutil.iter_modules(ticketopt.__path__):
        if not found.name.startswith("_") and found.ispkg:
            module = importlib.import_module(f"ticketopt.{found.name}")
            lines.append(f"* **{found.name}**: {first_sentence(module).replace('``', '`')}")
    return "\n".join([*lines, ""])
