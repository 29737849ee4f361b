"""JSON of values of ours."""

import msgspec
import pytest

from tui_chat.core.jsonvalue import json_bytes, parse_json
from tui_chat.core.parts import Fragment, Part, Reasoning, Text, ToolCall


@pytest.mark.parametrize(
    "part",
    [
        Text('漢\n"é' * 100_000),
        Reasoning("🐎" * 300_000, 1.5),
        ToolCall("1", "n", "é\\" * 200_000, (Fragment(0.1, 3),), False, (("a", "b"),)),
    ],
)
def test_a_large_text_of_other_letters_becomes_the_same_json_as_a_small_one(part: Part) -> None:
    assert json_bytes(part) == msgspec.json.encode(part)


def test_halves_of_pairs_are_replaced_in_a_large_text_too() -> None:
    data = json_bytes(Text("é\ud83d" + "é" * 300_000))

    assert msgspec.json.decode(data, type=Text) == Text("é\ufffd" + "é" * 300_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1e999]", "1e999 is too large a number"),
        ("-Infinity", "-Infinity is no JSON"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_could_not_be_written_again_is_no_json(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_json(text)
    assert parse_json('{"n": 1e300}') == {"n": 1e300}
