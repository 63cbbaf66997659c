"""A client that takes next to nothing of the processors which it shares with the service that it measures."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["Client"]


class Client:
    """One connection, kept alive, that sends JSON and waits for the answer.

    Parameters
    ----------
    address : of the service, as `http://host:port`. timeout : seconds for each answer.
    """

    def __init__(self, address: str, *, timeout: float = 120.0) -> None:
        found = urlsplit(address)
        self._host = found.netloc
        self._socket = socket.create_connection((found.hostname, found.port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def post(self, path: str, data: object, *, key: str | None = None) -> Any:
        """What is answered to data under an idempotency key; a `RuntimeError` where that is no success."""
        body = json.dumps(data)
        own = "" if key is None else f"Idempotency-Key: {key}\r\n"
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n{own}"
        self._socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii"))
        status, answer = self._answer()
        if not 200 <= status < 300:
            raise RuntimeError(f"{path} was answered {status}: {answer[:300]!r}")
        return json.loads(answer)

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._rest:
            self._receive()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.lower().split(b"\r\n")
        (length,) = (int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        while len(self._rest) < length:
            self._receive()
        body, self._rest = self._rest[:length], self._rest[length:]
        return int(first.split()[1]), body

    def _receive(self) -> None:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the service closed the connection")
        self._rest += part
