"""The rooms of the house, what each imports, and a drawing of it: `python -m tests.whole.imports` prints it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import ticketopt

__all__ = [
    "FILES",
    "FLOOR_OF",
    "ROOT",
    "drawing",
    "imports",
    "imports_of",
    "name_of",
    "room_of",
    "rooms_seen",
    "trees",
    "upward",
]

ROOT = Path(ticketopt.__file__).parent

FLOORS = [
    {"errors", "_types", "_html", "_core", "_versions"},
    {"problem", "model"},
    {"intake", "triage", "formulation", "solvers"},
    {"explain"},
    {"planning"},
    {"comparison", "live"},
    {"history"},
    {"report"},
    {"service"},
    {"cli"},
]
"""From the ground up: a room imports from its own files and from the floors below it. There is no other way."""

FLOOR_OF = {room: k for k, floor in enumerate(FLOORS) for room in floor}

FILES = sorted(ROOT.rglob("*.py"))


@cache
def trees() -> Mapping[Path, ast.Module]:
    """The syntax tree of every file, parsed when first asked for."""
    return {path: ast.parse(path.read_text("utf-8")) for path in FILES}


@cache
def imports_of(path: Path) -> frozenset[tuple[str, ...]]:
    """What a file of the house imports, wherever in it; see `imports`."""
    return frozenset(imports(trees()[path]))


def name_of(path: Path) -> str:
    """The place of a file without its ending, such as "model/rows"."""
    return path.relative_to(ROOT).with_suffix("").as_posix()


def room_of(path: Path) -> str:
    return name_of(path).split("/")[0]


def imports(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """The dotted parts of every module that is imported, wherever in it; `from a import b` counts as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from ((*str(node.module).split("."), alias.name) for alias in node.names)


def rooms_seen(path: Path) -> set[str]:
    return {parts[1] for parts in imports_of(path) if parts[0] == "ticketopt" and len(parts) > 1}


def room_imports() -> dict[str, set[str]]:
    """Room -> the other rooms that its files import."""
    found: dict[str, set[str]] = {room: set() for room in FLOOR_OF}
    for path in FILES:
        if (room := room_of(path)) != "__init__":
            found[room] |= rooms_seen(path) - {room}
    return found


def upward() -> list[tuple[str, str]]:
    """Imports that do not lead to a lower floor; there must be none."""
    return [
        (room, goal)
        for room, goals in room_imports().items()
        for goal in sorted(goals)
        if goal not in FLOOR_OF or FLOOR_OF[goal] >= FLOOR_OF[room]
    ]


def _reduced(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same without an arrow to what a room reaches over another room that it imports."""

    def reached(room: str) -> set[str]:
        return {room}.union(*(reached(other) for other in edges[room]))

    return {
        room: {goal for goal in goals if not any(goal in reached(other) for other in goals - {goal})}
        for room, goals in edges.items()
    }


def drawing() -> str:
    """A Mermaid flowchart: each arrow is an import; those that follow from the others are left out."""
    assert not upward(), upward()
    arrows = _reduced(room_imports())
    lines = [
        f"    {room} --> {' & '.join(sorted(arrows[room]))}"
        for floor in reversed(FLOORS)
        for room in sorted(floor)
        if arrows[room]
    ]
    return "\n".join(["flowchart TD", *lines, ""])


if __name__ == "__main__":
    print(drawing(), end="")
