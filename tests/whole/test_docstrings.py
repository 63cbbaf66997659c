"""Examples in docstrings print what they show, and every door has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import ticketopt

DOORS = [
    *(name for name in ticketopt.__all__ if inspect.isroutine(inspect.unwrap(getattr(ticketopt, name)))),
    *("Agent", "Dispatcher", "Policy", "Result", "Session", "Ticket"),
]
"""Every public function, and the classes that people make or get first."""

MODULES = [
    found.name
    for found in pkgutil.walk_packages(ticketopt.__path__, "ticketopt.")
    if not found.name.startswith("ticketopt._core") and not found.name.endswith("__main__")
]


def examples(module: str) -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [test for test in finder.find(importlib.import_module(module)) if test.examples]


@pytest.mark.parametrize("name", DOORS)
def test_every_door_has_an_example(name):
    assert "\n>>> import ticketopt\n" in inspect.getdoc(getattr(ticketopt, name))


def test_examples_print_what_they_show():
    """Each begins with nothing but what it imports, as in a new console."""
    found = [test for module in MODULES for test in examples(module)]
    runner = doctest.DocTestRunner()
    for test in found:
        test.globs = {}
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    assert {test.name.rpartition(".")[2] for test in found} >= set(DOORS)


@pytest.mark.parametrize("name", [name for name in ticketopt.__all__ if inspect.isclass(getattr(ticketopt, name))])
def test_public_methods_say_what_they_do(name):
    for word, thing in inspect.getmembers(getattr(ticketopt, name)):
        is_ours = str(getattr(thing, "__module__", "")).startswith("ticketopt") or isinstance(thing, property)
        if not word.startswith("_") and is_ours and (inspect.isroutine(thing) or isinstance(thing, property)):
            assert inspect.getdoc(thing), f"{name}.{word}"
