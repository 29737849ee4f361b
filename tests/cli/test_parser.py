"""The command line as values: one table of flags, the same options everywhere, the command wherever it stands."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from tui_chat.cli.arguments import (
    ARGUMENTS,
    AskArguments,
    ChatArguments,
    ConfigArguments,
    DemoArguments,
    HistoryExport,
    HistoryList,
    HistoryRename,
    HistorySearch,
    Invocation,
    ModelsArguments,
    UsageArguments,
)
from tui_chat.cli.commands import MEANINGS, POSITIONALS, Subcommand
from tui_chat.cli.flags import FLAGS, TAKES_VALUE, Flag, flags_of
from tui_chat.cli.parser import parse
from tui_chat.settings.command_line import CommandLine, Override
from tui_chat.settings.model import BY_KEY

SHARED = [flag for flag in FLAGS if flag.is_shared]
LEAST_WORDS = {"history show": ["ID"], "history export": ["ID"], "history delete": ["ID"], "history import": ["FILE"],
               "history rename": ["ID", "NAME"], "history archive": ["ID"], "history restore": ["ID"],
               "history search": ["WORDS"], "history tree": ["ID"], "history backup": ["PATH"]}  # fmt: skip


def given(flag: Flag, name: str) -> list[str]:
    return [name, "some"] if flag.takes_value else [name]


def least(command: Subcommand) -> list[str]:
    """The shortest command line that names the command."""
    return [*command.value.split(), *LEAST_WORDS.get(command.value, [])]


def refused(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err


@pytest.mark.parametrize("command", Subcommand)
@pytest.mark.parametrize("flag", SHARED, ids=lambda flag: flag.long_name)
def test_every_command_takes_every_shared_option_on_either_side(command: Subcommand, flag: Flag) -> None:
    for name in flag.names:
        for words in ([*given(flag, name), *least(command)], [*least(command), *given(flag, name)]):
            invocation = parse(words)
            assert type(invocation.arguments) is ARGUMENTS[command]
            if flag.setting and flag in flags_of(command):
                expected = Override(flag.long_name, "some" if flag.takes_value else True)
                assert invocation.command_line.overrides == {flag.setting: expected}


@pytest.mark.parametrize("command", Subcommand)
def test_help_lists_the_options_that_mean_something(command: Subcommand, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([*command.value.split(), "--help"])
    shown = capsys.readouterr().out

    assert not ended.value.code
    listed = {word.strip("[],") for word in shown.split()}
    for flag in flags_of(command):
        assert set(flag.names) <= listed or command not in flag.commands
        assert not set(flag.names) & listed or command in flag.commands


def test_a_name_takes_a_value_everywhere_or_nowhere() -> None:
    for flag in FLAGS:
        assert {TAKES_VALUE[name] for name in flag.names} == {flag.takes_value}


def test_every_value_has_a_field_and_every_override_a_setting() -> None:
    on_every_line = set(CommandLine.__struct_fields__)
    for flag in FLAGS:
        assert not flag.setting or flag.setting in BY_KEY
        for command in flag.commands if not flag.is_shared else ():
            own = set(ARGUMENTS[command].__struct_fields__)
            assert flag.setting or flag.field in own | on_every_line
    for command, positionals in POSITIONALS.items():
        assert {each.field for each in positionals} <= set(ARGUMENTS[command].__struct_fields__)


def test_every_command_has_a_meaning_and_arguments() -> None:
    assert set(MEANINGS) == set(ARGUMENTS) == set(Subcommand)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("", ChatArguments()),
        ("-c", ChatArguments(continue_latest=True)),
        ("-m a/b ask hi", AskArguments(prompt=("hi",), model="a/b")),
        ("-cm a/b ask hi", AskArguments(prompt=("hi",), model="a/b", continue_latest=True)),
        ("-ma/b ask hi", AskArguments(prompt=("hi",), model="a/b")),
        ("--model=a/b ask hi", AskArguments(prompt=("hi",), model="a/b")),
        ("-m ask hi", ChatArguments(prompt=("hi",), model="ask")),
        ("ask -f a -f b -- -x", AskArguments(prompt=("-x",), files=("a", "b"))),
        ("ask why --json not", AskArguments(prompt=("why", "not"), form="json")),
        ("ask --max-cost $0.5 --timeout 2 x", AskArguments(("x",), max_cost_usd=Decimal("0.5"), timeout_s=2.0)),
        ("-- ask hi", ChatArguments(prompt=("ask", "hi"))),
        ("hi ask", ChatArguments(prompt=("hi", "ask"))),
        ("models --refresh gpt --json mini", ModelsArguments(("gpt", "mini"), refresh=True, as_json=True)),
        ("--json history --limit 3 list", HistoryList(limit=3, as_json=True)),
        ("history search -- --json", HistorySearch(words=("--json",))),
        ("history export ID --json -o x", HistoryExport("ID", format="json", output="x")),
        ("history export --format json ID", HistoryExport("ID", format="json")),
        ("history search tea --model a -m b --role me", HistorySearch(("a", "b"), words=("tea",), role="user")),
        ("history list --since 2026-11-23 --label x", HistoryList(since=date(2026, 11, 23), labels=("x",))),
        ("history rename ID a name", HistoryRename("ID", ("a", "name"))),
        ("usage --days 7", UsageArguments(days=7)),
        ("usage --by Month,day,month --csv", UsageArguments(by=("month", "day"), form="csv")),
        ("config path", ConfigArguments(what="path")),
        ("demo --port 0", DemoArguments(port=0)),
    ],
)  # fmt: skip
def test_words_become_arguments(words: str, arguments: object) -> None:
    assert parse(words.split()).arguments == arguments


def test_what_counts_before_any_command_is_apart() -> None:
    invocation = parse(["ask", "--temporary", "--config", "my.toml", "--retries", "0", "hi"])
    line = CommandLine({"retries": Override("--retries", 0)}, config_file="my.toml", is_temporary=True)
    assert invocation == Invocation(line, AskArguments(prompt=("hi",)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ask --nonsense", "--nonsense"),
        ("ask -m", "expected one argument"),
        ("ask --json --stream-json hi", "not allowed with"),
        ("ask --timeout 0 hi", "above 0"),
        ("ask --max-cost much hi", "US dollars"),
        ("usage --days many", "whole number"),
        ("usage what", "unrecognized arguments: what"),
        ("config file", "path"),
        ("history", "list, show, tree, search, export, import, rename, archive, restore, delete"),
        ("history lsit", "tui-chat history list"),
        ("history zzz --json", "list, show, tree, search, export, import, rename, archive, restore, delete"),
        ("history show", "ID"),
        ("history export --format pdf ID", "markdown"),
        ("models --port 1", "--port"),
        ("ask --resume= hi", "an id is needed"),
        ("demo --port 65536", "from 0 to 65535"),
    ],
)
def test_what_cannot_be_understood_is_wrong_use(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in refused(words.split(), capsys)


def test_what_was_typed_is_quoted_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["ask", "--x\x1b[31m"], ["history", "x\x1b[31m"], ["usage", "--days", "\x9b31m"]):
        said = refused(words, capsys)
        assert "\x1b" not in said
        assert "\x9b" not in said
