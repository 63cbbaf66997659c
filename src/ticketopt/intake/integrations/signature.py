"""How helpdesks sign what they send, and whether a request is signed by who knows the secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

__all__ = ["MAX_AGE", "SECRET_HEADER", "Signature", "carries_secret", "is_signed"]

MAX_AGE = 300.0
"""Seconds by which a signed time may be off; an older request is a replay."""

SECRET_HEADER = "x-webhook-secret"
"""Where products that do not sign send the secret, if not as a bearer token, a password, or `?secret=`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An HMAC of the body in a header.

    Attributes
    ----------
    header : its name in lower case. prefix : what stands before it.
    digest, encoding : the hash, and how it is written.
    time_header : where the time that is signed stands, as ISO 8601 or Unix seconds; empty where none is signed.
    joint : what stands between that time and the body.
    """

    header: str
    prefix: str = ""
    digest: Literal["sha1", "sha256"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    time_header: str = ""
    joint: str = ""

    def sign(self, secret: str, body: bytes, time: str = "") -> str:
        """The header's value for a body."""
        signed = f"{time}{self.joint}".encode() + body if self.time_header else body
        mac = hmac.new(secret.encode(), signed, getattr(hashlib, self.digest)).digest()
        return self.prefix + (mac.hex() if self.encoding == "hex" else base64.b64encode(mac).decode())


def is_signed(signature: Signature, secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Whether a request is signed with the secret, and lately; compared in constant time."""
    given = headers.get(signature.header, "")
    time = headers.get(signature.time_header, "") if signature.time_header else ""
    if not given or (signature.time_header and not _is_recent(time, now)):
        return False
    return _same(given, signature.sign(secret, body, time))


def carries_secret(secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
    """Whether a request brings the secret itself; compared in constant time."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    given = [headers.get(SECRET_HEADER, ""), query.get("secret", "")]
    if scheme.lower() == "bearer":
        given.append(value.strip())
    elif scheme.lower() == "basic":
        given.append(_password(value))
    are_right = [_same(one, secret) for one in given]  # all of them, so that the time tells nothing
    return any(are_right)


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode())


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _is_recent(time: str, now: float) -> bool:
    try:
        at = float(time) if time.isascii() and time.isdecimal() else _unix(datetime.fromisoformat(time))
    except (ValueError, OverflowError):
        return False
    return abs(now - at) <= MAX_AGE


def _unix(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
