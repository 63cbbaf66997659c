"""OTRS and Znuny: the search's CSV, and `Ticket` of its web services. Priorities begin with their number, 5 on top."""

from ticketopt.intake.helpdesks.base import Helpdesk

OTRS = Helpdesk(
    label="OTRS",
    tickets={
        "ticket_id": ("TicketNumber", "ticket#", "ticketnummer", "numéro de ticket", "número de ticket", "TicketID"),
        "title": ("Title", "Subject", "titel", "betreff", "titre", "sujet", "título", "asunto", "assunto"),
        "description": ("Article.Body", "Body", "ArticleTree", "article tree", "artikelbaum"),
        "creation_timestamp": ("Created", "CreateTime", "erstellt", "créé", "creado", "criado"),
        "priority": ("Priority", "PriorityID", "priorität", "priorité", "prioridad", "prioridade"),
        "due": ("SolutionTimeDestinationDate", "EscalationDestinationDate"),
        "customer": ("CustomerUserID", "CustomerUser", "CustomerID", "kundennummer", "kunden-id", "customer name"),
        "organization": ("CustomerID", "CustomerCompanyName"),
        "group": ("Queue", "file", "cola", "fila"),
        "status": ("State", "StateType", "status", "état", "estado"),
        "assignee": ("Owner", "OwnerID", "besitzer", "propriétaire", "propietario", "proprietário"),
        "tags": ("Service", "Type", "typ"),
        "parent": ("ParentTicketID",),
        "language": ("DynamicField_CustomerLanguage",),
    },
    agents={
        "agent_id": ("UserLogin", "UserID", "username", "benutzername", "login"),
        "name": ("UserFullname", "UserLastname", "name", "full name"),
        "availability_status": ("Validity", "ValidID", "gültigkeit"),
        "team": ("Queue", "group", "groups"),
    },
    signs=(
        ("TicketNumber", "Queue", "Lock"),
        ("TicketNumber", "Queue", "FirstLock"),
        ("TicketNumber", "Queue", "StateType"),
        ("TicketNumber", "QueueID", "StateID"),
        ("ticket#", "Queue", "Lock"),
        ("ticketnummer", "Queue", "sperre"),
        ("ticketnummer", "Queue", "besitzer"),
        ("ticket#", "Queue", "besitzer"),
        ("numéro de ticket", "file", "propriétaire"),
        ("número de ticket", "cola", "propietario"),
    ),
    agent_signs=(("UserLogin", "UserFirstname", "UserLastname"), ("UserLogin", "UserFullname")),
    lists=("Ticket", "Tickets", "User"),
    statuses={
        **{"new": "new", "open": "open", "pending reminder": "waiting", "pending auto": "waiting"},
        **{"pending auto close+": "waiting", "pending auto close": "waiting"},
        **{"closed": "done", "closed successful": "done", "closed unsuccessful": "done", "merged": "done"},
        **{"closed with workaround": "done", "removed": "done"},
        **{"neu": "new", "offen": "open", "warten zur erinnerung": "waiting"},
        **{"warten auf erfolgreich schliessen+": "waiting", "warten auf erfolglos schliessen": "waiting"},
        **{"erfolgreich geschlossen": "done", "erfolglos geschlossen": "done", "zusammengefasst": "done"},
    },
    priorities={
        **{"1": "low", "2": "low", "3": "medium", "4": "high", "5": "critical"},
        **{"1 very low": "low", "2 low": "low", "3 normal": "medium", "4 high": "high", "5 very high": "critical"},
        **{"1 sehr niedrig": "low", "2 niedrig": "low", "4 hoch": "high", "5 sehr hoch": "critical"},
        **{"1 très bas": "low", "2 bas": "low", "4 élevé": "high", "5 très élevé": "critical"},
        **{"1 muy baja": "low", "2 baja": "low", "4 alta": "high", "5 muy alta": "critical"},
    },
)
