"""`ticketopt compare`, by methods, policies and settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_INVALID

AGENTS = [{"agent_id": "ada", "skills": {"VPN": 9}}, {"agent_id": "bob", "skills": {"VPN": 6}}]


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    tickets = [{"ticket_id": k, "skills": {"VPN": 1}} for k in range(4)]
    path = tmp_path / "queue.json"
    path.write_text(json.dumps({"tickets": tickets, "agents": AGENTS}), "utf-8")
    (tmp_path / "base.json").write_text('{"capacity": 4, "balance": 0.01}', "utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"COLUMNS": "100"})


def test_policies_are_shown_in_a_table_and_in_words_and_kept(queue: Path, tmp_path: Path) -> None:
    (tmp_path / "masters only.toml").write_text("capacity = 4\nmin_match = 0.8\nbalance = 0.01\n", "utf-8")
    kept = tmp_path / "found.json"
    options = ["--policy", str(tmp_path / "base.json"), "--policies", "--also", str(tmp_path / "masters only.toml")]
    done = run("compare", str(queue), *options, "-o", str(kept))
    assert done.exit_code == 0, done.stderr
    assert "keep it even: 2 tickets move." in done.stdout
    assert "masters only: The plan stays the same." in done.stdout
    rows = json.loads(kept.read_text("utf-8"))
    assert [(row["name"], row["moved"]) for row in rows] == [
        ("as it is", 0),
        ("urgent first", 0),
        ("keep it even", 2),
        ("best match", 0),
        ("masters only", 0),
    ]


def test_sensitivity_is_a_table_a_file_and_a_picture(queue: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    kept, drawn = tmp_path / "found.csv", tmp_path / "found.svg"
    options = ["--policy", str(tmp_path / "base.json"), "--sensitivity", "-o", str(kept), "--picture", str(drawn)]
    done = run("compare", str(queue), *options)
    assert done.exit_code == 0, done.stderr
    assert "min_match: at 0.2, 0.4, 0.6 in place of 0, nothing would move." in done.stdout
    assert kept.read_text("utf-8-sig").startswith("by,before,value,moved,waiting,urgent_waiting,")
    assert "<svg" in drawn.read_text("utf-8")


def test_a_goal_stands_in_place_of_a_policys_file(queue: Path) -> None:
    even = json.loads(run("assign", str(queue), "--policy", "Keep-it-even", "--capacity", "4", "--json").stdout)
    best = json.loads(run("assign", str(queue), "--policy", "best match", "--capacity", "4", "--json").stdout)
    assert [sorted(load["after"] for load in plan["loads"]) for plan in (even, best)] == [[2, 2], [0, 4]]
    assert even["input"]["policy"]["balance"] == 2.0


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--policy", "best mach"], EXIT_INVALID, "did you mean 'best match'"),
        (["--also", "x.toml"], 2, "--also names policies to compare with --policies"),
        (["--picture", "x.gif"], 2, "end it in .png, .svg, .pdf"),
        (["--policies", "-o", "x.txt"], EXIT_INVALID, ".csv"),
        (["--policies", "--also", "none.toml"], 4, "none.toml"),
    ],
)
def test_mistakes_are_named(queue: Path, options: list[str], code: int, words: str) -> None:
    done = run("compare", str(queue), *options)
    assert (done.exit_code, words in done.stderr) == (code, True), done.stderr


def test_it_is_listed_once_and_its_help_names_all_three(queue: Path) -> None:
    run("compare", str(queue), "--time-limit", "1")
    assert run("--help").stdout.count("\n  compare ") == 1
    text = run("compare", "--help").stdout
    assert all(option in text for option in ("--methods", "--policies", "--sensitivity", "--picture"))
