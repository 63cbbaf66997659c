"""Headings as people write them, in their languages and with their notes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ticketopt.intake.files import read_queue
from ticketopt.intake.helpdesks.plain import PLAIN
from ticketopt.intake.mapping import columns_of, names_of
from ticketopt.intake.read import Sheet
from ticketopt.problem.records import TICKET_FIELDS
from ticketopt.problem.report import Report

HEADINGS = {
    "ticket_id": """
        ticket_id | Ticket ID | TICKET-ID | ticketId | Ticket # | # | Ticket No. | Ticket Number | id | ID | Key | Case
        Case Number | Request ID | Incident | Issue key | Ref | Reference | Ticket ID * | Ticket ID: | [Ticket ID]
        ID (ticket) | Ticket-ID (eindeutig) | ticket.id | Ticketnummer | Ticket-Nr. | Nummer | Vorgangsnummer
        Numéro | N° | Nº | N° de ticket | Número | ID de ticket | Número do chamado | ID do ticket
        Numero | Numer zgłoszenia | 番号 | チケットID | “ticket_id”
    """,
    "title": """
        title | Title | Subject | SUMMARY | Short description | Betreff | Titel | Thema | Objet | Titre | Asunto
        Título | Assunto | Oggetto | Titolo | Onderwerp | Temat | Tytuł | 件名 | タイトル
    """,
    "description": """
        description | Details | Body | Message | Beschreibung | Inhalt | Descripción | Descrição | Descrizione
        Omschrijving | Opis | 説明
    """,
    "priority": """
        priority | Priority | Severity | Prio | Priorität | PRIORITÄT | Dringlichkeit | Priorité | Urgence | Prioridad
        Prioridade | Priorità | Prioriteit | Priorytet | 優先度 | Priority level
    """,
    "creation_timestamp": """
        creation_timestamp | Created | Created At | createdAt | Created time | Date Created | Opened | Submitted on
        Created (UTC) | Created [Europe/Berlin] | Erstellt am | Erstellungsdatum | Eingang | Date de création
        Fecha de creación | Data de criação | Data di creazione | Aangemaakt op | Data utworzenia
        作成日時
    """,
    "due": """
        due | Due Date | due_by | Deadline | SLA due | Due by Time | Due (UTC) | Due Date [local] | Fällig am
        Fälligkeitsdatum | Frist | Date d'échéance | Fecha de vencimiento | Fecha límite
        Data de vencimento | Prazo | Scadenza | Vervaldatum | 期限
    """,
    "status": """
        status | Status | State | Ticket State | Current Status | Stage | Zustand | Statut | État | Estado
        Situação | Stato | ステータス
    """,
    "assignee": """
        assignee | Assigned To | Agent | Owner | Technician | Bearbeiter | Zugewiesen an | Technicien
        Asignado a | Responsável | Assegnato a | Behandelaar | Przypisany do | 担当者
    """,
    "customer": "customer | Requester | Client | Reporter | Kunde | Demandeur | Cliente | Klant | 依頼者",
    "group": "group | Queue | Support group | Gruppe | Groupe | Grupo | Gruppo | Afdeling",
    "language": "language | Lang | Sprache | Langue | Idioma | Lingua | Taal",
}  # fmt: skip
"""A field -> headings that mean it."""

CELLS = [
    (text.strip(), field)
    for field, table in HEADINGS.items()
    for text in table.replace("\n", " | ").split(" | ")
    if text.strip()
]


def fields_of(*headings: str) -> dict[str, int]:
    sheet = Sheet("t.csv", headings, tuple(["1"] for _ in headings), lambda k: f"t.csv row {k + 1}")
    names = names_of(PLAIN.tickets, PLAIN.tickets, TICKET_FIELDS, is_plain=True)
    return columns_of(sheet, names, {}, Report())[0]


@pytest.mark.parametrize(("heading", "field"), CELLS, ids=ascii)
def test_a_heading_means(heading: str, field: str) -> None:
    assert fields_of(heading) == {field: 0}
    assert fields_of(unicodedata.normalize("NFD", heading).upper()) == {field: 0}
    assert fields_of(f"\ufeff {heading}\u00a0") == {field: 0}


NOT_FIELDS = ["Effort (min)", "Effort (hours)", "Notes", "Updated at", "Closed by", "", "Unnamed: 3"]


@pytest.mark.parametrize("heading", NOT_FIELDS)
def test_a_heading_means_nothing(heading: str) -> None:
    assert fields_of(heading) == {}


def test_a_heading_without_a_note_comes_before_one_with_it() -> None:
    assert fields_of("Priority (old)", "Priority", "ID (external)", "id") == {"priority": 1, "ticket_id": 3}


TWICE: list[tuple[str, str | None]] = [
    ("ticket_id,title,title\n1,a,\n", "a"),
    ("ticket_id,title,title\n1,-,a\n", "a"),
    ("ticket_id,title,title\n1,a,a\n", "a"),
    ("ticket_id,title,Labels,Labels,,\n1,a,x,y,,\n", "a"),
    ("ticket_id,,title,\n1,,a,\n", "a"),
    ("ticket_id,title,title\n1,a,b\n", None),
    ("ticket_id,title,Title\n1,a,b\n", None),
]


@pytest.mark.parametrize(("text", "title"), TWICE)
def test_a_heading_twice_matters_where_it_is_read_and_differs(tmp_path: Path, text: str, title: str | None) -> None:
    (tmp_path / "t.csv").write_text(text)
    (tmp_path / "a.csv").write_text("agent_id\n")
    try:
        found = read_queue(tmp_path / "t.csv", agents=tmp_path / "a.csv").tickets[0].title
    except ValueError as error:
        assert title is None and "itle' twice" in str(error)
    else:
        assert found == title
