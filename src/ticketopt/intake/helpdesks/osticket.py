"""osTicket: a queue's CSV and the agents' CSV; what is above their columns is in the language of who exports."""

from ticketopt.intake.helpdesks.base import Helpdesk

OSTICKET = Helpdesk(
    label="osTicket",
    tickets={
        "ticket_id": (
            *("ticket number", "ticketnummer", "numéro de ticket", "numéro du ticket", "número de ticket"),
            *("número do ticket", "numero ticket"),
        ),
        "title": ("subject", "issue summary", "betreff", "sujet", "asunto", "assunto", "oggetto"),
        "description": ("issue details",),
        "creation_timestamp": (
            *("date created", "erstellungsdatum", "erstellt am", "date de création", "fecha de creación"),
            *("data de criação", "data di creazione"),
        ),
        "priority": ("priority", "priority level", "priorität", "priorité", "prioridad", "prioridade", "priorità"),
        "due": ("due date", "sla due date", "fälligkeitsdatum", "date d'échéance", "fecha de vencimiento"),
        "customer": ("from email", "from", "email", "von", "de"),
        "organization": ("organization", "organisation", "organización"),
        "group": (
            *("team assigned", "department", "zugewiesenes team", "abteilung", "équipe assignée", "département"),
            *("equipo asignado", "departamento", "equipe atribuída"),
        ),
        "status": ("current status", "status", "aktueller status", "statut actuel", "estado actual", "status atual"),
        "assignee": ("agent assigned", "zugewiesener agent", "agent assigné", "agente asignado", "agente atribuído"),
        "tags": ("help topic", "hilfethema", "rubrique d'aide", "tema de ayuda", "tópico de ajuda"),
    },
    agents={
        "agent_id": ("username", "email", "benutzername", "nom d'utilisateur", "nombre de usuario"),
        "name": ("name", "nom", "nombre", "nome"),
        "availability_status": ("status", "isactive"),
        "team": ("primary department", "department", "dept_name", "dept_id", "team"),
    },
    signs=(
        ("ticket number", "date created", "from"),
        ("ticket number", "date created", "current status"),
        ("ticket number", "date created", "agent assigned"),
        ("ticket number", "help topic", "department"),
        ("ticket number", "help topic", "agent assigned"),
        ("ticketnummer", "erstellungsdatum", "hilfethema"),
        ("ticketnummer", "aktueller status", "hilfethema"),
        ("numéro de ticket", "date de création", "rubrique d'aide"),
        ("número de ticket", "fecha de creación", "tema de ayuda"),
        ("número do ticket", "data de criação", "tópico de ajuda"),
    ),
    agent_signs=(
        ("name", "username", "permissions", "primary department"),
        ("username", "access type", "access role"),
        ("staff_id", "username", "isactive"),
    ),
    lists=("tickets",),
    statuses={"open": "new", "resolved": "done", "closed": "done", "archived": "done", "deleted": "done"},
    priorities={"low": "low", "normal": "medium", "high": "high", "emergency": "critical"},
)
