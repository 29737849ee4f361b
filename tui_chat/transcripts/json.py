"""A conversation as one JSON document that loses nothing: `tui-chat/1`.

```
{"format": "tui-chat/1",
 "conversation": {"id", "created_at", "title", "model", "system", "head_id", "is_named",
                  "sampling": {"temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed",
                               "frequency_penalty", "presence_penalty", "reasoning_effort", "extra"},
                  "preset", "preset_tools": null or names, "tool_switches": [{"name", "is_off", "at"}]},
 "labels": [names], "archived": true or false,
 "path": [node ids from the first message to the one that was being read],
 "nodes": [{"id", "parent_id", "created_at",
            "message": {"role", "parts": [{"type": "text" | "reasoning" | "refusal" | "tool_call" | "tool_result" |
                                                   "image" | "file" | "media" | "source" | "foreign", …}]},
            "answer": null or {"requested_model", "model", "response_id", "outcome", "finish_reason", "failure",
                               "counts", "cost": {"usd", "source"}, "usage_raw", "timing", "retries",
                               "provider_data", "message_data", "gateway", "left_out", "entry_id",
                               "sampling": null or as above},
            "marks": {"is_muted", "is_deleted", "is_pinned", "is_bookmarked", "labels", "edited_id",
                      "continues": null or {"of_id", "how": "prefill" | "asked"},
                      "summary": null or {"tail_id", "messages", "before_tokens", "after_tokens"}}}]}
```

Times are seconds since the epoch, UTC. `usd` is an exact decimal in a string. `arguments` is what was received, as
text; `fragments` says when it came: `[seconds since the request, characters]` each. `usage_raw` and the values of
`provider_data` and `message_data` are JSON texts as the gateway sent them; `left_out` names fields that were not sent.
`is_named`: the person gave the title. `sampling` is what answers are, or one was, asked for with, and `preset` the name
of the preset in use, `preset_tools` the tools that it leaves on (null: all); `extra` has further fields: names, and
JSON texts. `tool_switches` are tools that the person has switched in this conversation, and when; one of a server is
`server.tool`, and `is_off` null leaves it to the preset. `marks` says how a message stands: seen and not sent, neither
seen nor sent (deleted), always sent, bookmarked, labelled, changed by the person out of the answer `edited_id`; the
answer `of_id` that it goes on with; or that it is sent as a summary for the messages before it but for those from
`tail_id` on. What has its default is left out of `sampling` and `marks`. `entry_id`: in a copy, the original's entry in
the ledger. null is unknown, never zero. Nodes beside the path are variants and other branches, and those that are
deleted. Characters that a terminal would obey are written as escapes, which mean the same.

A reader ignores fields that it does not know; one that loses or changes a meaning makes the format `tui-chat/2`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.settings.base_url import shown_base_url

FORMAT = "tui-chat/1"

_HARMFUL = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\U000e0000-\U000e007f]")


class Document(msgspec.Struct, frozen=True):
    """The whole of an export."""

    format: str
    conversation: Conversation
    nodes: tuple[Node, ...]
    path: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    archived: bool = False

    @property
    def filed(self) -> Filed:
        """Where it stood among the others."""
        return Filed(self.labels, self.archived)


def to_json(conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> str:
    """The document, indented, with a newline at its end. The same values give the same bytes.

    Raises:
        OverflowError: a count has more than 64 bits, which no dialect lets pass.
    """
    path = path_ids(conversation, nodes)
    document = Document(FORMAT, conversation, tuple(as_written(nodes)), path, filed.labels, filed.is_archived)
    return harmless_json(msgspec.json.format(plain_json(document), indent=1)) + "\n"


def plain_json(value: object) -> str:
    """JSON text in which amounts of money are decimals without an exponent."""
    return json_text(_plain(msgspec.to_builtins(value, builtin_types=(Decimal,))))


def _plain(value: object) -> object:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case _:
            return value


def path_ids(conversation: Conversation, nodes: Sequence[Node]) -> tuple[str, ...]:
    """The messages that were being read, by their ids."""
    return tuple(node.id for node in Tree(nodes).path(conversation.head_id))


def harmless_json(text: str) -> str:
    """JSON text with every character escaped that a terminal would obey."""
    return _HARMFUL.sub(_escaped, text)


def as_written(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes as they stand in a document. One whose parent is not there begins the conversation: another program
    may have deleted what was before it."""
    known: set[str] = set()
    for node in nodes:
        is_orphan = node.parent_id is not None and node.parent_id not in known
        known.add(node.id)
        yield _without_query(msgspec.structs.replace(node, parent_id=None) if is_orphan else node)


def _without_query(node: Node) -> Node:
    """The node without the query of its gateway's base URL, which may hold a key; older answers have it."""
    if node.answer is None or not node.answer.gateway.startswith(("http://", "https://")):
        return node
    shown = shown_base_url(node.answer.gateway)
    return msgspec.structs.replace(node, answer=msgspec.structs.replace(node.answer, gateway=shown))


def _escaped(match: re.Match[str]) -> str:
    """A JSON escape; outside of strings JSON has none of these characters."""
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
