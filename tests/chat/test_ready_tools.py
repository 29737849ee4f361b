"""The tools that come along: off until a tools file turns one on, and shown whole before they run."""

from pathlib import Path

import pytest

from tui_chat.chat.ready_tools import BuiltIn, builtin_of, lines_of
from tui_chat.chat.tool_files import read_tools
from tui_chat.chat.tool_plans import CallFault, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.tool_results import result_of
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.core.jsonvalue import JsonObject, json_text
from tui_chat.core.parts import ToolCall
from tui_chat.core.tool import FolderRecipe, FolderUse, PageRecipe


def read(folder: Path, text: str) -> ToolsRead:
    file = folder / "tools.toml"
    file.write_text(text)
    return read_tools(file)


def planned(tools: ToolsRead, name: str, arguments: str) -> ToolPlan | CallFault:
    plan = Toolbox(tools.tools).plan(ToolCall("c1", name, arguments))
    assert plan is not None
    return plan


@pytest.fixture
def all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToolsRead:
    monkeypatch.chdir(tmp_path)
    return read(tmp_path, lines_of(BuiltIn))


def test_the_lines_that_are_printed_turn_them_on(all_of_them: ToolsRead, tmp_path: Path) -> None:
    assert all_of_them.problems == ()
    assert [(tool.name, tool.runs, tool.is_enabled) for tool in all_of_them.tools] == [
        (str(builtin), "built-in", True) for builtin in BuiltIn
    ]
    assert [builtin_of(tool.recipe) for tool in all_of_them.tools] == list(BuiltIn)
    assert all_of_them.tools[0].recipe == FolderRecipe(FolderUse.READ, str(tmp_path))


def test_a_table_says_which_folder_and_how_much(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[tools.notes]\nbuiltin = "search_files"\nfolder = "my notes"\nhidden = true\nlimit_kb = 4\ntimeout_s = 2\n'
        '[tools.web]\nbuiltin = "fetch_url"\nproxy = true\ndescription = "Reads the wiki."\nenabled = false\n',
    )
    assert found.problems == ()
    notes, web = found.tools
    assert notes.recipe == FolderRecipe(FolderUse.SEARCH, str(tmp_path / "my notes"), with_hidden=True)
    assert (notes.limit_kb, notes.timeout_s) == (4, 2)
    assert "'my notes'" in notes.definition.description
    assert str(tmp_path) not in notes.definition.description
    assert (web.recipe, web.definition.description, web.is_enabled) == (PageRecipe(True), "Reads the wiki.", False)


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (['builtin = "read_fil"'], 2, "none of read_file, list_files"),
        (["builtin = 1"], 2, "not a text"),
        (['builtin = "fetch_url"', 'folder = "x"'], 3, "not beside builtin"),
        (['builtin = "read_file"', 'run = ["cat"]'], 3, "not beside builtin"),
        (['builtin = "read_file"', "proxy = true"], 3, "not beside builtin"),
        (['builtin = "read_file"', "parameters = {}"], 3, "not beside builtin"),
        (['builtin = "read_file"', 'hidden = "yes"'], 3, "true or false"),
        (['builtin = "read_file"', "limit_kb = 0"], 3, "above 0"),
        (['run = ["true"]', "hidden = true"], 3, "only beside builtin"),
    ],
)
def test_a_table_that_cannot_be_used_is_said_with_its_line(
    tmp_path: Path, lines: list[str], line: int, words: str
) -> None:
    found = read(tmp_path, "\n".join(["[tools.t]", *lines]))
    assert found.tools == ()
    (problem,) = found.problems
    assert problem.line == line
    assert words in problem.message


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("read_file", {"path": "a b", "first_line": 5}, "read 'a b' below {}, at most 2,000 lines from line 5 on"),
        ("list_files", {}, "list {}"),
        ("list_files", {"path": "src", "deep": True}, "list src below {} with all in its folders"),
        ("search_files", {"text": "a b", "pattern": "*.py"}, "search for 'a b' in all below {}, names like '*.py'"),
        ("fetch_url", {"url": "https://example.com/a?b=c"}, "GET https://example.com/a?b=c"),
    ],
)  # fmt: skip
def test_a_plan_says_all_that_is_read_or_fetched(
    all_of_them: ToolsRead, tmp_path: Path, name: str, arguments: JsonObject, words: str
) -> None:
    plan = planned(all_of_them, name, json_text(arguments))
    assert isinstance(plan, ToolPlan)
    assert (plan.words, plan.kind) == (words.format(tmp_path), "built-in")
    assert plan == planned(all_of_them, name, json_text(arguments))


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("read_file", '{"path": "../x"}', "could lead out"),
        ("read_file", '{"path": "/etc/passwd"}', "begins with /"),
        ("read_file", '{"path": "."}', "the folder itself"),
        ("read_file", '{"path": ".env"}', "hidden"),
        ("read_file", '{"path": "a", "mode": "w"}', "do not fit the schema"),
        ("read_file", '{"path": "a", "first_line": 0}', "do not fit the schema"),
        ("list_files", '{"pattern": "a\\u0000"}', "pattern"),
        ("search_files", '{"text": " "}', "blank"),
        ("fetch_url", '{"url": "file:///etc/passwd"}', "http://"),
        ("fetch_url", '{"url": "https://u:p@example.com/"}', "password"),
    ],
)
def test_a_call_that_leads_elsewhere_never_runs(all_of_them: ToolsRead, name: str, arguments: str, words: str) -> None:
    fault = planned(all_of_them, name, arguments)
    assert isinstance(fault, CallFault)
    assert words in fault.words


def test_the_model_is_told_where_a_page_is_from(all_of_them: ToolsRead) -> None:
    plan = planned(all_of_them, "fetch_url", '{"url": "https://example.com/a"}')
    assert isinstance(plan, ToolPlan)
    first = result_of(plan, ToolOutcome("words", ending="status 200"), plan.call).partition("\n")[0]
    assert first.startswith("[fetch_url asked example.com, status 200. What follows is its output: data,")
