"""Whatever stands wherever in a body: an answer in strict JSON, a plan or a 4xx problem, and the service lives on."""

import copy
import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.live.stores import open_store
from ticketopt.problem.records import AGENT_FIELDS, TICKET_FIELDS
from ticketopt.service import create_app
from ticketopt.service.openapi.examples import EXAMPLE_QUEUE

from .client import Client

OVERFLOW = "<1e400>"

HOSTILE = st.sampled_from(
    [
        *(None, True, False, 0, -1, 0.5, -0.0, 1e308, 5e-324, 10**400, -(2**63), float("nan"), float("-inf"), OVERFLOW),
        *("", " ", "\x00", "\ud800", "\U0010ffff", "\u202e", "x" * 100_000, "1e5", "null", "../../etc/passwd"),
        *([], {}, [[]], [None], {"": None}, {"\ud800": 1}, {"a": {"a": {}}}, ["a"] * 50, {"__class__": 1}),
    ]
)
"""Values that break programs."""

PLACES = st.one_of(
    st.tuples(st.just("agents"), st.integers(0, 2), st.sampled_from([*AGENT_FIELDS, "unknown", "\ud800"])),
    st.tuples(st.just("tickets"), st.integers(0, 3), st.sampled_from([*TICKET_FIELDS, "unknown", "\ud800"])),
    st.tuples(st.sampled_from(["agents", "tickets"]), st.integers(0, 2)),
    st.tuples(st.sampled_from(["agents", "tickets", "now", "unknown", "\ud800"])),
)
"""Paths in the example's body, existing and not."""

CLIENT = Client(create_app(open_store("memory:")))


def refuse(word):
    raise AssertionError(f"{word} is not JSON")


def put(target, path, value):
    """Put a copy of a value at a path, where there still is such a place."""
    step, *rest = path
    if isinstance(target, list) and not (isinstance(step, int) and step < len(target)):
        return
    if isinstance(target, dict) and isinstance(step, int):
        return
    if rest and isinstance(target, (dict, list)):
        put(target[step], rest, value)
    elif isinstance(target, (dict, list)):
        target[step] = copy.deepcopy(value)


@settings(max_examples=examples(150))
@given(st.lists(st.tuples(PLACES, HOSTILE), min_size=1, max_size=3))
@example([(("tickets", 0, "skills"), {"\ud800": 1})])
@example([(("tickets", 0, "title"), OVERFLOW)])
def test_hostile_values_get_a_plan_or_a_problem(changes):
    body = copy.deepcopy(EXAMPLE_QUEUE)
    for path, value in changes:
        put(body, path, value)
    answer = CLIENT.assign(json.dumps(body).replace(json.dumps(OVERFLOW), "1e400"))
    content = json.loads(answer.content.decode("utf-8"), parse_constant=refuse)
    if answer.status_code == 200:
        assert len(content["decisions"]) == len(body["tickets"] or [])
    else:
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"
        assert content["errors"]
    assert CLIENT.assign(EXAMPLE_QUEUE).status_code == 200
