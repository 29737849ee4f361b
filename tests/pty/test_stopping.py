"""Esc in every phase of an answer, in a real terminal, with a server that watches its connection."""

import time
from pathlib import Path

import pytest

from tests.gateways.fault import Caller, FaultGateway, Script, say_and_stay
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.pty.serving import chunk, served

WITHIN_S = 1.0
"""On a machine with nothing else to do; a busy one has as much more as it took to start the program."""


def call(arguments: str) -> dict[str, object]:
    return {"index": 0, "id": "c1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}


def asking_of(gateway: FaultGateway) -> list[Caller]:
    """The requests that asked a model, not those for the catalogue."""
    return [caller for caller in gateway.callers if caller.line.startswith("POST")]


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
        started = time.monotonic()
        with PtyTerminal(chat_command("-m", "some/model", "a question"), env) as terminal:
            terminal.wait_until(lambda: asking_of(gateway), "the question's request")
            terminal.wait_for(state, "a question")
            asked = time.monotonic()
            within_s = WITHIN_S + asked - started
            terminal.send("\x1b")
            terminal.wait_for("ready", "stopped by you", kept)
            assert time.monotonic() - asked < within_s
            (asking,) = asking_of(gateway)
            terminal.wait_until(asking.hung_up.is_set, "the hang-up")
            assert time.monotonic() - asked < within_s
            terminal.send("still writing")
            terminal.wait_for("still writing")
