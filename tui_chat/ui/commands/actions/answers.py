"""Commands about the answer: stop it, ask again, ask differently."""

from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.tree import last_of
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


def stop(chat: "ChatScreen", _: str) -> None:
    """End the answer that is being written."""
    if not chat.turns.is_running:
        raise CommandRefused("No answer is being written.")
    chat.turns.stop()


def retry(chat: "ChatScreen", model: str) -> None:
    """Answer the last question once more."""
    if last_of(chat.session.path, Role.USER) is None:
        raise CommandRefused("There is no question yet.")
    chat.turns.run(chat.session.retry(model))


def edit(chat: "ChatScreen", _: str) -> None:
    """Take the last question back into the composer; what is sent then takes its place, the old branch stays."""
    question = last_of(chat.session.path, Role.USER)
    if question is None:
        raise CommandRefused("There is no question yet.")
    chat.editing.begin(question)


async def fork(chat: "ChatScreen", _: str) -> None:
    """Go on in a new conversation that begins like this one."""
    if not chat.session.path:
        raise CommandRefused("There is nothing to fork yet.")
    forked = await chat.session.fork(chat.session.path[-1].id)
    await chat.open_session(forked)
    chat.toast("You are in a copy; the conversation it came from stays as it was.")
