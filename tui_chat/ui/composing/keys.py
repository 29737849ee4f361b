"""The keys of the composer: one row each, which bindings, help and the settings read."""

from collections.abc import Mapping
from typing import Final

from textual.binding import Binding

from tui_chat.ui.keys.command import UNBOUND, OwnKeys, key_label, keys_of
from tui_chat.ui.keys.hints import most_likely
from tui_chat.workspace.command import ON_SCREEN, Command, Group, Place


def _row(id_: str, title: str, help_: str, keys: str) -> Command:
    return Command(
        id_,
        title,
        help_,
        Group.WRITING,
        keys=keys,
        front_ends=ON_SCREEN,
        place=Place.COMPOSER,
        is_key_only=True,
    )


SEND: Final = _row("send", "Send", "Send the message.", "enter")
NEWLINE: Final = _row(
    "newline", "New line", "Begin a new line. Enter after a backslash does the same.", "shift+enter,alt+enter,ctrl+j"
)
OPEN_PASTE: Final = _row(
    "open-paste",
    "Open a paste",
    "Expand a long paste, to see and edit its text. A click on it does the same.",
    "f4",
)

_EDITING: Final = (
    ("undo", "Undo", "Undo; also brings back a cleared draft.", "ctrl+z,ctrl+underscore,ctrl+minus,super+z"),
    ("redo", "Redo", "Redo what was undone.", "alt+z,ctrl+shift+z,shift+super+z"),
    ("line-start", "Line start", "Go to the beginning of the line.", "ctrl+a"),
    ("line-end", "Line end", "Go to the end of the line.", "ctrl+e"),
    ("back", "Back", "Go back by a character.", "ctrl+b"),
    ("word-left", "Word left", "Go to the beginning of the word.", "ctrl+left,alt+left,alt+b"),
    ("word-right", "Word right", "Go to the end of the word.", "ctrl+right,alt+right,alt+f"),
    ("kill-word-left", "Delete word left", "Delete to the beginning of the word.", "alt+backspace,ctrl+backspace"),
    ("kill-blank-left", "Delete to blank", "Delete back to the previous blank.", "ctrl+w"),
    ("kill-word-right", "Delete word right", "Delete to the end of the word.", "alt+d,alt+delete,ctrl+delete"),
    ("kill-to-start", "Delete to line start", "Delete to the beginning of the line.", "ctrl+u,super+backspace"),
    ("kill-to-end", "Delete to line end", "Delete to the end of the line, and there the newline.", "ctrl+k"),
    ("yank", "Put back", "Put back what was deleted last.", "ctrl+y"),
    ("yank-older", "Put back older", "Right after putting back: replace it by an older deletion.", "alt+y"),
)

EDITING: Final = tuple(_row(id_, title, help_, keys) for id_, title, help_, keys in _EDITING)
"""Keys that edit the text or move in it, as readline has them."""

KEYS: Final = (
    SEND,
    NEWLINE,
    _row("earlier", "Previous prompt", "Recall the previous prompt, from the first line.", "up"),
    _row("later", "Next prompt", "Recall the next prompt, from the last line.", "down"),
    OPEN_PASTE,
    *EDITING,
)

ALIASES: Final = ("shift+\r", "ctrl+enter")
"""Keys that some terminals and tmux send for Shift+Enter: they act as it does, whatever the settings say. No bindings,
since a binding's key is stripped of white space."""


def binding(command: Command) -> Binding:
    """The binding of a key in a writing area, with the id that the settings use."""
    action = f"edit('{command.id}')" if command in EDITING else f"{command.id.replace('-', '_')}_here"
    is_first = command in (SEND, NEWLINE)
    return Binding(command.keys or UNBOUND, action, command.title, show=False, priority=is_first, id=command.id)


def send_label(own_keys: OwnKeys) -> str:
    """The key that sends, as people read it and as the composer's edge names it; empty where there is none."""
    return key_label(most_likely(keys_of(SEND, own_keys)))


def with_enter(own_keys: OwnKeys, *, sends: bool) -> OwnKeys:
    """The keys of the settings, with Enter and the newline keys in each other's role where Enter does not send.

    Keys that somebody chose for either stay as they are.
    """
    if sends:
        return own_keys
    swapped: Mapping[str, tuple[str, ...]] = {SEND.id: keys_of(NEWLINE, {}), NEWLINE.id: keys_of(SEND, {})}
    return {**swapped, **own_keys}
