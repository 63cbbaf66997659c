"""Signatures, disclaimers and banners say nothing; what stands after an afterthought does."""

from __future__ import annotations

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.text import read_fields

BASE = "The printer on floor 2 needs new toner."
BEHIND = {
    "closing and hotline": "Kind regards\nJo Doe\nHead of IT\nFor URGENT matters call the emergency line 24/7",
    "card": "Jo Doe | Head of IT | ACME\nIn URGENT cases call +1 555 0100",
    "card with a sentence": "Jo Doe | Head of IT | ACME\nIn URGENT cases please call our hotline.",
    "card with a number": "Jo Doe\nHead of IT\nIn URGENT cases please call +1 555 0100.",
    "card, no bars": "Jo Doe\nHead of VPN Security\nTel. +1 555 0100\nEmergency hotline: urgent calls only",
    "dashes": "-- \nJo\nEmergency support: 24/7",
    "closing with more": "Thanks in advance and kind regards from the whole team,\nJo\nEmergency hotline: call if urgent",
    "same line": "Best regards, Jo Doe\nEmergency hotline: call if urgent",
    "German": "Mit freundlichen Grüßen\ni. A. Jo Doe\nNotfall-Hotline: nur dringende Fälle",
    "German, short": "VG\nJo\nNotfall: dringend die Hotline rufen",
    "German, transcribed": "Mit freundlichen Gruessen\nJo\nNOTFALL: Hotline",
    "French": "Bien cordialement,\nJo Doe\nEn cas d'urgence : hotline critique 24/7",
    "Spanish": "Un cordial saludo,\nJo\nEmergencia: llame urgente",
    "Portuguese": "Atenciosamente,\nJo\nEmergência: linha urgente",
    "Italian": "Cordiali saluti\nJo\nemergency hotline, urgent calls only",
    "Dutch": "Met vriendelijke groet,\nJo\nBij spoed: emergency hotline, urgent calls only",
    "Polish": "Pozdrawiam\nJo\nPILNE sprawy: emergency hotline, urgent calls only",
    "Swedish": "Med vänlig hälsning\nJo\nemergency hotline, urgent calls only",
    "Danish": "Med venlig hilsen\nJo\nemergency hotline, urgent calls only",
    "Finnish": "Ystävällisin terveisin\nJo\nemergency hotline, urgent calls only",
    "Czech": "S pozdravem\nJo\nemergency hotline, urgent calls only",
    "Turkish": "Saygılarımla,\nJo\nemergency hotline, urgent calls only",
    "Russian": "С уважением,\nJo\nemergency hotline, urgent calls only",
    "Japanese": "よろしくお願いいたします。\nJo\nemergency hotline, urgent calls only",
    "Chinese": "此致\n敬礼\nJo\nemergency hotline, urgent calls only",
    "French, formal": "Veuillez agréer, Madame, Monsieur, mes salutations distinguées.\nJo\nurgence critique",
    "Korean": "감사합니다.\nJo\nurgent emergency",
    "Greek": "Με εκτίμηση,\nJo\nurgent emergency",
    "words of no table": "Glædelig fredag,\nJo\nurgent emergency",
    "bar": "_____________________\nJo Doe\nHead of IT\nurgent emergency",
    "long dash": "\u2014\nJo Doe - Head of IT\nurgent emergency",
    "abbreviation": "BR\nJo\nemergency hotline, urgent calls only",
    "long": "Kind regards\nJo Doe\nHead of IT\nACME Ltd\nRoad 1\n12345 Town\nTel 1\nFax 2\nWeb x\nMail y\nEmergency hotline: urgent calls only, security incidents: report immediately",
    "disclaimer": "IMPORTANT NOTICE: This e-mail is confidential. If you received it in error notify us immediately and delete it. Critical security warning: do not forward.",
    "German disclaimer": "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail. Kritisch: Weitergabe nicht gestattet.",
    "French disclaimer": "Ce message est confidentiel. Si vous l'avez reçu par erreur, merci d'avertir immédiatement l'expéditeur et de le détruire. Critique, urgent.",
    "Spanish disclaimer": "Este mensaje es confidencial. Si lo recibe por error, notifique urgente al remitente y elimine el mensaje. Crítico.",
    "Portuguese disclaimer": "Esta mensagem é confidencial. Se a recebeu por erro, notifique urgente o remetente e apague. Crítico.",
    "Italian disclaimer": "Questo messaggio è riservato. Se ricevuto per errore, avvisare urgente il mittente e cancellare. Critico.",
    "Dutch disclaimer": "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde. Critical: verwijder het direct.",
    "banner": "[EXTERNAL] CAUTION: This email originated outside. Do not click links. Report urgent security issues immediately.",
    "German banner": "ACHTUNG: Diese E-Mail kommt von einem externen Absender. Dringend: keine Links klicken, keine Anhänge öffnen! Kritisch!",
    "French banner": "ATTENTION : expéditeur externe. Urgent : ne cliquez pas sur les liens. Critique.",
    "app": "Sent from my iPhone\nCritical typos included, urgent replies preferred",
    "German app": "Von meinem iPhone gesendet\nKritische Tippfehler inklusive",
    "French app": "Envoyé de mon iPhone\nurgent critique",
    "Japanese app": "iPhoneから送信\nurgent",
    "survey": "How did we do? Critical feedback wanted: outage, urgent, down",
    "German survey": "Wie zufrieden waren Sie? Kritische Meinung dringend erwünscht",
    "trees": "Please consider the environment before printing this e-mail. Urgent for our planet, critical!",
    "mailing list": "You received this message because you are subscribed to the group urgent-outages. To unsubscribe from this group, send mail.",
    "meeting": "Microsoft Teams Need help?\nJoin the meeting now\nMeeting ID: 123 456 Passcode: urgent",
    "address": "Submitted from https://acme.com/vpn-critical by urgent@acme.com",
    "company": "ACME GmbH, Geschäftsführer: Jo Doe, Amtsgericht Stadt, HRB 1234, URGENT Logistics",
}  # fmt: skip


@pytest.mark.parametrize("added", BEHIND.values(), ids=BEHIND)
def test_what_is_added_behind_makes_nothing_urgent(added: str) -> None:
    ticket = Ticket(ticket_id=1, title="Toner", description=f"{BASE}\n\n{added}")
    (reading,) = read_tickets([ticket], skills=["VPN", "Printers", "Legal", "Security"], now=0.0)
    assert (reading.urgency, dict(reading.skills)) == (0.4, {"Printers": 1.0})


@pytest.mark.parametrize("name", ["banner", "German banner", "French banner", "mailing list"])
def test_what_is_added_above_makes_nothing_urgent(name: str) -> None:
    ticket = Ticket(ticket_id=1, title="Toner", description=f"{BEHIND[name]}\n\n{BASE}")
    (reading,) = read_tickets([ticket], skills=["VPN", "Printers", "Legal", "Security"], now=0.0)
    assert (reading.urgency, dict(reading.skills)) == (0.4, {"Printers": 1.0})


@pytest.mark.parametrize(
    "tag", ["[EXTERNAL][URGENT-SPAM-CHECKED]", "[EXT] [External: urgent]", "[EXTERN]", "EXTERNAL:"]
)
def test_tags_of_gateways_in_titles(tag: str) -> None:
    ticket = Ticket(ticket_id=1, title=f"{tag} Toner", description=BASE)
    (reading,) = read_tickets([ticket], skills=["Printers", "Security"], now=0.0)
    assert (reading.urgency, dict(reading.skills)) == (0.4, {"Printers": 1.0})


@pytest.mark.parametrize("tag", ["[P1]", "[URGENT]", "[VPN]", "External monitor:"])
def test_tags_of_people_in_titles_count(tag: str) -> None:
    (title, _) = read_fields(f"{tag} is broken", "")
    assert all(weight > 1 for weight in title.weights)


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\nthanks for the toner.\nNow the VPN is down for everybody, please help.",
        "Hi\nMany thanks!\nThe VPN is down again since this morning.",
        "Thanks in advance for your help with the VPN\n",
        "Hello,\n\nthanks\n\nthe VPN is down for everyone here",
        "Toner\n\nJo Doe | Head | ACME\n\nAnd now the VPN is down.",
        "Dear team,\n\nHello Jo,\nVPN is down",
        "Affected are the following places:\n\nBerlin, Rome,\nVPN and Toner",
        "Two things\n\n-----\nVPN is down",
        "Caution: the floor is wet.\nThe VPN room is under water.",
        "External monitor flickers.\nThe VPN is down, too.",
        "I received a confidential e-mail in error.\n\nPlease notify the VPN sender and delete it from my mail, recipient unknown.",
        "Where is the environment before printing?\nVPN of the test environment is down.",
        "Sent from my desk the VPN works.\nIt does not work from home.",
        "Toner\n\nKind regards\nJo\n\nPS: the VPN is down for everybody.",
        "Toner\n\nViele Grüße\nJo\n\nP.S.: Das VPN ist weg",
        "Toner\n\nCordialement\nJo\n\nPS : le VPN est en panne",
    ],
)
def test_what_people_say_counts(text: str) -> None:
    body = read_fields("", text)[1]
    assert body.weights[body.words.index("VPN")] >= 1


def test_a_text_that_is_nothing_but_a_notice_is_read() -> None:
    words = read_fields("", "CAUTION: This email originated outside.\nDo not click links.")[1]
    assert max(words.weights) >= 1
