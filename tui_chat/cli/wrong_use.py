"""Refusal of wrong use: one line on standard error, exit status 2."""

import sys
from typing import Final, NoReturn

WRONG_USE: Final = 2


class WrongUse(SystemExit):
    """The end of the program after wrong use, which has been printed."""

    def __init__(self, message: str) -> None:
        super().__init__(WRONG_USE)
        self.message = message


def refuse(message: str, *, command: str = "") -> NoReturn:
    """Print what is wrong and what to do instead, and end the program. `command` is the subcommand that refuses."""
    from tui_chat.core.sanitize import sanitize_line  # the message may quote what was typed

    print(f"{f'tui-chat {command}'.strip()}: {sanitize_line(message, 1000)}", file=sys.stderr)
    raise WrongUse(message)
