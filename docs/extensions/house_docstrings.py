"""The docstrings of this library as reStructuredText.

Their sections are those of numpy style, but what stands after `name :` is the description, as the types are in the
signature. So each section becomes a field with a list.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx

LISTS = ("Parameters", "Attributes", "Raises", "Warns", "Returns", "Yields")
_ENTRY = re.compile(r"(?P<names>\*{0,2}[A-Za-z_]\w*(?:, \*{0,2}[A-Za-z_]\w*)*)(?: : (?P<words>.*))?$")
_ARRAY = re.compile(r"~?numpy\.ndarray\[~?tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[[^]]*\]\]")
_FUNCTION = re.compile(r"<(?:built-in )?function ([\w.]*)(<lambda>)?[^>,)]*>")


def sections(lines: list[str]) -> list[tuple[str, list[str]]]:
    """The text before the first heading under "", then each section's lines under its heading."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        if line.strip() and below.strip() and set(below.strip()) == {"-"} and len(below.strip()) >= 4:
            found.append((line.strip(), []))
        elif not (line.strip() and set(line.strip()) == {"-"} and not found[-1][1]):
            found[-1][1].append(line)
    return found


def entries(lines: list[str]) -> list[str]:
    """Bullets: `name : words` with its continuation; text that is no entry stays a paragraph below."""
    items: list[str] = []
    for line in lines:
        match = _ENTRY.match(line) if line and not line.startswith(" ") else None
        if match and (match["words"] is not None or not items or items[-1] != ""):
            names = ", ".join(f"**{name.replace('*', chr(92) + '*')}**" for name in match["names"].split(", "))
            items += [f"* {names}" + (f" -- {match['words']}" if match["words"] else " --")]
        elif line.startswith(" "):
            items.append("  " + line.strip())
        else:
            items.append("  " + line if line else "")
    return items


def restructured(lines: list[str]) -> list[str]:
    """A docstring's lines in reStructuredText."""
    text: list[str] = []
    for heading, body in sections(lines):
        if heading in LISTS:
            text += [f":{heading}:", *(f"    {line}" if line else "" for line in entries(body)), ""]
        else:
            text += [*([f".. rubric:: {heading}", ""] if heading else []), *body]
    return text


def process(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    if what == "data" and lines and lines[0] in (type(thing).__doc__ or ""):
        lines.clear()  # a table without words of its own: those of `dict` say nothing
    lines[:] = restructured(lines)


def signature(app: Sphinx, what: str, name: str, thing: object, options: object, words: str | None, gives: str | None):
    """Array types by one name, functions by theirs, and factories as what they are: an empty default."""

    def plain(text: str | None) -> str | None:
        if not text:
            return text
        text = _ARRAY.sub("numpy.ndarray", text).replace("<factory>", "...")
        return _FUNCTION.sub(lambda found: "..." if found[2] else found[1], text)

    return plain(words), plain(gives)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-process-signature", signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
