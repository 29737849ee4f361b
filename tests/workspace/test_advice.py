"""What to do about a failure, as each front end does it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import tui_chat
from tui_chat.cli.main import main
from tui_chat.core.ending import Ending, NextStep
from tui_chat.core.errors import NO_MODEL, WRONG_ID, ErrorKind, Failure
from tui_chat.core.given import TAKES_NONE
from tui_chat.store.lookup import not_there
from tui_chat.workspace.advice import Audience, advise, advise_on
from tui_chat.workspace.command_table import names_for
from tui_chat.workspace.front_end import FrontEnd

SLASH_WORD = re.compile(r"(?<![\w/.])/([a-z]+)\b")
FAILURES = [
    Failure(kind, "It failed.", "Mend it.", retryable, code=code)
    for kind in ErrorKind
    for retryable in (False, True)
    for code in (None, NO_MODEL, *TAKES_NONE.values())
]


@cache
def strings_of(file: Path, about: str) -> list[str]:
    """Every text in the code of a module that is no docstring; none where the module says nothing like `about`."""
    code = file.read_text()
    if not re.search(about, code):
        return []
    nodes = list(ast.walk(ast.parse(code)))
    documents = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in documents]
    return [node.value for node in texts if isinstance(node.value, str)]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_the_advice_of_a_failure_comes_first_and_once(failure: Failure) -> None:
    for front_end in Audience:
        assert advise(failure, front_end).startswith("Mend it.")
        assert advise(failure, front_end).count("Mend it.") == 1


def test_an_id_that_nothing_has_names_the_list_of_the_place_where_it_was_typed() -> None:
    failure = not_there("zzz", WRONG_ID).failure
    assert advise(failure, Audience.CHAT) == "/resume lists those there are."
    assert "tui-chat history list" in advise(failure, Audience.SHELL)


def test_the_chat_names_commands_that_it_has() -> None:
    named = {word for failure in FAILURES for word in SLASH_WORD.findall(advise(failure, Audience.CHAT))}

    assert {"retry", "connect", "models", "model"} <= named
    assert named <= set(names_for(FrontEnd.SCREEN))
    assert named <= set(names_for(FrontEnd.PLAIN))


def test_the_shell_names_flags_and_commands_that_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ask", "--help"])
    flags = capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = capsys.readouterr().out

    for failure in FAILURES:
        advice = advise(failure, Audience.SHELL)
        assert not SLASH_WORD.search(advice)
        for flag in re.findall(r"(?<!\w)--?[a-z][a-z-]*", advice):
            assert re.search(rf"(?<![\w-]){flag}\b", flags), advice
        for command in re.findall(r"tui-chat ([a-z]+)", advice):
            assert f"  {command} " in commands, advice


def test_advice_of_earlier_versions_names_its_commands_already() -> None:
    kept = Failure(ErrorKind.RATE_LIMIT, "Slow.", "Wait a little and ask again with /retry, or choose another model.")

    assert advise(kept, Audience.CHAT) == kept.advice


def test_an_address_is_no_command() -> None:
    failure = Failure(ErrorKind.AUTHENTICATION, "No.", "See https://example.org/models for keys.")

    assert advise(failure, Audience.CHAT).endswith("/connect enters another key.")


@pytest.mark.parametrize("step", NextStep)
def test_every_ending_says_what_to_do_where_it_is_read(step: NextStep) -> None:
    ending = Ending("Ended", next_step=step)

    assert advise_on(ending, Audience.CHAT)
    assert advise_on(ending, Audience.SHELL)
    assert not SLASH_WORD.search(advise_on(ending, Audience.SHELL))
    assert advise_on(Ending("Stopped"), Audience.SHELL) == ""


@pytest.mark.parametrize("floor", ["core", "providers", "client", "store", "chat", "ask", "transcripts", "cli"])
def test_no_floor_below_the_chat_names_its_commands(floor: str) -> None:
    package = Path(tui_chat.__file__).parent / floor
    command = re.compile(r"(?<![\w/.])/(?:retry|connect)\b|(?:with|use|or) /models?\b")  # /models is an address too
    files = package.rglob("*.py")

    assert [text for file in files for text in strings_of(file, "/(retry|connect|model)") if command.search(text)] == []


def test_no_advice_names_a_command_of_the_shell_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = capsys.readouterr().out
    package = Path(tui_chat.__file__).parent
    named = {
        command
        for file in package.rglob("*.py")
        for text in strings_of(file, "tui-chat")
        for command in re.findall(r"`tui-chat ([a-z]+)", text)
    }

    assert [command for command in named if f"  {command} " not in commands] == []
