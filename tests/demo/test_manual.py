"""The manual and the guide that quotes it."""

import re

import pytest

from tests.demo.asking import ask, demo_gateway
from tui_chat.demo.catalogue import MODELS
from tui_chat.manual import Page, Section, pages, read
from tui_chat.manual.search import Answered, Unanswered, look_up
from tui_chat.settings.model import SETTINGS
from tui_chat.ui.commands.table import COMMANDS as ON_SCREEN
from tui_chat.workspace.command_table import COMMANDS


def by_title(title: str) -> Section:
    return next(section for page in pages() for section in page.sections if section.title == title)


def test_every_page_has_a_title_and_sections() -> None:
    for page in pages():
        assert page.text.startswith(f"# {page.title}\n")
        assert any(section.title for section in page.sections)
        assert all(section.text for section in page.sections)


def test_a_heading_inside_code_is_code() -> None:
    page = read("x", "# Title\n\nintro\n\n## One\n\n```\n# no title\n## no section\n```\n")

    assert page == Page(
        "x",
        "Title",
        page.text,
        (Section("", "intro"), Section("One", "```\n# no title\n## no section\n```")),
    )


def test_every_setting_is_in_the_manual() -> None:
    text = next(page.text for page in pages() if page.slug == "settings-and-files")

    assert [setting.key for setting in SETTINGS if f"`{setting.key}`" not in text] == []


def test_the_manual_names_every_command_and_none_that_is_not_there() -> None:
    text = "\n".join(page.text for page in pages())
    named = set(re.findall(r"`/([a-z]+)(?=[` ])", text))  # what goes on otherwise is a path

    assert named - {name for command in COMMANDS for name in (command.slash, *command.aliases)} == set()
    assert {command.slash for command in COMMANDS if command.slash} - named == set()


def test_the_keys_page_has_every_usual_key() -> None:
    text = next(page.text for page in pages() if page.slug == "keys").lower()

    keys = {key for command in ON_SCREEN for key in command.keys.split(",") if re.fullmatch(r"ctrl\+[a-z]|f\d+", key)}
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_every_listed_model_is_in_the_manual() -> None:
    text = next(page.text for page in pages() if page.slug == "getting-started")

    assert [model.id for model in MODELS if f"`{model.id}`" not in text] == []


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("How do I stop an answer?", "Stopping and quitting"),
        ("where are my conversations?", "Where they are and when they are saved"),
        ("how do I quit", "Stopping and quitting"),
        ("What does it cost?", "What an answer cost"),
        ("How can I change the model?", "Choosing and switching models"),
        ("how do I connect to ollama", "Any compatible server"),
        ("how to use my SolRouter key", "SolRouter"),
        ("can I export to json", "Saving and exporting to a file"),
        ("how do I insert a newline", "Writing and sending"),
        ("I get a 401", "401: the key is not accepted"),
        ("what happens with 429?", "429: rate limited"),
        ("how do I answer a tool call", "Answering a call by hand"),
        ("dark mode", "Choosing a theme"),
        ("where is the config file", "Where settings are"),
        ("is my key safe", "Privacy"),
        ("What does Ctrl+T do?", "Looking around"),
        ("exit codes", "Exit status"),
        ("the answer broke off", "The answer breaks off"),
        ("keys", "Writing and sending"),
    ],
)
def test_the_guide_finds_the_section_that_answers(question: str, section: str) -> None:
    answer = ask(demo_gateway(), "demo/guide", question).text
    found = look_up(question.rstrip("?"), pages())
    quoted = found.best.section.text if isinstance(found, Answered) else by_title(section).text

    assert section in answer
    assert quoted in answer


@pytest.mark.parametrize("question", ["what is the meaning of life", "write a poem about the sea", "zzz"])
def test_the_guide_says_so_where_the_manual_is_silent(question: str) -> None:
    assert isinstance(look_up(question, pages()), Unanswered)
    assert "/connect" in ask(demo_gateway(), "demo/guide", question).text


@pytest.mark.parametrize("greeting", ["hi", "Hello!", "hey there", "what can you do?", ""])
def test_the_guide_greets(greeting: str) -> None:
    text = ask(demo_gateway(), "demo/guide", greeting).text

    assert text.startswith("Hello!")
    assert all(page.title in text for page in pages())


def test_the_guide_points_to_related_commands() -> None:
    text = ask(demo_gateway(), "demo/guide", "how do I resume a conversation").text

    assert re.search(r"Related:\*.*`/resume`", text)


def test_without_a_manual_nothing_is_found() -> None:
    assert look_up("keys", ()) == Unanswered(())
