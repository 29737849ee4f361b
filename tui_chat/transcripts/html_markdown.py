"""Markdown of a model as HTML that can do nothing: its own HTML is text, links and pictures are those that are allowed,
and no style stands in an attribute, which the document's policy would refuse."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tui_chat.core.data_urls import shortened
from tui_chat.core.media import bytes_of, facts_of, type_of_bytes
from tui_chat.core.parts import Image
from tui_chat.core.sanitize import sanitize, sanitize_line

LARGEST_PICTURE_BYTES: Final = 10 * 1024 * 1024
"""A picture that is larger is named and not shown."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
_LARGEST_MARKDOWN: Final = 1_000_000
"""Characters of a text from which on it stands as it is."""
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)[!-~]{1,4000}", re.IGNORECASE)
_DATA_PICTURE: Final = re.compile(r"data:image/[a-z]{1,10};base64,", re.IGNORECASE)
_LOWEST_HEADING: Final = 6
_HEADINGS_BELOW: Final = 2
"""The document's own headings are of the first two levels."""
_ALIGNED: Final = re.compile(r"text-align:(center|right)")


def markdown_html(text: str) -> str:
    """The text as HTML, with a newline at its end."""
    if len(shortened(text)) > _LARGEST_MARKDOWN:
        return f"<pre>{escape(text)}</pre>\n"
    html: str = _parser().render(sanitize(text))
    return html


def link(address: str, shown: str) -> str:
    """A link around HTML; that alone where the address is none that may be followed."""
    href = _href(address)
    return f'<a href="{escape(href)}" rel="noreferrer">{shown}</a>' if href else shown


def shown_picture(url: str, name: str) -> str:
    """A picture that is inside the document; empty where it is elsewhere, of a type that is not shown, or too large."""
    if not _DATA_PICTURE.match(url) or len(url) > LARGEST_PICTURE_BYTES * 4 // 3 + 100:
        return ""
    data = bytes_of(Image(url)) or b""
    media_type = type_of_bytes(data[:32])  # what it says of itself may be wrong
    if media_type not in _PICTURES or len(data) > LARGEST_PICTURE_BYTES:
        return ""
    encoded = re.sub(r"[^A-Za-z0-9+/=]", "", url.partition(",")[2].replace("-", "+").replace("_", "/"))
    return f'<img src="data:{media_type};base64,{encoded}" alt="{escape(sanitize_line(name, 300))}" loading="lazy">'


def _href(address: str) -> str:
    return address if _ADDRESS.fullmatch(address) else ""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _is_allowed  # type: ignore[method-assign]  # as its documentation says
    for token, rule in _RULES.items():
        parser.add_render_rule(token, rule)
    return parser


def _is_allowed(url: str) -> bool:
    """Whether it is read as a link or a picture at all: else its Markdown is seen."""
    return bool(_href(url)) or url[:5].lower() == "data:"


def _link_open(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    href = _href(str(tokens[index].attrGet("href") or ""))
    return f'<a href="{escape(href)}" rel="noreferrer">' if href else "<a>"


def _image(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    token = tokens[index]
    url = str(token.attrGet("src") or "")
    name = sanitize_line(token.content, 300)
    if picture := shown_picture(url, name):
        return picture
    if url[:5].lower() == "data:":
        return f"<em>{escape(' · '.join(('Image', *facts_of(Image(url, name)))))}</em>"
    return link(url, f"{escape(name) or 'Image'} · {escape(sanitize_line(url, 300))}")


def _code(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f"<pre><code>{escape(tokens[index].content)}</code></pre>\n"


def _heading_open(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f"<{_lower(tokens[index].tag)}>"


def _heading_close(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f"</{_lower(tokens[index].tag)}>\n"


def _cell_open(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    aligned = _ALIGNED.fullmatch(str(tokens[index].attrGet("style") or ""))
    return f'<{tokens[index].tag} class="{aligned[1]}">' if aligned else f"<{tokens[index].tag}>"


_RULES: Final[Mapping[str, Callable[..., str]]] = {
    "link_open": _link_open,
    "image": _image,
    "fence": _code,
    "code_block": _code,
    "heading_open": _heading_open,
    "heading_close": _heading_close,
    "th_open": _cell_open,
    "td_open": _cell_open,
}
"""What is written otherwise than usual, by the kind of token."""


def _lower(tag: str) -> str:
    return f"h{min(_LOWEST_HEADING, int(tag[1]) + _HEADINGS_BELOW)}"
