"""The time beside an answer, as the setting has it."""

from datetime import datetime
from typing import Literal

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
    minutes = int(max(0.0, now - created_at) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    days = hours // 24
    return f"{days} day{'s' if days > 1 else ''} ago"
