"""The block cursor: where it goes, what it folds, what it copies, and the raw view."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.ui import support
from tests.ui.transcript.documents import document
from tests.ui.transcript.samples import CALLS, LOST, RICH, answer, long_path, question, result, rich_path
from tests.ui.transcript.test_selecting import cell
from tests.ui.transcript.test_view import end, grow, press, rows, screen, start, until
from tui_chat.chat.session_events import Notice, Retrying
from tui_chat.core.parts import Reasoning, Text
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.timestamps import Timestamps
from tui_chat.ui.keys.hints import keys_in_force
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.ui.transcript.block_text import block_around, block_text
from tui_chat.ui.transcript.layouts import layout
from tui_chat.ui.transcript.leaves import Kind
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.view import TranscriptView


class Page(ThemedApp[None]):
    def __init__(self, timestamps: Timestamps = Timestamps.OFF) -> None:
        super().__init__()
        self.timestamps = timestamps
        self.now = 0.0
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield TranscriptView(timestamps=self.timestamps, now=lambda: self.now)
            yield Static("", id="side")
        yield Input()

    def on_mount(self) -> None:
        self.query_one("#side").display = False

    def on_transcript_view_copy_requested(self, event: TranscriptView.CopyRequested) -> None:
        self.copied.append(event.text)


Reading = tuple[TranscriptView, Pilot[None], Page]


@asynccontextmanager
async def reading(width: int = 80, height: int = 30, timestamps: Timestamps = Timestamps.OFF) -> AsyncIterator[Reading]:
    app = Page(timestamps)
    async with app.run_test(size=(width, height)) as pilot:
        transcript = app.query_one(TranscriptView)
        transcript.focus()
        await pilot.pause()
        yield transcript, pilot, app


def under_cursor(transcript: TranscriptView) -> list[str]:
    """The rows that are marked."""
    lines = [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]
    return [line[3:] for line in lines if line[:1] in ("▌", "│")]


async def test_the_cursor_goes_from_block_to_block() -> None:
    async with reading() as (transcript, pilot, _):
        transcript.show((question("q", "Why?"), answer("a", Text("One.\n\n- a\n- b\n\n```py\nx = 1\n```\n\nEnd."))))
        await press(pilot, "g")
        seen = [under_cursor(transcript)]
        for _ in range(5):
            await press(pilot, "j")
            seen.append([line.strip() for line in under_cursor(transcript)])
        assert [[line.split("  ")[0] for line in block] for block in seen] == [
            ["Why?"], ["One."], ["• a", "• b"], ["py", "x = 1"], ["End."], ["End."]
        ]  # fmt: skip
        await press(pilot, "k", "k")
        assert under_cursor(transcript) == ["• a", "• b"]


async def test_the_cursor_is_only_there_with_the_focus() -> None:
    async with reading() as (transcript, pilot, app):
        transcript.show(rich_path())
        await press(pilot, "k")
        assert under_cursor(transcript)
        app.query_one(Input).focus()
        await pilot.pause()
        assert not under_cursor(transcript)
        transcript.focus()
        await pilot.pause()
        assert under_cursor(transcript)


async def test_the_cursor_is_always_in_sight_and_passes_every_block() -> None:
    async with reading(60, 12) as (transcript, _, _app):
        transcript.show(long_path(3))
        transcript.action_end_block(False)
        down: list[str] = []
        while not transcript.is_following:
            assert under_cursor(transcript)
            down += under_cursor(transcript)[:1]
            transcript.action_block(1)
        assert {"Question 0?", "Question 1?", "Question 2?", "Lists", "• a list inside it"} <= {
            line.strip() for line in down
        } | {"• a list inside it"}
        up: list[str] = []
        for _ in range(200):
            transcript.action_block(-1)
            assert under_cursor(transcript)
            up += under_cursor(transcript)[:1]
            if rows(transcript)[0] == "▌ Question 0?":
                break
        assert {"Question 0?", "Question 1?", "Lists"} <= set(up)


@pytest.mark.parametrize(
    ("text", "steps", "copied"),
    [
        ("One **bold**\nline.\n\nTwo.", 2, "One **bold**\nline."),
        ("- a\n- b `c`\n\nTwo.", 2, "- a\n- b `c`"),
        ("```py\n\tx = 1\n\n\ty\n```\n\nTwo.", 2, "\tx = 1\n\n\ty"),
        ("> q\n> - r\n\nTwo.", 2, "> q\n> - r"),
        ("| a | b |\n|--|:-:|\n| 1 | 2 |\n", 2, "| a | b |\n|--|:-:|\n| 1 | 2 |"),
        ("# Head\nwords", 2, "# Head"),
        ("# Head\nwords", 3, "words"),
    ],
)
async def test_a_block_is_copied_as_it_was_written(text: str, steps: int, copied: str) -> None:
    async with reading(30) as (transcript, pilot, app):
        transcript.show((question("q", "Why?\n\n  so"), answer("a", Text(text), parent_id="q")))
        await press(pilot, "g", *["j"] * (steps - 1), "y")
        await pilot.pause()
        assert app.copied == [copied]
        await press(pilot, "Y", "g", "c")
        await pilot.pause()
        assert app.copied[1:] == [text, "Why?\n\n  so"]


async def test_a_long_code_block_is_copied_whole() -> None:
    code = "\n".join(f"line {number}" for number in range(100))
    async with reading() as (transcript, pilot, app):
        transcript.show((question("q", "?"), answer("a", Text(f"```\n{code}\n```\n\nEnd."), parent_id="q")))
        await press(pilot, "g", "j", "y")
        await pilot.pause()
        assert app.copied == [code]


@pytest.mark.parametrize("seed", range(0, 900, 9))
def test_a_block_is_a_piece_of_the_source(seed: int) -> None:
    text = document(seed)
    section = Section(SectionKind.TEXT, source=text)
    section.read(80)
    number = 0
    while number < len(section.leaves):
        block = block_around(section, number)
        assert block.first == number
        copied = block_text(block)
        if section.leaves[number].kind is not Kind.CODE:
            assert copied in text
        for leaf in section.leaves[block.first : block.end]:
            first = leaf.text.split("\n")[0].strip()
            assert leaf.kind is Kind.ROW or first in copied
        number = block.end


@pytest.mark.parametrize("width", [14, 40, 100])
def test_what_stands_on_a_row_is_what_the_layout_says(width: int) -> None:
    for text in (RICH, *(document(seed) for seed in range(50))):
        section = Section(SectionKind.TEXT, source=text)
        section.read(width)
        renderer = Renderer(Palette({}), width)
        for number in range(len(section.leaves)):
            painted = renderer.rows(section, number)[section.has_gap(number) :]
            found = layout(renderer, section, number)
            assert len(found.rows) == len(painted), text
            for row, pieces in zip(painted, found.rows, strict=True):
                for piece in pieces:
                    shown = row.crop(piece.column).text
                    assert shown.startswith(found.text[piece.start : piece.end].replace("\n", "")), (text, piece)


async def test_a_result_that_is_one_giant_line_is_folded_too() -> None:
    async with reading() as (transcript, pilot, app):
        transcript.show((answer("a", CALLS[0]), result("t", "c1", "word " * 20_000 + "end", "a")))
        await press(pilot, "G")
        assert "▸ 100k more characters" in screen(transcript)
        await press(pilot, "y", "space", "G")
        assert screen(transcript).rstrip().endswith("end")
        assert app.copied == ["word " * 20_000 + "end"]


async def test_a_giant_line_of_code_is_cut_on_screen_and_copied_whole() -> None:
    code = "x = 1; " * 50_000 + "end\ny = 2"
    async with reading() as (transcript, pilot, app):
        transcript.show(
            (question("q", "?"), answer("a", Text(f"- a\n\n  ```js\n  {code.replace(chr(10), chr(10) + '  ')}\n  ```")))
        )
        await press(pilot, "G", "k", "j", "y")
        assert "too long a line" in screen(transcript)
        assert "y = 2" in screen(transcript)
        assert transcript.virtual_size.height < 1_000
        assert app.copied == [code]


async def test_space_folds_and_unfolds_what_is_under_the_cursor() -> None:
    path = (
        question("q", "?"),
        answer("a", Reasoning("deep\n\nthought", 1.0), CALLS[0], parent_id="q", finish_reason="tool_calls"),
        result("t", "c1", "\n".join(map(str, range(50))), "a"),
    )
    async with reading() as (transcript, pilot, app):
        transcript.show(path)
        await press(pilot, "g", "j", "space")
        assert "deep" in screen(transcript)
        await press(pilot, "enter")
        assert "deep" not in screen(transcript)
        await press(pilot, "j", "space")
        assert screen(transcript).count('"celsius"') == 1
        await press(pilot, "space", "j", "y", "space")
        assert "▸ 47 more lines" not in screen(transcript)
        await press(pilot, "space")
        assert "▸ 47 more lines" in screen(transcript)
        assert app.copied == ["\n".join(map(str, range(50)))]


async def test_the_key_that_folds_is_in_force_only_where_something_can_be_folded() -> None:
    path = (question("q", "?"), answer("a", Reasoning("deep\n\nthought", 1.0), Text("words"), parent_id="q"))

    async with reading() as (transcript, pilot, app):
        transcript.show(path)
        offered = []
        await press(pilot, "g")
        for _ in range(3):
            offered.append("fold" in keys_in_force(app.screen))
            await press(pilot, "j")
        assert offered == [False, True, False]


async def test_raw_shows_the_source_and_rendered_again() -> None:
    async with reading(height=60) as (transcript, pilot, _):
        transcript.show((question("q", "?"), answer("a", Text("# Head\n\n**bold**"), parent_id="q")))
        await press(pilot, "r")
        assert "# Head" in screen(transcript)
        assert "**bold**" in screen(transcript)
        await press(pilot, "r")
        assert "**bold**" not in screen(transcript)
        await press(pilot, "R")
        start(transcript, "a")
        grow(transcript, TextDelta("new *text"))
        await until(pilot, transcript, "new *text")
        assert "**bold**" in screen(transcript)
        end(transcript, Text("new *text*"))
        await until(pilot, transcript, "new *text*")
        await press(pilot, "R")
        assert "**bold**" not in screen(transcript)
        assert "new *text*" not in screen(transcript)


async def test_a_click_on_the_copy_mark_copies_the_code() -> None:
    async with reading() as (transcript, pilot, app):
        transcript.show((question("q", "?"), answer("a", Text("Look:\n\n```py\nx = 1\n```"), parent_id="q")))
        await pilot.pause()
        await pilot.click(transcript, offset=cell(transcript, "copy"))
        await pilot.pause()
        assert app.copied == ["x = 1"]


async def test_two_clicks_select_a_word_and_three_a_block() -> None:
    async with reading(40) as (transcript, pilot, app):
        text = "Some naïve words, to-day 漢字 and more that wrap around the line."
        transcript.show((question("q", "?"), answer("a", Text(f"{text}\n\nEnd."), parent_id="q")))
        await pilot.pause()
        await pilot.click(transcript, offset=cell(transcript, "day"), times=2)
        assert app.screen.get_selected_text() == "to-day"
        await pilot.click(transcript, offset=cell(transcript, "naïve"), times=2)
        assert app.screen.get_selected_text() == "naïve"
        await pilot.click(transcript, offset=cell(transcript, "words"), times=3)
        assert app.screen.get_selected_text() == text


async def test_a_selection_outlives_growth_and_a_new_size() -> None:
    async with reading() as (transcript, pilot, app):
        transcript.show((question("q0", "Some long words that wrap."), answer("a0", Text("An answer."))))
        await pilot.pause()
        await pilot.click(transcript, offset=cell(transcript, "answer."), times=2)
        start(transcript, "a0")
        grow(transcript, TextDelta("More\n\n" * 40))
        await pilot.resize_terminal(20, 10)
        await support.until(pilot, lambda: transcript.outer_size.width == 20)
        await pilot.resize_terminal(70, 20)
        await support.until(pilot, lambda: transcript.outer_size.width == 70)
        assert app.screen.get_selected_text() == "answer"


async def test_a_pane_that_opens_beside_does_not_end_following() -> None:
    async with reading(120, 20) as (transcript, pilot, app):
        transcript.show(long_path(20))
        side = app.query_one("#side")
        side.styles.width = 50
        for is_open in (True, False, True):
            side.display = is_open
            await pilot.pause()
            await pilot.pause()
            assert transcript.is_following
            assert rows(transcript)[-1] == "  That is all."
        await pilot.resize_terminal(60, 40)
        await pilot.pause()
        assert transcript.is_following
        assert rows(transcript)[-1].endswith("all.")


async def test_a_retry_line_goes_even_with_a_notice_below_it() -> None:
    async with reading() as (transcript, pilot, _):
        start(transcript)
        transcript.apply(Retrying(1, 2.0, LOST))
        transcript.apply(Notice(LOST))
        await until(pilot, transcript, "retry 1")
        grow(transcript, TextDelta("Here."))
        await until(pilot, transcript, "Here.")
        assert "attempt" not in screen(transcript)
        assert LOST.advice in screen(transcript)


@pytest.mark.parametrize(
    ("parts", "reason", "words"),
    [
        ((), "stop", "▲ nothing came · cost unknown ask again /retry"),
        ((Reasoning("hm"),), "stop", "▲ nothing but reasoning · ~1 tok · cost unknown ask again /retry"),
        (
            (Text("So"),),
            "length",
            "▲ length limit · ~1 tok · cost unknown continue · ask again /continue brings the rest.",
        ),
        ((Text("So"),), "content_filter", "▲ withheld by the provider"),
        ((Text("So"),), "recitation", "▲ ended early: the provider says “recitation”"),
    ],
)
async def test_an_end_that_is_not_plain_says_what_to_do(
    parts: tuple[Text | Reasoning, ...], reason: str, words: str
) -> None:
    async with reading(120) as (transcript, _, _app):
        transcript.show((question("q", "?"), answer("a", *parts, parent_id="q", finish_reason=reason)))
        assert words in " ".join(screen(transcript).split())
        transcript.show((question("q", "?"), answer("a", Text("So"), parent_id="q", finish_reason="end_turn")))
        assert "▲" not in screen(transcript)


async def test_relative_times_are_told_anew() -> None:
    async with reading(timestamps=Timestamps.RELATIVE) as (transcript, _, app):
        path = (question("q", "?"), answer("a", Text("So."), parent_id="q"))
        app.now = path[1].created_at + 1
        transcript.show(path)
        assert "just now" in screen(transcript)
        app.now += 180
        transcript.tell_times()
        assert "3 min ago" in screen(transcript)


async def test_the_current_match_is_filled_and_marked_and_the_others_are_underlined() -> None:
    async with reading() as (transcript, pilot, _app):
        transcript.show((question("q", "?"), answer("a", Text("needle and needle"), parent_id="q")))
        transcript.find("needle")
        await until(pilot, transcript, "▌ ?")
        row = next(row for row in map(transcript.render_line, range(8)) if "needle and" in row.text)
        found = [segment.style for segment in row if segment.text == "needle" and segment.style is not None]
        page = next(segment.style for segment in row if " and " in segment.text)
        assert page is not None
        assert row.text.startswith("▌")
        assert found[0].underline
        assert [style.bgcolor == page.bgcolor for style in found] == [True, False]
