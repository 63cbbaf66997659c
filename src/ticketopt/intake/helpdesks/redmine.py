"""Redmine: the issue list's CSV in its languages, and `issues` and `users` of its REST API."""

from ticketopt.intake.helpdesks.base import Helpdesk

REDMINE = Helpdesk(
    label="Redmine",
    tickets={
        "ticket_id": ("#", "id"),
        "title": ("subject", "thema", "sujet", "asunto", "tema", "título", "oggetto"),
        "description": ("description", "beschreibung", "descripción", "descrição", "descrizione"),
        "creation_timestamp": ("created", "created_on", "angelegt", "créé", "creado", "criado em", "creato"),
        "priority": ("priority", "priority.name", "priorität", "priorité", "prioridad", "prioridade", "priorità"),
        "due": ("due date", "abgabedatum", "echéance", "fecha fin", "data prevista", "scadenza"),
        "customer": ("author", "author.id", "autor", "auteur", "autore"),
        "organization": ("project", "project.name", "projekt", "projet", "proyecto", "projeto", "progetto"),
        "group": ("category", "category.name", "kategorie", "catégorie", "categoría", "categoria"),
        "status": ("status", "status.name", "statut", "estado", "situação", "stato"),
        "assignee": (
            *("assignee", "assigned_to.id", "zugewiesen an", "assigné à", "asignado a", "atribuído para"),
            *("assegnato a",),
        ),
        "parent": ("parent task", "parent.id", "übergeordnete aufgabe", "tâche parente", "tarea padre", "tarefa pai"),
        "kind": ("tracker", "tracker.name", "tipo"),
        "tags": ("tags",),
    },
    agents={
        "agent_id": ("user.id", "id", "#", "login", "benutzername", "identifiant", "identificador"),
        "name": ("user.name", "name"),
        "availability_status": ("status",),
        "team": ("group", "groups", "gruppen", "groupes", "project.name"),
        "role": ("group.id",),
    },
    signs=(
        ("#", "tracker", "subject"),
        ("#", "tracker", "thema"),
        ("#", "tracker", "sujet"),
        ("#", "tipo", "asunto", "proyecto"),
        ("#", "tipo", "título", "projeto"),
        ("#", "tracker", "oggetto"),
        ("id", "tracker.name", "subject"),
        ("id", "tracker.id", "subject"),
    ),
    agent_signs=(
        ("id", "login", "firstname", "lastname", "mail"),
        ("id", "login", "admin", "last_login_on"),
        ("project.name", "user.id", "user.name"),
        ("#", "login", "administrator"),
    ),
    lists=("issues", "users", "memberships"),
    statuses={
        **{"new": "new", "in progress": "open", "resolved": "done", "feedback": "waiting"},
        **{"closed": "done", "rejected": "done"},
        **{"neu": "new", "in bearbeitung": "open", "gelöst": "done", "erledigt": "done", "abgewiesen": "done"},
        **{"nouveau": "new", "en cours": "open", "résolu": "done", "commentaire": "waiting", "fermé": "done"},
        **{"rejeté": "done", "nueva": "new", "en curso": "open", "resuelta": "done", "comentarios": "waiting"},
        **{"cerrada": "done", "rechazada": "done", "nova": "new", "em andamento": "open", "resolvida": "done"},
        **{"fechada": "done", "rejeitada": "done"},
    },
    no_agents=("*",),
    priorities={
        **{"low": "low", "normal": "medium", "high": "high", "urgent": "critical", "immediate": "critical"},
        **{"niedrig": "low", "hoch": "high", "dringend": "critical", "sofort": "critical"},
        **{"bas": "low", "haut": "high", "immédiat": "critical"},
        **{"baja": "low", "alta": "high", "urgente": "critical", "inmediata": "critical"},
        **{"baixa": "low", "imediata": "critical"},
    },
)
