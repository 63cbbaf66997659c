"""The app in this process, driven over ASGI, and the service as real processes on loopback."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from ticketopt.service import create_app
from ticketopt.stores import open_store

from .client import Client

NOW = 1772440200.0  # 2026-03-02T08:30:00Z

SERVE = "import json, sys; from ticketopt.service import serve; serve(**json.loads(sys.argv[1]))"


@pytest.fixture
def store():
    return open_store("memory:")


@pytest.fixture
def client(store):
    return Client(create_app(store, clock=lambda: NOW))


class Service(NamedTuple):
    """A running service."""

    url: str
    process: subprocess.Popen


@pytest.fixture
def running():
    """A context manager: one more service process with these settings."""

    @contextmanager
    def run(**settings):
        command = [sys.executable, "-c", SERVE, json.dumps({"port": 0, **settings})]
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            try:
                yield Service(_address(process), process)
            finally:
                process.terminate()
                process.communicate(timeout=60)

    return run


def _address(process):
    lines = []
    for line in process.stderr:
        lines.append(line)
        found = re.search(r"running on (http://\S+)", line)
        if found:
            return found[1]
    raise AssertionError("the service did not start:\n" + "".join(lines))
