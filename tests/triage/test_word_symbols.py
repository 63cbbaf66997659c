"""What words stand for."""

from __future__ import annotations

import numpy as np
import pytest

from ticketopt.triage.phrases import phrase_tree
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import read_text
from ticketopt.triage.word_symbols import WordSymbols

TREE = phrase_tree(["print", "=teams", "^ad", "# users", "imprim*", "pri*", "treiber", "drucker"])
TOKENS = {number: token for token, number in [*TREE.words.items(), *((f"{p}*", n) for p, n in TREE.prefixes.items())]}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Printing printer", [["print", "pri*"], ["pri*"]]),
        ("Teams team", [["=teams"], []]),
        ("AD ad", [["^ad"], []]),
        ("12 twelve users x2", [["#"], ["#"], ["user"], []]),
        ("l'imprimante im", [["imprim*"], []]),
        ("der Druckertreiber", [["drucker", "treiber"]]),
        ("Druckertreiber", [[]]),  # nothing else looks German
    ],
)
def test_of(text: str, tokens: list[list[str]]) -> None:
    stream = stream_of([[read_text(text, "description")]])
    ids, counts, symbols = WordSymbols(TREE).of(stream)
    found = np.split(symbols, np.cumsum(counts)[:-1])
    assert [[TOKENS[n] for n in found[k].tolist()] for k in ids.tolist()] == tokens
