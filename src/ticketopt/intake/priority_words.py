"""Helpdesks' words for a priority, in nine languages, without accents and in lower case; nothing but data."""

from __future__ import annotations

__all__ = ["BESIDE", "CODES", "PRIORITIES", "UNSET"]

_LOW = (
    "low,lowest,very low,lower,minor,trivial,minimal,planning,cosmetic,informational,info,not urgent,non urgent,later,"
    "niedrig,sehr niedrig,niedrigste,niedriger,gering,sehr gering,unwichtig,nicht dringend,unkritisch,"
    "basse,bas,tres basse,tres bas,faible,tres faible,mineure,mineur,pas urgent,pas urgente,triviale,"
    "baja,bajo,muy baja,muy bajo,menor,leve,no urgente,"
    "baixa,baixo,muito baixa,muito baixo,minima,nao urgente,"
    "bassa,basso,molto bassa,molto basso,minore,non urgente,banale,"
    "laag,lage,zeer laag,laagste,niet dringend,niska,niski,niskie,bardzo niska,bardzo niski,najnizsza,najnizszy,"
    "\u4f4e,\u4f4e\u3044,\u6700\u4f4e,l"
)

_MEDIUM = (
    "medium,normal,moderate,average,standard,default,regular,mid,middle,med,ordinary,routine,"
    "mittel,mittlere,mittlerer,normale,moyenne,moyen,moderee,modere,"
    "media,medio,moderada,moderado,moderata,moderato,ordinaria,"
    "gemiddeld,gemiddelde,middel,normaal,standaard,srednia,sredni,srednie,normalna,normalny,zwykla,zwykly,"
    "\u4e2d,\u666e\u901a,\u901a\u5e38,\u6a19\u6e96,m"
)

_HIGH = (
    "high,higher,major,important,significant,elevated,serious,"
    "hoch,hohe,hoher,wichtig,erhoht,haute,haut,elevee,eleve,majeure,majeur,importante,forte,"
    "alta,alto,mayor,elevada,elevado,maior,maggiore,elevata,elevato,"
    "hoog,hoge,belangrijk,wysoka,wysoki,wysokie,wazna,wazny,wazne,\u9ad8,\u9ad8\u3044,\u91cd\u8981,h"
)

_CRITICAL = (
    "critical,crit,highest,urgent,very urgent,blocker,blocking,immediate,emergency,very high,severe,showstopper,asap,"
    "kritisch,dringend,sehr dringend,sehr hoch,sehr hohe,hochste,hochster,sofort,notfall,blockierend,"
    "critique,urgente,tres urgent,tres urgente,tres haute,tres haut,tres elevee,tres eleve,bloquant,bloquante,immediat,"
    "critica,critico,muy alta,muy alto,inmediata,inmediato,bloqueante,emergencia,muy urgente,"
    "muito alta,muito alto,altissima,altissimo,imediata,imediato,bloqueador,muito urgente,"
    "molto alta,molto alto,molto urgente,immediata,immediato,bloccante,emergenza,maxima,maximale,massima,"
    "kritiek,spoed,zeer hoog,zeer hoge,hoogste,onmiddellijk,krytyczna,krytyczny,krytyczne,pilna,pilny,pilne,"
    "bardzo wysoka,bardzo wysoki,najwyzsza,najwyzszy,natychmiastowa,"
    "\u7dca\u6025,\u7d27\u6025,\u6700\u9ad8,\u81f3\u6025,\u5927\u81f3\u6025,\u91cd\u5927"
)

_LEVELS = {"low": _LOW, "medium": _MEDIUM, "high": _HIGH, "critical": _CRITICAL}

PRIORITIES = {word: level for level, words in _LEVELS.items() for word in words.split(",")}
"""A helpdesk's word -> ours."""

_UNSET_WORDS = (
    "none,not set,unset,unprioritized,unprioritised,no priority,not prioritized,undefined,unknown,unassigned,empty,"
    "keine,nicht gesetzt,nicht festgelegt,ohne,aucune,aucun,non definie,sans,ninguna,ninguno,sin prioridad,sin definir,"
    "nenhuma,nenhum,sem prioridade,nao definida,nessuna,nessuno,non impostata,geen,niet ingesteld,brak,\u306a\u3057"
)

UNSET = frozenset(_UNSET_WORDS.split(","))
"""Words that say that a ticket has no priority."""

_BY_NUMBER = {1: "critical", 2: "high", 3: "medium", 4: "low", 5: "low"}

CODES = {
    f"{letter}{number}": level
    for letter in ("", "p", "s", "sev")
    for number, level in ({0: "critical"} | _BY_NUMBER if letter else _BY_NUMBER).items()
}
"""`P0` to `P5`, the same of S and SEV, and bare numbers; the first is the highest."""

_BESIDE_WORDS = (
    "priority prio severity urgency level prioritat dringlichkeit priorite prioridad prioridade priorita "
    "prioriteit priorytet \u512a\u5148\u5ea6"
)

BESIDE = frozenset(_BESIDE_WORDS.split())
"""Words that stand beside a priority and say nothing."""
