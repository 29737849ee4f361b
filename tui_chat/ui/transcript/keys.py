"""The transcript's keys, once: its bindings and the table of commands read them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from textual.binding import Binding

from tui_chat.workspace.command import ON_SCREEN, Command, Group, Place


class _KeyRow(NamedTuple):
    id: str
    title: str
    help: str
    keys: str
    action: str
    is_listed: bool = True


_ROWS: Final = (
    _KeyRow("next-block", "Next block", "Go to the next paragraph, list or code block.", "j", "block(1)", False),
    _KeyRow("previous-block", "Previous block", "Go to the previous block.", "k", "block(-1)", False),
    _KeyRow("next-question", "Next question", "Go to your next question.", "right_square_bracket", "prompt(1)"),
    _KeyRow("previous-question", "Previous question", "Go to your previous question.", "left_square_bracket",
         "prompt(-1)"),
    _KeyRow("first-block", "First block", "Go to the first block.", "g,home", "first_block", False),
    _KeyRow("last-block", "Last block", "Go to the last block, and follow the end.", "G,end", "last_block", False),
    _KeyRow("fold", "Fold or unfold", "Fold or unfold the reasoning, tool call or long output under the cursor.",
         "space,enter", "fold"),
    _KeyRow("copy-block", "Copy block", "Copy the block under the cursor as it was written; code without its fence.",
         "y,c", "copy_block"),
    _KeyRow("copy-message", "Copy message", "Copy the whole message under the cursor.", "Y", "copy_message"),
    _KeyRow("open-part", "Open picture, file or source", "Open the picture, sound, file or source under the cursor; a "
         "page only after asking.", "v", "part(False)"),
    _KeyRow("save-part", "Save picture or file", "Save the picture, sound or file under the cursor.", "w",
         "part(True)"),
    _KeyRow("raw", "Raw or rendered", "Show the Markdown of the message under the cursor as it was written, or "
         "rendered.", "r", "raw"),
    _KeyRow("raw-all", "All raw or rendered", "Show all Markdown as it was written, or rendered.", "R", "raw_all"),
    _KeyRow("next-found", "Next match", "Go to the next match.", "n", "found(1)", False),
    _KeyRow("previous-found", "Previous match", "Go to the previous match.", "N", "found(-1)", False),
)  # fmt: skip

VIEW_KEYS: Final = tuple(
    Command(
        row.id,
        row.title,
        row.help,
        Group.READING,
        keys=row.keys,
        front_ends=ON_SCREEN,
        place=Place.TRANSCRIPT,
        is_listed=row.is_listed,
    )
    for row in _ROWS
)
HINTED: Final = ("copy-block", "fold", "next-question", "previous-question", "raw")
"""Ids of the keys to name where the transcript has the focus, the most likely first."""
VIEW_ACTIONS: Final[Mapping[str, str]] = {row.id: row.action for row in _ROWS}
"""The view's action of each key, by id."""


def view_binding(command: Command) -> Binding:
    """The key binding on the view, with the id that the settings use."""
    return Binding(command.keys, VIEW_ACTIONS[command.id], command.title, show=False, id=command.id)
