"""The command that switches the model."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_chat.core.errors import ChatError
from tui_chat.core.model_finder import ModelFinder
from tui_chat.core.model_query import is_search, read_query
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.wording import model_words, name_of
from tui_chat.workspace import verbs
from tui_chat.workspace.compacting import compact
from tui_chat.workspace.model_records import ModelRecords, read_records
from tui_chat.workspace.model_switch import Verdict, question
from tui_chat.workspace.switch_way import SwitchWay

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
    records = await _records(chat)
    if words and (catalog.get(words) or not (found := _narrowed(chat, catalog, words, records))):
        if is_search(words, catalog):
            chat.say(f"None of {len(catalog.models)} models fits “{sanitize_line(words, 100)}”.")
        else:
            await _switch(chat, words, catalog)
        return
    if not catalog.models:
        chat.say("The gateway lists no models. Name one: /model ID")
        return
    chat.say(f"The model is {name_of(chat.session.conversation.model)}. Switch to:")
    query = read_query(words)
    if words:
        said = f" ({query.said})" if query.filters else ""
        chat.say(f"{len(found)} of {len(catalog.models)} fit “{sanitize_line(words, 100)}”{said}.")
    offered = found if words else list(catalog.offered)
    if query.words and " " not in words:
        offered = [*offered, ModelInfo(words, name=_AS_TYPED)]
    chosen = chat.choose(
        offered, lambda info: _row(info, records), lambda typed: _narrowed(chat, catalog, typed, records)
    )
    if chosen is not None:
        await _switch(chat, chosen.id, catalog)


_AS_TYPED = "\0as typed"
"""Name that marks the id that was typed, which the gateway may not list; no listed name has a NUL."""


async def _records(chat: "Chat") -> ModelRecords:
    try:
        return await read_records(chat.services)
    except ChatError:  # /usage says what is wrong with the store
        return ModelRecords()


def _row(info: ModelInfo, records: ModelRecords) -> str:
    if info.name == _AS_TYPED:
        return f"{name_of(info.id)}, as typed"
    fast = records.rate_words(info.id)
    return f"{model_words(info)}, {fast}" if fast else model_words(info)


def _narrowed(chat: "Chat", catalog: Catalog, words: str, records: ModelRecords) -> list[ModelInfo]:
    """The models that fit; those that cannot chat only where they are asked for, or nothing else fits."""
    finder, query = ModelFinder(catalog.offered, now=chat.services.clock.now()), read_query(words)
    finder.rank_by_speed(records.fastest_first)
    found = finder.find(query) or finder.find(replace(query, shows_all=True))
    return [finder.models[place] for place in found]


async def _switch(chat: "Chat", model_id: str, catalog: Catalog | None = None) -> None:
    """Ask this model from now on; where the conversation would lose something, ask the person first."""
    asked, way = question(chat.conversation, model_id), SwitchWay.SWITCH
    if asked is not None:
        chat.say(asked.title)
        for point in asked.points:
            chat.say(f"{_VERDICTS[point.verdict]}{point.subject}: {point.words}")
        if asked.price:
            chat.say(asked.price)
        chosen = chat.choose(asked.ways, lambda each: each[0])
        way = chosen[1] if chosen is not None else SwitchWay.STAY
    if way is SwitchWay.STAY:
        chat.say(f"The model stays {name_of(chat.session.conversation.model)}.")
        return
    if way is SwitchWay.SUMMARISE:
        chat.say(compact(chat.conversation, ""))
    await chat.conversation.set_model(model_id)
    is_unknown = catalog is not None and verbs.is_unlisted(chat.conversation, model_id)
    more = " The catalogue does not have it; it is asked all the same." if is_unknown else ""
    chat.say(f"Model: {name_of(model_id)}.{more}")
    if way is SwitchWay.SUMMARISE:
        await chat.follow()


_VERDICTS = {Verdict.LOST: "Take care. ", Verdict.FITS: "", Verdict.UNKNOWN: ""}
