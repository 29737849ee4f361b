"""Commands about the program and its gateway."""

import asyncio
from typing import TYPE_CHECKING

from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace.forgetting import FORGET, forget
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.keys.command import Taken


def palette(context: CommandContext, _: str) -> None:
    """Find any command by name."""
    from tui_chat.ui.commands.hindered import why_not_now  # the first frame does without

    def take(taken: "Taken | None") -> None:
        if taken is None:
            return
        if taken.is_written:
            context.composer.put(f"/{taken.command.slash} ")
            context.composer.focus()
        else:
            context.execute(taken.command)

    used_last = context.dispatch.used_last
    found = dialogs.commands_list(
        context.commands, context.own_keys, used_last, lambda command: why_not_now(context, command)
    )
    context.push(found, take)


def notices(context: CommandContext, _: str) -> None:
    """Read the last notes."""
    context.push(dialogs.notices_page(context.noting.notes.recent), lambda _: None)


async def connect(context: CommandContext, name: str) -> None:
    """Go on through another gateway, one of the settings where it is named; the conversation stays. Or forget a key."""
    connector = context.program.connector
    if connector is None:
        raise CommandRefused("Connecting is not possible here.")
    gateway = context.conversation.services.gateway
    word, _, address = name.partition(" ")
    if word == FORGET:
        context.note(await asyncio.to_thread(forget, connector, gateway, address.strip()))
    elif name:
        await context.connect(connector.connect_named(name))
    elif (tried := await context.ask(dialogs.connecting(connector, gateway))) is not None:
        await context.connect(tried.services, tried.found)
        if tried.failure is None:
            await context.panes.toggle_models()
