"""Two directives: `{file} NAME` shows a file and writes it, `{run}` shows a command, runs it, and shows what it prints.

All of a page happens in one empty directory of its own. A command that fails is a warning, which ends the build of CI.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

LOGGER = logging.getLogger(__name__)

LIMIT = 120.0
"""Seconds that one command may take."""

SHOWN_PORT = "8765"
"""The port that pages show; a build takes a free one, so that two of them are never in each other's way."""


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


PORT = free_port()

_PLACES: dict[str, tempfile.TemporaryDirectory[str]] = {}
_SERVING: list[subprocess.Popen[bytes]] = []


def place_of(page: str) -> Path:
    """The page's own directory."""
    if page not in _PLACES:
        _PLACES[page] = tempfile.TemporaryDirectory(prefix="page-")
    return Path(_PLACES[page].name)


def environment() -> dict[str, str]:
    beside = str(Path(sys.executable).parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TICKETOPT_")}
    return {**kept, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "88", "NO_COLOR": "1"}


def shown(text: str, language: str, caption: str = "") -> nodes.Node:
    block = nodes.literal_block(text, text, language=language)
    if not caption:
        return block
    box = nodes.container("", literal_block=True, classes=["literal-block-wrapper"])
    box += [nodes.caption("", "", nodes.literal("", caption)), block]
    return box


class File(SphinxDirective):
    """A file of the page, such as a helpdesk's export."""

    has_content, required_arguments = True, 1
    option_spec = {"language": directives.unchanged}  # noqa: RUF012  (docutils has it so)

    def run(self) -> list[nodes.Node]:
        name, text = self.arguments[0], "\n".join(self.content)
        (place_of(self.env.docname) / name).write_text(text + "\n", "utf-8")
        return [shown(text, self.options.get("language", Path(name).suffix[1:].replace("csv", "text")), name)]


class Run(SphinxDirective):
    """Commands, and what they print."""

    has_content = True
    option_spec = {  # noqa: RUF012
        "hidden": directives.flag,  # neither is shown
        "quiet": directives.flag,  # the output is not shown
        "serve": directives.unchanged,  # it goes on until the build ends, and is up once this address answers
        "lines": directives.positive_int,  # of the output, so many are shown
    }

    def run(self) -> list[nodes.Node]:
        command = "\n".join(self.content)
        if "serve" in self.options:
            self.serve(command)
            return [shown(command, "bash")]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command.replace(SHOWN_PORT, PORT)],
            cwd=place_of(self.env.docname),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode:
            LOGGER.warning("%s\nexit code %d: %s", command, done.returncode, done.stdout, location=self.get_location())
        if "hidden" in self.options:
            return []
        text = re.sub(r"\n{3,}", "\n\n", done.stdout.replace(f":{PORT}", f":{SHOWN_PORT}"))
        lines = [line.rstrip() for line in text.strip("\n").splitlines()]
        if (limit := self.options.get("lines")) and len(lines) > limit:
            lines = [*lines[:limit], "..."]
        is_quiet = "quiet" in self.options or not lines
        return [shown(command, "bash"), *([] if is_quiet else [shown("\n".join(lines), "text")])]

    def serve(self, command: str) -> None:
        place = place_of(self.env.docname)
        process = subprocess.Popen(
            ["bash", "-c", command.replace(SHOWN_PORT, PORT)],
            cwd=place,
            env=environment(),
            stdout=(place / "service.log").open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _SERVING.append(process)
        until = time.monotonic() + LIMIT
        while process.poll() is None and time.monotonic() < until:
            try:
                urllib.request.urlopen(self.options["serve"].replace(SHOWN_PORT, PORT), timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        LOGGER.warning("%s does not come up", command, location=self.get_location())


def finish(app: Sphinx, error: Exception | None) -> None:
    for process in _SERVING:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)
    _SERVING.clear()
    for place in _PLACES.values():
        place.cleanup()
    _PLACES.clear()


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("file", File)
    app.add_directive("run", Run)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
