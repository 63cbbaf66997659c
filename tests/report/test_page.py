"""The page for a team lead, and notebook tables: complete, escaped, self-contained, in words people use."""

from __future__ import annotations

import html.parser
import json
import re
import zoneinfo
from html import unescape
from importlib.resources import files

import numpy as np
import pytest
from click.testing import CliRunner

import ticketopt
from support.strategies import make_problem, picker
from ticketopt.cli.commands import main
from ticketopt.comparison.compare import compare
from ticketopt.report.page import report_html

NASTY = "<script>alert('$x_1')</script> $\\frac"


def nasty_result(n: int = 6, a: int = 3) -> ticketopt.Result:
    tickets = [
        {"ticket_id": f"T<{k}>", "title": NASTY, "skills": {"V<b>PN": 1}, "requires": {"V<b>PN": 3}} for k in range(n)
    ]
    agents = [{"agent_id": j, "name": NASTY, "skills": {"V<b>PN": 3 + j % 7}, "capacity": 1} for j in range(a)]
    return ticketopt.assign(tickets, agents)


class Reader(html.parser.HTMLParser):
    """Collects tags and checks that they nest."""

    VOID = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def check_page(text: str, *, links: str = "") -> Reader:
    page = Reader(text[text.index("<html") :] if "<html" in text else text)
    assert "script" not in {tag for tag, _ in page.seen}
    for tag, attributes in page.seen:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            value = attributes.get(name) or ""
            assert value.startswith("#") or not value or (links and value.startswith(links)), (tag, value)
    assert "<script" not in text
    return page


def words_of(text: str) -> str:
    """What stands on a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text[text.index("<body") :])).split())


def example() -> ticketopt.Result:
    data = json.loads(files("ticketopt").joinpath("data/example.json").read_text("utf-8"))
    return ticketopt.assign(data["tickets"], data["agents"], now=data["now"])


def test_the_page_escapes_what_users_wrote_and_loads_nothing():
    text = report_html(nasty_result(), title="Plan <1>")
    check_page(text)
    assert "Plan &lt;1&gt;" in text
    assert "T&lt;3&gt;" in text
    assert "V&lt;b&gt;PN" in text


def test_the_page_takes_any_letters_and_no_control_characters():
    title = "\u202eright\u202c \x00\x1b[31m 漢字 \U0001f600 ع&amp; {{ 7 * 7 }}"
    result = ticketopt.assign([{"ticket_id": 1, "title": title}], [{"agent_id": 1, "name": "Zoë\x07", "capacity": 3}])
    text = report_html(result)
    check_page(text)
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert all(part in text for part in ("漢字", "\U0001f600", "ع&amp;amp;", "{{ 7 * 7 }}", "Zoë"))


def test_every_ticket_stands_on_the_page_with_its_agent_or_the_reason_why_it_waits():
    result = example()
    words = words_of(report_html(result))
    for decision in result.decisions:
        place = words.index("Everybody's day") if decision.agent_id else words.index("What waits, and why")
        assert str(decision.ticket_id) in words[place:]
    assert "T-1062 database server: log volume 97 % full" in words
    assert "Only Viktor Lindqvist can take this, and is not here (on leave)." in words
    assert "Written in French, which nobody on the team speaks." in words
    assert "Only Henrik Dahl can take this, and has a full day. T-1037 and T-1057 (more urgent) came first." in words


def test_days_are_in_the_order_of_urgency():
    page = report_html(example())
    rank = ["Critical", "High", "Medium", "Low"]
    days = re.findall(r"<article.*?</article>", page, flags=re.DOTALL)
    assert len(days) == 10
    for day in days:
        levels = [rank.index(level) for level in re.findall(r'class="level \w+">(\w+)<', day)]
        assert levels == sorted(levels)


def test_the_lead_paragraph_says_what_matters_first():
    lead = re.search(r'<p class="lead">(.*?)</p>', report_html(example())).group(1)
    assert lead == (
        "65 of 68 tickets have somebody, 3 wait. 1 of the 26 urgent waits. "
        "5 of 10 people have a full day; the others have room for 1 to 3 more."
    )


JARGON = re.compile(r"\b(cost|gap|basis|weighted|optimal|proven|solver|bound|slot|objective|backend|units? of)\b", re.I)


@pytest.mark.parametrize("make", [example, nasty_result, lambda: ticketopt.assign([], [])])
def test_no_word_of_an_optimizer_stands_before_the_appendix(make):
    result = make()
    before, _, after = words_of(report_html(result)).partition("How the plan was made")
    for ticket in result.problem.tickets:
        before = before.replace(" ".join(ticket.title.split()), "")
    assert JARGON.findall(before) == []
    assert {"gap", "optimal", "solver"} <= {word.lower() for word in JARGON.findall(after)}


def test_the_appendix_has_the_proof_and_the_hash_of_the_input():
    text = report_html(nasty_result())
    assert "optimal, proven by the agents&#39; prices" in text
    assert re.search(r"SHA-256 [0-9a-f]{64}", text)


def test_tickets_are_linked_to_the_helpdesk_by_an_address_with_a_place_for_the_id():
    text = report_html(nasty_result(), link="https://help.example/t?id={ticket_id}&x=1")
    page = check_page(text, links="https://help.example/t?id=T%3C")
    hrefs = {attributes["href"] for tag, attributes in page.seen if tag == "a"}
    assert "https://help.example/t?id=T%3C3%3E&x=1" in hrefs


def test_pictures_have_alternatives_in_words():
    few = check_page(report_html(example()))
    labels = [attributes["aria-label"] for _, attributes in few.seen if attributes.get("role") == "img"]
    assert len(labels) == 10
    assert "5 open before, 7 new, a full day is 12" in labels
    crowd = [{"agent_id": k, "capacity": 1 if k < 7 else 2} for k in range(200)]
    result = ticketopt.assign([{"ticket_id": k, "pinned_agent": k} for k in range(7)], crowd)
    text = report_html(result)
    assert check_page(text) and 'aria-labelledby="team-title team-words"' in text
    assert "7 of 200 people have a full day; the others have room for 2 more." in words_of(text)


def test_the_date_is_the_queues_own_in_the_zone_that_is_asked_for():
    assert "Tuesday, 10 March 2026, 09:30 (UTC)" in report_html(example())
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert "Tuesday, 10 March 2026, 10:30 (CET)" in report_html(example(), zone=berlin)
    assert "Thursday, 1 January 2026" in report_html(nasty_result(), made=1767261600)
    assert "The queue as it was" not in report_html(nasty_result())


@pytest.mark.filterwarnings("ignore::ticketopt.InputWarning")
@pytest.mark.parametrize(
    ("tickets", "agents", "words"),
    [
        (0, 0, "There are no tickets to give out."),
        (0, 2, "There are no tickets to give out."),
        (1, 0, "The ticket waits. It is not urgent. Nobody is here."),
        (3, 0, "There is nobody on the team."),
        (1, 1, "The ticket has somebody."),
    ],
)
def test_the_page_of_nothing_is_a_page_too(tickets, agents, words):
    people = [{"agent_id": k, "capacity": 2} for k in range(agents)]
    text = report_html(ticketopt.assign([{"ticket_id": k} for k in range(tickets)], people))
    check_page(text)
    assert words in words_of(text)


def test_two_pages_are_the_same_bytes():
    assert report_html(nasty_result()) == report_html(nasty_result())


@pytest.mark.parametrize("is_unit", [True, False])
def test_every_plan_has_a_page(is_unit):
    rng = np.random.default_rng(7)
    for _ in range(15):
        result = ticketopt.solve(make_problem(picker(rng), unit=is_unit))
        words = words_of(report_html(result))
        assert all(str(ticket.ticket_id) in words for ticket in result.problem.tickets)


@pytest.mark.slow
def test_what_waits_in_thousands_is_counted_and_the_page_stays_small_enough_to_mail():
    agents = [{"agent_id": k, "capacity": 5} for k in range(200)]
    tickets = [{"ticket_id": k, "title": f"Ticket {k}", "urgency": (k % 100) / 100} for k in range(3000)]
    text = report_html(ticketopt.assign(tickets, agents))
    assert "and 1,972 more tickets" in words_of(text)
    assert "2,500 more tickets are less urgent" in words_of(text)
    assert len(text.encode()) < 1_000_000


def test_notebook_tables_are_escaped_and_whole():
    result = nasty_result()
    shown = [
        result.problem,
        result,
        result.counterfactuals(),
        result.why_not("T<0>", 0),
        *result.alternatives("T<0>"),
        *result.bottlenecks(),
        result.diff({"T<0>": 2}),
        ticketopt.frontier(result.problem, values=[0, 1]),
        compare(result.problem, ["greedy"]),
    ]
    for item in shown:
        text = item._repr_html_()
        check_page(text)
        assert "color:" not in text


def test_the_commands_explain_and_report(tmp_path):
    path, page = tmp_path / "queue.json", tmp_path / "report.html"
    assert CliRunner().invoke(main, ["example", "--output", str(path)]).exit_code == 0
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1001"])
    assert done.exit_code == 0
    assert "short by 1" in done.stdout
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1004", "--agent", "A02", "--json"])
    answer = json.loads(done.stdout)["answers"][0]
    assert (answer["ticket_id"], answer["agent_id"], answer["basis"]) == ("T-1004", "A02", "exact")
    done = CliRunner().invoke(main, ["explain", str(path), "--ticket", "T-1"])
    assert done.exit_code == 3
    assert "is not in the queue" in done.stderr
    link = ("--link", "https://help.example/{ticket_id}", "--zone", "Europe/Berlin")
    done = CliRunner().invoke(main, ["report", str(path), "-o", str(page), *link])
    assert done.exit_code == 0
    check_page(page.read_text("utf-8"), links="https://help.example/T-")
    assert "10 March 2026, 10:30 (CET)" in page.read_text("utf-8")
    done = CliRunner().invoke(main, ["report", str(path), "-o", str(page), "--link", "https://help.example/"])
    assert (done.exit_code, "has no {ticket_id}" in done.stderr) == (3, True)
