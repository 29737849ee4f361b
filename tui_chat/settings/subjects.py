"""The settings by subject, as a person looks for them."""

from collections.abc import Mapping
from typing import Final

SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Model": (
        "model", "system", "title_model", "summary_model", "fallbacks", "fallback_after_s", "preset", "tools", "budget",
    ),
    "Parameters": (
        "temperature", "top_p", "max_tokens", "seed", "reasoning_effort", "provider", "send_reasoning", "thinking_tags",
    ),
    "Gateway": ("base_url", "gateway", "connect_timeout_s", "header_timeout_s", "idle_timeout_s", "retries"),
    "Reading": ("theme", "timestamps", "show_reasoning", "join_lines", "hints", "motion", "ascii", "plain"),
    "Writing": ("enter", "vim", "leader", "keys"),
    "Terminal": ("mouse", "clipboard", "copy_on_select", "notify", "terminal_title", "painting"),
    "Sharing": ("redact",),
}  # fmt: skip
"""Every setting stands under one of them."""


def subject_of(key: str) -> str:
    """The subject of a setting; empty for what is none."""
    return next((subject for subject, keys in SUBJECTS.items() if key in keys), "")
