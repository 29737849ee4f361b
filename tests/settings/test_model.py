"""One table declares every setting."""

import msgspec
import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.settings.model import BY_KEY, SETTINGS, Settings


def test_the_table_and_the_values_name_the_same_settings() -> None:
    assert [setting.key for setting in SETTINGS] == list(Settings.__struct_fields__)


def test_every_setting_says_what_it_means_and_takes() -> None:
    assert all(setting.meaning and setting.allowed for setting in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_default_that_is_a_value_is_allowed(setting: object) -> None:
    rule = BY_KEY[getattr(setting, "key", "")]

    if rule.default is not None:
        assert rule.accept(rule.default) == rule.default


@pytest.mark.parametrize(
    ("key", "offered"),
    [
        ("temperature", 2.1),
        ("temperature", True),
        ("temperature", "1"),
        ("temperature", float("nan")),
        ("top_p", -0.1),
        ("max_tokens", 0),
        ("max_tokens", 1.5),
        ("retries", 21),
        ("retries", False),
        ("seed", 2**63),
        ("idle_timeout_s", 0),
        ("idle_timeout_s", float("inf")),
        ("show_reasoning", "yes"),
        ("timestamps", "sometimes"),
        ("enter", "maybe"),
        ("fallbacks", "one"),
        ("fallbacks", [""]),
        ("fallbacks", [1]),
        ("model", 3),
        ("base_url", "ftp://x"),
        ("base_url", 3),
        ("keys", ["ctrl+l"]),
        ("keys", {"models": 1}),
        ("keys", {"models": ""}),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(key: str, offered: object) -> None:
    with pytest.raises(SettingsError) as refused:
        BY_KEY[key].accept(offered)

    assert refused.value.failure.advice


def test_a_whole_number_is_a_number() -> None:
    assert BY_KEY["temperature"].accept(1) == 1.0


def test_an_action_takes_one_key_or_several() -> None:
    accepted = BY_KEY["keys"].accept({"models": "ctrl+l", "help": ["f1", "ctrl+h"]})

    assert accepted == {"models": ("ctrl+l",), "help": ("f1", "ctrl+h")}


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        setattr(Settings(), "model", "x")  # noqa: B010 - mypy refuses the plain assignment, as it should


def test_settings_can_be_written_as_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(Settings()), type=dict[str, object])["retries"] == 3


@pytest.mark.parametrize("offered", [["("], ["a" * 501], ["a"] * 51, [""], "a", [1], ["(?P<x"], ["[z-a]"]])
def test_patterns_that_cannot_be_used_are_refused_with_what_is_allowed(offered: object) -> None:
    with pytest.raises(SettingsError, match="must be a list of at most 50 regular expressions that are valid"):
        BY_KEY["redact"].accept(offered)


def test_patterns_that_compile_are_taken() -> None:
    assert BY_KEY["redact"].accept(["ACME-[0-9]+", "(?i)x", "[[a]"]) == ("ACME-[0-9]+", "(?i)x", "[[a]")
