"""`ticketopt backtest`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.logs import write_changes
from support.simulated_history import Helpdesk, simulated_history
from ticketopt.cli.commands import main

DESK = Helpdesk(agents=6, groups=2, days=16, agent_sd=0.9)
UNTIL = "2024-01-15"  # two weeks to learn from


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_changes(tmp_path_factory.mktemp("log") / "log.csv", simulated_history(DESK).history)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["backtest", *map(str, arguments)])


def test_it_prints_the_table_and_the_checks_and_writes_a_page(log: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(log, "--until", UNTIL, "--policy", "best_available", "--policy", "every 1 h", "-o", page)
    assert done.exit_code == 0, done.output
    for words in ("best_available", "every 1 h", "at_once", "placebo", "bookkeeping", "verdict", "Assumed"):
        assert words in done.output
    assert "Can this be believed?" in page.read_text("utf-8")


def test_a_helpdesk_that_is_another(log: Path) -> None:
    text = "random; arrivals=1.5; more=new:group 0"
    done = run(log, "--until", UNTIL, "--policy", "random", "--kappa", "1", "--what-if", text, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert set(found["verdicts"]) == {"random", text}
    assert {entry["kappa"] for entry in found["placebo"]} >= {1.0, found["kappa"]}
    wrong = run(log, "--until", UNTIL, "--what-if", "random; more=new:nobody")
    assert wrong.exit_code != 0
    assert "'nobody' is no group of the log" in wrong.output


def test_an_unknown_policy_is_one_clear_error(log: Path) -> None:
    done = run(log, "--until", UNTIL, "--policy", "magic")
    assert done.exit_code != 0
    assert "'magic' is not known" in done.output
    assert "Traceback" not in done.output


def test_a_target_that_is_none_is_refused(log: Path) -> None:
    done = run(log, "--until", UNTIL, "--target", "P1:4")
    assert done.exit_code == 2
    assert "PRIORITY=HOURS" in done.output
