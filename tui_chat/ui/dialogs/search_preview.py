"""What a hit was found in: the message between its neighbours, as rows."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui_chat.chat.ports import Around, Preview
from tui_chat.core import days
from tui_chat.core.found_words import found_words
from tui_chat.core.media import title_of
from tui_chat.core.parts import (
    File,
    Foreign,
    Image,
    Media,
    Message,
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
from tui_chat.core.tree import Node
from tui_chat.core.unmarked import unmarked
from tui_chat.ui.dialogs.search_rows import marked
from tui_chat.ui.rows.rows import Ink, Row, cut, wrapped
from tui_chat.ui.theming.marks import Mark

READ_CHARS: Final = 20_000
"""Characters of the message that are shown, from a little before the first hit on."""
BEFORE_CHARS: Final = 2_000
NEIGHBOUR_ROWS: Final = 6
TAB: Final = "    "


class Shown(NamedTuple):
    """The rows of a preview, and the one to begin with."""

    rows: list[Row]
    top: int = 0
    """The head of the message, or a row near its first hit where that is far below."""


def around_rows(around: Around, node_id: str, words: Sequence[str], now: float, width: int, height: int) -> Shown:
    """The messages, that of this id with its place, its words marked and whole, the others by their beginning."""
    rows: list[Row] = []
    top = 0
    for node in around.nodes:
        if rows:
            rows.append(())
        head = len(rows)
        rows.append(cut(_head(node, now), width))
        if node.id == node_id:
            place = f"  message {around.number:,} of {around.messages:,}"
            rows[-1] = cut((*rows[-1], (Ink.MUTED, place)), width)
            body = message_rows(node.message, words, width)
            first = next((at for at, row in enumerate(body) if any(ink is Ink.MATCH for ink, _ in row)), 0)
            top = head if first + 1 < height else head + 1 + first - height // 3
            rows += body
        else:
            body = message_rows(node.message, (), width)
            rows += body[:NEIGHBOUR_ROWS]
            if len(body) > NEIGHBOUR_ROWS:
                rows[-1] = (*cut(rows[-1], width - 2), (Ink.MUTED, " …"))
    return Shown(rows, top)


def _head(node: Node, now: float) -> Row:
    when: Row = ((Ink.MUTED, f"  {days.whole_time(node.created_at, now)}"),)
    match node.message.role:
        case Role.USER:
            return ((Ink.USER, "you"), *when)
        case Role.ASSISTANT:
            model = node.answer.answering_model if node.answer else ""
            return ((Ink.ASSISTANT, sanitize_line(model, 80).rpartition("/")[2] or "answer"), *when)
        case Role.TOOL:
            return ((Ink.TOOL, "result"), *when)
        case Role.SYSTEM:
            return ((Ink.MUTED, "system"), *when)


def message_rows(message: Message, words: Sequence[str], width: int) -> list[Row]:
    """A message's parts, one below the other."""
    return [row for part in message.parts for row in _part_rows(part, words, width)]


def _part_rows(part: Part, words: Sequence[str], width: int) -> list[Row]:
    match part:
        case Text(text) | Refusal(text):
            return text_rows(unmarked(text), words, width)
        case Reasoning(text):
            return text_rows(f"{Mark.FOLDED.drawn} thought: {text}", words, width, Ink.MUTED)
        case ToolCall(_, name, arguments):
            return text_rows(f"{Mark.CALL.drawn} {sanitize_line(name, 80)}  {arguments}", words, width)
        case ToolResult(_, name, content):
            return text_rows(f"{Mark.CONTINUED.drawn} {sanitize_line(name, 80)}  {content}", words, width)
        case File(name, text):
            return [
                cut(((Ink.USER, "+ "), *marked(sanitize_line(name), words)), width),
                *text_rows(text, words, width, Ink.MUTED),
            ]
        case Source(url, title):
            return text_rows(f"source: {sanitize_line(title)} {url}", words, width, Ink.MUTED)
        case Image() | Media() | Foreign():
            return [cut(((Ink.MUTED, f"{Mark.PART.drawn} "), *marked(sanitize_line(title_of(part)), words)), width)]


def text_rows(text: str, words: Sequence[str], width: int, ink: Ink = Ink.TEXT) -> list[Row]:
    """A text with its words marked, wrapped; of a very long one a part with the first hit in it."""
    if len(text) > READ_CHARS:
        spans = found_words(text, words)
        start = max(0, spans[0].start - BEFORE_CHARS) if spans else 0
        text = ("…" if start else "") + text[start : start + READ_CHARS] + "…"
    rows: list[Row] = []
    for line in sanitize(text).strip("\n").replace("\t", TAB).split("\n"):
        indent = line[: min(len(line) - len(line.lstrip(" ")), max(0, width // 2))]
        wrap = wrapped(line, width - len(indent), ink)
        rows += [((ink, indent), *marked(row[0][1], words, ink)) for row in wrap] or [()]
    return rows


def exchange_rows(preview: Preview, width: int) -> list[Row]:
    """The last that was said on each side of a conversation."""
    rows: list[Row] = []
    for ink, name, text in ((Ink.USER, "you", preview.question), (Ink.ASSISTANT, "answer", preview.answer)):
        if text.strip():
            rows += [*([()] if rows else []), ((ink, name),), *text_rows(unmarked(text), (), width)]
    return rows
