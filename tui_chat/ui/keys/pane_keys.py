"""The keys of panes, lists and dialogs: one row each, which their bindings, help and the settings read.

A row's key counts where its place has the focus, before any key of the whole chat. What has two names on a keyboard
(`j` beside Down) may stay a binding without a row.
"""

from collections.abc import Mapping
from typing import Final

from textual.binding import Binding

from tui_chat.workspace.command import ON_SCREEN, Command, Group, Place


def _rows(place: Place, *rows: tuple[str, str, str, str]) -> tuple[Command, ...]:
    return tuple(
        Command(
            id_,
            title,
            help_,
            Group.ELSEWHERE,
            keys=keys,
            front_ends=ON_SCREEN,
            place=place,
            is_key_only=True,
        )
        for id_, keys, title, help_ in rows
    )


PANE_KEYS: Final = (
    *_rows(
        Place.LISTS,
        ("list-up", "up", "Up in a list", "Go to the line above in a list."),
        ("list-down", "down", "Down in a list", "Go to the line below in a list."),
        ("list-page-up", "pageup", "Page up in a list", "Go up by a page in a list."),
        ("list-page-down", "pagedown", "Page down in a list", "Go down by a page in a list."),
        ("list-first", "home", "First in a list", "Go to the first line of a list."),
        ("list-last", "end", "Last in a list", "Go to the last line of a list."),
        ("list-choose", "enter", "Choose", "Take the line under the cursor."),
    ),
    *_rows(
        Place.DIALOGS,
        ("leave", "escape,ctrl+c", "Leave", "Close a dialog, a page or a pane."),
        ("yes", "y", "Yes", "Say yes to a question."),
        ("no", "n", "No", "Say no to a question."),
        ("take", "ctrl+s,ctrl+enter", "Take the text", "Take what was written in a dialog of several lines."),
        ("tick", "space", "Tick", "Set or clear a box."),
    ),
    *_rows(
        Place.PAGES,
        ("page-next", "right,n,tab", "Next page", "Turn to the next page of help."),
        ("page-before", "left,p,shift+tab", "Page before", "Turn to the page of help before."),
    ),
    *_rows(Place.MODELS, ("models-refresh", "f5", "Read the models anew", "Ask the gateway for its models again.")),
    *_rows(
        Place.TOOLS,
        ("tools-view", "f6", "Next view", "Show the call in another way: parsed, raw, fragments, schema."),
        ("tools-error", "f8", "As an error", "Send the result as an error, or not."),
        ("tools-parsed", "p", "Parsed", "Show the call's arguments as they are understood."),
        ("tools-raw", "r", "Raw", "Show the call's arguments as they came."),
        ("tools-fragments", "f", "Fragments", "Show the pieces in which they came."),
        ("tools-schema", "s", "Schema", "Show what the tool says that it takes."),
        ("tools-copy", "c", "Copy arguments", "Copy the call's arguments."),
    ),
    *_rows(
        Place.FIND,
        ("find-next", "enter,down,ctrl+g", "Next place", "Go to the next place with the words."),
        ("find-previous", "shift+enter,up", "Place before", "Go to the place before."),
        ("find-text", "tab", "To the text", "Leave the words marked, and go to the text."),
    ),
    *_rows(
        Place.QUEUE,
        ("queue-now", "enter", "Send now", "Send the waiting message at once."),
        ("queue-edit", "e", "Edit waiting", "Take the waiting message back to be written anew."),
        ("queue-remove", "d,delete,backspace", "Remove waiting", "Take the waiting message out."),
        ("queue-earlier", "K,alt+up", "Earlier", "Let the waiting message go earlier."),
        ("queue-later", "J,alt+down", "Later", "Let the waiting message go later."),
    ),
    *_rows(Place.STASH, ("stash-delete", "d,delete", "Delete stashed", "Throw a stashed draft away.")),
)

_BY_ID: Final[Mapping[str, Command]] = {row.id: row for row in PANE_KEYS}


def bound(id_: str, action: str, *, priority: bool = False) -> Binding:
    """A widget's binding of the row with this id."""
    row = _BY_ID[id_]
    return Binding(row.keys, action, row.title, show=False, priority=priority, id=row.id)
