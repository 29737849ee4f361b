"""The time beside an answer, as the setting has it."""

from datetime import datetime
from typing import Literal

from tui_chat.core import figures

Timestamps = Literal["off", "relative", "absolute"]


def time_text(timestamps: Timestamps, created_at: float, now: float) -> str:
    """`14:02`, `21 Nov 14:02`, `5 min ago`; empty where times are off. Both in seconds since the epoch."""
    if timestamps == "off":
        return ""
    then = datetime.fromtimestamp(created_at)
    if timestamps == "absolute":
        today = datetime.fromtimestamp(now)
        if then.date() == today.date():
            return f"{then:%H:%M}"
        return f"{then.day} {then:%b %H:%M}" if then.year == today.year else f"{then:%Y-%m-%d %H:%M}"
    return figures.age(now - created_at)
