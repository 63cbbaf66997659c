"""Urgency by class: what people write when things stand still, data leak or somebody is in danger, and what is not so.

The sentences were written before the lexicon's phrases for them. Shares are asserted, not single sentences: a
dispatcher is right most of the time, and never alarmed by a drill.
"""

from __future__ import annotations

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import Reader, level_of, load_lexicon, read_tickets

CRITICAL = """
Conveyor three has been standing since the morning shift began, forty pallets an hour are not moving
The packing hall is at a stop, no labels come out for anyone and the trucks are waiting
Card readers refuse every card in all our shops since eleven
Shoppers put things in the basket but nobody gets past the payment page
Not one order has come in since the release last night, normally we have two hundred an hour
The pharmacy robot dispensed the wrong strength to a patient
Lab results of one patient appear in the chart of another patient
When I open my payslip I see the payslip of a colleague from another branch
Our customer portal shows me the contracts of a company I have never heard of
I mailed the spreadsheet with all salaries to the whole company by mistake
The export with all customer addresses is reachable through a public link
My mailbox is sending messages to all my contacts by itself and I did not write them
Files on the share get a strange extension one after the other and cannot be opened any more
There is an admin account in our tenant that none of us created and it is adding others
I entered my password on a page that turned out to be fake
Somebody changed the supplier's bank details and the first payment has already gone out to them
Two people are stuck in the lift on floor four and the intercom is dead
The fire panel shows a fault on every loop, no detector in the building is working
Heart monitors on ward 3 give no sound when the value falls
The emergency line gives no ring tone, callers cannot reach the control room
There is a strong smell of gas in the boiler room
Doors of the cold store closed and a colleague is locked in
None of the nurses can open the medication cabinet and patients are due their drugs
Clinic cannot see any patient record, the whole hospital is working blind
Dispatch is dead, no driver gets a tour and goods are spoiling on the ramp
Payouts to all merchants failed and none of them has been paid
The production database was deleted and all services return errors
None of our customers can log in to the app any more
All sites lost their internet connection at the same moment
Die Produktionslinie steht, nichts bewegt sich mehr
In der ganzen Filiale geht keine Kasse mehr
Ich habe mein Passwort auf einer gefälschten Seite eingegeben
Der Kunde sieht die Rechnungen eines anderen Kunden
La línea de producción está parada y nadie puede trabajar
Un paciente recibió los resultados de otro paciente
Mi cuenta está enviando correos sola
La chaîne de production est à l'arrêt depuis ce matin
Un client a reçu la facture d'un autre client
Quelqu'un est enfermé dans l'ascenseur
A linha de produção parou e ninguém consegue trabalhar
Um paciente recebeu o exame de outro paciente
Nenhum cliente consegue pagar no site
Robots in hall B do not move since the update, the assembly line cannot build a single car
Our warehouse has come to a complete stop because no scanner gets a job
Every till in the store shows a blank screen and the line of people goes to the street
Guests cannot check in, the whole front desk is frozen and the lobby is full
All card payments are declined, we turn people away
We get no bookings at all any more, the booking form throws an error for everyone
The discharge letter carries the diagnosis of somebody else
A parent opened the school app and saw the grades and address of a different child
The newsletter went out with all recipients visible to each other
A customer just sent us a screenshot with the names and orders of other buyers
The HR folder with sick notes can be opened by anybody in the firm
Our storage bucket with passports is open to the world
Colleagues get mails from me with odd attachments that I never sent
Someone I don't know is moving the mouse on my screen and opening files
A pop-up says all our files are locked and demands money
I gave my code and password to a caller who said he was from IT
An unknown login from abroad is downloading all our documents right now
Money is being moved out of our account and we did not order it
The infusion pump runs at the wrong rate
The allergy warning does not show up, doctors prescribe without it
A worker got his hand in the machine because the emergency stop did not react
Sparks come from the socket under the desk
Smoke alarm is ringing on the third floor and we see smoke
People are locked inside the data center, the badge doors do not open
The panic button in the bank does nothing
112 cannot be dialled from any phone in the house
Trains cannot leave because the signalling screen is black in the whole control center
Water is running into the server room
All flights are held on the ground since the crew system does not answer
The wages of all employees were not paid out, the bank file was rejected and today is payday
Whole region has no mobile service
Our API returns errors to every customer and all their integrations are failing
Nobody in the hospital can order blood
Unser Webshop nimmt keine Bestellungen mehr an
Ein Patient hat das Medikament eines anderen Patienten bekommen
Mein Konto verschickt von selbst E-Mails
Es riecht nach Gas im Keller
Ningún cliente puede pagar en las cajas
Escribí mi contraseña en una página falsa
Hay humo en la sala de servidores
J'ai saisi mon mot de passe sur un faux site
Aucune caisse ne fonctionne dans le magasin
Vejo os pedidos de outro cliente na minha conta
Há uma pessoa presa no elevador
The kiln line is standing and the whole shift is sent home
Our ATMs give no cash to any customer in the city
Nurses cannot open any chart since seven, ward rounds are cancelled
A tenant in the app can read the rental contract of her neighbor
The mailing about overdue debts went to the wrong customers with their names and amounts
Grades of all pupils are on a page that anyone can open
My account posts things I never wrote and my password no longer works
All files on the server end in .locked and there is a note asking for money
The dialysis machines stop with an error in the middle of treatment
A visitor fainted in the lift, doors do not open
Smoke comes out of the UPS
We cannot take a single payment, the terminal says host unreachable in every store
The trading platform is unreachable for all clients
Letters from the debt team contain the bank details of other people
Someone called from the bank and I told him my TAN code, now the money is gone
No ambulance can be dispatched, the screens are black
Checkout throws an error for everybody since nine
Alle Kassen sind ausgefallen
Todas las cajas están caídas
Toutes les caisses sont en panne
Todos os caixas pararam
Hackers are in our network and create new admins
The bakery ovens stopped in all stores and there is no bread for anybody
Bank customers cannot withdraw or transfer anything since the update
Paramedics get no addresses on their tablets
The school sent the psychologist's report to the parents of a different pupil
Policy documents of strangers appear under my login
The list of members with bank details can be found on Google
Someone took over our Instagram account and is writing to our followers
A driver opened the attachment and now every file on his drive is unreadable with a ransom text
The cooling system of the vaccine store failed and the temperature is rising
A cleaner is locked in the archive and nobody has a key
The chlorine alarm at the pool rings and people are coughing
All gates at the parking garage stay closed and cars cannot leave
The hotline is dead, callers hear nothing
Our whole site has no electricity
Wir können nichts mehr ausliefern, das Lager steht komplett still
No podemos cobrar a ningún cliente
""".strip().splitlines()

HARMLESS = """
The nightly job stopped with an error, it will run again tonight
Checkout is down in the test environment
Staging returns errors for every request since the merge
One single user cannot log in to the portal
The warehouse outage of last week is fixed, we only need the report
What would happen if the production line stopped and nobody could work?
Evacuation drill on Thursday: please silence the alarms
In the phishing training I entered my password on the fake page and got a lesson
A wrong label was printed, no patient affected
The lift was stuck yesterday, it works again, please send the bill
Please add a public link to the price list
I want to share a spreadsheet with the whole company
Can customers see each other's names in the forum, or how do we switch that on?
Please create another admin account for our new colleague
How do I report a phishing mail, I did not click anything
My own account shows an old address
I received another invoice
The smoke detector in room 12 needs a new battery
The gas bill for March is missing
Could you send me the medication list template
Card payments are settled one day late for one shop
The demo tenant shows sample orders of other customers
Please block the card of my colleague who left
We had no orders yesterday because of the holiday
The monitor on my desk is dead
I am locked out of my account
Please change the bank details of our supplier
The report about the breach last year is due next month
Users ask whether they can export all addresses
The conveyor belt needs grease
Recovery exercise: we restore the deleted production database on Friday
Only my phone has no internet at home
Die Testumgebung steht still
Die Produktionslinie war gestern gestört und läuft wieder
La caja 3 estuvo parada ayer, ya funciona
Formation: simulation d'incendie jeudi
O ambiente de teste está fora do ar
Eu recebi outra fatura
The sandbox API is down for everyone on our team
QA environment is dead since yesterday evening
The backup job failed last night, the earlier copy is fine
The outage is over, all tills work again
In case the whole site goes down, whom do we call?
We simulate ransomware next week, please prepare a few dummy files
For the table-top exercise we pretend that an attacker encrypts our files
My till has a sticky key
A patient asked how to see his results online
One customer got his own invoice twice
Please make the folder visible to everybody in the company
Reset the password of the shared mailbox
I forgot the PIN of the medication cabinet
The elevator music is too loud
The fire extinguisher inspection is due
Please send the safety training slides
The door of the meeting room is stuck open
A colleague wants to see the salary table template
The dashboard of the demo customer is empty
Payment page: the logo is too small
Please turn off the alarm mails for the test cluster
Development database was deleted, we can rebuild it
There was smoke from the kitchen toaster last week, it has been replaced
No one was injured, the shelf only needs a screw
We get a lot of spam lately
Can the app support several tenants with separate data?
The line manager cannot approve a vacation request
A typo in the patient leaflet
Our guests ask for the wifi code
Someone else should take over my tickets while I am away
The training system has no patients in it
Kein Patient betroffen: das Etikett war falsch
Was passiert, wenn das Lager ausfällt?
Simulacro de incendio el viernes
Le serveur de test est en panne
A fatura de março está em outro formato
The test till is down, no hurry to replace it
Ward 4 needs a second printer
Could you show me how customers see their invoices
A checkout button is slightly off on the demo shop
My colleague was locked out yesterday, solved now
Please set up an alarm for the freezer
The production report shows last month twice
What if two customers share one address?
Our plant tour needs a badge for a visitor
The hotel wants a copy of the invoice
A driver lost his charging cable
Fire drill next Monday at ten
The warehouse map is out of date
One shop has a card reader with a worn keypad
I cannot find the patient leaflet template
The API documentation lacks an example for errors
Please stop the newsletter to a former customer
The elevator button light is broken
Everyone likes the new intranet
The bank changed its logo
The staging site shows the orders of other customers, it is fake data
Der Testserver steht
The bread order form has a typo
My tablet shows no address in the contact card
The report for parents should get a new logo
Bank details: how do I change mine
We had a false alarm at the pool on Sunday
Gates at the garage need new stickers
Can you test the hotline announcement on Friday
The archive key should be copied
A customer wants all his invoices again
The app stops when I select all rows
My file is unreadable, please send it again
The system is slow for me in the afternoon
""".strip().splitlines()


def level(text: str, title: str = "") -> str:
    (reading,) = read_tickets([Ticket(ticket_id=1, title=title, description=text)], skills=["Printers"], now=0.0)
    return level_of(reading.urgency)


def words(text: str) -> list[str]:
    (reading,) = read_tickets([Ticket(ticket_id=1, description=text)], skills=["Printers"], now=0.0)
    return [item.words for item in reading.evidence if item.about == "urgency"]


def test_nearly_all_standstills_leaks_breaches_and_dangers_are_critical() -> None:
    missed = [text for text in CRITICAL if level(text) != "critical"]
    assert len(missed) <= 0.1 * len(CRITICAL), missed


def test_drills_tests_requests_and_the_past_raise_no_alarm() -> None:
    assert [text for text in HARMLESS if level(text) == "critical"] == []
    high = [text for text in HARMLESS if level(text) == "high"]
    assert len(high) <= 0.05 * len(HARMLESS), high


@pytest.mark.parametrize(
    "text",
    [
        "Queue out of the door, customers leave!!",
        "I typed my password into a phishing page, what do I do now???",
        "Somebody has to look at this NOW",
        "My laptop was stolen on the train",
    ],
)
def test_alarm_without_the_word_urgent(text: str) -> None:
    assert level(text) in ("high", "critical")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Would be nice to have this week", "medium"),
        ("Would be nice to have", "low"),
        ("There are 3 customer calls this afternoon", "medium"),
        ("The other tools work fine", "medium"),
        ("The Spark job failed", "medium"),
    ],
)
def test_weak_words_decide_nothing(text: str, expected: str) -> None:
    assert level(text) == expected


def test_what_is_calmed_in_the_title_is_calm_in_the_body_and_a_turn_of_the_sentence_ends_it() -> None:
    assert level("The production line is down, nobody can work.") == "critical"
    assert level("The production line is down, nobody can work.", "Drill on Thursday") == "medium"
    assert level("The test environment is fine but the production line is down.") == "critical"
    assert level("This is not a drill: the production line is down.") == "critical"


def test_a_negated_level_shows_its_negation() -> None:
    assert words("No emergency, it squeaks") == ["No emergency"]
    assert words("This is not urgent") == ["not urgent"]


def test_groups_stand_for_their_alternatives_in_a_users_lexicon() -> None:
    sign = {"points": 3, "severe": "yes", "phrases": ["@boat ~ sinks|leaks"]}
    urgency = {"groups": {"boat": ["ferry", "tug boat"]}, "signs": {"ships": sign}}
    lexicon = load_lexicon({"urgency": urgency})
    texts = ["The tug boat leaks", "A ferry sinks", "The boat leaks"]
    tickets = [Ticket(ticket_id=k, description=text) for k, text in enumerate(texts)]
    readings = Reader(lexicon=lexicon)(tickets, skills=["Printers"], now=0.0)
    assert [level_of(reading.urgency) for reading in readings] == ["critical", "critical", "medium"]


def test_an_unknown_group_is_reported() -> None:
    sign = {"points": 1, "phrases": ["@bota ~ sinks"]}
    with pytest.raises(ValueError, match=r"@bota.* is not a group"):
        load_lexicon({"urgency": {"groups": {"boat": ["ferry"]}, "signs": {"ships": sign}}})
