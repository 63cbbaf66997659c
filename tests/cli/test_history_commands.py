"""`ticketopt history FILE`, as its user meets it."""

import json

from click.testing import CliRunner

from ticketopt.cli.commands import main

LOG = "ticket,moment,agent,status,category\n1,2026-01-19 09:00,Ada,Open,VPN\n1,2026-01-19 10:00,Ada,Zu,VPN\n"


def run(*arguments):
    return CliRunner().invoke(main, ["history", *map(str, arguments)])


def test_it_says_what_became_of_every_column_and_what_is_missing(tmp_path):
    (tmp_path / "log.csv").write_text(LOG)
    done = run(tmp_path / "log.csv", "--status", "Zu=done", "--zone", "Europe/Berlin")
    assert done.exit_code == 0, done.output
    assert "1 ticket, 1 stint of 1 agent, 2026-01-19 to 2026-01-19; a table of changes" in done.output
    assert "1 resolved" in done.output
    assert "estimate" in done.output and "who gets the hard ones looks slow" in done.output


def test_json_says_the_same(tmp_path):
    (tmp_path / "log.csv").write_text(LOG.replace("moment", "x"))
    done = run(tmp_path / "log.csv", "--json", "--map", "x=time", "--from", "audit")
    found = json.loads(done.output)
    assert found["columns"]["x"] == "time"
    assert found["stints"]["open where the log ends"] == 1
    assert next(note for note in found["notes"] if note["topic"] == "unknown status")["count"] == 1


def test_what_is_wrong_is_said_with_its_repair(tmp_path):
    (tmp_path / "log.csv").write_text("a,b\n1,2\n")
    done = run(tmp_path / "log.csv")
    assert done.exit_code == 3
    assert "columns=" in done.output and "Traceback" not in done.output
    assert run(tmp_path / "log.csv", "--map", "a=colour").exit_code == 3
    assert run(tmp_path / "none.csv").exit_code == 4
