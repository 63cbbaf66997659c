"""Rich text as plain text."""

from __future__ import annotations

import time

import pytest

from ticketopt.intake.plain_text import text_of_document, text_of_html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("plain, 3 < 4 and a > b & c", "plain, 3 < 4 and a > b & c"),
        ("the <VPN> of <host.local> drops", "the <VPN> of <host.local> drops"),
        ("<div>twice</div>", "twice"),
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ('<div class="urgent critical-outage"><style>.critical{}</style>Toner, next month is fine.</div>',
         "Toner, next month is fine."),
        ("<script>alert('urgent')</script><b>hello</b>", "hello"),
        ("<head><title>x</title></head><body>y</body>", "y"),
        ("<!-- urgent --><i>calm</i>", "calm"),
        ("R&amp;D &lt;b&gt; &#8364;5&nbsp;now", "R&D <b> €5\u00a0now"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<div>cut off <b", "cut off"),
        ("<div>a<br/>b</div>", "a\nb"),
        ("<style>never closed", ""),
        ("<div>" * 3000 + "x", "x"),
        ("GR\u00dcN <span style='color:red'>rot</span>", "GR\u00dcN rot"),
    ],
)  # fmt: skip
def test_words_of_html(html, words):
    assert text_of_html(html) == words


@pytest.mark.parametrize("part", ["<", "<div", "<div a=", "<!--", "&", "<div><!", "<a href='", "</", "<p>&#"])
def test_hostile_html_takes_no_time(part):
    began = time.process_time()
    text_of_html("<p>" + part * (300_000 // len(part)))
    assert time.process_time() - began < 5


def test_words_of_a_document():
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "VPN"}, {"type": "text", "text": " drops"}]}
    assert text_of_document({"type": "doc", "content": [paragraph, paragraph]}) == "VPN drops\nVPN drops"
    assert text_of_document({"type": "doc", "content": "x"}) == ""
    deep = {"type": "text", "text": "x"}
    for _ in range(5000):
        deep = {"type": "doc", "content": [deep]}
    assert text_of_document(deep) == ""
