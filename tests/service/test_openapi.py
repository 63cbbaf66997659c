"""The documentation: its schemas agree with what is read and answered, its examples work, and it needs no network."""

import json
import re

import jsonschema
import pytest

from ticketopt.live.stores import open_store
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS
from ticketopt.service import create_app
from ticketopt.service.openapi import assignment
from ticketopt.service.openapi.components import share_schemas
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE, MISTAKEN_QUEUE
from ticketopt.service.problem_details import PROBLEMS
from ticketopt.service.routes.changes import CHANGES

from .client import Client

POST = "/v1/ticket-assignment"


@pytest.fixture(scope="module")
def document():
    return Client(create_app(open_store("memory:"))).get("/openapi.json").json()


def check(value, schema, document=None):
    schema = schema if document is None else {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)


def test_the_schemas_name_exactly_the_fields_that_are_read():
    assert set(assignment.AGENT["properties"]) == set(AGENT_FIELDS)
    assert set(assignment.TICKET["properties"]) == set(TICKET_FIELDS)


def test_the_example_keeps_to_its_schema():
    check(EXAMPLE_QUEUE, assignment.QUEUE)


def test_an_answer_keeps_to_its_schema_and_the_schema_names_every_key(client):
    plan = client.assign({**EXAMPLE_QUEUE, "comment": "unknown"}).json()
    check(plan, assignment.ANSWER)
    assert plan["warnings"]
    pairs = [(plan, assignment.ANSWER)]
    pairs += [(plan[key][0], assignment.ANSWER["properties"][key]["items"]) for key in ("assignments", "unassigned")]
    pairs += [(plan[key][0], assignment.ANSWER["properties"][key]["items"]) for key in ("loads", "decisions")]
    for value, schema in pairs:
        assert set(value) == set(schema["properties"]) - {"tiers"}


def test_an_answer_by_tiers_keeps_to_its_schema_and_the_schema_names_every_key(store):
    tiers = ["unassigned", "urgent_unassigned", "cost", "balance"]
    client = Client(create_app(store, policy={"tiers": tiers}))
    plan = client.assign(EXAMPLE_QUEUE).json()
    check(plan, assignment.ANSWER)
    assert set(plan) == set(assignment.ANSWER["properties"])
    assert [tier["name"] for tier in plan["tiers"]] == tiers
    for tier in plan["tiers"]:
        assert set(tier) == set(assignment.ANSWER["properties"]["tiers"]["items"]["properties"])
    job = client.request("POST", "/v1/jobs", json={"kind": "assignment", **EXAMPLE_QUEUE}).json()
    while job["state"] == "running":
        job = client.get(f"/v1/jobs/{job['job_id']}").json()
    document = client.get("/openapi.json").json()
    schema = document["paths"]["/v1/jobs/{job_id}"]["get"]["responses"]["200"]
    check(job, schema["content"]["application/json"]["schema"], document)
    assert job["progress"]["tier"] == "balance"
    check(job["result"], assignment.ANSWER)


@pytest.mark.parametrize("body", ["nonsense", "[]", '{"agents": 1}'])
def test_a_problem_keeps_to_its_schema(client, body):
    details = client.assign(body).json()
    check(details, assignment.PROBLEM)
    assert details["errors"]
    assert set(details) == set(assignment.PROBLEM["properties"])


def test_the_document_shows_the_example_and_the_answer_that_it_gets(client, document):
    operation = document["paths"][POST]["post"]
    (sent,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert client.assign(sent["value"]).json() == shown


def test_every_answer_is_documented(client, document):
    answers = document["paths"][POST]["post"]["responses"]
    met = {name: PROBLEMS[name] for name in assignment.CHANGE_FAILURES}
    assert set(answers) == {"200", *(str(kind.status) for kind in met.values())}
    for name, kind in met.items():
        example = answers[str(kind.status)]["content"]["application/problem+json"]["examples"][name]["value"]
        check(example, assignment.PROBLEM)
        assert (example["type"], example["status"]) == (f"urn:ticketopt:problem:{name}", kind.status)
    up = document["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert client.get("/").json() == up["example"]
    check(up["example"], up["schema"], document)


def test_the_documented_problem_is_what_such_a_mistake_gets(client, document):
    content = document["paths"][POST]["post"]["responses"]["422"]["content"]["application/problem+json"]
    example = content["examples"]["invalid-input"]["value"]
    details = client.assign(MISTAKEN_QUEUE).json()
    assert [error["path"] for error in details["errors"]] == ["tickets[0].priority"]
    assert {**details, "instance": example["instance"]} == example


def test_the_interactive_page_works_without_network(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert "//" not in re.sub(r"<!--.*?-->", "", page.text)
    addresses = re.findall(r"""(?:href|src)="([^"]+)"|url: '([^']+)'""", page.text)
    assert len(addresses) == 4
    for address in map("".join, addresses):
        asset = client.get(address)
        assert (asset.status_code, len(asset.content) > 1000) == (200, True)


def test_every_change_works_as_its_example_shows(client, document):
    order = [
        "/v1/agents",
        "/v1/tickets",
        "/v1/tickets/change",
        "/v1/agents/status",
        "/v1/agents/capacity",
        "/v1/agents/load",
    ]
    order += [f"/v1/tickets/{name}" for name in ("reassign", "hold", "unassign", "close", "reopen")]
    order += ["/v1/rebalance", "/v1/agents/remove"]
    assert sorted(order) == sorted(CHANGES)
    for path in order:
        operation = document["paths"][path]["post"]
        content = operation["requestBody"]["content"]["application/json"]
        check(content["example"], content["schema"], document)
        answer = client.request("POST", path, json=content["example"])
        assert answer.status_code == 200, (path, answer.text)
        check(answer.json(), operation["responses"]["200"]["content"]["application/json"]["schema"], document)


def test_every_view_keeps_to_its_schema(client, document):
    client.request("POST", "/v1/agents", json=CHANGES["/v1/agents"].example)
    client.request("POST", "/v1/tickets", json=CHANGES["/v1/tickets"].example)
    for path, query in (
        ("/v1/agents", ""),
        ("/v1/assignments", ""),
        ("/v1/explain", "?ticket_id=T-5001"),
        ("/v1/check", ""),
    ):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(path + query)
        assert answer.status_code == 200
        check(answer.json(), schema, document)
    begun = client.request("POST", "/v1/jobs", json={"kind": "rebalance"})
    operation = document["paths"]["/v1/jobs"]["post"]
    check(begun.json(), operation["responses"]["202"]["content"]["application/json"]["schema"], document)
    content = operation["requestBody"]["content"]["application/json"]
    check(content["example"], content["schema"], document)


def object_schemas(part, path=""):
    """Every object schema in a part of the document, by where it is."""
    if isinstance(part, list):
        for k, item in enumerate(part):
            yield from object_schemas(item, f"{path}/{k}")
    elif isinstance(part, dict):
        if "properties" in part and part.get("type") == "object":
            yield path
        for key, value in part.items():
            if key not in ("example", "examples"):
                yield from object_schemas(value, f"{path}/{key}")


def test_each_thing_has_one_name_and_nothing_is_said_twice(document):
    assert list(object_schemas(document["paths"])) == []
    schemas = document["components"]["schemas"]
    objects = [name for name, schema in schemas.items() if "properties" in schema]
    assert list(object_schemas(schemas)) == [f"/{name}" for name in objects]
    assert {"DeliveryState", "TicketState"} <= schemas.keys() - set(objects)
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred == set(schemas)
    assert {
        "Agent",
        "Ticket",
        "Plan",
        "Problem",
        "Issue",
        "Job",
        "Placements",
        "TicketState",
        "CloseTicketRequest",
    } <= referred


def test_no_request_names_a_parameter_twice_and_no_class_would_have_the_name_of_its_field(document):
    """Generators of clients make a class of each thing, a method of each request, and variables of fields."""
    for path, operations in document["paths"].items():
        for operation in operations.values():
            names = [(one["in"], one["name"].lower()) for one in operation.get("parameters", [])]
            assert len(set(names)) == len(names), path
            assert {name for place, name in names if place == "path"} == set(re.findall(r"{(\w+)}", path))
    for title, schema in document["components"]["schemas"].items():
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", title).lower() not in schema.get("properties", {}), title


def test_two_things_of_one_name_are_a_mistake():
    schemas = [{"title": "A", "properties": {"x": {"type": kind}}} for kind in ("string", "number")]
    with pytest.raises(ValueError, match="two schemas have the title 'A'"):
        share_schemas({"paths": {"/": schemas}})


def test_the_document_says_how_keys_are_sent(client, document):
    assert document["security"] == [{}]
    locked = create_app(open_store("memory:"), api_keys=("correct-horse-battery",)).openapi()
    assert locked["security"] == [{"bearer": []}, {"header": []}, {"password": []}]
    assert set(locked["components"]["securitySchemes"]) == {"bearer", "header", "password"}
    assert locked["paths"]["/healthz"]["get"]["security"] == []
    assert "security" not in locked["paths"]["/v1/agents"]["get"]
