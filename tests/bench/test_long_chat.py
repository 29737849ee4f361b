"""The forms that the benchmark of a long conversation imports are of one conversation."""

from collections.abc import Callable

import pytest

from tests.bench.conversation import long_tree
from tests.bench.long_chat import chatgpt_form
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.importers.found import Transcript
from tui_chat.transcripts.importers.json_files import read_json
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.jsonl import to_jsonl


@pytest.mark.parametrize("form", [to_jsonl, to_json, chatgpt_form])
def test_each_form_of_the_long_conversation_has_all_its_messages(
    form: Callable[[Conversation, tuple[Node, ...]], str],
) -> None:
    conversation, tree = long_tree(20)
    (taken,) = read_json(form(conversation, tree.nodes()).encode(), lambda _: None).transcripts
    assert isinstance(taken, Transcript)
    assert [node.message for node in taken.nodes] == [node.message for node in tree.nodes()]
