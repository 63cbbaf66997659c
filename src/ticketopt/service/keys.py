"""API keys: who has one, what it lets them do, and in whose queues. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import Report, choices, kind, name, reader, shown

__all__ = [
    "EVERY_TENANT",
    "ROLES",
    "Key",
    "hash_of",
    "key_of",
    "keys_reader",
    "new_key",
    "plain_key",
    "tenant_name",
    "toml_of",
]

ROLES = ("read", "change", "admin")
"""What a key may do, each with all before it: see queues, change them, see how the service does (`/metrics`)."""

EVERY_TENANT = "*"

FIELDS = ("name", "sha256", "role", "tenants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key by its hash.

    Attributes
    ----------
    name : whose it is; the log tells it. sha256 : 64 hexadecimal digits. role : one of `ROLES`.
    tenants : whose queues; "" is the default one, "*" is every one.
    """

    name: str
    sha256: str
    role: str = "change"
    tenants: tuple[str, ...] = ("",)

    def may(self, role: str) -> bool:
        """Whether it lets do what needs a role."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def is_for(self, tenant: str) -> bool:
        """Whether it opens a tenant's queue."""
        return tenant in self.tenants or EVERY_TENANT in self.tenants


def hash_of(key: str) -> str:
    """The hash of a key, which is long and random, so that it needs neither salt nor patience."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def plain_key(key: str, number: int) -> Key:
    """A key that was given as it is: it may do everything, everywhere."""
    return Key(name=f"api_keys[{number}]", sha256=hash_of(key), role="admin", tenants=(EVERY_TENANT,))


def new_key() -> str:
    """A key that nobody can guess."""
    return f"ticketopt_{secrets.token_urlsafe(32)}"


def toml_of(key: Key) -> str:
    """A key's entry in a TOML file of keys."""
    tenants = ", ".join(map(_quoted, key.tenants))
    rows = [f"name = {_quoted(key.name)}", f'sha256 = "{key.sha256}"', f'role = "{key.role}"', f"tenants = [{tenants}]"]
    return "\n".join(["[[keys]]", *rows])


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tenant_name(value: object, path: str, report: Report) -> str:
    """A tenant's name, composed (NFC), so that the same name is the same tenant however it was typed; "" is one too."""
    if value == "":
        return ""
    clean: str = name(value, path, report)
    return unicodedata.normalize("NFC", clean)


@reader({"type": "object"}, takes_null=True)
def keys_reader(value: Any, path: str, report: Report) -> tuple[Key, ...] | None:
    """Keys, or the content of a file of them: `{"keys": [{"name": ..., "sha256": ...}]}`."""
    if value is None:
        return None
    if isinstance(value, tuple) and all(isinstance(one, Key) for one in value):
        return value
    rows = value.get("keys") if isinstance(value, Mapping) else None
    if not isinstance(rows, list) or len(value) != 1:
        report.error(path, "is no object with a list of keys", "make entries by: ticketopt key NAME")
        return ()
    keys = [_key(row, f"{path}[{k}]", report) for k, row in enumerate(rows)]
    names = [key.name for key in keys]
    for k, one in enumerate(names):
        if one and one in names[:k]:
            report.error(f"{path}[{k}].name", f"{shown(one)} is there twice", "give every key its own name")
    return tuple(keys)


def _key(row: Any, path: str, report: Report) -> Key:
    if not isinstance(row, Mapping):
        report.error(path, f"is {kind(row)}, not an object", "make entries by: ticketopt key NAME")
        return Key(name="", sha256="")
    for field in row:
        if field not in FIELDS:
            report.error(f"{path}.{shown(field)}", "is not known", choices(str(field), FIELDS))
    whose: str = name(row.get("name"), f"{path}.name", report)
    digest, role = row.get("sha256"), row.get("role", "change")
    if not (isinstance(digest, str) and len(digest) == 64 and set(digest) <= set("0123456789abcdef")):
        report.error(f"{path}.sha256", "is not 64 hexadecimal digits", "make entries by: ticketopt key NAME")
    if role not in ROLES:
        report.error(f"{path}.role", f"{shown(role)} is not a role", choices(str(role), ROLES))
    tenants = row.get("tenants", [""])
    if not isinstance(tenants, list):
        report.error(f"{path}.tenants", f"is {kind(tenants)}, not a list", 'write ["acme"]; ["*"] is every one')
        tenants = []
    names = tuple(tenant_name(one, f"{path}.tenants[{k}]", report) for k, one in enumerate(tenants))
    return Key(name=whose, sha256=str(digest), role=role if role in ROLES else "read", tenants=names)


def key_of(name: str, key: str, role: str, tenants: Iterable[str]) -> Key:
    """The entry of a new key.

    Raises
    ------
    InvalidInputError
        For a name, a role or a tenant that is none.
    """
    report = Report()
    row = {"name": name, "sha256": hash_of(key), "role": role, "tenants": list(tenants) or [""]}
    entry = _key(row, "key", report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return entry
