"""The pages and documents that an answer names, in whatever shape they come: lists beside the choices, annotations of
the text. A document of somebody's own has a name and no address.

Sources: Perplexity (`citations`, `search_results`), OpenAI and OpenRouter (`annotations`: `url_citation`,
`file_citation`), xAI (`citations`), Zhipu (`web_search`), Alibaba (`search_info`), Open WebUI (`sources`), Google
(`grounding_chunks`), LiteLLM (`vertex_ai_grounding_metadata`), Azure (`context`), Cohere (`sources` of a citation),
Anthropic (`document_title`, `web_search_tool_result`), Groq (`executed_tools`).
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

import msgspec

from tui_chat.core.parts import Source
from tui_chat.core.sanitize import without_surrogates

BESIDE_CHOICES: Final = frozenset(
    {
        "citations", "search_results", "web_search", "sources", "search_info", "references", "grounding_metadata",
        "vertex_ai_grounding_metadata",
    }
)  # fmt: skip
"""Fields of a chunk that name pages."""

_MAX_SOURCES = 500
_MAX_URL = 4_000
_MAX_TITLE = 400
_LISTS: Final = (
    "search_results", "results", "citations", "sources", "grounding_chunks", "groundingChunks", "content",
)  # fmt: skip
_MAX_DEPTH: Final = 8
_INNER: Final = (
    "url_citation", "file_citation", "container_file_citation", "web", "retrieved_context", "retrievedContext",
    "source", "citation", "document", "file", "metadata",
)  # fmt: skip
_ADDRESSES: Final = ("url", "link", "uri", "href", "source", "document_uri", "filepath")
_TITLES: Final = (
    "title", "name", "site_name", "document_title", "filename", "file_name", "fileName", "filepath", "file_path",
    "source", "file_id", "document_id", "quote", "cited_text",
)  # fmt: skip
"""The best name first; a file's id, or the words that are cited, are better than nothing."""
_NUMBERS: Final = ("index", "number", "refer", "ref", "n")
_PLACED: Final = ("file_citation", "file_path", "container_file_citation")
"""Types of annotations whose `index` is a place in the text. Source: OpenAI's reference of annotations."""
_OTHER_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
"""An address that is none of the web's, and no name either."""


def read_sources(value: object, *, are_numbered: bool) -> Iterator[Source]:
    """The pages of a list, in its order. `are_numbered`: the text calls them by their place in it (`[1]`)."""
    if not isinstance(value, list | dict):
        return
    for at, (item, lists) in enumerate(islice(_items(value), _MAX_SOURCES), 1):
        source = _source(item)
        if source is not None:
            is_missing = source.number is None and are_numbered and lists <= 1
            yield msgspec.structs.replace(source, number=at) if is_missing else source


def _items(value: object, lists: int = 0, depth: int = 0) -> Iterator[tuple[object, int]]:
    """What may be a page, out of lists in lists and of objects around them, and in how many lists it stands."""
    inner: object = None
    if isinstance(value, dict) and not _has_address(value):
        inner = next((value[name] for name in _LISTS if isinstance(value.get(name), list | dict)), None)
    if depth >= _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _items(item, lists + 1, depth + 1)
    elif inner is None:
        yield value, lists
    else:
        yield from _items(inner, lists, depth + 1)


def _has_address(item: dict[object, object]) -> bool:
    source = _source(item)
    return source is not None and bool(source.url)


def merged(known: Source | None, source: Source) -> Source:
    """What two mentions of a page say together."""
    if known is None:
        return source
    number = known.number if known.number is not None else source.number
    return Source(known.url, known.title or source.title, number)


def _source(item: object) -> Source | None:
    if isinstance(item, str):
        return Source(_clean(item)) if _is_address(item) else _named(item)
    if not isinstance(item, dict):
        return None
    places = [item, *(item[name] for name in _INNER if isinstance(item.get(name), dict))]
    url = next((text for place in places for text in _texts(place, _ADDRESSES) if _is_address(text)), "")
    titles = (text for name in _TITLES for place in places for text in _texts(place, (name,)))
    title = next((text for text in titles if not _OTHER_SCHEME.match(text.strip())), "")
    if not url and not title.strip():
        return None
    return Source(_clean(url), _clean(title)[:_MAX_TITLE], _number(item))


def _named(name: str) -> Source | None:
    """A source of which only the name is told."""
    title = _clean(name[: _MAX_TITLE * 2])[:_MAX_TITLE]
    return Source("", title) if title and not _OTHER_SCHEME.match(title) else None


def _texts(place: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = place.get(name)
        if isinstance(value, str) and value:
            yield value


def _is_address(text: str) -> bool:
    return len(text) <= _MAX_URL and text.strip().startswith(("https://", "http://"))


def _clean(text: str) -> str:
    return without_surrogates(text).strip()


def _number(item: Mapping[str, object]) -> int | None:
    """`1`, `"1"` or `ref_1`."""
    for name in _NUMBERS:
        value = None if name == "index" and item.get("type") in _PLACED else item.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000:
            return value
        if isinstance(value, str) and (digits := re.fullmatch(r"(?:ref_?)?(\d{1,4})", value, re.ASCII)):
            return int(digits[1])
    return None
