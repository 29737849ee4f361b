"""Files in a question: put into its words once, before any dialect sees them."""

import json

import pytest

from tui_chat.chat.history import sendable_messages
from tui_chat.core.parts import File, Role, Text, user_message
from tui_chat.core.request import Request
from tui_chat.core.tree import Node
from tui_chat.providers.openai_chat import OpenAIChat


def sent(*files: File) -> str:
    """What the gateway reads of a question with these files."""
    messages = sendable_messages((Node("q", None, 0.0, user_message("look", files)),))
    assert all(isinstance(part, Text) for message in messages for part in message.parts)
    body = json.loads(OpenAIChat().request(Request("m", tuple(messages))).body)
    (message,) = body["messages"]
    assert message["role"] == Role.USER.value
    return str(message["content"])


def test_a_file_stands_fenced_before_the_words() -> None:
    assert sent(File("a.txt", "words")) == "File `a.txt`:\n```\nwords\n```\n\nlook"


@pytest.mark.parametrize("ticks", ["```", "`````"])
def test_a_fence_inside_a_file_does_not_end_it(ticks: str) -> None:
    fence = ticks + "`"

    assert sent(File("a.md", f"{ticks}\ncode\n{ticks}\n")) == (
        f"File `a.md`:\n{fence}\n{ticks}\ncode\n{ticks}\n{fence}\n\nlook"
    )
