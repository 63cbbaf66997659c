"""The seeds of tests that try more cases when asked to."""

from __future__ import annotations

from hypothesis import settings

from support.seeds import EXAMPLES, LEAST, Seeds, examples


def test_few_by_default_and_all_when_exhaustive() -> None:
    assert list(Seeds()(3, 9)) == [0, 1, 2]
    assert list(Seeds(is_exhaustive=True)(3, 5)) == [0, 1, 2, 3, 4]


def test_a_sample_has_only_seeds_that_are_not_tried_by_default_and_comes_again() -> None:
    drawn = Seeds(sample=20261127)(10, 1000)
    assert len(set(drawn)) == 20 and all(10 <= seed < 1000 for seed in drawn)
    assert list(drawn) == list(Seeds(sample=20261127)(10, 1000)) != list(Seeds(sample=20261128)(10, 1000))


def test_a_sample_of_few_is_all_that_are_left() -> None:
    assert sorted(Seeds(sample=1)(3, 5)) == [3, 4]


def test_properties_have_all_their_examples_when_exhaustive_and_never_too_few() -> None:
    loaded = settings().max_examples
    try:
        settings.register_profile("of this test", max_examples=EXAMPLES[True])
        settings.load_profile("of this test")
        assert [examples(many) for many in (400, 60, 8)] == [400, 60, 8]
        settings.register_profile("of this test", max_examples=EXAMPLES[False])
        settings.load_profile("of this test")
        assert [examples(many) for many in (400, 60, 8)] == [100, LEAST, 8]
    finally:
        settings.load_profile("same-everywhere")
    assert settings().max_examples == loaded
