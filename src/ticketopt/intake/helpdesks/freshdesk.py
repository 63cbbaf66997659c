"""Freshdesk: its ticket export, and tickets and agents of its API, where 4 is the highest priority."""

from ticketopt.intake.helpdesks.base import Helpdesk

FRESHDESK = Helpdesk(
    label="Freshdesk",
    tickets={
        "ticket_id": ("ticket id", "id", "display_id", "id du ticket", "id del ticket", "id de ticket", "id do ticket"),
        "title": ("subject", "betreff", "sujet", "objet", "asunto", "assunto"),
        "description": ("description_text", "description", "beschreibung", "descripción", "descrição"),
        "creation_timestamp": (
            "created time",
            "created_at",
            "erstellt um",
            "erstellungszeit",
            "heure de création",
            "hora de creación",
            "hora da criação",
        ),
        "priority": ("priority", "priorität", "priorité", "prioridad", "prioridade"),
        "due": ("due by time", "due_by", "fälligkeitszeit", "échéance", "hora de vencimiento"),
        "customer": ("contact id", "requester_id", "email", "full name", "vollständiger name"),
        "organization": ("company name", "company_id", "firmenname", "nombre de la empresa"),
        "group": ("group", "group_id", "gruppe", "groupe", "grupo"),
        "status": ("status", "statut", "estado"),
        "assignee": ("responder_id", "agent", "agente"),
        "tags": ("tags", "schlagwörter", "mots clés", "etiquetas"),
        "parent": ("parent_id", "parent ticket id"),
        "language": ("language", "requester.language"),
        "skills": ("skill",),
    },
    agents={
        "agent_id": ("id", "agent id", "email", "contact.email"),
        "name": ("contact.name", "name", "agent name", "full name"),
        "availability_status": ("available", "availability", "agent availability"),
        "skills": ("skills",),
        "team": ("group", "groups", "group_ids"),
        "role": ("type", "agent type"),
    },
    signs=(
        ("ticket id", "created time", "contact id"),
        ("ticket id", "created time", "full name"),
        ("ticket id", "created time", "every response status"),
        ("ticket id", "created time", "survey results"),
        ("id", "responder_id", "fr_due_by", "company_id"),
        ("id", "responder_id", "fr_due_by", "product_id", "twitter_id"),
    ),
    agent_signs=(
        ("id", "ticket_scope", "occasional", "contact.name"),
        ("id", "ticket_scope", "contact.email"),
        ("email", "ticket scope", "agent type"),
    ),
    lists=("tickets", "results", "agents"),
    statuses={
        **{"2": "new", "3": "waiting", "4": "done", "5": "done", "6": "waiting", "7": "waiting"},
        "open": "new",
        "pending": "waiting",
        "resolved": "done",
        "closed": "done",
        "waiting on customer": "waiting",
        "waiting on third party": "waiting",
    },
    no_agents=("collaborator",),
    priorities={
        **{"1": "low", "2": "medium", "3": "high", "4": "critical"},
        **{"low": "low", "medium": "medium", "high": "high", "urgent": "critical"},
    },
)
