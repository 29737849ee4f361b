"""Programs that write to a store in a process of their own: run as `python -m tests.store.writers WHAT PATH NAME`."""

import asyncio
import sys
import time
from pathlib import Path

from tests.store.values import answer, question
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.stream_events import ReasoningDelta, TextDelta, ToolCallDelta
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore

CONVERSATIONS = 5
MESSAGES = 12


async def stream_for_ever(path: Path, name: str) -> None:
    """Ask, and answer without end; a line on stdout for each part of the journal that was kept."""
    store = SqliteStore(path)
    await store.save_conversation(Conversation(name, 1.0, head_id="q"))
    await store.save_node(name, question())
    await store.save_node(name, answer(text="", outcome=None))
    await store.append_journal(name, "a", [TimedEvent(0.1, ReasoningDelta("Let me think. "))])
    await store.append_journal(name, "a", [TimedEvent(0.2, ToolCallDelta(0, "call_1", "look", '{"at": '))])
    number = 0
    while True:
        print(number, flush=True)
        await store.append_journal(name, "a", [TimedEvent(1.0 + number, TextDelta(f"word{number} "))])
        number += 1


async def write_many(path: Path, name: str) -> None:
    """Several conversations of several messages, each message with a journal before it."""
    store = SqliteStore(path)
    for number in range(CONVERSATIONS):
        conversation_id = f"{name}-{number}"
        await store.save_conversation(Conversation(conversation_id, 1.0))
        for message in range(MESSAGES):
            node = answer(f"a{message}", f"{name} says {message}", outcome=None)
            await store.save_node(conversation_id, node)
            await store.append_journal(conversation_id, node.id, [TimedEvent(0.1, TextDelta("more"))])
            await store.save_node(conversation_id, answer(f"a{message}", f"{name} says {message}", cost="0.1"))
    await store.close()


async def write_for(path: Path, name: str, seconds: float) -> None:
    """Ask and answer for so long, list, search and tend in between; the number of messages on stdout at the end."""
    store = SqliteStore(path)
    until, messages = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        conversation_id = f"{name}-{messages // MESSAGES}"
        await store.save_conversation(Conversation(conversation_id, 1.0, name))
        asked, answered = f"q{messages}", f"a{messages}"
        await store.save_node(conversation_id, question(asked, f"{name} asks {messages}"))
        await store.save_node(conversation_id, answer(answered, "", parent_id=asked, outcome=None))
        await store.append_journal(conversation_id, answered, [TimedEvent(0.1, TextDelta("more"))])
        await store.save_node(conversation_id, answer(answered, f"{name} says", parent_id=asked, cost="0.1"))
        messages += 2
        if messages % MESSAGES == 0:
            await store.list(20)
            await store.search(SearchQuery((name, "asks")))
            await store.tend()
    await store.close()
    print(messages, flush=True)


async def hide(path: Path, name: str) -> None:
    """Hide a conversation, and wait to be killed; a line on stdout once it is hidden."""
    store = SqliteStore(path)
    await store.save_conversation(Conversation(name, 1.0, "heliotrope", head_id="q"))
    await store.save_node(name, question(text="heliotrope"))
    await store.hide(name)
    print("hidden", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    command, path, name, *more = sys.argv[1:]
    if command == "for":
        asyncio.run(write_for(Path(path), name, float(more[0])))
    else:
        what = {"stream": stream_for_ever, "many": write_many, "hide": hide}[command]
        asyncio.run(what(Path(path), name))
