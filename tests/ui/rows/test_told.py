"""Paragraphs behind their marks."""

from textual.app import ComposeResult

from tui_chat.ui.rows.rows import Ink
from tui_chat.ui.rows.told import Paragraph, Told
from tui_chat.ui.theming.themes import ThemedApp


class Telling(ThemedApp[None]):
    """A result alone."""

    def compose(self) -> ComposeResult:
        yield Told()


async def test_further_lines_hang_below_the_words_and_control_characters_are_shown_as_marks() -> None:
    app = Telling()
    async with app.run_test(size=(20, 8)) as pilot:
        told = app.query_one(Told)
        assert told.size.height == 0
        told.tell(Paragraph("✗", "The key was refused.", Ink.ERROR), Paragraph("", "Copy it\x1b again."))
        await pilot.pause()
        lines = ["".join(segment.text for segment in told.render_line(y)).rstrip() for y in range(told.size.height)]
        assert lines == [" ✗ The key was", "   refused.", "   Copy it␛ again."]
