"""The question whether a project file counts, asked before anything in it does."""

from typing import Final

from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.plain.choosing import choose
from tui_chat.plain.lines import Lines
from tui_chat.plain.signals import Interrupted
from tui_chat.plain.speech import Speech
from tui_chat.settings.kept import SettingsKeeper

IGNORE: Final = "ignore it"
USE: Final = "use it, as long as it stays as it is"


def ask_for_project(keeping: SettingsKeeper, speech: Speech, lines: Lines) -> None:
    """Read the project file out and ask whether it counts; nothing chosen is no. Where nobody can answer it does not,
    and that is said."""
    project = keeping.loaded.project
    if project is None or not keeping.asks_for_project:
        return
    path = sanitize_line(str(project.path), 400)
    if not lines.is_terminal:
        speech.say(f"{path} is ignored: nobody agreed to it.")
        return
    speech.say(f"This folder brings settings along, in {path}:\n{sanitize(project.words)}\n(end of the file)")
    for problem in project.problems:
        speech.say(f"Ignored in any case: {sanitize_line(str(problem), 400)}")
    try:
        chosen = choose(speech, lines, (IGNORE, USE), str)
    except (EOFError, Interrupted):
        chosen = None
    if chosen != USE:
        speech.say("It is ignored.")
        return
    try:
        keeping.agree_to_project()
        speech.say("It counts. /settings forget takes that back.")
    except SettingsError as error:
        speech.say(f"It counts for this run. {error.failure.message}")
