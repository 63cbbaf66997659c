"""The command line as its user meets it: output, files, exit codes, messages."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from support.bad_input import BAD_INPUT, PRIVATE, READ_FROM_FILES
from ticketopt.cli import tables
from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_FILE, EXIT_INVALID, EXIT_SOLVER
from ticketopt.solvers.progress import Progress

QUEUE = {
    "agents": [
        {"agent_id": "a1", "name": "Ada", "skills": {"VPN": 9}, "current_load": 1},
        {"agent_id": "a2", "name": "Bob", "skills": {"Printers": 8}, "current_load": 0},
    ],
    "tickets": [
        {"ticket_id": "t1", "title": "VPN drops", "description": "The VPN drops every hour."},
        {"ticket_id": "t2", "title": "Printer jam", "description": "Printers on floor 2 are jammed."},
    ],
}


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text)


@pytest.fixture
def queue(tmp_path):
    path = tmp_path / "queue.json"
    path.write_text(json.dumps(QUEUE), encoding="utf-8")
    return path


def test_assign_prints_tables_with_every_ticket_and_the_proof(queue):
    done = run("assign", str(queue))
    assert done.exit_code == 0
    for words in ("VPN drops", "Ada", "Printer jam", "Bob", "Loads", "proven optimal", "network"):
        assert words in done.stdout


def test_assign_json_has_the_assignments_first_each_with_three_fields(queue):
    answer = json.loads(run("assign", str(queue), "--json").stdout)
    assert next(iter(answer)) == "assignments"
    assert [list(row) for row in answer["assignments"]] == [["ticket_id", "assigned_agent_id", "rationale"]] * 2
    assert {row["ticket_id"]: row["assigned_agent_id"] for row in answer["assignments"]} == {"t1": "a1", "t2": "a2"}


def test_assign_reads_standard_input(queue):
    assert run("assign", "-", "--json", text=json.dumps(QUEUE)).stdout == run("assign", str(queue), "--json").stdout


def test_the_plan_is_written_in_the_form_that_the_files_name_says(queue, tmp_path):
    for name in ("plan.csv", "plan.xlsx"):
        assert run("assign", str(queue), "-o", str(tmp_path / name)).exit_code == 0
    lines = (tmp_path / "plan.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "ticket_id,title,urgency,agent_id,agent,reason,why"
    assert [line.split(",")[0:5:3] for line in lines[1:]] == [["t1", "a1"], ["t2", "a2"]]
    assert (tmp_path / "plan.xlsx").read_bytes()[:2] == b"PK"
    done = run("assign", str(queue), "-o", str(tmp_path / "plan.doc"))
    assert done.exit_code == EXIT_INVALID
    assert "end it in .csv, .xlsx, .json" in done.stderr
    assert not (tmp_path / "plan.doc").exists()


def test_a_missing_extra_is_named_before_anything_is_solved(queue, tmp_path, monkeypatch):
    for module in ("commands", "tables"):
        monkeypatch.setattr(f"ticketopt.cli.{module}.find_spec", lambda name: None)
    for arguments in (["assign", str(queue), "-o"], ["compare", str(queue), "-o"], ["report", str(queue), "-o"]):
        done = run(*arguments, str(tmp_path / "out.xlsx"))
        assert done.exit_code == EXIT_FILE
        assert 'the extra "report"' in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["queue.json"]


def test_assign_writes_the_same_json_to_a_file(queue, tmp_path):
    out = tmp_path / "plan.json"
    done = run("assign", str(queue), "--json", "--output", str(out))
    assert out.read_text(encoding="utf-8") == done.stdout


def test_two_runs_give_the_same_bytes(queue):
    command = [sys.executable, "-m", "ticketopt.cli", "assign", str(queue)]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize("solver", ["network", "min_cost_flow", "cp_sat", "milp", "greedy"])
def test_every_backend_can_be_asked_for_by_name(queue, solver):
    answer = json.loads(run("assign", str(queue), "--json", "--solver", solver).stdout)
    assert (answer["solver"], answer["reason"]) == (solver, "asked for by name")


@pytest.mark.parametrize(("capacity", "expected"), [("7", 7), ("off", None), ("fair_share", 2)])
def test_capacity_overrides_the_policy(queue, capacity, expected):
    answer = json.loads(run("assign", str(queue), "--json", "--capacity", capacity).stdout)
    assert [load["capacity"] for load in answer["loads"]] == [expected, expected]


def test_a_policy_file_changes_the_plan(queue, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"max_new_per_agent": 0}', encoding="utf-8")
    answer = json.loads(run("assign", str(queue), "--json", "--policy", str(policy)).stdout)
    assert [row["reason"] for row in answer["unassigned"]] == ["limit", "limit"]


def test_left_out_tickets_are_listed_with_their_reason(tmp_path):
    path = tmp_path / "queue.json"
    path.write_text(json.dumps({**QUEUE, "agents": []}), encoding="utf-8")
    done = run("assign", str(path))
    assert done.exit_code == 0
    assert "Left out: 2" in done.stdout
    assert done.stdout.count("There is nobody on the team.") == 1
    assert [done.stdout.count(title) for title in ("VPN drops", "Printer jam")] == [1, 1]


def test_an_empty_queue_is_a_normal_call(tmp_path):
    path = tmp_path / "queue.json"
    path.write_text('{"agents": [], "tickets": []}', encoding="utf-8")
    assert run("assign", str(path)).exit_code == 0
    assert json.loads(run("assign", str(path), "--json").stdout)["assignments"] == []


def test_csv_pairs_and_json_lines_give_the_same_plan(queue, tmp_path):
    (tmp_path / "t.csv").write_text(
        "ticket_id,title,description\nt1,VPN drops,The VPN drops every hour.\n"
        "t2,Printer jam,Printers on floor 2 are jammed.\n",
        encoding="utf-8",
    )
    (tmp_path / "a.csv").write_text(
        "agent_id,name,skills,current_load\na1,Ada,VPN:9,1\na2,Bob,Printers:8,0\n", encoding="utf-8"
    )
    lines = "\n".join(json.dumps(row) for row in [*QUEUE["agents"], *QUEUE["tickets"]])
    (tmp_path / "q.jsonl").write_text(lines, encoding="utf-8")
    wanted = run("assign", str(queue), "--json").stdout
    assert run("assign", str(tmp_path / "t.csv"), "--agents", str(tmp_path / "a.csv"), "--json").stdout == wanted
    assert run("assign", str(tmp_path / "q.jsonl"), "--json").stdout == wanted


def test_check_accepts_a_valid_file_and_counts(queue):
    done = run("check", str(queue))
    assert done.exit_code == 0
    assert "2 tickets, 2 agents (2 available)" in done.stdout


def test_check_lists_every_issue_with_its_path(tmp_path):
    path = tmp_path / "queue.json"
    broken = {
        "agents": [{"agent_id": "a", "current_load": -1}],
        "tickets": [{"title": "x"}, {"ticket_id": "t", "urgency": 3}],
    }
    path.write_text(json.dumps(broken), encoding="utf-8")
    done = run("check", str(path))
    assert done.exit_code == EXIT_INVALID
    assert done.stdout == ""
    for place in ("agents[0].current_load", "tickets[0].ticket_id", "tickets[1].urgency"):
        assert place in done.stderr


def test_warnings_go_to_standard_error(tmp_path):
    path = tmp_path / "queue.json"
    queue = {"agents": [], "tickets": [{"ticket_id": "t", "creation_timestamp": 1_757_827_200_000, "urgncy": 1}]}
    path.write_text(json.dumps(queue), encoding="utf-8")
    done = run("check", str(path))
    assert "read as milliseconds" in done.stderr
    assert "did you mean 'urgency'?" in done.stderr


def test_example_is_a_valid_queue(tmp_path):
    path = tmp_path / "example.json"
    assert run("example", "--output", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == run("example").stdout
    assert run("check", str(path)).exit_code == 0


def test_compare_shows_exact_backends_and_baselines(queue):
    done = run("compare", str(queue))
    assert done.exit_code == 0
    for name in ("network", "min_cost_flow", "cp_sat", "milp", "greedy", "seed_greedy", "round_robin", "least_loaded"):
        assert name in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["assign", "missing.json"], EXIT_FILE, "missing.json"),
        (["assign", "{queue}", "--solver", "magic"], EXIT_INVALID, "use one of: auto, network, min_cost_flow"),
        (["assign", "{queue}", "--time-limit", "0"], EXIT_INVALID, "time_limit"),
        (["assign", "{queue}", "--seed", "-1"], EXIT_INVALID, "seed"),
        (["assign", "{queue}", "--capacity", "lots"], EXIT_INVALID, "policy.capacity"),
        (["assign", "{queue}", "--capacity", "-4"], EXIT_INVALID, "policy.capacity"),
        (["assign", "{queue}", "--now", "yesterday"], EXIT_INVALID, "now"),
        (["assign", "{queue}", "--policy", "missing.json"], EXIT_FILE, "missing.json"),
        (["assign", "{queue}", "--policy", "{queue}"], EXIT_INVALID, "not a policy setting"),
        (["assign", "{queue}", "--output", "no/such/folder.json"], EXIT_FILE, "no/such/folder.json"),
        (["assign", "tickets.csv"], EXIT_INVALID, "name the file with the agents"),
        (["assign"], 2, "Missing argument"),
        (["assign", "{queue}", "--fast"], 2, "No such option"),
        (["dance"], 2, "No such command"),
    ],
)
def test_a_users_mistake_gets_a_message_and_a_code_not_a_traceback(queue, arguments, code, words):
    done = run(*(argument.replace("{queue}", str(queue)) for argument in arguments))
    assert done.exit_code == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_backend_that_cannot_solve_the_model_says_which_can(tmp_path):
    path = tmp_path / "queue.json"
    path.write_text(json.dumps({**QUEUE, "tickets": [{"ticket_id": "t", "effort": 2}]}), encoding="utf-8")
    done = run("assign", str(path), "--solver", "min_cost_flow")
    assert done.exit_code == EXIT_INVALID
    assert "unequal effort; use one of: auto, price_guided, cp_sat, milp, greedy" in done.stderr


def test_the_comparison_is_sorted_by_the_whole_objective_and_can_be_kept(queue, tmp_path):
    assert run("compare", str(queue), "-o", str(tmp_path / "found.json")).exit_code == 0
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert [row["objective"] for row in found] == sorted(row["objective"] for row in found)
    assert {"network", "greedy", "round_robin"} <= {row["name"] for row in found}


def test_completion_and_colors_are_in_the_help():
    text = run("--help").stdout
    assert 'eval "$(_TICKETOPT_COMPLETE=bash_source ticketopt)"' in text
    assert "COLUMNS" in text and "NO_COLOR" in text


def test_a_policy_may_be_toml(queue, tmp_path):
    (tmp_path / "policy.toml").write_text("# at most one each\nmax_new_per_agent = 0\n", "utf-8")
    plan = json.loads(run("assign", str(queue), "--json", "--policy", str(tmp_path / "policy.toml")).stdout)
    assert len(plan["unassigned"]) == 2
    (tmp_path / "policy.toml").write_text("no toml", "utf-8")
    done = run("assign", str(queue), "--policy", str(tmp_path / "policy.toml"))
    assert (done.exit_code, "is not TOML" in done.stderr) == (EXIT_INVALID, True)


def test_exit_codes_are_in_the_help():
    text = " ".join(run("--help").stdout.split())
    for code in (EXIT_INVALID, EXIT_FILE, EXIT_SOLVER):
        assert f"{code} " in text.partition("Exit codes")[2]


@pytest.mark.parametrize("name", sorted(BAD_INPUT.keys() - READ_FROM_FILES))
def test_bad_input_is_listed_and_never_echoed(tmp_path, name):
    path, case = tmp_path / "queue.json", BAD_INPUT[name]
    path.write_bytes(case.document)
    for command in ("check", "assign"):
        done = run(command, str(path))
        assert done.exit_code == EXIT_INVALID
        assert done.stdout == ""
        assert case.path in done.stderr
        assert case.words in done.stderr
        assert "Traceback" not in done.stderr
        assert PRIVATE not in done.stderr


def test_triage_shows_skills_urgency_and_the_words_that_decided(queue):
    done = run("triage", str(queue))
    assert done.exit_code == 0
    for words in ("VPN drops", "VPN 100%", "0.40 medium", "'VPN' (title"):
        assert words in done.stdout
    first = json.loads(run("triage", str(queue), "--json").stdout)["readings"][0]
    assert (first["ticket_id"], first["level"], first["skills"]) == ("t1", "medium", {"VPN": 1.0})
    assert first["evidence"][0]["field"] == "title"


def test_a_terminal_is_told_how_the_solve_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    with tables.shown_progress() as nobody:
        assert nobody is None
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with tables.shown_progress() as progress:
        assert progress is not None
        progress(Progress(1.25, 200.0, 190.0, "cp_sat"))
    assert "cp_sat: best plan 200, gap 5.00%, after 1.2 s" in screen.getvalue()
