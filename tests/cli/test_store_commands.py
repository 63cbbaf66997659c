"""Commands about stores, as their user meets them."""

import pytest
from click.testing import CliRunner

from ticketopt import Dispatcher, StoreError, open_store
from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_INVALID, EXIT_SOLVER
from ticketopt.live.stores import Batch, Event
from ticketopt.live.stores.sql import SqlStore


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def begun(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    dispatcher = Dispatcher(store)
    dispatcher.upsert_agents([{"agent_id": "ann"}])
    dispatcher.submit([{"ticket_id": "t"}])
    yield store
    store.close()


def test_a_store_in_use_is_backed_up_and_restored_elsewhere(begun, tmp_path):
    done = run("backup", f"sqlite:///{tmp_path}/a.db", tmp_path / "b")
    assert (done.exit_code, done.output) == (0, f"6 rows written to {tmp_path}/b.\n")
    done = run("restore", tmp_path / "b", f"json:{tmp_path}/c.json")
    assert (done.exit_code, done.output) == (0, "6 rows restored.\n")
    assert open_store(f"json:{tmp_path}/c.json").history("")[0] == begun.history("")[0]
    again = run("restore", tmp_path / "b", f"json:{tmp_path}/c.json")
    assert again.exit_code == EXIT_SOLVER
    assert "holds queues already" in again.output


def test_a_wrong_address_makes_no_empty_backup_in_the_place_of_a_good_one(tmp_path):
    (tmp_path / "b").write_text("good")
    done = run("backup", f"sqlite:///{tmp_path}/wrong.db", tmp_path / "b")
    assert done.exit_code == EXIT_SOLVER
    assert "holds nothing" in done.output
    assert (tmp_path / "b").read_text() == "good"


def test_what_is_restored_and_does_not_add_up_is_said(begun, tmp_path):
    run("backup", f"sqlite:///{tmp_path}/a.db", tmp_path / "b")
    run("restore", tmp_path / "b", f"json:{tmp_path}/c.json")
    open_store(f"json:{tmp_path}/c.json").backup(tmp_path / "d")
    text = (tmp_path / "d").read_text()
    (tmp_path / "d").write_text(text.replace('"load": 1', '"load": 2'))
    done = run("restore", tmp_path / "d", f"sqlite:///{tmp_path}/e.db")
    assert done.exit_code == EXIT_SOLVER
    assert "does not add up: agents['ann']: has the load 2" in done.output


def test_what_is_over_is_forgotten_by_a_command_and_the_queue_still_adds_up(begun, tmp_path):
    begun.commit("old", 0, Batch(None, (Event("x"),), at=0.0))
    Dispatcher(begun).close("t")
    address = f"sqlite:///{tmp_path}/a.db"
    done = run("prune", address, "--keep", "closed-tickets=0", "--keep", "events=30d")
    assert (done.exit_code, done.output) == (
        0,
        "Rows forgotten: events 1, closed-tickets 1, answers 0, deliveries 0, jobs 0.\n",
    )
    assert (begun.ticket("", "t"), len(begun.events("")), begun.events("old")) == (None, 3, [])
    assert Dispatcher(begun).check() == ()


def test_wrong_rules_are_said_at_once_and_nothing_is_forgotten(begun, tmp_path):
    Dispatcher(begun).close("t")
    done = run(
        "prune", f"sqlite:///{tmp_path}/a.db", "--keep", "closed-tickets=0", "--keep", "evnts=1d", "--keep", "all=x"
    )
    assert done.exit_code == EXIT_INVALID
    assert "keep[1]" in done.output and "keep[2]" in done.output
    assert begun.ticket("", "t") is not None
    assert run("prune", f"sqlite:///{tmp_path}/a.db").exit_code == 2  # nothing to keep is a mistake
    assert run("prune", f"sqlite:///{tmp_path}/wrong.db", "--keep", "all=1d").exit_code == EXIT_SOLVER


def test_a_queue_that_cannot_be_pruned_is_named_and_keeps_none_of_the_others(begun, tmp_path, monkeypatch):
    begun.commit("old", 0, Batch(None, (Event("x"),), at=0.0))
    real = SqlStore.prune

    def prune(store, tenant, **options):
        if tenant == "":
            raise StoreError("it is locked")
        return real(store, tenant, **options)

    monkeypatch.setattr(SqlStore, "prune", prune)
    done = run("prune", f"sqlite:///{tmp_path}/a.db", "--keep", "events=1d")
    assert done.exit_code == EXIT_SOLVER
    assert "events 1" in done.output
    assert "could not be pruned: '' (it is locked)" in done.output
