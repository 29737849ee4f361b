"""Floods and bombs through `ask --json`, a process of its own: words or the whole answer, in bounded memory."""

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gateways.fault import Caller, FaultGateway, Script, say
from tests.providers.streams import END, END_CALLS, call, calls, text

LIMIT_MB = 300
_ASK = """
import sys
from tui_chat.cli.main import main
try:
    main()
finally:
    peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print("peak in kB", *peak, file=sys.stderr)
"""


def flood(start: bytes, block: bytes, times: int, end: bytes = b"", **headers: str) -> Script:
    """The same bytes over and over, as fast as they are taken."""

    async def script(caller: Caller) -> None:
        await caller.begin(**headers)
        await caller.write(start)
        for _ in range(times):
            await caller.write(block)
        await caller.write(end)

    return script


def bomb() -> Script:
    packed = gzip.compress(text("a") + (b": " + b"0" * 1_000_000 + b"\n") * 100)
    return flood(packed, b"", 0, Content_Encoding="gzip")


MEGABYTE = b"x" * 1_000_000
TINY = b'data: {"choices":[{"delta":{"content":"x"}}]}\n\n'
FLOODS: dict[str, tuple[Callable[[], Script], tuple[object, ...]]] = {
    "an event of 100 MB": (
        lambda: flood(text("a") + b'data: {"choices":[{"delta":{"content":"', MEGABYTE, 100, b'"}}]}\n\n' + END),
        ("a", "error", "a line of more than 8 MB"),
    ),
    "an event of 100 MB in many lines": (
        lambda: flood(text("a"), (b"data: " + b"x" * 1000 + b"\n") * 1000, 100, b"\n" + END),
        ("a", "error", "a line of more than 8 MB"),
    ),
    "a comment of 100 MB": (
        lambda: flood(text("a") + b": ", MEGABYTE, 100),
        ("a", "error", "a line of more than 8 MB"),
    ),
    "a gzip bomb": (bomb, ("a", "truncated", "out of all proportion")),
    "a million comments": (lambda: flood(text("a"), b": flood\n\n" * 10_000, 100, END), ("a", "complete", "")),
    "a hundred thousand events": (lambda: flood(b"", TINY * 10_000, 10, END), ("x" * 100_000, "complete", "")),
    "a million events": (lambda: flood(b"", TINY * 10_000, 100, END), ("x" * 1_000_000, "complete", "")),
    "emoji without end": (
        lambda: flood(b"", text("🐎" * 10_000).replace(rb"\ud83d\udc0e", "🐎".encode()), 200),
        ("🐎" * 2_000_000, "truncated", "ended before"),
    ),
    "a call of 10,000 pieces": (
        lambda: flood(calls(call("", index=0, id="a", name="f")), calls(call(" ", index=0)) * 10_000, 1, END_CALLS),
        ("", "complete", ""),
    ),
    "a call of 100,000 pieces": (
        lambda: flood(calls(call("", index=0, id="a", name="f")), calls(call(" ", index=0)) * 10_000, 10, END_CALLS),
        ("", "complete", ""),
    ),
}
SLOW = {"an event of 100 MB", "a comment of 100 MB", "a million events", "a call of 100,000 pieces"}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in FLOODS])
async def test_a_flood_takes_little_memory_and_ends_in_words(name: str, tmp_path: Path) -> None:
    script, (said, outcome, told) = FLOODS[name][0](), FLOODS[name][1]
    async with FaultGateway(script) as gateway:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _ASK, "ask", "hi", "--json", "-m", "m", "--base-url", gateway.base_url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"TUI_CHAT_HOME": str(tmp_path), "PATH": ""},
        )
        printed, notes = await process.communicate()

    result = json.loads(printed)
    peak_mb = int(notes.split()[-1]) / 1000
    assert (result["text"], result["outcome"]) == (said, outcome)
    assert told in (result["error"]["message"] if result["error"] else "")
    assert peak_mb < LIMIT_MB


def endless_list(form: bytes) -> bytes:
    """A list of 200,000 models, each of which says something that none said before."""
    return b'{"data":[' + b",".join(form.replace(b"%", b"%06d" % number) for number in range(200_000)) + b"]}"


LISTS = {  # and how many models are read of each; None where it is refused
    "words": (
        b'{"id":"a%","supported_parameters":["w%","v%"],"pricing":{"prompt":"%e-12","completion":"1e-9"}}',
        50_000,
    ),
    "texts": (b'{"id":"a%","name":"%%%","description":"%%%%%%%%%%%%%%%"}', 50_000),
    "nests": (b'{"id":"a%","pricing":{"a":[[],{}]},"architecture":{"modality":[[[]]]},"providers":[{},{},[]]}', 50_000),
    "nothing": (b'{"b":{"c":[[],[],{}]},"d":"%"}', 0),
    "more than is read": (b'{"id":"%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%"}', None),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("form", "read"), LISTS.values(), ids=list(LISTS))
async def test_a_list_of_200_000_hostile_models_is_read_or_refused_in_little_memory(
    form: bytes, read: int | None, tmp_path: Path
) -> None:
    async with FaultGateway(say(endless_list(form), "200 OK", "application/json")) as gateway:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _ASK, "models", "--json", "--base-url", gateway.base_url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"TUI_CHAT_HOME": str(tmp_path), "PATH": ""},
        )
        printed, notes = await process.communicate()

    assert (b"longer than" in notes) if read is None else len(json.loads(printed)) == read
    assert int(notes.split()[-1]) / 1000 < LIMIT_MB
