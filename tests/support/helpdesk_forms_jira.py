"""The CSV that Jira writes, in its languages: the headings, the words and the months are those of whoever exports."""

from __future__ import annotations

from collections.abc import Mapping

from support.helpdesk_forms import Form, columns

__all__ = ["JIRA_FORMS"]

_JIRA_COLUMNS = """
    {Summary}=title; {Issue key}=id; {Issue id}=number; {Issue Type}='Task; {Status}=status; {Project key}='SUP;
    {Project name}='Support; {Project lead}='Boss; {Priority}=priority; {Resolution}; {Assignee}=agent;
    {Reporter}=customer; {Created}=created; {Updated}=updated; {Resolved}=done; {Due date}=due; {Votes}='0;
    {Labels}=tag1; {Labels}=tag2; {Description}=text; {Environment}; {Time Spent}=count;
    {Custom field} (Request Type)='Get IT help; {Custom field} (Time to resolution)='-26:30;
    {Custom field} (Rank)='0|i0000f:; {Comment}='05/Feb/24 9:12 AM,u1,Any news?; {Comment}
"""
_ENGLISH = (
    "Summary, Issue key, Issue id, Issue Type, Status, Project key, Project name, Project lead, Priority, Resolution,"
    "Assignee, Reporter, Created, Updated, Resolved, Due date, Votes, Labels, Description, Environment, Time Spent,"
    "Custom field, Comment"
)


def _jira(words: str) -> tuple[tuple[str, str], ...]:
    names = zip(_ENGLISH.split(","), words.split(","), strict=True)
    return columns(_JIRA_COLUMNS.format_map({english.strip(): other.strip() for english, other in names}))


_JIRA = Form(
    columns=_jira(_ENGLISH),
    statuses=[*[("To Do", "new"), ("Waiting for support", "new"), ("In Progress", "open"), ("Done", "done")],
              *[("Waiting for customer", "waiting"), ("Resolved", "done"), ("Canceled", "done")]],
    priorities=[("Lowest", "low"), ("Low", "low"), ("Medium", "medium"), ("High", "high"), ("Highest", "critical")],
    dates="%d/%b/%y %I:%M %p",
    ids="SUP-{}",
    written_ids="SUP-{}",
    encoding="utf-8-sig",
    newline="\n",
)  # fmt: skip


def _jira_in(language: str, words: str, statuses: str, priorities: str) -> Form:
    stages, levels = ("new", "open", "done"), ("low", "low", "medium", "high", "critical")
    return Form(
        columns=_jira(words),
        statuses=list(zip((word.strip() for word in statuses.split(",")), stages, strict=True)),
        priorities=list(zip((word.strip() for word in priorities.split(",")), levels, strict=True)),
        **{"dates": _JIRA.dates, "ids": _JIRA.ids, "written_ids": _JIRA.ids, "delimiter": ";", "language": language},
    )


_JIRA_DE = _jira_in(
    "de",
    "Zusammenfassung, Vorgangsschlüssel, Vorgangs-ID, Vorgangstyp, Status, Projektschlüssel, Projektname,"
    "Projektleiter, Priorität, Lösung, Zugewiesene Person, Autor, Erstellt, Aktualisiert, Erledigt,"
    "Fälligkeitsdatum, Stimmen, Stichwörter, Beschreibung, Umgebung, Benötigte Zeit, Benutzerdefiniertes Feld,"
    "Kommentar",
    "Zu erledigen, In Arbeit, Fertig",
    "Lowest, Niedrig, Mittel, Hoch, Höchste",
)
_JIRA_FR = _jira_in(
    "fr",
    "Résumé, Clé de ticket, ID de ticket, Type de ticket, État, Clé de projet, Nom du projet, Chef de projet,"
    "Priorité, Résolution, Personne assignée, Rapporteur, Création, Mise à jour, Résolu(e), Date d'échéance, Votes,"
    "Étiquettes, Description, Environnement, Temps consacré, Champs personnalisés, Commentaire",
    "À faire, En cours, Terminé(e)",
    "Lowest, Basse, Moyenne, Haute, Highest",
)
_JIRA_ES = _jira_in(
    "es",
    "Resumen, Clave de incidencia, ID de la incidencia, Tipo de Incidencia, Estado, Clave del proyecto,"
    "Nombre del proyecto, Responsable del proyecto, Prioridad, Resolución, Persona asignada, Informador, Creada,"
    "Actualizada, Resuelta, Fecha de vencimiento, Votos, Etiquetas, Descripción, Entorno, Tiempo Trabajado,"
    "Campo personalizado, Comentario",
    "Tareas por hacer, En curso, Finalizada",
    "Lowest, Baja, Media, Alta, Highest",
)
_JIRA_PT = _jira_in(
    "pt",
    "Resumo, Chave da item, ID da item, Tipo de item, Status, Chave do projeto, Nome do projeto, Líder do projeto,"
    "Prioridade, Resolução, Responsável, Relator, Criado, Atualizado(a), Resolvido, Data limite, Votos, Categorias,"
    "Descrição, Ambiente, Tempo gasto, Campo personalizado, Comentar",
    "Tarefas pendentes, Em andamento, Itens concluídos",
    "Lowest, Baixa, Média, Alta, Highest",
)

JIRA_FORMS: Mapping[str, Form] = {
    **{"csv": _JIRA, "csv de": _JIRA_DE, "csv fr": _JIRA_FR, "csv es": _JIRA_ES, "csv pt": _JIRA_PT},
}
