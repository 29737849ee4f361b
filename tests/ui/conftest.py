"""What every test of the screen shares."""

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(scope="session", autouse=True)
def styles_parsed_once() -> Iterator[None]:
    """Parse each style once for all apps of a session, with the variables of its theme: a tenth of an app's start.

    A private name of Textual 8.2, which keeps what it parsed for one app alone.
    """
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    variables: dict[str, str] = {}
    their_key: frozenset[tuple[str, str]] = frozenset()

    def parse_once(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        nonlocal variables, their_key
        if sheet._variables is not variables:
            variables, their_key = sheet._variables, frozenset(sheet._variables.items())
        key = (their_key, given, *sorted(named.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *given, **named)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield
