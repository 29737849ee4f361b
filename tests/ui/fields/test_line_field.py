"""A field of one line: where its text goes on, it says so."""

import pytest

from tests.ui.cells import lines
from tests.ui.pane_app import alone
from tui_chat.ui.fields.line_field import LineField

LONG = "https://api.example.org/v1/models"


@pytest.mark.parametrize(
    ("value", "caret", "shown"),
    [
        (LONG, 0, "https://api.example…"),
        (LONG, 22, "…s://api.example.org"),
        (LONG, len(LONG), "…mple.org/v1/models"),
        ("東京の三日間、それから京都", 0, "東京の三日間、それ …"),
        ("short", 5, "short"),
    ],
)
async def test_a_field_marks_the_ends_at_which_its_text_goes_on(value: str, caret: int, shown: str) -> None:
    field = LineField(compact=True, select_on_focus=False)
    async with alone(field, width=20, height=3) as (app, pilot):
        field.value, field.cursor_position = value, 0
        await pilot.pause()
        field.cursor_position = caret
        await pilot.pause()
        assert lines(app)[0].rstrip() == shown


async def test_a_placeholder_that_is_cut_has_a_mark() -> None:
    async with alone(LineField(placeholder="paste your key, or leave empty", compact=True), width=20) as (app, pilot):
        await pilot.pause()
        assert lines(app)[0].strip() == "paste your key, or…"
