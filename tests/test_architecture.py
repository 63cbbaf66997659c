"""The rooms of the house and the one direction of its imports, read from the syntax trees."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ticketopt

ROOT = Path(ticketopt.__file__).parent

FLOORS = [
    {"errors", "html", "_core"},
    {"fields", "load_cost"},
    {"records", "strict_json"},
    {"io", "triage"},
    {"problem_checks"},
    {"problem"},
    {"model", "explained", "fingerprint", "progress"},
    {"costs", "constraints", "stores", "digits", "array_reading", "exits", "exit_order"},
    {"result", "keeping", "audit", "array_prices"},
    {"formulate", "solvers", "baselines", "verify", "explain"},
    {"running", "solution", "ties", "tiers"},
    {"pricing", "solve"},
    {"refine", "claims", "session_frame"},
    {"session_plan"},
    {"arrays", "assign", "session", "budget", "frontier", "single", "many"},
    {"replan"},
    {"record"},
    {"questions"},
    {"dispatch", "dispatcher"},
    {"compare"},
    {"plots"},
    {"report"},
    {"cli", "service"},
]
"""From the ground up: a room imports from its own files and from lower floors."""

DOORS = {
    ("explain", "formulate"),
    ("verify", "explain"),
    ("explained", "questions"),
    ("baselines", "solvers"),
    ("cli", "service"),
}
"""The doors between rooms of one floor, and one upwards: a result opens `questions` when it is asked."""

CLOSED = {
    "solvers": {"problem", "records", "result", "triage", "costs", "constraints"},
    "costs": {"model", "constraints", "solvers"},
    "constraints": {"costs", "solvers"},
    "stores": {"costs", "constraints", "problem", "model", "triage"},
    "triage": {"io"},
}
"""Rooms on lower floors that a room must not see all the same. Solvers never see a problem."""

LIBRARIES = {
    "ortools": {"solvers"},
    "scipy.optimize": {"solvers"},
    "fastapi": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "pydantic": {"service"},
    "filelock": {"service", "stores"},
    "sqlite3": {"stores"},
    "sqlalchemy": {"stores"},
    "pg8000": {"stores"},
    "prometheus_client": {"service"},
    "click": {"cli"},
    "rich": {"cli"},
    "matplotlib": {"plots", "report", "cli"},
    "plotly": {"plots"},
    "narwhals": {"io"},
    "pandas": {"result", "explain", "frontier", "compare", "report", "plots"},
    "polars": set(),
}
"""The only rooms that may import a library."""

FILES = sorted(path for path in ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[tuple[str, ...]]:
    """The dotted parts of every module that a file imports, wherever in it; `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from ((*str(node.module).split("."), alias.name) for alias in node.names)


def rooms_seen(path: Path) -> set[str]:
    return {parts[1] for parts in imports(path) if parts[0] == "ticketopt" and len(parts) > 1}


LOGGING = {"solve", "refine"}
"""The only rooms that log: a warning when a backend's answer does not verify. Nobody adds a handler."""

FLOOR_OF = {room: k for k, floor in enumerate(FLOORS) for room in floor}


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) != "__init__"], ids=lambda p: str(p.relative_to(ROOT)))
class TestEveryFile:
    def test_imports_go_one_way(self, path: Path) -> None:
        room = room_of(path)
        for seen in rooms_seen(path) - {room}:
            assert seen in FLOOR_OF, f"{seen} is no room"
            is_below = FLOOR_OF[seen] < FLOOR_OF[room]
            assert is_below or (room, seen) in DOORS, f"{room} must not import {seen}"
            assert seen not in CLOSED.get(room, set()), f"{room} must not see {seen}"

    def test_libraries_stay_in_their_rooms(self, path: Path) -> None:
        for library, rooms in LIBRARIES.items():
            name = tuple(library.split("."))
            is_used = any(parts[: len(name)] == name for parts in imports(path))
            assert not is_used or room_of(path) in rooms, f"{room_of(path)} must not import {library}"

    def test_no_printing_no_logging_no_environment(self, path: Path) -> None:
        if room_of(path) in ("cli", "service"):
            return
        imported = {parts[0] for parts in imports(path)}
        assert "random" not in imported
        assert "logging" not in imported or room_of(path) in LOGGING
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                words = ast.unparse(node.func)
                assert words not in ("print", "time.time", "datetime.now", "os.getenv"), f"line {node.lineno}: {words}"
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) != "os.environ", f"line {node.lineno}"


def test_every_room_is_on_a_floor() -> None:
    rooms = {room_of(path) for path in FILES} - {"__init__"}
    assert rooms <= set(FLOOR_OF), rooms - set(FLOOR_OF)


def test_the_compiled_engine_is_seen_by_the_backend_and_the_session_only() -> None:
    assert {room_of(path) for path in FILES if "_core" in rooms_seen(path)} == {"solvers", "session_plan"}


def test_doors_and_closed_rooms_are_still_needed() -> None:
    """An exception nobody uses any more is dropped."""
    used = {(room_of(path), seen) for path in FILES for seen in rooms_seen(path)}
    there = {room_of(path) for path in FILES}
    assert {door for door in DOORS if door[0] in there and door[1] in there} <= used


PUBLIC = {
    "records": ["Agent", "Policy", "Ticket"],
    "parts": ["Problem", "AssignmentModel", "PackingRows", "formulate", "solve", "verify", "Violation"],
    "doors": ["assign", "build_problem", "read_queue", "Queue", "solve_arrays", "ArraySolution", "solve_many"],
    "live": ["Dispatcher", "open_store"],
    "session": ["Session", "Change", "Move", "State"],
    "results": ["Result", "Decision", "AgentLoad", "Status", "TierValue", "Progress", "Reading", "Evidence"],
    "explanations": ["Comparison", "compare", "Frontier", "FrontierPoint", "Replay", "frontier", "replay", "resolve"],
    "errors": [
        "IncompletePlanError", "InputWarning", "InvalidInputError", "Issue", "SolverError", "StoreError",
        "TicketoptError", "UnsupportedModelError",
    ],
}  # fmt: skip


class TestPublicNames:
    def test_are_exactly_these(self) -> None:
        assert sorted(ticketopt.__all__) == sorted(name for names in PUBLIC.values() for name in names)

    def test_are_there_and_documented(self) -> None:
        for name in ticketopt.__all__:
            assert getattr(ticketopt, name).__doc__, name

    def test_errors_are_all_public(self) -> None:
        assert set(ticketopt.errors.__all__) == set(PUBLIC["errors"])


class TestImportIsLight:
    def test_no_heavy_library_is_loaded(self) -> None:
        heavy = ["scipy", *LIBRARIES]
        code = f"import sys, ticketopt; print([m for m in {heavy} if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
        assert done.stderr == ""

    def test_solving_a_unit_queue_loads_only_what_it_uses(self) -> None:
        code = (
            "import sys, ticketopt\n"
            "ticketopt.assign([{'ticket_id': 1}], [{'agent_id': 1}], solver='greedy')\n"
            "print([m for m in ('scipy', 'ortools', 'pandas', 'narwhals') if m in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
