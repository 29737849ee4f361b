"""Commands about the conversation as a whole: begin, resume, name, instruct, keep off the disk."""

from typing import TYPE_CHECKING

from tui_chat.core.sanitize import sanitize_line

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


async def new(chat: "ChatScreen", _: str) -> None:
    """Begin an empty conversation with the model and the instructions of this one."""
    await _begin(chat, is_temporary=chat.session.is_temporary)


async def temporary(chat: "ChatScreen", _: str) -> None:
    """Keep a temporary conversation, or begin one."""
    if chat.session.is_temporary:
        await chat.session.keep()
        chat.drafting.kept()
        chat.following.show_facts()
        chat.toast("This conversation is kept from now on, from its first message.")
    else:
        await _begin(chat, is_temporary=True)
        chat.toast("Nothing of this conversation is written to disk. /temporary again keeps it.")


async def _begin(chat: "ChatScreen", *, is_temporary: bool) -> None:
    from tui_chat.chat.session import Session  # after the first frame: nothing before it needs a session

    conversation = chat.session.conversation
    fresh = Session.new(chat.services, model=conversation.model, system=conversation.system, is_temporary=is_temporary)
    await chat.open_session(fresh)


async def resume(chat: "ChatScreen", id_prefix: str) -> None:
    """Open a saved conversation, by the beginning of its id or from the list."""
    from tui_chat.chat.session import Session  # after the first frame: nothing before it needs a session

    if not id_prefix:
        from tui_chat.ui.dialogs.history_picker import HistoryPicker  # imported when it is opened

        summaries = await chat.services.store.list()
        chosen = await chat.app.push_screen_wait(HistoryPicker(summaries, now=chat.services.clock.now))
        if chosen is None:
            return
        id_prefix = chosen
    is_temporary = chat.chat_app.is_temporary
    await chat.open_session(await Session.resume(chat.services, id_prefix, is_temporary=is_temporary))


async def rename(chat: "ChatScreen", title: str) -> None:
    """Give the conversation a name."""
    await chat.session.rename(title)
    chat.following.show_title()
    chat.toast(f"Renamed: {sanitize_line(title, 80)}")


async def system(chat: "ChatScreen", text: str) -> None:
    """Set the system prompt, or show it to be changed."""
    if not text:
        from tui_chat.ui.dialogs.prompt import TextDialog  # imported when it is opened

        dialog = TextDialog("System prompt", chat.session.conversation.system, hint="Empty sends none.")
        answer = await chat.app.push_screen_wait(dialog)
        if answer is None:
            return
        text = answer.strip()
    await chat.session.set_system(text)
    chat.toast("The system prompt counts from the next question." if text else "No system prompt is sent any more.")
