"""The policy: what each setting may be, from a mapping as from the constructor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.plain import plain_policy
from ticketopt.problem.policy import POLICY_FIELDS, Policy
from ticketopt.problem.record_fields import table_of

GOOD: list[tuple[str, Any, Any]] = [
    ("weights", {"urgency": 2}, {"urgency": 2.0}),
    ("capacity", None, None),
    ("capacity", 4, 4),
    ("capacity", "fair_share", "fair_share"),
    ("max_new_per_agent", 0, 0),
    ("max_new_per_team", 2, 2),
    ("max_new_per_team", {"red": 2}, {"red": 2}),
    ("separate", [["a", 1]], (("a", 1),)),
    ("tiers", ["unassigned", "cost"], ("unassigned", "cost")),
]

WRONG: list[tuple[str, Any, str]] = [
    ("weights", {"urgency": -1}, "policy.weights['urgency']: is -1; give a number from 0 to 100"),
    ("capacity", "fair", "policy.capacity: 'fair' is not known; use \"fair_share\", a whole number, or None"),
    ("capacity", -1, "policy.capacity: is -1; give a whole number from 0 to 1,000,000"),
    (
        "max_new_per_team",
        [],
        "policy.max_new_per_team: is a list, not a number; give a whole number from 0 to 1,000,000",
    ),
    ("max_new_per_team", {"red": 1, "RED": 2}, "policy.max_new_per_team['RED']: is the same name as 'red'; keep one"),
    ("separate", [["a"]], "policy.separate[0]: is not a pair of different tickets; give two ticket ids"),
    ("separate", [[1, "1"]], "policy.separate[0]: is not a pair of different tickets; give two ticket ids"),
    ("tiers", ["cost", "cost"], "policy.tiers: name a tier twice; keep the first of them"),
    ("tiers", ["costs"], "policy.tiers[0]: 'costs' is not a tier; did you mean 'cost'?"),
    ("expert_saving", 1, "policy.expert_saving: is 1; give a number from 0 to 0.95"),
]


@pytest.mark.parametrize(("name", "value", "clean"), GOOD)
def test_good_settings(name: str, value: Any, clean: Any) -> None:
    policy = Policy.from_dict({name: value})
    assert policy == Policy(**{name: value})
    assert getattr(policy, name) == clean
    assert Policy.from_dict(plain_policy(policy)) == policy
    jsonschema.validate(plain_policy(policy), table_of(Policy).schema())


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_wrong_settings(name: str, value: Any, words: str) -> None:
    for make in (lambda: Policy.from_dict({name: value}), lambda: Policy(**{name: value})):
        with pytest.raises(InvalidInputError) as error:
            make()
        assert str(error.value.issues[0]).startswith(words)


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second reading would find an already clean value, and cost the same again."""
    reads = []
    reader = POLICY_FIELDS["balance"]
    counting = replace(reader, read=lambda *given: reads.append(given) or reader(*given))
    monkeypatch.setitem(POLICY_FIELDS, "balance", counting)
    assert Policy.from_dict({"balance": 2}).balance == 2.0
    assert len(reads) == 1


def test_unknown_settings_and_other_data() -> None:
    with pytest.raises(InvalidInputError, match=r"policy\.'balanse': is not a policy setting; did you mean 'balance'"):
        Policy.from_dict({"balanse": 1})
    with pytest.raises(InvalidInputError, match="policy: is a list, not an object"):
        Policy.from_dict([])  # type: ignore[arg-type]
