"""HTML as its reader sees it: what is shown, as plain text, and which of it is a quotation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from ticketopt.triage.word_list import Span
from ticketopt.triage.words import visible, word_set

MAX_MARKUP = 1_000_000
"""Characters of markup that are looked at; what is read of the text is far less."""

_BLOCKS = word_set(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
_PARAGRAPHS = word_set("blockquote h1 h2 h3 h4 h5 h6 hr ol p pre table ul")
_CELLS = word_set("td th")
_INLINE = word_set("a abbr b big em font i ins mark q small span strong sub sup tt u s del strike style")
_VOID = word_set("area base br col embed frame hr img input link meta param source track wbr")
_NEVER_SHOWN = word_set("head noscript script style template xml")
_STRUCK = word_set("s del strike")
_ENDED_BY_ITS_LIKE = word_set("p li tr td th dt dd option")
_KNOWN = _BLOCKS | _CELLS | _INLINE

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{0,30}(?::[\w-]{1,30})?)((?:[\s/][^<>]*)?)>|<!--|<[!?][^<>]*>")
_UNREAD = {name: re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE) for name in ("style", "script")}
_STARTS = re.compile(
    r"\s*(?:<!doctype html|<!--|<(?:html|head|body|meta|style|p|div|span|table|br|ul|ol|font|center|h[1-6])[\s/>])",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|p|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CLOSED = re.compile(r"</([A-Za-z][A-Za-z1-6]{0,10})\s*>")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*[;\"']|opacity\s*:\s*0(?:\.0*)?\s*(?:[;\"']|$)"
    r"|font-size\s*:\s*0(?:\.0*)?(?:px|pt|em|%)?\s*(?:!important\s*)?(?:[;\"']|$)|\shidden(?:\s|=|/|$)|preheader",
    re.IGNORECASE,
)
_STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;\"']{0,40}line-through", re.IGNORECASE)
_QUOTATION = re.compile(
    r"gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix|moz-email-headers|zmail_extra|type\s*=\s*[\"']?cite",
    re.IGNORECASE,
)
_REST_IS_QUOTED = re.compile(r"\bid\s*=\s*[\"']?(?:x_)*(?:divRplyFwdMsg|mail-editor-reference-message)", re.IGNORECASE)

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MAX_ATTRIBUTE = 2000
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a text shows; which passages of it its markup calls quoted, and which are links."""

    text: str
    quotations: tuple[Span, ...] = ()
    links: tuple[Span, ...] = ()


def shown(raw: str) -> Shown:
    """What the reader of a text sees, in time linear in its length. Text without markup is itself.

    Not shown are tags and their attributes, style sheets, scripts, comments, what is hidden and what is struck out.
    Characters that have no width (soft hyphens, byte order and direction marks) are left out of any text, and
    character references (`&eacute;`) are resolved.
    """
    if "<" not in raw and "&lt;" in raw[:100] and _STARTS.match(unescape(raw[:100])):  # escaped once too often
        raw = unescape(raw[:MAX_MARKUP])
    if "<" in raw and is_markup(raw):
        page = _Page()
        page.read(raw[:MAX_MARKUP])
        return page.result()
    return Shown(_characters(raw))


def is_markup(raw: str) -> bool:
    """Whether a text is HTML, and not one that merely holds `<`, such as code, or an address in angle brackets.

    It is where it begins with a tag, breaks lines with tags, or closes an element that it opened.
    """
    if _STARTS.match(raw):
        return True
    raw = raw[:MAX_MARKUP]
    low = raw.lower()
    if _BREAK.search(raw) and ("</" in raw or "<br" in low):
        return True
    names = {name.lower() for name in _CLOSED.findall(raw)} & _KNOWN
    return any(re.search(rf"<{name}(?:\s[^<>]*)?>", low) for name in names)


def _characters(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match.group()), text)
    return visible(text)


@dataclass(slots=True)
class _Element:
    """An open element, and what it does to the text within."""

    name: str
    is_silent: bool
    is_quote: bool
    start: int


@dataclass(slots=True)
class _Page:
    """The text of a page, as it grows. `size` is its length; the counters say how many open elements do what."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    open: list[_Element] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    quoting: int = 0
    preformatted: int = 0
    quote_start: int = 0
    quotations: list[Span] = field(default_factory=list)
    links: list[Span] = field(default_factory=list)

    def read(self, raw: str) -> None:
        for text, tag in _parts(raw):
            if text and not self.silent:
                self._add(text)
            if tag is not None:
                closing, name, attributes = tag.group(1), tag.group(2).lower(), tag.group(3)
                if closing:
                    self._close(name)
                else:
                    self._open(name, attributes)

    def result(self) -> Shown:
        if self.quoting:
            self.quotations.append((self.quote_start, self.size))
        text = "".join(self.pieces)
        quotations = tuple((start, end) for start, end in self.quotations if text[start:end].strip())
        return Shown(text, quotations, tuple(self.links))

    def _open(self, name: str, attributes: str) -> None:
        if self.open and self.open[-1].name == name and name in _ENDED_BY_ITS_LIKE:
            self._close(name)
        elif self.open and self.open[-1].name == "p" and name in _BLOCKS:
            self._close("p")
        self._separate(name)
        if name in _VOID or attributes.endswith("/"):
            return
        styled = bool(attributes)
        element = _Element(
            name,
            is_silent=name in _NEVER_SHOWN
            or name in _STRUCK
            or (styled and bool(_HIDDEN.search(attributes) or _STRUCK_STYLE.search(attributes))),
            is_quote=name == "blockquote" or (styled and bool(_QUOTATION.search(attributes))),
            start=self.size,
        )
        self.open.append(element)
        self.names[name] += 1
        self.silent += element.is_silent
        self.preformatted += name == "pre"
        if styled and _REST_IS_QUOTED.search(attributes):
            self._begin_quote()
        if element.is_quote:
            self._begin_quote()

    def _begin_quote(self) -> None:
        if not self.quoting:
            self.quote_start = self.size
        self.quoting += 1

    def _close(self, name: str) -> None:
        """Close the innermost element of that name, and what was left open within."""
        if not self.names[name] and name != "br":
            return
        while self.names[name]:
            element = self.open.pop()
            self.names[element.name] -= 1
            self.silent -= element.is_silent
            self.preformatted -= element.name == "pre"
            if element.is_quote:
                self.quoting -= 1
                if not self.quoting:
                    self.quotations.append((self.quote_start, self.size))
            if element.name == "a" and self.size > element.start:
                self.links.append((element.start, self.size))
            if element.name == name:
                break
        if name not in _CELLS:
            self._separate(name)

    def _separate(self, name: str) -> None:
        """Keep the words before and after a tag apart, where a reader sees them apart."""
        if self.silent or not self.size:
            return
        if name == "br":
            self._put("\n")
        elif name in _BLOCKS:
            ending = "".join(self.pieces[-2:])
            wanted = "\n\n" if name in _PARAGRAPHS else "\n"
            self._put(wanted[len(ending) - len(ending.rstrip("\n")) :])
        elif name in _CELLS and not self.pieces[-1][-1].isspace():
            self._put("\t")

    def _add(self, text: str) -> None:
        if not self.preformatted:
            ending = self.pieces[-1][-1:] if self.pieces else "\n"
            text = _BLANKS.sub(" ", text)
            text = text.lstrip(" ") if ending.isspace() else text
        self._put(_characters(text).replace("\xa0", " "))

    def _put(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.size += len(text)


def _parts(raw: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The text before each tag, with the tag; comments, declarations, style sheets and scripts are passed over."""
    position = 0
    while (match := _TAG.search(raw, position)) is not None:
        text = raw[position : match.start()]
        position = match.end()
        if match.group() == "<!--":
            end = raw.find("-->", position)
            position = len(raw) if end < 0 else end + 3
            yield text, None
            continue
        name = (match.group(2) or "").lower()
        if not name:
            yield text, None
            continue
        if match.group(3).count('"') % 2:  # the bracket stood inside an attribute
            closing = raw.find('"', position, position + _MAX_ATTRIBUTE)
            end = raw.find(">", closing, closing + _MAX_ATTRIBUTE) if closing >= 0 else -1
            position = position if end < 0 else end + 1
        yield text, match
        if name in _UNREAD and not match.group(1):
            ending = _UNREAD[name].search(raw, position)
            position = ending.start() if ending else len(raw)
    yield raw[position:], None
