"""Words that are asked for at a prompt: a line, or a text of several.

A command that is typed there leaves the prompt and is carried out next. What begins with a slash and is no command is
refused, as it is beside every other prompt; two slashes stand for one.
"""

from collections.abc import Callable

from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.slash import as_message, slash_line, typed_as_message
from tui_chat.plain.lines import Lines
from tui_chat.plain.messages import first_message, is_command, unfinished
from tui_chat.plain.signals import Ended, Interrupted
from tui_chat.plain.speech import Speech
from tui_chat.workspace.command_table import unknown_command
from tui_chat.workspace.front_end import FrontEnd

PROMPT = "You: "
MORE = "More: "


class CommandTyped(Exception):
    """A command was typed in the place of an answer; it is the next line that is read."""


def read_text(lines: Lines, prompt: str, prefill: str = "") -> str:
    """Read a text of one or more lines, a command too. Raises as `Lines.read` does."""
    typed: list[str] = []
    try:
        while True:
            typed.append(lines.read(MORE if typed else prompt, "" if typed else prefill))
            typed += lines.waiting()
            if taken := first_message(typed, is_command):
                if rest := typed[taken.lines :]:
                    lines.put_back(rest)
                return without_surrogates(taken.text)
    except EOFError:
        if not typed:
            raise
        return without_surrogates(unfinished(typed))
    except (Interrupted, Ended) as stop:
        stop.text = unfinished([*typed, stop.text])
        raise


class Prompts:
    """Asks for words. Asking raises as `Lines.read` does, and `CommandTyped`."""

    def __init__(self, speech: Speech, lines: Lines, names_command: Callable[[str], bool]) -> None:
        """`names_command` says whether a line that begins with a slash is a command that there is."""
        self._speech = speech
        self._lines = lines
        self._names_command = names_command

    def line(self, prompt: str, *, is_path: bool = False) -> str:
        """Ask for one line. A path may begin with a slash."""
        while not self._is_answer(typed := without_surrogates(self._lines.read(prompt)), is_path=is_path):
            pass
        return typed if is_path else _meant(typed)

    def text(self, prompt: str, prefill: str = "") -> str:
        """Ask for a text of one or more lines. `prefill` is in it to be edited, where that is possible."""
        shown = typed_as_message(prefill) if prefill.startswith("/") else prefill
        while not self._is_answer(typed := read_text(self._lines, prompt, shown)):
            pass
        return _meant(typed)

    def _is_answer(self, typed: str, *, is_path: bool = False) -> bool:
        """Whether words are the answer; where they are none, it was said why. A script asks no question back: each of
        its lines counts."""
        line = slash_line(typed) if typed.startswith("/") else None
        is_known = line is not None and self._names_command(typed)
        if line is None or (is_path and not is_known):
            return True
        if is_known or not self._lines.is_terminal:
            self._lines.put_back([typed])
            raise CommandTyped
        self._speech.say(unknown_command(line.name, FrontEnd.PLAIN))
        return False


def _meant(typed: str) -> str:
    return as_message(typed) if typed.startswith("/") else typed
