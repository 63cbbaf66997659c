"""Hypothesis runs the same examples everywhere: a red test stays red until it is repaired."""

import gc
import os
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.seeds import EXAMPLES, Seeds

# Tests talk to nobody beyond this machine: to read the authorities of all the web takes every HTTP client, here and in
# processes that tests start, a twentieth of a second.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)


def pytest_addoption(parser):
    parser.addoption("--exhaustive", action="store_true", help="seeded tests and properties try many more cases")
    parser.addoption(
        "--exhaustive-sample",
        type=int,
        metavar="NUMBER",
        help="only the seeded tests, on some of the cases that --exhaustive adds; the number draws them",
    )


def pytest_configure(config):
    """Before any test is loaded: the numbers of examples that tests ask for depend on it."""
    settings.register_profile(
        "same-everywhere",
        derandomize=True,
        deadline=None,
        max_examples=EXAMPLES[config.getoption("--exhaustive")],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    settings.load_profile("same-everywhere")


def pytest_report_header(config):
    number = config.getoption("--exhaustive-sample")
    return None if number is None else f"the same sample again: --exhaustive-sample {number}"


def pytest_ignore_collect(collection_path, config):
    """Where only few tests are asked for, files without any of them are not even loaded."""
    is_sample = config.getoption("--exhaustive-sample") is not None
    word = "seeds" if is_sample else "mark.slow" if config.option.markexpr == "slow" else ""
    return True if collection_path.suffix == ".py" and word not in collection_path.read_text("utf-8") else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.option.markexpr == "slow":  # the longest first, so that none of them is left to the end alone
        items.sort(key=lambda item: -item.get_closest_marker("slow").kwargs.get("about", 0))
    if config.getoption("--exhaustive-sample") is not None:
        config.hook.pytest_deselected(items=[item for item in items if "seeds" not in item.fixturenames])
        items[:] = [item for item in items if "seeds" in item.fixturenames]


@pytest.fixture(scope="session")
def seeds(request):
    """From the number of cases by default and with `--exhaustive` to the seeds to try."""
    return Seeds(request.config.getoption("--exhaustive"), request.config.getoption("--exhaustive-sample"))


@pytest.fixture(scope="session")
def postgresql():
    """A running PostgreSQL server; skipped where there is none to run."""
    from support.postgresql import Server

    server = Server()
    yield server
    server.stop()


@pytest.fixture
def broken_connections():
    """For tests in which connections break: the driver leaves their sockets to the collector, which warns of them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def new_url(tmp_path, request):
    """From a scheme to the URL of a store that is empty: the one that the store's own words propose, in `tmp_path`.

    Where that is on a server, the fixture with the scheme's name runs one.
    """

    def url(scheme):
        from ticketopt.errors import InvalidInputError
        from ticketopt.live.stores import open_store

        try:
            open_store(f"{scheme}:")
        except InvalidInputError as error:
            (example,) = re.findall(r'write "(.*)"', error.issues[0].repair)
            if "@" in example:
                return request.getfixturevalue(scheme).url()
            return re.sub(r"(\w+[.]\w+)$", rf"{tmp_path}/\1", example)
        return f"{scheme}:"

    return url
