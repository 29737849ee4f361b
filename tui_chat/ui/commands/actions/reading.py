"""Commands about what was said: find words in it, and what the transcript does where its block cursor stands."""

from typing import TYPE_CHECKING

from tui_chat.ui.keys.command import Handler

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


async def find(chat: "ChatScreen", words: str) -> None:
    """Find words in this conversation."""
    await chat.finding.open(words)


def in_transcript(action: str) -> Handler:
    """One of the transcript's own actions, whoever has the focus."""

    async def run(chat: "ChatScreen", _: str) -> None:
        await chat.transcript.run_action(action)

    return run
