"""The `logs.db` of the program `llm`, in both of its forms.

Up to 0.3x each request is a row of `responses` in a conversation of `conversations`, with its tool calls and results,
attachments and fragments in tables beside it. Newer versions keep messages by their content (`messages`, `parts`), each
with its parent, `threads` that name the last one, and `turns` that say what was asked of which model. Columns came over
the years, so each may be missing. Facts: the migrations of llm 0.1 to 0.36. Rows come from whoever opens the file.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import TranscriptError
from tui_chat.core.media import data_url, type_of_bytes
from tui_chat.core.parts import File, Foreign, Image, Media, Part, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.tree import Conversation
from tui_chat.transcripts.importers.drafts import MUTED, Draft, built, finished, one_text
from tui_chat.transcripts.importers.foreign import (
    Object,
    counts_of,
    decoded,
    first_text,
    list_of,
    number_of,
    object_of,
    objects_in,
    text_of,
    time_of,
    written,
)
from tui_chat.transcripts.importers.found import NAMED_PICTURES, Transcript

_ROLES: Final = {role.value: role for role in Role}
_LARGEST_ATTACHMENT: Final = 16 * 1024 * 1024
_MOST_MESSAGES: Final = 200_000

Row = Mapping[str, object]


class Tables(Protocol):
    """The tables of a database, whichever of them there are."""

    def rows(self, table: str, column: str = "", value: object = None, *, columns: str = "") -> list[Row]:
        """The rows of a table in the order of writing; those with this value in this column where one is named; of
        `columns`, separated by blanks, where some are named. Empty where there is no such table or column."""
        ...


def conversation_ids(tables: Tables) -> list[str]:
    """The conversations in the file, in the order in which they were begun."""
    found = [row.get("id") for table in ("conversations", "threads") for row in tables.rows(table, columns="id")]
    found += [row.get("conversation_id") for row in tables.rows("responses", columns="conversation_id")]
    found += [row.get("thread_id") for row in tables.rows("turns", columns="thread_id")]
    return list(dict.fromkeys(id_ for id_ in found if isinstance(id_, str) and id_))


def read_conversation(tables: Tables, id_: str) -> Transcript:
    """One conversation of the file.

    Raises:
        TranscriptError: it is too large.
    """
    thread = next(iter(tables.rows("threads", "id", id_)), {})
    turns = tables.rows("turns", "thread_id", id_)
    named = next(iter(tables.rows("conversations", "id", id_)), thread)
    reading = _Threads(tables) if turns or thread.get("tip_message_hash") else _Responses(tables)
    drafts, head = reading.drafts(id_)
    seed = Conversation(
        id_,
        min((draft.created_at for draft in drafts.values() if draft.created_at is not None), default=0.0),
        first_text(thread.get("name"), named.get("name")),
        reading.model or text_of(named.get("model")),
        reading.system,
    )
    conversation, nodes = built(seed, drafts, head)
    return Transcript(conversation, nodes, reading.left_out)


class _Reading:
    """What is known of one conversation while its rows are read."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.model = ""
        """The model that answered last."""
        self.system = ""
        self.left_out: Counter[str] = Counter()

    def attachment(self, id_: object) -> Part:
        """A picture or another file, its bytes where the file of `llm` has them; what is only a path is not opened."""
        row = next(iter(self.tables.rows("attachments", "id", id_)), {})
        kind, url, content = text_of(row.get("type")), text_of(row.get("url")), row.get("content")
        if isinstance(content, bytes) and content and len(content) <= _LARGEST_ATTACHMENT:
            shown = type_of_bytes(content[:32])
            encoded = base64.b64encode(content).decode()
            if shown.startswith("image/"):
                return Image(data_url(encoded, shown))
            return Media("audio" if kind.startswith("audio/") else "file", data_url(encoded, shown or kind), "", kind)
        if url.startswith(("https://", "http://")):
            return Image(url) if kind.startswith("image/") else Media("file", url, "", kind)
        self.left_out[NAMED_PICTURES] += 1
        name = text_of(row.get("path")).replace("\\", "/").rpartition("/")[2]
        return Foreign("attachment", written({"id": text_of(id_), "type": kind, "name": name}))

    def fragment(self, id_: object) -> tuple[str, str]:
        """Where a fragment came from, and its text."""
        row = next(iter(self.tables.rows("fragments", "id", id_)), {})
        return text_of(row.get("source")), text_of(row.get("content"))

    def _facts(self, row: Row) -> AnswerInfo:
        details = _json(row.get("token_details"))
        reasoning = object_of(details.get("completion_tokens_details")).get("reasoning_tokens")
        counts = counts_of(row.get("input_tokens"), row.get("output_tokens"), None, reasoning)
        requested = text_of(row.get("model"))
        self.model = requested or self.model
        duration = number_of(row.get("duration_ms"))
        timing = Timing(total_s=duration / 1000) if duration is not None else Timing()
        facts = finished(requested, counts=counts, timing=timing)
        return replace(facts, model=text_of(row.get("resolved_model")) or facts.model)


class _Responses(_Reading):
    """The older form: each response a question and its answer."""

    def drafts(self, id_: str) -> tuple[dict[str, Draft], str | None]:
        """The messages by key, and the key of the last one."""
        drafts: dict[str, Draft] = {}
        head: str | None = None
        rows = self.tables.rows("responses", "conversation_id", id_)
        for number, row in enumerate(sorted(rows, key=lambda row: time_of(row.get("datetime_utc")) or 0.0)):
            key = text_of(row.get("id")) or f"r{number}"
            for own, draft in self._exchange(key, row):
                draft.parent = head
                drafts[own] = draft
                head = own
        return drafts, head

    def _exchange(self, key: str, row: Row) -> Iterator[tuple[str, Draft]]:
        at = time_of(row.get("datetime_utc"))
        system = "\n\n".join(
            text
            for text in (*(text for _, text in self._fragments("system_fragments", key)), text_of(row.get("system")))
            if text.strip()
        )
        if system and system != self.system:
            if self.system:
                yield f"{key}:system", Draft(Role.SYSTEM, None, (Text(system),), at, marks=MUTED)
            else:
                self.system = system
        files = tuple(File(source or "fragment", text) for source, text in self._fragments("prompt_fragments", key))
        attached = tuple(self.attachment(one.get("attachment_id")) for one in self._of("prompt_attachments", key))
        prompt = text_of(row.get("prompt"))
        if results := tuple(map(_result_of, self._of("tool_results", key))):
            yield f"{key}:results", Draft(Role.TOOL, None, results, at)
        parts: tuple[Part, ...] = (*attached, *files, *((Text(prompt),) if prompt.strip() else ()))
        if parts:
            yield f"{key}:question", Draft(Role.USER, None, parts, at)
        thoughts, said = text_of(row.get("reasoning")), text_of(row.get("response"))
        calls = tuple(_call_of(call) for call in self._of("tool_calls", key))
        answer: list[Part] = [Reasoning(thoughts)] if thoughts else []
        answer += [Text(said)] if said else []
        answer += calls
        yield key, Draft(Role.ASSISTANT, None, tuple(answer) or (Text(""),), at, self._facts(row))

    def _of(self, table: str, response_id: str) -> list[Row]:
        rows = self.tables.rows(table, "response_id", response_id)
        return sorted(rows, key=lambda row: number_of(row.get("order")) or 0.0)

    def _fragments(self, table: str, response_id: str) -> list[tuple[str, str]]:
        return [self.fragment(row.get("fragment_id")) for row in self._of(table, response_id)]


class _Threads(_Reading):
    """The newer form: a tree of messages, and turns that lead from one of them to another."""

    def drafts(self, id_: str) -> tuple[dict[str, Draft], str | None]:
        """The messages by key, and the key of the last one."""
        drafts: dict[str, Draft] = {}
        turns = self.tables.rows("turns", "thread_id", id_)
        turns.sort(key=lambda row: time_of(row.get("datetime_utc")) or 0.0)
        head: str | None = None
        for turn in turns:
            head = text_of(turn.get("tip_message_hash")) or head
            self._add_chain(drafts, text_of(turn.get("tip_message_hash")), turn)
        thread = next(iter(self.tables.rows("threads", "id", id_)), {})
        tip = text_of(thread.get("tip_message_hash"))
        self._add_chain(drafts, tip, {})
        return drafts, tip or head

    def _add_chain(self, drafts: dict[str, Draft], tip: str, turn: Row) -> None:
        """Add the messages up to a last one that are not there yet; those are the ones of this turn."""
        at = time_of(turn.get("datetime_utc"))
        hash_ = tip
        while hash_ and hash_ not in drafts:
            row = next(iter(self.tables.rows("messages", "hash", hash_)), None)
            if row is None:
                return
            if len(drafts) >= _MOST_MESSAGES:
                raise TranscriptError("it has too many messages.", "")
            draft = self._message(hash_, row, turn, at)
            drafts[hash_] = draft
            hash_ = draft.parent or ""

    def _message(self, hash_: str, row: Row, turn: Row, at: float | None) -> Draft:
        role = _ROLES.get(text_of(row.get("role")), Role.USER)
        parent = text_of(row.get("parent_hash")) or None
        rows = self.tables.rows("parts", "message_hash", hash_)
        rows.sort(key=lambda part: number_of(part.get("position")) or 0.0)
        parts = one_text([part for one in rows for part in self._parts(one)])
        if role is Role.SYSTEM:
            text = "\n\n".join(part.text for part in parts if isinstance(part, Text))
            if parent is None and self.system in ("", text):
                self.system = text
                parts = ()
            return Draft(role, parent, parts, at, marks=MUTED)
        facts = self._facts(turn) if role is Role.ASSISTANT else None
        return Draft(role, parent, parts, at, facts)

    def _parts(self, row: Row) -> Iterator[Part]:
        payload = _json(row.get("payload"))
        kind = text_of(row.get("type"))
        text = text_of(row.get("text")) or text_of(payload.get("text")) or self._referred(payload)
        match kind:
            case "text":
                yield from (Text(one) for one in [text] if one)
            case "reasoning":
                yield from (Reasoning(one) for one in [text] if one)
            case "tool_call":
                yield ToolCall(
                    text_of(payload.get("tool_call_id")),
                    first_text(payload.get("name"), row.get("tool_name")) or "tool",
                    written(object_of(payload.get("arguments"))) or "{}",
                )
            case "tool_result":
                yield _result_of({**payload, "name": first_text(payload.get("name"), row.get("tool_name"))})
                for one in objects_in(payload.get("attachments")):
                    yield self.attachment(one.get("id"))
            case "attachment":
                yield self.attachment(object_of(payload.get("attachment")).get("id"))
            case _:
                yield Foreign(kind or "unknown", written({**payload, "text": text}))

    def _referred(self, payload: Object) -> str:
        """A text that is put together from fragments."""
        return "".join(
            text_of(piece.get("literal")) or self.fragment(piece.get("fragment"))[1]
            for piece in objects_in(list_of(payload.get("text_ref")))
        )


def _call_of(row: Row) -> ToolCall:
    return ToolCall(
        text_of(row.get("tool_call_id")), text_of(row.get("name")) or "tool", text_of(row.get("arguments")) or "{}"
    )


def _result_of(row: Row) -> ToolResult:
    exception = text_of(row.get("exception"))
    output = row.get("output")
    said = text_of(output) if isinstance(output, str | None) else written(output)
    return ToolResult(text_of(row.get("tool_call_id")), text_of(row.get("name")), said or exception, bool(exception))


def _json(value: object) -> Object:
    try:
        return object_of(decoded(value.encode("utf-8", "replace"))) if isinstance(value, str) and value else {}
    except TranscriptError:
        return {}
