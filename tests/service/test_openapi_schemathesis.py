"""Requests that Schemathesis makes up from the service's own documentation: no 500, and answers as documented."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.seeds import examples
from ticketopt.live.stores import open_store
from ticketopt.service import create_app

STORE = open_store("memory:")
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", create_app(STORE, time_limit=1))
QUICK = SCHEMA.exclude(path="/v1/events")  # which does not end
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@QUICK.parametrize()
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_as_documented(case):
    case.call_and_validate(checks=CHECKS)
