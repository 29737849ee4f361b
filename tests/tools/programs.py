"""Plans that run programs, and the runner that runs them."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tui_chat.chat.tool_plans import CommandWork, ToolPlan
from tui_chat.chat.tool_ports import Fetched, FetchRequest, ToolOutcome
from tui_chat.core.parts import ToolCall
from tui_chat.core.tool import Value
from tui_chat.tools.runner import Runner


class NoFetcher:
    """Nobody is asked."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        raise AssertionError(request.url)


def plan_of(
    *argv: str,
    stdin: str = "{}",
    folder: str = "",
    env: tuple[tuple[str, Value], ...] = (),
    timeout_s: float = 20.0,
    limit_bytes: int = 65_536,
    memory_mb: int = 0,
) -> ToolPlan:
    work = CommandWork(argv, stdin, folder, env, memory_mb)
    return ToolPlan(ToolCall("c1", "t", stdin), work, timeout_s, limit_bytes)


def python(code: str) -> tuple[str, ...]:
    """A command that runs this, and nothing of the user's own."""
    return sys.executable, "-I", "-c", code


async def run(plan: ToolPlan, environ: Mapping[str, str] | None = None) -> tuple[ToolOutcome, str]:
    """What it gave, and what it wrote as it came."""
    written: list[str] = []
    runner = Runner({"PATH": "/usr/bin:/bin"} if environ is None else environ, NoFetcher())
    return await runner.run(plan, written.append), "".join(written)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False
