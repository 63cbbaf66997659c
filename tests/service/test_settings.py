"""The settings are written once: the two doors with keywords take exactly these, with these defaults."""

import inspect
from dataclasses import asdict

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.policy import Policy
from ticketopt.problem.record_fields import table_of
from ticketopt.service import ServerSettings, Settings, create_app, serve
from ticketopt.triage import load_lexicon


def keywords_of(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def test_the_doors_take_every_setting():
    assert keywords_of(serve) == table_of(ServerSettings).defaults()
    inner = keywords_of(create_app)
    del inner["workers"], inner["clock"]
    assert inner == table_of(Settings).defaults()


def test_the_policy_is_read_at_birth():
    assert Settings().policy == Settings(policy={}).policy == Policy()
    assert Settings(policy={"balance": 2}).policy == Policy(balance=2)


def test_the_lexicon_is_read_at_birth():
    own = {"concepts": {"paper": {"sure": ["florbl"]}}}
    assert Settings().lexicon is None
    assert asdict(Settings(lexicon=own).lexicon) == asdict(load_lexicon(own))
    alone = load_lexicon(own, extend=False)
    assert Settings(lexicon=alone).lexicon is alone
    for lexicon, paths in {"own.json": ["lexicon"], None: []}.items():
        assert wrong(lexicon=lexicon, time_limit=0) == [*paths, "time_limit"]
    assert wrong(lexicon={"generik": [], "generic": 5}, max_jobs=0) == [
        "lexicon.'generik'",
        "lexicon.generic",
        "max_jobs",
    ]


def wrong(**settings):
    """The paths of everything wrong."""
    with pytest.raises(InvalidInputError) as caught:
        Settings(**settings)
    return [issue.path for issue in caught.value.issues]


def test_everything_wrong_about_a_server_is_said_at_once():
    with pytest.raises(InvalidInputError) as caught:
        ServerSettings(port=70_000, solver_processes=-1, log_level="loud", lock_timeout=-1, time_limit=0)
    assert [issue.path for issue in caught.value.issues] == [
        "time_limit",
        "port",
        "lock_timeout",
        "solver_processes",
        "log_level",
    ]
