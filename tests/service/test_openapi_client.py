"""A client that another project's generator makes of the document: no warnings, strict types, a ticket's whole life."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.until import until
from ticketopt.live.stores import open_store
from ticketopt.service import create_app

from .conftest import service

KEY = "correct-horse-battery"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The folder of the generated package."""
    if not os.environ.get("TICKETOPT_TEST_EVERYTHING"):
        pytest.importorskip("openapi_python_client")
    folder = tmp_path_factory.mktemp("client")
    document = create_app(open_store("memory:"), api_keys=(KEY,)).openapi()
    (folder / "openapi.json").write_text(json.dumps(document))
    command = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--path",
        "openapi.json",
        "--output-path",
        "out",
        "--fail-on-warning",
    ]
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # it calls ruff
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": paths})
    assert (made.returncode, "WARNING" in made.stdout + made.stderr) == (0, False), made.stdout + made.stderr
    return folder / "out"


@pytest.mark.slow
def test_its_types_hold(generated):
    """Nothing is missing or doubled: mypy accepts every line of it."""
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(generated / "cache"), "ticketopt_client"]
    checked = subprocess.run(command, cwd=generated, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_it_drives_the_whole_life_of_a_ticket(generated, monkeypatch):
    monkeypatch.syspath_prepend(str(generated))
    models, root = importlib.import_module("ticketopt_client.models"), importlib.import_module("ticketopt_client")
    with service(store="memory:", api_keys=[KEY]) as running:
        client = root.AuthenticatedClient(base_url=running.url, token=KEY, raise_on_unexpected_status=True)

        def call(name, group="queue", **options):
            return importlib.import_module(f"ticketopt_client.api.{group}.{name}").sync(client=client, **options)

        def change(name, **fields):
            title = "".join(word.capitalize() for word in name.split("_")) + "Request"
            answer = call(name, body=getattr(models, title)(**fields), idempotency_key=f"{name}-{len(str(fields))}")
            assert isinstance(answer, models.Placements), answer
            return {one.ticket_id: one.agent_id for one in answer.decided}

        def ticket():
            row = call("ticket", ticket_id="T-1")
            assert isinstance(row, models.OpenTicket)
            return row.state, row.agent_id

        skills = [models.StandingAgentSkills.from_dict({"vpn": level}) for level in (9, 3)]
        away = [models.Absence(from_="2020-12-24T00:00Z", until="2020-12-26T00:00Z")]
        team = [
            models.StandingAgent(agent_id="ann", name="Ann", skills=skills[0], capacity=2, absences=away),
            models.StandingAgent(agent_id="bob", skills=skills[1], capacity=2),
        ]
        assert change("upsert_agents", agents=team) == {}
        new = models.Ticket(ticket_id="T-1", title="The VPN is down", priority=models.TicketPriority.HIGH)
        assert change("submit_tickets", tickets=[new]) == change("submit_tickets", tickets=[new]) == {"T-1": "ann"}
        raised = models.Ticket(ticket_id="T-1", priority=models.TicketPriority.CRITICAL)
        change("change_tickets", tickets=[raised])
        assert call("ticket", ticket_id="T-1").urgency == 1.0
        change("reassign_ticket", ticket_id="T-1", agent_id="bob")
        assert ticket() == (models.TicketState.ASSIGNED, "bob")
        change("unassign_ticket", ticket_id="T-1")
        assert ticket() == (models.TicketState.ASSIGNED, "ann")
        change("hold_ticket", ticket_id="T-1")
        assert ticket() == (models.TicketState.HELD, "ann")
        change("reopen_ticket", ticket_id="T-1")
        assert call("explain", ticket_id="T-1").agent_id == "ann"
        change("set_agent_status", agent_id="ann", availability_status="offline")
        assert change("rebalance", max_changes=5) == {"T-1": "bob"}

        begun = call("begin_job", "jobs", body=models.BeginJobRequest(kind=models.BeginJobRequestKind.REBALANCE))
        until(lambda: call("job", "jobs", job_id=begun.job_id).state == models.JobState.DONE)
        change("close_ticket", ticket_id="T-1")
        assert ticket() == (models.TicketState.CLOSED, "bob")
        assert [one.ticket_id for one in call("tickets", state=[models.TicketState.CLOSED]).tickets] == ["T-1"]
        assert (call("counts").closed, call("check").is_right) == (1, True)
        assert {one.agent_id: one.current_load for one in call("agents").agents} == {"ann": 0, "bob": 0}
        change("remove_agent", agent_id="ann")

        problem = call("ticket", ticket_id="unknown")
        assert (problem.status, problem.type_) == (404, "urn:ticketopt:problem:no-ticket")
        stranger = root.Client(base_url=running.url)
        refused = importlib.import_module("ticketopt_client.api.queue.agents").sync(client=stranger)
        assert (refused.status, refused.type_) == (401, "urn:ticketopt:problem:no-key")
