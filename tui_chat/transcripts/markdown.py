"""A conversation as a Markdown document: what was said, by whom, when, how it ended and what it cost. Between messages
that are far apart in time stands the day that begins, or how much later it is.

Words of the model and of the person stand as they are, for they are Markdown already; what could swallow the rest of
the document (a code block that was cut) is closed. Everything else from outside stands in code, or escaped.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import assert_never

import msgspec
from markdown_it import MarkdownIt

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.ending import OUTCOME_TITLES, node_ending
from tui_chat.core.media import facts_of, title_of
from tui_chat.core.parts import (
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
from tui_chat.core.timestamps import exact_time, gap_words
from tui_chat.core.tree import Conversation, Node, spending
from tui_chat.core.usage import Cost, CostSource

_COMMONMARK = MarkdownIt("commonmark").disable(["inline", "text_join"])
_RAW_HTML = re.compile(r"^ {0,3}<[!?a-z]", re.MULTILINE | re.IGNORECASE)
_FENCE_LINES = re.compile(r"^.*(?:```|~~~).*$", re.MULTILINE)
_OPENING = re.compile(r"(`{3,}|~{3,})[^`~]*")
_PROBE = "# end"
_ADDRESS = re.compile(r"https?://[!#-;=?-~]{1,2000}")
"""An address that can stand between angle brackets."""
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_SPEAKERS = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}


class MarkdownOptions(msgspec.Struct, frozen=True):
    """What the document shall hold."""

    reasoning: bool = True
    tools: bool = True
    usage: bool = True
    times: bool = True
    zone: tzinfo | None = None
    """The time zone in which times are written; None for the system's."""


EVERYTHING = MarkdownOptions()


def to_markdown(conversation: Conversation, path: Sequence[Node], *, options: MarkdownOptions = EVERYTHING) -> str:
    """The document, with a newline at its end. The same values give the same bytes."""
    blocks = list(_heading(conversation, path, options))
    for above, node in zip([None, *path], path, strict=False):
        if options.times and above and (gap := gap_words(above.created_at, node.created_at, zone=options.zone)):
            blocks += ["---", f"*{gap}*"]
        blocks += _message(node, options)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _heading(conversation: Conversation, path: Sequence[Node], options: MarkdownOptions) -> Iterator[str]:
    yield f"# {_escaped(conversation.title) or 'Conversation'}"
    facts = []
    if options.times:
        facts.append(exact_time(conversation.created_at, options.zone))
    total = spending(path)
    if options.usage and total.answers:
        facts.append(f"{total.answers} answer{'' if total.answers == 1 else 's'}")
        facts.append(figures.total_cost(total))
    yield " · ".join(facts)
    if conversation.system:
        yield "## System"
        yield _closed(sanitize(conversation.system))


def _message(node: Node, options: MarkdownOptions) -> Iterator[str]:
    heading = [_SPEAKERS[node.message.role]]
    if node.answer:
        heading.append(_code(node.answer.answering_model))
    if options.times:
        heading.append(exact_time(node.created_at, options.zone))
    yield "## " + " · ".join(heading)
    for part in node.message.parts:
        if not isinstance(part, Source):
            yield _part(part, options)
    if sources := node.message.sources:
        yield "**Sources**"
        yield "\n".join(_part(source, options) for source in sources)
    if node.answer:
        yield _ending(node, node.answer)
        if options.usage:
            yield _usage(node.answer)


def _part(part: Part, options: MarkdownOptions) -> str:
    match part:
        case Text(text):
            return _closed(sanitize(text)).strip("\n")
        case Reasoning(text, duration_s):
            if not options.reasoning:
                return ""
            took = "" if duration_s is None else f" · {figures.seconds(duration_s)}"
            return _quoted(f"**Reasoning**{took}\n\n{sanitize(text).strip()}")
        case Refusal(text):
            return _quoted(f"**Refused**\n\n{sanitize(text).strip()}")
        case ToolCall(id_, name, arguments):
            return (
                f"**Tool call** {_code(name)} · {_code(id_)}\n\n{_fenced(arguments, 'json')}" if options.tools else ""
            )
        case ToolResult(call_id, name, content, is_error):
            kind = "Tool error" if is_error else "Tool result"
            return f"**{kind}** {_code(name)} · {_code(call_id)}\n\n{_fenced(content)}" if options.tools else ""
        case Image() | Media() | Foreign():
            kind = "Image" if isinstance(part, Image) else title_of(part)
            return f"**{_escaped(kind)}** {' · '.join(_code(fact) for fact in facts_of(part)) or figures.UNKNOWN}"
        case Source(url, title, number):
            return f"- {_source(url, title, number)}"
        case File(name, text):
            return f"**File** {_code(name)}\n\n{_fenced(text)}"
        case _:
            assert_never(part)


def _source(url: str, title: str, number: int | None) -> str:
    called = "" if number is None else f"\\[{number}\\] "
    if not url:
        return f"{called}{_escaped(title)}"
    address = f"<{url}>" if _ADDRESS.fullmatch(url) else _code(url)
    return f"{called}{_escaped(title)} · {address}" if title else f"{called}{address}"


def _ending(node: Node, info: AnswerInfo) -> str:
    """What is to be said of an answer that did not simply stop; empty of one that did."""
    if info.outcome is None:
        return "*The answer is still being written.*"
    if info.failure is not None:
        return f"*{OUTCOME_TITLES[info.outcome]}: {_escaped(info.failure.message)}*"
    ending = node_ending(node)
    return f"*{_escaped(ending.words)}*" if ending else ""


def _usage(info: AnswerInfo) -> str:
    facts = []
    counts = info.counts
    if counts is not None:
        facts += [
            f"{count:,} {what}"
            for count, what in (
                (counts.prompt_tokens, "tokens in"),
                (counts.cached_tokens or None, "of them cached"),
                (counts.completion_tokens, "tokens out"),
                (counts.reasoning_tokens or None, "of reasoning" if counts.reasons_beside else "of them reasoning"),
                (counts.total, "together"),
            )
            if count is not None
        ]
    if info.cost is not None:
        facts.append(_exact(info.cost))
    if info.timing.first_token_s is not None:
        facts.append(f"first token after {figures.seconds(info.timing.first_token_s)}")
    if info.timing.total_s is not None:
        facts.append(f"{figures.seconds(info.timing.total_s)} in all")
    if info.retries:
        facts.append(figures.retries(info.retries))
    return f"*{' · '.join(facts)}*" if facts else ""


def _exact(cost: Cost) -> str:
    """All digits that were billed; a tilde before an estimate."""
    tilde = "\\~" if cost.source is CostSource.ESTIMATE else ""
    return tilde + figures.exact_dollars(cost.usd)


def _escaped(text: str) -> str:
    """A line of text that Markdown takes for nothing but text."""
    return _MARKS.sub(r"\\\1", sanitize_line(text))


def _code(text: str) -> str:
    """A line of code, delimited by more backticks than it has in a row."""
    line = sanitize_line(text, 400)
    if not line:
        return figures.UNKNOWN
    ticks = "`" * (_longest_run(line, "`") + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _fenced(text: str, language: str = "") -> str:
    """A code block whose fence is longer than any in it."""
    body = sanitize(text)
    fence = "`" * max(3, _longest_run(body, "`") + 1)
    return f"{fence}{language}\n{body}{'' if body.endswith(chr(10)) or not body else chr(10)}{fence}"


def _longest_run(text: str, mark: str) -> int:
    return max((len(run) for run in re.findall(re.escape(mark) + "+", text)), default=0)


def _quoted(text: str) -> str:
    """A quotation, which ends whatever was left open inside it."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _closed(text: str) -> str:
    """The text, so that it does not swallow what follows it: a code block left open is closed.

    What is open in another way (an HTML comment without an end) is no words to be read, and becomes a code block.
    """
    if _is_plainly_closed(text):
        return text
    tokens = _COMMONMARK.parse(f"{text}\n\n{_PROBE}")
    if tokens[-1].type == "heading_close":
        return text
    closed = f"{text.rstrip()}\n{tokens[-1].markup}"
    if _COMMONMARK.parse(f"{closed}\n\n{_PROBE}")[-1].type == "heading_close":
        return closed
    return _fenced(text)


def _is_plainly_closed(text: str) -> bool:
    """Whether a look at the lines is enough to know that nothing stays open: nearly always, and it costs little."""
    if _RAW_HTML.search(text):
        return False
    fence = ""
    for line in _FENCE_LINES.findall(text):
        if fence:
            if line.rstrip() != fence:
                return False
            fence = ""
        else:
            opening = _OPENING.fullmatch(line)
            if not opening:
                return False
            fence = opening[1]
    return not fence
