"""GitHub: issues of its REST API, of the `gh` command and of search; pull requests stand in the same list.

An issue is `OWNER/REPOSITORY#NUMBER` where its address is there, and else its number.
"""

import re

from ticketopt.intake.helpdesks.base import Helpdesk

GITHUB = Helpdesk(
    label="GitHub",
    tickets={
        "ticket_id": ("html_url", "url", "number", "id"),
        "title": ("title",),
        "description": ("body", "body_text"),
        "creation_timestamp": ("created_at",),
        "due": ("milestone.due_on",),
        "customer": ("user.login", "author.login", "author"),
        "organization": ("repository.full_name", "repository.nameWithOwner"),
        "status": ("state",),
        "assignee": ("assignees", "assignee.login", "assignee"),
        "tags": ("labels",),
        "parent": ("parent_issue_url", "parent.html_url", "parent.url", "parent.number"),
        "kind": ("pull_request.url", "pull_request.html_url", "isPullRequest"),
    },
    agents={
        "agent_id": ("login", "username", "id"),
        "name": ("name", "login"),
        "team": ("team", "team.name", "teams"),
        "role": ("type",),
    },
    signs=(
        ("number", "title", "repository_url"),
        ("number", "title", "user.login", "author_association"),
        ("number", "title", "node_id", "comments_url"),
        ("number", "title", "createdAt", "author.login"),
        ("number", "title", "createdAt", "assignees", "labels"),
    ),
    agent_signs=(("login", "node_id", "site_admin"), ("login", "gists_url", "type")),
    lists=("items", "issues", "members"),
    statuses={"open": "new", "reopened": "new", "closed": "done", "completed": "done", "not planned": "done"},
    no_agents=("bot", "organization"),
    priorities={
        **{"p0": "critical", "p1": "high", "p2": "medium", "p3": "low", "p4": "low"},
        **{"priority: critical": "critical", "priority: high": "high", "priority: medium": "medium"},
        **{"priority: low": "low"},
    },
    kinds=("*",),
    id_in=re.compile(r"([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)", re.ASCII),
)
