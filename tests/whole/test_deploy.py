"""The files to deploy with name nothing that the service does not know. Nothing here runs them: that wants Docker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ticketopt.cli.commands import main
from ticketopt.problem.record_fields import table_of
from ticketopt.service import server
from ticketopt.service.settings import ServerSettings

yaml = pytest.importorskip("yaml")

FOLDER = Path(__file__).parents[2] / "docs" / "deploy"
TEXT = (FOLDER / "compose.yaml").read_text("utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
PLACES = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
GIVEN = {"POSTGRES_PASSWORD": "p" * 48, "TICKETOPT_API_KEYS": "k" * 48}
BESIDE_A_HELPDESK = {
    "TICKETOPT_WEBHOOK_SECRETS": "zendesk=" + "s" * 20,
    "TICKETOPT_HELPDESK": "zendesk",
    "TICKETOPT_HELPDESK_URL": "https://acme.zendesk.com",
    "TICKETOPT_HELPDESK_TOKEN": "ann@acme.example/token:t",
    "TICKETOPT_HELPDESK_TENANT": "acme",
    "TICKETOPT_OUTBOX": "dry-run",
    "TICKETOPT_TICKET_LINK": "https://acme.zendesk.com/agent/tickets/{ticket_id}",
    "TICKETOPT_TENANTS": "acme,north",
    "TICKETOPT_ALLOWED_HOSTS": "tickets.acme.example",
    "TICKETOPT_ZONE": "Europe/Berlin",
    "TICKETOPT_KEEP": "all=365d",
}


def filled(text: str, environment: dict[str, str]) -> str:
    """A value as Compose makes it: a variable, its default where it is unset or empty, an error where it is wanted."""

    def value(found: re.Match[str]) -> str:
        given = environment.get(found[1], "")
        assert given or found[2] != "?", found[1]
        return given or (found[3] if found[2] == "-" else "")

    return PLACES.sub(value, text)


def served(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> ServerSettings:
    """The settings of a replica that Compose starts."""
    seen: list[ServerSettings] = []
    monkeypatch.setattr(server, "run", seen.append)
    inside = {name: filled(text, environment) for name, text in SERVICES["ticketopt"]["environment"].items()}
    done = CliRunner().invoke(main, ["serve"], env=inside)
    assert done.exit_code == 0, done.output
    return seen[0]


def names_of(text: str) -> set[str]:
    return set(re.findall(r"\bTICKETOPT_([A-Z_]+)\b", text))


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", "ticketopt.service"])
def test_every_variable_is_a_setting(name: str) -> None:
    known = {setting.upper() for setting in table_of(ServerSettings).entries}
    named = names_of((FOLDER / name).read_text("utf-8"))
    assert named
    assert named <= known


def test_what_is_left_out_is_as_by_default_and_what_is_given_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    store = f"postgresql://ticketopt:{GIVEN['POSTGRES_PASSWORD']}@database/ticketopt"
    bare = served(monkeypatch, GIVEN)
    assert bare == ServerSettings(store=store, api_keys=(GIVEN["TICKETOPT_API_KEYS"],))
    settings = served(monkeypatch, {**GIVEN, **BESIDE_A_HELPDESK})
    assert settings.integration is not None
    assert settings.integration.label == "Zendesk"
    assert (settings.helpdesk_tenant, settings.zone, settings.outbox) == ("acme", "Europe/Berlin", "dry-run")
    assert settings.secrets_of("zendesk") == {"acme": "s" * 20}
    assert {f"TICKETOPT_{name}" for name in names_of(TEXT)} == {"TICKETOPT_STORE", *BESIDE_A_HELPDESK, *GIVEN} - {
        "POSTGRES_PASSWORD"
    }


def test_replicas_do_not_fight_for_a_port_and_what_depends_on_health_has_one() -> None:
    replica: dict[str, Any] = SERVICES["ticketopt"]
    assert replica["deploy"]["replicas"] > 1
    assert "ports" not in replica
    assert "container_name" not in replica
    assert SERVICES["proxy"]["command"][-1] == f"ticketopt:{replica['expose'][0]}"
    has_health = {name for name, service in SERVICES.items() if "healthcheck" in service}
    docker = (FOLDER / "Dockerfile").read_text("utf-8")
    assert "HEALTHCHECK" in docker
    assert f"EXPOSE {replica['expose'][0]}" in docker
    for service in SERVICES.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            assert name in has_health | {"ticketopt"}
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in yaml.safe_load(TEXT)["volumes"]
