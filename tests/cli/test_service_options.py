"""The options of `ticketopt serve` are the service's settings."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ticketopt.cli.commands import main
from ticketopt.cli.reported import EXIT_INVALID
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import table_of
from ticketopt.service import server
from ticketopt.service.keys import key_of, toml_of
from ticketopt.service.settings import ServerSettings

KEYS = ("k" * 16, "l" * 16)
SECRETS = ("zendesk=" + "s" * 16, "acme/github=" + "=" * 20)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServerSettings]:
    seen: list[ServerSettings] = []
    monkeypatch.setattr(server, "run", seen.append)
    return seen


def test_defaults(served: list[ServerSettings]) -> None:
    assert CliRunner().invoke(main, ["serve"]).exit_code == 0
    assert served == [ServerSettings()]


OTHER: dict[str, Any] = {
    "host": "::1", "port": 81, "store": "memory:", "lock_timeout": 2.5, "solver_processes": 0, "solver_memory_mb": 512,
    "log_level": "debug", "time_limit": 3.5, "max_body_bytes": 9, "max_tickets": 8, "max_jobs": 7,
    "max_agents": 6, "max_pairs": 5, "max_requests": 40, "max_tenant_requests": 30, "max_followers": 20,
    "max_tenant_jobs": 3, "max_connections": 500,
    "helpdesk": "zendesk", "helpdesk_url": "https://acme.example", "helpdesk_token": "t", "helpdesk_tenant": "acme",
    "outbox": "dry-run", "zone": "Europe/Berlin", "prune_hours": 12.0, "ticket_link": "https://acme.example/{ticket_id}",
}  # fmt: skip
WALL = key_of("wall", "k" * 40, "read", ["acme"])
OWN = {"concepts": {"paper": {"names": ["printers"], "sure": ["φλορβλ"]}}}


def test_every_setting_by_option_and_by_environment(served: list[ServerSettings], tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"balance": 2}))
    own = tmp_path / "own.json"
    own.write_text(json.dumps(OWN))
    values = {**OTHER, "policy": path, "lexicon": own, "api_keys": ", ".join(KEYS) + ","}
    values["webhook_secrets"] = ",".join(SECRETS)
    values |= {"tenants": "acme, north", "allowed_hosts": "tickets.example.org", "keys": tmp_path / "keys.toml"}
    values["keep"] = "events=90d, all=7"
    values["keys"].write_text(toml_of(WALL))
    assert {*values, "encoder", "texts"} == set(table_of(ServerSettings).entries)
    options = [text for name, value in values.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    environment = {f"TICKETOPT_{name.upper()}": str(value) for name, value in values.items()}
    assert CliRunner().invoke(main, ["serve", *options]).exit_code == 0
    assert CliRunner().invoke(main, ["serve"], env=environment).exit_code == 0
    lists = {"api_keys": KEYS, "webhook_secrets": SECRETS, "tenants": ("acme", "north"), "keys": (WALL,)}
    lists |= {"allowed_hosts": ("tickets.example.org",), "keep": ("events=90d", "all=7")}
    wanted = ServerSettings(**OTHER, **lists, policy=Policy(balance=2), lexicon=OWN)
    assert [asdict(settings) for settings in served] == [asdict(wanted)] * 2


HIDDEN = {"api_keys", "webhook_secrets", "helpdesk_token"}


def test_help_says_every_setting_but_the_keys() -> None:
    text = CliRunner().invoke(main, ["serve", "--help"]).output
    for name in table_of(ServerSettings).entries:
        assert (f"--{name.replace('_', '-')} " in text) == (name not in HIDDEN)


@pytest.mark.parametrize(("option", "value"), [("--port", "70000"), ("--time-limit", "0"), ("--log-level", "loud")])
def test_a_wrong_value_is_wrong_usage(served: list[ServerSettings], option: str, value: str) -> None:
    done = CliRunner().invoke(main, ["serve", option, value])
    assert (done.exit_code, served) == (2, [])
    assert option in done.output


def test_what_only_the_settings_can_see_is_invalid_input(served: list[ServerSettings], tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"balanse": 2}')
    done = CliRunner().invoke(main, ["serve", "--policy", str(path), "--api-keys", "short"])
    assert (done.exit_code, served) == (EXIT_INVALID, [])
    assert "balanse" in done.stderr


def test_an_encoder_that_is_not_there(served: list[ServerSettings], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["serve", "--encoder", f"onnx:{tmp_path / 'none'}"])
    assert (done.exit_code, served) == (EXIT_INVALID, [])
    assert str(tmp_path / "none") in done.stderr


def test_all_that_is_wrong_with_a_lexicon_is_said_before_anything_else(
    served: list[ServerSettings], tmp_path: Path
) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"concepts": {"paper": {"sure": ["f*"], "hints": [1]}}, "generik": []}))
    done = CliRunner().invoke(main, ["serve", "--policy", "no_policy.json", "--lexicon", str(path)])
    assert (done.exit_code, served) == (EXIT_INVALID, [])
    for part in ("concepts['paper'].sure[0]", "concepts['paper'].hints[0]", "'generik'"):
        assert f"lexicon.{part}" in done.stderr
    assert CliRunner().invoke(main, ["serve", "--lexicon", "no_lexicon.json"]).exit_code == EXIT_INVALID


def test_the_command_line_does_not_load_the_web_framework() -> None:
    code = "import sys, ticketopt.cli.commands; print([m for m in ('fastapi', 'uvicorn', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
