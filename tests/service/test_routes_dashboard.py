"""The page in a real browser, headless: empty, with a team, live, by keyboard, and whatever tickets are called."""

import os
import shutil

import httpx
import pytest

from support.until import until

from .conftest import service as start

EVIL = "<img src=x onerror=\"document.title='hacked'\">"
AGENTS = [
    {"agent_id": "ann", "name": EVIL, "skills": {"vpn": 9, "mail": 3}, "capacity": 2},
    {"agent_id": "bob", "name": "Bob", "skills": {"printers": 8}, "capacity": 4, "current_load": 4},
    {"agent_id": "cy", "availability_status": "on break"},
]


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    chrome, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chrome and driver):
        if os.environ.get("TICKETOPT_TEST_EVERYTHING"):
            raise AssertionError("chromium and chromedriver are not installed")
        pytest.skip("needs chromium and chromedriver (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chrome
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    page = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield page
    page.quit()


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
    until(lambda: texts(browser, "#connection") == ["Live"])
    until(lambda: texts(browser, "#n-waiting") != ["-"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_page(browser):
    with start(store="memory:") as service:
        opened(browser, service)
        assert texts(browser, "#totals dd") == ["0", "0", "0", "0 of 0", "0"]
        assert "No open tickets" in browser.find_element("id", "no-tickets").text
        assert "No agents yet" in browser.find_element("id", "no-agents").text

        post(service, "/v1/agents", {"agents": AGENTS})
        submit(service, "T-1", EVIL, "T-3")
        until(lambda: texts(browser, "#totals dd") == ["1", "2", "0", "2 of 3", "6"])  # it came by itself
        assert browser.title == "ticketopt: the queue now"
        rows = list(zip(texts(browser, "#tickets th"), texts(browser, "#tickets td:nth-child(4)"), strict=True))
        assert len(rows) == 3
        assert rows[0][1] == "waits: no capacity"
        assert {name for name, _ in rows} == {"T-1", EVIL, "T-3"}
        assert {holder for _, holder in rows[1:]} == {EVIL}
        assert sorted(texts(browser, "#agents th")) == sorted([EVIL, "Bob", "cy"])
        until(lambda: any("assigned T-" in line for line in texts(browser, "#events li")))

        waiting = rows[0][0]
        button = browser.find_element("css selector", "#tickets button")
        assert button.get_attribute("aria-label") == f"Why: ticket {waiting}"
        button.send_keys("\ue007")  # Enter: no mouse is needed
        until(lambda: len(texts(browser, "#options tr")) == 3)
        assert texts(browser, "#why-title") == [f"Ticket {waiting}"]
        assert "the capacity is 2" in " ".join(texts(browser, "#options td"))
        assert browser.switch_to.active_element.get_attribute("id") == "why-title"
        browser.switch_to.active_element.send_keys("\ue00c")  # Escape
        until(lambda: not browser.find_element("id", "why").is_displayed())

        browser.find_element("id", "find-agent").send_keys("PRINT")
        until(lambda: texts(browser, "#agents th") == ["Bob"])
        assert texts(browser, "#shown-agents") == ["1 of 3 shown"]

        post(service, "/v1/tickets/close", {"ticket_id": rows[1][0]})
        until(lambda: texts(browser, "#totals dd")[:2] == ["0", "2"])
        errors = [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
        assert errors == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_page_of_a_large_team_behind_a_key(browser):
    key = "correct-horse-battery"
    with start(store="memory:", api_keys=[key], tenants=["north"]) as service:
        headers = {"X-API-Key": key, "X-Tenant": "north"}
        agents = [{"agent_id": f"a{k}", "capacity": 3, "skills": {"vpn": 5}} for k in range(500)]
        tickets = [{"ticket_id": f"t{k}", "skills": {"vpn": 1}} for k in range(1600)]
        for path, body in (("/v1/agents", {"agents": agents}), ("/v1/tickets", {"tickets": tickets})):
            assert httpx.post(service.url + path, json=body, headers=headers, timeout=60).status_code == 200
        host = service.url.removeprefix("http://")
        browser.get(f"http://me:{key}@{host}/dashboard?tenant=north")
        until(lambda: texts(browser, "#totals dd") == ["100", "1500", "0", "500 of 500", "1500"])
        assert texts(browser, "#shown-tickets") == ["1000 of 1600 shown"]
        assert len(texts(browser, "#agents tr")) == 500


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
