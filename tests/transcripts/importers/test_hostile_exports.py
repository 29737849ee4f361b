"""Whatever stands in any place of an export: it is read, or refused in words, and what is read can be saved."""

import contextlib
import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transcripts.importers.exports import chatgpt, open_webui
from tests.transcripts.test_json import json_values
from tui_chat.core.errors import TranscriptError
from tui_chat.transcripts.importers.foreign import Object
from tui_chat.transcripts.importers.found import Transcript
from tui_chat.transcripts.importers.json_files import read_json
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.soundness import check


def take(data: bytes) -> None:
    """Read, and save in our own form what was read."""
    found: list[object] = []
    with contextlib.suppress(TranscriptError):
        found += read_json(data, lambda _: None).transcripts
    for one in found:
        if isinstance(one, Transcript):
            check(one.conversation, one.nodes)
            read = from_json(to_json(one.conversation, one.nodes, one.filed).encode())
            assert (read.conversation, read.nodes, read.filed) == (one.conversation, one.nodes, one.filed)


EXPORTS = pytest.mark.parametrize("export", [chatgpt(), open_webui()], ids=["chatgpt", "open-webui"])
SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@EXPORTS
@SLOWLY
@given(st.data())
def test_any_value_in_any_place_is_read_or_refused(export: Object, data: st.DataObject) -> None:
    document = copy.deepcopy(export)
    for _ in range(data.draw(st.integers(1, 3))):
        put_somewhere(document, data)
    take(json.dumps([document]).encode())


def put_somewhere(document: object, data: st.DataObject) -> None:
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        assert isinstance(place, dict | list)
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 4)) == 0:
            place[key] = data.draw(json_values)
            return
        place = inner


@EXPORTS
@SLOWLY
@given(st.data())
def test_a_file_that_breaks_off_anywhere_is_read_or_refused(export: Object, data: st.DataObject) -> None:
    text = json.dumps([export, export]).encode()
    take(text[: data.draw(st.integers(0, len(text)))])


@EXPORTS
@SLOWLY
@given(st.data())
def test_a_file_with_a_byte_changed_is_read_or_refused(export: Object, data: st.DataObject) -> None:
    text = bytearray(json.dumps([export]).encode())
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    take(bytes(text))
