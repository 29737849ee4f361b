"""Hides, in every text of a conversation that goes out, what nobody else shall see: the keys in use, whatever looks
like a key or a password, and what the person's own patterns find. A mark stands in its place, and what was hidden is
told by kind, count and message, never by its letters.

It works on the values, before they have a form, so every form hides the same. What is joined by an id stays so.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

import msgspec

from tui_chat.core.filed import Filed
from tui_chat.core.media import bytes_of, media_type_of
from tui_chat.core.parts import Image, Media, Part, Text, ToolCall
from tui_chat.core.redact import HIDDEN, KEY_SHAPED, Secrets
from tui_chat.core.tree import Conversation, Node

HIDDEN_BY_PATTERN: Final = "[hidden]"
_IN_USE: Final = "a key in use"
_SHAPES: Final[Mapping[str, str]] = {
    "what looks like a key": KEY_SHAPED.pattern,
    "what looks like an access token": (
        r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}\b|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}"
        r"|xox[abeprs]-[A-Za-z0-9-]{10,}|ya29\.[\w-]{16,}|r8_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{16,}"
        r"|(?:pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|SG\.[\w-]{16,}\.[\w-]{16,}|dop_v1_[a-f0-9]{32,})"
    ),
    "a private key": (r"(?s:-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}-----|\Z))"),
    "a password in an address": (r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,200}:(?P<token>[^\s/@]{1,200})@"),
    "what is called a password or a key": (
        r"(?i:\b\w{0,40}(?:password|passwd|secret|api[_-]?key|(?:access|auth)[_-]?(?:token|key))[\"']?\s{0,9}[:=]\s{0,9})"
        r"[\"']?(?P<token>(?=[^\s\"']{0,200}\d)[^\s\"'`,;()\[\]{}<>]{8,200})"
        r"|(?i:\bauthorization[\"']?\s{0,9}[:=]\s{0,9}[\"']?basic\s{1,9})(?P<basic>[A-Za-z0-9+/]{8,}={0,2})"
    ),
}
"""What else is hidden, and what it is called; of an expression with a named group that group. Compiled where it is
asked for, which is seldom."""
_IDS: Final = frozenset({"id", "parent_id", "head_id", "of_id", "edited_id", "tail_id", "call_id", "entry_id"})
_JSON: Final = frozenset({"arguments", "usage_raw", "json", "provider_data", "message_data", "extra"})
"""Fields that hold JSON text, or pairs of names and such."""
_MAY_BE_BROKEN: Final = frozenset({"arguments"})
"""The one that need not be JSON."""
_READ_BACK: Final = 4096
"""Characters of the text before that may hold the beginning of a secret."""
_TEXT_TYPES: Final = re.compile(r"text/|application/(?:json|xml|x-|octet-stream)")

ValueT = TypeVar("ValueT")


class Finding(msgspec.Struct, frozen=True):
    """Something that was hidden."""

    kind: str
    message: int
    """Number of the message in what goes out, from 1; 0 for the conversation as a whole."""
    count: int


class Redactor(msgspec.Struct, frozen=True):
    """What is hidden."""

    secrets: Secrets = Secrets()
    patterns: tuple[str, ...] = ()
    """The person's own, of which each compiles."""


def redacted(
    redactor: Redactor, conversation: Conversation, nodes: Sequence[Node]
) -> tuple[Conversation, tuple[Node, ...], tuple[Finding, ...]]:
    """The conversation and these messages without what is hidden, and what that was."""
    return _Hiding(redactor).run(conversation, nodes)


def redacted_labels(redactor: Redactor, filed: Filed) -> tuple[Filed, tuple[Finding, ...]]:
    """The labels without what is hidden, and what that was."""
    return _Hiding(redactor).run_labels(filed)


def findings_words(findings: Iterable[Finding]) -> list[str]:
    """What was hidden, a line for each kind."""
    counts: dict[str, int] = {}
    places: dict[str, dict[int, None]] = {}
    for finding in findings:
        counts[finding.kind] = counts.get(finding.kind, 0) + finding.count
        places.setdefault(finding.kind, {})[finding.message] = None
    return [f"Hidden {count} × {kind}, in {_where(list(places[kind]))}." for kind, count in counts.items()]


def _where(numbers: list[int], most: int = 12) -> str:
    messages = [str(number) for number in numbers if number]
    more = f" and {len(messages) - most} more" if len(messages) > most else ""
    named = f"message{'' if len(messages) == 1 else 's'} {', '.join(messages[:most])}{more}" if messages else ""
    return " and in ".join(filter(None, ("the title, labels or system prompt" if 0 in numbers else "", named)))


class _Hiding:
    """One pass over a conversation."""

    def __init__(self, redactor: Redactor) -> None:
        self._secrets = redactor.secrets
        self._rules = [(kind, HIDDEN, re.compile(pattern)) for kind, pattern in _SHAPES.items()]
        for number, pattern in enumerate(redactor.patterns, 1):
            self._rules.append((f"your pattern {number}", HIDDEN_BY_PATTERN, re.compile(pattern)))
        self._counts: dict[tuple[str, int], int] = {}
        self._message = 0
        self._aliases: dict[str, str] = {}
        self._said: dict[str, str] = {}
        """What each message said last, which those that go on with it may complete."""

    def run(
        self, conversation: Conversation, nodes: Sequence[Node]
    ) -> tuple[Conversation, tuple[Node, ...], tuple[Finding, ...]]:
        conversation = self._clean(conversation)
        clean: list[Node] = []
        for self._message, node in enumerate(nodes, 1):
            clean.append(self._node(node))
        return conversation, tuple(clean), self._findings()

    def run_labels(self, filed: Filed) -> tuple[Filed, tuple[Finding, ...]]:
        return self._clean(filed), self._findings()

    def _findings(self) -> tuple[Finding, ...]:
        findings = sorted((message, kind, count) for (kind, message), count in self._counts.items())
        return tuple(Finding(kind, message, count) for message, kind, count in findings)

    def _node(self, node: Node) -> Node:
        goes_on = node.marks.continues
        before = self._said.get(goes_on.of_id, "") if goes_on else ""
        parts: list[Part] = []
        for part in node.message.parts:
            if isinstance(part, Text):
                parts.append(Text(self._text(part.text, before)))
                before = (before + part.text)[-_READ_BACK:]
            else:
                parts.append(self._clean(part))
        self._said[node.id] = before
        message = msgspec.structs.replace(node.message, parts=())
        return msgspec.structs.replace(
            self._clean(msgspec.structs.replace(node, message=message)),
            message=msgspec.structs.replace(message, parts=tuple(parts)),
        )

    def _clean(self, value: ValueT, field: str = "") -> ValueT:
        """The value, and all that is in it, without what is hidden; the very same where nothing is."""
        clean: Any = value
        match value:
            case Enum():
                pass
            case str():
                clean = self._string(value, field)
            case tuple():
                clean = tuple(self._clean(item, field) for item in value)
            case dict():
                clean = {self._clean(name): self._clean(item, field) for name, item in value.items()}
            case msgspec.Struct():
                clean = self._struct(value)
        result: ValueT = clean
        return result

    def _struct(self, value: msgspec.Struct) -> msgspec.Struct:
        if isinstance(value, Image | Media) and value.url.startswith("data:") and self._is_hidden_in(value):
            value = msgspec.structs.replace(value, url=f"data:text/plain,{HIDDEN}")
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: new for name, old in fields.items() if (new := self._clean(old, name)) != old}
        if isinstance(value, ToolCall) and "arguments" in changed:
            changed["fragments"] = ()
        return msgspec.structs.replace(value, **changed) if changed else value

    def _string(self, text: str, field: str) -> str:
        if field in _IDS:
            return self._alias(text)
        return self._json(text, field) if field in _JSON else self._text(text)

    def _alias(self, id_: str) -> str:
        """An id that gives nothing away; the same each time."""
        if id_ in self._aliases:
            return self._aliases[id_]
        spans = self._spans(id_)
        self._count(spans)
        self._aliases[id_] = f"hidden-{len(self._aliases) + 1}" if spans else id_
        return self._aliases[id_]

    def _json(self, text: str, field: str) -> str:
        """JSON text, also where letters of what is hidden are escaped, and of whatever else it is."""
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return self._text(text)
        clean = self._clean_json(value)
        if clean != value:
            text = json.dumps(clean, ensure_ascii=False)
        masked = self._text(text)
        if masked == text or field in _MAY_BE_BROKEN:
            return masked
        try:
            json.loads(masked, strict=False)
        except (ValueError, RecursionError):
            return json.dumps(HIDDEN)
        return masked

    def _clean_json(self, value: object) -> object:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._clean_json(item) for item in value]
        if isinstance(value, dict):
            return {self._text(name): self._clean_json(item) for name, item in value.items()}
        return value

    def _is_hidden_in(self, part: Image | Media) -> bool:
        """Whether there is something to hide in a text that came as bytes."""
        if not _TEXT_TYPES.match(media_type_of(part) or "text/"):
            return False
        spans = self._spans((bytes_of(part) or b"").decode("utf-8", "replace"))
        self._count(spans)
        return bool(spans)

    def _text(self, text: str, before: str = "") -> str:
        """The text; `before` stands before it without a break."""
        if not text:
            return text
        shift = len(before)
        spans = [
            (max(0, start - shift), end - shift, kind, mark) for start, end, kind, mark in self._spans(before + text)
        ]
        spans = [span for span in spans if span[1] > 0]
        self._count(spans)
        pieces: list[str] = []
        at = 0
        for start, end, _, mark in spans:
            pieces += (text[at:start], mark)
            at = end
        return "".join((*pieces, text[at:]))

    def _spans(self, text: str) -> list[tuple[int, int, str, str]]:
        """What is hidden, in order: begin, end, kind, mark. What overlaps is one, of the first kind that it is."""
        found = [(start, end, order, _IN_USE, HIDDEN) for order, (start, end) in enumerate(self._secrets.spans(text))]
        for order, (kind, mark, pattern) in enumerate(self._rules, len(found)):
            for match in pattern.finditer(text):
                group = next((name for name, value in match.groupdict().items() if value and mark == HIDDEN), 0)
                start, end = match.span(group)
                if start < end:
                    found.append((start, end, order, kind, mark))
        found.sort()
        merged: list[tuple[int, int, int, str, str]] = []
        for start, end, order, kind, mark in found:
            if merged and start < merged[-1][1]:
                last = merged.pop()
                _, first_kind, first_mark = min((last[2:], (order, kind, mark)))
                merged.append((last[0], max(end, last[1]), min(order, last[2]), first_kind, first_mark))
            else:
                merged.append((start, end, order, kind, mark))
        return [(start, end, kind, mark) for start, end, _, kind, mark in merged]

    def _count(self, spans: Iterable[tuple[int, int, str, str]]) -> None:
        for _, _, kind, _ in spans:
            key = (kind, self._message)
            self._counts[key] = self._counts.get(key, 0) + 1
