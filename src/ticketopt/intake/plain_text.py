"""Rich text as plain text: HTML, and the document format of Jira."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

__all__ = ["text_of_document", "text_of_html"]

_BLOCKS = frozenset(
    ("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4")
) | {"h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
"""Elements that begin a new line."""

_UNSEEN = frozenset(("head", "script", "style", "template", "title"))
"""Elements whose content nobody sees."""

_ELEMENTS = "|".join(
    sorted(
        {
            *_BLOCKS,
            *_UNSEEN,
            "a",
            "b",
            "body",
            "em",
            "font",
            "html",
            "i",
            "img",
            "span",
            "strong",
            "u",
            "s",
            "code",
            "center",
        }
    )
)

_IS_HTML = re.compile(rf"</?(?:{_ELEMENTS})(?=[\s/>])[^<>]*>|<!(?:--|doctype)|&(?:nbsp|lt|gt|amp|quot|#\d+);", re.I)
"""What tells HTML from a plain text with a `<` in it."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[\s/][^<>]*)?>|<[/!?][^<>]*>", re.IGNORECASE)

_CUT_OFF = re.compile(r"</?[a-z][^<>]*\Z", re.IGNORECASE)

_DEEPEST = 100


def text_of_html(text: str) -> str:
    """The words of a text that may be HTML; a text without elements or entities of HTML stays as it is.

    It takes time in proportion to the text's length, whatever the text.
    """
    if not _IS_HTML.search(text):
        return text
    try:
        words = unescape("".join(_seen(text)))
    except ValueError:  # a character's number of thousands of digits
        words = "".join(_seen(text))
    return "\n".join(line for line in (" ".join(line.split(" ")).strip() for line in words.split("\n")) if line)


def _seen(text: str) -> Iterator[str]:
    """The parts of HTML that a reader sees, and a line break for every block."""
    at, lower = 0, text.lower()
    if len(lower) != len(text):  # a few letters have longer small ones
        lower = text
    while (start := text.find("<", at)) >= 0:
        yield text[at:start]
        if text.startswith("<!--", start):
            end = text.find("-->", start)
            at = len(text) if end < 0 else end + 3
        elif (tag := _TAG.match(text, start)) is not None:
            element, at = (tag[2] or "").lower(), tag.end()
            if element in _BLOCKS:
                yield "\n"
            elif element in _UNSEEN and not tag[1]:
                end = lower.find(f"</{element}", at)
                at = len(text) if end < 0 else end
        elif _CUT_OFF.match(text, start):
            return
        else:
            at = start + 1
            yield "<"
    yield text[at:]


def text_of_document(value: Mapping[str, Any]) -> str:
    """The words of a document of nodes with `content` and `text` (Atlassian's document format)."""
    return "\n".join(" ".join(line.split()) for line in "".join(_nodes(value, 0)).split("\n") if line.strip())


def _nodes(value: object, depth: int) -> Iterator[str]:
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return
    if isinstance(text := value.get("text"), str):
        yield text
    content = value.get("content")
    for inner in content if isinstance(content, list) else ():
        yield from _nodes(inner, depth + 1)
    if value.get("type") in ("paragraph", "heading", "listItem", "hardBreak", "tableRow", "codeBlock"):
        yield "\n"
