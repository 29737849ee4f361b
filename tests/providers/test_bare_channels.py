"""Channels of gpt-oss whose marks were dropped by the server: told by their names, however the text is cut."""

from itertools import pairwise

import pytest

from tests.providers.streams import END, text
from tui_chat.core.reply import Reply, fold
from tui_chat.providers.openai_decoder import OpenAIChatDecoder

SAID = {
    "thoughts and an answer": ("analysisWe greet.assistantfinalHello!", "We greet.", "Hello!"),
    "thoughts alone": ("analysisNeed to answer in 20 words.", "Need to answer in 20 words.", ""),
    "an answer alone": ("finalHello!", "", "Hello!"),
    "an answer from the role on": ("assistantfinalhello", "", "hello"),
    "another script": ("analysis用户问候。assistantfinal你好！", "用户问候。", "你好！"),
    "thoughts twice": ("analysisA.assistantanalysisB.assistantfinalC", "A.\n\nB.", "C"),
    "words on the way": ("analysisA.assistantcommentaryI look.assistantfinalC", "A.", "I look.\n\nC"),
    "a call": (
        'analysisA.assistantcommentary to=functions.tide json{"a":1}', "A.", 'commentary to=functions.tide json{"a":1}',
    ),
    "a word of the thoughts": ("analysisI am an assistant, an assistant", "I am an assistant, an assistant", ""),
    "spoken of in the answer": ("finalIt writes assistantfinal before it.", "", "It writes assistantfinal before it."),
}  # fmt: skip
TEXTS = ["analysis of tides", "analysis", "Analysis: tides", "finally", "final", "finals are near", "assistants", "an"]


def read(words: list[str], model: str = "openai/gpt-oss-120b") -> Reply:
    decoder = OpenAIChatDecoder(model=model)
    events = [event for word in words for event in decoder.feed(text(word))]
    return fold([*events, *decoder.feed(END), *decoder.finish()])


def cuts(said: str) -> list[list[str]]:
    halves = [[said[:at], said[at:]] for at in range(1, len(said))]
    return [[said], list(said), *halves]


@pytest.mark.parametrize(("said", "reasoning", "answer"), SAID.values(), ids=list(SAID))
def test_thoughts_are_told_from_the_answer(said: str, reasoning: str, answer: str) -> None:
    for words in cuts(said):
        reply = read(words)
        assert (reply.reasoning, reply.text) == (reasoning, answer), words


@pytest.mark.parametrize("said", TEXTS)
def test_a_word_that_only_begins_like_a_channel_is_text(said: str) -> None:
    for words in cuts(said):
        assert (read(words).reasoning, read(words).text) == ("", said), words


def test_of_another_model_nothing_is_guessed() -> None:
    said = "analysisWe greet.assistantfinalHello!"
    assert read([said], "meta/llama").text == said


def test_no_letter_is_lost_between_two_pieces() -> None:
    said = SAID["thoughts and an answer"][0]
    for first, second in pairwise(range(len(said) + 1)):
        words = [said[:first], said[first:second], said[second:]]
        assert read(words).text == "Hello!"
