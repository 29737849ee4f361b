"""The settings: each in one line, and one changed by its name."""

from typing import TYPE_CHECKING, Final

from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.describe import SettingRow, describe
from tui_chat.settings.kept import FORGET
from tui_chat.settings.typed import BY_HAND

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

AT_ONCE: Final = frozenset({"timestamps", "show_reasoning", "preset", "budget"})
"""Settings that count in a running chat in lines."""


def settings(chat: "Chat", words: str) -> None:
    """List every setting, or one; change it where a value follows; `forget` lets the project file count no more."""
    name, _, value = words.partition(" ")
    keeping = chat.context.keeping
    try:
        if words.strip() == FORGET:
            chat.say(keeping.forget_project())
        elif value.strip():
            themes = chat.services.themes.names() if chat.services.themes else ()
            chat.say(keeping.keep_typed(name, value, at_once=name in AT_ONCE, themes=themes))
            if name == "budget":
                chat.services.budgets.budget = keeping.loaded.settings.budget
            if name == "show_reasoning":
                chat.shows_reasoning = keeping.loaded.settings.show_reasoning
        elif name:
            _say_one(chat, name)
        else:
            _say_all(chat)
    except SettingsError as error:
        chat.tell(error.failure)


def _say_one(chat: "Chat", name: str) -> None:
    chat.context.keeping.check(name)
    for row in describe(chat.context.loaded, chat.context.connection):
        if row.key == name:
            _say_row(chat, row)
            how = (
                "It is changed in the file."
                if name in BY_HAND
                else f"To change it: /settings {name} VALUE, or default."
            )
            chat.say(f"It takes {row.allowed}. {how}")


def _say_all(chat: "Chat") -> None:
    loaded = chat.context.loaded
    chat.say(f"File: {sanitize_line(str(loaded.file), 400)}")
    for row in describe(loaded, chat.context.connection):
        _say_row(chat, row)
    for problem in loaded.problems:
        chat.say(f"Problem: {sanitize_line(str(problem), 400)}")


def _say_row(chat: "Chat", row: SettingRow) -> None:
    origin = f"{row.source.value} {row.origin}".strip()
    for key, shown in row.lines:
        chat.say(f"{key}: {sanitize_line(shown, 400)}, from {sanitize_line(origin, 300)}. {row.meaning}.")
