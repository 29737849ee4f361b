"""ChatGPT's export: `conversations.json`, or `conversations-000.json` and so on, each an array of conversations.

A conversation is a `mapping` of nodes (`id`, `parent`, `children`, `message` or null) and the `current_node`; nobody
promises the form, so every field may be missing or something else. Facts: exports of 2023 to 2026 as public readers
of them describe them. Content types: `text` and `multimodal_text` (`parts`), `code`, `execution_output`, `system_error`
(`text`), `thoughts` (`thoughts` of `summary` and `content`), `reasoning_recap` (`content`), `tether_quote` (`title`,
`url`, `text`), `tether_browsing_display` (`result`), `user_editable_context` and `model_editable_context`.
"""

from collections import Counter
from typing import Final

from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Foreign, Image, Part, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.importers.drafts import MUTED, Draft, built, fenced, finished, one_text
from tui_chat.transcripts.importers.foreign import (
    Object,
    first_text,
    list_of,
    object_of,
    objects_in,
    text_of,
    time_of,
    written,
)
from tui_chat.transcripts.importers.found import HIDDEN, NAMED_PICTURES, Pictures, Transcript

_ROLES: Final = {role.value: role for role in Role}
_CONTEXT: Final = ("user_editable_context", "model_editable_context")
_REASONING: Final = ("thoughts", "reasoning_recap")
_EVERYBODY: Final = ("", "all")


def is_chatgpt(value: object) -> bool:
    """Whether this is one of its conversations."""
    return isinstance(value, dict) and isinstance(value.get("mapping"), dict)


def read_conversation(value: Object, pictures: Pictures) -> Transcript:
    """One conversation of the export.

    Raises:
        TranscriptError: it is too large.
    """
    reading = _Reading(pictures)
    mapping = {key: object_of(node) for key, node in object_of(value.get("mapping")).items()}
    drafts = {key: reading.draft(node) for key, node in mapping.items()}
    _join_thoughts(drafts)
    seed = Conversation(
        first_text(value.get("conversation_id"), value.get("id")),
        time_of(value.get("create_time")) or time_of(value.get("update_time")) or 0.0,
        text_of(value.get("title")),
        text_of(value.get("default_model_slug")) or reading.model,
    )
    conversation, nodes = built(seed, drafts, text_of(value.get("current_node")) or None)
    return Transcript(conversation, nodes, reading.left_out)


def _join_thoughts(drafts: dict[str, Draft]) -> None:
    """Put thoughts that one answer alone follows into that answer."""
    following: dict[str, list[str]] = {}
    for key, draft in drafts.items():
        if draft.parent is not None:
            following.setdefault(draft.parent, []).append(key)
    before: dict[str, list[Part]] = {}
    """Thoughts on their way to the answer with this key."""
    for key in _from_the_first(drafts):
        draft = drafts[key]
        after = following.get(key, [])
        thoughts = before.pop(key, [])
        if _is_thought(draft) and len(after) == 1 and after[0] != key and _is_answer(drafts[after[0]]):
            thoughts += draft.parts
            before[after[0]] = thoughts
            draft.parts = ()
        elif thoughts:
            draft.parts = (*thoughts, *draft.parts)
    for key, thoughts in before.items():  # in a circle the answer came first
        drafts[key].parts = (*thoughts, *drafts[key].parts)


def _is_answer(draft: Draft) -> bool:
    return draft.role is Role.ASSISTANT and bool(draft.parts)


def _is_thought(draft: Draft) -> bool:
    return _is_answer(draft) and all(isinstance(part, Reasoning) for part in draft.parts)


def _from_the_first(drafts: dict[str, Draft]) -> list[str]:
    """Keys, each behind its parent; those of a circle anywhere."""
    order: list[str] = []
    placed: set[str] = set()
    for key in drafts:
        way: list[str] = []
        at: str | None = key
        while at is not None and at in drafts and at not in placed:
            placed.add(at)
            way.append(at)
            at = drafts[at].parent
        order.extend(reversed(way))
    return order


class _Reading:
    """What is known of one conversation while its messages are read."""

    def __init__(self, pictures: Pictures) -> None:
        self.left_out: Counter[str] = Counter()
        self.model = ""
        """The model that answered last."""
        self._pictures = pictures

    def draft(self, node: Object) -> Draft:
        """The message of a node."""
        parent = text_of(node.get("parent")) or None
        message = node.get("message")
        if not isinstance(message, dict):
            return Draft(parent=parent)
        author, content = object_of(message.get("author")), object_of(message.get("content"))
        metadata = object_of(message.get("metadata"))
        role = _ROLES.get(text_of(author.get("role")), Role.ASSISTANT)
        if metadata.get("is_visually_hidden_from_conversation") is True or content.get("content_type") in _CONTEXT:
            self.left_out[HIDDEN] += 1
            return Draft(parent=parent)
        parts = self._parts(role, content, message)
        if not any(_says_something(part) for part in parts) and role is not Role.TOOL:
            self.left_out[HIDDEN] += role is Role.SYSTEM
            return Draft(parent=parent)
        draft = Draft(role, parent, parts, time_of(message.get("create_time")))
        if role is Role.SYSTEM:
            draft.marks = MUTED
        if role is Role.ASSISTANT:
            self.model = text_of(metadata.get("model_slug")) or self.model
            draft.answer = _facts(message, metadata)
        return draft

    def _parts(self, role: Role, content: Object, message: Object) -> tuple[Part, ...]:
        recipient = text_of(message.get("recipient"))
        if role is Role.ASSISTANT and recipient not in _EVERYBODY and content.get("content_type") not in _REASONING:
            said = _plain(content)
            arguments = said if said.lstrip().startswith("{") else written({"input": said})
            return (ToolCall(text_of(message.get("id")), recipient, arguments),)
        parts = one_text((*self._attached(message), *self._content(content), *_sources(message)))
        if role is Role.TOOL:
            return _result(parts, text_of(object_of(message.get("author")).get("name")))
        return parts

    def _content(self, content: Object) -> list[Part]:
        kind = text_of(content.get("content_type"))
        match kind:
            case "thoughts":
                return _thoughts(content)
            case "reasoning_recap":
                return [Reasoning(text) for text in [_plain(content)] if text]
            case "code":
                language = text_of(content.get("language"))
                language = "" if language == "unknown" else language
                return [Text(fenced(text, language)) for text in [_plain(content)] if text]
            case "tether_quote":
                quote = Source(text_of(content.get("url")), first_text(content.get("title"), content.get("domain")))
                return [*(Text(text) for text in [text_of(content.get("text"))] if text), quote]
            case "text" | "multimodal_text" | "":
                return [part for item in list_of(content.get("parts")) for part in self._item(item)]
        text = _plain(content)
        if text:
            return [Text(text)]
        rest = {name: value for name, value in content.items() if value not in (None, "", [], {})}
        rest.pop("content_type", None)
        return [Foreign(kind, json) for json in [written(rest)] if rest and json]

    def _item(self, item: object) -> list[Part]:
        """One of the `parts` of a content."""
        if isinstance(item, str):
            return [Text(text_of(item))] if item else []
        if not isinstance(item, dict):
            return []
        kind = text_of(item.get("content_type")) or text_of(item.get("type")) or "unknown"
        if kind in ("text", "audio_transcription"):
            return [Text(text) for text in [text_of(item.get("text"))] if text]
        if kind == "image_asset_pointer":
            return [self._picture(text_of(item.get("asset_pointer")), kind, item)]
        if text := first_text(item.get("text"), item.get("result")):
            return [Text(text)]
        self.left_out[NAMED_PICTURES] += 1
        return [Foreign(kind, written(item))]

    def _picture(self, pointer: str, kind: str, item: Object, name: str = "") -> Part:
        url = self._pictures(_asset(pointer))
        if url is not None:
            return Image(url, name)
        self.left_out[NAMED_PICTURES] += 1
        return Foreign(kind, written(item))

    def _attached(self, message: Object) -> list[Part]:
        """Files that went along; pictures are among the parts as well."""
        attached = objects_in(object_of(message.get("metadata")).get("attachments"))
        parts = objects_in(object_of(message.get("content")).get("parts"))
        shown = {_asset(text_of(item.get("asset_pointer"))) for item in parts}
        return [
            self._picture(text_of(item.get("id")), "attachment", item, text_of(item.get("name")))
            for item in attached
            if not text_of(item.get("id")) or text_of(item.get("id")) not in shown
        ]


def _asset(pointer: str) -> str:
    """What the file of a picture is called, as far as the conversation knows."""
    return pointer.rpartition("/")[2].partition("#")[0]


def _plain(content: Object) -> str:
    """The words of a content that has them in one field."""
    said = first_text(content.get("text"), content.get("content"), content.get("result"))
    return said or "\n".join(text for item in list_of(content.get("parts")) if (text := text_of(item)))


def _thoughts(content: Object) -> list[Part]:
    thoughts = [
        "\n\n".join(text for text in (text_of(one.get("summary")), text_of(one.get("content"))) if text)
        for one in objects_in(content.get("thoughts"))
    ]
    text = "\n\n".join(thought for thought in thoughts if thought) or _plain(content)
    return [Reasoning(text)] if text else []


def _sources(message: Object) -> list[Part]:
    """Pages that an answer names."""
    metadata = object_of(message.get("metadata"))
    named = [object_of(one.get("metadata")) for one in objects_in(metadata.get("citations"))]
    named += [one for one in objects_in(metadata.get("content_references")) if one.get("type") == "webpage"]
    found = dict.fromkeys((text_of(one.get("url")), text_of(one.get("title"))) for one in named)
    return [Source(url, title) for url, title in found if url.startswith(("https://", "http://"))]


def _result(parts: tuple[Part, ...], name: str) -> tuple[Part, ...]:
    """What a tool gave: its words are the result, and what came beside them stays beside it."""
    said = "\n".join(part.text for part in parts if isinstance(part, Text))
    return (ToolResult("", name, said), *(part for part in parts if not isinstance(part, Text)))


def _says_something(part: Part) -> bool:
    return bool(part.text.strip()) if isinstance(part, Text | Reasoning) else True


def _facts(message: Object, metadata: Object) -> AnswerInfo:
    reason = text_of(object_of(metadata.get("finish_details")).get("type")) or None
    facts = finished(text_of(metadata.get("model_slug")), finish_reason=reason)
    content = object_of(message.get("content"))
    if content.get("content_type") == "system_error":
        failure = Failure(ErrorKind.GATEWAY, first_text(content.get("text"), content.get("name")), "")
        return replace(facts, outcome=Outcome.ERROR, failure=failure)
    is_cut = text_of(message.get("status")) == "in_progress" or reason in ("interrupted", "max_tokens")
    return replace(facts, outcome=Outcome.TRUNCATED) if is_cut else facts
