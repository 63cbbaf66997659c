"""The explorer: what is in it is true, bounded and escaped; and in a real browser it filters, sorts and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ticketopt
from support.browser import chromium
from ticketopt import InvalidInputError, Result
from ticketopt.explain.explorer import CANNOT, MAY, MOST_PAIRS

EVIL = "</script><img src=x onerror=\"document.title='hacked'\">"

TICKETS = [
    {"ticket_id": "T-1", "title": "VPN drops", "skills": {"VPN": 1}, "urgency": 0.9},
    {"ticket_id": "T-2", "title": EVIL, "skills": {"VPN": 1}, "urgency": 0.5, "excluded_agents": ["bob"]},
    {"ticket_id": "T-3", "title": "Printer jams", "skills": {"Printers": 1}, "urgency": 0.2},
    {"ticket_id": "T-10", "title": "Paper is out", "urgency": 0.1},
]
AGENTS = [
    {"agent_id": "ada", "name": "Ada", "skills": {"VPN": 9}, "capacity": 1},
    {"agent_id": "bob", "name": "Bob", "skills": {"Printers": 8, "VPN": 3}, "capacity": 2},
    {"agent_id": "cy", "name": EVIL, "availability_status": "on leave"},
]


def plan(**policy: Any) -> Result:
    return ticketopt.assign(TICKETS, AGENTS, policy=policy)


def data_of(html: str) -> Any:
    return json.loads(re.search(r"<script type='application/json'>(.*?)</script>", html, flags=re.DOTALL)[1])


def test_waiting_and_urgent_tickets_come_first_with_what_was_decided() -> None:
    result = plan()
    data = data_of(result.explore().html)
    assert result.assigned == {"T-1": "bob", "T-2": "ada", "T-3": "bob"}
    assert [t["id"] for t in data["tickets"]] == ["T-10", "T-1", "T-2", "T-3"]
    for ticket in data["tickets"]:
        decision = result[ticket["id"]]
        assert (ticket["why"], ticket["cost"]) == (decision.rationale, decision.cost)
        assert (ticket["agent"] < 0) == (decision.agent_id is None)
    assert [t["level"] for t in data["tickets"]] == ["low", "critical", "medium", "low"]


def test_changes_and_rules_are_those_of_why_not() -> None:
    result = plan()
    data = data_of(result.explore().html)
    assert data["basis"] == "exact"
    for ticket in data["tickets"]:
        near = {int(j): change for j, change in ticket["near"]}
        for j, agent in enumerate(AGENTS):
            answer = result.why_not(ticket["id"], agent["agent_id"])
            letter = ticket["may"][j]
            if answer.blocked_by:
                assert j not in near
                assert (
                    letter not in MAY + CANNOT
                    and data["rules"][letter] == result.constraints[next(iter(answer.blocked_by))].summary
                )
            elif ticket["agent"] != j and answer.change is not None:
                assert near[j] == answer.change
        assert list(near.values()) == sorted(near.values())


def test_without_exact_changes_it_says_so() -> None:
    tiers = data_of(plan(tiers=["unassigned", "cost"]).explore().html)
    assert tiers["basis"] == "none" and not any(t["near"] for t in tiers["tickets"])
    words = "not worked out here; Result.why_not tells it."
    assert words in plan(tiers=["unassigned", "cost"]).explore().html and words not in plan().explore().html
    uneven = ticketopt.assign([{**t, "effort": 1 + k % 2} for k, t in enumerate(TICKETS)], AGENTS)
    assert data_of(uneven.explore().html)["basis"] == "bound"


def test_nothing_in_it_is_read_as_html_or_loaded_from_anywhere() -> None:
    html = plan().explore(link="https://helpdesk.example/t/{ticket_id}").html
    assert "<img" not in html
    assert html.count("</script>") == 2
    assert not re.search(r"""(src|href)\s*=\s*['"]""", html)
    assert data_of(html)["tickets"][1]["link"] == "https://helpdesk.example/t/T-1"
    assert data_of(html)["tickets"][2]["title"] == EVIL


@pytest.mark.parametrize(("n_agents", "shown"), [(2, 1000), (MOST_PAIRS // 400, 400)])
def test_it_is_bounded_and_says_what_is_shown(n_agents: int, shown: int) -> None:
    tickets = [{"ticket_id": k, "title": "x" * 500, "urgency": k % 10 / 10} for k in range(1500)]
    result = ticketopt.assign(tickets, [{"agent_id": j} for j in range(n_agents)])
    page = result.explore()
    assert (page.n_shown, page.n_tickets) == (shown, 1500)
    assert f"Shown are {shown:,} of 1,500 tickets: those that wait, then the most urgent." in page.html
    assert len(page.html.encode()) < 1_000_000
    assert page._repr_html_() == page.html
    assert repr(page).startswith(f"<Explorer: {shown:,} of 1,500 tickets, ")


def test_its_arguments_are_checked() -> None:
    result = plan()
    assert result.explore(most=2).n_shown == 2
    with pytest.raises(InvalidInputError, match="most"):
        result.explore(most=-1)
    with pytest.raises(InvalidInputError, match="link"):
        result.explore(link="javascript:alert({ticket_id})")


def test_nobody_and_nothing() -> None:
    for tickets, agents in (([], []), ([{"ticket_id": 1}], []), ([], [{"agent_id": 1}])):
        page = ticketopt.assign(tickets, agents).explore()
        assert len(data_of(page.html)["tickets"]) == len(tickets)


@pytest.fixture
def browser() -> Iterator[Any]:
    with chromium(1100, 800) as page:
        yield page


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_browser_filters_sorts_and_asks_why_not(browser: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select

    def texts(selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())"
        return browser.execute_script(script, selector)

    def named(words: str) -> Any:
        return next(b for b in browser.find_elements("css selector", "button") if b.text.startswith(words))

    path = tmp_path / "page.html"
    html = plan().explore(link="https://helpdesk.example/t/{ticket_id}").html
    path.write_text(f"<!doctype html><meta charset='utf-8'><title>plan</title>{html}{html}", encoding="utf-8")
    browser.get(path.as_uri())
    assert len(browser.find_elements("css selector", ".ticketopt-explorer[data-ready]")) == 2  # shown twice, both work
    ids = ".ticketopt-explorer:first-of-type tbody > tr > td:first-child > button"
    assert texts(ids) == ["T-10", "T-1", "T-2", "T-3"]
    assert texts(f"{ids} + a") == ["↗"] * 4

    named("ticket").click()
    assert texts(ids) == ["T-1", "T-2", "T-3", "T-10"]  # numbers in names count as numbers
    named("ticket").click()
    assert texts(ids)[0] == "T-10"
    assert browser.find_element("css selector", "th[data-key=id]").get_attribute("aria-sort") == "descending"

    find = browser.find_element("css selector", "input[type=search]")
    find.send_keys("printer")
    assert texts(ids) == ["T-3"]
    find.clear()
    find.send_keys("nothing like it")
    assert texts(ids) == []
    assert "no such ticket" in texts(".tx-tools")[0]
    for _ in range(len("nothing like it")):
        find.send_keys(Keys.BACKSPACE)

    whose = Select(browser.find_elements("css selector", "select")[0])
    whose.select_by_visible_text("Bob")
    assert texts(ids) == ["T-3", "T-1"]
    whose.select_by_value("")

    named("T-2").send_keys(Keys.ENTER)  # by keyboard; the focus stays where it was
    assert browser.switch_to.active_element.text == "T-2"
    assert browser.switch_to.active_element.get_attribute("aria-expanded") == "true"
    ask = Select(browser.find_element("css selector", ".tx-more select"))
    answer = ".tx-more [role=status]"
    ask.select_by_value("0")
    assert texts(answer) == ["Ada has it."]
    ask.select_by_value("1")
    assert texts(answer)[0].startswith("Bob may not have it. The rule: ")
    named("T-1").send_keys(Keys.SPACE)
    ask = Select(browser.find_element("css selector", ".tx-more select"))
    ask.select_by_value("0")
    assert re.match(r"Ada could have it: the plan's cost would change by \+\d", texts(answer)[0])
    assert browser.title == "plan"
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
