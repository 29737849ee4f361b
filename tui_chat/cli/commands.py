"""Every subcommand, once: its words, its help text, and its positional arguments.

The tables of the command line are named tuples: `--help` and `--version` do without msgspec, which takes as long to
import as all the rest of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Subcommand(StrEnum):
    """The subcommands; the value is what is typed for one, empty for the chat itself."""

    CHAT = ""
    ASK = "ask"
    MODELS = "models"
    HISTORY_LIST = "history list"
    HISTORY_SHOW = "history show"
    HISTORY_TREE = "history tree"
    HISTORY_SEARCH = "history search"
    HISTORY_EXPORT = "history export"
    HISTORY_IMPORT = "history import"
    HISTORY_RENAME = "history rename"
    HISTORY_ARCHIVE = "history archive"
    HISTORY_RESTORE = "history restore"
    HISTORY_DELETE = "history delete"
    HISTORY_BACKUP = "history backup"
    USAGE = "usage"
    TOOLS = "tools"
    CONFIG = "config"
    DEMO = "demo"

    @property
    def group(self) -> str:
        """First word of a subcommand of two words; empty for the others."""
        first, is_split, _ = self.partition(" ")
        return first if is_split else ""

    @property
    def last_word(self) -> str:
        """Name in a list of subcommands or of a group's actions."""
        return self.rpartition(" ")[2]


class Positional(NamedTuple):
    """The words that follow a subcommand."""

    field: str
    """Field of the subcommand's arguments that holds them."""
    metavar: str
    meaning: str
    nargs: str | None = None
    """Number of words, as argparse writes it: `?`, `*` or `+`; None takes exactly one."""
    choices: tuple[str, ...] | None = None


HISTORY: Final = "history"

MEANINGS: Final[Mapping[Subcommand, str]] = {
    Subcommand.CHAT: "A full-screen chat for SolRouter and every OpenAI-compatible gateway.",
    Subcommand.ASK: "one answer without the screen",
    Subcommand.MODELS: "the catalogue: context and prices",
    Subcommand.HISTORY_LIST: "conversations, the newest first",
    Subcommand.HISTORY_SHOW: "print a conversation",
    Subcommand.HISTORY_TREE: "print all branches of a conversation, a line for each message",
    Subcommand.HISTORY_SEARCH: "messages that have all the words, the best first",
    Subcommand.HISTORY_EXPORT: "write conversations as Markdown, JSON, HTML or text",
    Subcommand.HISTORY_IMPORT: "read conversations from an export: ours, ChatGPT's, Open WebUI's, llm's",
    Subcommand.HISTORY_RENAME: "give a conversation another name",
    Subcommand.HISTORY_ARCHIVE: "put a conversation away: lists and searches pass over it",
    Subcommand.HISTORY_RESTORE: "take a conversation out of the archive",
    Subcommand.HISTORY_DELETE: "delete a conversation for good, with its drafts and prompts",
    Subcommand.HISTORY_BACKUP: "copy everything that was saved to a file",
    Subcommand.USAGE: "spending by day, month, model, conversation, gateway and kind",
    Subcommand.TOOLS: "the tools that are set up, what runs each, and what is wrong with one",
    Subcommand.CONFIG: "each setting, its value and where it comes from",
    Subcommand.DEMO: "serve the embedded gateway to other clients",
}
GROUPS: Final[Mapping[str, str]] = {
    HISTORY: "saved conversations: list, show, search, tree, export, import, rename, archive, restore, delete, backup"
}
"""First words that are no subcommand by themselves, with the help text of each."""

_ID: Final = Positional("id", "ID", "a conversation; a unique beginning is enough")
POSITIONALS: Final[Mapping[Subcommand, tuple[Positional, ...]]] = {
    Subcommand.CHAT: (Positional("prompt", "PROMPT", "a first message, sent at once; after -- never a command", "*"),),
    Subcommand.ASK: (Positional("prompt", "PROMPT", "the question; piped standard input is added to it", "*"),),
    Subcommand.MODELS: (Positional("words", "WORDS", "only models whose id or name has all of these", "*"),),
    Subcommand.HISTORY_SHOW: (_ID,),
    Subcommand.HISTORY_TREE: (_ID,),
    Subcommand.HISTORY_SEARCH: (
        Positional("words", "WORDS", "words that a message must have, all of them, and filters like model:claude", "*"),
    ),
    Subcommand.HISTORY_EXPORT: (
        Positional("id", "ID", "a conversation; a unique beginning is enough; without it all of them, with -o", "?"),
    ),
    Subcommand.HISTORY_IMPORT: (Positional("file", "FILE", "a JSON export, ChatGPT's zip, or the logs.db of llm"),),
    Subcommand.HISTORY_RENAME: (_ID, Positional("name", "NAME", "its new name", "+")),
    Subcommand.HISTORY_ARCHIVE: (_ID,),
    Subcommand.HISTORY_RESTORE: (_ID,),
    Subcommand.HISTORY_DELETE: (_ID,),
    Subcommand.HISTORY_BACKUP: (Positional("path", "PATH", "a new file, or an earlier copy, which is replaced"),),
    Subcommand.TOOLS: (
        Positional(
            "words",
            "run NAME JSON|ready|allowed|forget NAME",
            "run: run this tool with these arguments; ready: print the lines of a tools file that turn on the tools "
            "that come along; allowed: list what runs without asking for good; forget: take that back for a tool",
            "*",
        ),
    ),
    Subcommand.CONFIG: (
        Positional(
            "what",
            "path|forget",
            "path: print the settings file's path; forget: the project file here does not count any more",
            "?",
            choices=("path", "forget"),
        ),
    ),
}
"""Positional arguments; subcommands without any take options alone."""


def first_words() -> Mapping[str, str]:
    """First words of all subcommands with their help texts, in the order of the help."""
    named = (command for command in Subcommand if command is not Subcommand.CHAT)
    listed = {command.group or command.value: MEANINGS[command] for command in named}
    return {word: GROUPS.get(word, meaning) for word, meaning in listed.items()}


def actions_of(group: str) -> Mapping[str, Subcommand]:
    """Subcommands of a group by their last word."""
    return {command.last_word: command for command in Subcommand if command.group == group}
