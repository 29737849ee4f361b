"""Patterns that are compiled when they are first used, and then are what `re` makes of them."""

import re
from collections.abc import Iterator
from copy import copy
from importlib import import_module
from pkgutil import walk_packages

import pytest

import tui_chat
from tui_chat.core.lazy_pattern import LazyPattern, lazy_pattern


def test_it_finds_what_the_pattern_finds() -> None:
    vowel = lazy_pattern("[aeiou]", re.IGNORECASE)
    assert vowel.sub("*", "An Idea") == "*n *d**"
    assert [found[0] for found in vowel.finditer("An Idea")] == ["A", "I", "e", "a"]


def test_a_method_is_the_patterns_own_from_its_first_use_on() -> None:
    digits = lazy_pattern("[0-9]+")
    assert "match" not in vars(digits)
    digits.match("12")
    assert vars(digits)["match"] == re.compile("[0-9]+").match


def patterns_in(held: object) -> Iterator[LazyPattern]:
    match held:
        case LazyPattern():
            yield held
        case tuple() | list():
            for each in held:
                yield from patterns_in(each)
        case dict():
            yield from patterns_in(list(held.values()))


def test_every_pattern_of_the_program_can_be_compiled() -> None:
    modules = [
        import_module(found.name)
        for found in walk_packages(tui_chat.__path__, "tui_chat.")
        if not found.name.endswith("__main__")
    ]
    patterns = [each for module in modules for held in vars(module).values() for each in patterns_in(held)]
    assert len(patterns) > 75
    for each in patterns:
        assert each.pattern is not None


def test_a_source_that_is_none_fails_where_it_is_used() -> None:
    broken = lazy_pattern("(")
    with pytest.raises(re.error):
        broken.match("")


def test_it_can_be_copied() -> None:
    assert copy(lazy_pattern("[0-9]+")).match("1")
