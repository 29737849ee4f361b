"""The embedded gateway: scripted models that answer through the same byte path as a real one.

The chat opens on it where neither a key nor a base URL is set, and `tui-chat demo` serves it to other clients. This
module has only constants, so that naming the gateway costs no import.
"""

from typing import Final

DEMO_BASE_URL: Final = "http://demo.invalid/ai"
"""Base URL of the in-process gateway; `.invalid` can never be a real host (RFC 2606)."""

DEMO_KEY: Final = "sr_demo"
"""Key that the demo gateway accepts; it is of no use elsewhere."""

DEMO_DEFAULT_MODEL: Final = "demo/guide"
"""Model of a first run; it is free."""
