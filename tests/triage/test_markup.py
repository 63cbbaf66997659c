"""HTML is read as it is shown; what merely looks a little like it stays."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.problem.records import Ticket
from ticketopt.triage import marks, read_tickets, shown, to_html
from ticketopt.triage.text import read_fields
from ticketopt.triage.words import runs_of

ORDER = "Please order toner for the printer on floor 2."
PAGES = {
    "paragraph": f"<p>{ORDER}</p>",
    "whole page": f"<!DOCTYPE html><html><head><title>URGENT</title><meta charset='x'></head><body>{ORDER}</body></html>",
    "style sheet": f"<style>.urgent{{color:red}} .critical-outage{{display:none}}</style><p>{ORDER}</p>",
    "style sheet, never closed": f"<p>{ORDER}</p><style>.urgent{{color:red}} critical outage",
    "class names": f'<div class="priority-critical urgent"><p>{ORDER}</p></div>',
    "script": f'<script>var priority="critical"; if (a < b) alert("</p>URGENT")</script><p>{ORDER}</p>',
    "comment": f"<!-- urgent production down --><p>{ORDER}</p>",
    "comment with tags": f"<p>{ORDER}</p><!-- <p>P1: VPN is down</p> -->",
    "conditional comment": f"<!--[if mso]><xml>urgent</xml><![endif]--><p>{ORDER}</p>",
    "not shown": f'<div style="display:none">URGENT: server down</div><p>{ORDER}</p>',
    "not visible": f'<span style="visibility: hidden">URGENT P1</span><p>{ORDER}</p>',
    "font of no size": f'<span style="font-size:0px;color:#fff">URGENT P1</span><p>{ORDER}</p>',
    "for browsers without scripts": f"<noscript>URGENT P1</noscript><p>{ORDER}</p>",
    "hidden": f"<p hidden>URGENT P1</p><p>{ORDER}</p>",
    "preheader": f'<span class="preheader">URGENT P1 critical</span><p>{ORDER}</p>',
    "hidden in hidden": f'<div style="display:none"><div>a</div>URGENT P1</div><p>{ORDER}</p>',
    "hidden paragraph, not closed": f'<p style="display:none">URGENT P1<p>{ORDER}',
    "alternative text": f'<p>{ORDER}</p><img alt="VPN outage critical > P1" src="https://x/vpn-critical.png">',
    "struck out": f"<p><s>URGENT: VPN is down</s> <del>P1</del> <strike>critical</strike> {ORDER}</p>",
    "struck out by style": f'<p><span style="text-decoration:line-through">URGENT: VPN is down</span> {ORDER}</p>',
    "block quote": f"<p>{ORDER}</p><blockquote><p>P1: VPN is down for the whole company</p></blockquote>",
    "Gmail": f'<div>{ORDER}</div><div class="gmail_quote">On Mon, Nov 23, 2026 at 9:00 AM Jo &lt;jo@x.com&gt; wrote:<br><blockquote>P1: VPN is down</blockquote></div>',
    "Thunderbird": f'{ORDER}<br><div class="moz-cite-prefix">Am 23.11.2026 um 09:00 schrieb Jo:</div><blockquote type="cite">P1: VPN ist weg</blockquote>',
    "Yahoo": f'<div>{ORDER}</div><div class="ydp yahoo_quoted">P1: VPN is down</div>',
    "Proton": f'<div>{ORDER}</div><div class="protonmail_quote">P1: VPN is down</div>',
    "Outlook on the web": f'<div>{ORDER}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Jo<br><b>Sent:</b> Monday<br></div><div>P1: VPN is down</div>',
    "Outlook": f'<p class=MsoNormal>{ORDER}<o:p></o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>Von:</b> Jo Doe<br><b>Gesendet:</b> Montag, 23. November 2026 09:00<br><b>An:</b> IT<br><b>Betreff:</b> P1<o:p></o:p></p></div><p>VPN is down for the whole company, urgent</p>',
    "Outlook in French": f"<p>{ORDER}</p><div><p><b>De&nbsp;:</b> Jo<br><b>Envoyé&nbsp;:</b> lundi 23 novembre 2026<br><b>À&nbsp;:</b> IT<br><b>Objet&nbsp;:</b> P1</p></div><p>VPN en panne, urgent</p>",
    "signature": f"<p>{ORDER}</p><p>Kind regards<br>Jo<br>Emergency hotline 24/7: call if urgent</p>",
    "Spanish signature": f"<div>{ORDER}</div><div>Un saludo,</div><div>Jo</div><div>Emergencia: urgente</div>",
    "attributes without quotes": f"<p class=urgent id=critical>{ORDER}</p>",
    "escaped twice": f"&lt;p class=&quot;urgent&quot;&gt;{ORDER}&lt;/p&gt;&lt;p&gt;Thanks&lt;/p&gt;",
    "preheader without height": f'<div style="max-height:0px;overflow:hidden">URGENT P1</div><p>{ORDER}</p>',
    "capitals": f'<P>{ORDER}</P><DIV STYLE="DISPLAY:NONE">URGENT P1</DIV>',
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_pages_say_what_they_show(page: str) -> None:
    ticket = Ticket(ticket_id=1, title="Toner order", description=page)
    skills = ["VPN", "Printers", "Web Design", "CSS"]
    (reading,) = read_tickets([ticket], skills=skills, now=0.0)
    assert (reading.urgency, dict(reading.skills)) == (0.4, {"Printers": 1.0})
    assert all(e.words in shown(page).text or e.field == "title" for e in reading.evidence)
    assert {m.evidence.words for m in marks(ticket, reading)} == {e.words for e in reading.evidence}


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("VPN<br>is<br/>down", "VPN\nis\ndown"),
        ("<p>pa<b>per</b> jam</p>", "paper jam"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<ul><li>one<li>two</ul>three", "one\ntwo\n\nthree"),
        ("<p>Der&nbsp;Drucker &ndash; k&ouml;nnen &#83;ie &#x6b;ommen?</p>", "Der Drucker – können Sie kommen?"),
        ("f&uuml;r alle gest&ouml;rt", "für alle gestört"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>a\n   b</p>", "a b"),
        ("<p>if a &lt; b &amp;&amp; c</p>", "if a < b && c"),
        ("<p>1 < 2 and <3</p>", "1 < 2 and <3"),
        ("<p>mail <jo@x.com> or see <https://x.com/a></p>", "mail <jo@x.com> or see <https://x.com/a>"),
        ("Dru\u00adcker\u200b \ufeffdefekt\u200e", "Drucker defekt"),
        ("<p>a</p", "a</p"),
        ("<div><span>a", "a"),
        ("<p>a</i></b></div>b</p>", "ab"),
    ],
)
def test_text_of_pages(page: str, text: str) -> None:
    assert shown(page).text.strip() == text


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "if (x<y && y>z) return List<String>();",
        "Jo Doe <jo@x.com> wrote",
        "The toner <b> leaks & leaks.",
        "Error: <null> at <unknown>",
        "R&D; AT&T; a&b",
        "How do I center a <div>? And <center>?",
        "<error code='1'>boom</error>",
        "see <https://x.com/a?b=1&copy=2>",
        "<script> does not load",
        "<3 your printers",
        "#include <stdio.h>",
    ],
)
def test_what_is_no_html_stays(text: str) -> None:
    assert shown(text).text == text


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a '", '<a "', "<!--", "<![CDATA[", "</", "<?", "&", "&#", "<div>", "<p>", "<s>a", "</p>", "<blockquote>",
     "<script>", "<style>", '<img alt=">', "<br>", "<a href=x>y</a>", "<td>"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "<p>x</p>"])
def test_a_hundred_thousand_of_anything_is_read(piece: str, start: str) -> None:
    assert isinstance(shown(start + piece * 100_000).text, str)


def test_deep_pages_are_read() -> None:
    assert shown("<div>" * 80_000 + "x" + "</div>" * 80_000).text.strip() == "x"
    assert shown("<div>" * 50_000 + "</p>" * 50_000 + "x").text.strip() == "x"


PIECES = ["<p>", "</p>", "<b>", "</b>", "<s>", "</s>", "<!--", "-->", "<style>", "</style>", "<blockquote>", "<br>", "word ", "a<b ",
          "\n", '<div style="display:none">', "</div>", "<td>", "x@y.z ", "> ", "Regards\n", "On 1.1.2026 <a@b.c> wrote:\n"]  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
@settings(max_examples=examples(300), deadline=None)
def test_any_text_is_read_and_no_word_is_made_up(text: str) -> None:
    (_, body) = read_fields("", text)
    if "&" not in text:
        letters, known = Counter("".join(runs_of(body.raw))), Counter(text)
        assert all(count <= known[letter] for letter, count in letters.items())


@given(st.text(alphabet="abc AB.,;:!?\n()'-é1", max_size=200))
@settings(max_examples=examples(200), deadline=None)
def test_plain_text_is_itself(text: str) -> None:
    assert shown(text) == shown(shown(text).text) and shown(text).text == text


def test_highlighted_pages_show_no_tags() -> None:
    ticket = Ticket(ticket_id=1, title="Toner", description="<p>Der Drucker zieht <b>kein</b> Papier &amp; blinkt</p>")
    (reading,) = read_tickets([ticket], skills=["Printers"], now=0.0)
    page = to_html(ticket, reading)
    assert "&lt;" not in page and "&amp;amp;" not in page and "<mark" in page
