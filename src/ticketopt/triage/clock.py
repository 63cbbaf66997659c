"""Clock times and deadlines that are near: `by noon`, `doors open at 19:30`, `in 40 minutes`, `tomorrow at 8`.

A time alone is no deadline: `since 9`, `every day at 8` and `opens at 10` say nothing of when something must be done.
It is one after a word that sets a limit, beside today or tomorrow, or with something that begins or leaves then.
"""

from __future__ import annotations

import re

from ticketopt.triage.phrase_table import Span
from ticketopt.triage.text import Text
from ticketopt.triage.words import number_value, word_set

_LIMITS = word_set(
    "by before until till latest bis spatestens vor antes hasta avant dici jusqua ate entro prima voor uiterlijk tot"
)
_AT = word_set("at around um gegen las ore alle om a as uhr until by before bis hasta avant ate antes vor")
_NEAR = word_set("today tonight tomorrow heute morgen hoy manana aujourdhui demain hoje amanha oggi stasera domani")
_TODAY = word_set("today heute hoy aujourdhui hoje oggi vandaag")
_NEAR |= word_set("vandaag vanavond midnight todays tonights tomorrows")
_PARTS_OF_DAY = word_set(
    "afternoon evening night abend nachmittag nacht tarde noche soir apres noite sera middag avond"
)
_THIS = re.compile(r"\b(?:this|later|heute|esta|hoje|ce|cet|questa|deze)\W*$", re.IGNORECASE)
_NOT_TOMORROW = re.compile(r"\b(?:la|esta|cada|guten|jeden|am|pasado|apr[eè]s)\W*$", re.IGNORECASE)
_AT_WITH_ARTICLE = re.compile(r"\b(?:[ad]e? las?|das|à|às|alle|delle)\s+$", re.IGNORECASE)
_LOOK_BACK = 10
_NOONS = word_set("noon midday midnight mittag mitternacht mediodia medianoche midi minuit mezzogiorno mezzanotte")
_HOURS = word_set(
    "one two three four five six seven eight nine ten eleven twelve eins zwei drei vier funf sechs sieben acht neun "
    "zehn elf zwolf una dos tres cuatro cinco seis siete ocho nueve diez once doce deux trois quatre cinq sept huit "
    "neuf dix onze duas quatro oito nove dez doze due tre quattro sei sette otto dieci undici dodici een twee drie "
    "vijf zes zeven negen tien twaalf"
)
_HOUR_MARKS = word_set("am pm oclock uhr uur heures heure horas sharp")
_BEGINNING = word_set(
    "start starts begin begins leaves leave departs depart ends end due expires expire board boards boarding kickoff "
    "kick premiere premieres show performance concert exam exams hearing surgery flight train ferry launch launches "
    "sails airs broadcast live auction wedding funeral interview presentation ceremony lecture match audit auditors "
    "appointment visa speaks speech lecture talk plays performs sings arrives arrive comes come coming here air "
    "inspection inspectors signing notary closing truck lorry trailer pickup pick haul cutoff cut joins join doors "
    "gate gates curtain registration portal polls checkin deadline goes court judge shift guests customs handover "
    "kommt ankunft anreise premiere ubergabe "
    "beginnt startet fahrt fliegt abfahrt abflug termin prufung vorstellung sitzung notar wartet einlass gericht "
    "llega operan entrevista cita boda entierro "
    "empieza comienza sale examen vuelo reunion funcion audiencia vence juicio cirugia tren "
    "arrive rendez entretien vernissage enterrement "
    "commence part decolle reunion seance audience train examen mariage spectacle operation "
    "chega entrevista consulta casamento entrega "
    "comeca sai parte voo reuniao prova exame audiencia cirurgia comboio "
    "arriva colloquio appuntamento matrimonio visita "
    "inizia comincia parte esame riunione udienza volo treno notaio spettacolo "
    "komt afspraak bruiloft keuring oplevering "
    "begint vertrekt examen zitting vergadering vlucht trein operatie notaris"
)
_OPENING = word_set("open opens opening close closes schliesst offnet cierra abre ferme ouvre fecha chiude apre sluit")
_ENTRIES = word_set(
    "doors door puertas portes portas turen deuren "
    "gate gates registration portal polls poll window desk counter checkin bidding bids submission auction "
    "hotline booth booking sale presale upload inbox schalter einlass portal vergabe ventanilla plazo taquilla urnas "
    "guichet depot portail inscriptions balcao prazo bilheteira sportello bando loket inschrijving"
)
"""What opens and closes once: shops do so every day."""
_MUSTS = word_set(
    "need needs must have has due hand submit deliver required file filed wants muss mussen brauche brauchen soll "
    "tengo tenemos debo hay dois devons doit faut tenho temos preciso devo dobbiamo serve moet moeten"
)
_UNITS = word_set(
    "minute minutes min mins hour hours hrs h minuten minute stunde stunden std minuto minutos hora horas heure heures "
    "minuti ore ora uur uren minuut"
)
_AHEAD = word_set("in within innerhalb dentro dans em tra fra over binnen en only just another next noch")
_SURELY_AHEAD = word_set("within innerhalb dentro dans tra fra binnen")
_LEFT = word_set("left remaining until before till go bis hasta ubrig avant restantes restent rimasti")
_HALVES = word_set("half quarter halben halbe media demi meia mezz half")
_FAR = word_set(
    "since yesterday every each daily always usually weekly monthly seit gestern jeden jede immer taglich desde ayer "
    "cada diario siempre depuis hier chaque toujours ontem todo sempre ieri ogni sinds gisteren elke iedere altijd "
    "winter summer spring autumn last next january february march april june july august september october "
    "november december januar februar marz juni juli oktober dezember enero marzo junio julio octubre janvier mars "
    "juin juillet janeiro junho julho gennaio giugno luglio "
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays montags lunes lundis segundas domingos sundays "
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag martes miercoles jueves viernes sabado domingo lundi mardi mercredi jeudi vendredi samedi dimanche ago "
    "was were had came called waited took ended closed started recorded arrived went gave dit war hatte kam lief ever"
)
_AFTER_HOUR = word_set("to in of and de da di del della sharp latest morning manana manha matin mattina en e y et und")
_DATED = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_COMPACT = re.compile(r"\d{1,2}(?:am|pm|h|uhr)(?:\d\d)?")
_TELLING = _NEAR | _NOONS | _HOUR_MARKS | _UNITS | _PARTS_OF_DAY | _HOURS
"""A clause without a figure or one of these says no time."""
_REACH = 4
_LAST_HOUR = 24


def is_of_time(low: str) -> bool:
    """Whether a folded word may be part of a time: a text without one says none."""
    return low in _TELLING or low[:1].isdigit()


def deadlines(text: Text) -> list[Span]:
    """Where the text says that something is due within about a day."""
    words = text.low
    found: list[Span] = []
    beyond = 0
    for k in [k for k, word in enumerate(words) if is_of_time(word)]:
        if k < beyond:
            continue
        first, beyond = _clause(text, k)
        clause = words[first:beyond]
        spans = _countdowns(clause) or _limits(text, clause, first) or _appointments(text, clause, first)
        found += [(first + start, first + end) for start, end in spans]
    return found


def _clause(text: Text, place: int) -> Span:
    """First word of the clause around a word, within its sentence, and the word after its last."""
    clauses, sentences = text.clauses, text.sentences
    first, beyond = place, place + 1
    while first and clauses[first - 1] == clauses[place] and sentences[first - 1] == sentences[place]:
        first -= 1
    while beyond < len(clauses) and clauses[beyond] == clauses[place] and sentences[beyond] == sentences[place]:
        beyond += 1
    return first, beyond


def _countdowns(clause: list[str]) -> list[Span]:
    """`in 40 minutes`, `within the hour`, `two hours left`, `dans une heure`."""
    for k, word in enumerate(clause):
        if word not in _UNITS:
            continue
        start = k
        while start and k - start < 3 and _is_amount(clause[start - 1]):
            start -= 1
        before = clause[start - 1] if start else ""
        left = not _LEFT.isdisjoint(clause[k + 1 : k + 3]) and start < k
        if k >= 2 and clause[k - 2] in _SURELY_AHEAD:  # a number that is written in words
            return [(k - 2, k)]
        if before in _SURELY_AHEAD or left:
            return [(max(0, start - 1), k)]
        if before in _AHEAD and not _is_far(clause) and not any(_is_past_form(w) for w in clause[:start]):
            return [(start - 1, k)]
    return []


def _is_amount(word: str) -> bool:
    return number_value(word) is not None or word in _HALVES or word in ("of", "about", "einer", "an", "a", "less")


def _is_past_form(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed") and word not in ("need", "indeed", "speed")


def _limits(text: Text, clause: list[str], first: int) -> list[Span]:
    """`by noon`, `before 18:00`, `until tonight`, `bis morgen`, `antes de las 14`."""
    for k, word in enumerate(clause):
        if word not in _LIMITS:
            continue
        for other in range(k + 1, min(k + 1 + _REACH, len(clause))):
            near = clause[other] in _NEAR or clause[other] in _NOONS
            timed = _is_time(text, first, clause, other) and not _is_date(clause, other)
            if (near or timed) and not _is_far(clause):
                return [(k, other)]
    return []


def _appointments(text: Text, clause: list[str], first: int) -> list[Span]:
    """A time beside today or tomorrow, or with what begins then; or today with what must be done or begins."""
    if _is_far(clause):
        return []
    days = [k for k in range(len(clause)) if _is_near(text, clause, first, k)]
    near = max(days, key=lambda k: clause[k] not in _TODAY, default=None)
    time = next((k for k in range(len(clause)) if _is_time(text, first, clause, k)), None)
    begins = not _BEGINNING.isdisjoint(clause) or not (_OPENING.isdisjoint(clause) or _ENTRIES.isdisjoint(clause))
    if time is not None and (near is not None or begins):
        return [(time, time)] if near is None else sorted({(near, near), (time, time)})
    if near is not None and clause[near] not in _TODAY and begins:
        return [(near, near)]
    if near is not None and not _MUSTS.isdisjoint(clause) and not _OPENING.intersection(clause):
        return [(near, near)]
    return []


def _is_near(text: Text, clause: list[str], first: int, k: int) -> bool:
    """`tomorrow`, `this afternoon`; not `guten Morgen`, `por la mañana`."""
    if clause[k] not in _NEAR and clause[k] not in _PARTS_OF_DAY:
        return False
    start = text.starts[first + k]
    before = text.raw[max(0, start - _LOOK_BACK) : start]
    if clause[k] in _NEAR:
        return _NOT_TOMORROW.search(before) is None
    return _THIS.search(before) is not None


def _is_time(text: Text, first: int, clause: list[str], k: int) -> bool:
    """`18:00`, `7pm`, `14h30`, `8 o'clock`, `at nine`, `half past seven`, `noon`."""
    word = clause[k]
    if word in _NOONS or (word[:1].isdigit() and _COMPACT.fullmatch(word)):
        return True
    value = number_value(word)
    if value is None or not 0 <= value <= _LAST_HOUR:
        return False
    after = clause[k + 1] if k + 1 < len(clause) else ""
    before = clause[k - 1] if k else ""
    if after in _HOUR_MARKS or after in ("a", "p") or before in ("past", "quarter"):
        return True
    place = first + k
    if len(word) <= 2 and text.raw[text.ends[place] : text.ends[place] + 1] in (":", ".") and _is_minutes(after):
        return text.starts[place + 1] == text.ends[place] + 1
    said = text.raw[max(0, text.starts[place] - _LOOK_BACK) : text.starts[place]]
    if before == "um" or _AT_WITH_ARTICLE.search(said) is not None:
        return True
    return before in _AT and (after == "" or not _is_counted(after))


def _is_minutes(word: str) -> bool:
    return len(word) == 2 and word.isdecimal() and int(word) < 60


def _is_counted(word: str) -> bool:
    """Whether a number before this word counts something: `at two sites`, but not `at two today`."""
    return word.isalpha() and not (word in _NEAR or word in _PARTS_OF_DAY or word in _AFTER_HOUR)


def _is_far(clause: list[str]) -> bool:
    """Whether the clause speaks of another day, of every day or of the past."""
    if not _FAR.isdisjoint(clause) or any(word[:1].isdigit() and _DATED.fullmatch(word) for word in clause):
        return True
    return any(word == "from" and number_value(clause[k + 1]) is not None for k, word in enumerate(clause[:-1]))


def _is_date(clause: list[str], k: int) -> bool:
    after = clause[k + 1] if k + 1 < len(clause) else ""
    return after in _FAR or after in ("days", "weeks", "people", "percent")
