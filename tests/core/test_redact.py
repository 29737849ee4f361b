"""The redactor."""

import base64
import json
from urllib.parse import quote

import pytest

from tui_chat.core.redact import HIDDEN, Secrets, redactor

KEY = "weird.key+1234567890"


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect key {KEY}.",
        f"b'Bearer {KEY}\\n'",
        "Bearer abcdef123456",
        "authorization: bearer abcdef123456",
        "sr_abcdef123456 sk-proj-abcdef123456 sk-ant-api03-abcdef123456 gsk_abcdef123456",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0abcdef123456.x",
    ],
)
def test_no_key_survives(text: str) -> None:
    redacted = redactor(KEY)(text)

    assert HIDDEN in redacted
    assert KEY not in redacted
    assert "abcdef123456" not in redacted


@pytest.mark.parametrize("text", ["", "nothing to hide", "the bearer of news", "task-force", "risk-averse_people_all"])
def test_ordinary_words_stay(text: str) -> None:
    assert redactor(KEY)(text) == text
    assert redactor("")(text) == text


@pytest.mark.parametrize("key", ["hunter2hunter", "correct horse?", "a-much-longer-one-of-no-known-kind"])
def test_an_error_hides_a_short_key_as_it_is_and_encoded(key: str) -> None:
    encoded = base64.b64encode(f"Bearer {key}".encode()).decode()
    redacted = redactor(key)(f"No such key: {key}, sent as {encoded} and {quote(key, safe='')}.")

    assert key not in redacted
    assert encoded[11:-4] not in redacted
    assert quote(key, safe="") not in redacted


def test_a_placeholder_is_no_secret_in_what_a_model_says() -> None:
    assert (
        Secrets(["sk-xxxxxxxxxxxxxxxxxxxxxxxx"]).mask("Write xxxxxxxxxxxxxxxx here.") == "Write xxxxxxxxxxxxxxxx here."
    )


def test_json_stays_json_where_a_secret_is_hidden_in_it() -> None:
    key = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b"
    masked = Secrets([key]).mask_json(json.dumps({"a": ["x\n", f"\u00e9{key}"], "b": 1.50}))

    assert json.loads(masked) == {"a": ["x\n", f"é{HIDDEN}"], "b": 1.5}
    assert Secrets([key]).mask_json('{"a": "x\\n"}') == '{"a": "x\\n"}'


@pytest.mark.parametrize(
    ("key", "is_hidden"), [("sr_4a8fTq93bLz07", True), ("sr_4a8fTq93bLz0", False), ("lm-studio", False)]
)
def test_a_key_of_sixteen_characters_is_hidden_in_what_a_model_says_and_a_word_is_not(
    key: str, is_hidden: bool
) -> None:
    said = Secrets([key]).mask(f"It is {key}.")
    assert (key not in said) is is_hidden
