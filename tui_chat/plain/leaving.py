"""The end of a plain chat in which something could not be saved: it is tried again, and the person is asked."""

from typing import Final

from tui_chat.core.errors import ChatError
from tui_chat.plain.chat import Chat
from tui_chat.plain.dialogue import converse
from tui_chat.plain.prompts import CommandTyped
from tui_chat.plain.signals import Interrupted
from tui_chat.workspace.saving import LEAVE_WITHIN_S, STAYED, exported_words

_ELSEWHERE: Final = "Write it to another place"
_QUIT: Final = "Quit all the same"
_STAY: Final = "Stay"
NOT_SAVED_STATUS: Final = 1


async def converse_and_leave(chat: Chat, first: str) -> bool:
    """Converse until the person leaves and nothing more can be saved; False where Ctrl+C ended it."""
    has_left = await converse(chat, first)
    while not await may_leave(chat):
        chat.is_leaving = False
        has_left = await converse(chat, "")
    return has_left


async def may_leave(chat: Chat) -> bool:
    """Save what is owed, or ask what becomes of it; False where the person stays. Without a person, it is only said."""
    while not await chat.saving.save(LEAVE_WITHIN_S):
        chat.say(chat.saving.words)
        if not chat.lines.is_terminal:
            return True
        try:
            choice = chat.choose((_STAY, _ELSEWHERE, _QUIT), str)
        except EOFError:
            return True
        except Interrupted:
            choice = _STAY
        if choice == _QUIT:
            return True
        if choice != _ELSEWHERE:
            chat.say(STAYED)
            return False
        if await _write_elsewhere(chat):
            return True
    return True


async def _write_elsewhere(chat: Chat) -> bool:
    try:
        path = chat.ask_line("File or folder: ", is_path=True).strip()
        if not path:
            return False
        chat.say(exported_words(await chat.saving.export(path)))
    except (CommandTyped, EOFError, Interrupted):
        return False
    except ChatError as error:
        chat.tell(error.failure)
        return False
    chat.has_written_elsewhere = True
    return True
