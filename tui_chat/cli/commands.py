"""Every command, once: its words, its meaning, and what may follow it besides options."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec


class Command(StrEnum):
    """What can be run; the value is what is typed for it."""

    CHAT = ""
    ASK = "ask"
    MODELS = "models"
    HISTORY_LIST = "history list"
    HISTORY_SHOW = "history show"
    HISTORY_SEARCH = "history search"
    HISTORY_EXPORT = "history export"
    HISTORY_IMPORT = "history import"
    HISTORY_DELETE = "history delete"
    USAGE = "usage"
    CONFIG = "config"
    DEMO = "demo"

    @property
    def group(self) -> str:
        """The first word of a command of two words; empty for the others."""
        first, is_split, _ = self.partition(" ")
        return first if is_split else ""

    @property
    def last_word(self) -> str:
        """What a list of commands or of a group's actions calls it."""
        return self.rpartition(" ")[2]


class Positional(msgspec.Struct, frozen=True):
    """The words that follow a command."""

    field: str
    """The field of the command's arguments that holds them."""
    metavar: str
    meaning: str
    count: str | None = None
    """As argparse has it: `?`, `*` or `+`; None takes exactly one."""
    choices: tuple[str, ...] | None = None


HISTORY: Final = "history"

MEANINGS: Final[Mapping[Command, str]] = {
    Command.CHAT: "A full-screen chat for SolRouter and every OpenAI-compatible gateway.",
    Command.ASK: "one answer without the screen",
    Command.MODELS: "the catalogue: context and prices",
    Command.HISTORY_LIST: "every conversation, the newest first",
    Command.HISTORY_SHOW: "print a conversation",
    Command.HISTORY_SEARCH: "messages that have all the words",
    Command.HISTORY_EXPORT: "write a conversation as Markdown or JSON",
    Command.HISTORY_IMPORT: "read a conversation from a JSON export",
    Command.HISTORY_DELETE: "delete a conversation for good",
    Command.USAGE: "what was spent, by day, model and conversation",
    Command.CONFIG: "each setting, its value and where it comes from",
    Command.DEMO: "serve the embedded gateway to other clients",
}
GROUPS: Final[Mapping[str, str]] = {HISTORY: "saved conversations: list, show, search, export, import, delete"}
"""Words that name no command by themselves, and what their commands are about."""

_ID: Final = Positional("id", "ID", "a conversation; a unique beginning is enough")
POSITIONALS: Final[Mapping[Command, Positional]] = {
    Command.CHAT: Positional("prompt", "PROMPT", "sent at once; after -- also where it looks like a command", "*"),
    Command.ASK: Positional("prompt", "PROMPT", "standard input follows it where it is no terminal", "*"),
    Command.MODELS: Positional("words", "WORDS", "only models whose id or name has all of these", "*"),
    Command.HISTORY_SHOW: _ID,
    Command.HISTORY_SEARCH: Positional("words", "WORDS", "all of them are in the message", "+"),
    Command.HISTORY_EXPORT: _ID,
    Command.HISTORY_IMPORT: Positional("file", "FILE", "a conversation that was exported as JSON"),
    Command.HISTORY_DELETE: _ID,
    Command.CONFIG: Positional("what", "path", "print the settings file's path", "?", choices=("path",)),
}
"""The commands that take words; the others take options alone."""


def first_words() -> Mapping[str, str]:
    """The words that can begin a command line, with what each is for, in the order of the help."""
    listed = {command.group or command.value: MEANINGS[command] for command in Command if command is not Command.CHAT}
    return {word: GROUPS.get(word, meaning) for word, meaning in listed.items()}


def actions_of(group: str) -> Mapping[str, Command]:
    """The commands of a group by their last word."""
    return {command.last_word: command for command in Command if command.group == group}
