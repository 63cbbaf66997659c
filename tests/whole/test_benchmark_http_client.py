"""The benchmarks' own client: whole answers, one after another, over one connection."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence

import pytest
from benchmarks.http_client import Client


@pytest.fixture
def asked() -> list[bytes]:
    return []


@pytest.fixture
def address(request: pytest.FixtureRequest, asked: list[bytes]) -> Iterator[str]:
    """A server that sends what it is told to, part by part, each time once something was asked."""
    answers: Sequence[Sequence[bytes]] = request.param
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            for parts in answers:
                asked.append(connection.recv(65536))
                for part in parts:
                    connection.sendall(part)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread.join(10)
    listening.close()


WHOLE = (b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}',)
SPLIT = (b"HTTP/1.1 200 OK\r\ncontent-le", b"ngth: 8\r\n", b'\r\n{"a"', b": 2}")
REFUSED = (b"HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 2\r\n\r\nno",)


@pytest.mark.parametrize("address", [(WHOLE, SPLIT, WHOLE)], indirect=True)
def test_answers_are_read_whole_one_after_another(address: str, asked: list[bytes]) -> None:
    with Client(address, timeout=10) as client:
        assert [client.post("/x", {"b": k}, key=f"k{k}") for k in range(3)] == [{"a": 1}, {"a": 2}, {"a": 1}]
    head, _, body = asked[1].partition(b"\r\n\r\n")
    assert json.loads(body) == {"b": 1}
    assert b"\r\nIdempotency-Key: k1\r\n" in head and f"\r\nContent-Length: {len(body)}".encode() in head


@pytest.mark.parametrize("address", [(REFUSED,)], indirect=True)
def test_what_is_refused_is_an_error(address: str) -> None:
    with Client(address, timeout=10) as client, pytest.raises(RuntimeError, match="answered 422"):
        client.post("/x", {})


@pytest.mark.parametrize("address", [((b"HTTP/1.1 200 OK\r\n",),)], indirect=True)
def test_a_connection_that_ends_within_an_answer_is_an_error(address: str) -> None:
    with Client(address, timeout=10) as client, pytest.raises(ConnectionError):
        client.post("/x", {})
