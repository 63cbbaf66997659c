"""Slow senders and readers cost nobody else anything: over real sockets."""

import asyncio
import socket
import time
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest
import uvicorn

from support.until import until
from ticketopt.live.stores import open_store
from ticketopt.service import connections, create_app, requests
from ticketopt.service.connections import protocol_of

HALF_HEAD = b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\n"
HALF_BODY = HALF_HEAD + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"


@contextmanager
def served(most=1_000, **settings):
    """A server in a thread of this process; its port."""
    app = create_app(open_store("memory:"), **settings)
    config = uvicorn.Config(app, port=0, http=protocol_of(most), ws="none", log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    thread = Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


@contextmanager
def opened(port, count, data):
    """So many connections that have sent so much."""
    found = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(count)]
    try:
        for one in found:
            one.sendall(data)
        yield found
    finally:
        for one in found:
            one.close()


def is_closed(connection):
    connection.settimeout(20)
    try:
        while connection.recv(100_000):
            pass
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False


@pytest.mark.parametrize("data", [b"", HALF_HEAD, HALF_BODY])
def test_three_hundred_half_requests_and_another_client_is_served(data):
    with served(most=100) as port, opened(port, 300, data):
        began = time.monotonic()
        body = {"tickets": [{"ticket_id": 1}]}
        answer = httpx.post(f"http://127.0.0.1:{port}/v1/tickets", json=body, timeout=30)
        assert answer.json() == {"decided": [{"ticket_id": "1", "agent_id": None}]}
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30).status_code == 200
        assert time.monotonic() - began < 5


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with served() as port:
        for data in (b"", HALF_HEAD, whole + HALF_HEAD):
            with opened(port, 1, data) as (one,):
                if data.startswith(whole):
                    assert b"200 OK" in one.recv(10_000)
                assert is_closed(one), data


def test_a_connection_is_used_again_after_longer_than_a_head_may_take(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with served() as port, opened(port, 1, whole) as (one,):
        for _ in range(3):
            answer = b""
            while not answer.endswith(b"}"):
                answer += one.recv(10_000)
            time.sleep(0.5)
            one.sendall(whole)


def test_a_body_that_comes_too_slowly_is_told_so(monkeypatch):
    monkeypatch.setattr(requests, "BODY_SECONDS", 0.3)
    with served() as port, opened(port, 1, HALF_BODY) as (one,):
        one.settimeout(20)
        assert one.recv(100_000).startswith(b"HTTP/1.1 408 ")


def test_who_does_not_read_is_let_go(monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.5)
    monkeypatch.setattr("ticketopt.service.health.STATUS", "x" * 30_000_000)
    with served() as port, opened(port, 1, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as (one,):
        time.sleep(2)
        one.settimeout(20)
        read = 0
        with pytest.raises(ConnectionError):
            while part := one.recv(1_000_000):
                read += len(part)
            raise ConnectionError
        assert 0 < read < 30_000_000
