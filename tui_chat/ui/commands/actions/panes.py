"""Commands that open a pane, a picker or a page."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.command import Handler
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


def models(chat: "ChatScreen", model: str) -> Awaitable[None]:
    """Switch to a model by its id, at once, or choose one."""
    return chat.models.switch(model) if model else chat.panes.toggle_models()


async def next_model(chat: "ChatScreen", _: str) -> None:
    """Switch to the model that was used before this one, and on around the recent ones."""
    recent = chat.models.recent
    if len(recent) < 2:
        raise CommandRefused("No other model has been used yet: Ctrl+L shows them all.")
    current = chat.session.conversation.model
    place = recent.index(current) if current in recent else -1
    await chat.models.switch(recent[(place + 1) % len(recent)])


async def tools(chat: "ChatScreen", _: str) -> None:
    """Open or close the tool inspector."""
    await chat.panes.toggle_tools()


async def usage(chat: "ChatScreen", _: str) -> None:
    """Open or close the usage pane."""
    await chat.panes.toggle_usage()


def scroll(by: int) -> Handler:
    """Scroll what was said by screens, whoever has the focus."""

    def run(chat: "ChatScreen", _: str) -> None:
        chat.transcript.action_page(by)

    return run


def to_start(chat: "ChatScreen", _: str) -> None:
    """Go to the first message."""
    chat.transcript.action_to_start()


def to_end(chat: "ChatScreen", _: str) -> None:
    """Go to the end, and stay there while the answer grows."""
    chat.transcript.action_follow()


def reasoning(chat: "ChatScreen", _: str) -> None:
    """Fold or unfold what models thought."""
    chat.transcript.toggle_reasoning()


async def theme(chat: "ChatScreen", name: str) -> None:
    """Switch to a theme by its name, or choose one with a preview."""
    app = chat.chat_app
    if name:
        if name not in app.themes.names():
            raise CommandRefused(
                f"There is no theme {sanitize_line(name, 40)}. There are: {', '.join(app.themes.names())}"
            )
        app.show_theme(name)
        return
    from tui_chat.ui.dialogs.theme_picker import ThemePicker  # imported when it is opened

    chosen = await app.push_screen_wait(ThemePicker(app.themes, app.theme))
    if chosen is not None:
        app.show_theme(chosen)


async def help_page(chat: "ChatScreen", topic: str) -> None:
    """The manual, and every command and key."""
    # The page of keys and that of commands are made from the registry.
    topic = "keys-now" if topic in ("keys", "commands") else topic
    from tui_chat.terminal.arrival import find_arrival  # imported when it is opened, as is the page
    from tui_chat.ui.dialogs.help import HelpScreen

    arrival = await find_arrival(is_kitty=chat.chat_app.tells_all_keys)
    await chat.app.push_screen_wait(HelpScreen(chat.own_keys, topic=topic, arrival=arrival))


async def keys(chat: "ChatScreen", _: str) -> None:
    """Every key."""
    await help_page(chat, "keys")


async def settings(chat: "ChatScreen", _: str) -> None:
    """Every setting, its value and where it comes from."""
    from tui_chat.ui.dialogs.settings_page import SettingsPage  # imported when it is opened

    app = chat.chat_app
    await app.push_screen_wait(SettingsPage(app.loaded, app.connection, app.problems))
