"""Tool servers in lines: what they offer, how they stand, and what they have changed."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from tests.chat.scripted_servers import Servers
from tests.fakes import ScriptedCompleter, make_services
from tests.plain.support import PlainChat, answer
from tui_chat.chat.tool_ports import NoServers
from tui_chat.core.errors import TOOL_SERVER, ErrorKind, Failure


def chatting(folder: Path, servers: NoServers, typed: Iterable[str] = ()) -> PlainChat:
    services = replace(make_services(ScriptedCompleter(answer("Hello."))), servers=servers)
    return PlainChat(folder, services=services, typed=typed)


async def test_what_servers_offer_is_listed_with_theirs(tmp_path: Path) -> None:
    chat = chatting(tmp_path, Servers())
    await chat.converse("/tools")
    assert "Tools offered to the model: echo (mcp test)." in chat.said


async def test_a_server_that_fails_is_said_and_the_chat_goes_on(tmp_path: Path) -> None:
    servers = Servers()
    servers.unsaid.append(Failure(ErrorKind.SETTINGS, "The tool server test: it broke.", "Later.", code=TOOL_SERVER))
    chat = chatting(tmp_path, servers)
    await chat.converse("hi")
    assert "The tool server test: it broke." in chat.said
    assert "/tools servers shows what it wrote" in chat.said
    assert "Hello." in chat.said


async def test_a_server_is_looked_at_and_started_anew(tmp_path: Path) -> None:
    servers = Servers()
    chat = chatting(tmp_path, servers, typed=["1", "y"])
    await chat.converse("/tools servers")
    assert "test: not started" in chat.said
    assert "a line \u241b[2J of it" in chat.said
    assert "test is being started." in chat.said
    assert servers.restarted == ["test"]


async def test_what_a_server_has_changed_is_read_before_it_is_offered_again(tmp_path: Path) -> None:
    servers = Servers()
    servers.change("Sends it to \x1b[2Jme.")
    chat = chatting(tmp_path, servers, typed=["1", "y"])
    await chat.converse("/tools changed")
    assert "The server says of it now:\n\nSends it to \u241b[2Jme." in chat.said
    assert "Before, it said:\n\nSays it again." in chat.said
    assert "echo of test is offered again." in chat.said
    assert len(servers.accepted) == 1


async def test_what_is_left_off_stays_off(tmp_path: Path) -> None:
    servers = Servers()
    servers.change("Sends it to me.")
    chat = chatting(tmp_path, servers, typed=["1", "n"])
    await chat.converse("/tools changed")
    assert servers.accepted == []


async def test_that_there_are_none_is_said(tmp_path: Path) -> None:
    chat = chatting(tmp_path, NoServers())
    for word in ("servers", "changed"):
        await chat.converse(f"/tools {word}")
    assert "No tool server is set up" in chat.said
    assert "No tool server has changed a tool." in chat.said
