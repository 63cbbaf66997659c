"""Every kind of bad input over HTTP: 400 or 422 with the right issue, nothing repeated, nothing kept, nobody harmed."""

import json

import pytest

from support.bad_input import BAD_INPUT, ODD_BUT_GOOD, PRIVATE
from ticketopt import InvalidInputError
from ticketopt.live.batch import dispatch
from ticketopt.live.stores import open_store
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.requests import parse_queue
from ticketopt.service.settings import Settings


def issues_in_the_library(document):
    """What the library says about a document, as an answer lists it."""
    try:
        dispatch(parse_queue(document, Settings()), store=open_store("memory:"))
    except (InvalidInputError, ServiceError) as error:
        return [{"path": i.path, "problem": i.problem, "repair": i.repair} for i in error.issues]
    raise AssertionError("accepted")


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_gets_a_problem_that_lists_every_issue(client, store, caplog, name):
    case = BAD_INPUT[name]
    answer = client.assign(case.document)
    details = answer.json()
    assert answer.status_code == (400 if case.is_syntax else 422)
    assert details["status"] == answer.status_code
    assert answer.headers["content-type"] == "application/problem+json"
    assert details["errors"] == issues_in_the_library(case.document)
    assert any(
        error["path"].startswith(case.path) and case.words in f"{error['path']}: {error['problem']}; {error['repair']}"
        for error in details["errors"]
    )
    assert PRIVATE not in answer.text + caplog.text
    assert store.snapshot("").agents == {}


@pytest.mark.parametrize("name", ODD_BUT_GOOD)
def test_odd_input_that_is_good_gets_a_plan(client, name):
    answer = client.assign(ODD_BUT_GOOD[name])
    assert answer.status_code == 200
    n_tickets = len(json.loads(ODD_BUT_GOOD[name].decode("utf-8-sig"))["tickets"] or [])
    assert len(answer.json()["decisions"]) == n_tickets
