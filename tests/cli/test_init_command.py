"""What `ticketopt init` writes is read by `assign` as it is, and changes nothing until somebody edits it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from click.testing import CliRunner, Result

from ticketopt.cli.commands import main
from ticketopt.cli.init_command import EXAMPLES, policy_text
from ticketopt.cli.reported import EXIT_FILE
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import table_of


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_assign_reads_both_files_at_once(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "new")).exit_code == 0
    team, policy = tmp_path / "new" / "team.csv", tmp_path / "new" / "policy.toml"
    (tmp_path / "t.csv").write_text("ticket_id,title\n1,VPN drops\n2,Printer jam\n", "utf-8")
    done = run("assign", str(tmp_path / "t.csv"), "--team", str(team), "--policy", str(policy), "--json")
    assert done.exit_code == 0, done.stderr
    assert "warning" not in done.stderr
    plan = json.loads(done.stdout)
    assert {row["ticket_id"]: row["assigned_agent_id"] for row in plan["assignments"]} == {"1": "ada", "2": "ben"}
    plain = json.loads(run("assign", str(tmp_path / "t.csv"), "--team", str(team), "--json").stdout)
    assert plan["assignments"] == plain["assignments"]


def test_nothing_is_written_over_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("mine", "utf-8")
    done = run("init", str(tmp_path))
    assert done.exit_code == EXIT_FILE
    assert "team.csv" in done.stderr and "--force" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["team.csv"]
    assert run("init", str(tmp_path), "--force").exit_code == 0
    assert (tmp_path / "team.csv").read_text("utf-8") != "mine"


def test_every_setting_stands_in_the_policy_with_its_words_and_its_default() -> None:
    text, table = policy_text(), table_of(Policy)
    given = tomllib.loads(text)
    defaults = table.defaults()
    for name, entry in table.entries.items():
        assert name == "weights" or f"# {entry.words}\n" in text
        assert re.search(rf"^(# )?\[?{name}\b", text, flags=re.MULTILINE)
        if name in given and name != "weights":
            assert given[name] == defaults[name]
    assert {name for name in defaults if name not in given} == set(EXAMPLES)


def test_every_example_is_a_setting_that_can_be_switched_on() -> None:
    lines = [
        line.removeprefix("# ") for line in policy_text().splitlines() if re.match(r"# (\[\w+\]|[\w\" ]+ = )", line)
    ]
    top = [line for line in lines if line.split(" ")[0] in EXAMPLES]
    tables = lines[lines.index("[customer_weights]") :]
    read = Policy.from_dict(tomllib.loads("\n".join([*top, *tables])))
    assert read.max_new_per_agent == 10
    assert read.customer_agents == {"Example Ltd": "ada"}
    assert {name for name in EXAMPLES if getattr(read, name) == getattr(Policy(), name)} == set()
