"""Questions of newcomers, in their words, and the section of the manual that each must find first."""

import pytest

from tui_chat.manual import Page, pages
from tui_chat.manual.quoting import found_text
from tui_chat.manual.search import NEAREST, Answered, Place, Unanswered, look_up, search, topic_of
from tui_chat.manual.words import LONGEST_QUESTION, meanings, words

QUESTIONS = [
    ("how do I import my conversations from ChatGPT", "conversations", "Importing"),
    ("how do I quit", "keys", "Stopping and quitting"),
    ("where are my conversations kept", "conversations", "Where they are and when they are saved"),
    ("how much did that cost", "models-and-cost", "What an answer cost"),
    ("can I use my own key", "connect", "Using your own key"),
    ("it does not connect", "troubleshooting", "The gateway cannot be reached"),
    ("how do I send a picture", "commands", "Attaching files"),
    ("how to write several lines", "keys", "Several lines in a message"),
    ("how do I get the answer again from another model", "models-and-cost", "Another answer to the same question"),
    ("what does ~ mean before the cost", "models-and-cost", "What an answer cost"),
    ("how can I turn off the mouse", "keys", "The mouse"),
    ("how do I copy the last answer", "conversations", "Copying an answer"),
    ("how do I delete a chat for good", "conversations", "Deleting a conversation"),
    ("can I change the colours", "settings-and-files", "Choosing a theme"),
    ("is there a dark mode?", "settings-and-files", "Choosing a theme"),
    ("how do I continue yesterday's chat", "conversations", "Going on with a conversation"),
    ("how do I abort a long answer", "keys", "Stopping and quitting"),
    ("who gets to see what I type", "settings-and-files", "Privacy"),
    ("are there any models for free", "models-and-cost", "Free models"),
    ("does it work with ollama on my laptop", "connect", "Any compatible server"),
    ("can I call it from a shell script", "ask", "Asking from the shell"),
    ("it says my key is wrong", "troubleshooting", "401: the key is not accepted"),
    ("nothing happens, it just hangs", "troubleshooting", "No answer in time"),
    ("how do I search through old chats", "conversations", "Finding an earlier conversation"),
    ("how do I save the chat as a file", "conversations", "Saving and exporting to a file"),
    ("can I hide my key before I share a chat", "conversations", "Hiding keys before you share"),
    ("which browser can open the HTML page", "conversations", "HTML of a conversation"),
    ("can I change the keyboard shortcuts", "keys", "Changing keys"),
    ("how do I set a system prompt", "models-and-cost", "Telling the model how to behave"),
    ("can I chat without anything being stored", "conversations", "Temporary chats"),
    ("can I set a limit on how much money it spends", "models-and-cost", "A limit on spending"),
    ("what is a token?", "getting-started", "Words you will meet"),
    ("how do I hide the thinking", "models-and-cost", "What a model thinks"),
    ("how do I switch to a different model", "models-and-cost", "Choosing and switching models"),
    ("how do I attach a PDF", "commands", "Attaching files"),
    ("can I use it through a company proxy", "connect", "Proxies and certificates"),
    ("where is the settings file", "settings-and-files", "Where settings are"),
    ("how do I rename a chat", "conversations", "Titles"),
    ("how do I undo what I deleted while typing", "keys", "Writing and sending"),
    ("what happens when my disk is full", "conversations", "When something cannot be saved"),
    ("I closed the window by accident, is my draft lost", "keys", "Drafts"),
    ("can I use it with a screen reader", "plain", ""),
    ("the letters look garbled", "troubleshooting", "Colours or characters look wrong"),
    ("how do I fold long reasoning away", "models-and-cost", "What a model thinks"),
    ("where do I get an API key", "connect", "Using your own key"),
    ("can I write in vim mode", "keys", "Vim"),
    ("how do I read the answers in JSON from my program", "ask", "JSON for programs"),
    ("do I get a notification when it is finished", "settings-and-files", "Notifications while you are elsewhere"),
    ("it says too many requests", "troubleshooting", "429: rate limited"),
    ("how do I make a backup of all my chats", "conversations", "History in the shell"),
    ("how do I let the model call my own function", "tools", "Offering tools"),
    ("does it support MCP servers", "tools", "Tools over MCP"),
    ("what does F2 do", "keys", "Looking around"),
    ("how do I leave this program", "keys", "Stopping and quitting"),
    ("I ran out of credit", "troubleshooting", "402: no balance"),
    ("which environment variables are there", "settings-and-files", "Environment variables"),
    ("how do I see old messages further up", "keys", "In the conversation"),
    ("is my api key stored on disk", "connect", "What happens to your key"),
    ("copy does not work over ssh", "settings-and-files", "Copying"),
    ("use two servers at once, one at work and one at home", "connect", "A second gateway, by name"),
    ("the answer stopped in the middle", "troubleshooting", "The answer breaks off"),
    ("how do I open the picture the model sent", "commands", "Pictures, sound and files of an answer"),
    ("what models can I choose from", "models-and-cost", "Choosing and switching models"),
    ("does it work offline with llama.cpp", "connect", "Any compatible server"),
    ("what does exit code 4 mean", "ask", "Exit status"),
    ("the colors are unreadable", "troubleshooting", "Colours or characters look wrong"),
    ("how do I start a new chat", "conversations", "Starting a new chat"),
    ("how much have I spent this month", "models-and-cost", "What was spent in all"),
    ("can I pipe text into it", "ask", "Asking from the shell"),
    ("no internet", "troubleshooting", "The gateway cannot be reached"),
    ("offline", "troubleshooting", "The gateway cannot be reached"),
    ("what if the gateway is down", "troubleshooting", "The gateway cannot be reached"),
    ("the wifi is gone", "troubleshooting", "The gateway cannot be reached"),
    ("the server does not answer", "troubleshooting", "The gateway cannot be reached"),
    ("it says 401", "troubleshooting", "401: the key is not accepted"),
    ("it says 503", "troubleshooting", "500 and above: the gateway failed"),
    ("error 429", "troubleshooting", "429: rate limited"),
    ("what does the triangle mean", "getting-started", "What the marks mean"),
    ("what is the red cross", "getting-started", "What the marks mean"),
    ("what does ★ mean", "getting-started", "What the marks mean"),
    ("which model should I take", "models-and-cost", "Choosing and switching models"),
    ("the screen is all black and white", "troubleshooting", "Colours or characters look wrong"),
    ("it beeps", "settings-and-files", "Notifications while you are elsewhere"),
    ("I pressed enter by mistake, how do I stop it", "getting-started", "First steps"),
    ("what is demo/guide", "getting-started", "The demo models"),
    ("it is too slow", "troubleshooting", "No answer in time"),
    ("can it read my files", "tools", "Tools that come along"),
    ("does it cost anything", "models-and-cost", "What an answer cost"),
    ("how do I turn off the colours", "troubleshooting", "Colours or characters look wrong"),
]


@pytest.mark.parametrize(("question", "slug", "title"), QUESTIONS)
def test_a_newcomer_finds_the_section_first(question: str, slug: str, title: str) -> None:
    found = search(question, pages())

    assert isinstance(found, Answered)
    assert (found.best.page.slug, found.best.section.title) == (slug, title)


OFF_TOPIC = [
    "write a poem about the sea",
    "how do I bake bread with a model",
    "what is the capital of France",
    "can it draw me a picture of a cat",
    "translate this text to French",
]


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_a_question_that_no_section_answers_is_told_the_nearest_ones(question: str) -> None:
    found = search(question, pages())

    assert isinstance(found, Unanswered)
    assert 0 < len(found.nearest) <= NEAREST
    assert all(place.name in found_text(found, pages()) for place in found.nearest)


@pytest.mark.parametrize("question", ["zzz", "tell me a joke", "", "?", "q" * 100_000, "zzz " * 100_000])
def test_a_question_with_no_word_of_the_manual_is_told_so(question: str) -> None:
    assert found_text(search(question, pages()), pages()) == "The manual has nothing about that."


def test_every_section_is_found_by_the_topic_that_is_named_for_it() -> None:
    for page in pages():
        for section in page.sections:
            found = look_up(topic_of(Place(page, section), pages()), pages())
            assert found == (Answered(Place(page, section), ()) if section.title else page)


@pytest.mark.parametrize(
    ("topic", "slug"),
    [
        ("tools", "tools"),
        ("Models and cost", "models-and-cost"),
        ("cost", "models-and-cost"),
        ("trouble", "troubleshooting"),
    ],
)
def test_a_page_is_opened_by_its_name_or_by_a_word_of_it(topic: str, slug: str) -> None:
    found = look_up(topic, pages())

    assert isinstance(found, Page)
    assert found.slug == slug


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("`/retry MODEL`", "/retry"),
        ("Press Ctrl+P", "ctrl+p"),
        ("press control-p", "ctrl+p"),
        ("press ctrl p", "ctrl+p"),
        ("press ^P", "ctrl+p"),
        ("shift enter", "shift+enter"),
        ("F2", "f2"),
        ("`--plain`", "--plain"),
        ("`--max-cost 1`", "--max-cost"),
        ("`config.toml`", "config.toml"),
        ("`~$0.0012`", "tild"),
    ],
)
def test_a_command_a_key_and_a_flag_are_one_word(text: str, whole: str) -> None:
    assert whole in list(words(text))


@pytest.mark.parametrize("path", ["/usr/bin/env", "~/.config", "see/retry"])
def test_a_part_of_a_path_is_no_command(path: str) -> None:
    assert not [word for word in words(path) if word.startswith("/") or word == "tilde"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("copies", "copying"),
        ("stopped", "stop"),
        ("pictures", "picture"),
        ("saving", "saved"),
        ("addresses", "address"),
    ],
)
def test_forms_of_a_word_are_one_word(one: str, other: str) -> None:
    assert list(words(one)) == list(words(other))


def test_a_key_is_not_what_is_pressed() -> None:
    assert list(words("key")) != list(words("keys"))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("exit", "quit"), ("bill", "cost"), ("directory", "file"), ("dark", "theme"), ("photo", "picture")],
)
def test_a_word_of_a_newcomer_means_that_of_the_manual(asked: str, meant: str) -> None:
    assert set(words(meant)) <= set(meanings(asked)[0])


def test_only_the_beginning_of_an_endless_question_is_read() -> None:
    assert len(meanings(" ".join(f"w{number}" for number in range(100_000)))) < LONGEST_QUESTION


@pytest.mark.parametrize("topic", ["keys", "Keys?", " keys . ", "KEYS!"])
def test_a_page_is_found_by_its_name_however_that_is_typed(topic: str) -> None:
    found = look_up(topic, pages())

    assert isinstance(found, Page)
    assert found.slug == "keys"
