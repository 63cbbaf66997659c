"""Zammad: tickets and users of its REST API, plain or with `expand=true`. Its owner `-` (and the id 1) is nobody.

The id of a ticket is not its number, which may be another ticket's id.
"""

from ticketopt.intake.helpdesks.base import Helpdesk

ZAMMAD = Helpdesk(
    label="Zammad",
    tickets={
        "ticket_id": ("id", "number"),
        "title": ("title",),
        "description": ("article.body", "note", "body"),
        "creation_timestamp": ("created_at",),
        "priority": ("priority", "priority.name", "priority_id"),
        "due": ("escalation_at", "close_escalation_at"),
        "customer": ("customer", "customer.login", "customer_id"),
        "organization": ("organization", "organization.name", "organization_id"),
        "group": ("group", "group.name", "group_id"),
        "status": ("state", "state.name", "state_id"),
        "assignee": ("owner", "owner.login", "owner_id"),
        "tags": ("tags",),
        "language": ("customer.locale",),
    },
    agents={
        "agent_id": ("login", "email", "id"),
        "name": ("fullname", "name"),
        "availability_status": ("active",),
        "team": ("groups", "group_ids"),
        "role": ("roles", "role_ids"),
    },
    signs=(
        ("number", "title", "create_article_type_id", "owner_id"),
        ("number", "title", "owner_id", "customer_id", "first_response_escalation_at"),
        ("number", "title", "owner_id", "customer_id", "state_id", "priority_id"),
    ),
    agent_signs=(
        ("login", "firstname", "lastname", "out_of_office"),
        ("login", "firstname", "lastname", "role_ids", "last_login"),
    ),
    lists=("tickets", "users", "records"),
    statuses={
        **{"1": "new", "2": "open", "3": "waiting", "4": "done", "5": "done", "7": "waiting"},
        **{"new": "new", "open": "open", "pending reminder": "waiting", "pending close": "waiting"},
        **{"closed": "done", "merged": "done", "removed": "done"},
    },
    no_agents=("customer", "3"),
    priorities={
        **{"1": "low", "2": "medium", "3": "high"},
        **{"1 low": "low", "2 normal": "medium", "3 high": "high"},
        **{"1 niedrig": "low", "3 hoch": "high"},
    },
)
