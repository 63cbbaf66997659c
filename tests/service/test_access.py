"""Who may do what: keys by role and tenant, known tenants, hosts; and how keys are made and kept."""

import tomllib
import unicodedata

import pytest
from click.testing import CliRunner

from ticketopt import InvalidInputError
from ticketopt.cli.commands import main
from ticketopt.cli.service_options import keys_of_file
from ticketopt.live.stores import open_store
from ticketopt.service import ServerSettings, Settings, create_app
from ticketopt.service.keys import Key, hash_of, key_of, toml_of

from .client import Client

ADMIN, CHANGE, READ, NORTH = ("a-key-of-an-admin", "a-key-of-the-desk", "a-key-of-the-wall", "a-key-of-the-north")
KEYS = {
    "keys": [
        {"name": "operator", "sha256": hash_of(ADMIN), "role": "admin", "tenants": ["*"]},
        {"name": "desk", "sha256": hash_of(CHANGE), "role": "change"},
        {"name": "wall", "sha256": hash_of(READ), "role": "read", "tenants": ["", "north"]},
        {"name": "north", "sha256": hash_of(NORTH), "tenants": ["north"]},
    ]
}
ASKS = {
    "see": ("GET", "/v1/agents", None),
    "change": ("POST", "/v1/tickets", {"tickets": []}),
    "job": ("DELETE", "/v1/jobs/x", None),
    "metrics": ("GET", "/metrics", None),
    "docs": ("GET", "/docs", None),
}


def status(client, ask, key=None, tenant=""):
    method, path, body = ASKS[ask]
    headers = {**({"X-API-Key": key} if key else {}), **({"X-Tenant": tenant} if tenant else {})}
    return client.request(method, path, json=body, headers=headers).status_code


@pytest.fixture
def guarded(store):
    return Client(create_app(store, keys=KEYS))


@pytest.mark.parametrize(
    ("key", "tenant", "expected"),
    [
        (ADMIN, "", {"see": 200, "change": 200, "job": 404, "metrics": 200, "docs": 200}),
        (ADMIN, "north", {"see": 200, "change": 200}),
        (ADMIN, "south", {"see": 404, "change": 404}),
        (CHANGE, "", {"see": 200, "change": 200, "job": 404, "metrics": 403, "docs": 200}),
        (CHANGE, "north", {"see": 403, "change": 403, "job": 403}),
        (READ, "", {"see": 200, "change": 403, "job": 403, "metrics": 403, "docs": 200}),
        (READ, "north", {"see": 200, "change": 403}),
        (NORTH, "", {"see": 403, "change": 403, "metrics": 403, "docs": 200}),
        (NORTH, "north", {"see": 200, "change": 200}),
        (NORTH, "south", {"see": 403, "change": 403}),
        ("a-key-of-nobody", "", {"see": 401, "change": 401, "metrics": 401, "docs": 401}),
        (None, "", {"see": 401, "change": 401, "metrics": 401, "docs": 401}),
    ],
)
def test_a_key_opens_what_its_role_and_tenants_say(guarded, key, tenant, expected):
    assert {ask: status(guarded, ask, key, tenant) for ask in expected} == expected


def test_plain_keys_may_do_everything_beside_named_ones(store):
    client = Client(create_app(store, keys=KEYS, api_keys=("correct-horse-battery",), tenants=("south",)))
    assert status(client, "metrics", "correct-horse-battery") == 200
    assert status(client, "change", "correct-horse-battery", "south") == 200
    assert status(client, "metrics", READ) == 403


@pytest.mark.parametrize(
    ("tenants", "expected"),
    [((), {"": 200, "acme": 404}), (("acme",), {"acme": 200, "amce": 404}), (("*",), {"anything": 200})],
)
def test_only_known_tenants_have_a_queue(store, tenants, expected):
    key = "correct-horse-battery"
    client = Client(create_app(store, tenants=tenants, api_keys=(key,)))
    assert {tenant: status(client, "change", key, tenant) for tenant in expected} == expected
    never = client.request("GET", "/v1/agents?tenant=never", headers={"X-API-Key": key})
    assert never.status_code == (200 if "*" in tenants else 404)


def test_without_keys_any_tenant_has_a_queue_unless_some_are_named(store):
    assert status(Client(create_app(store)), "change", tenant="acme") == 200
    assert status(Client(create_app(store, tenants=("acme",))), "change", tenant="amce") == 404


def test_a_tenant_is_the_same_however_it_is_sent_and_typed(store):
    client = Client(create_app(store, tenants=("Zo\u00e9",)))
    composed, loose = "Zo\u00e9", unicodedata.normalize("NFD", "Zo\u00e9")
    assert composed != loose
    for k, name in enumerate((composed, loose)):
        agents = {"agents": [{"agent_id": str(k)}]}
        sent = client.request("POST", "/v1/agents", json=agents, headers={"X-Tenant": name.encode()})
        assert sent.status_code == 200
        asked = client.request("GET", "/v1/agents", params={"tenant": name}).json()["agents"]
        assert [agent["agent_id"] for agent in asked] == ["0", "1"][: k + 1]
    assert client.request("GET", "/v1/agents", headers={"X-Tenant": b"Zo\xe9"}).status_code == 422
    assert client.get("/v1/agents?tenant=Zo%E9").status_code == 422
    both = client.request("GET", "/v1/agents?tenant=Zo%C3%A9", headers={"X-Tenant": composed.encode()})
    assert both.status_code == 200
    differ = client.request("GET", "/v1/agents?tenant=x", headers={"X-Tenant": composed.encode()})
    assert differ.status_code == 422


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("tickets.example.org", True),
        ("Tickets.Example.ORG.:8443", True),
        ("[::1]:8000", True),
        ("tickets.example.org.evil.example", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_requests_to_another_name_are_refused(store, host, is_ours):
    client = Client(create_app(store, allowed_hosts=("tickets.example.org", "::1")))
    answer = client.request("GET", "/v1/agents", headers={"Host": host})
    assert answer.status_code == (200 if is_ours else 421)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.0.5:8000", "[fd00::5]:8000", "pod", ""])
def test_probes_ask_by_whatever_address_the_service_has(store, host):
    client = Client(create_app(store, allowed_hosts=("tickets.example.org",), api_keys=(ADMIN,)))
    asked = {
        "/healthz": 200,
        "/readyz": 200,
        "/healthz/": 421,
        "/": 421,
        "/metrics": 421,
        "/docs": 421,
        "/v1/counts": 421,
    }
    for method in ("GET", "HEAD"):
        found = {path: client.request(method, path, headers={"Host": host}).status_code for path in asked}
        assert found == asked


def test_without_keys_only_this_machines_names_are_answered(running):
    import httpx

    with running(store="memory:") as service:
        for host, expected in {"localhost": 200, "127.0.0.1:1": 200, "rebound.example": 421}.items():
            assert httpx.get(f"{service.url}/v1/agents", headers={"Host": host}).status_code == expected


def test_the_log_names_the_key_and_never_shows_it(guarded, caplog):
    caplog.set_level("DEBUG")
    status(guarded, "see", READ)
    (record,) = [record for record in caplog.records if record.name == "ticketopt.service.access"]
    assert record.details["key"] == "wall"
    assert READ not in str(record.__dict__)


def test_everything_wrong_with_keys_is_said_at_once():
    row = {"name": "a", "sha256": "0" * 64}
    rows = [row, row, 5, {"name": "", "sha256": "X" * 64, "role": "god", "tenants": "x", "rle": 1}]
    with pytest.raises(InvalidInputError) as caught:
        Settings(keys={"keys": rows})
    assert [issue.path for issue in caught.value.issues] == [
        "keys[2]",
        "keys[3].'rle'",
        "keys[3].name",
        "keys[3].sha256",
        "keys[3].role",
        "keys[3].tenants",
        "keys[1].name",
    ]
    for wrong in ([], {"keys": {}}, {"keys": [], "more": 1}):
        with pytest.raises(InvalidInputError):
            Settings(keys=wrong)


def test_a_key_is_made_shown_once_and_opens(tmp_path):
    made = CliRunner().invoke(main, ["key", 'the "wall"', "--role", "read", "--tenant", "", "--tenant", "acme"])
    assert made.exit_code == 0
    key = made.stderr.split()[-1]
    assert key not in made.stdout
    path = tmp_path / "keys.toml"
    path.write_text(made.stdout)
    settings = ServerSettings(keys=keys_of_file(str(path)))
    assert settings.keys == (Key(name='the "wall"', sha256=hash_of(key), role="read", tenants=("", "acme")),)
    client = Client(create_app(open_store("memory:"), keys=tomllib.loads(made.stdout)))
    assert status(client, "see", key, "acme") == 200
    assert CliRunner().invoke(main, ["key", "\x00"]).exit_code == 3


def test_an_entry_says_what_the_key_is():
    key = key_of("a", "k", "admin", ["*"])
    assert tomllib.loads(toml_of(key)) == {
        "keys": [{"name": "a", "sha256": hash_of("k"), "role": "admin", "tenants": ["*"]}]
    }
