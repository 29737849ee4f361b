"""The redactor."""

import pytest

from tui_chat.core.redact import HIDDEN, redactor

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
