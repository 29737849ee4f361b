"""Benchmarks. The program is imported before Textual, whose frame rate it sets."""

import tui_chat.ui  # noqa: F401 - imported for its own sake
