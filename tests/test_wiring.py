"""Settings in, services out: what a gateway's table changes is seen on the wire, over several turns."""

import asyncio
import io
import json
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.gateways.fault import FaultGateway, say
from tests.providers.streams import END, chunk, text
from tui_chat.ask.run import Question, ask
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.core.errors import SettingsError
from tui_chat.core.parts import ToolCall, user_message
from tui_chat.core.request import ToolDefinition
from tui_chat.settings.command_line import CommandLine, Override
from tui_chat.settings.consent import Consents
from tui_chat.wiring.load import load
from tui_chat.wiring.root import Wiring
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.opening import Opening

TAGGED = text("<mull>hm</mull>") + text("Yes <think>") + END
THOUGHT = chunk({"reasoning_content": "hm"}) + text("Yes") + END


def wired(home: Path, gateway: FaultGateway, own: str = "", everywhere: str = "") -> Wiring:
    """The program in a home whose settings declare one gateway."""
    (home / "config.toml").write_text(
        f'{everywhere}\n[gateway.work]\nbase_url = "{gateway.base_url}?code=hush-hush"\nmodel = "m"\n{own}\n'
    )
    return load(CommandLine(gateway="work"), {"TUI_CHAT_HOME": str(home), "SOLROUTER_API_KEY": "sr_hush"})


async def answer_of(services: Services, *, goes_on: bool = False) -> dict[str, object]:
    """One turn, as `ask --json` prints it."""
    out = io.StringIO()
    question = Question(message=user_message("hi"), opening=Opening(continue_latest=goes_on))
    await ask(services, question, "json", out, io.StringIO())
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def kept_in(home: Path) -> list[bytes]:
    """What the program wrote."""
    return [file.read_bytes() for file in home.rglob("*") if file.is_file() and file.name != "config.toml"]


@pytest.mark.parametrize(
    ("own", "everywhere", "reasoning", "words"),
    [
        ('thinking_tags = [["<mull>", "</mull>"]]', "", "hm", "Yes <think>"),
        ("", 'thinking_tags = [["<mull>", "</mull>"]]', "hm", "Yes <think>"),
        ("thinking_tags = []", 'thinking_tags = [["<mull>", "</mull>"]]', "", "<mull>hm</mull>Yes <think>"),
        ("", "", "", "<mull>hm</mull>Yes <think>"),
    ],
)
async def test_thoughts_are_told_by_the_tags_of_the_gateway(
    tmp_path: Path, own: str, everywhere: str, reasoning: str, words: str
) -> None:
    async with FaultGateway(say(TAGGED)) as gateway:
        services = wired(tmp_path, gateway, own, everywhere).services()
        answer = await answer_of(services)
        await services.close()

    assert (answer["reasoning"], answer["text"]) == (reasoning, words)


@pytest.mark.parametrize(
    ("own", "everywhere", "goes_back"),
    [
        ("", "", False),
        ('send_reasoning = "always"', "", True),
        ("", 'send_reasoning = "always"', True),
        ('send_reasoning = "never"', 'send_reasoning = "always"', False),
    ],
)
async def test_thoughts_go_back_with_the_next_question_where_that_was_chosen(
    tmp_path: Path, own: str, everywhere: str, goes_back: bool
) -> None:
    async with FaultGateway(say(THOUGHT)) as gateway:
        services = wired(tmp_path, gateway, own, everywhere).services()
        await answer_of(services)
        await answer_of(services, goes_on=True)
        await answer_of(services, goes_on=True)
        await services.close()

    messages = json.loads(gateway.callers[-1].body)["messages"]
    answers = [message for message in messages if message["role"] == "assistant"]
    assert [message.get("reasoning_content") for message in answers] == (["hm"] if goes_back else [None]) * 2
    assert [caller.line for caller in gateway.callers] == [
        "POST /ai/chat/completions?code=hush-hush HTTP/1.1",
    ] * 3


async def test_neither_the_query_nor_a_key_of_a_gateway_is_written_to_disk(tmp_path: Path) -> None:
    async with FaultGateway(say(THOUGHT)) as gateway:
        own = f'headers = {{ X-Sum = {{ command = ["{sys.executable}", "-c", "print(\'hush-\' * 3)"] }} }}'
        services = wired(tmp_path, gateway, own).services()
        await answer_of(services)
        await services.close()

    assert gateway.callers[0].header("X-Sum") == "hush-hush-hush-"
    assert gateway.callers[0].header("Authorization") is None
    contents = kept_in(tmp_path)
    assert contents
    assert not [content for content in contents if b"hush" in content]


async def test_a_running_chat_goes_on_through_a_gateway_by_its_name(tmp_path: Path) -> None:
    async with FaultGateway(say(THOUGHT)) as gateway:
        wiring = wired(tmp_path, gateway, 'headers = { X-Team = "red" }')
        elsewhere = wiring.connect("https://other.test/v1", "")
        back = wiring.connect_named("work")
        await answer_of(back)
        await elsewhere.completer.close()
        await back.close()

    assert elsewhere.default_model == ""
    assert (back.default_model, back.gateway.has_key) == ("m", True)
    assert gateway.callers[0].header("X-Team") == "red"
    with pytest.raises(SettingsError, match="no gateway wrok"):
        wiring.connect_named("wrok")


async def test_the_tools_of_the_demo_are_known_where_it_calls_them_and_nowhere_else(tmp_path: Path) -> None:
    wiring = load(CommandLine(), {"TUI_CHAT_HOME": str(tmp_path)})
    services = wiring.services()
    elsewhere = wiring.connect("http://127.0.0.1:9/v1", "")
    offering = replace(services, tools=(ToolDefinition("mine", "", {}),))
    assert [tool.name for tool in services.definitions] == ["get_weather", "search", "write_file"]
    assert not services.offered
    assert not elsewhere.definitions
    assert [tool.name for tool in offering.definitions] == ["mine"]
    await elsewhere.completer.close()
    await services.close()


async def test_a_key_that_is_typed_for_the_gateway_in_use_keeps_its_headers(tmp_path: Path) -> None:
    async with FaultGateway(say(THOUGHT)) as gateway:
        own = 'headers = { X-Team = "red" }\nauth = "X-Api-Key"\nkey_command = ["false"]'
        wiring = wired(tmp_path, gateway, own)
        services = wiring.connect(f"{gateway.base_url}?…", "the-key")
        await answer_of(services)
        await services.close()

    assert [gateway.callers[0].header(name) for name in ("X-Team", "X-Api-Key")] == ["red", "the-key"]


@pytest.mark.parametrize("is_apart", [False, True])
async def test_a_title_is_asked_of_the_model_of_the_settings_at_the_gateway_of_the_chat(
    tmp_path: Path, is_apart: bool
) -> None:
    async with FaultGateway(say(text("Because.") + END), say(text("Blue skies") + END)) as gateway:
        services = wired(tmp_path, gateway, everywhere='title_model = "cheap/model"').services()
        if is_apart:
            services.titles.run_with(lambda asking: asking.run_apart())
        conversation = OpenConversation(Session.new(services))
        conversation.submit("Why is the sky blue?")
        assert [event async for event in conversation.follow()]
        await asyncio.wait_for(services.titles.settled(), 10)
        title = conversation.session.conversation.title
        await services.close()

    assert title == "Blue skies"
    sent = json.loads(gateway.callers[1].body)
    assert sent["model"] == "cheap/model"
    assert "tools" not in sent
    assert gateway.callers[1].line == gateway.callers[0].line


def _tools(folder: Path, text: str = '[tools.{}]\nrun = ["true"]\n', name: str = "own") -> Path:
    file = folder / "tools.toml"
    file.write_text(text.replace("{}", name))
    return file


def test_tools_come_from_the_config_folder_the_settings_or_the_flag(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    environ = {"TUI_CHAT_HOME": str(home)}
    _tools(home, name="of_the_folder")
    assert [tool.name for tool in load(CommandLine(), environ).services().tools] == ["of_the_folder"]
    (home / "config.toml").write_text(f'tools = "{_tools(other, name="of_the_settings")}"\n')
    assert [tool.name for tool in load(CommandLine(), environ).services().tools] == ["of_the_settings"]
    (tmp_path / "flag.toml").write_text("[tools.of_the_flag]\n")
    flag = CommandLine(overrides={"tools": Override("--tools", str(tmp_path / "flag.toml"))})
    assert [tool.name for tool in load(flag, environ).services().tools] == ["of_the_flag"]


def test_a_broken_tool_is_a_problem_with_its_line_and_the_others_are_offered(tmp_path: Path) -> None:
    file = _tools(tmp_path, '[tools.a]\nrum = 1\n[tools.b]\nenabled = false\n[tools.c]\nrun = ["true"]\n')
    wiring = load(CommandLine(), {"TUI_CHAT_HOME": str(tmp_path)})
    (problem,) = [problem for problem in wiring.loaded.problems if problem.key.startswith("tools.")]
    assert (problem.where, problem.line) == (str(file), 2)
    assert [tool.name for tool in wiring.services().tools] == ["c"]


@pytest.mark.parametrize("text", ["[tools.x", "\0", None])
def test_a_tools_file_of_which_nothing_can_be_used_is_a_problem_and_the_program_goes_on_without(
    tmp_path: Path, text: str | None
) -> None:
    name = str(tmp_path / "mine.toml" if text is None else _tools(tmp_path, text))
    (tmp_path / "config.toml").write_text(f'tools = "{name}"\n')
    wiring = load(CommandLine(), {"TUI_CHAT_HOME": str(tmp_path)})
    (problem,) = wiring.loaded.problems
    assert problem.where == f"{tmp_path / 'config.toml'}:1"
    assert problem.message.startswith(name)
    assert problem.message.endswith("None of its tools is offered.")
    assert wiring.services().tools == ()
    flag = CommandLine(overrides={"tools": Override("--tools", name)})
    with pytest.raises(SettingsError, match="mine" if text is None else "tools"):
        load(flag, {"TUI_CHAT_HOME": str(tmp_path)}).services()


def test_a_project_runs_no_tool_before_it_was_agreed_to_and_none_that_was_changed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "work"
    (project / ".git").mkdir(parents=True)
    (project / ".tui-chat.toml").write_text('tools = "tools.toml"\n')
    (project / ".tui-chat.toml").chmod(0o644)
    _tools(project, name="agreed")
    monkeypatch.chdir(project)
    environ = {"TUI_CHAT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    before = load(CommandLine(), environ)
    assert before.services().tools == ()
    assert before.loaded.project is not None
    Consents(before.paths.consents_file).agree(before.loaded.project)
    agreed = load(CommandLine(), environ)
    _tools(project, name="changed")
    assert [tool.name for tool in agreed.services().tools] == ["agreed"]
    assert load(CommandLine(), environ).services().tools == ()


def test_what_is_kept_of_a_projects_tool_holds_for_the_files_that_were_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "work"
    (project / ".git").mkdir(parents=True)
    _tools(project, '[tools.{}]\nrun = ["./script"]\n', name="run")
    monkeypatch.chdir(project)
    environ = {"TUI_CHAT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}

    def tool_hash(text: str) -> str:
        (project / ".tui-chat.toml").write_text(text)
        (project / ".tui-chat.toml").chmod(0o644)
        before = load(CommandLine(), environ)
        assert before.loaded.project is not None
        Consents(before.paths.consents_file).agree(before.loaded.project)
        plan = load(CommandLine(), environ).services().tool_use.toolbox.plan(ToolCall("c1", "run", "{}"))
        assert isinstance(plan, ToolPlan)
        return plan.tool_hash

    first = tool_hash('tools = "tools.toml"\n')
    assert tool_hash('tools = "tools.toml"\nsystem = "Run it."\n') != first
    assert tool_hash('tools = "tools.toml"\n') == first


def test_a_project_starts_no_tool_server_before_it_was_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "work"
    (project / ".git").mkdir(parents=True)
    (project / ".tui-chat.toml").write_text('tools = "tools.toml"\n')
    (project / ".tui-chat.toml").chmod(0o644)
    _tools(project, '[mcp.{}]\ncommand = ["./server"]\n', name="agreed")
    monkeypatch.chdir(project)
    environ = {"TUI_CHAT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    before = load(CommandLine(), environ)
    assert not before.services().servers.is_waiting
    assert before.services().tool_use.runner is None
    assert before.loaded.project is not None
    Consents(before.paths.consents_file).agree(before.loaded.project)
    assert [view.name for view in load(CommandLine(), environ).services().servers.views] == ["agreed"]
    _tools(project, '[mcp.{}]\ncommand = ["./another"]\n', name="agreed")
    assert load(CommandLine(), environ).services().servers.views == ()


def test_a_project_file_cannot_hold_a_tool_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "work"
    (project / ".git").mkdir(parents=True)
    (project / ".tui-chat.toml").write_text('[tools.evil]\nrun = ["true"]\n')
    (project / ".tui-chat.toml").chmod(0o644)
    monkeypatch.chdir(project)
    environ = {"TUI_CHAT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    found = load(CommandLine(), environ)
    assert found.loaded.project is not None
    Consents(found.paths.consents_file).agree(found.loaded.project)
    wiring = load(CommandLine(), environ)
    assert wiring.services().tools == ()
    assert "must be the path of a tools file" in " ".join(map(str, wiring.loaded.problems))


def test_tools_of_a_project_count_once_it_is_agreed_to_in_the_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "work"
    (project / ".git").mkdir(parents=True)
    (project / ".tui-chat.toml").write_text('tools = "tools.toml"\n')
    (project / ".tui-chat.toml").chmod(0o644)
    _tools(project, '[tools.good]\nrun = ["true"]\n[tools.bad]\nrum = 1\n')
    monkeypatch.chdir(project)
    wiring = load(CommandLine(), {"TUI_CHAT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)})
    wiring.keeping.agree_to_project()
    assert [tool.name for tool in wiring.services().tools] == ["good"]
    assert [problem.key for problem in wiring.loaded.problems] == ["tools.bad.rum"]
