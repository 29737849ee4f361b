"""The wire's door: no event behind it holds a secret in any of its forms, and nothing else is changed."""

import base64
import json
import string
from itertools import pairwise
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.event_mask import EventMask
from tui_chat.core.parts import Foreign, Image, Source
from tui_chat.core.redact import HIDDEN, Secrets
from tui_chat.core.reply import Reply, fold
from tui_chat.core.secret_forms import RUN
from tui_chat.core.stream_events import (
    AudioDelta,
    Connected,
    FieldLeftOut,
    Heartbeat,
    MessageData,
    Outcome,
    PartReceived,
    ProviderData,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    SecretHidden,
    SourceFound,
    Started,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.usage import TokenCounts

SECRET = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF"
KEY = f"sk-proj-{SECRET}"
ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
DONE = Stopped(Outcome.COMPLETE, "stop")

LETTERS = string.ascii_letters + string.digits + "-_.+/="
KEYS = st.builds(
    lambda public, chance, length: public + "".join(Random(chance).choices(LETTERS, k=length)),
    st.sampled_from(["", "sk-proj-", "sk-ant-api03-", "sr_"]),
    st.integers(0, 10_000),
    st.integers(20, 60),
)
"""Keys as they are made: by chance."""


def mask_of(*keys: str) -> EventMask:
    secrets = Secrets(keys)
    return EventMask(lambda: secrets)


def passed(events: list[StreamEvent], key: str = KEY) -> list[StreamEvent]:
    mask = mask_of(key)
    return [masked for event in events for masked in mask.feed(event)]


def runs(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(len(text) - length + 1)]


def secret_part(key: str) -> str:
    for prefix in ("sk-proj-", "sk-ant-api03-", "sr_"):
        if key.startswith(prefix):
            return key.removeprefix(prefix)
    return key


def assert_hidden(shown: str, key: str) -> None:
    """Nothing of `shown` is a run of the key, as it is or encoded."""
    secret = secret_part(key)
    coded = "".join(f"%{ord(letter):02X}" for letter in secret)
    assert not [run for run in runs(secret, RUN) if run in shown]
    assert coded not in shown.upper()
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(b"x" * before + secret.encode()).decode()[4:-4]
            assert inner not in shown


def forms(key: str) -> list[str]:
    secret = secret_part(key)
    return [
        key,
        secret,
        secret[: len(secret) // 2 + 4],
        secret[3:],
        *(encode(lead + key.encode()).decode() for lead in (b"", b"u:", b"Bearer ")
          for encode in (base64.b64encode, base64.urlsafe_b64encode)),
        quote(key, safe=""),
        "".join(f"%{ord(letter):02x}" for letter in key),
        "".join(f"%{ord(letter):02X}" for letter in key),
        "".join(f"\\u{ord(letter):04x}" for letter in key),
    ]  # fmt: skip


def texts_of(reply: Reply) -> list[str]:
    calls = [text for call in reply.seen_calls for text in (call.id, call.name, call.arguments)]
    return [reply.text, reply.reasoning, reply.refusal or "", *calls]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_form_of_any_key_passes_wherever_it_is_cut(data: st.DataObject) -> None:
    key = data.draw(KEYS)
    told = data.draw(st.sampled_from(forms(key)))
    before, behind = (data.draw(st.text(max_size=30)) for _ in range(2))
    text = f"{before} {told} {behind}"
    cuts = sorted(data.draw(st.lists(st.integers(1, len(text)), max_size=12)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    events: list[StreamEvent] = []
    for piece in pieces:
        is_thought = data.draw(st.sampled_from([False, False, False, True]))
        spoken = ReasoningDelta(piece) if is_thought else TextDelta(piece)
        events += [spoken, ToolCallDelta(0, "id", "f", piece), RefusalDelta(piece)]

    reply = fold(passed([*events, DONE], key))

    for shown in texts_of(reply):
        assert_hidden(shown, key)


@settings(max_examples=60, deadline=None)
@given(KEYS, st.text(max_size=80), st.lists(st.integers(1, 80), max_size=6))
def test_a_text_without_the_key_is_not_changed_by_a_letter(key: str, text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]

    assert fold(passed([*map(TextDelta, pieces), DONE], key)).text == text


ABOUT_KEYS = [
    "An OpenAI key begins with sk-proj- and is kept in OPENAI_API_KEY, as in sk-proj-1234567890abcdefghijklmnop.",
    "Anthropic's begin with sk-ant-api03-, SolRouter's with sr_live_0123456789abcdef0123456789abcdef.",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "base64: aGVsbG8gd29ybGQsIHRoaXMgaXMgYW4gZXhhbXBsZQ== and a UUID: 123e4567-e89b-12d3-a456-426614174000",
    "Percent-encoded, `sr_a b` is %73%72%5F%61%20%62; as JSON it is \\u0073\\u0072\\u005f.",
    f"The first letters of yours are {KEY[:18]} and the last {KEY[-8:]}.",
]


@pytest.mark.parametrize("text", ABOUT_KEYS)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_answer_about_keys_stays_as_it_is(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    assert passed([*map(TextDelta, pieces), DONE])[-1] == DONE
    assert fold(passed([*map(TextDelta, pieces), DONE])).text == text


def test_what_cannot_be_the_beginning_of_a_key_is_not_held_back() -> None:
    mask = mask_of(KEY)

    assert [mask.feed(TextDelta(word)) for word in ("The ", "key ", "is s")] == [
        [TextDelta("The ")], [TextDelta("key ")], [TextDelta("is s")],
    ]  # fmt: skip


def test_what_may_be_the_beginning_of_a_key_waits_for_the_piece_that_decides() -> None:
    mask = mask_of(KEY)

    assert mask.feed(TextDelta(f"It is {SECRET[:8]}")) == [TextDelta("It is ")]
    assert mask.feed(TextDelta("!")) == [TextDelta(f"{SECRET[:8]}!")]


def test_what_waits_comes_before_what_stands_behind_it() -> None:
    events = passed([TextDelta(SECRET[:8]), ReasoningDelta("hm"), Heartbeat(), TextDelta("x"), DONE])

    assert events == [TextDelta(SECRET[:8]), ReasoningDelta("hm"), Heartbeat(), TextDelta("x"), DONE]


def test_one_echo_leaves_one_mark() -> None:
    pieces = [f"Your key: {KEY[:20]}", KEY[20:30], f"{KEY[30:]}. Bye"]

    assert fold(passed([*map(TextDelta, pieces), DONE])).text == f"Your key: sk-proj-{HIDDEN}. Bye"


def test_that_a_secret_came_back_is_said_once() -> None:
    events = passed([Connected(), TextDelta(KEY), TextDelta(f" {KEY}"), ReasoningDelta(KEY), DONE])

    assert [event for event in events if isinstance(event, SecretHidden)] == [SecretHidden()]


@pytest.mark.parametrize("place", ["id", "name", "arguments", "kind"])
def test_a_call_in_which_something_was_hidden_is_not_to_be_acted_on(place: str) -> None:
    told = {"id": "call_1", "name": "f", "arguments": '{"a": 1}', "kind": "", place: f'{{"key": "{KEY}"}}'}
    call = ToolCallDelta(0, told["id"], told["name"], told["arguments"], told["kind"])

    reply = fold(passed([call, ToolCallDelta(1, "call_2", "g", "{}"), Stopped(Outcome.COMPLETE, "tool_calls")]))

    assert KEY not in repr(reply)
    if place == "id":
        assert [call.id for call in reply.tool_calls] == ["call_0", "call_2"]
    else:
        assert [call.name for call in reply.tool_calls] == ["g"]
        assert "key" in reply.partial_tool_calls[0].flaw.lower() or place == "kind"


@pytest.mark.parametrize(
    "event",
    [
        Started(KEY, f"model {KEY}"),
        UsageReported(TokenCounts(), None, json.dumps({"prompt_tokens": 1, "who": KEY})),
        UsageReported(TokenCounts(), None, f'{{"who": "{ESCAPED}"}}'),
        ProviderData("provider", json.dumps(KEY)),
        ProviderData(KEY, "1"),
        PartReceived(Image(f"https://x.invalid/?k={KEY}")),
        PartReceived(Foreign("odd", json.dumps({"k": [KEY]}))),
        SourceFound(Source(f"https://x.invalid/{KEY}", KEY)),
        MessageData("reasoning_details", json.dumps([{"signature": KEY}])),
        MessageData("extra_content", json.dumps({"google": KEY}), 0),
        AudioDelta(base64.b64encode(KEY.encode()).decode()),
        FieldLeftOut("seed", f"no such field, {KEY}"),
        RetryScheduled(1, 0.5, Failure(ErrorKind.GATEWAY, KEY, KEY, type=KEY, code=KEY, param=KEY)),
        Stopped(Outcome.ERROR, KEY, Failure(ErrorKind.GATEWAY, f"Bearer {KEY}", "Ask again.", param=KEY)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_no_kind_of_event_brings_the_key_along(event: StreamEvent) -> None:
    shown = repr(passed([ToolCallDelta(0, "c", "f", "{}"), event, DONE]))

    assert SECRET not in shown
    assert base64.b64encode(KEY.encode()).decode()[12:-4] not in shown


def test_signed_data_that_holds_the_key_is_dropped_whole_and_said() -> None:
    events = passed([MessageData("reasoning_details", json.dumps([{"signature": KEY}])), DONE])

    assert events == [SecretHidden("reasoning_details"), DONE]


def test_text_that_turns_out_to_be_thought_is_counted_as_it_was_handed_out() -> None:
    events = passed([TextDelta(f"a {KEY} b"), Reclassified(len(f"a {KEY} b")), TextDelta("c"), DONE])

    shown = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert Reclassified(len(shown) - 1) in events


def test_a_short_key_is_hidden_in_errors_alone() -> None:
    failure = Failure(ErrorKind.AUTHENTICATION, "No such key: hunter2hunter2", "Mend it.")

    events = passed([TextDelta("hunter2hunter2"), Stopped(Outcome.ERROR, None, failure)], "hunter2hunter2")

    assert events[0] == TextDelta("hunter2hunter2")
    assert isinstance(events[1], Stopped)
    assert events[1].failure is not None
    assert "hunter2" not in events[1].failure.message


def test_several_secrets_are_hidden_side_by_side() -> None:
    other = "Zz9yX8wV7uT6sR5qP4oN3mL2kJ1h"
    mask = mask_of(KEY, other)

    shown = repr([mask.feed(TextDelta(f"{KEY} and {other}.")), mask.feed(DONE)])

    assert SECRET not in shown
    assert other not in shown


def test_secrets_are_not_shown_by_what_holds_them() -> None:
    secrets = Secrets([KEY])

    assert SECRET not in repr(secrets) + repr(secrets.forms)


def test_a_secret_that_becomes_known_when_the_request_goes_is_hidden_from_then_on() -> None:
    known = [Secrets()]
    mask = EventMask(lambda: known[-1])
    assert mask.feed(Connected()) == [Connected()]
    known.append(Secrets([KEY]))

    assert SECRET not in repr([mask.feed(TextDelta(KEY)), mask.feed(DONE)])
