"""Freshservice: its ticket export, and tickets and agents of its API, where 4 is the highest priority."""

from ticketopt.intake.helpdesks.base import Helpdesk

FRESHSERVICE = Helpdesk(
    label="Freshservice",
    tickets={
        "ticket_id": ("ticket id", "id", "display_id"),
        "title": ("subject", "betreff", "sujet", "asunto", "assunto"),
        "description": ("description_text", "description", "beschreibung", "descripción", "descrição"),
        "creation_timestamp": ("created time", "created_at", "erstellungszeit", "heure de création"),
        "priority": ("priority", "priorität", "priorité", "prioridad", "prioridade"),
        "due": ("due by time", "due_by"),
        "customer": ("requester_id", "requester email", "requester name"),
        "organization": ("company", "department", "department_id"),
        "group": ("group", "group_id", "gruppe", "groupe", "grupo"),
        "status": ("status", "statut", "estado"),
        "assignee": ("responder_id", "agent", "agente"),
        "tags": ("tags",),
        "parent": ("parent ticket id",),
    },
    agents={
        "agent_id": ("id", "agent id", "email"),
        "name": ("name", "agent name", "full name", "first_name"),
        "availability_status": ("active", "agent status"),
        "team": ("group", "groups", "member_of", "group_ids"),
    },
    signs=(
        ("ticket id", "created time", "requester email"),
        ("ticket id", "created time", "requester name"),
        ("ticket id", "created time", "urgency", "impact"),
        ("id", "responder_id", "fr_due_by", "department_id"),
        ("id", "responder_id", "fr_due_by", "workspace_id"),
    ),
    agent_signs=(
        ("id", "job_title", "department_ids", "member_of", "scopes"),
        ("id", "reporting_manager_id", "department_ids", "scoreboard_level_id"),
    ),
    lists=("tickets", "results", "agents"),
    statuses={
        **{"2": "new", "3": "waiting", "4": "done", "5": "done"},
        "open": "new",
        "pending": "waiting",
        "resolved": "done",
        "closed": "done",
    },
    priorities={
        **{"1": "low", "2": "medium", "3": "high", "4": "critical"},
        **{"low": "low", "medium": "medium", "high": "high", "urgent": "critical"},
    },
)
