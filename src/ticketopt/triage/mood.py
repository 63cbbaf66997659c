"""Whether a sentence tells what is, or only speaks of it: questions, conditions, the past, orders, things named so.

"Where is the form for a gas leak?", "if somebody faints", "the fire three years ago", "please order a smoke detector"
name a danger and report none. Words alone cannot tell; how the clause begins and what stands beside them can.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from ticketopt.triage.phrase_table import Span
from ticketopt.triage.text import Text
from ticketopt.triage.words import number_value, stem, word_set

_ASKING = word_set(
    "what which where when who whom whose how wann wo wie was welche welcher welches wer donde cuando como que cual "
    "quien ou quand comment quel quelle quels quelles qui quest onde qual quais dove quando come quale wanneer waar "
    "hoe welke wat wie"
)
_AUXILIARIES = word_set(
    "is are do does did can could should would will may might has have shall ist sind gibt kann konnen konnte darf "
    "soll sollte wird haben hat hay esta puede pueden podria tiene est peut pouvez existe y ya pode podem tem puo "
    "posso avete kan mag moet heeft any anybody"
)
_TELLING = word_set(
    "there is are was has have he she it they we i im hes shes theyre were ist sind hat haben wir er sie es hay esta "
    "estan hemos il elle on cest nous ha temos esta ele ela ce sono e er we"
)
_CONDITIONS = word_set("if falls sofern whenever wenn indien")
_KNOWING = word_set("know tell sure see ask wonder unsure weiss sicher unclear check weet")
_CASES = frozenset(
    {
        *(("in", "case"), ("the", "event"), ("im", "fall"), ("im", "falle"), ("en", "caso"), ("en", "cas")),
        *(("em", "caso"), ("in", "caso"), ("in", "geval"), ("what", "happens"), ("que", "pasa"), ("was", "passiert")),
    }
)
_LAST = word_set("last previous former letzten letztes letztem letzte vorigen voriges pasado pasada dernier derniere")
_LAST |= word_set("passado passada scorso scorsa vorig vorige afgelopen")
_PERIODS = word_set(
    "year years month months week weeks winter summer spring autumn fall season century decade jahr jahre jahren monat "
    "monate monaten woche wochen fruhjahr fruhling sommer herbst ano anos mes meses semana semanas invierno verano "
    "primavera an ans annee annees mois semaine semaines hiver ete automne inverno verao anno anni mese mesi estate "
    "jaar maand maanden weken zomer"
)
_AGO = word_set("ago vor hace geleden fa")
_SINCE = word_set("since seit desde depuis dal dalla sinds after nach")
_AFTER = word_set("after following nach seit since tras despues apres depuis apos depois dopo na sinds former old")
_NOW = word_set("now jetzt gerade ahora maintenant agora adesso nu still again noch wieder immediately help")
_HELP = word_set("help ambulance doctor police medic paramedics hilfe arzt ayuda medico aide medecin ajuda aiuto hulp")
_ORDERING = word_set(
    "order add buy replace book install enter put change update print schedule renew create write send include list "
    "bestellen eintragen tauschen erneuern wechseln kaufen anlegen comprar cambiar pedir anadir instalar acheter "
    "changer ajouter commander trocar adicionar encomendar cambiare ordinare aggiungere bestel vervang"
)
_NEEDING = word_set(
    "need needs want wants like wish looking brauchen brauche mochten mochte wollen queremos quiero quisiera "
    "necesitamos voudrais voulons queria gostaria precisamos vorremmo vorrei willen"
)
_POLITE = word_set("please bitte kindly favor merci veuillez alsjeblieft graag")
_HEAD = 4
_MOST_READ = 300  # words of a field whose clauses are looked at one by one
_WISHING = word_set("we i wir ich nous je nos eu noi io wij ik wed id can could")
_CARRIERS = frozenset(
    stem(word)
    for word in word_set(
        "detector detectors alarm alarms sensor sensors bill meter door doors drill drills exit exits extinguisher "
        "insurance policy certificate form report test course training block rack wall station "
        "brigade department engine engines inspection inspector regulation regulations code codes plan plans company "
        "supplier contract price prices price tariff hob stove cooker boiler heating mask masks hood cream kit box "
        "cabinet "
        "blanket safety hazard label labels sign signs symbol icon effect effects color mode break area zone proof "
        "resistant remover cleaner cleaning storage room class classes statistics history risk protection prevention "
        "warden officer retardant escape test machine machines button tax allowance claim claims account accounts "
        "management compliance sound mixer bath peel free"
    )
)
_ENDINGS = (
    *("melder", "ubung", "versicherung", "schutz", "kurs", "zahler", "rechnung", "herd", "heizung", "tur", "loscher"),
    *("alarm", "pause", "frei", "verbot", "anbieter", "liste", "formular", "schaden", "melders", "meldern"),
)
_ROMANCE_CARRIERS = word_set(
    "detector detectores detecteur detecteurs detetor detetores rilevatore rilevatori seguro seguros assurance "
    "assicurazione exercice exercices simulacro simulacros simulado curso cours corso prueba prova teste test "
    "formulario formulaire modulo puerta porte porta contador compteur factura fattura facture extintor extincteur "
    "estintore alarma alarme allarme sensor capteur sensore plan plano piano protection proteccion prevencion "
    "prevention prevencao prevenzione salida saida sortie uscita"
)
_LINKS = word_set("de d di da do del della contra contre contro anti a por pour para")


def is_told(text: Text, span: Span, match: Sequence[Span] = ()) -> bool:
    """Whether the words there are said to be so now.

    They are not when they name a kind of thing (`smoke detector`), are asked for, depend on a condition, are long past
    or belong to something that is ordered. Of a `match` of several parts, another part is no thing named so: the alarm
    of `monoxide ~ alarm`.
    """
    is_thing = _names_a_thing(text, span, {first for first, _ in match})
    return not is_thing and _tells(text, _clause(text, span[0]), span[0])


def told_words(text: Text) -> list[bool]:
    """Which words stand in clauses that tell what is so now; from word `_MOST_READ` on all do."""
    told = [True] * len(text.words)
    place = 0
    while place < min(len(told), _MOST_READ):
        clause = _clause(text, place)
        is_told = _tells(text, clause, place) and not _is_supposed(text, clause, clause[-1])
        told[place : clause[-1] + 1] = [is_told] * (clause[-1] + 1 - place)
        place = clause[-1] + 1
    return told


def _tells(text: Text, clause: range, place: int) -> bool:
    return not (
        _is_asked(text, place)
        or _is_supposed(text, clause, place)
        or _is_past(text, clause, place)
        or _is_ordered(text, clause)
    )


def is_asked(text: Text, span: Span) -> bool:
    """Whether the words there are part of a question, or depend on a condition."""
    return _is_asked(text, span[0]) or _is_supposed(text, _clause(text, span[0]), span[0])


def _clause(text: Text, place: int) -> range:
    """The words of the clause around a word, within its sentence."""
    clauses, sentences = text.clauses, text.sentences
    first = last = place
    while first and clauses[first - 1] == clauses[place] and sentences[first - 1] == sentences[place]:
        first -= 1
    while last + 1 < len(clauses) and clauses[last + 1] == clauses[place] and sentences[last + 1] == sentences[place]:
        last += 1
    return range(first, last + 1)


def _names_a_thing(text: Text, span: Span, meant: Set[int]) -> bool:
    first, last = span
    after = last + 1
    adjoins = after < len(text.words) and text.clauses[after] == text.clauses[last] and not text.after_determiner[after]
    if adjoins and after not in meant and stem(text.words[after]) in _CARRIERS:
        return True
    if text.compounds and text.low[last].endswith(_ENDINGS):
        return True
    before = first - 1
    while before >= 0 and first - before < 3 and text.low[before] in _LINKS:
        before -= 1
    if before < 0 or text.sentences[before] != text.sentences[first]:
        return False
    return text.low[before] in _ROMANCE_CARRIERS and text.clauses[before] == text.clauses[first]


def _is_asked(text: Text, place: int) -> bool:
    """In a question, from the clause that asks to the end, unless a later clause tells something itself."""
    clause = _clause(text, place)
    if not _ends_with_question(text, place):
        return False
    sentence = text.sentences[place]
    while True:
        words = [text.low[k] for k in clause]
        if words[0] in _ASKING or words[0] in _AUXILIARIES or (len(words) > 1 and words[1] in _ASKING):
            return True
        if not _TELLING.isdisjoint(words) or clause[0] == 0 or text.sentences[clause[0] - 1] != sentence:
            return False
        clause = _clause(text, clause[0] - 1)


def _ends_with_question(text: Text, place: int) -> bool:
    last = place
    while last + 1 < len(text.words) and text.sentences[last + 1] == text.sentences[place]:
        last += 1
    end = text.ends[last]
    following = text.starts[last + 1] if last + 1 < len(text.words) else min(end + 8, len(text.raw))
    return "?" in text.raw[end:following] or "\uff1f" in text.raw[end:following]


def _is_supposed(text: Text, clause: range, place: int) -> bool:
    words = [text.low[k] for k in range(clause[0], place)]
    for k, word in enumerate(words):
        if word in _CONDITIONS and (k == 0 or words[k - 1] not in _KNOWING):
            return True
    return any(pair in _CASES for pair in pairwise(words))


def _is_past(text: Text, clause: range, place: int) -> bool:
    """`last year`, `three years ago`, `in 2019`, or right after `after the`; not where that says since when."""
    before = place - 1
    if before >= clause[0] and text.after_determiner[place] and text.low[before] in _AFTER:
        return True
    words = [text.low[k] for k in clause]
    if not _NOW.isdisjoint(words):
        return False
    for k, word in enumerate(words):
        beside = {*words[max(0, k - 3) : k], *words[k + 1 : k + 2]}
        told = (word in _PERIODS and not _LAST.isdisjoint(beside)) or _is_year(word)
        told = told or (word in _PERIODS and not _AGO.isdisjoint(beside))
        if told and _SINCE.isdisjoint(words[max(0, k - 4) : k]):
            return True
    return False


def _is_year(word: str) -> bool:
    value = number_value(word) if len(word) == 4 else None
    return value is not None and 1950 <= value <= 2050


def _is_ordered(text: Text, clause: range) -> bool:
    """`please order`, `we need new`, `bitte ... eintragen`: something to buy, to enter, to change."""
    words = [text.low[k] for k in clause]
    if not _HELP.isdisjoint(words):
        return False
    if words[0] in _NEEDING or (words[0] in _WISHING and not _NEEDING.isdisjoint(words[1:_HEAD])):
        return True
    return words[0] in _ORDERING or (words[0] in _POLITE and not _ORDERING.isdisjoint(words))
