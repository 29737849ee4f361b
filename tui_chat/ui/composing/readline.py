"""Readline's keys in an area, by the ids of their commands: moving is Textual's, deleting is ours."""

from collections.abc import Callable, Mapping

from textual.widgets import TextArea

from tui_chat.ui.composing.killing import Killing


def readline(area: TextArea, killing: Killing) -> Mapping[str, Callable[[], None]]:
    """The action of each key of `keys.EDITING`."""

    def to_line_start() -> None:
        area.move_cursor((area.cursor_location[0], 0))

    def to_line_end() -> None:
        row, _ = area.cursor_location
        area.move_cursor((row, len(area.document[row])))

    return {
        "undo": area.undo,
        "redo": area.redo,
        "line-start": to_line_start,
        "line-end": to_line_end,
        "back": area.action_cursor_left,
        "word-left": area.action_cursor_word_left,
        "word-right": area.action_cursor_word_right,
        "kill-word-left": killing.word_left,
        "kill-blank-left": killing.blank_left,
        "kill-word-right": killing.word_right,
        "kill-to-start": killing.to_start,
        "kill-to-end": killing.to_end,
        "yank": killing.yank,
        "yank-older": killing.yank_older,
    }
