"""Tools files: what is read of them. A broken definition is said with its line, and keeps no other from working."""

import json
from pathlib import Path

import pytest

from tui_chat.chat.tool_files import read_tools, reader_of
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.core.errors import SettingsError
from tui_chat.core.tool import CommandRecipe, HttpRecipe, Variable

_GOOD = '[tools.good]\nrun = ["true"]\n'


def read(folder: Path, text: str, name: str = "tools.toml") -> ToolsRead:
    file = folder / name
    file.write_text(text)
    return read_tools(file)


def test_a_tool_of_each_kind_is_read(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text('{"type": "object", "properties": {"city": {"type": "string"}}}')
    found = read(
        tmp_path,
        """
[tools.disk_usage]
description = "How much a folder takes."
parameters = { type = "object", properties = { path = { type = "string" } }, required = ["path"] }
run = ["du", "-sh", "--", "{path}"]
timeout_s = 10
limit_kb = 8
memory_mb = 64
folder = "work"
env = { MODE = "x", TOKEN = { env = "MY_TOKEN" } }

[tools.weather]
parameters = "schema.json"
url = "https://api.example.com/{city}"
headers = { Authorization = { env = "MY_TOKEN" }, X-City = "{city}", Accept = "text/plain" }
method = "post"

[tools.mood]
enabled = false
""",
    )
    assert found.problems == ()
    disk, weather, mood = found.tools
    assert disk.definition.description == "How much a folder takes."
    assert (disk.timeout_s, disk.limit_kb, disk.runs, disk.is_enabled) == (10, 8, "command", True)
    env = (("MODE", "x"), ("TOKEN", Variable("MY_TOKEN")))
    assert disk.recipe == CommandRecipe(("du", "-sh", "--", "{path}"), str(tmp_path / "work"), env, 64)
    assert weather.definition.parameters["properties"] == {"city": {"type": "string"}}
    assert isinstance(weather.recipe, HttpRecipe)
    assert (weather.recipe.method, weather.recipe.headers[1]) == ("POST", ("X-City", "{city}"))
    assert (mood.runs, mood.is_enabled) == ("person", False)


def test_a_program_with_a_slash_lies_where_the_file_is(tmp_path: Path) -> None:
    (tool,) = read(tmp_path, '[tools.t]\nrun = ["./bin/x"]\n').tools
    assert isinstance(tool.recipe, CommandRecipe)
    assert tool.recipe.argv == (f"{tmp_path}/./bin/x",)


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (['rum = ["x"]'], 2, "did you mean run?"),
        (['run = "du -sh"'], 2, "there is no shell"),
        (["run = []"], 2, "names no program"),
        (['description = ""', 'run = ["x", "{nope}"]'], 3, "{nope} is no property"),
        (['run = ["x"]', 'url = "http://h/"'], 3, "run or url, not both"),
        (['folder = "x"'], 2, "only beside run"),
        (['method = "GET"'], 2, "only beside url"),
        (['url = "http://h/"', 'method = "STEAL"'], 3, "none of GET"),
        (['url = "http://{x}/"'], 2, "cannot stand in the host"),
        (['url = "http://h/"', 'headers = { Host = "x" }'], 3, "Host"),
        (['url = "http://h/"', 'headers = { X = "a\\nb" }'], 3, "line break"),
        (['url = "http://h/"', 'headers = { X = { command = ["x"] } }'], 3, "X: a text"),
        (["timeout_s = 0"], 2, "above 0"),
        (["timeout_s = true"], 2, "above 0"),
        (["limit_kb = 1e9"], 2, "up to"),
        (['run = ["x"]', "memory_mb = 0"], 3, "above 0"),
        (["memory_mb = 64"], 2, "only beside run"),
        (['enabled = "no"'], 2, "true or false"),
        (["description = 5"], 2, "not a text"),
        (['parameters = { type = "array" }'], 2, 'not a JSON Schema of type "object"'),
        (["parameters = { properties = { a = 5 } }"], 2, "the property"),
        (["parameters = { required = 5 }"], 2, "not an array of names"),
        (["parameters = { default = 2020-01-01 }"], 2, "JSON has no value"),
        (['parameters = "missing.json"'], 2, "cannot be read"),
        (['parameters = "bad.json"'], 2, "bad.json, line 2: not JSON"),
        (['run = ["x"]', 'env = { "A=B" = "x" }'], 3, "is no name"),
        (['run = ["x"]', "env = { A = 5 }"], 3, "A: a text"),
    ],
)
def test_a_broken_definition_is_left_out_and_said_with_its_line(
    tmp_path: Path, lines: list[str], line: int, words: str
) -> None:
    (tmp_path / "bad.json").write_text('{\n"type" "object"}')
    found = read(tmp_path, "\n".join(["[tools.bad]", *lines, _GOOD]))
    assert [tool.name for tool in found.tools] == ["good"]
    (problem,) = found.problems
    assert (problem.where, problem.line) == (str(tmp_path / "tools.toml"), line)
    assert words in problem.message
    assert problem.key.startswith("tools.bad")


def test_what_is_no_tool_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, f'tool = 5\n[tools."no good"]\nrun = ["x"]\n{_GOOD}[mcp."no good"]\ncommand = ["npx"]\n')
    assert [tool.name for tool in found.tools] == ["good"]
    assert [problem.key for problem in found.problems] == ["tool", "tools.no good", "mcp.no good"]
    assert [problem.message.rpartition("; ")[2] for problem in found.problems[1:]] == [
        "the tool is left out",
        "the server is left out",
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("tools.toml", "[tools.x]\nrun = [\n", "line 2: not TOML"),
        ("tools.json", '[\n{"type": }\n]', "line 2: not JSON"),
        ("tools.json", "{}", "not an array"),
        ("tools.json", "\ud800", "not text in UTF-8"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_an_error(tmp_path: Path, name: str, text: str, words: str) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SettingsError) as refused:
        read_tools(file)
    assert words in refused.value.failure.message


def test_json_has_its_lines_too(tmp_path: Path) -> None:
    good = json.dumps({"type": "function", "function": {"name": "a"}})
    found = read(tmp_path, f'[\n  {good},\n\n  {{"function": 5}}, {good},\n  {{\n"type": "x"}}\n]', "tools.json")
    assert [tool.name for tool in found.tools] == ["a"]
    assert [(problem.line, problem.key) for problem in found.problems] == [(4, "tool 2"), (4, "tool 3"), (5, "tool 4")]


def test_files_that_were_agreed_to_are_read_as_they_were_then_and_no_others(tmp_path: Path) -> None:
    file = tmp_path / "x" / ".." / "tools.toml"
    agreed = {
        file: b'[tools.a]\nparameters = "s.json"\n[tools.b]\nparameters = "other.json"\n',
        tmp_path / "s.json": b"{}",
    }
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "tools.toml").write_text('[tools.changed]\nrun = ["evil"]\n')
    found = read_tools(file, reader_of(agreed))
    assert [tool.name for tool in found.tools] == ["a"]
    assert "not among the files that were agreed to" in found.problems[0].message
