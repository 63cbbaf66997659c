"""What the words for a priority mean, whatever the helpdesk: English, German, French, Spanish, Portuguese, Italian.

Numbers are not here: 1 is the highest in one product and the lowest in another, so each helpdesk says its own.
"""

from collections.abc import Mapping

__all__ = ["PRIORITIES"]

_LOW = (
    *("low", "lowest", "very low", "minor", "trivial", "minimal", "planning", "whenever", "not urgent"),
    *("niedrig", "niedrigste", "sehr niedrig", "gering", "sehr gering", "unwesentlich", "nicht dringend"),
    *("basse", "bas", "faible", "très basse", "très faible", "mineure", "mineur", "la plus basse"),
    *("baja", "bajo", "muy baja", "menor", "la más baja", "baixa", "baixo", "muito baixa", "mais baixa"),
    *("bassa", "basso", "molto bassa", "minore"),
)

_MEDIUM = (
    *("medium", "normal", "moderate", "average", "standard", "regular", "mid", "default"),
    *("mittel", "mässig", "durchschnittlich", "moyenne", "moyen", "normale", "modérée"),
    *("media", "medio", "moderada", "moderado", "média", "médio", "moderata"),
)

_HIGH = (
    *("high", "major", "important", "urgent soon", "elevated", "severe"),
    *("hoch", "wichtig", "haute", "haut", "élevée", "élevé", "majeure", "majeur", "importante"),
    *("alta", "alto", "mayor", "elevada", "maior", "maggiore", "elevato"),
)

_CRITICAL = (
    *("critical", "highest", "very high", "urgent", "emergency", "blocker", "immediate", "showstopper", "top"),
    *("kritisch", "höchste", "sehr hoch", "dringend", "sofort", "notfall", "blockierend"),
    *("critique", "très haute", "très élevée", "urgente", "immédiate", "immédiat", "bloquante", "bloquant"),
    *("la plus haute", "le plus haut", "urgence"),
    *("crítica", "crítico", "muy alta", "inmediata", "la más alta", "bloqueadora"),
    *("muito alta", "imediata", "mais alta", "emergência", "critica", "critico", "molto alta", "immediata"),
)

PRIORITIES: Mapping[str, str] = {
    **dict.fromkeys(_LOW, "low"),
    **dict.fromkeys(_MEDIUM, "medium"),
    **dict.fromkeys(_HIGH, "high"),
    **dict.fromkeys(_CRITICAL, "critical"),
}
"""A word for a priority, as `spelled` has it -> low, medium, high or critical; what a helpdesk says comes before it."""
