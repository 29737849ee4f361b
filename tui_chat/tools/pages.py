"""Running a call that fetches a page: what comes is given as text, or told by type and size where it is none."""

from collections.abc import Callable
from typing import Final

from tui_chat.chat.ready_work import PageWork
from tui_chat.chat.side_thread import Leave, on_side_thread
from tui_chat.chat.tool_ports import Page, PageFetcher, PageRequest, ToolOutcome
from tui_chat.core.errors import GatewayError
from tui_chat.core.figures import size
from tui_chat.core.sanitize import sanitize_line
from tui_chat.tools.kept_output import KeptOutput
from tui_chat.tools.page_text import charset_of_page, without_gaps, words_in_pieces
from tui_chat.tools.text_files import decoded, is_text

_LEAST_OF_A_PAGE: Final = 1024 * 1024
"""Bytes that are read of a page however little of its words is kept: they are a small part of it."""
_READING_S: Final = 5.0
_PAGES: Final = ("text/html", "application/xhtml+xml")
_TEXTS: Final = (
    "application/json", "application/xml", "application/javascript", "application/ecmascript", "application/yaml",
    "application/x-yaml", "application/toml", "application/x-ndjson", "application/sql", "application/rtf",
)  # fmt: skip
_TEXT_ENDINGS: Final = ("+json", "+xml", "+yaml")


async def run_page(
    work: PageWork, fetcher: PageFetcher, timeout_s: float, limit_bytes: int, output: Callable[[str], None]
) -> ToolOutcome:
    """Fetch it. Cancelling ends it."""
    most = max(limit_bytes, _LEAST_OF_A_PAGE)
    try:
        page = await fetcher.fetch_page(PageRequest(work.url, work.through_proxy, timeout_s, most))
    except GatewayError as error:
        return ToolOutcome(error.failure.message, is_error=True, ending="not fetched")
    fetched = page.fetched
    facts = [f"status {fetched.status}", *([fetched.media_type] if fetched.media_type else [])]
    if page.url != work.url:
        facts.append(f"led to {sanitize_line(page.url, 300)}")
    is_error = fetched.status >= 400
    if not _is_text(page):
        return ToolOutcome(_told(page), is_error, ", ".join([*facts, "no text"]))
    try:
        text = await on_side_thread(lambda leave: _words(page, leave), _READING_S)
    except TimeoutError:
        return ToolOutcome("The page takes too long to be read.", is_error=True, ending=", ".join(facts))
    kept = KeptOutput(limit_bytes, output)
    kept.add(text.encode(errors="replace"))
    cut = f"\n[… more than {size(most)}: the rest is left out …]" if fetched.is_cut else ""
    return ToolOutcome(kept.text() + cut, is_error, ", ".join(facts))


def _is_text(page: Page) -> bool:
    kind = page.fetched.media_type
    if kind.startswith("text/") or kind in (*_PAGES, *_TEXTS) or kind.endswith(_TEXT_ENDINGS):
        return True
    return not kind and is_text(page.fetched.body)


def _told(page: Page) -> str:
    length = page.size_bytes if page.size_bytes is not None else len(page.fetched.body)
    at_least = "at least " if page.size_bytes is None and page.fetched.is_cut else ""
    return f"It is {page.fetched.media_type or 'no text'}, {at_least}{size(length)}: only text is given."


def _words(page: Page, leave: Leave) -> str:
    fetched = page.fetched
    is_page = fetched.media_type in _PAGES
    text = decoded(fetched.body, fetched.charset or (charset_of_page(fetched.body) if is_page else ""))
    if not is_page:
        return text
    pieces: list[str] = []
    for piece in words_in_pieces(text, page.url):
        pieces.append(piece)
        if leave.is_late:
            break
    return without_gaps("".join(pieces))
