"""The rooms of the house and the one direction of its imports, read from the syntax trees; and what keeps it so."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ticketopt
from whole.imports import (
    FILES,
    FLOOR_OF,
    ROOT,
    drawing,
    imports,
    imports_of,
    name_of,
    room_of,
    rooms_seen,
    trees,
    upward,
)

TESTS = Path(__file__).parents[1]
DRAWN_IN = TESTS.parent / "docs" / "explanation" / "rooms.md"

MOST_ROOMS = 15
"""Entries at the package's top level whose names are not private; data that no code is in does not count."""

LIBRARIES = {
    "ortools": {"solvers"},
    "scipy.optimize": {"solvers"},
    "fastapi": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "filelock": {"live"},
    "httpx": {"live"},
    "sqlalchemy": {"live"},
    "prometheus_client": {"service"},
    "click": {"cli"},
    "rich": {"cli"},
    "matplotlib": {"report"},
    "jinja2": {"report"},
    "xlsxwriter": {"report"},
    "narwhals": {"intake"},
    "langcodes": {"intake"},
    "pandas": {"planning", "explain", "comparison"},
}
"""The only rooms that may import a library."""

NEVER = ("highspy", "pydantic", "plotly")
"""Libraries that no room imports: the first breaks OR-Tools in one process, the others are not needed."""

FACES = {"service", "cli"}
"""Rooms that may load others of the house when they are asked to, print, log, and look at the environment."""

LOGGING = {"solvers/auto", "planning/array_refine"}
"""Files elsewhere that log: a warning when a backend's answer does not verify. Nobody adds a handler."""

LONGEST_FILE, LONGEST_FUNCTION = 300, 40

LONG_FILES: dict[str, int] = {}
"""Longer files and their lines. They may only become shorter, and leave."""

LONG_FUNCTIONS: dict[str, int] = {}
"""The same of functions, without their docstrings."""

SOURCES = sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.cpp"), *ROOT.rglob("*.hpp")])


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def is_used(library: str, path: Path) -> bool:
    name = tuple(library.split("."))
    return any(parts[: len(name)] == name for parts in imports_of(path))


NAMED = [path for path in FILES if name_of(path) != "__init__"]
PLAIN = [path for path in NAMED if room_of(path) not in FACES]

CALLS = {"print", "time.time", "datetime.now", "os.getenv"}


def outside(path: Path) -> Iterator[str]:
    """Where a file prints, or looks at the clock or at the environment."""
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            yield f"line {node.lineno}: {ast.unparse(node.func)}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ":
            yield f"line {node.lineno}: os.environ"


class TestEveryFile:
    def test_nothing_of_the_house_is_imported_inside_a_function(self) -> None:
        """So no circle can hide. Compiled engines and stores that need an extra are loaded where they are used."""
        late = {
            (name_of(path), parts)
            for path in PLAIN
            for function in functions(trees()[path])
            for parts in imports(function)
            if parts[0] == "ticketopt" and parts[1] != "_core" and parts[1:] != ("live", "stores", "sql")
        }
        assert late == set()

    def test_libraries_stay_in_their_rooms(self) -> None:
        astray = {
            (name_of(path), library)
            for path in NAMED
            for library, rooms in {**LIBRARIES, **dict.fromkeys(NEVER, frozenset[str]())}.items()
            if room_of(path) not in rooms and is_used(library, path)
        }
        assert astray == set()

    def test_no_printing_no_logging_no_environment(self) -> None:
        imported = {path: {parts[0] for parts in imports_of(path)} for path in PLAIN}
        assert [name_of(path) for path in PLAIN if "random" in imported[path]] == []
        assert [name_of(p) for p in PLAIN if "logging" in imported[p] and name_of(p) not in LOGGING] == []
        assert {name_of(path): found for path in PLAIN if (found := list(outside(path)))} == {}

    def test_array_types_have_one_name(self) -> None:
        others = re.compile(r"NDArray\[(np\.(int64|float64|bool_)|Any)\]")
        found = [name_of(path) for path in NAMED if others.search(path.read_text("utf-8"))]
        assert [name for name in found if name != "_types"] == []


class TestImports:
    def test_go_one_way(self) -> None:
        assert upward() == []

    def test_are_drawn_in_the_documentation(self) -> None:
        """`python -m tests.whole.imports` prints what is to stand there."""
        assert f"```mermaid\n{drawing()}```\n" in DRAWN_IN.read_text("utf-8")


class TestTables:
    """Nothing in this file's own tables is stale."""

    def test_rooms_are_those_that_are_there(self) -> None:
        assert {room_of(path) for path in FILES} - {"__init__"} == set(FLOOR_OF)

    def test_rooms_and_public_names_are_apart(self) -> None:
        """So `ticketopt.solve` is the function, and no room is hidden behind it."""
        assert not set(FLOOR_OF) & set(ticketopt.__all__)
        assert {"solve", "assign", "verify", "compare", "frontier", "formulate"} <= set(ticketopt.__all__)

    def test_there_are_few_rooms(self) -> None:
        assert len([room for room in FLOOR_OF if not room.startswith("_")]) <= MOST_ROOMS

    def test_libraries_are_used_where_they_may_be(self) -> None:
        for library, rooms in LIBRARIES.items():
            assert {room_of(path) for path in FILES if is_used(library, path)} == rooms, library

    def test_files_that_log_do(self) -> None:
        found = {name_of(path) for path in FILES if ("logging",) in imports_of(path)}
        assert {name for name in found if name.split("/")[0] not in FACES} == LOGGING

    def test_the_compiled_engines_are_seen_by_backends_and_the_session_only(self) -> None:
        seeing = {name_of(path) for path in FILES if "_core" in rooms_seen(path)}
        assert {name for name in seeing if not name.startswith(("solvers/", "triage/"))} == {"planning/session_plan"}

    def test_the_compiled_reading_is_seen_by_triage_only_which_sees_no_engine(self) -> None:
        seen = {(room_of(path), parts[2]) for path in FILES for parts in imports_of(path) if parts[1:2] == ("_core",)}
        assert {room for room, module in seen if module == "text"} == {"triage"}
        assert {module for room, module in seen if room == "triage"} == {"text"}


class TestSizes:
    def test_files_are_short(self) -> None:
        lines = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
        assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == LONG_FILES

    def test_functions_are_short(self) -> None:
        found = {}
        for path, tree in trees().items():
            for function in functions(tree):
                has_words = ast.get_docstring(function) is not None
                words = (function.body[0].end_lineno or 0) - function.body[0].lineno + 1 if has_words else 0
                lines = (function.end_lineno or 0) - function.lineno + 1 - words
                if lines > LONGEST_FUNCTION:
                    found[f"{name_of(path)}.{function.name}"] = lines
        assert found == LONG_FUNCTIONS


def test_tests_mirror_the_rooms() -> None:
    """`tests/<room>/test_<file>.py`, or `test_<file>_<more>.py`; what is about all of it is in `tests/whole`."""
    for path in TESTS.rglob("test_*.py"):
        place = path.parent.relative_to(TESTS).as_posix()
        if place == "whole" or path.stem == "test_contract":
            continue
        own = path.stem.removeprefix("test_")
        there = {p.stem for p in (ROOT / place).iterdir()} if (ROOT / place).is_dir() else set()
        deeper = {f"{p.parent.name}_{p.stem}" for p in (ROOT / place).glob("*/*.py")}
        assert any(own == name or own.startswith(f"{name}_") for name in there | deeper), f"{place}/{path.name}"


PUBLIC = {
    "records": ["Agent", "Policy", "Ticket"],
    "parts": ["Problem", "AssignmentModel", "PackingRows", "formulate", "solve", "verify", "Violation"],
    "doors": ["assign", "build_problem", "read_queue", "Queue", "solve_arrays", "ArraySolution", "solve_many"],
    "history": [
        "Every",
        "History",
        "Level",
        "Team",
        "TeamEvidence",
        "Trial",
        "WhatIf",
        "backtest",
        "learn",
        "read_history",
    ],
    "live": ["Dispatcher", "open_store"],
    "session": ["Session", "Change", "Move", "State"],
    "results": ["Result", "Decision", "AgentLoad", "Status", "TierValue", "Progress", "Reading", "Evidence"],
    "explanations": ["Comparison", "compare", "Frontier", "FrontierPoint", "Replay", "frontier", "replay", "resolve"],
    "policies": ["compare_policies", "PolicyComparison", "sensitivity", "Sensitivity"],
    "texts": ["Reader", "load_encoder", "load_lexicon"],
    "about": ["show_versions"],
    "errors": [
        "IncompletePlanError",
        "InputWarning",
        "InvalidInputError",
        "Issue",
        "SolverError",
        "StoreError",
        "TicketoptError",
        "UnknownCommitError",
        "UnknownIdError",
        "UnsupportedModelError",
    ],
}


class TestPublicNames:
    def test_are_exactly_these(self) -> None:
        assert sorted(ticketopt.__all__) == sorted(name for names in PUBLIC.values() for name in names)

    def test_are_there_and_documented(self) -> None:
        for name in ticketopt.__all__:
            assert getattr(ticketopt, name).__doc__, name

    def test_errors_are_all_public(self) -> None:
        assert set(ticketopt.errors.__all__) == set(PUBLIC["errors"])

    def test_nothing_that_is_public_hides_a_module(self) -> None:
        for name in ticketopt.__all__:
            assert not (ROOT / f"{name}.py").exists() and not (ROOT / name).exists()


def loaded_by(code: str, names: list[str]) -> set[str]:
    """Those of some modules that a new interpreter has loaded after some code."""
    asked = f"{code}\nimport sys, json; print(json.dumps([m for m in {names} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(json.loads(done.stdout))


HEAVY = ["numpy", "scipy", *LIBRARIES]


class TestImportIsLight:
    def test_nothing_heavy_is_loaded(self) -> None:
        assert loaded_by("import ticketopt; dir(ticketopt); ticketopt.__all__", HEAVY) == set()

    def test_records_need_no_numpy(self) -> None:
        assert loaded_by("import ticketopt; ticketopt.InvalidInputError", HEAVY) == set()

    def test_solving_a_unit_queue_loads_only_what_it_uses(self) -> None:
        code = "import ticketopt; ticketopt.assign([{'ticket_id': 1}], [{'agent_id': 1}], solver='greedy')"
        assert loaded_by(code, HEAVY) == {"numpy"}
