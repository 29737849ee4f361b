"""A command as a value: declared once, read by the bindings, completion, help and settings of every front end.

Each front end has its own handler for a command, bound to the command's id.
"""

from enum import Enum, StrEnum
from typing import Final

import msgspec

from tui_chat.workspace.front_end import FrontEnd


class Group(StrEnum):
    """The heading under which help lists a command."""

    WRITING = "Writing"
    ANSWERS = "Answers"
    CONVERSATIONS = "Conversations"
    READING = "In the transcript (Tab goes there, Esc back)"
    PANES = "Panes and views"
    FILES = "Files and clipboard"
    PROGRAM = "Program"
    ELSEWHERE = "In lists, panes and dialogs"


class Place(StrEnum):
    """Part of the screen in which a key works. One key may do something else in each, but only one thing in one."""

    CHAT = "the whole chat"
    COMPOSER = "the composer"
    TRANSCRIPT = "the transcript"
    LISTS = "lists"
    CONVERSATIONS = "the list of conversations"
    DIALOGS = "dialogs"
    PAGES = "help"
    MODELS = "the models"
    TOOLS = "the tool inspector"
    DECISION = "the question about a call"
    USAGE = "the usage"
    FIND = "the search line"
    QUEUE = "the waiting messages"
    STASH = "the stashed drafts"
    PROMPTS = "the prompt history"
    SEARCH = "the search of everything"
    TREE = "the tree of a conversation"
    PALETTE = "the list of commands"
    PARAMETERS = "the parameters"
    SETTINGS = "the settings"


EVERYWHERE: Final = frozenset(FrontEnd)
ON_SCREEN: Final = frozenset({FrontEnd.SCREEN})
IN_PLAIN: Final = frozenset({FrontEnd.PLAIN})


class ArgumentKind(Enum):
    """Meaning of an argument after a slash name: it decides what completion offers."""

    MODEL = "model"
    CONVERSATION = "conversation"
    THEME = "theme"
    SETTING = "setting"
    """The name of a setting."""
    GATEWAY = "gateway"
    """The name of a gateway that the settings declare."""
    FORMAT = "format"
    FILE = "file"
    """A file that exists."""
    TARGET = "target"
    """A file to be written."""
    COPIED = "copied"
    """The number of a message, `code` and the number of a code block, or `all`."""
    TOPIC = "topic"
    ATTACHED = "attached"
    """The name of an attached file."""
    MESSAGE = "message"
    """The number of a message."""
    PARAMETER = "parameter"
    """Names and values of parameters."""
    EFFORT = "effort"
    """A level of reasoning effort."""
    PRESET = "preset"
    """The name of a preset that the settings declare."""
    PROMPT = "prompt"
    """The name of one of the person's own prompts."""
    TOOLS = "tools"
    """What is to be done with tools and their calls, and with which."""
    CHOICE = "choice"
    """One of the few words that the argument itself names."""
    TEXT = "text"
    """Free words."""


class Argument(msgspec.Struct, frozen=True):
    """One argument of a slash command."""

    kind: ArgumentKind
    words: str
    """The argument as people read it: `ID`, `N, code, all`."""
    is_required: bool = False


class PlainForm(msgspec.Struct, frozen=True):
    """Differences of a command in plain mode."""

    help: str
    """Empty where the command only says that it has no effect: help leaves it out."""
    arguments: tuple[Argument, ...] | None = None
    """Arguments in plain mode; None where they are the same as on the screen."""


class Command(msgspec.Struct, frozen=True):
    """A command, given by key, by slash name or in the palette."""

    id: str
    """Also its name in the `[keys]` table of the settings."""
    title: str
    help: str
    group: Group
    keys: str = ""
    """Default keys, comma separated, in Textual's names; empty for none. `leader x` is the leader key, then x."""
    slash: str = ""
    """Name without the slash; empty where the command cannot be typed."""
    arguments: tuple[Argument, ...] = ()
    aliases: tuple[str, ...] = ()
    front_ends: frozenset[FrontEnd] = EVERYWHERE
    plain: PlainForm | None = None
    """None where plain mode has it in the same words."""
    needs_session: bool = True
    """It waits until the conversation is open; a command that does not runs even before that."""
    needs_idle: bool = False
    """It cannot run while an answer is being written."""
    priority: bool = False
    """Its key goes before the focused widget's own."""
    place: Place = Place.CHAT
    """Place in which its key works; in any but the whole chat, the widget there binds it."""
    is_key_only: bool = False
    """The widget at its place does it itself, and it can be given in no other way than by key."""
    is_listed: bool = True
    """The palette offers it."""
    tells_key: bool = False
    """Its argument is which of its keys was pressed, from 1."""

    @property
    def needs_arguments(self) -> bool:
        """The command can do nothing without its first argument."""
        return bool(self.arguments) and self.arguments[0].is_required

    @property
    def usage(self) -> str:
        """The arguments as people read them: `FORMAT [PATH]`; empty where there are none."""
        return " ".join(each.words if each.is_required else f"[{each.words}]" for each in self.arguments)

    @property
    def in_plain(self) -> "Command":
        """The command with the help and the arguments that it has in plain mode."""
        if self.plain is None:
            return self
        arguments = self.arguments if self.plain.arguments is None else self.plain.arguments
        return msgspec.structs.replace(self, help=self.plain.help, arguments=arguments)
