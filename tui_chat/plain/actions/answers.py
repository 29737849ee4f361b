"""Commands about the answer and the question: stop, write in an editor."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.editor import EditorFailed, write_in_editor
from tui_chat.workspace import verbs

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


def stop(chat: "Chat", _: str) -> None:
    """Say that there is no answer to stop: at the prompt none runs, and a `/stop` during an answer is handled there."""
    verbs.stop(chat.conversation)


async def editor(chat: "Chat", _: str) -> None:
    """Write a message in the external editor; an empty one is not sent."""
    try:
        text = write_in_editor("", is_temporary=chat.session.is_temporary)
    except EditorFailed as failure:
        chat.say(str(failure))
        return
    if not text.strip():
        chat.say("Nothing was written, so nothing is sent.")
        return
    count = "1 character" if len(text) == 1 else f"{len(text)} characters"
    chat.say(f"You, {count} from the editor: {sanitize_line(text, 200)}")
    chat.remember(text)
    await chat.send(text)
