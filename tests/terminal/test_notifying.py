"""Who is told that an answer is there, how, and who is not."""

import re

import pytest

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import Outcome
from tui_chat.terminal.notifying import AWAY_S, Notifier, news_of

KITTY = {"TERM": "xterm-kitty"}
ITERM = {"TERM_PROGRAM": "iTerm.app"}
PLAIN = {"TERM": "xterm-256color"}


class Somebody:
    """A person before a terminal, and what was written to it."""

    def __init__(self, way: str, environ: dict[str, str], *, has_focus: bool | None = False) -> None:
        self.written = ""
        self.has_focus = has_focus
        self.now = 1000.0
        self.last_input_at = 1000.0
        self.notifier = Notifier(
            self._write,
            has_focus=lambda: self.has_focus,
            last_input_at=lambda: self.last_input_at,
            way=way,
            environ=environ,
            clock=lambda: self.now,
        )

    def _write(self, text: str) -> None:
        self.written += text


@pytest.mark.parametrize(
    ("way", "environ", "written"),
    [
        ("terminal", KITTY, "\x1b]777;notify;Title;words\x07"),
        ("terminal", ITERM, "\x1b]9;Title: words\x07"),
        ("terminal", PLAIN, "\x07"),
        ("terminal", {"TERM": "linux"}, "\x07"),
        ("bell", KITTY, "\x07"),
        ("all", KITTY, "\x07\x1b]777;notify;Title;words\x07"),
        ("all", PLAIN, "\x07\x1b]9;Title: words\x07"),
        ("off", KITTY, ""),
        ("terminal", {**KITTY, "TMUX": "x"}, "\x1bPtmux;\x1b\x1b]777;notify;Title;words\x07\x1b\\"),
    ],
)
def test_the_setting_and_the_terminal_choose_the_way(way: str, environ: dict[str, str], written: str) -> None:
    somebody = Somebody(way, environ)
    assert somebody.notifier.tell("Title", "words") is bool(written)
    assert somebody.written == written


def test_who_has_the_window_before_them_is_not_told() -> None:
    somebody = Somebody("all", KITTY, has_focus=True)
    somebody.now += 10 * AWAY_S
    assert not somebody.notifier.tell("Title", "words")


def test_without_focus_reports_who_did_nothing_for_a_while_is_away() -> None:
    somebody = Somebody("bell", PLAIN, has_focus=None)
    assert not somebody.notifier.tell("Title", "words")
    somebody.now += AWAY_S + 1
    assert somebody.notifier.tell("Title", "words")
    somebody.last_input_at = somebody.now
    assert not somebody.notifier.tell("Title", "words")


@pytest.mark.parametrize("environ", [KITTY, ITERM])
def test_hostile_words_stay_inside_their_field(environ: dict[str, str]) -> None:
    somebody = Somebody("terminal", environ)
    somebody.notifier.tell("4;3\x07\x1b]52;c;aGk=\x07", "a;b\x1b\\\x9c\nsecond" + "x" * 1000)
    inner = somebody.written.removeprefix("\x1b]").removesuffix("\x07")
    assert not re.search("[\x00-\x1f\x7f-\x9f]", inner)
    assert len(inner) < 250
    assert inner.count(";") == (3 if environ is KITTY else 1)


FAILURE = Failure(ErrorKind.PAYMENT, "no balance left", "top up")


@pytest.mark.parametrize(
    ("answer", "pending", "news"),
    [
        (AnswerInfo(outcome=Outcome.COMPLETE), "", "The answer is there"),
        (AnswerInfo(outcome=Outcome.COMPLETE), "get_weather", "get_weather waits for its result"),
        (AnswerInfo(outcome=Outcome.TRUNCATED), "", "The answer is incomplete"),
        (AnswerInfo(outcome=Outcome.ERROR, failure=FAILURE), "", "No balance: no balance left"),
        (AnswerInfo(outcome=Outcome.CANCELLED), "", ""),
        (AnswerInfo(), "", ""),
    ],
)
def test_an_answers_end_is_news_unless_the_person_ended_it(answer: AnswerInfo, pending: str, news: str) -> None:
    assert news_of(answer, pending) == news
