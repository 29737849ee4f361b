"""What Open WebUI writes into the text of an answer: thoughts and calls as `<details>` blocks.

    <details type="reasoning" done="true" duration="7">
    <summary>Thought for 7 seconds</summary>
    > weighing options
    </details>

A call is `type="tool_calls"` with `id`, `name`, `arguments` and `result` as attributes, or the result inside. Blocks in
fenced code are what somebody wrote about, and stay text.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from tui_chat.core.parts import Part, Reasoning, Text, ToolCall, ToolResult

_MARK: Final = re.compile(r'^[ \t]{0,3}(?:(```|~~~)|<details type="(reasoning|tool_calls)")', re.MULTILINE)
"""What opens or closes fenced code, or opens a block."""
_ATTRIBUTE: Final = re.compile(r'([a-z_]{1,20})="([^"]*)"')
_CLOSING: Final = "</details>"
_SUMMARY_END: Final = "</summary>"


def parts_in(text: str) -> Iterator[Part]:
    """The parts of an answer in their order; a result stands right behind its call."""
    at = 0
    while (found := _next(text, at)) is not None:
        begin = text.find(">", found.end())
        end = text.find(_CLOSING, begin) if begin >= 0 else -1
        if end < 0:
            break
        yield from _words(text[at : found.start()])
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(text[found.end() : begin])}
        inside = text[begin + 1 : end]
        inside = inside.partition(_SUMMARY_END)[2] if _SUMMARY_END in inside else inside
        yield from (_reasoning if found[2] == "reasoning" else _call)(inside, attributes)
        at = end + len(_CLOSING)
    yield from _words(text[at:])


def _next(text: str, at: int) -> re.Match[str] | None:
    """The next block that stands in no fenced code."""
    is_code = False
    for mark in _MARK.finditer(text, at):
        if mark[1]:
            is_code = not is_code
        elif not is_code:
            return mark
    return None


def _words(text: str) -> Iterator[Part]:
    if text.strip():
        yield Text(text.strip("\n"))


def _reasoning(inside: str, attributes: dict[str, str]) -> Iterator[Part]:
    lines = (line.removeprefix(">").removeprefix(" ") for line in unescape(inside).strip("\n").split("\n"))
    text = "\n".join(lines).strip("\n")
    duration = attributes.get("duration", "")
    if text:
        yield Reasoning(text, float(duration) if re.fullmatch(r"\d{1,7}(?:\.\d{1,9})?", duration) else None)


def _call(inside: str, attributes: dict[str, str]) -> Iterator[Part]:
    id_, name = attributes.get("id", ""), attributes.get("name", "") or "tool"
    yield ToolCall(id_, name, attributes.get("arguments", "") or "{}")
    result = attributes.get("result", "") or inside.strip()
    if result or attributes.get("done") == "true":
        yield ToolResult(id_, name, result)
