"""Loading the settings for a subcommand: a problem with a flag ends the program, any other is a note."""

import os
import sys

from tui_chat.cli.wrong_use import refuse
from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.load import Source
from tui_chat.settings.presets import Preset, find_preset
from tui_chat.settings.secret_key import KEY_VARIABLE
from tui_chat.wiring.load import load
from tui_chat.wiring.root import Wiring


def load_or_refuse(line: CommandLine) -> Wiring:
    """Load the settings, and refuse to run where a flag has a value that is not allowed, or names no gateway.

    Raises:
        SystemExit: it was refused, and a message has been printed.
    """
    if line.config_file is not None and not os.path.isfile(line.config_file):
        refuse(f"--config: there is no file “{line.config_file}”; name one that there is, or leave it out")
    if line.gateway is not None and "base_url" in line.overrides:
        refuse("--gateway and --base-url name two gateways; give one of them")
    try:
        wiring = load(line, os.environ)
    except SettingsError as error:
        refuse(f"--gateway: {error.failure.message} {error.failure.advice}")
    flags = {override.flag for override in line.overrides.values()}
    for problem in wiring.loaded.problems:
        if problem.where in flags:
            refuse(f"{problem.where}: {problem.message}")
    return wiring


def load_to_ask(line: CommandLine) -> Wiring:
    """Load the settings for a question that nobody watches, note what was ignored, and refuse to run where the user's
    file or the one with the saved keys is there and cannot be read, and nothing else says which gateway is meant.

    Raises:
        SystemExit: it was refused, and a message has been printed.
    """
    wiring = load_or_refuse(line)
    is_given = wiring.loaded.origins["base_url"].source in (Source.FLAG, Source.ENVIRONMENT)
    if (unread := wiring.loaded.unread) is not None and not is_given and os.path.lexists(wiring.loaded.file):
        refuse(
            f"{unread}; nothing is asked without the gateway that it may name. Correct the file, or name another with "
            "--config, or the gateway with --base-url"
        )
    if (unread := wiring.connection.unread) is not None:
        refuse(
            f"{str(unread).rstrip('.')}, and the demo is not asked in place of the gateway that it may name. Correct "
            f"or remove the file, or give the key in {KEY_VARIABLE}, or the gateway with --base-url"
        )
    _note_problems(wiring)
    note_project(wiring)
    return wiring


def preset_or_refuse(wiring: Wiring, name: str | None, *, is_new: bool) -> Preset | None:
    """Find the preset of this name, without one that with which the project file begins a new conversation, if any,
    and refuse to run where there is none of the name.

    Raises:
        SystemExit: it was refused, and a message has been printed.
    """
    name = wiring.loaded.preset_name or None if name is None and is_new else name
    if name is None:
        return None
    try:
        return find_preset(wiring.loaded.settings.preset, name)
    except SettingsError as error:
        refuse(f"--preset: {error.failure.message} {error.failure.advice}")


def load_with_notes(line: CommandLine) -> Wiring:
    """Load the settings in the same way, and note on standard error what was ignored."""
    wiring = load_or_refuse(line)
    _note_problems(wiring)
    return wiring


def _note_problems(wiring: Wiring) -> None:
    for problem in (*wiring.loaded.problems, *wiring.connection.problems):
        if not problem.is_advice:
            note(str(problem))


def note_project(wiring: Wiring) -> None:
    """Note on standard error that a project file does not count, since nobody agreed to it."""
    project = wiring.loaded.project
    if project is not None and wiring.keeping.asks_for_project:
        note(f"{project.path} is ignored: nobody agreed to it. The chat, started here, asks you.")


def note(words: str) -> None:
    """Print a note in one line on standard error."""
    print(f"tui-chat: {sanitize_line(words, 500)}", file=sys.stderr)
