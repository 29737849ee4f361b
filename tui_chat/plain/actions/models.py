"""The command that switches the model."""

from typing import TYPE_CHECKING

from tui_chat.core import fuzzy
from tui_chat.core.errors import ChatError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.wording import model_words, name_of
from tui_chat.workspace import verbs

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def model(chat: "Chat", words: str) -> None:
    """Switch to a model by its id, or choose one from a list; words narrow the list."""
    try:
        catalog = await chat.run(chat.services.catalog.read())
    except ChatError as error:
        chat.tell(error.failure)
        if words:
            await _switch(chat, words)
        return
    if catalog is None:
        return
    if catalog.failure is not None:
        chat.say(f"{sanitize_line(catalog.failure.message, 400)} The list is the one that the gateway gave last.")
    if words and (catalog.get(words) or not (found := _narrowed(catalog, words))):
        await _switch(chat, words, catalog)
        return
    if not catalog.models:
        chat.say("The gateway lists no models. Name one: /model ID")
        return
    chat.say(f"The model is {name_of(chat.session.conversation.model)}. Switch to:")
    offered = found if words else list(catalog.offered)
    if words and " " not in words:
        offered = [*offered, ModelInfo(words, name=_AS_TYPED)]
    chosen = chat.choose(offered, _row, lambda query: _narrowed(catalog, query))
    if chosen is not None:
        await _switch(chat, chosen.id, catalog)


_AS_TYPED = "\0as typed"
"""Name that marks the id that was typed, which the gateway may not list; no listed name has a NUL."""


def _row(info: ModelInfo) -> str:
    return f"{name_of(info.id)}, as typed" if info.name == _AS_TYPED else model_words(info)


def _narrowed(catalog: Catalog, words: str) -> list[ModelInfo]:
    def key(info: ModelInfo) -> str:
        return sanitize_line(f"{info.id} {info.name} {info.owned_by}", 400)

    return [info for _, info, _ in fuzzy.rank(words, catalog.offered, key)]


async def _switch(chat: "Chat", model_id: str, catalog: Catalog | None = None) -> None:
    await chat.conversation.set_model(model_id)
    is_unknown = catalog is not None and verbs.is_unlisted(chat.conversation, model_id)
    more = " The catalogue does not have it; it is asked all the same." if is_unknown else ""
    chat.say(f"Model: {name_of(model_id)}.{more}")
