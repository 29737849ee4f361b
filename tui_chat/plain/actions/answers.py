"""Commands about answers and questions: stop, ask again, ask differently, write in an editor."""

from typing import TYPE_CHECKING

from tui_chat.core.parts import Role, Text, user_message
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import last_of
from tui_chat.plain.editor import EditorFailed, written_in_editor

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

NO_QUESTION = "There is no question yet."


def stop(chat: "Chat", _: str) -> None:
    """Nothing runs while this can be typed at the prompt; what is typed in the midst of an answer never comes here."""
    chat.say("No answer is being written.")


async def retry(chat: "Chat", model: str) -> None:
    """Answer the last question once more."""
    if last_of(chat.session.path, Role.USER) is not None:
        await chat.follow(chat.session.retry(model))
    else:
        chat.say(NO_QUESTION)


async def edit(chat: "Chat", _: str) -> None:
    """Ask another question in the place of the last one."""
    question = last_of(chat.session.path, Role.USER)
    if question is None:
        chat.say(NO_QUESTION)
        return
    before = question.message.text
    chat.say(f"The question was: {before}")
    text = chat.ask_text("New question, or nothing to leave it: ", before)
    if not text.strip() or text == before:
        chat.say("The question stays.")
        return
    chat.remember(text)
    kept = tuple(part for part in question.message.parts if not isinstance(part, Text))
    await chat.follow(chat.session.edit(question.id, user_message(text, kept)))


async def editor(chat: "Chat", _: str) -> None:
    """Write a message in the external editor; an empty one is not sent."""
    try:
        text = written_in_editor("", is_temporary=chat.session.is_temporary)
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
