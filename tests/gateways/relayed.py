"""Conversations through LiteLLM's proxy, as its users run it: `bash tests/compat/litellm` installs it and runs this.

    python -m tests.gateways.relayed PATH/TO/litellm

The proxy stands between the program and the simulated gateways on loopback, so that what it makes of requests, streams
and refusals is its own. Each model in turn answers questions with tools, pictures and a system prompt, forth and back:
once in one chat, and once by a call of `ask -c` for each question. Exit status 0 only if nothing was refused for good.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from itertools import count, cycle
from pathlib import Path

import httpx
from msgspec.structs import replace

from tests.fakes import make_services
from tests.gateways.houses import DEEPSEEK, GROQ, MISTRAL, OPENAI
from tests.gateways.served import serving
from tests.gateways.simulated import Plan, Simulated
from tests.gateways.travelling import PICTURE, TOOL
from tui_chat.chat.services import Gateway
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded
from tui_chat.client.http import HttpConnection
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.parts import user_message
from tui_chat.core.request import Sampling
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.workspace.conversation import OpenConversation

HOUSES = {"openai": OPENAI, "mistral": MISTRAL, "deepseek": DEEPSEEK, "groq": GROQ}
MODELS = ["mocked", *(f"{name}/{model}" for name, house in HOUSES.items() for model in house.models)]
PLANS = (
    Plan(thinks=True),
    Plan(thinks=True, calls=("plain", "without an id")),
    Plan(),
    Plan(words="blank"),
    Plan(calls=("bad arguments",)),
    Plan(thinks=True, ending="cut", cut_at=3),
)
STARTS_WITHIN_S = 180.0
LOG = "proxy.log"
ENDED_WELL = (0, 8)
"""Exit statuses of `ask`: a whole answer, or one that broke off, as some of the plans do."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def configuration(port: int) -> str:
    """The proxy's: every model of the simulated gateways behind it, and one that it answers by itself."""
    mocked = {"model": "openai/gpt-4o", "api_key": "none", "mock_response": "So it is."}
    models: list[object] = [{"model_name": "mocked", "litellm_params": mocked}]
    for name, house in HOUSES.items():
        for model in house.models:
            reached = {"model": f"{name}/{model}", "api_base": f"http://127.0.0.1:{port}/{name}", "api_key": "none"}
            models.append({"model_name": f"{name}/{model}", "litellm_params": reached})
    routing = {"num_retries": 0, "disable_cooldowns": True}
    return json.dumps({"model_list": models, "router_settings": routing})


def launched(command: str, folder: Path, config: str, port: int) -> subprocess.Popen[bytes]:
    """The proxy, which takes a while to listen."""
    config_file = folder / "config.yaml"
    config_file.write_text(config)
    environ = {
        **os.environ,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_TELEMETRY": "False",
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    }
    argv = [command, "--config", str(config_file), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / LOG).open("wb") as output:
        return subprocess.Popen(argv, stdout=output, stderr=output, env=environ)


async def until_it_listens(proxy: subprocess.Popen[bytes], base_url: str) -> bool:
    """Wait for the proxy; False where it ended, or takes too long."""
    until = time.monotonic() + STARTS_WITHIN_S
    async with httpx.AsyncClient(trust_env=False) as client:
        while proxy.poll() is None and time.monotonic() < until:
            try:
                await client.get(f"{base_url}/health/liveliness")
            except httpx.HTTPError:
                await asyncio.sleep(0.2)
            else:
                return True
    return False


async def chat(base_url: str) -> list[str]:
    """One chat with every model, forth and back. Returns what was refused for good."""
    services = make_services(default_model=MODELS[0], tools=(TOOL,))
    connection = HttpConnection(base_url, environ={})
    completer = HttpCompleter(connection, OpenAIChat(), now=time.time, random=lambda: 0.0)
    services = replace(
        services,
        gateway=Gateway(base_url, is_demo=False, has_key=False),
        completer=completer,
        default_system="Be brief.",
        sampling=Sampling(temperature=0.7, top_p=0.9, max_tokens=64, seed=1),
    )
    conversation = OpenConversation(Session.new(services))
    stuck: list[str] = []
    for number, model in enumerate([*MODELS, *reversed(MODELS)]):
        await conversation.set_model(model)
        conversation.ask(user_message(f"Question {number}", (PICTURE,) if number % 7 == 3 else ()))
        while conversation.is_due:
            async for event in conversation.follow():
                info = event.answer.answer if isinstance(event, AnswerEnded) else None
                if info is not None and info.failure is not None and info.failure.status is not None:
                    stuck.append(f"{model}: {info.failure.message}")
            for call in conversation.session.pending_calls:
                await conversation.give_result(call.id, ("noon", "")[number % 2])
    await completer.close()
    return stuck


def tools_file(folder: Path) -> Path:
    """The file that defines the tool."""
    function = {"name": TOOL.name, "description": "", "parameters": TOOL.parameters}
    path = folder / "tools.json"
    path.write_text(json.dumps([{"type": "function", "function": function}]))
    return path


async def asks(base_url: str, folder: Path) -> list[str]:
    """One conversation by calls of `ask -c`, each with another model. Returns what was refused for good."""
    tools = tools_file(folder)
    environ = {**os.environ, "TUI_CHAT_HOME": str(folder), "SOLROUTER_BASE_URL": base_url}
    stuck: list[str] = []
    for number, model in enumerate(MODELS):
        words = ["ask", "--json", *(["-c"] if number else []), "--tools", str(tools), "-m", model, f"Question {number}"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tui_chat", *words, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        output, _ = await process.communicate()
        if process.returncode not in ENDED_WELL:
            stuck.append(f"ask -c -m {model}: {output.decode()[-400:]}")
    return stuck


async def relay(command: str, folder: Path) -> int:
    """Hold both conversations, say what came of them, and return the exit status."""
    gateways, numbers, plans = {}, count(1), cycle(PLANS)
    for name, house in HOUSES.items():
        gateways[name] = Simulated(house, plans, numbers, TOOL.name.replace(".", "_"))
    behind, port = free_port(), free_port()
    server = serving(gateways, behind)
    serves = asyncio.create_task(server.serve())
    base_url, failed = f"http://127.0.0.1:{port}", 0
    proxy = launched(command, folder, configuration(behind), port)
    try:
        if not await until_it_listens(proxy, base_url):
            print(f"LiteLLM's proxy does not start:\n{log_of(folder)}", file=sys.stderr)
            return 1
        for claim, hold in (("one chat", chat(base_url)), ("calls of ask -c", asks(base_url, folder))):
            begun = time.monotonic()
            wrong = [*await hold, *(lost for gateway in gateways.values() for lost in gateway.lost)]
            print(f"  {'FAIL' if wrong else 'ok  '}  {claim} through LiteLLM ({time.monotonic() - begun:.1f} s)")
            print("".join(f"        {line}\n" for line in wrong), end="", flush=True)
            failed += len(wrong)
    finally:
        proxy.terminate()
        proxy.wait()
        server.should_exit = True
        await serves
    return 1 if failed else 0


def log_of(folder: Path) -> str:
    """The end of what the proxy said."""
    return (folder / LOG).read_text(errors="replace")[-2000:]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        sys.exit(asyncio.run(relay(sys.argv[1], Path(home))))
