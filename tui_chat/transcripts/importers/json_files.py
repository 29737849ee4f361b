"""Tells by its content which program wrote a JSON file, and reads the conversations in it."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.core.errors import TranscriptError
from tui_chat.core.filed import Filed
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tool_switch import merged
from tui_chat.transcripts.importers.chatgpt import is_chatgpt, read_conversation
from tui_chat.transcripts.importers.foreign import decoded, elements, first_text, object_of, reason_of
from tui_chat.transcripts.importers.found import (
    EMPTY,
    LABELS,
    PARAMETERS,
    Found,
    Pictures,
    Transcript,
    Unreadable,
)
from tui_chat.transcripts.importers.open_webui import is_open_webui, read_chat
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.json import Document
from tui_chat.transcripts.jsonl import from_jsonl, is_jsonl
from tui_chat.transcripts.soundness import refused, sound_labels, with_sound_labels

_OWN: Final = re.compile(rb'\s*\{\s*"format"\s*:\s*"tui-chat/')
_LATEST: Final = 1e10
"""Seconds since the epoch, for times of a stranger's file: behind every one comes another."""
_MARKS: Final = (b'"mapping"', b'"history"', b'"messages"')
"""What other programs' conversations have one of."""


def read_json(data: bytes, pictures: Pictures) -> Found:
    """The conversations in the bytes of a JSON file.

    Raises:
        TranscriptError: it holds none that can be read; the message says what is wrong.
    """
    start = memoryview(data)[len(BOM_UTF8) :] if data.startswith(BOM_UTF8) else memoryview(data)
    if bytes(start[:200]).lstrip()[:1] == b"[":
        return _read_array(start, pictures)
    if is_jsonl(data):
        return Found(1, iter([own(from_jsonl(data))]))
    if not _OWN.match(start[:200]) and any(mark in data for mark in _MARKS):
        value = decoded(start)
        if _is_known(value):
            return Found(1, iter([_taken(value, pictures)]))
    return Found(1, iter([own(from_json(data))]))


def own(document: Document) -> Transcript:
    """A conversation of a form of ours, without what would act on what is asked next."""
    conversation, left_out = document.conversation, {}
    has_preset = bool(
        conversation.preset or conversation.preset_sampling.given or conversation.preset_tools is not None
    )
    if acting := len(conversation.sampling.extra) + has_preset:
        left_out[PARAMETERS] = acting
        conversation = replace(
            conversation,
            sampling=replace(conversation.sampling, extra=()),
            preset="",
            preset_sampling=Sampling(),
            preset_tools=None,
        )
    switches = (replace(each, at=min(each.at, _LATEST)) for each in conversation.tool_switches)
    conversation = replace(conversation, tool_switches=merged(switches))
    nodes, dropped = with_sound_labels(document.nodes)
    labels, dropped_too = sound_labels(document.labels)
    if dropped := dropped + dropped_too:
        left_out[LABELS] = dropped
    return Transcript(conversation, nodes, left_out, Filed(labels, document.archived))


def _read_array(data: memoryview, pictures: Pictures) -> Found:
    found, is_torn = elements(data)
    if not found:
        raise refused("it breaks off before the first conversation" if is_torn else "it holds no conversation")
    first = decoded(memoryview(found[0])) if isinstance(found[0], msgspec.Raw) else found[0]
    if len(found) == 1 and not _is_known(first):
        raise refused("what it holds is no conversation of a known program")
    return Found(len(found), _each(found, is_torn, pictures))


def _each(found: list[msgspec.Raw | object], is_torn: bool, pictures: Pictures) -> Iterator[Transcript | Unreadable]:
    for at, element in enumerate(found):
        try:
            value = decoded(memoryview(element)) if isinstance(element, msgspec.Raw) else element
        except TranscriptError as error:
            yield Unreadable(f"Conversation {at + 1} of the file: {reason_of(error)}")
            continue
        yield _taken(value, pictures, at + 1)
        found[at] = None
    if is_torn:
        yield Unreadable(f"The file breaks off behind conversation {len(found)}; the rest of it is lost.")


def _is_known(value: object) -> bool:
    return is_chatgpt(value) or is_open_webui(value)


def _taken(value: object, pictures: Pictures, number: int = 1) -> Transcript | Unreadable:
    """One conversation, or why it cannot be taken."""
    fields = object_of(value)
    title = sanitize_line(first_text(fields.get("title"), fields.get("id")), 60) or f"number {number}"
    try:
        if is_chatgpt(value):
            taken = read_conversation(fields, pictures)
        elif is_open_webui(value):
            taken = read_chat(fields)
        else:
            return Unreadable(f"Conversation {number} of the file is of no known program.")
    except TranscriptError as error:
        return Unreadable(f"The conversation “{title}”: {reason_of(error)}")
    return taken if taken.nodes else Transcript(taken.conversation, (), {EMPTY: 1})
