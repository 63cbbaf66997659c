"""`Outbox`: tells a helpdesk who has which ticket, from the wishes that a store keeps.

**At least once, in order.** A claimed delivery is held by its lease until it is settled, and a newer wish for the same
ticket waits that long. Setting the same agent again changes nothing there, so a delivery whose fate is unknown is sent
again. After a timeout the helpdesk may still be at it: then the lease is left to run out before anything else is sent
for that ticket, so that an older request is not carried out after a newer one.

**Who is to blame.** An answer that blames the request (an unknown ticket, a closed one, an agent who is none) makes a
dead letter: it stays where it can be looked at and sent again. Everything else is tried again, later every time, and
holds up only its own ticket; but a limit (429), a wrong token or address and a helpdesk that is down hold up all.

**Tickets that are done.** Who would have had a ticket that is closed by now is not sent: it could change, or open
again, what is done there. The delivery is withdrawn; where the ticket is opened again, its agent is a new wish.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal

import httpx

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.intake.integrations import ApiRequest, Integration
from ticketopt.live.stores import CLOSED, Store
from ticketopt.live.stores.rows import DEAD, DUE, SENT, WITHDRAWN, Delivery

__all__ = ["LEASE", "Outbox", "Outcome"]

LEASE = 60.0
"""Seconds for which a delivery is held while it is sent; more than all timeouts of one request together."""

TIMEOUT = httpx.Timeout(15.0, connect=5.0)

LONGEST_DELAY = 900.0
"""Seconds between two attempts at the most."""

LONGEST_PAUSE = 3600.0
"""Seconds for which a helpdesk may have us wait; where it names a later time, it is asked again then."""

MOST_ATTEMPTS = 40
"""So often a helpdesk that is up may fail at one delivery (half a day); then it is a dead letter."""

WRONG_DELAY = 60.0
"""Seconds until a token that was refused, or an address that points elsewhere, is tried again."""

_AGAIN = frozenset({408, 409, 421, 423, 425})
"""Answers that blame the moment, for this ticket alone."""

_UNSETTLED = frozenset({504, 524})
"""Answers of somebody in between who has lost patience: the helpdesk may still be at it."""

_MOST_READ = 16_384
"""Bytes of an answer that are looked at."""

_SAID = ("error", "message", "description", "errorMessages")
"""Where products say in words of their own what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one delivery, for a log: never a token, and no text of a ticket.

    Attributes
    ----------
    result : "sent"; "again", to be tried later; "dead"; "unsettled", where nobody knows; "withdrawn", as
        the ticket is done; "would send" in a dry run.
    request : its method and path. error : what went wrong.
    """

    tenant: str
    ticket_id: str
    agent_id: str | None
    result: Literal["sent", "again", "dead", "unsettled", "withdrawn", "would send"]
    request: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """How a request went.

    `pause` is for how many seconds nothing is sent at all; `counts`, whether the helpdesk is up and failed at this one.
    """

    result: Literal["sent", "again", "dead", "unsettled"]
    error: str | None = None
    pause: float = 0.0
    counts: bool = False


class Outbox:
    """Sends one queue's deliveries to a helpdesk, one after the other.

    Several processes may send at once: each delivery is claimed by one of them.

    Parameters
    ----------
    store, tenant : whose deliveries. integration : how the helpdesk is told.
    url : the address of its API, as `Integration.address` shows. token : what it is asked with.
    lease : seconds for which a delivery is held while it is sent.
    is_dry_run : only say what would be sent; it stays due.
    tell : what happened, as it happens.
    client : what sends; its timeouts should add up to less than the lease.
    clock : the time in Unix seconds.
    """

    def __init__(
        self,
        store: Store,
        integration: Integration,
        *,
        url: str,
        token: str,
        tenant: str = "",
        lease: float = LEASE,
        is_dry_run: bool = False,
        tell: Callable[[Outcome], object] = lambda _: None,
        client: httpx.Client | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._tenant, self._integration = store, tenant, integration
        self._url, self._headers = url.rstrip("/"), integration.authorize(token)
        self._lease, self._is_dry_run, self._tell, self._clock = lease, is_dry_run, tell, clock
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False) if client is None else client
        self._not_before, self._failures, self._said = 0.0, 0, 0

    def run(self, stop: threading.Event, *, poll: float = 1.0) -> None:
        """Send until told to stop; look for new deliveries every `poll` seconds. The request under way is finished."""
        while not stop.is_set():
            try:
                if self.send_next():
                    continue
            except StoreError:
                pass  # it is asked again
            stop.wait(poll)

    def close(self) -> None:
        """Let the connections to the helpdesk go."""
        self._client.close()

    def send_next(self) -> bool:
        """Send the oldest delivery that is due, and say whether there was one and others may be due as well."""
        now = self._clock()
        if self._is_dry_run:
            return self._say_next()
        if now < self._not_before:
            return False
        claimed = self._store.due_deliveries(self._tenant, now=now, lease=self._lease, limit=1)
        for delivery in claimed:
            self._send(delivery)
        return bool(claimed)

    def _say_next(self) -> bool:
        due = self._store.deliveries(self._tenant, state=DUE, after=self._said, limit=100)
        for delivery in due:
            request, error = self._request(delivery)
            self._say(delivery, "withdrawn" if self._is_done(delivery) else "would send", request, error)
            self._said = delivery.number
        return bool(due)

    def _send(self, delivery: Delivery) -> None:
        request, error = self._request(delivery)
        if self._is_done(delivery):
            self._settle(delivery, WITHDRAWN, None, None)
            self._say(delivery, "withdrawn", request, None)
            return
        answer = _Answer("dead", error) if request is None else self._ask(request)
        now = self._clock()
        self._failures = self._failures + 1 if answer.pause else 0
        self._not_before = now + answer.pause
        if answer.counts and delivery.attempts >= MOST_ATTEMPTS:
            answer = _Answer("dead", f"{answer.error}, {delivery.attempts} times")
        if answer.result == "again":
            delay = max(answer.pause, _backoff(delivery.attempts, delivery.number))
            self._settle(delivery, DUE, now + delay, answer.error)
        elif answer.result != "unsettled":
            self._settle(delivery, SENT if answer.result == "sent" else DEAD, None, answer.error)
        self._say(delivery, answer.result, request, answer.error)

    def _is_done(self, delivery: Delivery) -> bool:
        """Whether its ticket is closed, or was closed so long ago that it is forgotten."""
        row = self._store.ticket(self._tenant, delivery.ticket_id)
        return row is None or row.state == CLOSED

    def _settle(self, delivery: Delivery, state: str, due_at: float | None, error: str | None) -> None:
        self._store.settle_delivery(self._tenant, delivery, state=state, due_at=due_at, error=error)

    def _request(self, delivery: Delivery) -> tuple[ApiRequest | None, str | None]:
        try:
            row = self._store.ticket(self._tenant, delivery.ticket_id)
            known = delivery.ticket_id if row is None else row.data.get("remote_id", delivery.ticket_id)
            return self._integration.assign(known, delivery.agent_id), None
        except InvalidInputError as error:
            return None, "; ".join(f"{issue.path} {issue.problem}" for issue in error.issues)

    def _ask(self, request: ApiRequest) -> _Answer:
        try:
            with self._client.stream(
                request.method, self._url + request.path, json=request.json, headers=self._headers
            ) as response:
                return self._judged(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return _Answer("again", f"cannot be reached: {type(error).__name__}", pause=self._pause())
        except httpx.TimeoutException as error:
            return _Answer("unsettled", f"did not answer in time: {type(error).__name__}", pause=self._pause())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _Answer("again", f"the connection broke: {type(error).__name__}", pause=self._pause())

    def _judged(self, response: httpx.Response) -> _Answer:
        status = response.status_code
        if response.is_success:
            return _Answer("sent")
        error = f"{status} {_phrase(status)}{_said(response)}"
        wait = _wait(response.headers, self._clock())
        is_limit = status == 429 or (status in (403, 503) and wait is not None)
        if is_limit:
            pause = min(max(1.0, self._pause() if wait is None else wait), LONGEST_PAUSE)
            return _Answer("again", error, pause=pause)
        if status == 401 or status < 400:
            return _Answer("again", error, pause=WRONG_DELAY)
        if status in _UNSETTLED:
            return _Answer("unsettled", error, pause=self._pause())
        if status >= 500:
            return _Answer("again", error, pause=self._pause(), counts=True)
        return _Answer("again", error, counts=True) if status in _AGAIN else _Answer("dead", error)

    def _pause(self) -> float:
        """Seconds to leave a helpdesk in peace that has failed so often in a row."""
        return min(float(2 ** min(self._failures, 10)) / 2, 60.0)

    def _say(self, delivery: Delivery, result: Any, request: ApiRequest | None, error: str | None) -> None:
        told = "" if request is None else f"{request.method} {request.path}"
        self._tell(
            Outcome(
                tenant=self._tenant,
                ticket_id=delivery.ticket_id,
                agent_id=delivery.agent_id,
                result=result,
                request=told,
                error=error,
            )
        )


def _backoff(attempts: int, number: int) -> float:
    """Seconds until the next attempt: twice as many every time, apart by up to half for different deliveries."""
    spread = 0.75 + (number * 2_654_435_761 % 2**32) / 2**33
    return min(float(2 ** min(attempts, 12)) / 2, LONGEST_DELAY) * spread


def _wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a helpdesk wants to be left in peace: `Retry-After`, else GitHub's time at which its limit ends."""
    given = headers.get("retry-after", "").strip()
    try:
        if given:
            at = now + float(given) if given.replace(".", "", 1).isdecimal() else _unix(parsedate_to_datetime(given))
        elif headers.get("x-ratelimit-remaining") == "0":
            at = float(headers.get("x-ratelimit-reset", ""))
        else:
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, at - now)


def _unix(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _said(response: httpx.Response) -> str:
    """What a product says in a short text of its own; its longer answers may repeat what stands in a ticket."""
    body = b""
    try:
        for part in response.iter_bytes():
            body += part
            if len(body) > _MOST_READ:
                return ""
        content = json.loads(body)
    except (httpx.HTTPError, ValueError, RecursionError):
        return ""
    found = (content.get(key) for key in _SAID) if isinstance(content, Mapping) else ()
    word = next((word for word in found if isinstance(word, str)), "")
    return f": {word}" if 0 < len(word) <= 60 and word.isprintable() else ""
