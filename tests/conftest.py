"""Hypothesis runs the same examples everywhere: a red test stays red until it is repaired."""

import gc
import warnings

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "same-everywhere",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("same-everywhere")


def pytest_addoption(parser):
    parser.addoption("--exhaustive", action="store_true", help="seeded tests against oracles try many more cases")


@pytest.fixture(scope="session")
def exhaustive(request):
    """Whether seeded tests are to try many more cases."""
    return request.config.getoption("--exhaustive")


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
    """From a scheme to the URL of a store that is empty."""

    def url(scheme):
        if scheme == "postgresql":
            return request.getfixturevalue("postgresql").url()
        locations = {"memory": "", "json": f"{tmp_path}/agent_state.json", "sqlite": f"///{tmp_path}/tickets.db"}
        return f"{scheme}:{locations[scheme]}"

    return url
