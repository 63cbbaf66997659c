"""Running the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketopt.records import Policy
from ticketopt.service.app import create_app
from ticketopt.service.settings import MAX_BODY_BYTES
from ticketopt.stores import LOCK_TIMEOUT, open_store

__all__ = ["serve"]


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    store: str = "json:agent_state.json",
    policy: Policy | Mapping[str, Any] | None = None,
    time_limit: float = 10.0,
    max_body_bytes: int = MAX_BODY_BYTES,
    lock_timeout: float = LOCK_TIMEOUT,
    log_level: str = "info",
) -> None:
    """Serve until a signal (SIGINT, SIGTERM) ends it; requests under way are finished first.

    Anybody who reaches the address may use the service: bind it to other than loopback only behind something that
    checks who calls. Several processes may serve over one `json:` store.

    Parameters
    ----------
    host, port : where to listen; port 0 takes a free one.
    store : where loads are kept, as a URL; see `ticketopt.stores.open_store`.
    policy, time_limit, max_body_bytes : see `Settings`.
    lock_timeout : seconds that a request waits for the batches before it, then it is answered with 503.
    log_level : of the server's own log.

    Raises
    ------
    InvalidInputError
        For settings that cannot work.
    StoreError
        Where the store cannot be read at the start.
    """
    import uvicorn

    opened = open_store(store, lock_timeout=lock_timeout)
    opened.snapshot("", tickets=())
    app = create_app(opened, policy=policy, time_limit=time_limit, max_body_bytes=max_body_bytes)
    uvicorn.run(app, host=host, port=port, log_level=log_level, server_header=False)
