"""The page in a real browser, headless: empty, large, live, by keyboard, and whatever tickets are called."""

import re
from dataclasses import asdict
from urllib.parse import quote

import httpx
import pytest

from support.browser import chromium
from support.until import until
from ticketopt.errors import InvalidInputError
from ticketopt.live.dispatcher import Dispatcher
from ticketopt.live.stores import open_store
from ticketopt.service import create_app
from ticketopt.service.keys import key_of
from ticketopt.service.routes.dashboard import PARTS, POLICY

from .client import Client
from .conftest import service as start

EVIL = "<img src=x onerror=\"document.title='hacked'\">"
AGENTS = [
    {"agent_id": "ann", "name": EVIL, "skills": {"vpn": 9, "mail": 3}, "capacity": 2},
    {"agent_id": "bob", "name": "Bob", "skills": {"printers": 8}, "capacity": 4, "current_load": 4},
    {"agent_id": "cy", "availability_status": "on break"},
]


@pytest.fixture(scope="module")
def browser():
    with chromium(1300, 900) as page:
        yield page


def texts(browser, selector):
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())", selector
    )


def post(service, path, body):
    answer = httpx.post(service.url + path, json=body, timeout=30)
    assert answer.status_code == 200, answer.text


def submit(service, *names, **more):
    post(service, "/v1/tickets", {"tickets": [{"ticket_id": n, "title": "VPN down", **more} for n in names]})


def opened(browser, service, path="/dashboard"):
    browser.get(service.url + path)
    browser.get_log("browser")  # what the page before said when its service ended
    until(lambda: texts(browser, "#connection") == ["Live"])
    until(lambda: texts(browser, "#n-waiting") != ["-"])


ENTER, ESCAPE = "\ue007", "\ue00c"
UNTOUCHED = "'()"  # by encodeURIComponent
KEY = "correct-horse-battery"


def press(browser, keys):
    """Keys for whatever has the focus at that moment, also where the page has just renewed it."""
    action_chains = pytest.importorskip("selenium.webdriver").ActionChains
    action_chains(browser).send_keys(keys).perform()


def focus(browser, selector):
    browser.execute_script("document.querySelector(arguments[0]).focus()", selector)


def totals(browser):
    return texts(browser, "#totals dd")


def page_state(service, ticket):
    row = httpx.get(f"{service.url}/v1/tickets/{ticket}").json()
    return row["state"], row["agent_id"]


def test_what_a_page_must_know_depends_on_its_key(client):
    keys = {"keys": [{**asdict(key_of("ann", KEY, "read", [""])), "tenants": [""]}]}
    link = "https://desk.example.com/{ticket_id}"
    guarded = Client(create_app(open_store("memory:"), ticket_link=link, keys=keys, api_keys=(KEY + "-admin",)))
    told = {"ticket_link": link, "helpdesk": "", "urgencies": {"low": 0.1, "medium": 0.4, "high": 0.7, "critical": 1.0}}
    for key, role in ((KEY, "read"), (KEY + "-admin", "admin")):
        answer = guarded.request("GET", "/dashboard/settings.json", headers={"X-API-Key": key})
        assert answer.json() == {"role": role, **told}
    assert guarded.get("/dashboard/settings.json").status_code == 401
    assert client.get("/dashboard/settings.json").json() == {"role": "admin", **told, "ticket_link": ""}


def test_a_page_runs_nothing_but_its_own_scripts(client):
    for path in PARTS:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Security-Policy"]) == (200, POLICY)
        assert "unsafe" not in POLICY and "innerHTML" not in answer.text and "eval(" not in answer.text
    page = client.get("/dashboard").text
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]
    assert not re.search(r"\son\w+=|style=|javascript:", page)


@pytest.mark.parametrize("link", ["javascript:alert('{ticket_id}')", "https://desk.example.com/", "/t/{ticket_id}"])
def test_a_link_that_leads_nowhere_is_refused(link):
    with pytest.raises(InvalidInputError, match="is no address with"):
        create_app(open_store("memory:"), ticket_link=link)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_page(browser):
    with start(store="memory:", ticket_link="https://desk.example.com/{ticket_id}?a=1") as service:
        opened(browser, service)
        assert totals(browser) == ["0", "0", "0", "0", "0 of 0", "0"]
        assert "No tickets here" in browser.find_element("id", "no-tickets").text
        assert "No agents yet" in browser.find_element("id", "no-agents").text

        post(service, "/v1/agents", {"agents": AGENTS})
        submit(service, "T-1", EVIL, "T-3", priority="high")
        until(lambda: totals(browser) == ["1", "2", "0", "0", "2 of 3", "6"])  # it came by itself
        assert browser.title == "ticketopt: the queue now"
        (waiting,) = texts(browser, "#tickets th")
        assert texts(browser, "#tickets td")[0] == "high"
        assert texts(browser, "#tickets .whose") == ["waits: no capacity"]
        browser.find_element("css selector", "[data-state=assigned]").click()
        until(lambda: len(texts(browser, "#tickets tr")) == 2)
        assert {waiting, *texts(browser, "#tickets th")} == {"T-1", EVIL, "T-3"}
        assert texts(browser, "#tickets .whose") == [EVIL, EVIL]
        links = browser.execute_script(
            "return [...document.querySelectorAll('#tickets a')].map(e => [e.textContent, e.href])"
        )
        assert links == [
            [name, f"https://desk.example.com/{quote(name, safe=chr(39) + '()')}?a=1"] for name, _ in links
        ]
        assert sorted(texts(browser, "#agents .name")) == sorted([EVIL, "Bob", "cy"])
        until(lambda: any("assigned T-" in line for line in texts(browser, "#events li")))

        press(browser, "t")
        press(browser, "PRINT")
        until(lambda: texts(browser, "#agents .name") == ["Bob"])
        assert texts(browser, "#shown-agents") == ["1 of 3 shown"]
        errors = [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
        assert errors == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_queue_is_worked_with_by_keyboard_alone(browser):
    team = [{"agent_id": "ann", "name": "Ann", "skills": {"vpn": 9}, "capacity": 3}, {"agent_id": "bob", "name": "Bob"}]
    with start(store="memory:") as service:
        post(service, "/v1/agents", {"agents": team})
        submit(service, "T-1")
        post(service, "/v1/tickets/reassign", {"ticket_id": "T-1", "agent_id": "ann"})
        opened(browser, service)

        def do(ticket, control, result):
            """Open a ticket by its id, go to a control, press Enter there, and wait for what the page says."""
            browser.execute_script("document.activeElement.blur()")
            press(browser, "/")
            press(browser, ticket + ENTER)
            until(browser.find_element("id", "ticket").is_displayed)
            until(lambda: texts(browser, "#options tr"))
            until(browser.find_element("css selector", control).is_displayed)
            focus(browser, control)
            press(browser, ("Bob" if control == "#give-to" else "") + ENTER)
            until(lambda: texts(browser, "#outcome") == [result])

        do("T-1", "#give-to", "Ticket T-1 is with Bob.")
        assert page_state(service, "T-1") == ("assigned", "bob")
        do("T-1", "[aria-label='Give it to Ann']", "Ticket T-1 is with Ann.")
        assert page_state(service, "T-1") == ("assigned", "ann")
        do("T-1", "[data-do=hold]", "Ticket T-1 is on hold.")
        assert page_state(service, "T-1") == ("held", "ann")
        do("T-1", "[data-do=reopen]", "Ticket T-1 is with Ann.")
        do("T-1", "[data-do=unassign]", "Ticket T-1 is with Bob.")
        assert page_state(service, "T-1") == ("assigned", "bob")

        for word, status in (("Pause", "on break"), ("Sign off", "offline"), ("Sign on", "available")):
            focus(browser, "[data-agent=ann]")
            press(browser, ENTER)
            assert browser.find_element("css selector", f"#agent [data-status='{status}']").text == word
            focus(browser, f"#agent [data-status='{status}']")
            press(browser, ENTER)
            until(lambda status=status: texts(browser, "#outcome") == [f"Ann: {status}."])
            assert httpx.get(f"{service.url}/v1/agents").json()["agents"][0]["availability_status"] == status

        post(service, "/v1/agents/status", {"agent_id": "bob", "availability_status": "Offline"})
        browser.execute_script("document.activeElement.blur()")
        press(browser, "r")
        browser.find_element("id", "max-changes").send_keys(ENTER)
        until(lambda: texts(browser, "#outcome") == ["1 tickets were placed anew."])
        assert page_state(service, "T-1") == ("assigned", "ann")
        do("T-1", "[data-do=close]", "Ticket T-1 is closed.")
        assert page_state(service, "T-1") == ("closed", "ann")
        until(lambda: totals(browser) == ["0", "0", "0", "1", "1 of 2", "0"])

        focus(browser, "[data-state=closed]")
        press(browser, ENTER)
        until(lambda: texts(browser, "#tickets th") == ["T-1"])
        press(browser, "j")  # to the first ticket
        press(browser, ENTER)
        until(lambda: texts(browser, "#ticket-title") == ["Ticket T-1"])
        assert browser.switch_to.active_element.get_attribute("id") == "ticket-title"
        until(browser.find_element("css selector", "[data-do=reopen]").is_displayed)
        assert not browser.find_element("id", "give").is_displayed()
        press(browser, ESCAPE)
        until(lambda: not browser.find_element("id", "ticket").is_displayed())
        assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_large_team_is_seen_at_once_and_tickets_come_in_pages(browser, tmp_path):
    entry = asdict(key_of("ann", KEY, "read", ["north"]))
    keys = {"keys": [{**entry, "tenants": ["north"]}]}
    with start(store="memory:", keys=keys, api_keys=[KEY + "-admin"]) as service:
        headers = {"X-API-Key": KEY + "-admin", "X-Tenant": "north"}
        agents = [{"agent_id": f"a{k}", "name": f"Agent {k}", "capacity": 3, "skills": {"vpn": 5}} for k in range(200)]
        tickets = [{"ticket_id": f"t{k}", "skills": {"vpn": 1}} for k in range(1050)]
        for path, body in (("/v1/agents", {"agents": agents}), ("/v1/tickets", {"tickets": tickets})):
            assert httpx.post(service.url + path, json=body, headers=headers, timeout=60).status_code == 200
        host = service.url.removeprefix("http://")
        browser.get(f"http://me:{KEY}@{host}/dashboard?tenant=north")
        until(lambda: totals(browser) == ["450", "600", "0", "0", "200 of 200", "600"])
        until(lambda: texts(browser, "#shown-tickets") == ["200 loaded"])
        more = browser.find_element("id", "more")
        press_more = "if (arguments[0].offsetParent) arguments[0].click()"  # at once: it goes when all is there
        until(lambda: len(texts(browser, "#tickets tr")) == 450 or browser.execute_script(press_more, more))
        until(lambda: not more.is_displayed())
        seen = browser.execute_script(
            "const all = [...document.querySelectorAll('#agents button')].map(e => e.getBoundingClientRect());"
            "return [all.length, Math.max(...all.map(e => e.bottom)) - Math.min(...all.map(e => e.top)) < innerHeight]"
        )
        assert seen == [200, True]
        assert texts(browser, "#who") == ["queue north; you may look, not change"]
        focus(browser, "#tickets button")
        press(browser, ENTER)
        until(lambda: len(texts(browser, "#options tr")) == 200)
        shown = browser.execute_script(
            "return [...document.querySelectorAll('.may-change, #open-rebalance')].filter(e => e.offsetParent)"
        )
        assert shown == []  # whose key may only read is offered nothing else


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_every_control_has_a_name_and_every_table_its_headers(browser):
    with start(store="memory:") as service:
        opened(browser, service)
        count = browser.execute_script
        all_of = "return [...document.querySelectorAll('{}')].every(e => {})"
        assert count("return document.documentElement.lang") == "en"
        assert count(all_of.format("table", 'e.querySelector("thead th[scope=col]")'))
        assert count(all_of.format("input", "e.labels.length === 1"))
        assert count(
            all_of.format("[role=region], [tabindex=\\'0\\']", "e.ariaLabel || e.getAttribute('aria-labelledby')")
        )
        assert count("return document.querySelectorAll('main').length + document.querySelectorAll('h1').length") == 2
        assert count(
            all_of.format("[src], link", "new URL(e.src || e.href).origin === location.origin || e.rel === 'icon'")
        )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_the_helpdesk_would_not_take_is_shown_and_sent_again(browser, tmp_path):
    """Three died under a token of yesterday; a dry run takes them as due, and sends nothing."""
    url = f"sqlite:///{tmp_path / 'queue.db'}"
    queue = Dispatcher(open_store(url), delivers=True, clock=lambda: 1772440200.0)
    queue.upsert_agents([{"agent_id": "ann", "name": EVIL, "skills": {"vpn": 9}}])
    queue.submit([{"ticket_id": name, "title": "VPN down"} for name in ("T-1", EVIL, "T-3", "T-4")])
    store = open_store(url)
    for one in store.due_deliveries("", now=1772440200.0, lease=60.0, limit=10):
        if one.ticket_id != "T-4":
            store.settle_delivery("", one, state="dead", error=f"401 Unauthorized {EVIL}")
    told = {"helpdesk": "zendesk", "helpdesk_url": "https://desk.example.com", "outbox": "dry-run"}
    with start(store=url, **told) as service:
        opened(browser, service)
        until(lambda: texts(browser, "#undelivered-title") == ["Not told to Zendesk: 3"])
        assert sorted(texts(browser, "#deliveries th")) == sorted(["T-1", EVIL, "T-3"])
        assert texts(browser, "#deliveries td.whose") == [EVIL] * 3
        assert texts(browser, "#deliveries td.error") == [f"401 Unauthorized {EVIL}"] * 3
        moments = "return [...document.querySelectorAll('#deliveries time')].map(e => e.dateTime)"
        assert browser.execute_script(moments) == ["2026-03-02T08:30:00.000Z"] * 3
        focus(browser, "[data-resend='T-1']")
        press(browser, ENTER)
        until(lambda: texts(browser, "#outcome") == ["1 to be sent again."])
        until(lambda: texts(browser, "#undelivered-title") == ["Not told to Zendesk: 2"])
        focus(browser, "#resend-all")
        press(browser, ENTER)
        until(lambda: texts(browser, "#outcome") == ["2 to be sent again."])
        until(lambda: not browser.find_element("id", "undelivered").is_displayed())
        until(lambda: not store.deliveries("", state="dead"))
        assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []
