"""What helpdesks tell of their tickets: one route per integration, signed where a secret is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ticketopt.errors import InvalidInputError
from ticketopt.intake.integrations import INTEGRATIONS, Integration
from ticketopt.intake.integrations.signature import carries_secret, is_signed
from ticketopt.intake.strict_json import decode, parse_json
from ticketopt.intake.webhook import OTHER, read_webhook
from ticketopt.service.access import tenant_of
from ticketopt.service.context import Context
from ticketopt.service.handling import answer_body, json_response
from ticketopt.service.openapi import queue as schemas
from ticketopt.service.problem_details import ServiceError
from ticketopt.service.requests import Sender

__all__ = ["WEBHOOKS", "router_of"]

WEBHOOKS = "/v1/webhooks/"


def router_of(context: Context) -> APIRouter:
    """The routes of the webhooks."""
    router = APIRouter(tags=["Helpdesk"])
    for name, integration in INTEGRATIONS.items():
        _add(router, context, name, integration)
    return router


def _add(router: APIRouter, context: Context, name: str, integration: Integration) -> None:
    secrets = context.settings.secrets_of(name)

    async def handle(request: Request) -> Response:
        headers, query = dict(request.headers), dict(request.query_params)
        secret = secrets.get(tenant_of(request.scope, request.headers))
        if secrets and secret is None:
            raise ServiceError(
                "not-allowed", detail=f"Its secret is of another tenant; set TENANT/{name}=SECRET for this."
            )

        def check(body: bytes) -> None:
            if secret is not None and not _is_from_there(integration, secret, headers, query, body, context.clock()):
                raise ServiceError("not-signed")

        def work(body: bytes, sender: Sender) -> Response:
            return _work(context, name, body, sender, headers)

        return await answer_body(context, request, work, check=check)

    router.add_api_route(
        WEBHOOKS + name,
        handle,
        methods=["POST"],
        operation_id=f"{name}_webhook",
        summary=f"A ticket event of {integration.label}",
        description=f"Have happen here what has happened in {integration.label}. What an event does not say stays as "
        "it is; an event that is older than what is known, or known, changes nothing; one that says nothing of a "
        "ticket "
        f"is answered 202. To set it up, {integration.setup}.",
        openapi_extra=schemas.webhook_request(),
        responses=schemas.WEBHOOK_RESPONSES,
    )
    router.add_api_route(
        f"{WEBHOOKS}{name}/", handle, methods=["POST"], include_in_schema=False
    )  # few follow a redirect


def _is_from_there(
    integration: Integration,
    secret: str,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    body: bytes,
    now: float,
) -> bool:
    """Whether the helpdesk has sent it, or whoever else knows the secret."""
    signature = integration.signature
    if signature is not None and signature.header in headers:
        return is_signed(signature, secret, headers, body, now=now)
    return integration.takes_secret and carries_secret(secret, headers, query)


def _work(context: Context, name: str, body: bytes, sender: Sender, headers: Mapping[str, str]) -> Response:
    integration = INTEGRATIONS[name]
    data = _parsed(body, integration)
    team = {agent_id: agent.data for agent_id, agent in context.store.agents(sender.tenant)}
    received = read_webhook(integration, data, headers, team=team, zone=context.settings.time_zone)
    context.metrics.webhook(name, received.kind)
    notes = [asdict(note) for note in received.notes]
    if received.kind == OTHER:
        ignored = f"{integration.label} tells of many things; this one changes no ticket"
        return json_response({"decided": [], "notes": notes, "ignored": ignored}, 202)
    decided = context.dispatcher(sender.tenant).apply(received.events, idempotency_key=sender.key)
    rows = [{"ticket_id": ticket, "agent_id": agent} for ticket, agent in decided.items()]
    return json_response({"decided": rows, "notes": notes})


def _parsed(body: bytes, integration: Integration) -> Any:
    """What a body says. Products put texts with line breaks into their bodies as they are; quotes they must escape."""
    try:
        return parse_json(decode(body), is_strict=False)
    except InvalidInputError as error:
        repair = f'have the product write placeholders as JSON does (quotes as \\"); {integration.setup}'
        raise ServiceError("not-json", issues=[replace(issue, repair=repair) for issue in error.issues]) from None
