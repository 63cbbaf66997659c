"""Zendesk Support: the account's ticket CSV, a view's CSV, and `tickets` and `users` of its API."""

from ticketopt.intake.helpdesks.base import Helpdesk

ZENDESK = Helpdesk(
    label="Zendesk",
    tickets={
        "ticket_id": ("id", "ticket id", "ticket nr", "n° de ticket"),
        "title": ("subject", "raw_subject", "betreff", "objet", "asunto", "assunto"),
        "description": ("description", "beschreibung", "descripción", "descrição"),
        "creation_timestamp": ("created at", "requested", "angefordert", "demandé", "solicitado"),
        "priority": ("priority", "priorität", "priorité", "prioridad", "prioridade"),
        "due": ("due date", "due_at", "fälligkeitsdatum", "date d'échéance", "fecha de vencimiento"),
        "customer": ("requester id", "requester", "requester email", "anfragender", "demandeur", "solicitante"),
        "organization": ("organization_id", "organization", "organisation", "organización", "organização"),
        "group": ("group_id", "group", "gruppe", "groupe", "grupo"),
        "status": ("status", "ticket status", "statut", "estado"),
        "assignee": ("assignee_id", "assignee", "mitarbeiter", "assigné", "agente asignado", "atribuído"),
        "tags": ("tags", "stichwörter", "marqueurs", "etiquetas"),
        "parent": ("problem_id",),
        "language": ("requester language",),
    },
    agents={
        "agent_id": ("id", "user id", "agent id", "email"),
        "name": ("name", "agent name", "display name"),
        "availability_status": ("agent_status", "unified status", "active"),
        "skills": ("skills", "attribute_values", "user_fields.skills"),
        "languages": ("user_fields.languages",),
        "role": ("role",),
        "capacity": ("capacity", "max_capacity"),
        "current_load": ("work_items_count", "assigned tickets"),
        "team": ("default_group_id", "default group", "group", "groups"),
    },
    signs=(
        ("id", "requester", "assigned at", "initially assigned at"),
        ("id", "subject", "group stations", "assignee stations"),
        ("id", "subject", "requester", "summation column"),
        ("id", "raw_subject", "requester_id", "assignee_id", "ticket_form_id"),
        ("id", "subject", "requester_id", "submitter_id", "assignee_id"),
    ),
    agent_signs=(
        ("id", "role", "default_group_id", "ticket_restriction"),
        ("id", "role", "ticket_restriction", "restricted_agent"),
    ),
    lists=("tickets", "results", "users", "agents"),
    statuses={
        "new": "new",
        "open": "open",
        "pending": "waiting",
        "hold": "waiting",
        "on hold": "waiting",
        "solved": "done",
        "closed": "done",
        "deleted": "done",
        "suspended": "done",
    },
    no_agents=("end user",),
    priorities={"low": "low", "normal": "medium", "high": "high", "urgent": "critical"},
)
