"""The keys of commands: those in force, their names for people, and their bindings."""

from collections.abc import Iterable, Mapping

import msgspec
from textual.binding import Binding

from tui_chat.ui.keys.key_names import LEADER
from tui_chat.workspace.command import Command, Place

OwnKeys = Mapping[str, tuple[str, ...]]
"""The `[keys]` table: keys by command id; an empty tuple takes the default away."""

UNBOUND = "f63"
"""A key that no keyboard sends: the binding of an action whose key was taken away."""


def is_bound_on_screen(command: Command) -> bool:
    """Say whether the chat screen binds its key; the palette's is bound by the app."""
    return command.place is Place.CHAT and command.id != "palette"


def binding(command: Command) -> Binding:
    """The key binding on the chat screen, with the id that the settings use."""
    keys = ",".join(direct_keys(command, {})) or UNBOUND
    return Binding(
        keys, f"command({command.id!r})", command.title, show=False, priority=command.priority, id=command.id
    )


def keys_of(command: Command, own_keys: OwnKeys) -> tuple[str, ...]:
    """The keys that run a command now, in Textual's names; empty where it has none."""
    if command.id in own_keys:
        return tuple(key for key in own_keys[command.id] if key.strip())
    return tuple(key for key in command.keys.split(",") if key)


def direct_keys(command: Command, own_keys: OwnKeys) -> tuple[str, ...]:
    """The keys of a command that are one key, and no pair with the leader."""
    return tuple(key for key in keys_of(command, own_keys) if not key.startswith(LEADER))


def leader_in(commands: Iterable[Command]) -> Command:
    """The command whose key begins the pairs."""
    return next(command for command in commands if command.id == "leader")


def leader_keys(commands: Iterable[Command], own_keys: OwnKeys) -> dict[str, Command]:
    """Commands by the key that follows the leader, in the table's order."""
    pairs = ((key, command) for command in commands for key in keys_of(command, own_keys) if key.startswith(LEADER))
    return {key.removeprefix(LEADER): command for key, command in pairs if not command.is_key_only}


class Led(msgspec.Struct, frozen=True):
    """A command, and what its key says."""

    command: Command
    arguments: str = ""


class Taken(msgspec.Struct, frozen=True):
    """A command that was taken of the list of all."""

    command: Command
    is_written: bool
    """It is to be written into the message and not run."""


def led(key: str, command: Command, own_keys: OwnKeys) -> Led:
    """The command of a key behind the leader; one that wants to know is told which of its keys it was."""
    places = [each.removeprefix(LEADER) for each in keys_of(command, own_keys) if each.startswith(LEADER)]
    return Led(command, str(places.index(key) + 1) if command.tells_key else "")


def keymap(commands: Iterable[Command], own_keys: OwnKeys) -> dict[str, str]:
    """The user's keys as Textual's keymap wants them, where they differ: each key pressed goes through it."""
    keys = {command: (direct_keys(command, own_keys), direct_keys(command, {})) for command in commands}
    return {command.id: ",".join(own) or UNBOUND for command, (own, default) in keys.items() if own != default}


_KEY_LABELS = {
    "escape": "Esc", "enter": "Enter", "up": "Up", "down": "Down", "tab": "Tab", "backslash": "\\", "space": "Space",
    "question_mark": "?", "pageup": "PgUp", "pagedown": "PgDn", "left_square_bracket": "[", "right_square_bracket": "]",
    "slash": "/", "minus": "-", "plus": "+", "comma": ",", "full_stop": ".", "underscore": "_", "at": "@",
    "asterisk": "*", "equals_sign": "=",
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


def label_of(command: Command, own_keys: OwnKeys) -> str:
    """The key to show for a command; empty where it has none."""
    return key_label(next(iter(keys_of(command, own_keys)), ""))


def label_for(id_: str, commands: Iterable[Command], own_keys: OwnKeys) -> str:
    """The key to show for the command with this id; empty where it has none."""
    return next((label_of(command, own_keys) for command in commands if command.id == id_), "")


def first_label(command: Command, own_keys: OwnKeys, leader: Command) -> str:
    """A command's first key as people press it, a pair with the key that the leader is; empty where it has none."""
    key = next(iter(keys_of(command, own_keys)), "")
    if not key.startswith(LEADER):
        return key_label(key) if key else ""
    led_by = next(iter(direct_keys(leader, own_keys)), "")
    return f"{key_label(led_by)} {key_label(key.removeprefix(LEADER))}" if led_by else ""
