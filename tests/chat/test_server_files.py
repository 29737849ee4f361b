"""The tables `[mcp.NAME]` of a tools file."""

from pathlib import Path

import pytest

from tui_chat.chat.tool_files import read_tools
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.core.tool import Printed, Variable


def read(folder: Path, text: str) -> ToolsRead:
    file = folder / "tools.toml"
    file.write_text(text)
    return read_tools(file)


def test_a_server_is_a_command_or_an_address(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
[mcp.everything]
command = ["./server", "-y"]
folder = "work"
env = { TOKEN = { env = "MY_TOKEN" }, KEY = { command = ["pass", "show"] }, PLAIN = "text" }
tools = ["echo", "echo"]
timeout_s = 5
limit_kb = 0.5

[mcp.far]
url = "https://example.com/mcp"
headers = { Authorization = { env = "FAR_TOKEN" } }
enabled = false
""",
    )
    assert found.problems == ()
    near, far = found.servers
    assert near.command == (f"{tmp_path}/./server", "-y")
    assert near.folder == f"{tmp_path}/work"
    assert dict(near.env) == {"TOKEN": Variable("MY_TOKEN"), "KEY": Printed(("pass", "show")), "PLAIN": "text"}
    assert (near.tools, near.timeout_s, near.limit_kb, near.source) == (("echo",), 5, 1, f"{tmp_path}/tools.toml")
    assert (far.url, far.tools, far.is_enabled) == ("https://example.com/mcp", None, False)
    assert dict(far.headers) == {"Authorization": Variable("FAR_TOKEN")}


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ("", "mcp.x", "command or url"),
        ('command = ["a"]\nurl = "http://a"', "mcp.x.url", "one of the two"),
        ('command = "a b"', "mcp.x.command", "no shell"),
        ("command = []", "mcp.x.command", "no shell"),
        ('command = ["a"]\nheaders = { A = "b" }', "mcp.x.headers", "only beside url"),
        ('url = "http://a"\nenv = { A = "b" }', "mcp.x.env", "only beside command"),
        ('url = "file:///etc"', "mcp.x.url", "not an http or https address"),
        ('url = "http://"', "mcp.x.url", "not an http or https address"),
        ('url = "http://me:secret@a"', "mcp.x.url", "put them into headers"),
        ("url = 5", "mcp.x.url", "not an http or https address"),
        ('comand = ["a"]', "mcp.x.comand", "did you mean command?"),
        ('command = ["a"]\nenv = { A = { env = "SOLROUTER_API_KEY" } }', "mcp.x.env", "never goes to a tool server"),
        ('command = ["a"]\nenv = { A = { file = "b" } }', "mcp.x.env", "a text, { env"),
        ('command = ["a"]\nenv = { A = { command = "b" } }', "mcp.x.env", "a text, { env"),
        ('command = ["a"]\nenv = { "A=B" = "b" }', "mcp.x.env", "is no name"),
        ('url = "http://a"\nheaders = { Host = "b" }', "mcp.x.headers", "Host"),
        ('command = ["a"]\ntools = "echo"', "mcp.x.tools", "not an array of names"),
        ('command = ["a"]\ntimeout_s = 0', "mcp.x.timeout_s", "above 0"),
        ('command = ["a"]\nenabled = "no"', "mcp.x.enabled", "without quotes"),
    ],
)
def test_one_that_cannot_be_used_is_left_out_with_its_line(tmp_path: Path, lines: str, key: str, said: str) -> None:
    found = read(tmp_path, f'[mcp.good]\ncommand = ["a"]\n\n[mcp.x]\n{lines}\n')
    assert [server.name for server in found.servers] == ["good"]
    (problem,) = found.problems
    assert (problem.key, problem.message.endswith("; the server is left out")) == (key, True)
    assert said in problem.message
    assert problem.line is not None
    assert problem.line >= 4
    assert "secret" not in problem.message


@pytest.mark.parametrize("name", ['"a.b"', '""', '"a b"'])
def test_the_name_of_a_server_has_no_dot(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, f'[mcp.{name}]\ncommand = ["a"]\n').servers == ()
