"""The service as real processes on loopback: nothing is lost, whoever asks whom."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from ticketopt.live.stores import open_store

from .conftest import SERVE

URL = "/v1/ticket-assignment"
START = {"a": 3, "b": 0, "c": 1}
AGENTS = [{"agent_id": key, "current_load": load} for key, load in START.items()]


def work(request):
    """The tickets of a request, 1 to 4 of them: numbers and efforts."""
    return [(k, 1 + k % 2) for k in range(request % 4 + 1)]


def batch(client, request):
    """How many units every agent got in one request."""
    tickets = [{"ticket_id": f"{request}-{k}", "title": "No login", "effort": effort} for k, effort in work(request)]
    answer = client.post(URL, json={"agents": AGENTS, "tickets": tickets})
    answer.raise_for_status()
    return {load["agent_id"]: load["assigned"] for load in answer.json()["loads"]}


@pytest.mark.slow
def test_several_processes_and_many_clients_on_one_file_lose_no_load(running, tmp_path):
    store = f"json:{tmp_path}/agent_state.json"
    with ExitStack() as stack:
        services = [stack.enter_context(running(store=store)) for _ in range(3)]
        clients = [stack.enter_context(httpx.Client(base_url=service.url, timeout=120)) for service in services]
        with ThreadPoolExecutor(9) as pool:
            assigned = list(pool.map(lambda request: batch(clients[request % 3], request), range(40)))
    expected = {key: load + sum(batch[key] for batch in assigned) for key, load in START.items()}
    assert {key: agent.load for key, agent in open_store(store).snapshot("").agents.items()} == expected
    assert sum(expected.values()) == 4 + sum(effort for request in range(40) for _, effort in work(request))


def test_a_body_far_above_the_limit_gets_its_413_over_a_socket(running):
    with (
        running(store="memory:", max_body_bytes=1000) as service,
        httpx.Client(base_url=service.url, timeout=60) as client,
    ):
        answer = client.post(URL, content=b" " * 30_000_000, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert client.get("/").json()["status"] == "ok"


def test_a_service_told_to_stop_finishes_what_it_has_begun(running, tmp_path):
    store = f"json:{tmp_path}/agent_state.json"
    with ThreadPoolExecutor(1) as pool, running(store=store) as service:
        with open_store(store)._locked():
            sent = threading.Event()
            answer = pool.submit(post_raw, service.url, sent)
            assert sent.wait(60)
            assert httpx.get(f"{service.url}/", timeout=60).status_code == 200
            service.process.terminate()
        assert answer.result(timeout=60).startswith(b"HTTP/1.1 200 OK")
        assert service.process.wait(timeout=60) in (0, -signal.SIGTERM)
    assert open_store(store).snapshot("").agents["a"].load == 1


@pytest.mark.slow
@pytest.mark.parametrize("processes", [0, 1])
def test_a_stop_during_a_long_solve_is_answered_with_its_best_or_to_come_again(running, processes):
    agents = [{"agent_id": k, "capacity": 1_000_000} for k in range(8)]
    tickets = [{"ticket_id": k, "effort": 100_000 + 977 * k} for k in range(80)]
    with (
        ThreadPoolExecutor(1) as pool,
        running(store="memory:", time_limit=120, solver_processes=processes) as service,
    ):
        body = {"agents": agents, "tickets": tickets}
        answer = pool.submit(httpx.post, service.url + URL, json=body, timeout=60)
        time.sleep(3)
        assert not answer.done()
        began = time.monotonic()
        service.process.terminate()
        answer = answer.result(60)
        assert time.monotonic() - began < 30
        assert answer.status_code == 200 or (answer.status_code == 503 and answer.headers["retry-after"])


def post_raw(url, sent):
    """Post one ticket over a plain socket, say when the server's machine has it, and return the answer."""
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps({"agents": [{"agent_id": "a"}], "tickets": [{"ticket_id": 1}]})
    head = f"POST {URL} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall((head + body).encode())
        sent.set()
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_store_that_cannot_be_read_keeps_the_service_from_starting(tmp_path):
    path = tmp_path / "agent_state.json"
    path.write_text("[]")
    settings = json.dumps({"port": 0, "store": f"json:{path}"})
    done = subprocess.run([sys.executable, "-c", SERVE, settings], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "StoreError" in done.stderr
    assert str(path) in done.stderr
