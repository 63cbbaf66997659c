"""Our lexicon as the build leaves it: read, with the stems of its phrases and the trees that find them.

What every process would work out anew is worked out once, by `ticketopt.triage.compile`, which CMakeLists.txt calls.
The file says what it was made of (a digest of the sources and of the code that reads them) and by which Python. Where
that is not what is here, or where there is no such file, the lexicon is read from its sources: the same lexicon, a
fifth of a second later.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b
from importlib import resources
from typing import Any

from ticketopt.triage.lexicon import Concept, Lexicon, Sign
from ticketopt.triage.phrases import PhraseTree

TRADES = (
    *("business", "cloud", "commerce", "education", "facilities", "finance", "games_media", "health", "industry"),
    *("insurance", "it", "logistics", "property", "public", "saas", "telecom", "travel", "urgency"),
)
"""The files of `data/lexicon`, in the order of reading: where two concepts score alike, the earlier wins."""

COMPILED = "data/lexicon.bin"
"""Where the build puts it, in the package."""

_CODE = ("compiled", "lexicon", "lexicon_file", "phrases", "stance", "text", "urgency", "words")
"""Modules of `triage` on which the content of the compiled lexicon depends."""


def sources() -> Iterator[str]:
    """The texts of the lexicon's files, in order."""
    folder = resources.files("ticketopt").joinpath("data/lexicon")
    return (folder.joinpath(f"{trade}.json").read_text("utf-8") for trade in TRADES)


def origin() -> tuple[str, str]:
    """Which Python reads what: a compiled lexicon of another origin is not used."""
    digest = blake2b(digest_size=16)
    folder = resources.files("ticketopt").joinpath("triage")
    for name in _CODE:
        digest.update(folder.joinpath(f"{name}.py").read_bytes())
    for text in sources():
        digest.update(text.encode())
    return str(sys.implementation.cache_tag), digest.hexdigest()


def load() -> Lexicon | None:
    """The compiled lexicon; None where there is none of this origin."""
    try:
        content = resources.files("ticketopt").joinpath(COMPILED).read_bytes()
    except OSError:
        return None
    return restored(content)


def restored(content: bytes) -> Lexicon | None:
    """What `dump` made the content of; None where it is of another origin, or torn."""
    try:
        made_by, plain = marshal.loads(content)
        return _restored(marshal.loads(plain)) if made_by == origin() else None
    except (OSError, EOFError, ValueError, TypeError):
        return None


def dump(lexicon: Lexicon) -> bytes:
    """The file's content."""
    return marshal.dumps((origin(), marshal.dumps(_plain(lexicon))))


def _values(item: Any) -> tuple[Any, ...]:
    return tuple(getattr(item, part.name) for part in fields(item))


def _plain(lexicon: Lexicon) -> dict[str, Any]:
    return {
        **dict(zip((part.name for part in fields(lexicon)), _values(lexicon), strict=True)),
        "concepts": [_values(concept) for concept in lexicon.concepts],
        "signs": [_values(sign) for sign in lexicon.signs],
        "trees": {name: _values(tree) for name, tree in lexicon.trees.items()},
    }


def _restored(plain: dict[str, Any]) -> Lexicon:
    plain["concepts"] = tuple(Concept(*values) for values in plain["concepts"])
    plain["signs"] = tuple(Sign(*values) for values in plain["signs"])
    plain["trees"] = {name: PhraseTree(*values) for name, values in plain["trees"].items()}
    return Lexicon(**plain)
