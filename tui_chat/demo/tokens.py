"""Where a text is cut into tokens, and how many that makes.

No tokenizer of a real model: words with the space before them, long ones cut, about four characters each (the
service's own rule of thumb). The same cut makes the chunks and the count, so usage is always what was streamed.
"""

import re

_TOKEN = re.compile(r"[ ]?[^\W\d_]{1,7}|[ ]?\d{1,3}|\n+[ ]*|[ ]{2,}|[ ]?[^\w\s]{1,3}|\s|.", re.DOTALL)
MESSAGE_OVERHEAD = 4
"""Tokens that a message costs beyond its text: role and separators."""


def cut(text: str) -> list[str]:
    """The tokens of a text; joined they are the text."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """How many tokens a text has."""
    return len(_TOKEN.findall(text))


def fragments(arguments: str) -> list[str]:
    """The arguments of a tool call in pieces of two to five characters, as models send them."""
    sizes, pieces, at = (4, 3, 5, 2), list[str](), 0
    while at < len(arguments):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(arguments[at : at + size])
        at += size
    return pieces
