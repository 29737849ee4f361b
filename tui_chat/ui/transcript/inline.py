"""Inline Markdown to spans of text, each with what it looks like and where it leads; no colours, no widths.

Text is never parsed as anything but Markdown, HTML stays text, and a link keeps its real target in sight: an address
is only ever handed on where it is http, https or mailto and free of everything that a terminal would obey.
"""

import re
from enum import IntFlag
from typing import TYPE_CHECKING, Final, NamedTuple

from tui_chat.core.sanitize import sanitize_in_place, sanitize_line
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.parser import markdown, without_links

if TYPE_CHECKING:
    from markdown_it.token import Token

    from tui_chat.ui.transcript.blocks import References

MAX_ADDRESS: Final = 2_000
SHOWN_ADDRESS: Final = 72

_BARE_ADDRESS: Final = re.compile(r"\bhttps?://[^\s<>\"'`\[\]{}|\\^]+")
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)[!-~]+\Z", re.IGNORECASE)
MAX_BRACKETS: Final = 250
"""In text with more of them, brackets are only brackets: markdown-it tries each one that is never closed against all
that follow (20,000 of them took 0.4 s)."""
MAX_MARKS: Final = 1_500
"""Text with more of them is not Markdown but noise, and is shown as it stands: each takes some microseconds."""
_MARKS: Final = "\\`*_~[]!&<"
_PRODUCT: Final = re.compile(r"(?<=\d)\*+(?=\d)")
_PLAIN: Final = re.compile(r"[^\\`*_\[\]!&<~\n]*\Z")


class Look(IntFlag):
    """How a span differs from plain text."""

    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    STRUCK = 4
    CODE = 8
    LINK = 16
    DIM = 32


class Span(NamedTuple):
    """A run of text. A newline in it is a line break."""

    text: str
    look: Look = Look.PLAIN
    address: str = ""
    """Where a click leads; safe, or empty."""


def safe_address(address: str) -> str:
    """The address if it may be opened and written to a terminal; else empty."""
    return address if len(address) <= MAX_ADDRESS and _ADDRESS.match(address) else ""


def spans(text: str, references: "References", *, is_open: bool = False, joins_lines: bool = False) -> list[Span]:
    """A paragraph's, heading's or cell's inline source as spans. `is_open`: more of it is still to come. `joins_lines`:
    a single line end is a space, as in CommonMark, and no line break. A tab is a space: a terminal gives it no cell."""
    text = text.replace("\t", " ")
    if _PLAIN.match(text) or sum(map(text.count, _MARKS)) > MAX_MARKS:
        return _with_addresses(text, Look.PLAIN) if "://" in text else [Span(text)] if text else []
    parser = markdown() if text.count("[") <= MAX_BRACKETS else without_links()
    tokens: list[Token] = []
    source = close_open(text) if is_open else text
    parser.inline.parse(source, parser, {"references": references}, tokens)
    return _without_last_breaks(_read(tokens, " " if joins_lines else "\n"))


def close_open(text: str) -> str:
    """The source of an unfinished paragraph with its last code span, bold or emphasis closed, so that nothing flickers
    from marks to looks when the closing marks arrive."""
    ticks = re.findall(r"`+", text)
    if len(ticks) % 2:
        opening = text.rfind(ticks[-1])
        tail = text[opening + len(ticks[-1]) :]
        return text + ticks[-1] if tail.strip() else text[:opening]
    stripped = text.rstrip("*_~")
    if stripped != text and (not stripped or stripped[-1].isspace()):
        text = stripped
    for mark in ("**", "~~", "*"):
        marked = _PRODUCT.sub("x", text)
        count = marked.count(mark) if len(mark) > 1 else marked.replace("**", "").count("*")
        if count % 2 and not marked[marked.rfind(mark) + len(mark) :][:1].isspace():
            inner = text.rstrip()
            if inner.endswith("*") and mark == "**" and not inner.endswith("**"):
                inner = inner[:-1]
            text = inner + mark
    return text


def _without_last_breaks(found: list[Span]) -> list[Span]:
    """Without line breaks at the end, which break nothing."""
    while found and found[-1].text == "\n":
        found.pop()
    return found


def _read(tokens: "list[Token]", line_end: str) -> list[Span]:
    result: list[Span] = []
    looks: list[Look] = [Look.PLAIN]
    address = ""
    label_at = 0
    for token in tokens:
        look = looks[-1]
        match token.type:
            case "text" | "text_special":
                if not (content := token.content):
                    continue
                if token.type == "text_special":
                    content = sanitize_in_place(content)  # an entity may stand for any character
                if look & Look.LINK:
                    result.append(Span(content, look, address))
                else:
                    result += _with_addresses(content, look)
            case "code_inline":
                result.append(Span(token.content, look | Look.CODE, address if look & Look.LINK else ""))
            case "softbreak":
                result.append(Span(line_end, look, address if look & Look.LINK else ""))
            case "hardbreak":
                result.append(Span("\n", look))
            case "strong_open":
                looks.append(look | Look.STRONG)
            case "em_open":
                looks.append(look | Look.EMPHASIS)
            case "s_open":
                looks.append(look | Look.STRUCK)
            case "strong_close" | "em_close" | "s_close":
                looks.pop()
            case "link_open":
                target = str(token.attrs.get("href", ""))
                address = safe_address(target)
                looks.append(look | Look.LINK)
                label_at = len(result)
                raw_target = target
            case "link_close":
                looks.pop()
                shown = "".join(span.text for span in result[label_at:])
                result += _target(shown, raw_target, looks[-1], address)
                address = ""
            case "image":
                target = str(token.attrs.get("src", ""))
                words = token.content or "image"
                result.append(Span(f"{Mark.PART.drawn} {words}", look | Look.LINK, safe_address(target)))
                result += _target(words, target, look, safe_address(target))
            case _:
                if token.content:
                    result.append(Span(token.content, look))
    return result


def _target(shown: str, target: str, look: Look, address: str) -> list[Span]:
    """The real target behind a link's words, unless the words say it."""
    said = {target, target.removeprefix("mailto:"), target.removesuffix("/")}
    if shown in said or not target:
        return []
    brief = sanitize_line(target, MAX_ADDRESS)
    if len(brief) > SHOWN_ADDRESS:
        brief = f"{brief[: SHOWN_ADDRESS - 21]}…{brief[-20:]}"
    return [Span(f" ({brief})", look | Look.DIM, address)]


def _with_addresses(text: str, look: Look) -> list[Span]:
    """Text with its bare addresses made links."""
    result: list[Span] = []
    at = 0
    for match in _BARE_ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?*_~")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1]
        if match.start() > at:
            result.append(Span(text[at : match.start()], look))
        result.append(Span(address, look | Look.LINK, safe_address(address)))
        at = match.start() + len(address)
    if at < len(text):
        result.append(Span(text[at:], look))
    return result
