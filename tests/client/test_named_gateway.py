"""Gateways with a name, over real sockets: which headers they get, where from, and what never leaves."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.client.asking import NOW, QUESTION, QUICK, words
from tests.client.test_catalog import Clock, models
from tests.gateways.fault import Caller, FaultGateway, say
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.catalog import HttpCatalog
from tui_chat.client.http import HttpConnection
from tui_chat.client.secret_command import LIMIT_BYTES, CommandFailed, output_of
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.errors import ErrorKind, GatewayError
from tui_chat.core.redact import redact_report
from tui_chat.core.reply import Reply, fold
from tui_chat.core.stream_events import Outcome
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.settings.named_gateway import FromCommand, FromVariable, NamedGateway
from tui_chat.settings.secret_key import SecretKey

REFUSED = say(b'{"error": {"message": "You are nobody."}}', "401 Unauthorized", "application/json")
PATH = {"PATH": os.environ.get("PATH", "")}


def python(code: str, *words: str) -> FromCommand:
    """A command that runs this code."""
    return FromCommand((sys.executable, "-S", "-c", code, *words))


def counting(file: Path, prints: str = "key-of-run-%d") -> FromCommand:
    """A command that notes each run in a file, and prints its number."""
    code = (
        "import sys, os; f = open(sys.argv[1], 'a'); f.write('x'); f.close(); print(sys.argv[2] %"
        " os.path.getsize(sys.argv[1]))"
    )
    return python(code, str(file), prints)


class Asker:
    """Asks one gateway that the settings declare."""

    def __init__(
        self,
        gateway: NamedGateway,
        *,
        key: str = "",
        environ: Mapping[str, str] = PATH,
        cache: Path | None = None,
        dialect: OpenAIChat | None = None,
    ) -> None:
        headers = tuple(gateway.sent_headers(SecretKey(key) if key else None))
        self.connection = HttpConnection(gateway.base_url, headers=headers, limits=QUICK, environ=environ)
        self.completer = HttpCompleter(self.connection, dialect or OpenAIChat(), now=lambda: NOW, random=lambda: 0.0)
        self.catalog = HttpCatalog(self.connection, cache, now=Clock())

    async def ask(self) -> Reply:
        async with contextlib.aclosing(self.completer.stream(QUESTION)) as events:
            return fold([event async for event in events])


async def asked_with(gateway: FaultGateway, asker: Asker) -> Caller:
    """The request of one question that was answered."""
    reply = await asker.ask()
    await asker.connection.close()
    assert reply.outcome is Outcome.COMPLETE
    return gateway.callers[-1]


async def refused_before_asking(source: FromCommand | FromVariable, environ: Mapping[str, str] = PATH) -> Reply:
    """The reply where a header cannot be found; the gateway must see nothing."""
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        named = NamedGateway("work", gateway.base_url, headers=(("X-Team", source),))
        asker = Asker(named, environ=environ)
        reply = await asker.ask()
        await asker.connection.close()
        assert gateway.callers == []
    assert reply.failure is not None
    assert reply.failure.kind is ErrorKind.AUTHENTICATION
    return reply


async def test_headers_come_from_text_variables_and_commands() -> None:
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        headers = (
            ("X-Team", SecretKey("red team")),
            ("X-Token", FromVariable("WORK_TOKEN")),
            ("X-Sum", python("print(1 + 1)")),
            ("user-agent", SecretKey("mine/1")),
        )
        asker = Asker(NamedGateway("work", gateway.base_url, headers=headers), environ={"WORK_TOKEN": "t-1 "})
        caller = await asked_with(gateway, asker)

    assert [caller.header(name) for name in ("X-Team", "X-Token", "X-Sum")] == ["red team", "t-1", "2"]
    assert caller.head.lower().count(b"user-agent:") == 1
    assert caller.header("User-Agent") == "mine/1"
    assert caller.header("Authorization") is None


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [("bearer", "Authorization", "Bearer the-key"), ("X-Api-Key", "X-Api-Key", "the-key"), ("none", "X-Api-Key", None)],
)
async def test_the_key_goes_where_auth_says(auth: str, header: str, value: str | None) -> None:
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        caller = await asked_with(gateway, Asker(NamedGateway("work", gateway.base_url, auth=auth), key="the-key"))

    assert caller.header(header) == value
    assert caller.head.count(b"the-key") == (value is not None)


async def test_user_and_password_of_the_address_are_basic_authentication() -> None:
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        caller = await asked_with(gateway, Asker(NamedGateway("work", gateway.base_url, SecretKey("Aladdin:open"))))

    assert caller.header("Authorization") == "Basic QWxhZGRpbjpvcGVu"


async def test_a_command_runs_once_for_all_requests(tmp_path: Path) -> None:
    async with FaultGateway(models([{"id": "a/b"}]), say(PAGE_TEXT)) as gateway:
        asker = Asker(NamedGateway("work", gateway.base_url, key_command=counting(tmp_path / "runs")))
        await asker.catalog.read()
        await asyncio.gather(asker.ask(), asker.ask(), asker.ask())
        await asker.connection.close()

    assert {caller.header("Authorization") for caller in gateway.callers} == {"Bearer key-of-run-1"}
    assert len(gateway.callers) == 4


async def test_a_command_runs_once_more_after_a_401_and_no_third_time(tmp_path: Path) -> None:
    async with FaultGateway(REFUSED, say(PAGE_TEXT), REFUSED) as gateway:
        asker = Asker(NamedGateway("work", gateway.base_url, key_command=counting(tmp_path / "runs")))
        first, second = await asker.ask(), await asker.ask()
        await asker.connection.close()

    assert first.outcome is Outcome.COMPLETE
    assert second.failure is not None
    assert second.failure.status == 401
    assert [caller.header("Authorization") for caller in gateway.callers] == [
        "Bearer key-of-run-1", "Bearer key-of-run-2", "Bearer key-of-run-2", "Bearer key-of-run-3",
    ]  # fmt: skip


async def test_the_list_of_models_has_the_command_run_once_more_too(tmp_path: Path) -> None:
    async with FaultGateway(REFUSED, models([{"id": "a/b"}])) as gateway:
        asker = Asker(NamedGateway("work", gateway.base_url, key_command=counting(tmp_path / "runs")))
        catalog = await asker.catalog.read()
        await asker.connection.close()

    assert [model.id for model in catalog.models] == ["a/b"]
    assert gateway.callers[1].header("Authorization") == "Bearer key-of-run-2"


async def test_a_list_that_is_recent_enough_runs_no_command(tmp_path: Path) -> None:
    async with FaultGateway(models([{"id": "a/b"}])) as gateway:
        named = NamedGateway("work", gateway.base_url, key_command=counting(tmp_path / "runs"))
        for _ in range(2):
            asker = Asker(named, cache=tmp_path / "cache")
            await asker.catalog.read()
            await asker.connection.close()

    assert (tmp_path / "runs").read_text() == "x"


async def test_without_a_command_a_401_is_final() -> None:
    async with FaultGateway(REFUSED) as gateway:
        asker = Asker(NamedGateway("work", gateway.base_url), key="the-key")
        await asker.ask()
        await asker.connection.close()

    assert len(gateway.callers) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "failed with status 3"),
        ("", "printed is empty"),
        ("print('one'); print('two')", "printed holds a line break"),
        ("import sys; sys.stdout.buffer.write(bytes([255]))", "no text in UTF-8"),
        (f"print('k' * {LIMIT_BYTES + 1})", "printed more than 64 KB"),
        ("print('schlüssel')", "a character that no header can carry"),
        ("import sys; print(sys.stdin.read() or '')", "printed is empty"),
    ],
)
async def test_a_command_that_gives_no_value_is_said_and_nothing_is_sent(code: str, said: str) -> None:
    reply = await refused_before_asking(python(code), {**PATH, "PYTHONUTF8": "1"})

    assert said in words(reply)
    assert "the header X-Team of [gateway.work] needs it" in words(reply)


async def test_a_command_that_is_not_there_is_said() -> None:
    assert "no-such-program cannot be started" in words(await refused_before_asking(FromCommand(("no-such-program",))))


async def test_a_variable_that_is_not_set_is_said() -> None:
    assert "The variable WORK_TOKEN is not set" in words(await refused_before_asking(FromVariable("WORK_TOKEN")))


async def test_a_variable_with_a_line_break_is_said_and_not_shown() -> None:
    reply = await refused_before_asking(FromVariable("WORK_TOKEN"), {"WORK_TOKEN": "hush-hush\r\nX-Evil: 1"})

    assert "WORK_TOKEN holds a line break" in words(reply)
    assert "hush-hush" not in words(reply)


async def test_a_command_does_not_get_the_key_of_the_environment() -> None:
    environ = {**PATH, "SOLROUTER_API_KEY": "sr_hush", "OTHER": "seen"}
    code = "import os; print(os.environ.get('SOLROUTER_API_KEY', 'none'), os.environ['OTHER'])"

    assert await output_of(python(code).argv, environ) == "none seen"


async def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "held-open-by-all")
    code = (
        "import subprocess, sys, time; held = open(sys.argv[1], 'w');"
        "subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'], pass_fds=[held.fileno()]);"
        "time.sleep(60)"
    )
    running = asyncio.create_task(output_of(python(code, str(pipe)).argv, PATH, limit_s=1))

    async with asyncio.timeout(5):
        held = await asyncio.to_thread(pipe.read_bytes)  # it ends when nobody holds the pipe any more

    assert held == b""
    with pytest.raises(CommandFailed, match="within 1 s"):
        await running


async def test_stopping_ends_a_command_at_once_and_the_next_question_runs_it_again(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "began")
    code = (
        "import os, sys, time; os.path.exists(sys.argv[1]) and (open(sys.argv[1], 'w').close(), time.sleep(60));"
        "print('the-key')"
    )
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        asker = Asker(NamedGateway("work", gateway.base_url, key_command=python(code, str(pipe))))
        asking = asyncio.create_task(asker.ask())
        await asyncio.to_thread(pipe.read_bytes)
        pipe.unlink()
        asking.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait([asking])
        caller = await asked_with(gateway, asker)

    assert caller.header("Authorization") == "Bearer the-key"
    assert asking.cancelled()


async def test_a_redirect_takes_no_header_to_another_port() -> None:
    async with FaultGateway(say(PAGE_TEXT)) as other:
        there = say(b"", "307 Temporary Redirect", Location=f"{other.base_url}/chat/completions")
        async with FaultGateway(there) as gateway:
            headers = (("X-Team", SecretKey("red-team-17")),)
            asker = Asker(NamedGateway("work", gateway.base_url, headers=headers), key="the-key")
            reply = await asker.ask()
            with pytest.raises(GatewayError, match="redirects"):
                await asker.catalog.read()
            await asker.connection.close()

    assert "redirects" in words(reply)
    assert other.callers == []


async def test_what_a_gateway_echoes_of_its_headers_is_hidden() -> None:
    async def echo(caller: Caller) -> None:
        await caller.begin("400 Bad Request", "text/plain")
        await caller.write(caller.head.replace(b"\r\n", b" "))

    async with FaultGateway(echo) as gateway:
        headers = (("X-Team", SecretKey("Token hush-hush-1")), ("X-Sum", python("print('hush-hush-2')")))
        url = f"{gateway.base_url}?code=hush-hush%203"
        asker = Asker(NamedGateway("work", url, SecretKey("me:hush-hush-4"), headers=headers))
        reply = await asker.ask()
        await asker.connection.close()

    assert b"hush-hush-1" in gateway.callers[0].head
    assert "hush" not in words(reply)
    assert "hush" not in redact_report("hush-hush-1 hush-hush-2 hush-hush 3 hush-hush-4")


async def test_gateways_that_differ_in_their_query_have_lists_of_their_own(tmp_path: Path) -> None:
    async with FaultGateway(models([{"id": "one/model"}]), models([{"id": "two/model"}])) as gateway:
        for query, expected in [("?team=1", "one/model"), ("?team=2", "two/model"), ("?team=1", "one/model")]:
            asker = Asker(NamedGateway("work", gateway.base_url + query), cache=tmp_path)
            catalog = await asker.catalog.read()
            await asker.connection.close()
            assert [model.id for model in catalog.models] == [expected]

    assert len(gateway.callers) == 2
