"""The transcript's keys, once: its bindings and the table of commands read them."""

from collections.abc import Mapping
from typing import Final

import msgspec
from textual.binding import Binding

from tui_chat.ui.keys.hints import Hint
from tui_chat.workspace.command import ON_SCREEN, Command, Group, Place


class _KeyRow(msgspec.Struct, frozen=True):
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
    _KeyRow("first-block", "First block", "Go to the first block.", "g,home", "end_block(False)", False),
    _KeyRow("last-block", "Last block", "Go to the last block, and follow the end.", "G,end", "end_block(True)", False),
    _KeyRow("fold", "Fold or unfold", "Fold or unfold the reasoning, tool call or long output under the cursor.",
         "space,enter", "fold"),
    _KeyRow("copy-block", "Copy block", "Copy the block under the cursor as it was written; code without its fence.",
         "y,c", "copy(False)"),
    _KeyRow("copy-message", "Copy message", "Copy the whole message under the cursor.", "Y", "copy(True)"),
    _KeyRow("open-part", "Open picture, file or source", "Open the picture, sound, file or source under the cursor; a "
         "page only after asking.", "v", "part(False)"),
    _KeyRow("save-part", "Save picture or file", "Save the picture, sound or file under the cursor.", "w",
         "part(True)"),
    _KeyRow("raw", "Raw or rendered", "Show the Markdown of the message under the cursor as it was written, or "
         "rendered.", "r", "raw(False)"),
    _KeyRow("raw-all", "All raw or rendered", "Show all Markdown as it was written, or rendered.", "R", "raw(True)"),
    _KeyRow("variant-before", "Variant before", "Show the variant before of the message under the cursor.", "left",
         "screen.command('previous-variant')", False),
    _KeyRow("variant-after", "Next variant", "Show the next variant of the message under the cursor.", "right",
         "screen.command('next-variant')", False),
    _KeyRow("edit-here", "Edit", "Edit the message under the cursor; it stays as a variant.", "e",
         "screen.command('edit')", False),
    _KeyRow("retry-here", "Ask again", "Answer the question under the cursor once more.", "a",
         "screen.command('retry')", False),
    _KeyRow("retry-by-here", "Ask another model", "Let another model answer the question under the cursor.", "A",
         "screen.command('retry-by')", False),
    _KeyRow("continue-here", "Continue", "Go on with the answer under the cursor, which was cut.", "o",
         "screen.command('continue')", False),
    _KeyRow("fork-here", "Fork", "Go on in a copy of all up to the message under the cursor.", "f",
         "screen.command('fork')", False),
    _KeyRow("mute-here", "Mute", "Do not send the message under the cursor, or send it again.", "m",
         "screen.command('mute')",
         False),
    _KeyRow("pin-here", "Pin", "Always send the message under the cursor, or not any more.", "p",
         "screen.command('pin')", False),
    _KeyRow("bookmark-here", "Bookmark", "Bookmark the message under the cursor, or take the bookmark away.", "b",
         "screen.command('bookmark')", False),
    _KeyRow("label-here", "Label", "Label the message under the cursor.", "L", "screen.command('label-as')", False),
    _KeyRow("delete-here", "Delete", "Take the message under the cursor out of sight; undo and the tree bring it back.",
         "d", "screen.command('delete-message')", False),
    _KeyRow("facts-here", "Facts", "Show what is known of the message under the cursor.", "i",
         "screen.command('facts')", False),
    _KeyRow("undo-here", "Undo", "Take back what was done to messages last.", "u",
         "screen.command('undo-deed')", False),
    _KeyRow("tree-here", "Tree", "Show the branches of the conversation.", "t", "screen.command('tree')", False),
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
VIEW_ACTIONS: Final[Mapping[str, str]] = {row.id: row.action for row in _ROWS}
"""The view's action of each key, by id."""

VIEW_HINTS: Final = (
    Hint("previous-block next-block", "move"),
    Hint("copy-block", "copy"),
    Hint("close", "write"),
    Hint("fold", "fold"),
    Hint("previous-question next-question", "go by question"),
    Hint("variant-before variant-after", "variants"),
    Hint("edit-here", "edit"),
    Hint("retry-here", "ask again"),
    Hint("mute-here", "mute"),
    Hint("tree-here", "tree"),
    Hint("delete-here", "delete"),
    Hint("facts-here", "facts"),
    Hint("raw", "raw"),
    Hint("open-part", "open"),
)


def view_binding(command: Command) -> Binding:
    """The key binding on the view, with the id that the settings use."""
    return Binding(command.keys, VIEW_ACTIONS[command.id], command.title, show=False, id=command.id)
