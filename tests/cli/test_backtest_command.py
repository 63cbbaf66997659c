"""`ticketopt backtest`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.simulated_history import Helpdesk, simulated_history
from ticketopt.cli.commands import main
from ticketopt.history.history import Outcome


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain table of changes: who had which ticket from when on."""
    history = simulated_history(Helpdesk(agents=6, groups=2, days=40, agent_sd=0.9)).history
    stints, lines = history.stints, []
    for s in range(len(stints)):
        agent, group = history.agents[stints.agent[s]], history.groups[stints.group[s]]
        ticket = history.tickets.ids[stints.ticket[s]]
        lines.append((stints.start[s], ticket, agent, group, "open"))
        if stints.outcome[s] == Outcome.RESOLVED:
            lines.append((stints.end[s], ticket, agent, group, "resolved"))
    rows = [
        ",".join((ticket, datetime.fromtimestamp(time, UTC).isoformat(), *rest))
        for time, ticket, *rest in sorted(lines)
    ]
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("\n".join(["ticket,time,agent,group,status", *rows]))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["backtest", *map(str, arguments)])


def test_it_prints_the_table_and_the_checks_and_writes_a_page(log: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(log, "--until", "2024-02-06", "--policy", "best_available", "--policy", "every 1 h", "-o", page)
    assert done.exit_code == 0, done.output
    for words in ("best_available", "every 1 h", "at_once", "placebo", "bookkeeping", "verdict", "Assumed"):
        assert words in done.output
    assert "Can this be believed?" in page.read_text("utf-8")


def test_a_helpdesk_that_is_another(log: Path) -> None:
    text = "random; arrivals=1.5; more=new:group 0"
    done = run(log, "--until", "2024-02-06", "--policy", "random", "--kappa", "1", "--what-if", text, "--json")
    assert done.exit_code == 0, done.output
    assert set(json.loads(done.output)["verdicts"]) == {"random", text}
    wrong = run(log, "--until", "2024-02-06", "--what-if", "random; more=new:nobody")
    assert wrong.exit_code != 0
    assert "'nobody' is no group of the log" in wrong.output


def test_json(log: Path) -> None:
    done = run(log, "--until", "2024-02-06", "--policy", "random", "--kappa", "1", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert set(found["verdicts"]) == {"random"}
    assert {entry["kappa"] for entry in found["placebo"]} >= {1.0, found["kappa"]}


def test_an_unknown_policy_is_one_clear_error(log: Path) -> None:
    done = run(log, "--until", "2024-02-06", "--policy", "magic")
    assert done.exit_code != 0
    assert "'magic' is not known" in done.output
    assert "Traceback" not in done.output


def test_a_target_that_is_none_is_refused(log: Path) -> None:
    done = run(log, "--until", "2024-02-06", "--target", "P1:4")
    assert done.exit_code == 2
    assert "PRIORITY=HOURS" in done.output
