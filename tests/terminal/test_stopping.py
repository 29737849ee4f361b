"""Esc in every phase of an answer, in a real terminal, with a server that watches its connection."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gateways.fault import Caller, FaultGateway, Script, say_and_stay
from tests.terminal.pty_terminal import PtyTerminal, chat_command, environment

WITHIN_S = 1.0


@contextmanager
def served(script: Script) -> Iterator[FaultGateway]:
    """A fault gateway on a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    gateway = FaultGateway(script)
    asyncio.run_coroutine_threadsafe(gateway.__aenter__(), loop).result(10)
    try:
        yield gateway
    finally:
        asyncio.run_coroutine_threadsafe(gateway.__aexit__(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def chunk(**delta: object) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n"


def call(arguments: str) -> dict[str, object]:
    return {"index": 0, "id": "c1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}


async def no_headers(caller: Caller) -> None:
    await caller.until_hung_up()


@pytest.mark.parametrize(
    ("script", "state", "kept"),
    [
        (no_headers, "connecting", ""),
        (say_and_stay(b": waiting\n\n"), "waiting", ""),
        (say_and_stay(chunk(reasoning="Let me think")), "thinking", ""),
        (say_and_stay(chunk(content="Half of it")), "writing", "Half of it"),
        (say_and_stay(chunk(tool_calls=[call('{"city": "To')])), "calling look_up", "look_up"),
    ],
    ids=["connecting", "waiting", "reasoning", "text", "arguments"],
)
def test_escape_is_ready_within_a_second_and_hangs_up(tmp_path: Path, script: Script, state: str, kept: str) -> None:
    with served(script) as gateway:
        env = environment(tmp_path, SOLROUTER_API_KEY="sr_x", SOLROUTER_BASE_URL=gateway.base_url)
        with PtyTerminal(chat_command("-m", "some/model", "a question"), env) as terminal:
            terminal.wait_for(state, "a question")
            asked = time.monotonic()
            terminal.send("\x1b")
            terminal.wait_for("ready", "Stopped", kept)
            assert time.monotonic() - asked < WITHIN_S
            asking = next(caller for caller in gateway.callers if caller.line.startswith("POST"))
            while not asking.hung_up.is_set():
                assert time.monotonic() - asked < WITHIN_S
                time.sleep(0.01)
            terminal.send("still writing")
            terminal.wait_for("still writing")
