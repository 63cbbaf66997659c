"""GLPI: the search's CSV in its languages, the search of its API (columns are numbers), and its `Ticket` items."""

from ticketopt.intake.helpdesks.base import Helpdesk

GLPI = Helpdesk(
    label="GLPI",
    tickets={
        "ticket_id": ("id", "2"),
        "title": ("title", "titre", "titel", "título", "titolo", "name", "1"),
        "description": ("description", "beschreibung", "descripción", "descrição", "descrizione", "content", "21"),
        "creation_timestamp": (
            *("opening date", "date d'ouverture", "eröffnungsdatum", "fecha de apertura", "data de abertura"),
            *("data di apertura", "date", "date_creation", "15"),
        ),
        "priority": ("priority", "priorité", "priorität", "prioridad", "prioridade", "priorità", "3"),
        "due": (
            *("time to resolve", "ttr", "temps de résolution", "zeit zur lösung"),
            *("tiempo de solución", "tempo para solução", "18"),
        ),
        "customer": (
            *("requester - requester", "requester", "demandeur - demandeur", "demandeur", "anforderer - anforderer"),
            *("solicitante - solicitante", "solicitante", "requerente - requerente", "richiedente - richiedente"),
            *("users_id_recipient", "4"),
        ),
        "organization": ("entity", "entité", "entität", "entidad", "entidade", "entità", "entities_id", "80"),
        "group": (
            *("assigned to - technician group", "attribué à - groupe de techniciens"),
            *("attribué à - groupe d'attribution", "zugewiesen an - technikergruppe", "asignado a - grupo técnico"),
            *("atribuído - grupo técnico", "assegnato a - gruppo di tecnici", "8"),
        ),
        "status": ("status", "statut", "estado", "stato", "12"),
        "assignee": (
            *("assigned to - technician", "attribué à - technicien", "zugewiesen an - techniker"),
            *("asignado a - técnico", "asignada a - técnico", "atribuído - técnico", "atribuído para - técnico"),
            *("assegnato a - tecnico", "5"),
        ),
        "tags": ("category", "catégorie", "kategorie", "categoría", "categoria", "itilcategories_id", "7"),
        "kind": ("type", "typ", "tipo"),
    },
    agents={
        "agent_id": ("id", "2", "login", "identifiant", "name"),
        "name": ("complete name", "nom complet"),
        "first_name": ("firstname", "prénom", "9"),
        "surname": ("realname", "last name", "nom de famille", "34"),
        "mail": ("emails", "email", "adresses de messagerie", "5"),
        "account": ("name", "login", "identifiant", "1"),
        "availability_status": ("is_active", "active", "actif", "8"),
        "team": ("groups", "group", "groupes", "groups_id"),
    },
    signs=(
        ("id", "title", "opening date"),
        ("id", "titre", "date d'ouverture"),
        ("id", "titel", "eröffnungsdatum"),
        ("id", "título", "fecha de apertura"),
        ("id", "título", "data de abertura"),
        ("id", "titolo", "data di apertura"),
        ("id", "name", "itilcategories_id", "users_id_recipient"),
        ("1", "2", "12", "80"),
    ),
    agent_signs=(
        ("name", "realname", "firstname", "is_active"),
        ("login", "last name", "emails", "active"),
        ("identifiant", "nom de famille", "actif"),
        ("id", "realname", "entities_id", "profiles_id"),
    ),
    lists=("data", "tickets"),
    statuses={
        **{"1": "new", "2": "open", "3": "open", "4": "waiting", "5": "done", "6": "done"},
        **{"new": "new", "processing (assigned)": "open", "processing (planned)": "open", "pending": "waiting"},
        **{"solved": "done", "closed": "done"},
        **{"nouveau": "new", "en cours (attribué)": "open", "en cours (planifié)": "open", "en attente": "waiting"},
        **{"résolu": "done", "clos": "done"},
        **{"neu": "new", "in bearbeitung (zugewiesen)": "open", "in bearbeitung (geplant)": "open"},
        **{"wartend": "waiting", "gelöst": "done", "geschlossen": "done"},
        **{"nuevo": "new", "en curso (asignada)": "open", "en curso (planificada)": "open", "en espera": "waiting"},
        **{"resuelto": "done", "resuelta": "done", "cerrado": "done"},
        **{"novo": "new", "em atendimento (atribuído)": "open", "em atendimento (planejado)": "open"},
        **{"pendente": "waiting", "solucionado": "done", "fechado": "done"},
    },
    priorities={
        **{"1": "low", "2": "low", "3": "medium", "4": "high", "5": "critical", "6": "critical"},
        **{"very low": "low", "low": "low", "medium": "medium", "high": "high", "very high": "critical"},
        **{"major": "critical", "majeure": "critical", "maximal": "critical", "mayor": "critical"},
        **{"très basse": "low", "basse": "low", "moyenne": "medium", "haute": "high", "très haute": "critical"},
        **{"schwerwiegend": "critical", "crítica": "critical", "principal": "critical"},
    },
)
