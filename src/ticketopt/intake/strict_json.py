"""JSON as the standard says: no NaN, no infinities, no key twice in an object, UTF-8."""

from __future__ import annotations

import json
from typing import Any

from ticketopt.errors import InvalidInputError
from ticketopt.problem.fields import shown

__all__ = ["decode", "parse_json"]


def decode(data: bytes, path: str = "") -> str:
    """UTF-8 bytes, with or without a byte-order mark, as text."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError.single(path, f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from None


def parse_json(text: str, *, is_strict: bool = True) -> Any:
    """Strict JSON: no NaN, no infinities, no key twice in an object.

    Where it is not to be so strict, texts may hold line breaks and other control characters as they are.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise _JsonError(f"has the key {shown(twice)} twice in an object")
        return result

    def refuse(word: str) -> Any:
        raise _JsonError(f"holds {word}, which is not JSON")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refuse, strict=is_strict)
    except json.JSONDecodeError as error:
        problem = f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except _JsonError as error:
        problem = str(error)
    except RecursionError:
        problem = "is nested too deeply"
    except ValueError:
        problem = "holds a number with too many digits"
    raise InvalidInputError.single("", f"the input {problem}", "correct the JSON") from None


class _JsonError(Exception):
    pass
