"""GitLab: the CSV that it mails, and issues and users of its REST API."""

from ticketopt.intake.helpdesks.base import Helpdesk

GITLAB = Helpdesk(
    label="GitLab",
    tickets={
        "ticket_id": ("issue id", "iid", "id"),
        "title": ("title",),
        "description": ("description",),
        "creation_timestamp": ("created at (utc)", "created_at"),
        "due": ("due date",),
        "customer": ("author username", "author", "author.name"),
        "organization": ("service_desk_reply_to",),
        "status": ("state",),
        "assignee": ("assignee username", "assignees", "assignee", "assignee.name"),
        "tags": ("labels",),
        "parent": ("epic id", "epic.iid"),
        "kind": ("type", "issue_type"),
    },
    agents={
        "agent_id": ("username", "id"),
        "name": ("name", "full name"),
        "availability_status": ("state", "status.availability", "membership_state"),
        "team": ("group", "groups"),
        "role": ("bot", "user_type"),
    },
    signs=(
        ("issue id", "author username", "assignee username"),
        ("issue id", "created at (utc)"),
        ("iid", "project_id", "web_url"),
        ("iid", "title", "references.full"),
        ("iid", "author.username", "issue_type"),
    ),
    agent_signs=(
        ("username", "access_level", "web_url"),
        ("username", "state", "avatar_url", "web_url"),
        ("username", "membership_state"),
    ),
    lists=("issues", "users", "members"),
    statuses={
        **{"opened": "new", "open": "new", "reopened": "new", "closed": "done", "locked": "done"},
        **{"to do": "new", "in progress": "open", "done": "done", "won't do": "done", "duplicate": "done"},
    },
    parents_are_tickets=False,
    no_agents=("true", "bot", "project bot", "group bot"),
    priorities={
        **{"priority::1": "critical", "priority::2": "high", "priority::3": "medium", "priority::4": "low"},
        **{"severity::1": "critical", "severity::2": "high", "severity::3": "medium", "severity::4": "low"},
    },
    kinds=("merge request", "test case", "requirement", "objective", "key result"),
)
