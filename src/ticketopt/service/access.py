"""Who may ask for what: by host, key, role, tenant, and the page that asks."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection, Sequence
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import Scope

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report
from ticketopt.service.keys import EVERY_TENANT, ROLES, Key, hash_of, tenant_name

__all__ = ["OPEN_PATHS", "TENANT", "Access", "tenant_of"]

TENANT = "X-Tenant"

HEALTH = frozenset({"/healthz", "/readyz"})
"""What is asked by whatever address the service has: probes know no name of it."""

OPEN_PATHS = HEALTH | {"/"}
"""What can be asked without a key: whether the service is up."""

OF_QUEUES = "/v1/"
"""Paths below it are about a tenant's queue."""

ROLE_OF = {"/metrics": "admin"}
"""Paths that need another role than their method says."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


class Access:
    """What decides whether a request is let in.

    A key is sent as `Authorization: Bearer KEY`, as `X-API-Key: KEY`, or as the password of HTTP Basic, which browsers
    ask for. Hashes are compared in constant time. Browsers send what they remember to whoever a page names, so changes
    that another site's page asks for are refused, and requests to a name that is not ours (a page can have its own name
    lead here). Paths with a proof of their own, such as a signature, need no key.

    Parameters
    ----------
    keys : none lets everybody do everything. tenants : that are known besides those of the keys; "*" is every one.
    hosts : by which the service is called; none is every one. own_proof : paths that need no key.
    """

    def __init__(
        self,
        *,
        keys: Sequence[Key] = (),
        tenants: Collection[str] = (),
        hosts: Collection[str] = (),
        own_proof: Collection[str] = frozenset(),
    ) -> None:
        self._keys = tuple(keys)
        self._tenants = {"", *tenants, *(tenant for key in keys for tenant in key.tenants if tenant != EVERY_TENANT)}
        self._hosts = {host.lower().strip("[]").rstrip(".") for host in hosts}
        self._open_paths = OPEN_PATHS | set(own_proof)

    def key_of(self, headers: Headers) -> Key | None:
        """The key that a request brings, where it is one."""
        if not self._keys:
            return None
        digest = hash_of(_given_key(headers))
        found = [key for key in self._keys if hmac.compare_digest(digest, key.sha256)]
        return found[0] if found else None

    def role_of(self, key: Key | None) -> str:
        """What who sends a key may do; without keys, everybody everything."""
        return key.role if key is not None else ROLES[0] if self._keys else ROLES[-1]

    def refusal(self, scope: Scope, headers: Headers, key: Key | None) -> str | None:
        """The problem for which a request is refused; None lets it in."""
        path, method = scope["path"], scope["method"]
        needs_key = bool(self._keys) and path not in self._open_paths
        role = ROLE_OF.get(path, "read" if method in SAFE else "change")
        if self._hosts and path not in HEALTH and _name_of(headers.get("host", "")) not in self._hosts:
            return "other-host"
        if needs_key and key is None:
            return "no-key"
        if needs_key and key is not None and not key.may(role):
            return "not-allowed"
        if path.startswith(OF_QUEUES):
            tenant = _tenant_or_none(scope, headers)
            if needs_key and key is not None and tenant is not None and not key.is_for(tenant):
                return "not-allowed"
            if tenant is not None and tenant not in self._tenants and EVERY_TENANT not in self._tenants:
                return "no-tenant"
        return "other-site" if method not in SAFE and self._is_from_elsewhere(headers) else None

    def _is_from_elsewhere(self, headers: Headers) -> bool:
        """Whether another site's page asks. Browsers say who does only on safe connections, else where its page is."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("none", "same-origin")
        origin = headers.get("origin")
        if origin is None:
            return False
        there = origin.partition("://")[2].lower()
        return there != headers.get("host", "").lower() and _name_of(there) not in self._hosts


def tenant_of(scope: Scope, headers: Headers) -> str:
    """The tenant that a request names: in a header, or as `?tenant=`, as a browser's stream of events has no headers.

    Raises
    ------
    InvalidInputError
        Where it is no short printable text in UTF-8, or the two are not the same.
    """
    report = Report()
    given = [(TENANT, raw) for name, raw in headers.raw if name.lower() == TENANT.lower().encode()]
    parts = (part.partition(b"=") for part in scope["query_string"].split(b"&"))
    asked = [("tenant", unquote_to_bytes(value.replace(b"+", b" "))) for name, _, value in parts if name == b"tenant"]
    found = {}
    for path, raw in [*given, *asked]:
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            report.error(path, "is not UTF-8", "send the name in UTF-8")
            continue
        if name:
            found[tenant_name(name, path, report)] = path
    if len(found) > 1 and not report.issues:
        report.error(TENANT, "names another tenant than ?tenant=", "name one")
    if report.issues:
        raise InvalidInputError(report.issues)
    return next(iter(found), "")


def _tenant_or_none(scope: Scope, headers: Headers) -> str | None:
    """The tenant; None for what is none, which the handler says in detail."""
    try:
        return tenant_of(scope, headers)
    except InvalidInputError:
        return None


def _name_of(host: str) -> str:
    """The name or address in a `Host` header, without its port."""
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    return name.rstrip(".")


def _given_key(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return headers.get("x-api-key", "")
