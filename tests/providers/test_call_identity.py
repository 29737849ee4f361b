# ruff: noqa: E501  # streams read best in one line
"""Which call a fragment belongs to, in the shapes of real gateways."""

import pytest

from tests.providers.streams import DONE, END_CALLS, arguments, call, calls, chunk, reply_to, text
from tui_chat.core.stream_events import Outcome

A, B = ("a", "f", '{"x":1}'), ("b", "g", '{"y":2}')
A_START, A_REST = call('{"x"', index=0, id="a", name="f"), call(":1}", index=0)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            calls(A_START)
            + calls(A_REST)
            + calls(call('{"y":', index=1, id="b", name="g"))
            + calls(call("2}", index=1)),
            [A, B],
            id="textbook",
        ),
        pytest.param(
            calls(A_START, call('{"y":', index=1, id="b", name="g")) + calls(call("2}", index=1), A_REST),
            [A, B],
            id="interleaved",
        ),
        pytest.param(
            calls(call('{"x":1}', index=1, id="a", name="f"), call('{"y":2}', index=2, id="b", name="g")),
            [A, B],
            id="counted from 1",
        ),
        pytest.param(
            calls(call('{"x":1}', index=0, id="a", name="f")) + calls(call('{"y":2}', index=0, id="b", name="g")),
            [A, B],
            id="index 0 for all",
        ),
        pytest.param(
            calls(call('{"x":1}', index=0, id="a", name="f"), call('{"y":2}', index=0, id="b", name="g")),
            [A, B],
            id="index 0 for all in one chunk",
        ),
        pytest.param(
            calls(call('{"x":1}', id="a", name="f"), call('{"y":2}', id="b", name="g")), [A, B], id="no index, whole"
        ),
        pytest.param(
            calls(call('{"x"', id="a", name="f")) + calls(call(":1}")) + calls(call('{"y":2}', id="b", name="g")),
            [A, B],
            id="no index, in fragments",
        ),
        pytest.param(
            calls(call('{"x"', id="a", name="f")) + calls(call(":1}", id="a", name="")), [A], id="the id on each piece"
        ),
        pytest.param(
            calls(call('{"x"', index=0, id="a", name="f")) + calls(call(":1}", index=0, id="zz")),
            [A],
            id="a new id without a name changes nothing",
        ),
        pytest.param(
            calls(call('{"x"', index=0, id="a", name="f")) + calls(call(":1}", index=0, id="a", name="f")),
            [A],
            id="id and name on each piece",
        ),
        pytest.param(
            calls(call('{"x"', index=0, id="", name="")) + calls(call(":1}", index=0, id="a", name="f")), [A], id="late"
        ),
        pytest.param(calls(call(None, index=0, id="a", name="f")), [("a", "f", "{}")], id="no arguments"),
        pytest.param(calls(call({"x": 1}, index=0, id="a", name="f")), [("a", "f", '{"x": 1}')], id="an object"),
        pytest.param(
            calls(call('{"x":1}', index=0, id="a", name="f"), call('{"y":2}', index=1, id="a", name="g")),
            [A, ("call_1", "g", '{"y":2}')],
            id="an id used twice is replaced",
        ),
        pytest.param(
            calls(call('{"x":1}', index=0, id="", name="f")) + calls(call('{"y":2}', index=0, id="", name="g")),
            [("call_0", "f", '{"x":1}'), ("call_1", "g", '{"y":2}')],
            id="no ids, one index, whole objects",
        ),
        pytest.param(
            chunk({"function_call": {"name": "f", "arguments": '{"x"'}})
            + chunk({"function_call": {"arguments": ":1}"}}),
            [("call_0", "f", '{"x":1}')],
            id="the legacy field alone",
        ),
        pytest.param(
            chunk({"tool_calls": [A_START], "function_call": {"name": "f", "arguments": '{"x"'}})
            + chunk({"tool_calls": [A_REST], "function_call": {"name": "f", "arguments": ":1}"}}),
            [A],
            id="the legacy field beside the new one",
        ),
        pytest.param(
            chunk({"tool_calls": None, "content": None}) + chunk({"tool_calls": []}) + calls(A_START) + calls(A_REST),
            [A],
            id="null and empty lists",
        ),
        pytest.param(
            calls(call('{"x"', index=0, id="a", name="f"), None, {"index": 0}) + calls({"index": "0", **call(":1}")}),
            [A],
            id="an index as a string, a fragment that is null",
        ),
    ],
)
def test_fragments_find_their_call(body: bytes, expected: list[tuple[str, str, str]]) -> None:
    assert arguments(reply_to(body + END_CALLS)) == expected


def test_large_numbers_of_an_object_keep_their_digits() -> None:
    body = b'data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":{"n":12345678901234567890.10}}}]}}]}\n\n'

    assert arguments(reply_to(body + END_CALLS))[0][2] == '{"n":12345678901234567890.10}'


@pytest.mark.parametrize("end", [b"", chunk(finish="length") + DONE, chunk(finish="content_filter")])
def test_a_whole_looking_call_of_a_bad_end_must_not_run(end: bytes) -> None:
    reply = reply_to(text("a") + calls(call('{"x":1}', index=0, id="a", name="f")) + end)

    assert reply.tool_calls == ()
    assert [seen.arguments for seen in reply.partial_tool_calls] == ['{"x":1}']


def test_half_a_surrogate_pair_in_arguments_waits_for_the_other() -> None:
    pieces = (rb"{\"x\":\"\ud83d", rb"\udc0e\"}")
    body = b"".join(
        b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"%s"}}]}}]}\n\n'
        % piece
        for piece in pieces
    )

    reply = reply_to(body + END_CALLS)

    assert reply.outcome is Outcome.COMPLETE
    assert arguments(reply)[0][2] == '{"x":"\U0001f40e"}'
