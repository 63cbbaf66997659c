"""A lexicon of one's own: every command that reads tickets reads them by it, or says all that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import ticketopt.cli.compare_command  # noqa: F401  (it is loaded when it is asked for, and listed then)
from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_INVALID

QUEUE = {
    "agents": [
        {"agent_id": "a1", "name": "Ada", "skills": {"VPN": 9}, "capacity": 2},
        {"agent_id": "a2", "name": "Bob", "skills": {"Printers": 9}, "capacity": 2, "current_load": 1},
    ],
    "tickets": [{"ticket_id": "t1", "title": "φλορβλ", "priority": "critical"}],
}
OWN = {"concepts": {"paper": {"names": ["printers"], "sure": ["φλορβλ"]}}}
WRONG = {"concepts": {"paper": {"sure": ["f*"], "hints": [1]}}, "generik": []}
WRONG_PATHS = ("lexicon.concepts['paper'].sure[0]", "lexicon.concepts['paper'].hints[0]", "lexicon.'generik'")

ONLY_BY_LEXICON = {
    "assign": "Printers 9/10",
    "compare": "   90%  ",
    "explain": "Assigned to Bob",
    "report": "Printers 9/10",
    "triage": "Printers 100%",
}
"""What a command prints or writes only where the φλορβλ is known; nothing that `check` prints depends on a reading."""

REQUIRED = {"ticket": "t1", "output": "out.html"}
"""Values of options that some commands cannot do without."""


def takes(command: click.Command, name: str) -> bool:
    return any(parameter.name == name for parameter in command.params)


ABOUT_A_FILE = [name for name, command in main.commands.items() if takes(command, "file")]


def written(path: Path, content: object) -> str:
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def run(name: str, file: str, *options: str) -> Result:
    needed = [p for p in main.commands[name].params if p.required and p.name in REQUIRED]
    given = [text for p in needed for text in (p.opts[-1], REQUIRED[p.name or ""])]
    return CliRunner().invoke(main, [name, file, *given, *options])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_that_reads_or_plans_tickets_has_the_same_option() -> None:
    readers = [command for command in main.commands.values() if takes(command, "file") or takes(command, "policy")]
    found = [[p for p in command.params if "--lexicon" in p.opts] for command in readers]
    assert [len(options) for options in found] == [1] * len(readers)
    words = {(tuple(p.opts), p.metavar, p.help) for (p,) in found if isinstance(p, click.Option)}
    assert words == {(("--lexicon",), "FILE", "JSON file with concepts and phrases of your own, added to ours.")}
    assert {*ONLY_BY_LEXICON, "check"} == {*ABOUT_A_FILE}


@pytest.mark.parametrize("name", ONLY_BY_LEXICON)
def test_tickets_are_read_by_it(folder: Path, name: str) -> None:
    queue, lexicon = written(folder / "queue.json", QUEUE), written(folder / "own.json", OWN)
    page, shown = folder / REQUIRED["output"], []
    for options in ((), ("--lexicon", lexicon)):
        done = run(name, queue, *options)
        assert done.exit_code == 0, done.output
        shown.append(done.stdout + (page.read_text(encoding="utf-8") if page.exists() else ""))
    assert [ONLY_BY_LEXICON[name] in text for text in shown] == [False, True]


@pytest.mark.parametrize("name", ABOUT_A_FILE)
def test_all_that_is_wrong_with_it_is_said_before_anything_else(folder: Path, name: str) -> None:
    queue, lexicon = written(folder / "queue.json", QUEUE), written(folder / "own.json", WRONG)
    for file in (queue, "no_queue.json"):
        done = run(name, file, "--lexicon", lexicon)
        assert (done.exit_code, done.stdout) == (EXIT_INVALID, "")
        assert all(path in done.stderr for path in WRONG_PATHS), done.stderr
    done = run(name, queue, "--lexicon", "no_lexicon.json")
    assert (done.exit_code, "lexicon: cannot be read" in done.stderr) == (EXIT_INVALID, True)
    assert not (folder / REQUIRED["output"]).exists()
