"""The corpus once more, from outside: a real server says each stream, and `ask --json` prints what it comes to."""

import io
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.client.asking import Asker
from tests.fakes import make_services
from tests.gateways.fault import Caller, FaultGateway, Script
from tests.providers.corpus.case import Case
from tests.providers.test_corpus import CASES
from tui_chat.ask.run import Question, ask
from tui_chat.core.errors import ErrorKind
from tui_chat.core.parts import user_message
from tui_chat.store.sqlite import SqliteStore


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def replay(body: bytes, **headers: str) -> Script:
    async def script(caller: Caller) -> None:
        await caller.begin(Content_Length=str(len(body)), **headers)
        await caller.write(body)

    return script


def chunked(body: bytes) -> Script:
    """Line by line, each in a chunk of its own."""

    async def script(caller: Caller) -> None:
        await caller.begin(Transfer_Encoding="chunked")
        for line in body.splitlines(keepends=True):
            await caller.write(b"%x\r\n%s\r\n" % (len(line), line))
        await caller.write(b"0\r\n\r\n")

    return script


WAYS: dict[str, Callable[[bytes], Script]] = {
    "whole": replay,
    "in chunks": chunked,
    "packed": lambda body: replay(deflated(body), Content_Encoding="deflate"),
}


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.slow) for turn in range(1, len(WAYS)))])
async def test_what_ask_prints_is_what_the_stream_means(turn: int, tmp_path: Path) -> None:
    """Each stream in one of the ways; after all turns, in each of them."""
    ways = list(WAYS.values())
    scripts = (ways[(turn + number) % len(ways)](case.body) for number, case in enumerate(CASES))
    store = SqliteStore(tmp_path / "conversations.db")
    wrong: list[tuple[Case, Case]] = []
    async with FaultGateway(*scripts) as gateway, Asker(gateway.base_url) as asker:
        services = replace(make_services(store=store), completer=asker.completer)
        for case in CASES:
            out = io.StringIO()
            await ask(services, Question(user_message("hi")), "json", out, io.StringIO())
            if (printed := _printed(case, json.loads(out.getvalue()))) != case:
                wrong.append((case, printed))
    await store.close()

    assert wrong == []


def _printed(case: Case, result: dict[str, object]) -> Case:
    usage, cost, error = result["usage"], result["cost"], result["error"]
    assert isinstance(usage, dict | None)
    assert isinstance(cost, dict | None)
    assert isinstance(error, dict | None)
    return Case(
        name=case.name,
        body=case.body,
        text=str(result["text"]),
        reasoning=str(result["reasoning"]),
        refusal=None if result["refusal"] is None else str(result["refusal"]),
        calls=_calls(result["tool_calls"]),
        partial=_calls(result["partial_tool_calls"]),
        finish=None if result["finish_reason"] is None else str(result["finish_reason"]),
        outcome=str(result["outcome"]),
        kind=ErrorKind(error["kind"]) if error else None,
        told=case.told if case.told in (error["message"] if error else "") else str(error),
        status=error["status"] if error else None,
        tokens=(usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) if usage else None,
        cost=cost["usd"] if cost else None,
    )


def _calls(printed: object) -> tuple[tuple[str, str, str], ...]:
    assert isinstance(printed, list)
    return tuple((call["id"], call["name"], call["arguments"]) for call in printed)
