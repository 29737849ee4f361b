"""Open WebUI's export: an array of chats (or one), each with `chat.history.messages` by id and `currentId`.

A message has `id`, `parentId`, `role`, `content`, `timestamp`, of an answer `model`, `done`, `usage` or `info`,
`error`, `sources`, and in newer versions `output`: items as OpenAI's Responses API has them (`message`, `reasoning`,
`function_call`, `function_call_output`). Older chats have a flat list `messages`. Facts: exports of 2024 to 2026 and
what the program's own front end reads.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.media import bytes_of, type_of_bytes
from tui_chat.core.parts import File, Foreign, Image, Part, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.importers.details import parts_in
from tui_chat.transcripts.importers.drafts import MUTED, Draft, built, finished, one_text
from tui_chat.transcripts.importers.foreign import (
    Object,
    counts_of,
    first_text,
    list_of,
    object_of,
    objects_in,
    text_of,
    time_of,
    written,
)
from tui_chat.transcripts.importers.found import NAMED_PICTURES, PARAMETERS, Transcript

_ROLES: Final = {role.value: role for role in Role}


def is_open_webui(value: object) -> bool:
    """Whether this is one of its chats."""
    if not isinstance(value, dict):
        return False
    chat = value["chat"] if isinstance(value.get("chat"), dict) else value
    if isinstance(object_of(chat.get("history")).get("messages"), dict):
        return True
    has_messages = any("role" in one and "content" in one for one in objects_in(chat.get("messages")))
    return has_messages and (chat is not value or "title" in value)


def read_chat(value: Object) -> Transcript:
    """One chat of the export.

    Raises:
        TranscriptError: it is too large.
    """
    chat = object_of(value.get("chat")) or value
    reading = _Reading()
    history = object_of(chat.get("history"))
    messages = object_of(history.get("messages"))
    drafts: dict[str, Draft] = {}
    if messages:
        for key, message in messages.items():
            reading.add(drafts, key, object_of(message), text_of(object_of(message).get("parentId")) or None)
        head = text_of(history.get("currentId")) or None
    else:
        head = None
        for number, message in enumerate(objects_in(chat.get("messages"))):
            key = text_of(message.get("id")) or f"m{number}"
            reading.add(drafts, key, message, head)
            head = key
    params = object_of(chat.get("params"))
    reading.left_out[PARAMETERS] += any(params.get(name) is not None for name in params if name != "system")
    times = (value.get("created_at"), chat.get("timestamp"), value.get("updated_at"))
    models = [text for model in list_of(chat.get("models")) if (text := text_of(model))]
    seed = Conversation(
        first_text(value.get("id"), chat.get("id")),
        next((at for each in times if (at := time_of(each)) is not None), 0.0),
        first_text(value.get("title"), chat.get("title")),
        reading.model or (models[0] if models else ""),
        first_text(params.get("system"), chat.get("system")),
    )
    conversation, nodes = built(seed, drafts, head)
    return Transcript(conversation, nodes, +reading.left_out)


class _Reading:
    """What is known of one chat while its messages are read."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.model = ""
        """The model that answered last."""

    def add(self, drafts: dict[str, Draft], key: str, message: Object, parent: str | None) -> None:
        """Add a message; an answer with results in it becomes one before them, the results, and the rest."""
        role = _ROLES.get(text_of(message.get("role")), Role.ASSISTANT)
        at = time_of(message.get("timestamp"))
        parts = [*self._files(message), *_said(role, message), *_sources(message)]
        if role is not Role.ASSISTANT:
            if role is Role.TOOL:
                parts = [ToolResult("", text_of(message.get("name")), "".join(_texts(parts)))]
            drafts[key] = Draft(
                role, parent, one_text(parts), at, marks=MUTED if role is Role.SYSTEM else Draft().marks
            )
            return
        facts = _facts(message)
        self.model = facts.requested_model or self.model
        steps = list(_steps(parts))
        for number, step in enumerate(steps[:-1]):
            is_result = isinstance(step[0], ToolResult)
            own = f"{key}:{number}"
            middle = finished(facts.requested_model)
            drafts[own] = Draft(Role.TOOL if is_result else role, parent, step, at, None if is_result else middle)
            parent = own
        last = steps[-1] if steps else ()
        if not last and facts.failure is not None:
            last = (Text(""),)
        drafts[key] = Draft(role, parent, last, at, facts)

    def _files(self, message: Object) -> Iterator[Part]:
        for file in objects_in(message.get("files")):
            inner = object_of(file.get("file"))
            name = first_text(file.get("name"), inner.get("filename"), object_of(inner.get("meta")).get("name"))
            url = first_text(file.get("url"))
            content = first_text(object_of(inner.get("data")).get("content"), file.get("content"))
            if _is_picture(url) and (url.startswith("data:") or file.get("type") == "image"):
                yield Image(url, name)
            elif content:
                yield File(name or "file", content)
            else:
                self.left_out[NAMED_PICTURES] += 1
                named = {"type": file.get("type"), "name": name, "url": "" if url.startswith("data:") else url}
                yield Foreign(text_of(file.get("type")) or "file", written(named))


def _said(role: Role, message: Object) -> list[Part]:
    """The words, thoughts and calls of a message."""
    if role is Role.ASSISTANT and (parts := list(_output(message.get("output")))):
        return parts
    content = message.get("content")
    parts = []
    if thoughts := first_text(message.get("reasoning_content"), message.get("reasoning")):
        parts.append(Reasoning(thoughts))
    if isinstance(content, list):
        for item in objects_in(content):
            url = first_text(object_of(item.get("image_url")).get("url"))
            parts += [Image(url)] if _is_picture(url) else [Text(text) for text in [text_of(item.get("text"))] if text]
        return parts
    text = text_of(content)
    if role is Role.ASSISTANT:
        return [*parts, *parts_in(text)]
    return [*parts, Text(text)] if text else parts


def _output(output: object) -> Iterator[Part]:
    """The parts in `output`, where an answer has that."""
    for item in objects_in(output):
        match item.get("type"):
            case "message":
                yield from (Text(text) for text in [_text_in(item.get("content"))] if text)
            case "reasoning":
                thoughts = _text_in(item.get("content")) or _text_in(item.get("summary"))
                yield from (Reasoning(text) for text in [thoughts] if text)
            case "function_call":
                arguments = item.get("arguments")
                said = text_of(arguments) if isinstance(arguments, str) else written(arguments or {})
                id_ = first_text(item.get("call_id"), item.get("id"))
                yield ToolCall(id_, text_of(item.get("name")) or "tool", said or "{}")
            case "function_call_output":
                yield ToolResult(text_of(item.get("call_id")), "", _text_in(item.get("output")))
            case kind:
                yield Foreign(text_of(kind) or "unknown", written(item))


def _text_in(content: object) -> str:
    """The words of a content, which is a text or a list of parts."""
    if isinstance(content, str):
        return text_of(content)
    return "\n".join(text for part in objects_in(content) if (text := text_of(part.get("text"))))


def _texts(parts: Iterable[Part]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Text)]


def _steps(parts: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """The parts of an answer cut where results begin and end; the last step holds no result."""
    step: list[Part] = []
    for part in parts:
        if step and isinstance(part, ToolResult) != isinstance(step[-1], ToolResult):
            yield one_text(step)
            step = []
        step.append(part)
    if step:
        yield one_text(step)
    if step and isinstance(step[-1], ToolResult):
        yield ()


def _is_picture(url: str) -> bool:
    if url.startswith("data:image/"):
        return type_of_bytes((bytes_of(Image(url[:2_000])) or b"")[:32]).startswith("image/")
    return url.startswith("https://")


def _sources(message: Object) -> Iterator[Part]:
    """Pages and documents that an answer names."""
    found: dict[tuple[str, str], None] = {}
    for source in (*objects_in(message.get("sources")), *objects_in(message.get("citations"))):
        named = object_of(source.get("source"))
        address = first_text(named.get("url"), *(one.get("source") for one in objects_in(source.get("metadata"))))
        url = address if address.startswith(("https://", "http://")) else ""
        found[url, first_text(named.get("name"), named.get("id")) or ("" if url else address)] = None
    return (Source(url, title) for url, title in found if url or title)


def _facts(message: Object) -> AnswerInfo:
    usage = object_of(message.get("usage")) or object_of(message.get("info"))
    counts = counts_of(
        usage.get("prompt_tokens", usage.get("prompt_eval_count")),
        usage.get("completion_tokens", usage.get("eval_count")),
        usage.get("total_tokens"),
    )
    facts = finished(first_text(message.get("model"), message.get("modelName")), counts=counts)
    error = message.get("error")
    if error not in (None, False):
        words = first_text(error, object_of(error).get("content"), object_of(error).get("message")) or "It failed."
        return replace(facts, outcome=Outcome.ERROR, failure=Failure(ErrorKind.GATEWAY, words, ""))
    return replace(facts, outcome=Outcome.TRUNCATED) if message.get("done") is False else facts
