"""The texts that our table learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketopt.triage.encoders.texts import WORDNET_FILES, lexicon_texts, made_up_tickets, plain_phrases, wordnet_texts
from ticketopt.triage.lexicon import Concept, Lexicon, Sign

LEXICON = Lexicon(
    concepts=(
        Concept("printing", names=("printing",), sure=("paper jam", "sheet|page ~ stuck"), words=("toner", "imprim*")),
        Concept("access", names=("access",), sure=("^sso", "=teams login", "reset password"), hints=("locked out",)),
    ),
    signs=(Sign("many", phrases=("# users",)),),
)


class TestPlainPhrases:
    @pytest.mark.parametrize(
        ("phrase", "expected"),
        [
            ("paper jam", ["paper jam"]),
            ("sheet|page ~ jam|stuck", ["sheet jam", "page stuck"]),
            ("sheet|page|toner ~ jam|stuck", ["sheet jam", "page stuck", "toner jam"]),
            ("=teams", ["teams"]),
            ("# users", ["users"]),
            ("imprim*", []),
        ],
    )
    def test_each_alternative_once(self, phrase: str, expected: list[str]) -> None:
        assert list(plain_phrases(phrase)) == expected


class TestLexiconTexts:
    def test_every_phrase_once(self) -> None:
        assert lexicon_texts(LEXICON) == [
            "printing", "paper jam", "sheet stuck", "page stuck", "toner",
            "access", "sso", "teams login", "reset password", "locked out", "users",
        ]  # fmt: skip


class TestMadeUpTickets:
    def test_are_phrases_of_the_lexicon_and_the_same_for_a_seed(self) -> None:
        texts = made_up_tickets(LEXICON, 40, seed=3)
        assert texts == made_up_tickets(LEXICON, 40, seed=3) != made_up_tickets(LEXICON, 40, seed=4)
        assert len(texts) == 40
        phrases = set(lexicon_texts(LEXICON))
        assert all(2 <= len(text.split(". ")) <= 4 and set(text.split(". ")) <= phrases for text in texts)


class TestWordnetTexts:
    def test_examples(self, tmp_path: Path) -> None:
        for name in WORDNET_FILES:
            (tmp_path / name).write_text("  1 This software and database ...\n")
        (tmp_path / "data.noun").write_text(
            '00001 06 n 02 paper_jam 0 jam 1 001 @ 00002 n 0000 | sheets that stick; "a jam in the printer"; "jam"  \n'
            '00002 05 n 01 dog 0 000 | an animal; "the dog barks"  \n'
            '00003 18 n 01 Ada_Lovelace 0 001 @i 00002 n 0000 | a mathematician; "Ada wrote"  \n'
        )
        (tmp_path / "data.adj").write_text('00004 00 a 01 stuck(p) 0 000 | unmoving; "it is stuck"; "he got stuck"  \n')
        assert wordnet_texts(tmp_path) == ["a jam in the printer", "it is stuck", "he got stuck"]
