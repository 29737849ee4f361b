"""What is kept of an answer that was stopped, cut or killed: what is whole, as it came, and no thought that is not."""

import json

import pytest

from tests.gateways.simulated import Plan
from tests.gateways.travelling import Traveller, plans_of
from tests.providers.streams import DONE, END, chunk, reply_to, text
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import Message, Role
from tui_chat.core.reply import fold
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import MessageData, StreamEvent
from tui_chat.core.tree import Node
from tui_chat.providers.message_data import without_unsigned
from tui_chat.providers.openai_decoder import OpenAIChatDecoder
from tui_chat.store.journal import grown

HALF = chunk({"thinking_blocks": [{"type": "thinking", "thinking": "Let me ", "signature": None}]})
SIGNED = chunk({"thinking_blocks": [{"type": "thinking", "thinking": "see.", "signature": "s=="}]})
WHOLE = {"type": "thinking", "thinking": "Let me see.", "signature": "s=="}
UNSIGNED = chunk({"reasoning_details": [{"type": "reasoning.text", "text": "hm", "index": 0}]})


def so_far(*pieces: bytes) -> list[StreamEvent]:
    """What is said before anything ended."""
    decoder = OpenAIChatDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


def test_a_thought_is_kept_as_soon_as_it_is_signed() -> None:
    assert "thinking_blocks" not in fold(so_far(HALF)).message_data
    assert json.loads(fold(so_far(HALF, SIGNED)).message_data["thinking_blocks"]) == [WHOLE]


def test_a_thought_without_a_signature_is_whole_once_the_answer_goes_on() -> None:
    assert "reasoning_details" not in fold(so_far(UNSIGNED)).message_data
    assert json.loads(fold(so_far(UNSIGNED, text("So"))).message_data["reasoning_details"])[0]["text"] == "hm"


@pytest.mark.parametrize("end", [b"", chunk({}, error={"message": "overloaded"}), b'data: {"error": "x"}\n\n'])
def test_a_thought_in_which_the_answer_broke_off_is_not_kept(end: bytes) -> None:
    assert "thinking_blocks" not in reply_to(HALF + end).message_data
    both = reply_to(SIGNED + HALF + end).message_data["thinking_blocks"]
    assert [block["signature"] for block in json.loads(both)] == ["s=="]


def test_an_answer_that_ended_keeps_all_of_it() -> None:
    assert json.loads(reply_to(UNSIGNED + END).message_data["reasoning_details"])[0]["text"] == "hm"


def test_a_killed_program_finds_it_in_the_journal() -> None:
    draft = Node("n", None, 0.0, Message(Role.ASSISTANT, ()), AnswerInfo(requested_model="m"))
    node = grown(draft, [TimedEvent(0.1, event) for event in so_far(HALF, SIGNED, text("So"))])

    assert node.answer is not None
    assert json.loads(node.answer.message_data["thinking_blocks"]) == [WHOLE]


async def test_a_stopped_answer_goes_back_with_its_signed_thought() -> None:
    stopped = Plan(thinks=True, ending="hangs", cut_at=4)
    traveller = Traveller(plans_of([Plan(), stopped, Plan()]), Sampling())
    for deed in ("say", "other gateway", "say", "say"):
        await traveller.do(deed, 1)
    traveller.check()
    await traveller.close()

    (bodies,) = [gateway.bodies for gateway in traveller.gateways.values() if "litellm" in gateway.house.base_url]
    (partial,) = [message for message in bodies[-1]["messages"] if message.get("content") == "So it is, "]
    assert partial["thinking_blocks"][0]["signature"] == "sig2"


def test_a_thought_that_has_to_be_signed_and_is_not_goes_nowhere() -> None:
    signed, plain = json.dumps(WHOLE), '{"type":"reasoning.text","text":"hm","format":"unknown"}'
    cut = '{"type":"reasoning.text","text":"hm","signature":"","format":"anthropic-claude-v1"}'

    assert without_unsigned(f'[{signed}, {{"type":"thinking","thinking":"Let"}}]') == f"[{signed}]"
    assert without_unsigned(f"[{plain},{cut}]") == f"[{plain}]"
    assert without_unsigned(f"[{cut}]") == ""
    for whole in (f"[{signed},  {plain}]", '"no list"', "[1]"):
        assert without_unsigned(whole) == whole


def data_of(*pieces: bytes) -> list[MessageData]:
    return [event for event in so_far(*pieces) if isinstance(event, MessageData)]


def test_many_thoughts_do_not_make_it_slow() -> None:
    pieces = [chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": f"{n:0500d}"}]}) for n in range(800)]
    said = sum(len(event.json) for event in data_of(*pieces))

    assert said < 6 * sum(map(len, pieces))
    assert len(json.loads(fold(so_far(*pieces, text("x"), END)).message_data["reasoning_details"])) > 100


def test_what_grows_too_large_is_not_kept_by_half() -> None:
    pieces = [
        chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": f"{n}" * 900_000}]}) for n in range(6)
    ]

    assert reply_to_once(*pieces, text("x"), END, DONE)["reasoning_details"] == "[]"
    assert without_unsigned("[]") == ""


def reply_to_once(*pieces: bytes) -> dict[str, str]:
    decoder = OpenAIChatDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return fold([*events, *decoder.finish()]).message_data
