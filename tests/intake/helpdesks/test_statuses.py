"""Words for a status in many languages and spellings."""

from __future__ import annotations

import pytest

from ticketopt.intake.tickets import stage_of

STAGES = {
    "done": """
        Closed | CLOSED | closed. | Done! | ✅ Done | Closed (Fixed) | Closed - Resolved | Solved/Closed | 6 - Resolved
        Geschlossen | Erledigt | Fermé | Résolu | Cerrado | Resuelto | Fechado | Chiuso | Gesloten | Opgelost
        Zamknięte | Rozwiązane | 解決済み | 完了 | クローズ | Won't fix | Spam | Merged
    """,
    "waiting": "On Hold | Pending | Wartend | En attente | Pendiente | In attesa | Wacht op klant | Oczekujące | 保留",
    "open": "In Progress | 2 - In Progress | In Bearbeitung | En cours | W toku | In behandeling | 対応中",
    "new": "New | Open | Offen | Neu | Nouveau | Abierto | Aberto | Aperto | Nieuw | Nowe | 新規 | Unresolved",
    "": """
        Not closed | To be closed | Closed pending confirmation | Resolved - awaiting confirmation | Pending closure
        nicht gelöst | not resolved | Open/Closed | 3 | yes | Ready to close
    """,
}  # fmt: skip

WORDS = [
    (word.strip(), stage)
    for stage, table in STAGES.items()
    for word in table.replace("\n", " | ").split(" | ")
    if word.strip()
]


@pytest.mark.parametrize(("word", "stage"), WORDS, ids=ascii)
def test_a_status_means(word: str, stage: str) -> None:
    assert stage_of(word, {}) == (stage or None)
