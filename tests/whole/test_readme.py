"""What the README and the site show is what happens; commands on the site's pages run when it is built."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.backend_contract import DEAR, is_exact, is_general, proves
from ticketopt.solvers import BACKENDS

TOP = Path(__file__).parents[2]
MADE = ("generated", "notebooks", "results")
"""Folders in `docs` that the build fills."""

PAGES = [
    TOP / "README.md",
    *sorted(p for p in (TOP / "docs").rglob("*.md") if p.relative_to(TOP / "docs").parts[0] not in MADE),
]
TEXTS = {path.relative_to(TOP).as_posix(): path.read_text("utf-8") for path in PAGES}

BACKENDS_PAGE = TEXTS["docs/reference/backends.md"]
CERTIFICATE_PAGE = TEXTS["docs/explanation/certificate.md"]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


CODE = {
    f"{page}-{k}": code
    for page, text in TEXTS.items()
    for k, code in enumerate(blocks(text, "python"))
    if not code.startswith("# skip: ")
}


@pytest.mark.parametrize("name", CODE)
def test_python_blocks_run(name):
    exec(compile(CODE[name], name, "exec"), {})


@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if blocks(text, "pycon")])
def test_sessions_print_what_they_show(page):
    """All of a page in one: later ones go on with the names of earlier ones."""
    text = "\n".join(blocks(TEXTS[page], "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


def test_a_wrong_session_would_be_found():
    """The test above can fail: a session that shows what does not happen does."""
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", "wrong", 0)
    assert doctest.DocTestRunner(verbose=False).run(test, out=lambda words: None).failed == 1


@pytest.mark.parametrize("page", TEXTS)
def test_links_to_files_lead_somewhere(page):
    """The build checks the site's; here are those of the README, and of pages as they are read in the repository."""
    made = {TOP / "docs" / "notebooks": TOP / "notebooks", TOP / "docs" / "results": TOP / "benchmarks" / "results"}
    prose = re.sub(r"^```.*?^```", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    for goal in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
        if not re.match(r"\w+:", goal):
            place = (TOP / page).parent / goal
            for copy, original in made.items():
                place = Path(str(place.resolve()).replace(str(copy), str(original)))
            assert place.exists() or place.parent.name == "api", goal


def test_the_readme_is_short():
    assert len(TEXTS["README.md"].splitlines()) <= 160


@pytest.mark.parametrize("name", BACKENDS)
def test_the_table_says_what_each_backend_solves_and_proves(name):
    (solves, proof) = re.findall(rf"^\| `{name}` \| (.*) \| (.*) \|$", BACKENDS_PAGE, flags=re.MULTILINE)[0]
    backend = BACKENDS[name]
    assert solves == ("everything" if is_general(backend) else "unit effort, no rows")
    assert proof.startswith("none;") != is_exact(backend)
    if is_exact(backend):
        assert ("double precision" in proof) != proves(backend, DEAR)


def test_the_certificate_block_proves_the_example_in_a_fresh_process():
    (code,) = [code for code in blocks(CERTIFICATE_PAGE, "python") if "not proven" in code]
    done = subprocess.run(
        [sys.executable, "-c", code + "\nprint(int(cost), result.status.value)"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    cost, status = done.stdout.split()
    assert status == "optimal"
    assert int(cost) > 0
