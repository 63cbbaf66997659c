"""What an operator decides about the helpdesk beside the service: who may tell of its tickets, and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from ticketopt.errors import InvalidInputError
from ticketopt.intake.integrations import INTEGRATIONS, Integration
from ticketopt.problem.fields import Report, choices, one_of, optional, reader, shown, text
from ticketopt.problem.record_fields import record_field
from ticketopt.problem.report import kind
from ticketopt.service.keys import tenant_name

__all__ = ["MIN_SECRET_LENGTH", "HelpdeskSettings"]

MIN_SECRET_LENGTH = 16
"""Shorter secrets can be guessed."""

_MODES = {"off": "off", "dry run": "dry-run", "on": "on"}
_MODE = replace(one_of(_MODES), given={"type": "string", "enum": list(_MODES.values())})

_NAMES = {name: name for name in INTEGRATIONS}


@reader({"type": "array", "items": {"type": "string", "pattern": "^(.+/)?[a-z]+=.{16,}$"}}, "list")
def _secrets(value: Any, path: str, report: Report) -> tuple[str, ...]:
    """`helpdesk=secret` or `tenant/helpdesk=secret` each, or an object of them."""
    if isinstance(value, Mapping):
        value = [f"{name}={secret}" for name, secret in value.items()]
    if isinstance(value, str) or not isinstance(value, Iterable):
        report.error(path, f"is {kind(value)}, not a list", 'write it as ["zendesk=SECRET", ...]')
        return ()
    pairs = tuple(str(one) for one in value)
    whose = [_whose(one, f"{path}[{k}]", report) for k, one in enumerate(pairs)]
    for k, ((_, name), secret) in enumerate(zip(whose, (one.partition("=")[2] for one in pairs), strict=True)):
        if name not in INTEGRATIONS:
            report.error(f"{path}[{k}]", f"{shown(name)} is not a helpdesk", choices(name, INTEGRATIONS))
        elif len(secret) < MIN_SECRET_LENGTH or not (secret.isascii() and secret.isprintable()):
            problem = f"is not {MIN_SECRET_LENGTH} or more printable ASCII characters"
            report.error(f"{path}[{k}]", problem, "use the product's own secret, or a long random text")
    if len(set(whose)) < len(pairs):
        report.error(path, "has a helpdesk twice", "keep one secret for each helpdesk of a tenant")
    return pairs


def _whose(one: str, path: str, report: Report) -> tuple[str | None, str]:
    """Of which tenant and helpdesk a secret is; None where it names no tenant."""
    tenant, slash, helpdesk = one.partition("=")[0].rpartition("/")
    return tenant_name(tenant, path, report) if slash else None, helpdesk


def _plain_whose(one: str) -> tuple[str | None, str]:
    return _whose(one, "", Report())


@reader({"type": "string"}, "text")
def _tenant(value: Any, path: str, report: Report) -> str:
    return tenant_name(value, path, report)


@reader({"type": "string"}, "text")
def _url(value: Any, path: str, report: Report) -> str:
    """The address of an API, or an empty text."""
    clean: str = text(value, path, report).strip()
    if not clean:
        return ""
    try:
        parts = urlsplit(clean)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        is_good = is_good and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good or any(c.isspace() for c in clean):
        report.error(path, "is no address of an API", "write it as https://YOUR-ACCOUNT.zendesk.com")
    return clean


@reader({"type": "string"}, "text")
def _link(value: Any, path: str, report: Report) -> str:
    clean: str = text(value, path, report)
    parts = urlsplit(clean)
    places = [place for place in ("{ticket_id}", "{number}") if place in clean]
    if clean and not (parts.scheme in ("http", "https") and parts.netloc and places and clean.isprintable()):
        example = "https://YOUR-ACCOUNT.zendesk.com/agent/tickets/{ticket_id}"
        report.error(path, "is no address with {ticket_id} in it", f"write it as {example}")
        return ""
    return clean


@reader({"type": "string"}, "text")
def _token(value: Any, path: str, report: Report) -> str:
    clean: str = text(value, path, report)
    if clean and not (clean.isascii() and clean.isprintable() and clean == clean.strip()):
        report.error(path, "holds what no header can", "copy it again, without blanks around it")
        return ""
    return clean


@dataclass(frozen=True, kw_only=True)
class HelpdeskSettings:
    """Settings about helpdesks, valid from birth.

    Attributes
    ----------
    webhook_secrets : `helpdesk=secret` each: that helpdesk's webhooks must be signed with it, or carry it, and then
        need no API key. It opens the queue of `helpdesk_tenant`, and `tenant/helpdesk=secret` that of its tenant.
    helpdesk, helpdesk_url, helpdesk_token : which product is told who has a ticket, at which address, and with what.
    helpdesk_tenant : whose assignments it is told, and of whose tickets webhooks tell.
    ticket_link : where people open a ticket at the helpdesk, with `{ticket_id}` in its place (or `{repository}` and
        `{number}`, for ids such as `OWNER/REPOSITORY#1`); the dashboard links to it.
    outbox : "on" tells it, "dry-run" only logs what would be told, "off" keeps nothing to be told.
    """

    webhook_secrets: tuple[str, ...] = record_field(
        _secrets,
        default=(),
        words="HELPDESK=SECRET, or TENANT/HELPDESK=SECRET: its webhooks must be signed with it.",
        is_shown=False,
    )
    helpdesk: str | None = record_field(
        optional(one_of(_NAMES)), default=None, words="The helpdesk that is told who has a ticket."
    )
    helpdesk_url: str = record_field(_url, default="", words="The address of its API.")
    helpdesk_token: str = record_field(_token, default="", words="What its API is asked with.", is_shown=False)
    helpdesk_tenant: str = record_field(
        _tenant, default="", words="The tenant of the helpdesk: whose assignments it is told."
    )
    ticket_link: str = record_field(
        _link,
        default="",
        words="Where the dashboard links to: https://desk.example.com/tickets/{ticket_id}.",
    )
    outbox: str = record_field(
        _MODE, default="off", words="Whether the helpdesk is told who has a ticket; dry-run only logs it."
    )

    def secrets_of(self, helpdesk: str) -> dict[str, str]:
        """The secrets of a helpdesk's webhooks, by tenant; none where everybody may send them who may send anything."""
        found = {}
        for one in self.webhook_secrets:
            tenant, name = _plain_whose(one)
            if name == helpdesk:
                found[self.helpdesk_tenant if tenant is None else tenant] = one.partition("=")[2]
        return found

    def check_secrets(self) -> None:
        """An error where a helpdesk has two secrets for one tenant: one without a name is of `helpdesk_tenant`."""
        report = Report()
        for helpdesk in INTEGRATIONS:
            whose = [tenant for tenant, name in map(_plain_whose, self.webhook_secrets) if name == helpdesk]
            if None in whose and self.helpdesk_tenant in whose:
                here = f"the tenant {shown(self.helpdesk_tenant)}" if self.helpdesk_tenant else "the default queue"
                problem = f"has two secrets of {helpdesk} for {here}: {helpdesk}=... is of `helpdesk_tenant`"
                report.error("webhook_secrets", problem, f"keep one of them, or name another tenant in {helpdesk}=...")
        if report.issues:
            raise InvalidInputError(report.issues)

    @property
    def integration(self) -> Integration | None:
        """The helpdesk that is told; None where none is."""
        return None if self.helpdesk is None or self.outbox == "off" else INTEGRATIONS[self.helpdesk]

    def check_outbox(self) -> None:
        """An error that says all that is missing to tell a helpdesk anything."""
        if self.outbox == "off":
            return
        report = Report()
        if self.helpdesk is None:
            report.error("helpdesk", "is not set, but the outbox is on", f"use one of: {', '.join(INTEGRATIONS)}")
        example = "https://..." if self.helpdesk is None else INTEGRATIONS[self.helpdesk].address
        if not self.helpdesk_url:
            report.error("helpdesk_url", "is not set, but the outbox is on", f"write it as {example}")
        elif self.outbox == "on" and not _is_safe(self.helpdesk_url):
            report.error("helpdesk_url", "would send the token unencrypted", f"write it as {example}")
        if not self.helpdesk_token and self.outbox == "on":
            report.error("helpdesk_token", "is not set, but the outbox is on", "make a token in the helpdesk")
        if report.issues:
            raise InvalidInputError(report.issues)


def _is_safe(url: str) -> bool:
    """Whether nobody between reads what is sent: it is encrypted, or stays on this machine or in its private net."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" or host in ("localhost", "127.0.0.1", "::1") or "." not in host
