"""The app in this process, driven over ASGI, and the service as real processes on loopback."""

import json
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from ticketopt.live.stores import open_store
from ticketopt.service import create_app

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
    """A running service, and the lines of its log so far."""

    url: str
    process: subprocess.Popen
    log: list[str]


@contextmanager
def service(**settings):
    """One more service process with these settings."""
    command = [sys.executable, "-c", SERVE, json.dumps({"port": 0, "solver_processes": 0, **settings})]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        url, log, reader = follow(process)
        try:
            yield Service(url, process, log)
        finally:
            process.terminate()
            process.wait(60)
            reader.join()


@pytest.fixture
def running():
    """A context manager: one more service process with these settings."""
    return service


def follow(process):
    """A starting service's address, its log, and the thread that goes on reading it: a full pipe would block."""
    log = []

    def read_on():
        with process.stderr:  # also of one that is killed and forgotten
            log.extend(process.stderr)

    for line in process.stderr:
        log.append(line)
        found = re.search(r"running on (http://[^\s\"]+)", line)
        if found:
            reader = threading.Thread(target=read_on, daemon=True)
            reader.start()
            return found[1], log, reader
    raise AssertionError("the service did not start:\n" + "".join(log))


def pytest_ignore_collect(collection_path, config):
    """A test of all operations is made from the whole service; not where slow tests are left out anyway."""
    is_left_out = "not slow" in config.option.markexpr
    return True if is_left_out and collection_path.name == "test_openapi_schemathesis.py" else None
