"""The embedded gateway: scripted models that answer through the same byte path as a real one.

The chat opens on it where neither a key nor a base URL is set, and `tui-chat demo` serves it to other clients. Only
constants here, so that naming the gateway costs no import.
"""

from typing import Final

DEMO_BASE_URL: Final = "http://demo.invalid/ai"
"""Where the in-process gateway answers; `.invalid` can never be a real host (RFC 2606)."""

DEMO_KEY: Final = "sr_demo"
"""A key that the demo gateway takes; it opens nothing else."""

DEMO_DEFAULT_MODEL: Final = "demo/guide"
"""The model that a first run talks to; free."""
