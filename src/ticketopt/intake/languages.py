"""One spelling for one language on both sides: `de-AT`, `Deutsch` and `DEU` meet `German`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from ticketopt.problem.names import spelled

__all__ = ["same_spelling"]

_TAG = re.compile(r"([a-z]{2,3})(?:[ ](?:[a-z]{4}|[a-z]{2}|\d{3}))*")

_BLANK = "\u0000"  # in names nowhere, and `langcodes` cannot look it up


_COMMON = {
    name: tag
    for tag, names in {
        "ar": "arabic", "bg": "bulgarian", "cs": "czech", "da": "danish", "de": "german deutsch", "el": "greek",
        "en": "english", "es": "spanish", "et": "estonian", "fi": "finnish", "fr": "french", "he": "hebrew",
        "hi": "hindi", "hr": "croatian", "hu": "hungarian", "id": "indonesian", "it": "italian", "ja": "japanese",
        "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nl": "dutch", "pl": "polish", "pt": "portuguese",
        "ro": "romanian", "ru": "russian", "sk": "slovak", "sl": "slovenian", "sr": "serbian", "sv": "swedish",
        "th": "thai", "tr": "turkish", "uk": "ukrainian", "vi": "vietnamese", "zh": "chinese",
    }.items()
    for name in (tag, *names.split())
}  # fmt: skip
"""What most teams write: for these `langcodes` need not be loaded, which takes longer than to plan."""


def same_spelling(
    tickets: Sequence[str | None], agents: Sequence[Sequence[str] | None]
) -> tuple[list[str | None], list[tuple[str, ...] | None]]:
    """Languages in the spelling in which the agents write each first; a ticket's own where no agent speaks it.

    Parameters
    ----------
    tickets : of every ticket, its language.
    agents : of every agent, the languages.

    Returns
    -------
    both, None where it was; an agent's languages each once
    """
    first: dict[str, str] = {}
    for word in (word for words in agents for word in words or ()):
        first.setdefault(_language(word), word)
    wanted = [word and first.get(_language(word), word) for word in tickets]
    spoken = [None if words is None else tuple(dict.fromkeys(map(_spelling_in(first), words))) for words in agents]
    return wanted, spoken


def _spelling_in(first: Mapping[str, str]) -> Callable[[str], str]:
    return lambda word: first[_language(word)]


@lru_cache(maxsize=10_000)
def _language(word: str) -> str:
    """What languages are compared by: the base language's tag, such as `de`, else the name as names are compared.

    Names, and that `deu` and `ger` are `de`, are known where `langcodes` and its data are installed.
    """
    plain = spelled(word)
    if plain in _COMMON:
        return _COMMON[plain]
    tag = _TAG.fullmatch(plain)
    try:
        import langcodes

        known = langcodes.get(plain.replace(" ", "-")) if tag else None
        if known is None or not known.is_valid():
            known = langcodes.find(plain.replace(_BLANK, " "))
        return known.language or plain
    except ImportError:
        return tag[1] if tag else plain
    except (LookupError, ValueError):
        return plain
