"""A command as a value: declared once, read by bindings, completion, help and the settings of every front end.

A row says what a command is. What it does is a handler of each front end's own, bound to the row's id.
"""

from enum import Enum, StrEnum
from typing import Final

import msgspec


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
    """Where a key counts. A key may do something else in each place, but in one place only one thing."""

    CHAT = "the whole chat"
    COMPOSER = "the composer"
    TRANSCRIPT = "the transcript"
    LISTS = "lists"
    DIALOGS = "dialogs"
    PAGES = "help"
    MODELS = "the models"
    TOOLS = "the tool inspector"
    FIND = "the search line"
    QUEUE = "the waiting messages"
    STASH = "the stashed drafts"


class FrontEnd(Enum):
    """A front end in which commands can be given."""

    SCREEN = "screen"
    PLAIN = "plain"


EVERYWHERE: Final = frozenset(FrontEnd)
ON_SCREEN: Final = frozenset({FrontEnd.SCREEN})
IN_PLAIN: Final = frozenset({FrontEnd.PLAIN})


class ArgumentKind(Enum):
    """What a word after a slash name stands for: it decides what completion offers."""

    MODEL = "model"
    CONVERSATION = "conversation"
    THEME = "theme"
    FORMAT = "format"
    FILE = "file"
    """A file that exists."""
    TARGET = "target"
    """A file to be written."""
    CODE_BLOCK = "code block"
    """The number of a code block, or `all`."""
    TOPIC = "topic"
    ATTACHED = "attached"
    """The name of an attached file."""
    MESSAGE = "message"
    """The number of a message."""
    CHOICE = "choice"
    """One of the few words that the argument itself names."""
    TEXT = "text"
    """Free words."""


class Argument(msgspec.Struct, frozen=True):
    """One thing that may follow a slash name."""

    kind: ArgumentKind
    words: str
    """The argument as people read it: `ID`, `N or all`."""
    is_required: bool = False


class PlainForm(msgspec.Struct, frozen=True):
    """How a command differs in plain mode."""

    help: str
    """Empty where the command does nothing but say so: help leaves it out."""
    arguments: tuple[Argument, ...] | None = None
    """None: the same as on the screen."""


class Command(msgspec.Struct, frozen=True):
    """One thing that can be asked for, by key, by slash name or in the palette."""

    id: str
    """Also its name in the `[keys]` table of the settings."""
    title: str
    help: str
    group: Group
    keys: str = ""
    """Default keys, comma separated, in Textual's names; empty for none. `leader x` is the leader key, then x."""
    slash: str = ""
    """Without the slash; empty where it cannot be typed."""
    arguments: tuple[Argument, ...] = ()
    aliases: tuple[str, ...] = ()
    front_ends: frozenset[FrontEnd] = EVERYWHERE
    plain: PlainForm | None = None
    """None: plain mode has it in the same words."""
    needs_session: bool = True
    """It waits for an open conversation; a command that does not runs even before there is one."""
    needs_idle: bool = False
    """It cannot run while an answer is being written."""
    priority: bool = False
    """Its key counts before the focused widget's own."""
    place: Place = Place.CHAT
    """Where its key counts; outside the whole chat it is bound by the widget that it is for."""
    is_key_only: bool = False
    """The widget at its place does it itself; nothing else can ask for it."""
    is_listed: bool = True
    """The palette offers it."""

    @property
    def needs_arguments(self) -> bool:
        """Nothing can be done without words after the slash name."""
        return bool(self.arguments) and self.arguments[0].is_required

    @property
    def usage(self) -> str:
        """What may follow the slash name, for people: `FORMAT [PATH]`; empty for nothing."""
        return " ".join(each.words if each.is_required else f"[{each.words}]" for each in self.arguments)

    @property
    def in_plain(self) -> "Command":
        """The same command with the help and the arguments that it has in plain mode."""
        if self.plain is None:
            return self
        arguments = self.arguments if self.plain.arguments is None else self.plain.arguments
        return msgspec.structs.replace(self, help=self.plain.help, arguments=arguments)
