"""Tool servers on the screen: what they offer, how they stand, and what they have changed."""

from functools import partial
from pathlib import Path

from msgspec.structs import replace

from tests.chat.scripted_servers import Servers
from tests.fakes import ScriptedCompleter, make_services
from tests.ui.support import chat_app, notes, press, running, send, until
from tests.workspace.test_deciding import Runner, asking
from tui_chat.chat.policy import Breadth, Permission
from tui_chat.chat.session import Session
from tui_chat.chat.tool_plans import Toolbox, ToolPlan
from tui_chat.chat.tool_ports import NoServers
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import user_message
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.ui.dialogs.names_list import NamesList
from tui_chat.ui.panes.call_decision import Questions
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import plan_if_waiting


def with_servers(folder: Path, servers: NoServers):  # type: ignore[no-untyped-def]  # what chat_app gives
    return chat_app(folder, services=replace(make_services(), servers=servers))


def inspector_words(chat: ChatScreen) -> str:
    label = chat.query("#call-none").first(RowsLabel)
    return "\n".join("".join(text for _, text in row) for row in label.rows)


async def test_the_inspector_starts_servers_and_lists_what_they_offer(tmp_path: Path) -> None:
    servers = Servers()
    async with running(with_servers(tmp_path, servers), (100, 36)) as (chat, pilot):
        assert servers.prepared == 0
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "1 tool is offered." in inspector_words(chat))
        assert servers.prepared == 1


async def test_a_call_that_waited_for_its_server_can_be_run_once_that_is_there(tmp_path: Path) -> None:
    servers = Servers()
    completer = ScriptedCompleter(asking(("echo", "{}")))
    use = ToolUse(Runner(), toolbox=Toolbox((), servers))
    services = replace(make_services(completer), servers=servers, tool_use=use)
    conversation = OpenConversation(Session.new(services))
    conversation.ask(user_message("hi"))
    servers.prepared = 1  # as after a new start of the program: nobody needed the server yet
    async for _ in conversation.turn():
        pass
    (call,) = conversation.calls.calls
    questions = Questions(partial(plan_if_waiting, conversation), lambda: None)
    assert questions.planned(call) is None
    await servers.prepare()
    planned = questions.planned(call)
    assert isinstance(planned, ToolPlan)
    assert planned.words == "test · echo {}"


async def test_a_server_is_looked_at_and_started_anew(tmp_path: Path) -> None:
    servers = Servers()
    async with running(with_servers(tmp_path, servers), (100, 36)) as (chat, pilot):
        await send(pilot, chat, "/tools servers")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss("test")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: "test is being started." in notes(chat.app))
        assert servers.restarted == ["test"]


async def test_a_changed_tool_is_offered_again_once_it_was_looked_at_and_asks_again(tmp_path: Path) -> None:
    servers = Servers()
    await servers.prepare()
    async with running(with_servers(tmp_path, servers), (100, 36)) as (chat, pilot):
        await send(pilot, chat, "/tools changed")
        await until(pilot, lambda: "No tool server has changed a tool." in notes(chat.app))
        allowed = chat.conversation.session.approvals.permissions
        for name in ("echo", "other"):
            allowed.allow(Permission(name, Breadth.CONVERSATION))
        servers.change("Sends it to me.")
        await send(pilot, chat, "/tools changed")
        await until(pilot, lambda: isinstance(chat.app.screen, NamesList))
        chat.app.screen.dismiss("test \u00b7 echo")
        await until(pilot, lambda: isinstance(chat.app.screen, ChoiceDialog))
        chat.app.screen.dismiss(True)
        await until(pilot, lambda: "echo of test is offered again." in notes(chat.app))
        assert [changed.tool.definition.description for changed in servers.accepted] == ["Sends it to me."]
        assert [each.name for each in allowed.given] == ["other"]


async def test_that_there_are_none_is_said(tmp_path: Path) -> None:
    async with running(with_servers(tmp_path, NoServers())) as (chat, pilot):
        await send(pilot, chat, "/tools servers")
        await until(pilot, lambda: "No tool server is set up" in notes(chat.app))
