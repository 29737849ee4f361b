"""The tokens of JSON, as RFC 8259 has them, and bounds of ours."""

import re
from typing import Final

from tui_chat.core.jsonvalue import JsonValue

DEEPEST: Final = 256
"""Containers inside each other; more is a problem."""
LONGEST_SCALAR: Final = 400
"""Characters of a number; more is a problem."""
BLANKS: Final = re.compile(r"[ \t\n\r]+")
PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]+')
"""What stands in a string for itself."""
NUMBER_RUN: Final = re.compile(r"[-+0-9.eE]+")
"""Characters of which numbers are made."""
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS: Final[dict[str, tuple[str, JsonValue]]] = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
"""Words and their values, by their first letter."""
HEX: Final = frozenset("0123456789abcdefABCDEF")
