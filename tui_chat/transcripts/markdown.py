"""A conversation as a Markdown document: what was said, by whom, when, how it ended and what it cost. Between messages
that are far apart in time stands the day that begins, or how much later it is.

Words of the model and of the person stand as they are, for they are Markdown already; what could swallow the rest of
the document (a code block that was cut) is closed. Everything else from outside stands in code, or escaped.
"""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from markdown_it import MarkdownIt

from tui_chat.core import figures
from tui_chat.core.media import facts_of, title_of
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

_COMMONMARK = MarkdownIt("commonmark").disable(["inline", "text_join"])
_RAW_HTML = re.compile(r"^ {0,3}<[!?a-z]", re.MULTILINE | re.IGNORECASE)
_FENCE_LINES = re.compile(r"^.*(?:```|~~~).*$", re.MULTILINE)
_OPENING = re.compile(r"(`{3,}|~{3,})[^`~]*")
_PROBE = "# end"
_ADDRESS = re.compile(r"https?://[!#-;=?-~]{1,2000}")
"""An address that can stand between angle brackets."""
_MARKS = re.compile(r"([\\`*_\[\]<>#|&]|(?<=\S)~|~(?![$\d]))")
"""What Markdown may take for more than text. A tilde before an estimate strikes nothing out: it can only begin that."""
_LONGEST_LINE = 2_000


def to_markdown(
    conversation: Conversation,
    path: Sequence[Node],
    others: Sequence[Branch] = (),
    *,
    options: ReadingOptions = EVERYTHING,
) -> str:
    """The document, with a newline at its end: the path, and what `others` are given beside it. The same values give
    the same bytes."""
    blocks = [f"# {_escaped(conversation.title) or 'Conversation'}"]
    blocks.append(" · ".join(head_facts(conversation, path, others, options)))
    if conversation.system:
        blocks += ["## System", _closed(sanitize(conversation.system))]
    for item in items(path, others, options):
        blocks += _item(item)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _item(item: Item) -> Iterator[str]:
    match item:
        case Gap(words):
            yield "---"
            yield f"*{_escaped(words)}*"
        case BranchStart(words):
            yield "---"
            yield f"# {_escaped(words)}"
        case SummarySeam(words, text):
            yield "---"
            yield _quoted(f"**{_escaped(words)}**\n\n{sanitize(text).strip()}")
            yield "---"
        case Spoken():
            yield from _message(item)
        case _:
            assert_never(item)


def _message(spoken: Spoken) -> Iterator[str]:
    number = () if spoken.number is None else (str(spoken.number),)
    model = (_code(spoken.model),) if spoken.model else ()
    time = (spoken.time,) if spoken.time else ()
    yield "## " + " · ".join((*number, spoken.speaker, *model, *time))
    if spoken.standing:
        yield f"*{_escaped(' · '.join(spoken.standing), _LONGEST_LINE)}*"
    for part in spoken.parts:
        yield _part(part)
    if spoken.sources:
        yield "**Sources**"
        yield "\n".join(_part(source) for source in spoken.sources)
    for line in spoken.closing:
        yield f"*{_escaped(line, _LONGEST_LINE)}*"


def _part(part: Part) -> str:
    match part:
        case Text(text):
            return _closed(sanitize(text)).strip("\n")
        case Reasoning(text, duration_s):
            took = "" if duration_s is None else f" · {figures.seconds(duration_s)}"
            return _quoted(f"**Reasoning**{took}\n\n{sanitize(text).strip()}")
        case Refusal(text):
            return _quoted(f"**Refused**\n\n{sanitize(text).strip()}")
        case ToolCall(id_, name, arguments):
            return f"**Tool call** {_code(name)} · {_code(id_)}\n\n{_fenced(arguments, 'json')}"
        case ToolResult(call_id, name, content, is_error):
            kind = "Tool error" if is_error else "Tool result"
            return f"**{kind}** {_code(name)} · {_code(call_id)}\n\n{_fenced(content)}"
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


def _escaped(text: str, limit: int = 200) -> str:
    """A line of text that Markdown takes for nothing but text."""
    return _MARKS.sub(r"\\\1", sanitize_line(text, limit))


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
