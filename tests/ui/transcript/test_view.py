"""The view in an app: what is on screen after events, keys and new sizes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import ComposeResult
from textual.events import Key, MouseScrollUp
from textual.pilot import Pilot

from tests.ui import support
from tests.ui.transcript.samples import CALLS, LOST, RICH, answer, long_path, question, result, rich_path
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    ReplyGrew,
    Retrying,
    ToolFinished,
)
from tui_chat.core.parts import Part, Reasoning, Refusal, Text, ToolCall
from tui_chat.core.stream_events import (
    Outcome,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    Started,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.ui.transcript.earlier import END
from tui_chat.ui.transcript.extraction import all_text, code_texts, last_answer_text
from tui_chat.ui.transcript.view import TranscriptView

Screen = tuple[TranscriptView, Pilot[None]]


class OneView(ThemedApp[None]):
    def __init__(self, *, shows_reasoning: bool = False) -> None:
        super().__init__()
        self._shows_reasoning = shows_reasoning
        self.found: TranscriptView.FindProgressed | None = None

    def compose(self) -> ComposeResult:
        yield TranscriptView(
            welcome="# Hello\n\nAsk *anything*.",
            fold_hint="Ctrl+T unfolds",
            shows_reasoning=self._shows_reasoning,
        )

    def on_transcript_view_find_progressed(self, event: TranscriptView.FindProgressed) -> None:
        self.found = event

    def on_transcript_view_link_clicked(self, event: TranscriptView.LinkClicked) -> None:
        self.clicked = event.url


@asynccontextmanager
async def view(width: int = 80, height: int = 24) -> AsyncIterator[Screen]:
    app = OneView()
    async with app.run_test(size=(width, height)) as pilot:
        transcript = app.query_one(TranscriptView)
        transcript.focus()
        await pilot.pause()
        yield transcript, pilot


def rows(transcript: TranscriptView) -> list[str]:
    return [transcript.render_line(y).text.rstrip()[1:] for y in range(transcript.size.height)]


def screen(transcript: TranscriptView) -> str:
    return "\n".join(rows(transcript))


def start(transcript: TranscriptView, parent_id: str | None = None) -> None:
    growing = answer("a", parent_id="q", outcome=None, finish_reason=None)
    transcript.apply(AnswerStarted(question("q", "Why?", parent_id), growing))


def grow(transcript: TranscriptView, *events: StreamEvent, at_s: float = 1.0) -> None:
    for event in events:
        transcript.apply(ReplyGrew("a", at_s, event))


def end(transcript: TranscriptView, *parts: Part, **info: object) -> None:
    transcript.apply(AnswerEnded(answer("a", *parts, parent_id="q", **info)))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Keys as they come in one read of the terminal; Pilot's own waits twice for each."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def until(pilot: Pilot[None], transcript: TranscriptView, words: str) -> None:
    """Let frames pass until the words are on screen."""
    try:
        await support.until(pilot, lambda: words in screen(transcript))
    except TimeoutError:
        raise AssertionError(f"{words!r} not in:\n{screen(transcript)}") from None


async def test_an_empty_conversation_shows_the_welcome() -> None:
    async with view() as (transcript, _):
        assert "Hello" in screen(transcript)
        assert "Ask anything." in screen(transcript)


async def test_a_question_takes_the_place_of_the_welcome() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        await until(pilot, transcript, "▌ Why?")
        assert "Hello" not in screen(transcript)


async def test_the_first_answer_is_followed_below_the_welcome() -> None:
    async with view(60, 10) as (transcript, pilot):
        transcript.show(())
        start(transcript)
        grow(transcript, TextDelta("line\n\n" * 20 + "last"))
        await until(pilot, transcript, "last")


async def test_text_appears_while_it_arrives() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        grow(transcript, Started("r", "demo/other"), TextDelta("One "), TextDelta("two"))
        await until(pilot, transcript, "  One two")
        assert "● demo/other" in screen(transcript)


@pytest.mark.parametrize("text", ["plain", "- a\n-", "```py\nprint(", "| a |", "**bo", "word\n\n#", "a [b](http"])
@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({}, ""),
        ({"finish_reason": "length"}, "▲ length limit"),
        ({"finish_reason": "content_filter"}, "▲ withheld by the provider"),
        ({"outcome": Outcome.CANCELLED, "finish_reason": None}, "■ stopped by you"),
        ({"outcome": Outcome.TRUNCATED, "finish_reason": None}, "✗ cut off: the connection ended"),
        ({"outcome": Outcome.ERROR, "finish_reason": "error", "failure": LOST}, "connection reset by peer"),
    ],
)
async def test_the_last_characters_appear_however_it_ended(text: str, info: dict[str, object], words: str) -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        grow(transcript, *(TextDelta(character) for character in text))
        end(transcript, Text(text), **info)
        await pilot.pause()
        shown = screen(transcript)
        streamed = shown
        transcript.show((question("q", "Why?"), answer("a", Text(text), parent_id="q", **info)))
        assert screen(transcript) == streamed
        assert words in shown
        assert last_answer_text(transcript.whole) == text


async def test_an_end_without_any_delta_shows_the_whole_answer() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        end(transcript, Reasoning("hm", 2.0), Text("All of it."), model="demo/late")
        await pilot.pause()
        assert "All of it." in screen(transcript)
        assert "● demo/late" in screen(transcript)
        assert "Thought for 2.0 s" in screen(transcript)


async def test_an_answer_that_shows_nothing_takes_no_room() -> None:
    async with view() as (transcript, pilot):
        transcript.show_welcome("")
        assert screen(transcript).strip() == ""
        transcript.show((question("q", "Why?"), answer("a", Text("[x]: /url\n"), parent_id="q"), question("q2", "So?")))
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert rows(transcript)[:5] == ["▌ Why?", "", "● demo/writer", "", "▌ So?"]


async def test_a_failure_says_what_happened_and_what_to_do() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        end(transcript, outcome=Outcome.ERROR, finish_reason=None, failure=LOST)
        await pilot.pause()
        for words in (LOST.title, LOST.message, LOST.advice):
            assert words in screen(transcript)


async def test_a_retry_is_said_and_gone_when_the_answer_comes() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        transcript.apply(Retrying(1, 2.0, LOST, 3))
        await until(pilot, transcript, "retry 1 of 3 in 2.0 s")
        grow(transcript, TextDelta("Here."))
        await until(pilot, transcript, "Here.")
        assert "attempt" not in screen(transcript)


async def test_a_notice_stays() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        transcript.apply(Notice(LOST))
        end(transcript, Text("Done."))
        await pilot.pause()
        assert LOST.message in screen(transcript)


async def test_reasoning_shows_its_end_while_it_streams_and_folds_when_it_is_over() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        thoughts = [f"step {number}\n\n" for number in range(20)]
        for number, thought in enumerate(thoughts):
            grow(transcript, ReasoningDelta(thought), at_s=number / 10)
        await until(pilot, transcript, "step 19")
        assert "Thinking…" in screen(transcript)
        assert "step 2\n" not in screen(transcript)
        grow(transcript, TextDelta("Answer."))
        await until(pilot, transcript, "Answer.")
        assert "Thought for 1.9 s" in screen(transcript)
        assert "step" not in screen(transcript)


async def test_text_that_turns_out_to_be_reasoning_moves_once() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        grow(transcript, TextDelta("17 times 20"), TextDelta(" is 340."))
        await until(pilot, transcript, "17 times 20 is 340.")
        assert "Thinking" not in screen(transcript)
        grow(transcript, Reclassified(19), ReasoningDelta(" So:"))
        await until(pilot, transcript, "Thinking…")
        assert screen(transcript).count("17 times 20 is 340. So:") == 1
        grow(transcript, TextDelta("It is 408."))
        await until(pilot, transcript, "It is 408.")
        assert "17 times" not in screen(transcript)
        assert "▸ Thought" in screen(transcript)
        end(transcript, Reasoning("17 times 20 is 340. So:", 1.0), Text("It is 408."))
        await pilot.pause()
        assert screen(transcript).count("Thought for 1.0 s") == 1
        assert screen(transcript).count("It is 408.") == 1


async def test_reasoning_unfolds_and_folds() -> None:
    async with view() as (transcript, _):
        transcript.show(
            (question("q", "Why?"), answer("a", Reasoning("deep thought", 3.1), Text("So."), parent_id="q"))
        )
        assert "▸ Thought for 3.1 s  Ctrl+T unfolds" in screen(transcript)
        transcript.toggle_reasoning()
        assert "│ deep thought" in screen(transcript)
        transcript.toggle_reasoning()
        assert "deep thought" not in screen(transcript)


async def test_a_click_on_its_line_unfolds_one_reasoning() -> None:
    async with view() as (transcript, pilot):
        transcript.show(
            (question("q", "Why?"), answer("a", Reasoning("deep thought", 3.1), Text("So."), parent_id="q"))
        )
        await pilot.pause()
        at = next(y for y, row in enumerate(rows(transcript)) if "Thought" in row)
        await pilot.click(transcript, offset=(6, at))
        assert "deep thought" in screen(transcript)


async def test_a_refusal_is_shown_in_the_models_words() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        grow(transcript, RefusalDelta("I would "), RefusalDelta("rather not."))
        end(transcript, Refusal("I would rather not."))
        await pilot.pause()
        assert "refused" in screen(transcript)
        assert "I would rather not." in screen(transcript)


async def test_a_call_goes_from_arriving_to_waiting_to_answered() -> None:
    call = ToolCall("c1", "get_weather", '{"city": "Paris"}')
    async with view() as (transcript, pilot):
        start(transcript)
        grow(transcript, ToolCallDelta(0, "c1", "get_weather", '{"ci'))
        await until(pilot, transcript, "get_weather  writing")
        assert '{"ci' in screen(transcript)
        end(transcript, call, finish_reason="tool_calls")
        await until(pilot, transcript, "get_weather  ▲ waits for you")
        assert call.arguments in screen(transcript)
        transcript.apply(ToolFinished("c1", result("t", "c1", "1\n2\n3\n4\n5\n6", "a")))
        await until(pilot, transcript, "get_weather  answered")
        assert "▸ 3 more lines" in screen(transcript)


async def test_calls_of_a_cut_answer_are_not_to_be_acted_on() -> None:
    async with view() as (transcript, _):
        transcript.show((question("q", "?"), answer("a", CALLS[0], parent_id="q", outcome=Outcome.TRUNCATED)))
        assert "not to be acted on" in screen(transcript)


async def test_a_second_answer_takes_the_place_of_the_first() -> None:
    async with view() as (transcript, pilot):
        transcript.show((question("q", "Why?"), answer("old", Text("Because."), parent_id="q")))
        transcript.apply(AnswerStarted(None, answer("a", parent_id="q", outcome=None)))
        grow(transcript, TextDelta("Therefore."))
        await until(pilot, transcript, "Therefore.")
        assert "Because." not in screen(transcript)
        assert "▌ Why?" in screen(transcript)


async def test_the_end_is_in_sight_until_the_person_scrolls_away() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path())
        assert rows(transcript)[-1] == "  That is all."
        start(transcript, "a59")
        await until(pilot, transcript, "▌ Why?")
        await press(pilot, "k")
        assert not transcript.is_following
        before = rows(transcript)[:-2]  # without those in which the answer is waited for
        grow(transcript, TextDelta("line\n\n" * 20))
        end(transcript, Text("line\n\n" * 20))
        await pilot.pause()
        assert rows(transcript)[:-2] == before
        assert transcript.rows_missed > 20
        await press(pilot, "G")
        assert transcript.is_following
        assert rows(transcript)[-1] == "  line"


async def test_scrolling_back_to_the_end_follows_again() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(3))
        await press(pilot, "up", "up", "up")
        assert not transcript.is_following
        await press(pilot, "down", "down", "down")
        assert transcript.is_following


async def test_keys_move_by_rows_screens_and_to_both_ends() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(8))
        await press(pilot, "g")
        top = rows(transcript)
        assert top[0] == "▌ Question 0?"
        await press(pilot, "down")
        assert rows(transcript)[:-2] == top[1:-1]
        await press(pilot, "up")
        assert rows(transcript) == top
        await press(pilot, "pagedown")
        assert rows(transcript)[0] == top[-1]
        await press(pilot, "pageup")
        assert rows(transcript) == top
        await press(pilot, "right_square_bracket")
        assert rows(transcript)[1] == "▌ Question 1?"


async def test_scrolling_up_through_unmeasured_history_never_skips_a_row() -> None:
    async with view() as (transcript, _):
        transcript.show(long_path(6))
        seen = rows(transcript)
        while not seen[0].startswith("▌ Question 0"):
            transcript.action_move(-1)
            now = rows(transcript)
            assert now[1:-1] == seen[:-2]
            seen = now


async def test_the_wheel_scrolls_three_rows() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(4))
        before = rows(transcript)
        await pilot._post_mouse_events([MouseScrollUp], transcript, button=0)
        assert rows(transcript)[3:] == before[:-3]


async def test_a_new_width_keeps_the_first_row() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path())
        await press(pilot, "g", "pagedown", "pagedown", "pagedown", "right_square_bracket", "down")
        first = rows(transcript)[0]
        for size in ((120, 40), (40, 10), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert rows(transcript)[0] == first


async def test_a_new_size_while_streaming_keeps_the_end() -> None:
    async with view() as (transcript, pilot):
        start(transcript)
        for number, size in enumerate(((120, 40), (40, 10), (10, 3), (80, 24))):
            grow(transcript, TextDelta(f"{RICH}\n\nEnd {number}."))
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until(pilot, transcript, "End 3.")


async def test_another_theme_paints_anew() -> None:
    async with view() as (transcript, pilot):
        transcript.show(rich_path())
        before = transcript.render_line(3)
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert transcript.render_line(3).text == before.text
        assert transcript.render_line(3) != before


async def test_nothing_runs_while_nothing_happens() -> None:
    async with view() as (transcript, pilot):
        transcript.show(rich_path())
        await pilot.pause()
        assert not transcript.awaits_frame
        start(transcript)
        assert transcript.awaits_frame
        await until(pilot, transcript, "Why?")
        assert not transcript.awaits_frame


async def test_a_link_is_told_to_the_screen() -> None:
    async with view() as (transcript, pilot):
        transcript.show((question("q", "?"), answer("a", Text("[here](https://example.com/x)"), parent_id="q")))
        await pilot.pause()
        at = next(y for y, row in enumerate(rows(transcript)) if "here" in row)
        await pilot.click(transcript, offset=(4, at))
        await pilot.pause()
        assert getattr(pilot.app, "clicked", None) == "https://example.com/x"


async def test_code_blocks_and_answers_can_be_taken_out_as_received() -> None:
    async with view() as (transcript, _):
        transcript.show((question("q", "?"), answer("a", Text("```py\nx = 1\n```\n\n- b\n\n  ```\n  y\n  ```\n"))))
        assert code_texts(transcript.whole) == ["x = 1", "y"]
        assert last_answer_text(transcript.whole).startswith("```py")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 10), (12, 4)])
async def test_everything_is_shown_at_any_size(size: tuple[int, int]) -> None:
    async with view(*size) as (transcript, pilot):
        transcript.show(rich_path())
        await press(pilot, "g")
        seen = rows(transcript)
        while not transcript.is_following:
            transcript.action_move(1)
            seen.append(rows(transcript)[-1])
        text = "".join(seen).replace(" ", "").replace("▌", "")
        for words in (
            "Explain",
            "Sorting",
            "Timsort",
            "Quicksort",
            "get_weather",
            "answered",
            "✗cutoff",
            "▲lengthlimit",
        ):
            assert words in text


async def test_reasoning_stays_unfolded_where_the_person_wants_it_so() -> None:
    path = (question("q", "why?"), answer("a", Reasoning("because of this", 1.0), Text("So."), parent_id="q"))
    for shows_reasoning in (True, False):
        app = OneView(shows_reasoning=shows_reasoning)
        async with app.run_test() as pilot:
            transcript = app.query_one(TranscriptView)
            transcript.show(path)
            await until(pilot, transcript, "So.")
            assert ("because of this" in screen(transcript)) is shows_reasoning


async def test_the_end_of_a_long_conversation_is_shown_first_and_its_beginning_to_whoever_goes_there() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(200))
        await press(pilot, "home")
        assert "Question 0?" in screen(transcript)


async def test_what_is_above_comes_by_itself_and_moves_nothing_in_sight() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(100))
        before, rows_before = screen(transcript), transcript.virtual_size.height
        await support.until(pilot, lambda: transcript.virtual_size.height > 2 * rows_before)
        assert screen(transcript) == before
        assert transcript.is_following


async def test_a_page_up_shows_the_same_whether_or_not_all_is_laid_out() -> None:
    shown: list[list[str]] = []
    for is_whole in (True, False):
        async with view() as (transcript, pilot):
            transcript.show(long_path(200))
            if is_whole:
                all_text(transcript.whole)
            await press(pilot, "pageup")
            shown.append(rows(transcript))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("key", ["", "pageup"])
async def test_an_end_whose_conversation_comes_later_stays_in_its_place(key: str) -> None:
    path = long_path(200)
    async with view() as (transcript, pilot):
        transcript.show(path[-END:], is_end=True)
        transcript.focus()
        await press(pilot, *([key] if key else []))
        before = screen(transcript)
        assert ("That is all." in before) is not bool(key)
        transcript.show(path)
        await support.until(pilot, lambda: transcript.whole.is_whole)
        assert screen(transcript) == before
        assert transcript.is_following is not bool(key)
        await press(pilot, "home")
        assert "Question 0?" in screen(transcript)


async def test_an_end_that_was_of_another_path_gives_way() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(200)[-END:], is_end=True)
        transcript.show([question("q", "Something else?")])
        await until(pilot, transcript, "Something else?")
        assert "Question" not in screen(transcript)
        assert len(transcript.whole.path) == 1


async def test_words_above_what_is_laid_out_first_are_found() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(200))
        transcript.find("Question 3?")
        await until(pilot, transcript, "Question 3?")
