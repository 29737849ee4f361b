"""The keys of panes, lists and dialogs: one row each, which their bindings, help and the settings read.

A row's key counts where its place has the focus, before any key of the whole chat. What has two names on a keyboard
(`j` beside Down) may stay a binding without a row.
"""

from collections.abc import Mapping
from typing import Final

from textual.binding import Binding

from tui_chat.ui.keys.command import OwnKeys, keys_of
from tui_chat.ui.keys.hints import Hint
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


KEYS_PAGE: Final = "keys-now"
"""What the page of all keys is called."""
PANE_KEYS: Final = (
    *_rows(
        Place.LISTS,
        ("list-up", "up", "Up in a list", "Go to the line above in a list."),
        ("list-down", "down", "Down in a list", "Go to the line below in a list."),
        ("list-page-up", "pageup", "Page up in a list", "Go up by a page in a list."),
        ("list-page-down", "pagedown", "Page down in a list", "Go down by a page in a list."),
        ("list-first", "home", "First in a list", "Go to the first line of a list."),
        ("list-last", "end", "Last in a list", "Go to the last line of a list."),
        ("list-choose", "enter", "Choose", "Choose the line under the cursor."),
        ("list-rows", "tab", "To the rows", "Go from the field of a list to its rows, where letters act."),
        ("list-field", "slash,shift+tab", "To the field", "Go from the rows of a list to its field."),
        ("all-keys", "question_mark", "All keys", "Show every key, from the rows of a list, a page or a pane."),
    ),
    *_rows(
        Place.CONVERSATIONS,
        ("conversations-rename", "r", "Rename", "Rename the conversation under the cursor, in its row."),
        ("conversations-label", "L", "Label", "Change the labels of the conversation, or of the marked ones."),
        ("conversations-delete", "d,delete", "Delete", "Delete the conversation, or the marked ones."),
        ("conversations-undo", "u", "Undo", "Bring back what was deleted last, until you quit."),
        ("conversations-archive", "z", "Archive", "Archive the conversation, or the marked ones; or bring them back."),
        ("conversations-mark", "space", "Mark", "Mark the conversation, or not."),
        ("conversations-sort", "s", "Sort", "Sort by last message, title, cost, or number of messages."),
        ("conversations-export", "w", "Export", "Save the conversation as Markdown."),
        ("conversations-shelf", "f6", "Archive or not", "Show the archive, or the conversations that are not in it."),
        ("row-take", "enter", "Take", "Take what is written in the row."),
        ("row-complete", "tab", "Complete", "Take the label that is offered."),
    ),
    *_rows(
        Place.DIALOGS,
        ("leave", "escape,ctrl+c", "Leave", "Close a dialog, a page or a pane."),
        ("yes", "y", "Yes", "Answer a question with yes."),
        ("no", "n", "No", "Answer a question with no."),
        ("take", "ctrl+s,ctrl+enter", "Take the text", "Accept the text of a dialog of several lines."),
        ("connect-now", "enter", "Connect", "Connect to the gateway whose address is written."),
        ("field-next", "tab,down", "Next field", "Go to the next field of a dialog."),
        ("tick", "space", "Next option", "Take the next of several options in a row."),
    ),
    *_rows(
        Place.PAGES,
        ("page-next", "right,n,tab", "Next page", "Turn to the next page of help."),
        ("page-before", "left,p,shift+tab", "Previous page", "Turn to the previous page of help."),
        ("try-key", "t", "Try a key", "Show what the terminal sends for a key, and what it does."),
    ),
    *_rows(
        Place.MODELS,
        ("models-refresh", "f5", "Refresh models", "Refresh the list of models."),
        ("models-sort", "s", "Sort models", "Sort by recent use, price, context, or name."),
        ("models-favourite", "asterisk", "Favourite", "Make the model a favourite, or no favourite any more."),
        ("models-facts", "i", "All of a model", "Show everything that is known of the model, or the list again."),
        ("models-copy", "y", "Copy the id", "Copy the id of the model under the cursor."),
    ),
    *_rows(
        Place.TOOLS,
        ("tools-view", "f6", "Next view", "Show the next view of the call: arguments, raw, pieces, schema, output."),
        ("tools-error", "f8", "As an error", "Send the result as an error, or not."),
        ("tools-parsed", "1,p", "Arguments", "Show the call's arguments as they were parsed."),
        ("tools-raw", "2,r", "Raw", "Show the call's arguments as they were received."),
        ("tools-fragments", "3,f", "Pieces", "Show the pieces in which the arguments arrived."),
        ("tools-schema", "4,s", "Schema", "Show the schema of the tool's arguments."),
        ("tools-output", "5,o", "Output", "Show the result of the call."),
        ("tools-copy", "y,c", "Copy the view", "Copy what the view shows of the call."),
        ("tools-save", "w", "Save the view", "Save what the view shows of the call to a file."),
        ("tools-again", "a", "Take a call again", "Run the call again, check it against another schema, ask again."),
        ("tools-stop", "x", "Stop a call", "Stop a call that was taken again and runs."),
        ("tools-list", "t", "Tools", "Show the tools that can be called, or the calls again."),
        ("tools-switch", "space", "Switch a tool", "Switch the tool under the cursor off in this chat, or on."),
    ),
    *_rows(
        Place.DECISION,
        ("call-deny", "d", "Deny", "Deny the call, with a reason for the model."),
        ("call-run", "r", "Run", "Run the call once, as it is shown."),
        ("call-edit", "e", "Edit", "Edit the arguments of the call, then decide."),
        ("call-always", "a", "Always", "Run the call, and what is like it, without asking."),
        ("call-send-back", "t", "Tell the model", "Tell the model why the call cannot run."),
    ),
    *_rows(
        Place.USAGE,
        ("usage-view", "f6", "Next view of usage", "Show the next view of usage."),
        ("usage-chat", "1", "This chat", "Show what each answer of this chat took and cost."),
        ("usage-days", "2", "Days", "Show what was spent day by day."),
        ("usage-months", "3", "Months", "Show what was spent month by month."),
        ("usage-models", "4", "Models of usage", "Show what was spent on each model, and how fast it was."),
        ("usage-gateways", "5", "Gateways", "Show what was spent through each gateway."),
        ("usage-conversations", "6", "Conversations of usage", "Show what was spent in each conversation."),
        ("usage-kinds", "7", "Kinds", "Show what was spent on answers, on titles and on summaries."),
        ("usage-sort", "s", "Sort usage", "List what was spent in the next order."),
        ("usage-span", "t", "Another time", "Show what was spent in all time, or in the last 30 days."),
        ("usage-budget", "b", "Budget", "Set a budget."),
        ("usage-save", "w", "Save as CSV", "Save what is listed for a spreadsheet; no file is replaced."),
        ("usage-back", "backspace", "Back", "Go back to what a row was opened in."),
    ),
    *_rows(
        Place.FIND,
        ("find-next", "enter,down,ctrl+g", "Next match", "Go to the next match."),
        ("find-previous", "shift+enter,up", "Previous match", "Go to the previous match."),
        ("find-text", "tab", "To the text", "Go to the text; the matches stay marked."),
    ),
    *_rows(
        Place.QUEUE,
        ("queue-now", "enter", "Send now", "Send the queued message at once."),
        ("queue-edit", "e", "Edit queued", "Take the queued message back into the composer."),
        ("queue-remove", "d,delete,backspace", "Remove queued", "Remove the message from the queue."),
        ("queue-earlier", "K,alt+up", "Earlier", "Move the queued message up."),
        ("queue-later", "J,alt+down", "Later", "Move the queued message down."),
    ),
    *_rows(
        Place.PALETTE,
        ("palette-write", "tab", "Write it out", "Write the command of the row into the message, to give it words."),
    ),
    *_rows(Place.PROMPTS, ("prompts-next", "ctrl+r", "Older prompt", "Go to the next older prompt that fits.")),
    *_rows(
        Place.SEARCH,
        ("search-order", "f6", "Order of results", "Show the newest results first, or the best."),
        ("search-more", "right", "All of a conversation", "Show all results of a conversation."),
        ("search-copy", "y,c", "Copy the message", "Copy the message under the cursor."),
        ("search-read", "space", "Read on", "Show more of the message under the cursor."),
        ("search-bookmark", "b", "Bookmark", "Bookmark the message under the cursor, or take the bookmark away."),
        ("search-label", "L", "Label", "Label the message under the cursor."),
    ),
    *_rows(
        Place.TREE,
        ("tree-mute", "m", "Mute", "Do not send the message under the cursor, or send it again."),
        ("tree-pin", "p", "Pin", "Always send the message under the cursor, or not any more."),
        ("tree-bookmark", "b", "Bookmark", "Bookmark the message under the cursor, or take the bookmark away."),
        ("tree-label", "L", "Label", "Label the message under the cursor."),
        ("tree-edit", "e", "Edit", "Go to the message under the cursor, and edit it."),
        ("tree-again", "a", "Ask again", "Answer the question under the cursor once more."),
        ("tree-again-by", "A", "Ask another model", "Let another model answer the question under the cursor."),
        ("tree-continue", "o", "Continue", "Go on with the answer under the cursor, which was cut."),
        ("tree-fork", "f", "Fork", "Go on in a copy of all up to the message under the cursor."),
        ("tree-delete", "d", "Delete", "Take the message under the cursor out of sight, or bring it back."),
        ("tree-facts", "i", "Facts", "Show what is known of the message under the cursor."),
        ("tree-undo", "u", "Undo", "Take back what was done to messages last."),
        ("tree-fold", "space", "Fold", "Show a run of messages whole, or only how many they are."),
        ("tree-next-fork", "right_square_bracket", "Next fork", "Go to the next message with several versions."),
        ("tree-previous-fork", "left_square_bracket", "Fork before", "Go to the message with several versions before."),
        ("tree-next-found", "n", "Next found", "Go to the next message that the filter found."),
        ("tree-previous-found", "N", "Found before", "Go to the message before that the filter found."),
        ("tree-next-variant", "right", "Next variant", "Go to the next version of the message."),
        ("tree-previous-variant", "left", "Variant before", "Go to the version of the message before."),
    ),
    *_rows(
        Place.PARAMETERS,
        ("parameters-remove", "d,delete", "Take away", "Take the conversation's own value of a parameter away."),
    ),
    *_rows(
        Place.SETTINGS,
        ("settings-default", "d,delete", "Default", "Take the setting under the cursor out of your file."),
        ("settings-undo", "u", "Undo", "Take back the last change of a setting."),
        ("settings-edit", "ctrl+g", "Edit the file", "Open the settings file in the editor, and read it again."),
    ),
    *_rows(Place.STASH, ("stash-delete", "d,delete", "Delete stashed", "Delete a stashed draft.")),
)

_BY_ID: Final[Mapping[str, Command]] = {row.id: row for row in PANE_KEYS}


def bound(id_: str, action: str, *, priority: bool = False) -> Binding:
    """A widget's binding of the row with this id."""
    row = _BY_ID[id_]
    return Binding(row.keys, action, row.title, show=False, priority=priority, id=row.id)


def leaving_keys(own_keys: OwnKeys) -> tuple[str, ...]:
    """The keys that leave a dialog, for one that takes them otherwise."""
    return keys_of(_BY_ID["leave"], own_keys)


SCROLL_KEYS: Final = (
    bound("list-up", "scroll_up"),
    bound("list-down", "scroll_down"),
    bound("list-page-up", "page_up"),
    bound("list-page-down", "page_down"),
    bound("list-first", "scroll_home"),
    bound("list-last", "scroll_end"),
)
"""Bindings of what is read and has no cursor: the keys of lists scroll it."""
READING_HINTS: Final = (Hint("list-up list-down", "scroll"), Hint("list-page-up list-page-down", "by a page"))
