"""Times as the setting has them."""

from datetime import datetime

import pytest

from tui_chat.ui.transcript.times import time_text

NOW = datetime(2026, 3, 5, 14, 30).timestamp()


@pytest.mark.parametrize(
    ("ago_s", "relative", "absolute"),
    [
        (5, "just now", "14:29"),
        (150, "2 min ago", "14:27"),
        (2 * 3600, "2 h ago", "12:30"),
        (26 * 3600, "yesterday", "4 Mar 12:30"),
        (400 * 86_400, "13 months ago", "2025-01-29 14:30"),
        (-10, "just now", "14:30"),
    ],
)
def test_a_time_in_each_setting(ago_s: int, relative: str, absolute: str) -> None:
    assert time_text("off", NOW - ago_s, NOW) == ""
    assert time_text("relative", NOW - ago_s, NOW) == relative
    assert time_text("absolute", NOW - ago_s, NOW) == absolute
