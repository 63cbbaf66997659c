"""`ticketopt serve --team`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ticketopt import Dispatcher, open_store
from ticketopt.cli.commands import main
from ticketopt.service import server
from ticketopt.service.settings import ServerSettings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServerSettings]:
    seen: list[ServerSettings] = []
    monkeypatch.setattr(server, "run", seen.append)
    return seen


@pytest.fixture
def team(tmp_path: Path) -> str:
    path = tmp_path / "team.json"
    path.write_text(json.dumps({"agents": [{"agent_id": "ada", "skills": {"VPN": 6.1}}, {"agent_id": "bo"}]}))
    return str(path)


def test_a_team_goes_into_the_queue_before_it_starts(served: list[ServerSettings], team: str, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'queue.db'}"
    for _ in range(2):  # a second start changes nothing
        assert CliRunner().invoke(main, ["serve", "--team", team, "--store", store]).exit_code == 0
    assert [settings.store for settings in served] == [store, store]
    queue = Dispatcher(open_store(store))
    assert queue.submit([{"ticket_id": 1, "skills": {"VPN": 1}}]) == {"1": "ada"}
    assert not queue.check()


def test_what_the_file_does_not_state_stays(served: list[ServerSettings], team: str, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'queue.db'}"
    queue = Dispatcher(open_store(store))
    queue.upsert_agents([{"agent_id": "ada", "languages": ["de"], "skills": {"VPN": 1}}])
    assert CliRunner().invoke(main, ["serve", "--team", team, "--store", store]).exit_code == 0
    assert len(served) == 1
    ada = queue.state().agents["ada"]
    assert (ada.data["languages"], ada.data["skills"]) == (["de"], {"VPN": 6.1})


def test_a_store_in_memory_would_lose_it(served: list[ServerSettings], team: str) -> None:
    done = CliRunner().invoke(main, ["serve", "--team", team, "--store", "memory:"])
    assert done.exit_code == 3
    assert "name another --store" in done.output
    assert not served
