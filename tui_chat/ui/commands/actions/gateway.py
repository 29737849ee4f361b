"""Commands about the program and its gateway."""

from typing import TYPE_CHECKING

from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


def palette(chat: "ChatScreen", _: str) -> None:
    """Find any command by name."""
    chat.app.action_command_palette()


async def connect(chat: "ChatScreen", _: str) -> None:
    """Go on through another gateway; the conversation stays."""
    from tui_chat.ui.dialogs.connect import ConnectDialog  # imported when it is opened

    connector = chat.chat_app.connector
    if connector is None:
        raise CommandRefused("Connecting is not possible here.")
    services = await chat.app.push_screen_wait(ConnectDialog(connector, chat.services.gateway, chat.chat_app.save_key))
    if services is not None:
        await chat.use_services(services)
