"""An answer is sent in parts of bounded size, and no more often than it has parts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ticketopt.service.handling import PART, InParts


def sent(body: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        found.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is asked")

    asyncio.run(InParts(body)({"type": "http"}, receive, send))
    return found


@pytest.mark.parametrize(("size", "n_parts"), [(0, 1), (1, 1), (PART, 1), (PART + 1, 2), (2 * PART, 2)])
def test_every_part_is_sent_once_and_the_last_one_says_so(size: int, n_parts: int) -> None:
    body = bytes(k % 251 for k in range(size))
    start, *parts = sent(body)
    assert start["type"] == "http.response.start" and start["status"] == 200
    assert b"".join(part["body"] for part in parts) == body
    assert max(len(part["body"]) for part in parts) <= PART
    assert [part.get("more_body", False) for part in parts] == [True] * (n_parts - 1) + [False]
