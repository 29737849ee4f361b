"""What the program says of itself, its version and its help, where nothing else is asked for.

Other programs ask for these, so they take no longer than they must: this module, and what it imports, do without the
parser, the tables of flags, and those modules of the standard library that the interpreter has not loaded by itself.
The help is kept as argparse writes it on a line without an end (`help.txt`), and is broken here as argparse breaks it.
"""

import os
import sys

TYPE_CHECKING = False  # `typing` takes a third of the time that is left
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGE_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "help.txt")
NARROWEST = 46
"""Columns below which argparse moves the second column, and so is asked itself."""
_HELP_AT = 24
"""Column at which the meaning of an option begins."""


def said_of_itself(words: "Sequence[str]") -> str:
    """What to print where these words ask for the version or the help and for nothing else; empty where they do not,
    or where only the parser can tell."""
    match list(words):
        case ["--version"]:
            from tui_chat.cli.version import version_text  # the help does without

            return f"tui-chat {version_text()}\n"
        case ["--help" | "-h"] if (columns := _columns()) >= NARROWEST and sys.version_info < (3, 13):
            with open(PAGE_FILE, encoding="utf-8") as file:
                return broken(file.read(), columns - 2)
    return ""


def broken(page: str, width: int) -> str:
    """The page in lines of at most `width` columns, but for descriptions and the list of commands, which stay."""
    usage, *lines = page.splitlines()
    result = list(_usage(usage, width))
    for line in lines:
        behind = line[_HELP_AT:] if line.startswith("  ") and line[_HELP_AT - 2 : _HELP_AT] == "  " else ""
        if behind and not behind.startswith(" "):
            first, *rest = _filled(behind, width - _HELP_AT)
            result += [line[:_HELP_AT] + first, *(" " * _HELP_AT + each for each in rest)]
        else:
            result.append(line)
    return "\n".join(result) + "\n"


def _usage(line: str, width: int) -> "Iterator[str]":
    """The usage; where it takes more than a line, options and other words begin lines of their own."""
    if len(line) <= width:
        yield line
        return
    head, *options = line[:-1].split(" [")
    *options, words = options
    indent = " " * (len(head) + 1)
    first, *rest = _filled_with([f"[{option}" for option in options], width - len(indent))
    yield f"{head} {first}"
    for each in (*rest, f"[{words}]"):
        yield indent + each


def _filled(text: str, width: int) -> "list[str]":
    return _filled_with(text.split(), width)


def _filled_with(parts: "Sequence[str]", width: int) -> "list[str]":
    """Parts in lines, as many in each as it has room for."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 1 + len(part) <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines


def _columns() -> int:
    """The columns of the terminal, found as argparse finds them."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ is not None else 0
        except (AttributeError, ValueError, OSError):
            columns = 0
    return columns or 80
