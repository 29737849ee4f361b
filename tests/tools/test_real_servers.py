"""Tool servers that others wrote, as their own documentation starts them, from the registries of npm and PyPI.

Need Node with npm, and the registries; what is missing fails the test.
"""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.tools.serving import LONG_S, Serving, no_command, no_way, until
from tui_chat.core.tool import ToolServer
from tui_chat.tools.servers.servers import Servers

pytestmark = pytest.mark.slow
TIME_SERVER = "mcp-server-time==2026.10.19"
INSTALL_S = 300
ENVIRON = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of the installed packages for Node."""
    folder = tmp_path_factory.mktemp("node")
    shutil.copy(Path(__file__).with_name("real_servers") / "package.json", folder)
    npm = ("npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run(npm, cwd=folder, check=True, timeout=INSTALL_S)
    yield folder / "node_modules" / "@modelcontextprotocol"
    shutil.rmtree(folder)


@pytest.fixture
def time_server(tmp_path: Path) -> str:
    """The installed program of the package for Python."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True, timeout=INSTALL_S)
    pip = (tmp_path / "venv" / "bin" / "python", "-m", "pip", "install", "-q", TIME_SERVER)
    subprocess.run(pip, check=True, timeout=INSTALL_S)
    return str(tmp_path / "venv" / "bin" / "mcp-server-time")


@contextlib.asynccontextmanager
async def started(*specs: ToolServer) -> AsyncIterator[Serving]:
    servers = Servers(specs, (), ENVIRON, printed=no_command, way=no_way)
    try:
        await servers.prepare(within_s=LONG_S)
        assert servers.problems == {}
        yield Serving(servers)
    finally:
        await servers.close()


def node(packages: Path, server: str, *words: str) -> tuple[str, ...]:
    return "node", str(packages / server / "dist" / "index.js"), *words


async def proved(these: Serving) -> None:
    """What the reference server has, used as it is meant."""
    assert {"echo", "get-sum", "get-tiny-image", "trigger-long-running-operation"} <= set(these.names)
    assert (await these.call("echo", '{"message": "grüß dich"}')).content == "Echo: grüß dich"
    assert "5" in (await these.call("get-sum", '{"a": 2, "b": 3}')).content
    tiny = await these.call("get-tiny-image")
    assert "[the picture get-tiny-image-1.png, image/png, " in tiny.content
    assert len(tiny.beside) == 1
    held = await these.call("get-resource-reference", '{"resourceType": "Text", "resourceId": 1}')
    assert "[the resource demo://resource/" in held.content
    assert "temperature" in (await these.call("get-structured-content", '{"location": "New York"}')).content
    done = await these.call("trigger-long-running-operation", '{"duration": 1, "steps": 2}')
    assert not done.is_error
    assert "of 2" in these.shown


async def test_the_reference_server_over_standard_streams(packages: Path) -> None:
    async with started(ToolServer("everything", node(packages, "server-everything", "stdio"))) as these:
        await proved(these)
        assert set(json.loads((await these.call("get-env")).content)) <= {"PATH", "HOME"}
        call = asyncio.ensure_future(these.call("trigger-long-running-operation", '{"duration": 600, "steps": 600}'))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await these.call("echo", '{"message": "again"}')).content == "Echo: again"


async def test_the_reference_server_over_http(packages: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = node(packages, "server-everything", "streamableHttp")
    process = await asyncio.create_subprocess_exec(*command, env={**ENVIRON, "PORT": str(port)})

    def listens() -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) == 0

    try:
        await until(listens)
        async with started(ToolServer("everything", url=f"http://127.0.0.1:{port}/mcp")) as these:
            await proved(these)
    finally:
        process.kill()
        await process.wait()


async def test_the_server_of_files(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello file\n")
    tools = ("read_text_file", "list_directory")
    spec = ToolServer("files", node(packages, "server-filesystem", str(tmp_path)), tools=tools)
    async with started(spec) as these:
        assert these.names == ["read_text_file", "list_directory"]
        assert (await these.call("read_text_file", json.dumps({"path": f"{tmp_path}/a.txt"}))).content == "hello file\n"
        assert (await these.call("read_text_file", '{"path": "/etc/passwd"}')).is_error


async def test_the_server_of_times(time_server: str) -> None:
    async with started(ToolServer("time", (time_server, "--local-timezone", "UTC"))) as these:
        assert these.names == ["get_current_time", "convert_time"]
        told = json.loads((await these.call("get_current_time", '{"timezone": "Europe/Oslo"}')).content)
        assert told["timezone"] == "Europe/Oslo"
