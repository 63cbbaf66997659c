"""Our own encoder: sums of word pieces."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ticketopt.triage.encoders.static import StaticEncoder, default_encoder, words_for

TEXTS = [
    "Cannot log in to my account",
    "Password reset mail never arrives",
    "The printer on floor 3 is jammed, again!",
    "Der Drucker im zweiten Stock geht nicht",
    "L'imprimante est bloquée",
    "",
    "ÉTÉ naïve ﬁle Straße",
    "三楼打印机卡纸",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return default_encoder()


class TestEncode:
    def test_what_means_alike_points_alike(self, encoder: StaticEncoder) -> None:
        log_in, reset, printer = encoder.encode(TEXTS[:3])
        assert log_in @ reset > log_in @ printer + 0.1

    def test_a_text_is_the_sum_of_its_words(self, encoder: StaticEncoder) -> None:
        for text, found in zip(TEXTS, encoder.encode(TEXTS), strict=True):
            total = encoder.word_vectors(words_for(text)).astype(np.float64).sum(axis=0)
            norm = np.sqrt((total * total).sum())
            assert (found == (total / (norm or 1)).astype(np.float32)).all()

    def test_case_unicode_form_and_order_of_words_change_no_byte(self, encoder: StaticEncoder) -> None:
        expected = encoder.encode(TEXTS)
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            assert (encoder.encode([unicodedata.normalize(form, text) for text in TEXTS]) == expected).all(), form
        assert (encoder.encode([" ".join(reversed(words_for(text))) for text in TEXTS]) == expected).all()
        assert (encoder.encode([text.upper() for text in TEXTS[1:3]]) == expected[1:3]).all()

    def test_threads_and_processes_agree(self, encoder: StaticEncoder) -> None:
        expected = encoder.encode(TEXTS).tobytes()
        with ThreadPoolExecutor(4) as pool:
            assert {found.tobytes() for found in pool.map(encoder.encode, [TEXTS] * 20)} == {expected}
        code = f"print(StaticEncoder().encode({TEXTS!r}).tobytes().hex())"
        code = f"from ticketopt.triage.encoders.static import StaticEncoder; {code}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected.hex()


class TestWords:
    def test_parts_are_exact(self, encoder: StaticEncoder) -> None:
        """Whole numbers, so that any grouping of the words gives the same sum."""
        words = words_for(" ".join(TEXTS))
        rows = encoder.word_vectors(words)
        assert rows.dtype == np.float32 and (rows == np.rint(rows)).all()
        assert (rows.sum(axis=0) == rows[::-1].sum(axis=0)).all()

    def test_known_words(self, encoder: StaticEncoder) -> None:
        words = ["printer", "Résumé", "x", "7", "三", "###", "", "the", "defenestrations"]
        assert encoder.known(words).tolist() == [True, True, *[False] * 7]

    @pytest.mark.parametrize(
        "text",
        [
            "Der Drucker im zweiten Stock geht seit heute Morgen nicht mehr, ich kann mich auch nicht anmelden",
            "La impresora del segundo piso no funciona desde esta mañana y no puedo iniciar sesión",
            "L'imprimante du deuxième étage ne marche plus depuis ce matin et je ne peux pas me connecter",
            "A impressora do segundo andar não funciona desde hoje de manhã e não consigo entrar",
        ],
    )
    def test_a_foreign_text_is_told_from_an_english_one(self, encoder: StaticEncoder, text: str) -> None:
        english = "The printer on the second floor has not worked since this morning and I cannot log in either"
        shares = [
            encoder.known([word for word in words_for(t) if encoder.word_vectors([word]).any()]).mean()
            for t in (english, text)
        ]
        assert shares[0] > 0.85 and shares[1] < 0.6

    def test_none(self, encoder: StaticEncoder) -> None:
        assert encoder.encode([]).shape == (0, encoder.dimension) == encoder.word_vectors([]).shape
        assert encoder.known([]).shape == (0,)
