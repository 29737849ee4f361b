"""Press a key, and see what the program receives and what it would do."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.command import OwnKeys, key_label, keys_of
from tui_chat.ui.keys.hints import most_likely
from tui_chat.ui.keys.pane_keys import leaving_keys
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.frame import Frame
from tui_chat.workspace.command import Command, Place


def key_facts(event: events.Key, commands: Sequence[Command], own_keys: OwnKeys) -> Content:
    """Facts on a key: its name for the settings, and its actions, each with its place."""
    names = {event.key, *event.aliases}
    actions = [command for command in commands if names & set(keys_of(command, own_keys))]
    lines = [
        Content.assemble(
            (sanitize_line(key_label(event.key), 40), "bold $accent"),
            "   in the settings: ",
            (sanitize_line(f'"{event.key}"', 60), "$foreground"),
        )
    ]
    if event.character and event.is_printable and len(event.key) > 1:
        lines.append(Content(f"It writes {sanitize_line(event.character, 8)}"))
    for command in actions:
        where = "" if command.place is Place.CHAT else f" in {command.place.value}"
        lines.append(Content.assemble((command.title, "bold"), (f"{where}   {command.id}", "$text-muted")))
    if not actions:
        lines.append(Content.styled("It has no action.", "$text-muted"))
    return Content("\n").join(lines)


class KeyTrial(Dialog[None]):
    """Takes every key; the one that leaves other dialogs leaves when it is pressed twice."""

    DEFAULT_CSS = """
    KeyTrial.-small > Frame { height: auto; }
    /* It takes every key, though nothing in it has the focus. */
    KeyTrial > Frame > * { border-left: solid $border; border-right: solid $border; }
    KeyTrial > Frame > Edge { border: none; color: $border; }
    KeyTrial Static { height: auto; min-height: 4; padding: 0 1; }
    """

    def __init__(self, commands: Sequence[Command], own_keys: OwnKeys) -> None:
        super().__init__()
        self._commands = commands
        self._own_keys = own_keys
        self._leaving = leaving_keys(own_keys)
        self._last = ""

    def compose(self) -> ComposeResult:
        """The last key and its facts."""
        with Frame(title="Press a key") as frame:
            key = most_likely(self._leaving)
            frame.show_state(Piece(f"{key_label(key)} {key_label(key)} close", presses=(key, key)))
            yield Static(Content.styled("What you press shows here. Nothing is done.", "$text-muted"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Try the key that leaves other dialogs, too."""
        return action != "leave" and super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Show the facts of a key."""
        event.stop()
        event.prevent_default()
        if event.key in self._leaving and event.key == self._last:
            self.dismiss()
            return
        self._last = event.key
        self.query_one(Static).update(key_facts(event, self._commands, self._own_keys))

    def on_paste(self, event: events.Paste) -> None:
        """Show that text arrived in one piece."""
        event.stop()
        self._last = ""
        self.query_one(Static).update(Content(f"A paste: {sanitize_line(event.text, 200)}"))
