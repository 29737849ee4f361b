"""A command as a value: said once, read by bindings, palette, completion, help and the list of keys."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:  # the screen imports the registry, which imports this
    from tui_chat.ui.screens.chat import ChatScreen

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


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be asked for, by key, by slash name or in the palette."""

    id: str
    """Also its name in the `[keys]` table of the settings."""
    title: str
    help: str
    group: Group
    run: Handler | None = None
    """None: the composer does it itself, by key only."""
    keys: str = ""
    """Default keys, comma separated, in Textual's names; empty for none."""
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
    is_local: bool = False
    """Its key is bound by the widget that it is for, and counts only while that has the focus."""
    is_listed: bool = True
    """The palette offers it."""

    @property
    def needs_arguments(self) -> bool:
        """Nothing can be done without words after the slash name."""
        return bool(self.arguments) and not self.arguments.startswith("[")

    @property
    def is_bound_on_screen(self) -> bool:
        """The chat screen listens to its key."""
        return self.run is not None and not self.is_local and self.id != "palette"

    def binding(self) -> Binding:
        """The key binding on the chat screen, with the id that the settings use."""
        return Binding(
            self.keys or UNBOUND, f"command({self.id!r})", self.title, show=False, priority=self.priority, id=self.id
        )


OwnKeys = Mapping[str, tuple[str, ...]]
"""The `[keys]` table: keys by command id; no key at all takes the default away."""


def keys_of(command: Command, own_keys: OwnKeys) -> tuple[str, ...]:
    """The keys that run a command now, in Textual's names; empty where it has none."""
    if command.id in own_keys:
        return tuple(key for key in own_keys[command.id] if key.strip())
    return tuple(key for key in command.keys.split(",") if key)


def keymap(commands: Iterable[Command], own_keys: OwnKeys) -> dict[str, str]:
    """The user's keys as Textual's keymap wants them."""
    return {
        command.id: ",".join(keys_of(command, own_keys)) or UNBOUND for command in commands if command.id in own_keys
    }


_KEY_LABELS = {
    "escape": "Esc", "enter": "Enter", "up": "Up", "down": "Down", "tab": "Tab", "backslash": "\\", "space": "Space",
    "question_mark": "?", "pageup": "PgUp", "pagedown": "PgDn", "left_square_bracket": "[", "right_square_bracket": "]",
}  # fmt: skip


def key_label(key: str) -> str:
    """A key as people read it: `ctrl+l` is `Ctrl+L`."""
    if len(key) == 1:
        return key  # a letter alone: capital or not makes a difference
    parts = key.split("+")
    names = [_KEY_LABELS.get(part, part.upper() if len(part) == 1 else part.capitalize()) for part in parts]
    return "+".join(names)
