"""Jira and Jira Service Management: the issue CSV in its languages, and `issues` and users of its API."""

from ticketopt.intake.helpdesks.base import Helpdesk

JIRA = Helpdesk(
    label="Jira",
    tickets={
        "ticket_id": (
            *("issue key", "key", "work item key", "vorgangsschlüssel", "schlüssel", "clé de ticket", "clé"),
            *("clave de incidencia", "clave", "chave da item", "chave do item", "chave", "chiave ticket", "issue id"),
        ),
        "title": ("summary", "fields.summary", "zusammenfassung", "résumé", "resumen", "resumo", "riepilogo"),
        "description": (
            *("description", "fields.description", "renderedFields.description", "beschreibung"),
            *("descripción", "descrição", "descrizione"),
        ),
        "creation_timestamp": (
            *("created", "fields.created", "erstellt", "création", "créée", "creada", "creado", "criado", "criada"),
            *("data di creazione", "creato"),
        ),
        "priority": (
            *("priority", "fields.priority.name", "priorität", "priorité", "prioridad", "prioridade", "priorità"),
        ),
        "due": (
            *("due date", "fields.duedate", "fälligkeitsdatum", "fällig", "date d'échéance", "échéance"),
            *("fecha de vencimiento", "data limite", "data de vencimento", "scadenza"),
        ),
        "customer": (
            *("reporter id", "fields.reporter.accountId", "fields.reporter.name", "reporter", "melder", "autor-id"),
            *("autor", "rapporteur", "informador", "relator", "segnalatore"),
        ),
        "organization": ("custom field (organizations)", "organizations"),
        "group": (
            *("component/s", "fields.components", "komponente/n", "composants"),
            *("componentes", "componenti"),
        ),
        "status": ("status", "fields.status.name", "état", "statut", "estado", "stato"),
        "assignee": (
            *("assignee id", "fields.assignee.accountId", "fields.assignee.name", "assignee", "zugewiesene person"),
            *("bearbeiter", "personne assignée", "attribution", "responsable", "persona asignada", "responsável"),
            *("assegnatario",),
        ),
        "tags": ("labels", "fields.labels", "stichwörter", "étiquettes", "etiquetas", "categorias", "etichette"),
        "parent": (
            *("parent key", "parent", "parent id", "fields.parent.key", "übergeordneter vorgang", "clave principal"),
            *("principal",),
        ),
        "kind": (
            *("issue type", "fields.issuetype.name", "work type", "vorgangstyp", "type de ticket"),
            *("tipo de incidencia", "tipo de item", "tipo ticket"),
        ),
        "language": ("custom field (request language)",),
    },
    agents={
        "agent_id": ("accountId", "user id", "key", "name", "username", "email", "emailAddress"),
        "name": ("displayName", "user name", "full name", "name"),
        "availability_status": ("active", "user status"),
        "team": ("groups.items", "groups", "group", "team"),
        "role": ("accountType",),
    },
    signs=(
        ("issue key", "summary"),
        ("issue key", "issue id", "issue type"),
        ("work item key", "summary"),
        ("vorgangsschlüssel", "zusammenfassung"),
        ("schlüssel", "zusammenfassung", "vorgangstyp"),
        ("clé de ticket", "résumé"),
        ("clave de incidencia", "resumen"),
        ("chave da item", "resumo"),
        ("chave do item", "resumo"),
        ("chiave ticket", "riepilogo"),
        ("key", "fields.summary", "fields.status.name"),
        ("key", "fields.summary", "fields.created"),
    ),
    agent_signs=(
        ("accountId", "accountType", "displayName"),
        ("key", "displayName", "emailAddress", "applicationRoles.size"),
        ("user id", "user name", "user status", "added to org"),
    ),
    lists=("issues", "values", "users"),
    statuses={
        **{"open": "new", "to do": "new", "backlog": "new", "reopened": "new", "selected for development": "new"},
        **{"waiting for support": "new", "in progress": "open", "in review": "open", "escalated": "open"},
        **{"work in progress": "open", "under investigation": "open", "pending": "waiting", "blocked": "waiting"},
        **{"waiting for customer": "waiting", "waiting for approval": "waiting", "awaiting implementation": "waiting"},
        **{"done": "done", "resolved": "done", "closed": "done", "canceled": "done", "declined": "done"},
        **{"undefined": "new", "indeterminate": "open"},
        **{"zu erledigen": "new", "in arbeit": "open", "fertig": "done"},
        **{"à faire": "new", "en cours": "open", "terminé(e)": "done", "terminé": "done"},
        **{"tareas por hacer": "new", "por hacer": "new", "en curso": "open", "finalizada": "done", "listo": "done"},
        **{"tarefas pendentes": "new", "a fazer": "new", "em andamento": "open", "itens concluídos": "done"},
    },
    no_agents=("app", "customer"),
    priorities={
        **{"lowest": "low", "low": "low", "trivial": "low", "minor": "low", "medium": "medium", "high": "high"},
        **{"major": "high", "highest": "critical", "critical": "critical", "blocker": "critical"},
        **{"p1": "critical", "p2": "high", "p3": "medium", "p4": "low", "p5": "low"},
    },
)
