"""Skills: what a dispatcher would read, small enough to check by eye."""

from __future__ import annotations

import gc
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.problem.fields import spelled
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Ticket
from ticketopt.triage import Reader, read_tickets, reader
from ticketopt.triage.text import read_fields
from ticketopt.triage.weighing import Weighing

IT = ["VPN_Troubleshooting", "Print_Fleet", "Email", "Badge_Access", "HVAC", "Returns & refunds", "HL7_Interfaces"]


def read(title: str, description: str = "", skills: list[str] | None = None) -> Reading:
    ticket = Ticket(ticket_id=1, title=title, description=description)
    return read_tickets([ticket], skills=IT if skills is None else skills, now=0.0)[0]


def first(title: str, description: str = "", skills: list[str] | None = None) -> str | None:
    return next(iter(read(title, description, skills).skills), None)


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("The VPN drops every ten minutes", "VPN_Troubleshooting"),
        ("From home I cannot reach the intranet", "VPN_Troubleshooting"),
        ("Two sheets at once, then it jams", "Print_Fleet"),
        ("Toner is empty", "Print_Fleet"),
        ("My inbox refuses attachments", "Email"),
        ("The turnstile flashes red", "Badge_Access"),
        ("We sit here in coats, it is 14 degrees in the office", "HVAC"),
        ("The shoes are too small, I want my money back", "Returns & refunds"),
        ("ADT messages pile up in the interface engine", "HL7_Interfaces"),
        ("Der Drucker zieht kein Papier ein", "Print_Fleet"),
        ("Der Netzwerkdrucker ist nicht erreichbar", "Print_Fleet"),
        ("La impresora no imprime", "Print_Fleet"),
        ("L'imprimante est en panne", "Print_Fleet"),
        ("A impressora parou", "Print_Fleet"),
    ],
)
def test_symptoms_and_languages(text: str, skill: str) -> None:
    assert first(text) == skill


@pytest.mark.parametrize(
    ("text", "skill", "excluded"),
    [
        ("The VPN works, it is the printer", "Print_Fleet", "VPN_Troubleshooting"),
        ("It is not the VPN: mail does not arrive in my inbox", "Email", "VPN_Troubleshooting"),
        ("This has nothing to do with the printer. The badge is refused at the door.", "Badge_Access", "Print_Fleet"),
        ("Email is fine, but the tunnel to the office drops", "VPN_Troubleshooting", "Email"),
        ("El correo funciona bien, pero la impresora no imprime", "Print_Fleet", "Email"),
    ],
)
def test_what_is_said_not_to_be_the_matter_speaks_against_a_skill(text: str, skill: str, excluded: str) -> None:
    reading = read(text)
    assert next(iter(reading.skills)) == skill
    assert excluded not in reading.skills


@pytest.mark.parametrize("text", ["The printer does not work", "Printer no longer works", "The printer never works"])
def test_a_complaint_is_not_an_exclusion(text: str) -> None:
    assert first(text) == "Print_Fleet"


def test_evidence_holds_the_words_as_they_stand() -> None:
    evidence = read("Paper  JAM again", "The tray is stuck.").evidence
    assert ("Print_Fleet", "Paper  JAM", "title") in [(e.about, e.words, e.field) for e in evidence]
    assert all(e.words in "Paper  JAM again" or e.words in "The tray is stuck." for e in evidence)


def test_unknown_skill_names_are_found_by_their_own_words() -> None:
    skills = ["Zorblax_Calibration", "Quuxinator", "MobileFrobnicator"]
    assert first("the zorblax is off", skills=skills) == "Zorblax_Calibration"
    assert first("Quuxinators are broken", skills=skills) == "Quuxinator"
    assert first("frobnicators overheat", skills=skills) == "MobileFrobnicator"


def test_a_specialist_goes_before_the_broader_skill_which_serves_where_nobody_else_does() -> None:
    assert first("VPN tunnel down", skills=["Networking", "VPN"]) == "VPN"
    assert first("VPN tunnel down", skills=["Networking", "Payroll"]) == "Networking"


def test_title_counts_more_than_body_and_quoted_mail_hardly() -> None:
    assert first("Printer", "Also a word about the VPN.") == "Print_Fleet"
    quoted = "The badge is refused.\n> my VPN drops\n> the VPN tunnel\n> VPN client"
    assert first("Help", quoted) == "Badge_Access"


def test_a_signature_is_not_the_matter() -> None:
    assert first("Toner", "It is empty.\n\nBest regards\nAnn, VPN team\nSent from my iPhone") == "Print_Fleet"


def test_given_skills_decide_in_the_agents_spelling() -> None:
    ticket = Ticket(ticket_id=1, title="printer", skills={"vpn troubleshooting": 3, "Email": 1, "HVAC": 0, "Latin": 4})
    reading = read_tickets([ticket], skills=IT, now=0.0)[0]
    assert reading.skills == {"VPN_Troubleshooting": 0.375, "Email": 0.125, "Latin": 0.5}
    assert {e.field for e in reading.evidence} == {"skills"}


def test_no_tickets_no_skills_no_words() -> None:
    assert read_tickets([], skills=[], now=0.0) == ()
    assert read("printer", skills=[]).skills == {}
    assert read("").skills == {} and read("").urgency == 0.4 and read("").evidence == ()


def test_a_cut_is_said() -> None:
    reading = read("Printer", "a b " * 300_000)
    assert [e.words for e in reading.evidence if e.about == "length"] == ["only the first 20,000 characters were read"]


@pytest.mark.parametrize(
    "piece",
    ["vpn ", ".", "\n> ", "a'", "http://", "\nfrom: x@", "😀", "é́", "5 users ", "- ", "\u202e", "not the vpn, "],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    (reading,) = read_tickets([Ticket(ticket_id=1, title=piece * 10, description=piece * 100_000)], skills=IT, now=0.0)
    assert 0 <= reading.urgency <= 1


texts = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(["vpn", "printer", "not", "the", "works", "urgent", "mail", "P1", "-", ".", ",", ">", "door"])
    ).map(" ".join),
)


@given(st.lists(st.tuples(texts, texts), max_size=4), st.lists(st.sampled_from(IT), unique=True))
@settings(max_examples=examples(60), deadline=None)
def test_every_reading_is_a_distribution_and_repeats(fields: list[tuple[str, str]], skills: list[str]) -> None:
    tickets = [Ticket(ticket_id=k, title=a, description=b) for k, (a, b) in enumerate(fields)]
    readings = read_tickets(tickets, skills=skills, now=0.0)
    assert readings == read_tickets(tickets, skills=skills, now=0.0)
    for reading in readings:
        assert set(reading.skills) <= set(skills)
        assert all(share > 0 for share in reading.skills.values())
        assert not reading.skills or math.isclose(sum(reading.skills.values()), 1)
        assert 0 <= reading.urgency <= 1


WORDS = ["printer", "tunnel", "badge", "refund", "hl7", "drops", "paper", "jam", "account", "cold", "mailbox", "please"]


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=12))
@settings(max_examples=examples(80), deadline=None)
def test_without_its_evidence_a_skill_scores_less(words: list[str]) -> None:
    """Whatever is shown as evidence for a skill: without it, the words or the vectors speak less for that skill."""
    (reading,) = read_tickets([Ticket(ticket_id=1, title="Help", description=" ".join(words))], skills=IT, now=0.0)
    before = weighed(words)
    for item in reading.evidence:
        if item.weight <= 0 or item.about not in IT or item.field != "description":
            continue
        gone = item.words.split()
        after = weighed([word for word in words if word not in gone])
        skill = IT.index(item.about)
        if item.source == "vectors":
            fall = before.likeness[0, skill] - after.likeness[0, skill]
            assert math.isclose(fall * before.blend.likeness, item.weight, abs_tol=0.02)
        else:
            assert after.scores.values[0, skill] < before.scores.values[0, skill]


def weighed(words: list[str]) -> Weighing:
    return Reader().weigh([read_fields("Help", " ".join(words))], {spelled(name): name for name in IT})


TEAM = ["Point_of_Sale", "Windows", "Microsoft_Teams", "Single_Sign_On", "Onboarding", "Telephony", "Backup",
        "Data_Protection", "Wifi", "CRM", "Laptop_Repair"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "skill", "misread"),
    [
        ("The wifi access points lose power", "Wifi", "Point_of_Sale"),
        ("The whole sales team cannot open the CRM", "CRM", "Point_of_Sale"),
        ("The whole sales team cannot open the CRM", "CRM", "Microsoft_Teams"),
        ("The screen of my laptop is cracked", "Laptop_Repair", "Windows"),
        ("The contract was signed, but the CRM does not show it", "CRM", "Single_Sign_On"),
        ("I left my laptop on the train", "Laptop_Repair", "Onboarding"),
        ("Please call me about the CRM", "CRM", "Telephony"),
        ("Please restore a folder that I deleted", "Backup", "Data_Protection"),
    ],
)
def test_a_weak_echo_of_a_name_is_no_need(text: str, skill: str, misread: str) -> None:
    reading = read(text, skills=TEAM)
    assert next(iter(reading.skills)) == skill
    assert reading.skills.get(misread, 0) < reading.skills[skill] / 2


def test_words_that_belong_to_every_ticket_point_to_no_skill() -> None:
    text = "I still wait for them, it came back twice last week, here is the list"
    assert max(read(text, skills=TEAM).skills.values()) < 0.7
    assert first("Windows does not start", skills=TEAM) == "Windows"
    assert first("I cannot hear anyone in Teams", skills=TEAM) == "Microsoft_Teams"


def test_reading_leaves_the_garbage_collector_as_it_was() -> None:
    for switch in (gc.disable, gc.enable):
        switch()
        before = gc.isenabled()
        read("printer", "paper jam", ["Printing"])
        assert gc.isenabled() is before
    with pytest.raises(AttributeError):
        read_tickets([None], skills=["Printing"], now=0.0)  # type: ignore[list-item]
    assert gc.isenabled()


def test_tickets_read_alike_however_many_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["The VPN drops", "Paper jam, again. URGENT", "", "Badge /login fails for 12 users", "Der Drucker klemmt"]
    queue = [Ticket(ticket_id=k, title=text, description=texts[k - 1]) for k, text in enumerate(texts)]
    queue.append(Ticket(ticket_id=9, title="Paper jam", skills={"HVAC": 1}))
    together = read_tickets(queue, skills=IT, now=0.0)
    assert len({reading.urgency for reading in together}) > 1
    monkeypatch.setattr(reader, "AT_ONCE", 2)
    assert read_tickets(queue, skills=IT, now=0.0) == together
    assert read_tickets(queue[::-1], skills=IT, now=0.0) == together[::-1]
