"""Settings and services for a command: what is wrong with a flag ends the program, everything else is a note."""

import os
import sys

from tui_chat.cli.wrong_use import refuse
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.command_line import CommandLine
from tui_chat.wiring import Wiring, load


def load_or_refuse(line: CommandLine) -> Wiring:
    """Settings and what is built from them.

    Raises:
        SystemExit: a flag has a value that is not allowed; it has been said.
    """
    wiring = load(line, os.environ)
    flags = {override.flag for override in line.overrides.values()}
    for problem in wiring.loaded.problems:
        if problem.where in flags:
            refuse(f"{problem.where}: {problem.message}")
    return wiring


def load_with_notes(line: CommandLine) -> Wiring:
    """The same, with what was ignored said on standard error."""
    wiring = load_or_refuse(line)
    for problem in (*wiring.loaded.problems, *wiring.connection.problems):
        note(str(problem))
    return wiring


def note(words: str) -> None:
    """Say something beside the output, in one line."""
    print(f"tui-chat: {sanitize_line(words, 500)}", file=sys.stderr)
