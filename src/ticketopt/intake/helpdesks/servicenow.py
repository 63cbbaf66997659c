"""ServiceNow: list exports of task tables by field name or by label, and `result` of its REST tables.

The id is the `sys_id` where the list has it, and else the number. A reference is a name in a list, and in REST an id,
a link with a value, or both forms under one key.
"""

from ticketopt.intake.helpdesks.base import Helpdesk

SERVICENOW = Helpdesk(
    label="ServiceNow",
    tickets={
        "ticket_id": (
            *("sys_id", "sys_id.value", "sys_id.display_value", "number", "number.value", "number.display_value"),
            *("nummer", "numéro", "número", "numero"),
        ),
        "title": (
            *("short_description", "short_description.display_value", "kurzbeschreibung", "brève description"),
            *("description brève", "breve descripción", "descripción breve", "descrição resumida", "breve descrizione"),
        ),
        "description": ("description", "description.display_value", "beschreibung", "descripción", "descrição"),
        "creation_timestamp": (
            *("opened_at", "opened_at.value", "opened", "sys_created_on", "sys_created_on.value", "created"),
            *("geöffnet", "eröffnet", "ouvert", "abierto", "aberto", "erstellt", "créé", "creado", "criado"),
        ),
        "priority": ("priority", "priority.value", "priorität", "priorité", "prioridad", "prioridade", "priorità"),
        "due": ("due_date", "due_date.value", "sla_due", "fälligkeitsdatum", "date d'échéance", "fecha de vencimiento"),
        "customer": (
            *("caller_id.value", "caller_id", "caller", "requested_for.value", "requested_for", "opened_by.value"),
            *("opened_by", "anrufer", "appelant", "solicitante", "chiamante"),
        ),
        "organization": ("company.display_value", "company", "account", "unternehmen", "société", "empresa"),
        "group": (
            *("assignment_group.display_value", "assignment_group.value", "assignment_group", "zuweisungsgruppe"),
            *("groupe d'affectation", "grupo de asignación", "grupo de atribuição", "gruppo di assegnazione"),
        ),
        "status": ("state", "state.value", "incident_state", "incident_state.value", "status", "état", "estado"),
        "assignee": (
            *("assigned_to.value", "assigned_to", "zugewiesen an", "affecté à", "asignado a", "atribuído a"),
            *("assegnato a",),
        ),
        "tags": ("category", "category.display_value", "kategorie", "catégorie", "categoría", "categoria"),
        "parent": ("parent_incident.value", "parent_incident", "parent.value", "parent"),
        "kind": ("sys_class_name", "sys_class_name.value", "task type"),
    },
    agents={
        "agent_id": (
            *("user.value", "user", "user.sys_id", "user.user_name", "sys_id", "sys_id.value", "user_name", "user id"),
            "employee_number",
        ),
        "name": ("user.display_value", "name", "name.display_value", "user.name"),
        "availability_status": ("active", "active.value", "user.active"),
        "team": (
            *("group.display_value", "group.name", "group.value", "group", "department.display_value", "department"),
        ),
        "mail": ("email", "user.email", "email.value"),
        "account": ("user.user_name", "user_name", "user_name.value"),
        "skills": ("skill.display_value", "skill", "skills"),
    },
    signs=(
        ("number", "short_description", "assignment_group"),
        ("number", "short_description", "opened_at"),
        ("number", "short_description", "caller_id"),
        ("number", "short_description", "caller"),
        ("number", "short_description", "sys_id"),
        ("number", "short_description", "assigned_to"),
        ("number", "short_description", "assigned_to.value"),
        ("number.display_value", "short_description.display_value"),
        ("nummer", "kurzbeschreibung", "zuweisungsgruppe"),
        ("numéro", "brève description", "groupe d'affectation"),
        ("numéro", "description brève", "groupe d'affectation"),
        ("número", "breve descripción", "grupo de asignación"),
        ("número", "descripción breve", "grupo de asignación"),
        ("número", "descrição resumida", "grupo de atribuição"),
        ("numero", "breve descrizione", "gruppo di assegnazione"),
    ),
    agent_signs=(
        ("sys_id", "user_name", "active"),
        ("sys_id", "user_name", "name"),
        ("user", "group", "sys_id"),
        ("user.value", "group.value"),
        ("user.name", "user.active", "group.name"),
        ("user.user_name", "group.name"),
        ("user.display_value", "group.display_value"),
    ),
    lists=("result", "records"),
    statuses={
        **{"1": "new", "2": "open", "3": "waiting", "4": "waiting", "5": "waiting"},
        **{"6": "done", "7": "done", "8": "done"},
        **{"new": "new", "open": "new", "in progress": "open", "on hold": "waiting", "pending": "waiting"},
        **{"work in progress": "open", "awaiting user info": "waiting", "awaiting evidence": "waiting"},
        **{"awaiting problem": "waiting", "awaiting vendor": "waiting", "active": "open"},
        **{"resolved": "done", "closed": "done", "canceled": "done", "cancelled": "done"},
        **{"closed complete": "done", "closed incomplete": "done", "closed skipped": "done"},
        **{"1 new": "new", "2 in progress": "open", "3 on hold": "waiting"},
        **{"6 resolved": "done", "7 closed": "done", "8 canceled": "done"},
    },
    priorities={
        **{"1": "critical", "2": "high", "3": "medium", "4": "low", "5": "low"},
        **{"1 critical": "critical", "2 high": "high", "3 moderate": "medium", "4 low": "low", "5 planning": "low"},
        **{"1 kritisch": "critical", "2 hoch": "high", "3 mittel": "medium", "4 niedrig": "low", "5 planung": "low"},
        **{"1 critique": "critical", "2 élevée": "high", "3 moyenne": "medium", "3 modérée": "medium"},
        **{"4 faible": "low", "4 basse": "low", "5 planification": "low"},
        **{"1 crítica": "critical", "1 crítico": "critical", "2 alta": "high", "3 moderada": "medium", "4 baja": "low"},
        **{"2 alto": "high", "3 moderado": "medium", "4 bajo": "low", "5 planificación": "low"},
        **{"4 baixa": "low", "4 baixo": "low", "5 planejamento": "low"},
    },
    kinds=("sysapproval_approver", "approval"),
)
