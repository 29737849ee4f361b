"""A command as a value: said once, read by bindings, palette, completion, help and the list of keys."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from textual.binding import Binding

from tui_chat.ui.keys.key_names import LEADER

if TYPE_CHECKING:  # the screen imports the registry, which imports this
    from tui_chat.ui.chat_screen.screen import ChatScreen

Handler = Callable[["ChatScreen", str], Awaitable[None] | None]
"""Does the command with the words that followed its slash name. What it returns to be awaited runs in a worker."""

UNBOUND = "f63"
"""A key that no keyboard sends: what an action is bound to when its key was taken away."""


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


class Command(msgspec.Struct, frozen=True):
    """One thing that can be asked for, by key, by slash name or in the palette."""

    id: str
    """Also its name in the `[keys]` table of the settings."""
    title: str
    help: str
    group: Group
    run: Handler | None = None
    """None: the composer does it itself, by key only."""
    keys: str = ""
    """Default keys, comma separated, in Textual's names; empty for none. `leader x` is the leader key, then x."""
    slash: str = ""
    """Without the slash; empty where it cannot be typed."""
    arguments: str = ""
    """What may follow the slash name, for people: `[ID]`, `NAME`."""
    aliases: tuple[str, ...] = ()
    needs_session: bool = True
    """It waits for the services; a command that does not runs even before they are there."""
    needs_idle: bool = False
    """It cannot run while an answer is being written."""
    priority: bool = False
    """Its key counts before the focused widget's own."""
    place: Place = Place.CHAT
    """Where its key counts; outside the whole chat it is bound by the widget that it is for."""
    is_listed: bool = True
    """The palette offers it."""

    @property
    def needs_arguments(self) -> bool:
        """Nothing can be done without words after the slash name."""
        return bool(self.arguments) and not self.arguments.startswith("[")

    @property
    def counts_in(self) -> Place:
        """Where its key counts: what the composer does itself, in the composer."""
        return Place.COMPOSER if self.run is None and self.place is Place.CHAT else self.place

    @property
    def is_bound_on_screen(self) -> bool:
        """The chat screen listens to its key."""
        return self.counts_in is Place.CHAT and self.id != "palette"

    def binding(self) -> Binding:
        """The key binding on the chat screen, with the id that the settings use."""
        keys = ",".join(direct_keys(self, {})) or UNBOUND
        action = f"command({self.id!r})"
        return Binding(keys, action, self.title, show=False, priority=self.priority, id=self.id)


OwnKeys = Mapping[str, tuple[str, ...]]
"""The `[keys]` table: keys by command id; no key at all takes the default away."""


def keys_of(command: Command, own_keys: OwnKeys) -> tuple[str, ...]:
    """The keys that run a command now, in Textual's names; empty where it has none."""
    if command.id in own_keys:
        return tuple(key for key in own_keys[command.id] if key.strip())
    return tuple(key for key in command.keys.split(",") if key)


def direct_keys(command: Command, own_keys: OwnKeys) -> tuple[str, ...]:
    """Those of them that are one key, and no pair with the leader."""
    return tuple(key for key in keys_of(command, own_keys) if not key.startswith(LEADER))


def leader_keys(commands: Iterable[Command], own_keys: OwnKeys) -> dict[str, Command]:
    """What the keys do that follow the leader, in the table's order."""
    pairs = ((key, command) for command in commands for key in keys_of(command, own_keys) if key.startswith(LEADER))
    return {key.removeprefix(LEADER): command for key, command in pairs if command.run is not None}


def keymap(commands: Iterable[Command], own_keys: OwnKeys) -> dict[str, str]:
    """The user's keys as Textual's keymap wants them."""
    return {
        command.id: ",".join(direct_keys(command, own_keys)) or UNBOUND
        for command in commands
        if command.id in own_keys
    }


_KEY_LABELS = {
    "escape": "Esc", "enter": "Enter", "up": "Up", "down": "Down", "tab": "Tab", "backslash": "\\", "space": "Space",
    "question_mark": "?", "pageup": "PgUp", "pagedown": "PgDn", "left_square_bracket": "[", "right_square_bracket": "]",
    "slash": "/", "minus": "-", "plus": "+", "comma": ",", "full_stop": ".", "underscore": "_", "at": "@",
}  # fmt: skip


def key_label(key: str) -> str:
    """A key as people read it: `ctrl+l` is `Ctrl+L`."""
    if len(key) == 1:
        return key  # a letter alone: capital or not makes a difference
    if key.startswith(LEADER):
        return f"Leader {key_label(key.removeprefix(LEADER))}"
    parts = key.split("+")
    names = [_KEY_LABELS.get(part, part.upper() if len(part) == 1 else part.capitalize()) for part in parts]
    return "+".join(names)


def first_label(command: Command, own_keys: OwnKeys, leader: Command) -> str:
    """A command's first key as people press it, a pair with the key that the leader is; empty where it has none."""
    key = next(iter(keys_of(command, own_keys)), "")
    if not key.startswith(LEADER):
        return key_label(key) if key else ""
    led_by = next(iter(direct_keys(leader, own_keys)), "")
    return f"{key_label(led_by)} {key_label(key.removeprefix(LEADER))}" if led_by else ""
