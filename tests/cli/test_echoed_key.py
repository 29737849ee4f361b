"""A gateway that sends the key back: it is neither printed nor kept, in whatever form and place it comes."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path

from tests.cli.program import Program
from tests.gateways.fault import Caller, FaultGateway
from tests.providers.streams import DONE, call, chunk, data

SECRET = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF"
KEY = f"sk-proj-{SECRET}"


def pieces_of(told: str) -> Iterator[bytes]:
    """An answer that says what the caller sent as its authorization, everywhere and cut at each letter."""
    key = told.removeprefix("Bearer ")
    encoded = base64.b64encode(told.encode()).decode()
    percent = "".join(f"%{ord(letter):02x}" for letter in key)
    for letter in f"You sent {told}, {encoded}, {percent} and {key[12:30]}. Bye.":
        yield chunk({"content": letter})
    for letter in f"Hm, {key}":
        yield chunk({"reasoning": letter})
    yield chunk({"tool_calls": [call("", index=0, id=f"call_{key}", name="f")]})
    for letter in f'{{"key": "{key}"}}':
        yield chunk({"tool_calls": [call(letter, index=0)]})
    yield chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": key}]})
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "who": key}
    yield data({"id": key, "model": f"m {key}", "provider": key, "choices": [], "usage": usage})
    yield chunk(finish="tool_calls") + DONE


async def echo(caller: Caller) -> None:
    await caller.begin()
    await caller.write(b"".join(pieces_of(caller.header("authorization") or "")))


def kept_in(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())


async def test_a_key_that_comes_back_is_neither_printed_nor_kept(tmp_path: Path) -> None:
    async with FaultGateway(echo) as gateway:
        program = Program(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=gateway.base_url)
        done = await asyncio.to_thread(program.run, "ask", "--stream-json", "-m", "m", "hi")

    shown = f"{done.stdout}{done.stderr}".encode() + kept_in(tmp_path)
    assert done.returncode == 7, "a call in which the key was hidden can never be run"
    assert b"You sent Bearer sk-proj-[key hidden]" in shown
    assert b"Bye." in shown
    for at in range(len(SECRET) - 12):
        assert SECRET[at : at + 12].encode() not in shown
    assert base64.b64encode(f"Bearer {KEY}".encode())[24:-4] not in shown
    assert "".join(f"%{ord(letter):02x}" for letter in SECRET).encode() not in shown
