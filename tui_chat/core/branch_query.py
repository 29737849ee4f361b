"""Which messages of a tree fit what was typed: words and filters, as `search_query` reads them (`model:claude`)."""

from collections.abc import Callable, Mapping
from typing import Final

from tui_chat.core.parts import File, Image, Message
from tui_chat.core.search_query import Filters, Having, SearchQuery
from tui_chat.core.tree import Node

BOOKMARK: Final = "bookmark"
"""The word for a bookmark among labels."""
_HAS: Final[Mapping[Having, Callable[[Message], bool]]] = {
    Having.PICTURE: lambda message: any(isinstance(part, Image) for part in message.parts),
    Having.FILE: lambda message: any(isinstance(part, File) for part in message.parts),
    Having.CALL: lambda message: bool(message.tool_calls),
    Having.REASONING: lambda message: bool(message.reasoning),
}


def fits(node: Node, text: str, query: SearchQuery) -> bool:
    """Whether a message fits; `text` is what its words are sought in, in small letters."""
    return all(word.casefold() in text for word in query.words) and _passes(node, query.filters)


def _passes(node: Node, filters: Filters) -> bool:
    message, answer = node.message, node.answer
    model = answer.answering_model.casefold() if answer is not None else ""
    labels = {label.casefold() for label in node.marks.labels} | ({BOOKMARK} if node.marks.is_bookmarked else set())
    usd = answer.cost.usd if answer is not None and answer.cost is not None else None
    over, under = filters.cost_over, filters.cost_under
    return (
        (not filters.models or any(model and part.casefold() in model for part in filters.models))
        and all(label.casefold().removeprefix("#") in labels for label in filters.labels)
        and filters.role in (None, message.role)
        and (filters.since is None or node.created_at >= filters.since)
        and (filters.until is None or node.created_at < filters.until)
        and (over is None or (usd is not None and usd > over))
        and (under is None or (usd is not None and usd < under))
        and all(_HAS[having](message) for having in filters.has)
    )
