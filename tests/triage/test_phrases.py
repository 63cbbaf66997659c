"""Words, texts and phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketopt.triage.phrase_table import PhraseTable
from ticketopt.triage.phrases import phrase_tree
from ticketopt.triage.stream import stream_of
from ticketopt.triage.text import read_text
from ticketopt.triage.words import stem


@pytest.mark.parametrize(
    "words",
    ["print prints printed printing", "invoice invoices invoicing", "authorise authorized authorising",
    "ship shipped shipping",
     "cancel cancelled canceling", "policy policies", "user users user's", "box boxes", "café Cafe cafés"],
)  # fmt: skip
def test_inflections_share_a_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words", ["printer print", "evening even", "marketing market", "parking park", "theme them", "listings list"]
)
def test_other_things_do_not(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 2


def found(phrase: str, text: str) -> list[list[str]]:
    read = read_text(text, "description")
    stream = stream_of([[read]])
    [hits] = PhraseTable(phrase_tree([phrase])).find(stream).by_text(stream)
    return [[read.passage(*span) for span in spans] for _, spans in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("paper jam", "Paper jams and a paper jam", [["Paper jams"], ["paper jam"]]),
        ("reset password", "Reset my password", [["Reset my password"]]),
        ("paper jam", "the paper. Jam is red", []),
        ("^ad", "AD or ad", [["AD"]]),
        ("=teams", "Teams, not team", [["Teams"]]),
        ("imprim*", "l'imprimante imprime", [["l'imprimante"], ["imprime"]]),
        ("# users", "12 users and twelve users", [["12 users"], ["twelve users"]]),
        ("sheet|page ~ jam|stuck", "Every page gets stuck", [["page", "stuck"]]),
        ("sheet|page ~ jam|stuck", "The page is long. It got stuck.", []),
        ("ci/cd", "our CI/CD", [["CI/CD"]]),
        ("ci/cd", "a ci cd", []),
        ("tcp/ip", "TCP/IP, tcp ip, ip/tcp", [["TCP/IP"]]),
        ("i/o", "I/O, or I o", [["I/O"]]),
        ("a/b test", "A/B tests, a b test, a test", [["A/B tests"]]),
        ("/login", "login, logout/login, see /login, https://x.com/login", [["login"], ["login"]]),
        ("/v1/charges", "GET x.com/v1/charges, v1 charges", [["v1/charges"]]),
        ("^it", "IT IS DEAD", []),
        ("^it", "IT is dead", [["IT"]]),
        ("!go", "Our Go build and our GO build. Go to the page and go on", [["Go"], ["GO"]]),
        ("!it", "the Title It fits. It fits IT", [["IT"]]),
        ("!teams", "Teams hangs. All teams and Teams", [["Teams"], ["Teams"]]),
        ("!other", "Other people. Put it under Other", [["Other"]]),
        ("!other", "other", [["other"]]),
        ("!go", "Where To Go Next", []),
        ("c#", "C# and C", [["C#"]]),
        ("drucker", "Der Druckertreiber ist alt", [["Druckertreiber"]]),
        ("drucker", "Druckertreiber", []),
    ],
)
def test_phrases(phrase: str, text: str, words: list[list[str]]) -> None:
    assert found(phrase, text) == words


@given(st.text())
def test_words_stand_where_the_text_says(raw: str) -> None:
    text = read_text(raw, "description")
    assert [text.raw[a:b] for a, b in zip(text.starts, text.ends, strict=True)] == text.words
    assert text.starts == sorted(text.starts)
    assert all(0 <= weight <= 1.15 for weight in text.weights)
    assert len({len(x) for x in (text.words, text.sentences, text.clauses, text.weights, text.after_determiner)}) == 1
