"""A conversation as plain text, to be read as it is: no markup of ours but lines under headings, and a bar before what
is no answer (thoughts, calls, files, a summary)."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from tui_chat.core import figures
from tui_chat.core.data_urls import shortened
from tui_chat.core.media import facts_of, source_words, title_of
from tui_chat.core.parts import (
    File,
    Foreign,
    Image,
    Media,
    Part,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.tree import Conversation, Node
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

_LONGEST_LINE = 2_000
_LONGEST_RULE = 72


def to_text(
    conversation: Conversation,
    path: Sequence[Node],
    others: Sequence[Branch] = (),
    *,
    options: ReadingOptions = EVERYTHING,
) -> str:
    """The document, with a newline at its end: the path, and what `others` are given beside it. The same values give
    the same bytes."""
    blocks = [_ruled(sanitize_line(conversation.title) or "Conversation", "=")]
    blocks.append(" · ".join(head_facts(conversation, path, others, options)))
    if conversation.system:
        blocks += [_ruled("System", "-"), _words(conversation.system)]
    for item in items(path, others, options):
        blocks += _item(item)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _item(item: Item) -> Iterator[str]:
    match item:
        case Gap(words):
            yield f"--- {words} ---"
        case BranchStart(words):
            yield _ruled(words, "=")
        case SummarySeam(words, text):
            yield f"--- {words} ---"
            yield _barred(_words(text))
        case Spoken():
            yield from _message(item)
        case _:
            assert_never(item)


def _message(spoken: Spoken) -> Iterator[str]:
    number = () if spoken.number is None else (str(spoken.number),)
    facts = (*number, spoken.speaker, sanitize_line(spoken.model), spoken.time)
    yield _ruled(" · ".join(fact for fact in facts if fact), "-")
    if spoken.standing:
        yield f"({sanitize_line(' · '.join(spoken.standing), _LONGEST_LINE)})"
    for part in spoken.parts:
        yield _part(part)
    if spoken.sources:
        yield "Sources:\n" + "\n".join(f"- {source_words(source)}" for source in spoken.sources)
    if spoken.closing:
        yield "\n".join(f"[{sanitize_line(line, _LONGEST_LINE)}]" for line in spoken.closing)


def _part(part: Part) -> str:
    match part:
        case Text(text):
            return _words(text)
        case Reasoning(text, duration_s):
            took = "" if duration_s is None else f" · {figures.seconds(duration_s)}"
            return f"Reasoning{took}:\n{_barred(_words(text))}"
        case Refusal(text):
            return f"Refused:\n{_barred(_words(text))}"
        case ToolCall(id_, name, arguments):
            return f"Tool call {_named(name)} · {_named(id_)}:\n{_barred(_words(arguments))}"
        case ToolResult(call_id, name, content, is_error):
            kind = "Tool error" if is_error else "Tool result"
            return f"{kind} {_named(name)} · {_named(call_id)}:\n{_barred(_words(content))}"
        case Image() | Media() | Foreign():
            kind = "Image" if isinstance(part, Image) else title_of(part)
            return f"{kind}: {' · '.join(facts_of(part)) or figures.UNKNOWN}"
        case Source():
            return f"- {source_words(part)}"
        case File(name, text):
            return f"File {_named(name)}:\n{_barred(_words(text))}"
        case _:
            assert_never(part)


def _words(text: str) -> str:
    return sanitize(shortened(text)).strip("\n")


def _named(name: str) -> str:
    return sanitize_line(name, 400) or figures.UNKNOWN


def _ruled(line: str, mark: str) -> str:
    return f"{line}\n{mark * min(len(line), _LONGEST_RULE)}"


def _barred(text: str) -> str:
    return "\n".join(f"| {line}" if line else "|" for line in text.split("\n"))
