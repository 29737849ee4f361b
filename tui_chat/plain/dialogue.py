"""One thing after another: what was typed is asked or done, until the person leaves."""

from typing import Final

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.slash import as_message, slash_line
from tui_chat.crash_report import recorded
from tui_chat.plain.chat import PROMPT, Chat
from tui_chat.plain.commands import find
from tui_chat.plain.signals import Interrupted
from tui_chat.workspace.command import FrontEnd
from tui_chat.workspace.command_table import unknown_command

QUIT_WITHIN_S: Final = 1.0
_LONG_AGO: Final = -60.0


async def converse(chat: Chat, first: str) -> bool:
    """Do what is typed, beginning with `first`; False where Ctrl+C ended it."""
    interrupted_at = _LONG_AGO
    text: str | None = first
    while not chat.is_leaving:
        try:
            await _do(chat, text or "")
            if chat.is_leaving:
                break
            text = _queued(chat) if chat.queue else chat.ask_text(PROMPT)
        except EOFError:
            break
        except Interrupted as stop:
            now = chat.services.clock.monotonic()
            text = None
            if stop.text.strip():
                chat.lines.remember(stop.text)
                chat.say("Cleared. Up brings it back.")
            elif not chat.lines.is_terminal or now - interrupted_at <= QUIT_WITHIN_S:
                return False
            else:
                interrupted_at = now
                chat.say("Press Ctrl+C again within a second to quit.")
    for waiting in chat.queue:
        chat.remember(waiting)
    return True


def _queued(chat: Chat) -> str | None:
    """The next of what was typed while an answer was being written. After an answer that did not end well a message is
    sent only if the person still wants that; None where not."""
    text = chat.queue.popleft()
    if slash_line(text) is None and not chat.ended_well:
        chat.remember(text)
        if not chat.confirm(f"Still to be sent: {sanitize_line(text, 80)} Send it now?"):
            chat.say("Not sent. Up brings it back." if chat.lines.is_terminal else "Not sent.")
            return None
    chat.say(f"{PROMPT}{text}")
    return text


async def _do(chat: Chat, text: str) -> None:
    if not text.strip():
        return
    chat.remember(text)
    line = slash_line(text)
    try:
        if line is None:
            await chat.send(as_message(text))
        elif handler := find(line.name):
            work = handler(chat, line.arguments)
            if work is not None:
                await work
        else:
            chat.say(unknown_command(line.name, FrontEnd.PLAIN))
    except ChatError as error:
        chat.tell(error.failure)
    except Interrupted:
        chat.say("Left.")
    except EOFError:
        if not chat.lines.is_terminal:
            raise
        chat.say("Left.")
    except Exception as error:  # noqa: BLE001 - a command that breaks is said, and the conversation goes on
        chat.say(recorded(error, chat.surroundings.paths.state))
