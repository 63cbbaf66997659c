"""A small fake of each helpdesk's API: a real HTTP server in a thread that keeps assignees, and misbehaves as told.

It takes the requests that the products' documentation shows, checks who asks, and answers as they do: 404 for an
unknown ticket, 410 for a deleted one, 422 (400, 403) for an agent who is none, 429 with `Retry-After`.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.helpdesk_events import id_of

TOKENS = {
    "zendesk": "ada@example.com/token:secret-token",
    "jira": "ada@example.com:secret-token",
    "servicenow": "ada:secret-token",
}
"""A token of each product's own form, where it has one."""

AGENTS = ("5", "6", "7", "8")


def token_of(name: str) -> str:
    return TOKENS.get(name, "secret-token")


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of an answer.

    Attributes
    ----------
    status, headers : what is answered. after : seconds until then.
    is_applied : whether the assignment is made all the same. is_cut : whether the connection is cut, not answered.
    """

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    is_applied: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class Api:
    """How one product is asked: method, path (with the number of the ticket), body -> agent, and answers of its own."""

    method: str
    path: str
    agent: Callable[[Any], Any]
    ok: int = 200
    no_agent: int = 422
    header: str = "authorization"


def _number(agent: Any) -> str | None:
    assert agent is None or isinstance(agent, int)
    return None if agent in (None, 0) else str(agent)


def _text(agent: Any) -> str | None:
    assert agent is None or isinstance(agent, str)
    return agent or None


def _people(names: Any) -> str | None:
    assert isinstance(names, list) and len(names) <= 1
    return names[0] if names else None


APIS = {
    "zendesk": Api("PUT", r"/api/v2/tickets/(\d+)\.json", lambda body: _number(body["ticket"]["assignee_id"])),
    "freshdesk": Api("PUT", r"/api/v2/tickets/(\d+)", lambda body: _number(body["responder_id"]), no_agent=400),
    "jira": Api("PUT", r"/rest/api/3/issue/SUP-(\d+)/assignee", lambda body: _text(body["accountId"]), 204, 400),
    "servicenow": Api(
        "PATCH", r"/api/now/table/incident/([0-9a-f]{32})", lambda body: _text(body["assigned_to"]), no_agent=403
    ),
    "github": Api("PATCH", r"/repos/acme/shop/issues/(\d+)", lambda body: _people(body["assignees"])),
    "zammad": Api(
        "PUT", r"/api/v1/tickets/(\d+)", lambda body: None if body["owner_id"] == 1 else _number(body["owner_id"])
    ),
    "chatwoot": Api(
        "POST",
        r"/conversations/(\d+)/assignments",
        lambda body: _number(body["assignee_id"]),
        header="api_access_token",
    ),
}


class FakeHelpdesk:
    """One product's API over `tickets` tickets.

    Attributes
    ----------
    assignees : ticket id -> who has it now. log : every assignment that was asked for, in order.
    requests : ticket id (or None) of every request that came, and how it was answered.
    faults : what happens to the next requests. on_change : told number, agent and time of every assignment.
    """

    def __init__(self, name: str, *, tickets: int = 20):
        self.name, self.api = name, APIS[name]
        self.on_change: Callable[[int, str | None, float], object] = lambda number, agent, at: None
        self.numbers = {id_of(name, n): n for n in range(1, tickets + 1)}
        self.assignees: dict[str, str | None] = dict.fromkeys(self.numbers)
        self.gone: set[str] = set()
        self.log: list[tuple[str, str | None]] = []
        self.requests: list[tuple[str | None, int]] = []
        self.faults: deque[Fault] = deque()
        self.limit: tuple[int, float] | None = None
        self._times: deque[float] = deque()
        self._lock = threading.Lock()
        self._port, self._server = 0, None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Come (back) up, at the same address."""
        handler = type("Handler", (_Handler,), {"helpdesk": self})
        self._server = _Server(("127.0.0.1", self._port), handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Go down: nobody is listening. What was assigned stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.cut()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> FakeHelpdesk:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict, bool]:
        """Status, headers, and whether the connection is cut."""
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
        if fault is not None and not fault.is_applied:
            time.sleep(fault.after)
            self.requests.append((None, fault.status))
            return fault.status, dict(fault.headers), fault.is_cut
        ticket, status, more = self._change(method, path, headers, body, 0.0 if fault is None else fault.after)
        self.requests.append((ticket, status))
        if fault is not None:
            return fault.status, dict(fault.headers), fault.is_cut
        return status, more, False

    def _change(self, method, path, headers, body, after) -> tuple[str | None, int, dict]:
        found = re.fullmatch(self.api.path, path)
        if found is None or method != self.api.method:
            return None, 404, {}
        if "secret-token" not in _credentials(headers.get(self.api.header, "")):
            return None, 401, {}
        assert headers.get("content-type") == "application/json"
        ticket = found[1] if self.name == "servicenow" else id_of(self.name, int(found[1]))
        if (wait := self._over_limit()) is not None:
            return ticket, 429, {"Retry-After": str(wait)}
        if ticket in self.gone:
            return ticket, 410 if self.name == "github" else 404, {}
        if ticket not in self.assignees:
            return ticket, 404, {}
        agent = self.api.agent(json.loads(body))
        if agent is not None and agent not in AGENTS:
            return ticket, self.api.no_agent, {}
        time.sleep(after)
        self.log.append((ticket, agent))
        self.give(ticket, agent)
        return ticket, self.api.ok, {}

    def give(self, ticket: str, agent: str | None) -> None:
        """Set the assignee, as a request or a person does; times grow in the order in which it is done."""
        with self._lock:
            is_change, at = self.assignees[ticket] != agent, time.time()
            self.assignees[ticket] = agent
        if is_change:
            self.on_change(self.numbers[ticket], agent, at)

    def _over_limit(self) -> int | None:
        """Seconds to wait, where more came than `limit` (how many, in how many seconds) lets through."""
        if self.limit is None:
            return None
        most, seconds = self.limit
        now = time.monotonic()
        with self._lock:
            while self._times and self._times[0] <= now - seconds:
                self._times.popleft()
            if len(self._times) >= most:
                return max(1, round(self._times[0] + seconds - now + 0.5))
            self._times.append(now)
        return None


def _credentials(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme == "Basic":
        return base64.b64decode(value).decode()
    return header


class _Server(ThreadingHTTPServer):
    """Its threads have ended once it is closed."""

    daemon_threads = False
    allow_reuse_address = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Cut the connections that are open."""
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    helpdesk: FakeHelpdesk

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {key.lower(): value for key, value in self.headers.items()}
        status, more, is_cut = self.helpdesk.answer(self.command, self.path, headers, body)
        with suppress(OSError):
            if is_cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = b"" if status == 204 else json.dumps({"error": "RecordInvalid"} if status >= 400 else {}).encode()
            self.send_response(status)
            for key, value in more.items():
                self.send_header(key, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_PUT = do_POST = do_PATCH = do_GET = do_DELETE = _handle  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass
