"""Hazards to people and clock times in seven languages, and what only sounds like them.

The sentences were written before the rules. Shares are asserted: a rule that knows every sentence knows only these.
"""

from __future__ import annotations

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import level_of, read_tickets

HAZARDS = """
The toaster in the staff kitchen is throwing sparks and the wall behind it is black
There's a burning smell coming out of the ceiling above desk 12
Our intern touched the casing and got an electric shock, she's sitting on the floor shaking
A resident fell out of bed and is not answering us
He cut himself at the slicer and it won't stop bleeding
One of the kids ate something from the nut trolley, his lips are swelling and he wheezes
A drum in bay 4 is leaking something that stings in the eyes
The scaffolding on the north side is leaning and people walk underneath
A guest has chest pain and cannot feel his left arm
Water is pouring through the lamp in the computer room onto the live sockets
A power line came down and lies across the playground
The gentleman in 304 wrote that he does not want to be alive tomorrow, he has pills
An angry man is in the lobby and he is waving a knife
Our dog walker was just bitten by the boar that runs loose behind the school
A toddler is shut in the car in the sun and the key is inside
The chair lift stopped with passengers hanging above the gorge
The forklift has tipped over and the driver's leg is under it
Carbon monoxide alarm keeps going off in flat 6 and the old lady is dizzy
Brakes of the tram do not bite, it rolled through the stop twice this morning
Chlorine smell at the indoor pool, three swimmers are coughing
The ventilator shut off while a patient was on it
Mother of a pupil says the girl never came home and nobody has seen her since school
The tire exploded and a mechanic was hit in the face
Manhole cover is missing on the cycle path, a rider has just gone in
Aus dem Schaltschrank kommt Qualm und es riecht verbrannt
Ein Kollege ist von der Leiter gestürzt und bewegt sich nicht
Im Labor ist Säure ausgelaufen, zwei Leute haben gerötete Augen
Ein Gast bekommt keine Luft mehr, er hat wohl etwas mit Nüssen gegessen
Der Kran hat sich geneigt, die Last hängt über dem Gehweg
Hay humo en el pasillo y los niños siguen dentro del aula
Un compañero ha recibido una descarga eléctrica y está inconsciente
Se ha roto una tubería de gas delante de la guardería, huele en toda la calle
Une collègue s'est évanouie, elle saigne de la tête
Le plafond de la cantine est en train de tomber, il y a du monde dessous
Un patient ne respire presque plus, la pompe a tout injecté d'un coup
Uma criança ficou presa na escada rolante e está a sangrar
O forno está a deitar faíscas e o cheiro a gás é muito forte
C'è fumo nella sala macchine e un operaio è rimasto dentro
Un ragazzo è caduto dal tetto e non risponde
Er komt rook uit de meterkast en een bewoner zit vast in de lift
""".strip().splitlines()

CLOCKS = """
The bus with the choir leaves at 5 pm today and the tickets still say last year
Doors open at 19:30 and the gate printer gives blank slips
Kick-off is in 40 minutes and the scoreboard shows the wrong teams
I board in an hour and the boarding pass will not load
The judge wants the file by noon and it will not upload
We have to hand in the offer before 6 pm, the form rejects our stamp
Tomorrow at 8 the auditors are here and the report has no figures
The registrar closes at four this afternoon, my certificate still has the wrong name
Surgery is at 7 tomorrow morning and the implant has not been delivered
The broadcast goes out at half past eight tonight and the subtitles are empty
Only two hours left until the auction ends and my bids are refused
Der Notar wartet um 15 Uhr auf den Vertrag und er lässt sich nicht öffnen
In 20 Minuten beginnt die Prüfung und der Raum ist abgeschlossen
Bis morgen um 9 muss die Meldung beim Amt sein und das Formular hängt
El examen empieza a las 10 de hoy y no me deja entrar
Antes de las 14:00 tengo que enviar la factura y el portal da error
Le train part dans 30 minutes et mon billet ne s'affiche pas
La réunion commence à 14h et le projecteur ne marche pas
O voo sai às 18h de hoje e o cartão não aparece
Il notaio chiude alle 16 di oggi e manca la firma
De zitting begint morgen om 9 uur en het dossier is leeg
""".strip().splitlines()

CALM = """
Please order two new fire extinguishers and a smoke detector for the kitchen
The fire drill on Friday begins at 10 o'clock, please tell the tenants
What should we do if somebody faints in the reading room?
Where can I find the form for reporting an accident at work?
Which course covers electric shock and burns?
The carpet was replaced after the flood three years ago and now it curls at the edge
My gas bill is too high again this month
The fire wall blocks my download of the template
We had smoke in the kitchen last winter, the hood still rattles a little
The memory leak in the report tool makes it slower after some days
Is there a warranty on the burn marks of the oven tray?
The knife block in the canteen needs a new label
In the game my knight falls through the floor when he is bleeding
The insurance asks for the date of last year's fire
Can you explain what the gas alarm sounds like when it is tested?
The evacuation plan on the wall shows the old stairs
Nobody was hurt, there is no smoke and no smell, only the lamp flickers
The training video about chemical spills stops after a minute
We need a first aid kit and some burn cream for the new van
Please add "allergic reaction" to the list of reasons in the form
The falling snow effect on the website looks dated
Our sparkling water machine leaks a few drops into its tray
How do I book the self-defense class where they talk about knives?
The trapped key in the machine can be seen in the manual on page 4
The heart icon bleeds into the text on small screens
I would like to know whether the boiler room counts as a hazard zone
The word "explosion" is misspelled in the safety leaflet
Dead birds? No, the question is about the bird feeder in the yard
Wann ist die nächste Brandschutzübung?
Der Rauchmelder braucht eine neue Batterie
Wer bezahlt die Reparatur nach dem Wasserschaden vom letzten Jahr?
Bitte den Kurs zu Gasunfällen in den Kalender eintragen
¿Dónde puedo apuntarme al curso de primeros auxilios?
El simulacro de incendio fue un éxito, gracias a todos
Queremos cambiar el detector de humo del despacho
Quelle est la date du prochain exercice incendie ?
L'extincteur du couloir doit être contrôlé cette année
Onde encontro o formulário de acidentes de trabalho?
O seguro contra incêndio acaba em dezembro
Quando si tiene la prossima prova antincendio?
Het formulier voor ongevallen is verouderd
""".strip().splitlines()

NO_CLOCK = """
The canteen opens at 11:30 every day, could the sign say so?
On Thursdays the choir sings from 5 to 7 in the hall
The printer has been slow since 9 this morning
I called yesterday at 4 pm and nobody knew about it
The museum closes at six in winter, please correct the page
My shift ended at 22:00 and the clock recorded 21:00
Next month we move, the truck comes at 8 on the 14th
The backup runs at 2 am and takes an hour
I waited for 20 minutes on the phone
Our meeting on 12 March starts at 10, we need coffee for eight
Der Laden öffnet um 9 Uhr, das steht falsch auf der Seite
Los lunes empiezo a las 8, quiero cambiar el turno
Le musée ferme à 18h, le site dit 19h
A loja abre às 10h aos domingos
""".strip().splitlines()


def level(text: str, title: str = "") -> str:
    (reading,) = read_tickets([Ticket(ticket_id=1, title=title, description=text)], skills=["Printers"], now=0.0)
    return level_of(reading.urgency)


def test_nearly_all_hazards_to_people_are_critical() -> None:
    missed = [text for text in HAZARDS if level(text) != "critical"]
    assert len(missed) <= 0.1 * len(HAZARDS), missed


def test_nearly_all_clock_times_ahead_are_at_least_high() -> None:
    missed = [text for text in CLOCKS if level(text) not in ("high", "critical")]
    assert len(missed) <= 0.1 * len(CLOCKS), missed


def test_what_only_sounds_like_a_hazard_is_none() -> None:
    assert [text for text in CALM if level(text) == "critical"] == []
    high = [text for text in CALM if level(text) == "high"]
    assert len(high) <= 0.05 * len(CALM), high


def test_opening_hours_dates_and_the_past_are_no_deadlines() -> None:
    raised = [text for text in NO_CLOCK if level(text) in ("high", "critical")]
    assert len(raised) <= 0.1 * len(NO_CLOCK), raised


@pytest.mark.parametrize("title", ["Fire drill", "Training on Monday", "Brandschutzübung"])
def test_a_title_that_says_it_is_no_event_calms_the_body(title: str) -> None:
    body = "Smoke in the stairwell and a person is trapped on floor 3."
    assert level(body) == level(body, "Stairwell") == "critical"
    assert level(body, title) != "critical"


def test_quoted_mail_and_signatures_raise_nothing() -> None:
    quoted = "Thanks, the lamp works.\n\nOn Monday Ann wrote:\n> There is smoke in the archive and a man is trapped"
    signed = "Please send two chairs.\n\n-- \nIn case of fire or gas leak call 112\nTrapped in the lift? Dial 9"
    assert level(quoted) in ("low", "medium")
    assert level(signed) in ("low", "medium")
