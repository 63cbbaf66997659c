"""Rich text as plain text: HTML, and the document format of Jira."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
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

_DEEPEST = 100


def text_of_html(text: str) -> str:
    """The words of a text that may be HTML; a text without elements or entities of HTML stays as it is."""
    if not _IS_HTML.search(text):
        return text
    if "<" not in text:
        return unescape(text)
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).split("\n"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN and not self._unseen:
            self._unseen = tag
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


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
