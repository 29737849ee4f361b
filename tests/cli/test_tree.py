"""`tui-chat history tree`."""

import io
import json

from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.values import answer, question
from tui_chat.cli.tree import show_tree
from tui_chat.core.marks import Marks
from tui_chat.core.tree import Conversation


async def printed(*, as_json: bool) -> str:
    store, out = MemoryStore(), io.StringIO()
    labelled = replace(answer("a1", "One.", cost="0.01"), marks=Marks(is_muted=True, labels=("example",)))
    nodes = (question("q"), labelled, answer("a2", "Two.", cost="0.02"), question("p", "And?", parent_id="a2"))
    await store.add(Conversation("c", 1.0, "Why?", head_id="p"), nodes)
    await show_tree(store, out, "c", as_json=as_json)
    return out.getvalue()


async def test_a_line_for_each_message_with_its_branch() -> None:
    assert (await printed(as_json=False)).splitlines() == [
        "> Why?  [q  $0.03]",
        "|-o One.  [a1  openai/gpt-4o-mini  $0.01  muted, not sent  #example]",
        "* Two.  [a2  openai/gpt-4o-mini  $0.02]",
        "> And?  [p]",
    ]


async def test_for_programs_parents_come_before_children() -> None:
    tree = json.loads(await printed(as_json=True))

    assert tree["head"] == "p"
    assert [(node["id"], node["parent"], node["on_path"]) for node in tree["nodes"]] == [
        ("q", None, True),
        ("a1", "q", False),
        ("a2", "q", True),
        ("p", "a2", True),
    ]
    assert tree["nodes"][1] == {
        "id": "a1",
        "parent": "q",
        "role": "assistant",
        "model": "openai/gpt-4o-mini",
        "outcome": "complete",
        "cost_usd": "0.01",
        "labels": ["example"],
        "on_path": False,
        "muted": True,
        "deleted": False,
        "pinned": False,
        "excerpt": "One.",
    }
