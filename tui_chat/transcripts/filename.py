"""File names for transcripts, made of a date and a title that anybody may have written."""

import re
from datetime import UTC, tzinfo

from tui_chat.core.moments import moment_of

_LONGEST = 60


def suggested_name(title: str, created_at: float, suffix: str, zone: tzinfo = UTC) -> str:
    """`2026-11-22-title-words.md`: lower case, ASCII and safe on every file system; `suffix` comes without a dot.

    Letters of other scripts stay, for a title may have no others; signs, separators and leading dots do not.
    """
    words = re.findall(r"[^\W_]+", title.casefold())
    slug = ""
    for word in words:
        if len(slug) + 1 + len(word) > _LONGEST:
            break
        slug += "-" + word
    return f"{_day(created_at, zone)}{slug or '-conversation'}.{suffix}"


def _day(created_at: float, zone: tzinfo) -> str:
    begun = moment_of(created_at, zone)
    return "undated" if begun is None else f"{begun:%Y-%m-%d}"
