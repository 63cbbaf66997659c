"""What the words for a status mean, whatever the helpdesk: English, German, French, Spanish, Portuguese, Italian."""

from collections.abc import Mapping

from ticketopt.intake.helpdesks.base import Stage

__all__ = ["ENDINGS", "STATUSES"]

_NEW = (
    *("new", "open", "opened", "reopened", "re opened", "reopen", "unassigned", "not assigned", "unresolved"),
    *("to do", "todo", "backlog", "not started", "created", "submitted", "received", "registered", "logged", "queued"),
    *("awaiting assignment", "waiting for assignment", "incoming", "triage", "untriaged", "needs triage", "draft"),
    *("neu", "offen", "eröffnet", "wieder geöffnet", "wiedereröffnet", "erneut geöffnet", "nicht zugewiesen"),
    *("zu erledigen", "nicht begonnen", "eingegangen", "erfasst"),
    *("nouveau", "nouvelle", "ouvert", "ouverte", "rouvert", "rouverte", "réouvert", "non assigné", "non attribué"),
    *("à faire", "a faire", "à traiter", "créé", "créée", "reçu"),
    *("nuevo", "nueva", "abierto", "abierta", "reabierto", "reabierta", "sin asignar", "por hacer"),
    *("pendiente por hacer", "tareas por hacer", "creado", "creada", "recibido"),
    *("novo", "nova", "aberto", "aberta", "reaberto", "reaberta", "não atribuído", "a fazer", "tarefas pendentes"),
    *("criado", "recebido"),
    *("nuovo", "nuova", "aperto", "aperta", "riaperto", "riaperta", "non assegnato", "da fare", "da completare"),
)

_OPEN = (
    *("in progress", "work in progress", "wip", "in work", "working", "working on it", "being worked on", "doing"),
    *("assigned", "allocated", "accepted", "acknowledged", "active", "started", "ongoing", "processing", "escalated"),
    *("in process", "in review", "under review", "under investigation", "investigating", "in development"),
    *(
        "in testing",
        "waiting for support",
        "awaiting agent",
        "answered",
        "in treatment",
        "indeterminate",
        "planned",
        "scheduled",
    ),
    *("in arbeit", "in bearbeitung", "in prüfung", "zugewiesen", "angenommen", "begonnen", "eskaliert", "geplant"),
    *("wird bearbeitet", "warten auf support"),
    *("en cours", "en cours de traitement", "en traitement", "assigné", "assignée", "attribué", "attribuée", "accepté"),
    *("en cours d'analyse", "en attente de support", "planifié", "en cours (attribué)", "en cours (planifié)"),
    *("en curso", "en progreso", "en proceso", "asignado", "asignada", "aceptado", "escalado", "planificado"),
    *("en tratamiento", "esperando al soporte", "en curso (asignada)", "en curso (planificada)"),
    *("em andamento", "em progresso", "em atendimento", "em processo", "atribuído", "atribuída", "aceito"),
    *("em análise", "em curso", "aguardando o suporte", "em andamento (atribuído)", "em andamento (planejado)"),
    *("processando (atribuído)", "processando (planejado)"),
    *("in corso", "in lavorazione", "in elaborazione", "assegnato", "assegnata", "accettato", "in carico"),
)

_WAITING = (
    *("pending", "on hold", "onhold", "hold", "waiting", "awaiting", "suspended", "paused", "blocked", "deferred"),
    *("postponed", "snoozed", "stalled", "parked", "feedback", "needs info", "need more info", "needs information"),
    *("pending reminder", "pending close", "pending auto close", "pending auto close+"),
    *("waiting for customer", "waiting on customer", "awaiting customer", "pending customer", "customer pending"),
    *("waiting for user", "waiting for user info", "awaiting user info", "pending user", "awaiting user"),
    *("awaiting reply", "awaiting response", "awaiting customer reply", "awaiting your reply", "pending response"),
    *("waiting for third party", "waiting on third party", "waiting for vendor", "awaiting vendor", "pending vendor"),
    *("awaiting evidence", "awaiting problem", "awaiting change", "pending change", "waiting for approval"),
    *("awaiting approval", "pending approval", "approval", "requested", "awaiting caller", "waiting for info"),
    *("wartend", "warten", "wartet", "ausstehend", "angehalten", "zurückgestellt", "pausiert", "blockiert"),
    *("warten auf kunden", "warten auf kunde", "wartet auf kunde", "warten auf rückmeldung", "warten auf dritte"),
    *("warten zur erinnerung", "warten auf erinnerung", "warten auf erfolgreich schliessen", "rückfrage"),
    *("warten auf genehmigung", "warten auf erfolglos schliessen"),
    *("en attente", "en suspens", "suspendu", "suspendue", "bloqué", "reporté", "en attente du client", "en pause"),
    *("en attente client", "en attente de client", "en attente de réponse", "en attente de tiers", "commentaire"),
    *("en attente d'approbation", "en attente de validation"),
    *("pendiente", "en espera", "suspendido", "bloqueado", "aplazado", "esperando al cliente", "esperando respuesta"),
    *("en espera del cliente", "esperando cliente", "pendiente de cliente", "esperando aprobación"),
    *("pendente", "em espera", "suspenso", "aguardando", "aguardando cliente", "aguardando o cliente", "adiado"),
    *("aguardando resposta", "aguardando pelo cliente", "aguardando aprovação", "aguardando terceiros"),
    *("in attesa", "in sospeso", "sospeso", "bloccato", "rinviato", "in attesa del cliente", "in attesa di risposta"),
)

_DONE = (
    *("done", "solved", "resolved", "closed", "complete", "completed", "finished", "fixed", "implemented", "released"),
    *("canceled", "cancelled", "rejected", "declined", "denied", "withdrawn", "abandoned", "aborted", "expired"),
    *("duplicate", "duplicated", "spam", "merged", "deleted", "removed", "archived", "trash", "junk", "obsolete"),
    *("won't fix", "wontfix", "won't do", "wont do", "not planned", "invalid", "cannot reproduce", "not a bug"),
    *("closed successful", "closed unsuccessful", "closed with workaround", "closed complete", "closed incomplete"),
    *("closed skipped", "closed resolved", "auto closed", "verified", "delivered"),
    *("erledigt", "gelöst", "geschlossen", "abgeschlossen", "fertig", "beendet", "behoben", "abgebrochen", "storniert"),
    *("abgelehnt", "zurückgewiesen", "zurückgezogen", "duplikat", "zusammengeführt", "zusammengefasst", "gelöscht"),
    *("entfernt", "archiviert", "erfolgreich geschlossen", "erfolglos geschlossen"),
    *("résolu", "résolue", "clos", "close", "clôturé", "clôturée", "fermé", "fermée", "terminé", "terminée"),
    *("terminé(e)", "annulé", "annulée", "rejeté", "rejetée", "refusé", "doublon", "fusionné", "supprimé", "archivé"),
    *("traité", "fini", "livré", "indésirable"),
    *("resuelto", "resuelta", "solucionado", "solucionada", "cerrado", "cerrada", "terminado", "terminada"),
    *("finalizado", "finalizada", "completado", "hecho", "listo", "cancelado", "cancelada", "anulado", "rechazado"),
    *("rechazada", "duplicado", "fusionado", "combinado", "eliminado", "eliminada", "borrado", "archivado"),
    *("resolvido", "resolvida", "fechado", "fechada", "concluído", "concluída", "encerrado"),
    *("encerrada", "itens concluídos", "feito", "pronto", "rejeitado", "recusado"),
    *("mesclado", "excluído", "apagado", "arquivado", "concluído(a)"),
    *("risolto", "risolta", "chiuso", "chiusa", "completato", "completata", "concluso", "fatto", "annullato"),
    *("annullata", "rifiutato", "respinto", "duplicato", "unito", "eliminato", "cancellato", "archiviato"),
)

STATUSES: Mapping[str, Stage] = {
    **dict.fromkeys(_NEW, "new"),
    **dict.fromkeys(_OPEN, "open"),
    **dict.fromkeys(_WAITING, "waiting"),
    **dict.fromkeys(_DONE, "done"),
    **{"1 new": "new", "2 in progress": "open", "3 on hold": "waiting"},
    **{"6 resolved": "done", "7 closed": "done", "8 canceled": "done"},
}
"""A word for a status, as `spelled` has it -> where the ticket is; what a helpdesk says itself comes before it.

An open ticket is to be assigned unless its row names an agent, so `open` alone is `new`.
"""

ENDINGS: Mapping[str, str] = {
    **dict.fromkeys(("solved", "resolved", "done", "fixed", "complete", "completed", "closed resolved"), "solved"),
    **dict.fromkeys(("closed successful", "closed complete", "closed with workaround", "implemented"), "solved"),
    **dict.fromkeys(("gelöst", "erledigt", "behoben", "erfolgreich geschlossen", "fertig"), "solved"),
    **dict.fromkeys(("résolu", "résolue", "traité", "resuelto", "resuelta", "solucionado", "solucionada"), "solved"),
    **dict.fromkeys(("resolvido", "resolvida", "concluído", "concluída", "risolto", "risolta"), "solved"),
    **dict.fromkeys(("deleted", "removed", "trash", "gelöscht", "entfernt", "supprimé", "eliminado"), "deleted"),
    **dict.fromkeys(("eliminada", "borrado", "excluído", "apagado", "eliminato", "cancellato"), "deleted"),
    **dict.fromkeys(("spam", "junk", "indésirable"), "spam"),
    **dict.fromkeys(("merged", "zusammengeführt", "zusammengefasst", "fusionné", "fusionado"), "merged"),
    **dict.fromkeys(("combinado", "mesclado", "unito"), "merged"),
}
"""A word for a status that is `done` -> how the ticket ended; of every other one it was closed."""
