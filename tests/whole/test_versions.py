"""`ticketopt.__version__` and `show_versions`: what to put into a bug report."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

import numpy as np

import ticketopt

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_version_is_the_projects():
    assert ticketopt.__version__ == PROJECT["version"]


def test_libraries_are_told_with_their_versions_and_absent_ones_by_name(monkeypatch):
    found = ticketopt.show_versions()
    assert found["numpy"] == np.__version__
    real = importlib.metadata.version

    def no_scipy(name):
        if name == "scipy":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr("ticketopt._versions.version", no_scipy)
    assert ticketopt.show_versions()["scipy"] is None
    assert any(line.split() == ["scipy", "not", "installed"] for line in repr(ticketopt.show_versions()).splitlines())


def test_what_is_printed_names_everything_that_is_needed():
    words = repr(ticketopt.show_versions())
    assert all(name.split(">")[0] in words for name in PROJECT["dependencies"])


def test_every_dependency_has_a_lower_bound():
    extras = PROJECT["optional-dependencies"]
    stated = [*PROJECT["dependencies"], *(one for group in extras.values() for one in group)]
    others = [one for one in stated if not one.startswith(PROJECT["name"])]
    assert len(others) > 30
    assert [one for one in others if ">=" not in one and "==" not in one] == []
