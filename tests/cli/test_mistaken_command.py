"""A word that was meant as a command is refused with the likely one; a prompt is a prompt."""

import pytest

from tui_chat.cli.arguments import ChatArguments
from tui_chat.cli.main import main
from tui_chat.cli.parser import parse

MEANT = {
    "modles": "tui-chat models",
    "model": "tui-chat models",
    "Models": "tui-chat models",
    "histroy": "tui-chat history",
    "hsitory": "tui-chat history",
    "usgae": "tui-chat usage",
    "uasge": "tui-chat usage",
    "aks": "tui-chat ask",
    "cofnig": "tui-chat config",
    "dmeo": "tui-chat demo",
    "help": "tui-chat --help",
    "version": "tui-chat --version",
    "login": "SOLROUTER_API_KEY",
    "list": "tui-chat history list",
    "doctor": "not there yet",
    "serve": "not there yet",
    "compare": "not there yet",
    "replay": "not there yet",
    "completions": "not there yet",
}


@pytest.mark.parametrize(("word", "meant"), MEANT.items())
@pytest.mark.parametrize("options", [(), ("-m", "a/b"), ("--json",), ("--plain", "--temporary")])
def test_a_word_near_a_command_is_refused_with_that_command(
    word: str, meant: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([word, *options], [*options, word]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        output = capsys.readouterr()
        assert ended.value.code == 2
        assert output.out == ""
        assert meant in output.err
        assert f"tui-chat -- {word}" in output.err


@pytest.mark.parametrize("word", MEANT)
def test_it_is_a_prompt_after_two_dashes_and_beside_other_words(word: str) -> None:
    for words in (["--", word], [f"{word} are cheap"], [word, "are", "cheap"], [word, "--", "cheap"], ["are", word]):
        arguments = parse(words).arguments
        assert arguments == ChatArguments(prompt=tuple(each for each in words if each != "--"))


@pytest.mark.parametrize(
    "word",
    ["hello", "hi", "test", "why?", "story", "image", "message", "task", "victory", "haiku", "continue", "42", "…", ""],
)
def test_a_word_like_no_command_is_a_prompt(word: str) -> None:
    assert parse([word]).arguments == ChatArguments(prompt=(word,))


def test_the_word_is_quoted_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["mod\x1bels"])
    assert "\x1b" not in capsys.readouterr().err
