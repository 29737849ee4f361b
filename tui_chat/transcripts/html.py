"""A conversation as one HTML file: nothing in it runs, and nothing is loaded from anywhere.

The file's own policy (`default-src 'none'`) allows its style sheet, by its hash, and pictures that are inside it. Words
of a model are Markdown, whose HTML is text; those of a person and of tools stand as they are. Links lead to http, https
and mailto alone and tell nobody where they were followed; pictures from elsewhere are links.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, assert_never

from tui_chat.core import figures
from tui_chat.core.data_urls import shortened
from tui_chat.core.media import address_of, facts_of, title_of
from tui_chat.core.parts import (
    Beside,
    File,
    Foreign,
    Image,
    Media,
    Part,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.html_markdown import link, markdown_html, shown_picture
from tui_chat.transcripts.html_style import HtmlStyle
from tui_chat.transcripts.reading import (
    EVERYTHING,
    Branch,
    BranchStart,
    Gap,
    Item,
    ReadingOptions,
    Spoken,
    SummarySeam,
    head_facts,
    items,
)

_LONGEST_LINE: Final = 2_000
_DIRECTION_MARKS: Final = re.compile("[\u061c\u200e\u200f]")


def to_html(
    conversation: Conversation,
    path: Sequence[Node],
    others: Sequence[Branch] = (),
    *,
    style: HtmlStyle,
    options: ReadingOptions = EVERYTHING,
) -> str:
    """The document, with a newline at its end: the path, and what `others` are given beside it. The same values give
    the same bytes."""
    body: list[str] = [*_heading(conversation, " · ".join(head_facts(conversation, path, others, options)))]
    for item in items(path, others, options):
        body += _item(item)
    main = _harmless("\n".join(block for block in body if block))
    title = _harmless(_line(conversation.title) or "Conversation")
    sheet = style.sheet()
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="{style.scheme}">
<title>{title}</title>
<style>{sheet}</style>
</head>
<body>
<main>
{main}
</main>
</body>
</html>
"""


def _heading(conversation: Conversation, facts: str) -> Iterator[str]:
    yield "<header>"
    yield f"<h1>{_line(conversation.title) or 'Conversation'}</h1>"
    yield _facts(facts)
    yield "</header>"
    if conversation.system:
        yield f'<section class="system"><h2>System</h2>\n{_plain(conversation.system)}</section>'


def _item(item: Item) -> Iterator[str]:
    match item:
        case Gap(words):
            yield f'<p class="gap">{_line(words)}</p>'
        case BranchStart(words):
            yield f'<h1 class="branch">{_line(words)}</h1>'
        case SummarySeam(words, text):
            yield f'<section class="summary"><p class="facts">{_line(words)}</p>\n{markdown_html(text)}</section>'
        case Spoken():
            yield from _message(item)
        case _:
            assert_never(item)


def _message(spoken: Spoken) -> Iterator[str]:
    yield f'<article class="{spoken.role.value}{" muted" if spoken.is_muted else ""}">'
    number = "" if spoken.number is None else f"{spoken.number} · "
    facts = " · ".join(fact for fact in (_line(spoken.model), _line(spoken.time)) if fact)
    yield f"<h2>{number}{_line(spoken.speaker)}{f' <small>{facts}</small>' if facts else ''}</h2>"
    if spoken.standing:
        yield f'<p class="standing">{_line(" · ".join(spoken.standing), _LONGEST_LINE)}</p>'
    for part in spoken.parts:
        yield _part(part, is_markdown=spoken.role is Role.ASSISTANT)
    if spoken.sources:
        yield '<p class="facts">Sources</p>\n<ul>'
        for source in spoken.sources:
            yield f"<li>{_source(source)}</li>"
        yield "</ul>"
    for line in spoken.closing:
        yield _facts(line)
    yield "</article>"


def _part(part: Part, *, is_markdown: bool) -> str:
    match part:
        case Text(text):
            return f'<div class="words">\n{markdown_html(text)}</div>' if is_markdown else _plain(text)
        case Reasoning(text, duration_s):
            took = "" if duration_s is None else f" · {figures.seconds(duration_s)}"
            return f"<details><summary>Reasoning{took}</summary>\n{markdown_html(text)}</details>"
        case Refusal(text):
            return f'<blockquote>\n<p class="facts">Refused</p>\n{_plain(text)}</blockquote>'
        case ToolCall(id_, name, arguments):
            return _figure("Tool call", (name, id_), arguments)
        case ToolResult(call_id, name, content, is_error):
            return _figure("Tool error" if is_error else "Tool result", (name, call_id), content)
        case Image() | Media() | Foreign():
            return _beside(part)
        case Source():
            return f"<p>{_source(part)}</p>"
        case File(name, text):
            return _figure("File", (name,), text)
        case _:
            assert_never(part)


def _figure(kind: str, names: Sequence[str], text: str) -> str:
    named = " · ".join(f"<code>{_line(name, 400) or figures.UNKNOWN}</code>" for name in names)
    return f"<figure><figcaption>{kind} {named}</figcaption>\n<pre>{escape(text)}</pre></figure>"


def _beside(part: Beside) -> str:
    kind = "Image" if isinstance(part, Image) else title_of(part)
    facts = _line(" · ".join(facts_of(part)), _LONGEST_LINE) or figures.UNKNOWN
    if address := address_of(part):
        facts = link(address, facts)
    picture = shown_picture(part.url, part.name) if isinstance(part, Image) else ""
    return f'<figure>{picture}<figcaption class="facts">{_line(kind)} {facts}</figcaption></figure>'


def _source(source: Source) -> str:
    called = "" if source.number is None else f"[{source.number}] "
    title, url = _line(source.title), _line(source.url, _LONGEST_LINE)
    if not url:
        return f"{called}{title}"
    return f"{called}{f'{title} · ' if title else ''}{link(source.url, url)}"


def _plain(text: str) -> str:
    return f'<div class="words plain">{escape(shortened(text).strip(chr(10)))}</div>'


def _facts(words: str) -> str:
    return f'<p class="facts">{_line(words, _LONGEST_LINE)}</p>' if words else ""


def _line(text: str, limit: int = 200) -> str:
    return escape(sanitize_line(text, limit))


def _harmless(html: str) -> str:
    """Without what a terminal or a reader's eye could be led astray by; also what Markdown writes as an entity."""
    return _DIRECTION_MARKS.sub(lambda mark: f"&#x{ord(mark[0]):x};", sanitize(html))
