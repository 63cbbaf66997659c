"""How FILE is to be read, said on the command line; and how `check` tells what was read."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ticketopt.cli import tables
from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_FILE, EXIT_INVALID

TICKETS = "Nr,Problem,Angelegt,Status\n1,VPN drops,3/5/2026 10:00,open\n2,Mail,4/5/2026 11:00,closed\n"
MAP = ("--map", "Nr=ticket_id", "--map", "Problem=title", "--map", "Angelegt=creation_timestamp")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tickets.csv").write_text(TICKETS, "utf-8")
    (tmp_path / "team.csv").write_text("agent_id,skills\na,VPN:5\n", "utf-8")
    return tmp_path


def run(*options: str, command: str = "check") -> Result:
    return CliRunner().invoke(main, [command, "tickets.csv", "--team", "team.csv", *options])


def test_columns_are_named_and_check_shows_what_became_of_them(folder: Path) -> None:
    done = run(*MAP, "--month-first", "--json")
    about = json.loads(done.stdout)
    assert {use["heading"]: use["field"] for use in about["columns"]["tickets"]} == {
        "Nr": "ticket_id", "Problem": "title", "Angelegt": "creation_timestamp", "Status": "status",
    }  # fmt: skip
    assert (about["tickets"], about["set_aside"], about["skills"]) == (1, {"closed": 1}, {"VPN": 1})
    shown = run(*MAP, "--month-first").stdout
    assert "creation_timestamp" in shown and "Set aside: closed (1)" in shown and "Valid: 1 ticket, 1 agent" in shown


def test_the_map_that_is_suggested_reads_the_same(folder: Path) -> None:
    (folder / "map.toml").write_text(run(*MAP, "--day-first", "--suggest-map").stdout, "utf-8")
    assert tomllib.loads((folder / "map.toml").read_text("utf-8"))["Problem"] == "title"
    lines = (folder / "map.toml").read_text("utf-8").splitlines()
    (folder / "map.toml").write_text("\n".join(line for line in lines if '"agent' not in line and '"skil' not in line))
    assert run("--map", "map.toml", "--day-first").exit_code == 0
    assert run("--map", "map.toml", "--day-first").stdout == run(*MAP, "--day-first").stdout


def test_a_map_is_suggested_of_a_table_with_a_column_per_skill_and_absences(folder: Path) -> None:
    (folder / "team.csv").write_text("Name,Accounts,Max open,Holiday\nAda,5,2,2.3.2026-6.3.2026\n", "utf-8")
    suggested = run(*MAP, "--day-first", "--suggest-map").stdout
    assert '# "Accounts" = "skills"' in suggested
    assert {'"Max open" = "capacity"', '"Holiday" = "absence"'} <= set(suggested.splitlines())
    (folder / "map.toml").write_text(suggested, "utf-8")
    assert run("--map", "map.toml", "--day-first").stdout == run(*MAP, "--day-first").stdout


def test_what_needs_nothing_is_a_note_and_no_warning(folder: Path) -> None:
    lines = run(*MAP, "--day-first").stderr.splitlines()
    assert "note: tickets.csv: set aside as finished or no tickets: 1 'closed'" in lines


@pytest.mark.parametrize(
    ("options", "time"),
    [
        (("--day-first",), datetime(2026, 5, 3, 10, tzinfo=UTC)),
        (("--month-first",), datetime(2026, 3, 5, 10, tzinfo=UTC)),
        (("--day-first", "--zone", "Europe/Berlin"), datetime(2026, 5, 3, 8, tzinfo=UTC)),
    ],
)
def test_the_order_of_day_and_month_and_the_zone_decide_what_a_time_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], time: datetime
) -> None:
    read = []
    monkeypatch.setattr(tables, "reading_of", lambda problem, queue, reader: read.append(queue.tickets[0]))
    monkeypatch.setattr(tables, "print_reading", lambda about: None)
    assert run(*MAP, *options).exit_code == 0
    assert [ticket.creation_timestamp for ticket in read] == [time.timestamp()]


def test_an_order_that_nobody_says_is_asked_for(folder: Path) -> None:
    assert "could be 3 May or 5 March; say day_first or month_first (--day-first, --month-first)" in run(*MAP).stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--map", "Nr=ticket"), "map: 'ticket' is no field; did you mean 'ticket_id'?"),
        (("--map", "Number=ticket_id"), "there is no column 'Number' for ticket_id"),
        (("--map", "wrong.toml"), "wrong.toml: is not TOML"),
        (("--zone", "Middle/Earth"), "zone: 'Middle/Earth' is not known; write it such as Europe/Berlin"),
        (("--from", "zendsk"), "'zendsk' is not known; did you mean 'zendesk'?"),
    ],
)
def test_an_option_that_says_something_wrong_is_one_error(folder: Path, options: tuple[str, ...], words: str) -> None:
    (folder / "wrong.toml").write_text("no toml", "utf-8")
    done = run(*options)
    assert (done.exit_code, done.stdout) == (EXIT_INVALID, "")
    assert words in done.stderr


def test_a_map_that_is_not_there_is_a_file_error(folder: Path) -> None:
    assert run("--map", "none.toml").exit_code == EXIT_FILE


def test_wrong_rows_are_written_to_a_file_and_the_rest_is_planned(folder: Path) -> None:
    (folder / "tickets.csv").write_text("ticket_id,due\n1,2026-01-01\n2,soon\n", "utf-8")
    assert run(command="assign").exit_code == EXIT_INVALID
    done = run("--skip-invalid", "--json", command="assign")
    assert [item["ticket_id"] for item in json.loads(done.stdout)["assignments"]] == ["1"]
    assert "1 rows were skipped; see tickets.csv.skipped.json" in done.stderr
    (skipped,) = json.loads((folder / "tickets.csv.skipped.json").read_text("utf-8"))
    assert (skipped["place"], skipped["row"]) == ("tickets.csv row 2", {"ticket_id": "2", "due": "soon"})
    assert len(skipped["issues"]) == 1


def test_levels_in_the_teams_own_scale(folder: Path) -> None:
    plain = ("--map", "Nr=ticket_id", "--map", "Problem=title", "--json")
    (folder / "tickets.csv").write_text("Nr,Problem\n1,VPN drops\n", "utf-8")
    without = json.loads(run(*plain, command="assign").stdout)["assignments"][0]["rationale"]
    with_scale = json.loads(run(*plain, "--levels", "5", command="assign").stdout)["assignments"][0]["rationale"]
    assert ("VPN (5)" in without, "VPN (10)" in with_scale) == (True, True)


def test_who_wants_what_nobody_has_is_told(folder: Path) -> None:
    (folder / "tickets.csv").write_text("ticket_id,requires\n7,SAP:3\n", "utf-8")
    assert "Ticket 7 wants what nobody has: SAP" in run().stdout
