"""The main loop of plain mode: read a message or a command, carry it out, read the next."""

from typing import Final

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.slash import slash_line
from tui_chat.crash_report import record
from tui_chat.plain.chat import Chat
from tui_chat.plain.commands import HANDLERS
from tui_chat.plain.prompts import PROMPT, CommandTyped, read_text
from tui_chat.plain.signals import Interrupted
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.submission import CommandGiven, Queued, Refused, Sent

QUIT_WITHIN_S: Final = 1.0
_LONG_AGO: Final = -60.0


async def converse(chat: Chat, first: str) -> bool:
    """Carry out what is typed, beginning with `first`, until the person leaves; False where Ctrl+C ended it."""
    interrupted_at = _LONG_AGO
    text: str | None = first
    while not chat.is_leaving:
        try:
            await _do(chat, text or "")
            if chat.is_leaving:
                break
            await chat.save_again()
            text = _queued(chat) if len(chat.conversation.outbox) else read_text(chat.lines, PROMPT)
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
    for waiting in chat.conversation.outbox.take_all():
        chat.remember(waiting)
    return True


def _queued(chat: Chat) -> str | None:
    """Take the next text that was typed while an answer was being written. After an answer that did not end well the
    person is asked whether to send a message; None where not."""
    text = chat.conversation.outbox.next()
    if slash_line(text) is None and not chat.conversation.may_go_on:
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
    await chat.services.titles.catch_up()
    try:
        match await chat.submit(text):
            case Sent() | Queued():
                await chat.follow()
            case CommandGiven(command, arguments):
                work = HANDLERS[command.id](chat, arguments)
                if work is not None:
                    await work
            case Refused(why):
                chat.say(why)
    except CommandRefused as refusal:
        chat.say(str(refusal))
    except ChatError as error:
        chat.tell(error.failure)
    except CommandTyped:
        chat.say("Left; nothing was changed.")
    except Interrupted:
        chat.say("Left.")
    except EOFError:
        if not chat.lines.is_terminal:
            raise
        chat.say("Left.")
    except Exception as error:  # noqa: BLE001 - a command that breaks is reported, and the conversation goes on
        chat.say(record(error, chat.context.paths.state))
