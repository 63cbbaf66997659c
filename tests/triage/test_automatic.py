"""Mail of machines is known, and tickets that speak of such mail are not taken for it."""

from __future__ import annotations

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.automatic import automatic_of

MACHINES = [
    ("out of office", "Automatic reply: [#7250] VPN outage", "I am out of the office until 7 December. For urgent matters call the emergency line."),
    ("out of office", "Out of Office: Re: P1 VPN outage", "Thank you for your e-mail. I'm on annual leave and will be back on Monday, 7 December."),
    ("out of office", "Auto: critical outage", "I'm on parental leave until June. Please contact Ann instead."),
    ("out of office", "Abwesenheitsnotiz: Ticket 7250", "Ich bin bis 7.12. nicht im Haus. In dringenden Fällen wenden Sie sich an die Zentrale."),
    ("out of office", "Automatische Antwort: P1 Ausfall", "Vielen Dank für Ihre Nachricht. Ich befinde mich im Urlaub und bin ab dem 4.1. wieder erreichbar."),
    ("out of office", "Réponse automatique : panne VPN", "Je suis absent du bureau jusqu'au 7 décembre. En cas d'urgence, contactez le support."),
    ("out of office", "Respuesta automática: VPN caída", "Estaré fuera de la oficina hasta el 7 de diciembre. Para asuntos urgentes llame a la central."),
    ("out of office", "Resposta automática: URGENTE", "Estou de férias até 7 de dezembro. Em caso de urgência contacte a central."),
    ("out of office", "Risposta automatica: guasto", "Sono fuori ufficio fino al 7 dicembre."),
    ("out of office", "Automatisch antwoord: storing", "Ik ben afwezig tot en met 7 december. Neem bij spoed contact op met de helpdesk."),
    ("out of office", "Odpowiedź automatyczna: awaria", "Jestem na urlopie do 7 grudnia."),
    ("out of office", "Autosvar: driftstopp", "Jag har semester till den 7 december."),
    ("out of office", "自動応答: 障害", "12月7日まで休暇をいただいております。"),
    ("out of office", "自动回复: 故障", "我休假至12月7日，紧急情况请联系总机。"),
    ("out of office", "Автоответ: авария", "Я в отпуске до 7 декабря."),
    ("out of office", "Re: P1 outage", "I am currently out of the office, returning on Monday. My mail will not be read; in urgent cases contact Ann."),
    ("out of office", "Automatische Antwort: Störung", "Ich bin derzeit nicht erreichbar."),
    ("out of office", "Réponse automatique : Panne", "Je suis actuellement en déplacement."),
    ("bounce", "failure notice", "Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message."),
    ("bounce", "Delivery delayed: invoice", "Delivery to the following recipient has been delayed."),
    ("receipt", "Ticket #123 received", "Thank you for contacting us. We will get back to you shortly."),
    ("bounce", "Undeliverable: P1 VPN outage", "Delivery has failed to these recipients or groups: ops@x.com. Diagnostic: 550 5.1.1 critical failure"),
    ("bounce", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software."),
    ("bounce", "Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.com. I'm sorry to have to inform you that your message could not be delivered."),
    ("bounce", "Delivery Status Notification (Failure)", "Address not found. Your message wasn't delivered to ops@x.com because the address couldn't be found."),
    ("bounce", "Unzustellbar: P1 Ausfall", "Die Nachricht konnte folgendem Empfänger nicht zugestellt werden: ops@x.de"),
    ("bounce", "Non remis : panne critique", "Votre message n'a pas pu être remis au destinataire ops@x.fr."),
    ("bounce", "No se puede entregar: urgente", "No se pudo entregar el mensaje a los destinatarios siguientes."),
    ("bounce", "配信不能: 障害", "次の受信者に配信できませんでした。"),
    ("bounce", "", "Delivery has failed to these recipients: ops@x.com. The server is down. 550 5.4.1"),
    ("receipt", "Read: P1 VPN outage", "Your message was read on Monday, November 23."),
    ("receipt", "Gelesen: P1 Ausfall", "Ihre Nachricht wurde am Montag gelesen."),
    ("receipt", "Lu : panne critique", "Votre message a été lu lundi."),
    ("receipt", "We have received your request (#123)", "Thank you for contacting Acme. Your ticket number is 123; we will reply shortly."),
    ("receipt", "Order confirmation 4711", "Thank you for your order. It will be shipped as soon as possible."),
    ("receipt", "Bestellbestätigung Nr. 4711", "Vielen Dank für Ihre Bestellung. Dringende Fragen? Rufen Sie an."),
    ("receipt", "Confirmation de commande n° 4711", "Merci pour votre commande."),
    ("receipt", "Confirmación de pedido #4711", "Gracias por su compra. Hemos recibido su pedido."),
    ("recovery", "RESOLVED: [P1] vpn-gw-1 is DOWN", "Recovery: the host vpn-gw-1 is UP again after 4 minutes."),
    ("recovery", "[Resolved] Critical: CPU high", "The alert is resolved. Duration: 4 min."),
    ("recovery", "** RECOVERY Service Alert: vpn-gw-1/Ping is OK **", "State: OK"),
    ("recovery", "OK: disk space critical on db1", "Status: OK, back to normal"),
    ("recovery", "Behoben: Ausfall VPN", "Das VPN ist wieder verfügbar."),
    ("recovery", "Résolu : panne VPN", "Le service est de nouveau disponible."),
    ("recovery", "Resuelto: caída de VPN", "El servicio ha sido restablecido."),
    ("recovery", "Resolved in 4m 3s: High CPU on vpn-gw-1, critical", "Problem has been resolved."),
    ("recovery", "[RESOLVED:1] InstanceDown vpn P1", ""),
    ("recovery", "UP alert: vpn.acme.com is UP", "The monitor is back up, downtime 4 minutes."),
    ("receipt", "Votre demande a été reçue (n° 123)", "Merci pour votre message. Nous vous répondrons dans les plus brefs délais."),
    ("advertising", "URGENT: last chance! Prices go up tonight", "Critical update to our webinar calendar. Act immediately! Unsubscribe here."),
    ("advertising", "Our November newsletter", "Ten tips against outages.\nView in browser\nUnsubscribe"),
    ("advertising", "Dringend: nur noch heute!", "20 % Rabatt auf alle Drucker. Jetzt sichern!\nNewsletter abbestellen"),
    ("advertising", "Dernière chance", "Inscrivez-vous au webinaire. Pour vous désinscrire, cliquez ici."),
    ("advertising", "Última oportunidad", "Oferta urgente: descuento del 20 %. Para darse de baja, pulse aquí."),
    ("advertising", "!!! URGENT OFFER !!!", "Click now, limited, act immediately"),
]  # fmt: skip

PEOPLE = [
    ("Your out of office reply is broken", "It still answers although I am back. Please turn it off."),
    ("Out of office: does not switch off", "I am back since Monday, but the automatic reply is still sent. Can you help?"),
    ("Automatic reply: please set it up for me", "I will be on leave until June and cannot reach my mailbox."),
    ("VPN", "I am out of the office until Monday and cannot reach the VPN from home. Please fix it."),
    ("I am out of the office", "Since this morning the VPN drops every ten minutes."),
    ("Abwesenheitsnotiz einrichten", "Können Sie bitte eine Abwesenheitsnotiz für Frau Maier einrichten? Sie ist bis 7.12. im Urlaub."),
    ("Abwesenheitsnotiz geht nicht", "Die automatische Antwort wird nicht verschickt."),
    ("Mails to a customer bounce", "Delivery has failed to these recipients, says the server: 550 5.1.1. Why does this happen?"),
    ("Undeliverable mail", "Our invoices come back: could not be delivered. We need them out today."),
    ("Fwd: Undeliverable: invoice", "All invoices come back like this one."),
    ("Mail delivery failed to all customers since noon", "Nobody gets our mail."),
    ("Unsubscribe link does not work", "Customers click on unsubscribe here in our newsletter and get an error."),
    ("Newsletter", "Our newsletter was sent twice. Please stop the job at once."),
    ("Please unsubscribe me from the newsletter", "I get ten a day. The unsubscribe here link is dead."),
    ("Webinar", "The webinar room is locked, 40 people wait outside!"),
    ("Order confirmation missing", "I ordered on Monday and got nothing."),
    ("Bestellbestätigung fehlt", "Kunden bekommen seit heute keine Bestellbestätigung mehr."),
    ("Confirmation de commande jamais reçue", "Le client attend depuis lundi."),
    ("Read: error on all disks", "The array shows read errors on every disk."),
    ("Resolved ticket 7250 is not resolved", "The VPN is down again."),
    ("RESOLVED: VPN", "No, it is still down for everyone!"),
    ("Resuelto: no", "La VPN sigue caída."),
    ("Backup is up to date?", "Is the backup of db1 up?"),
    ("PROBLEM: vpn-gw-1 is DOWN", "Host vpn-gw-1 is DOWN, critical."),
    ("Auto does not start", "Lift gate closed, cars wait."),
    ("Offre", "Pouvez-vous vérifier l'offre du fournisseur ? Le lien se désabonner ne marche pas."),
    ("自动回复坏了", "请帮我关闭自动回复。"),
    ("Vacation", "I am on vacation until Monday, and the VPN is not available here."),
    ("VPN", "Der Server ist seit heute nicht erreichbar, es ist dringend, Kontakt bis 12 Uhr."),
    ("Recovery: restore my files", "I deleted the folder, recover it please"),
    ("Mailbox full", "My mailbox is full, mail could not be delivered to me."),
    ("No puedo cancelar la suscripción", "Quiero darme de baja del boletín y la página da error."),
    ("Invoice", "We have received your invoice #123 but the amount is wrong."),
    ("OK: the printer", ""),
    ("Read: permission denied", ""),
    ("Up: nobody", ""),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "text"), MACHINES)
def test_mail_of_machines(kind: str, title: str, text: str) -> None:
    found = automatic_of(title, text)
    assert found is not None and found.kind == kind
    assert found.title in title and found.words in text


@pytest.mark.parametrize(("title", "text"), PEOPLE)
def test_tickets_of_people_about_such_mail(title: str, text: str) -> None:
    assert automatic_of(title, text) is None


def test_it_is_not_urgent_and_evidence_says_why() -> None:
    title, text = "Undeliverable: P1 VPN outage", "Delivery has failed to these recipients: critical failure"
    (reading,) = read_tickets([Ticket(ticket_id=1, title=title, description=text)], skills=["VPN"], now=0.0)
    assert reading.urgency == 0.1 and list(reading.skills) == ["VPN"]
    because = [(e.words, e.field) for e in reading.evidence if e.about == "urgency"]
    assert because == [("Undeliverable", "title"), ("Delivery has failed", "description")]
    assert [(e.words, e.weight) for e in reading.evidence if e.about == "automatic"] == [("bounce", 0.0)]


def test_what_the_fields_say_counts_more() -> None:
    text = {"title": "Automatic reply: VPN", "description": "I am out of the office until Monday."}
    stated = Ticket(ticket_id=1, priority="high", **text)
    due = Ticket(ticket_id=2, due=3600.0, **text)
    readings = read_tickets([stated, due], skills=["VPN"], now=0.0)
    assert [reading.urgency for reading in readings] == [0.7, 0.9]
