"""Cutting of texts into tokens, and counting them.

Not the tokenizer of a real model: a token is a word with the space before it, long words are cut, and the average is
about four characters (the service's own rule of thumb). Chunks and counts come from the same cut, so the usage is
always what was streamed.
"""

import re

_TOKEN = re.compile(r"[ ]?[^\W\d_]{1,7}|[ ]?\d{1,3}|\n+[ ]*|[ ]{2,}|[ ]?[^\w\s]{1,3}|\s|.", re.DOTALL)
MESSAGE_OVERHEAD = 4
"""Tokens that a message costs beyond its text: role and separators."""


def cut(text: str) -> list[str]:
    """Cut a text into tokens; joined they are the text."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Count the tokens of a text."""
    return len(_TOKEN.findall(text))


def fragments(arguments: str) -> list[str]:
    """Cut the arguments of a tool call into pieces of two to five characters, as models send them."""
    sizes, pieces, at = (4, 3, 5, 2), list[str](), 0
    while at < len(arguments):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(arguments[at : at + size])
        at += size
    return pieces
