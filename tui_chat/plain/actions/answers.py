"""Commands about answers and questions: stop, ask again, ask differently, write in an editor."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.editor import EditorFailed, write_in_editor
from tui_chat.workspace import verbs

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


def stop(chat: "Chat", _: str) -> None:
    """Say that there is no answer to stop: at the prompt none runs, and a `/stop` during an answer is handled there."""
    verbs.stop(chat.conversation)


async def retry(chat: "Chat", model: str) -> None:
    """Answer the last question once more."""
    verbs.retry(chat.conversation, model)
    await chat.follow()


async def edit(chat: "Chat", _: str) -> None:
    """Replace the last question with another one."""
    question = verbs.last_question(chat.conversation)
    before = question.message.text
    chat.say(f"The question was: {before}")
    text = chat.ask_text("New question, or nothing to leave it: ", before)
    if not text.strip() or text == before:
        chat.say("The question stays.")
        return
    chat.remember(text)
    chat.conversation.edit(question)
    await chat.send(text)
    chat.conversation.end_edit()  # also where it was not sent: what is typed next is a new question


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
