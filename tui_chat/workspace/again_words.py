"""What is typed to take a call again, the same for every front end: `/tools again [CALL [WAY [REST]]]`."""

from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.refusal import CommandRefused

AGAIN: Final = "again"
"""Word behind `/tools`: take a call again."""


class Way(StrEnum):
    """What may be done with a stored call, in words."""

    RUN = "run it, as it is or changed"
    SCHEMA = "check it against another schema"
    MODEL = "ask another model instead"
    PUT = "put this result in the place of the old one, as a variant"


WORDS: Final = {"run": Way.RUN, "schema": Way.SCHEMA, "model": Way.MODEL, "put": Way.PUT}
"""Words that name a way behind `/tools again CALL`."""


class Asked(msgspec.Struct, frozen=True):
    """What stands behind `/tools again`: a call by number or name, a way, and what belongs to that."""

    call: str = ""
    way: Way | None = None
    rest: str = ""


def is_again(words: str) -> bool:
    """Whether what stands behind `/tools` takes a call again."""
    return words.split(maxsplit=1)[:1] == [AGAIN]


def asked_in(words: str) -> Asked:
    """Take `again [CALL [run|schema|model|put [REST]]]` apart.

    Raises:
        CommandRefused: the word behind the call is none of these.
    """
    _, call, way, rest = (*words.split(maxsplit=3), "", "", "", "")[:4]
    if way and way not in WORDS:
        raise CommandRefused(f"/tools again {sanitize_line(call, 40)} takes one of: {', '.join(WORDS)}.")
    return Asked(call, WORDS.get(way), rest)
