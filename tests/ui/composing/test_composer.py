"""The composer alone: newlines, recalling, undo, pastes, and the edges where others lose text."""

from pathlib import Path

import pytest
from textual import events, on
from textual.app import ComposeResult
from textual.pilot import Pilot

from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.composing.pasting import as_typed
from tui_chat.ui.driver.terminal_keys import teach_alt_enter
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.workspace import prompts_file
from tui_chat.workspace.prompt_history import PromptHistory
from tui_chat.workspace.prompts_file import append_prompt, read_prompts


class Alone(ThemedApp[None]):
    """Only a composer."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.opened: list[str] = []
        """Pastes to be shown apart."""

    def compose(self) -> ComposeResult:
        yield Composer()

    def on_mount(self) -> None:
        self.query_one(Composer).focus()

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        self.sent.append(event.text)

    @on(Composer.PasteOpened)
    def _paste_opened(self, event: Composer.PasteOpened) -> None:
        self.opened.append(event.text)


def composer_of(pilot: Pilot[None]) -> Composer:
    return pilot.app.query_one(Composer)


async def test_no_style_is_looked_up_for_what_is_never_drawn() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.text = "a (b)"
        await pilot.pause()

        assert composer.get_component_rich_style("text-area--cursor")
        for part in ("gutter", "cursor-gutter", "cursor-line", "matching-bracket", "suggestion"):
            with pytest.raises(KeyError):
                composer.get_component_styles(f"text-area--{part}")


@pytest.mark.parametrize("key", ["shift+enter", "alt+enter", "ctrl+j", "shift+\r"])
async def test_a_newline_key_sends_nothing(key: str) -> None:
    app = Alone()
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b")
        assert composer_of(pilot).text == "a\nb"
        assert app.sent == []


async def test_enter_after_a_backslash_makes_a_newline() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        await pilot.press("a", "backslash", "enter", "b", "enter")
        assert app.sent == ["a\nb"]


async def test_blank_text_is_not_sent() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        await pilot.press("space", "enter")
        assert app.sent == []


async def test_up_recalls_only_from_the_first_line_and_down_comes_back() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        composer = composer_of(pilot)
        composer.prompts.add("earlier")
        composer.put("one\ntwo")
        await pilot.press("up")
        assert composer.text == "one\ntwo"
        await pilot.press("up")
        assert composer.text == "earlier"
        await pilot.press("down")
        assert composer.text == "one\ntwo"


async def test_a_recalled_prompt_keeps_its_edits_while_walking() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        composer = composer_of(pilot)
        composer.prompts.add("first")
        composer.prompts.add("second")
        await pilot.press("up", "end", "!", "up", "down")
        assert composer.text == "second!"


async def test_ctrl_u_deletes_to_the_start_of_the_line() -> None:
    async with Alone().run_test() as pilot:
        await pilot.press("a", "b", "left", "ctrl+u")
        assert composer_of(pilot).text == "b"


async def test_undoing_a_tall_paste_survives() -> None:
    async with Alone().run_test(size=(40, 10)) as pilot:
        composer = composer_of(pilot)
        composer.post_message(events.Paste("\n".join(map(str, range(90)))))
        await pilot.pause()
        assert composer.document.line_count == 90
        await pilot.press("ctrl+z")
        assert composer.text == ""


async def test_what_was_typed_before_there_was_a_composer_is_undone_a_word_at_a_time() -> None:
    async with Alone().run_test() as pilot:
        composer_of(pilot).type_out(" two words  and")
        await pilot.press("space", "o", "n")
        left = []
        while text := composer_of(pilot).text:
            left.append(text)
            await pilot.press("ctrl+z")
        assert left == [" two words  and on", " two words  and ", " two words  and", " two words  ", " two ", " "]


async def test_the_composer_grows_to_a_third_of_the_screen() -> None:
    async with Alone().run_test(size=(80, 30)) as pilot:
        composer = composer_of(pilot)
        assert composer.outer_size.height == 3
        composer.put("\n" * 40)
        await pilot.pause()
        assert composer.outer_size.height in (9, 10)


async def test_a_paste_brings_no_control_characters_and_is_sent_by_nobody() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        composer_of(pilot).post_message(events.Paste("a\x1b[31mb\r\nc\x00\x07\u009bd"))
        await pilot.pause()
        assert composer_of(pilot).text == "a[31mb\ncd"
        assert app.sent == []


def test_what_was_typed_keeps_tabs_and_every_script() -> None:
    assert as_typed("\tüñ 漢字 👨‍👩‍👧\r") == "\tüñ 漢字 👨‍👩‍👧\n"


def test_alt_enter_has_a_place_in_the_table_of_keys() -> None:
    from textual._xterm_parser import XTermParser  # private: what terminal_keys teaches is only seen here

    assert teach_alt_enter()
    keys = [event.key for event in XTermParser().feed("\x1b\r") if isinstance(event, events.Key)]
    assert keys == ["alt+enter"]


def test_prompts_of_earlier_runs_come_before_those_of_this_one() -> None:
    history = PromptHistory(["now"])
    history.begin_with(["then"])
    assert history.earlier("draft") == "now"
    assert history.earlier("now") == "then"
    assert history.later("then") == "now"
    assert history.later("now") == "draft"
    assert history.later("draft") is None


def test_prompts_survive_on_disk_and_broken_lines_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "state" / "prompts.jsonl"
    append_prompt(file, "one\nline")
    with file.open("a") as lines:
        lines.write('{"not": "a prompt"}\n[[[\n')
    append_prompt(file, "\ud800 half")
    assert read_prompts(file) == ("one\nline", "\ud800 half")
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_of_prompts_that_grew_too_long_is_cut_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts_file, "READ_BYTES", 1_000)
    file = tmp_path / "prompts.jsonl"
    for number in range(300):
        append_prompt(file, f"prompt {number}")
    prompts = read_prompts(file)
    assert prompts[-1] == "prompt 299"
    assert 10 < len(prompts) < 100
    assert file.stat().st_size <= 1_000
    assert file.stat().st_mode & 0o077 == 0
    assert read_prompts(file) == prompts
