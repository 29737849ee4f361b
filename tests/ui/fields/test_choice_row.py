"""Options of which one counts."""

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_chat.ui.fields.choice_row import ChoiceRow


class OneRow(App[None]):
    """A row of options, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[int] = []

    def compose(self) -> ComposeResult:
        yield ChoiceRow(("one", "two more", "three"))

    def on_choice_row_chosen(self, event: ChoiceRow.Chosen) -> None:
        self.told.append(event.row.chosen)


def row_of(pilot: Pilot[None]) -> ChoiceRow:
    return pilot.app.query_one(ChoiceRow)


async def test_keys_go_around_the_options_and_each_choice_is_told() -> None:
    app = OneRow()
    async with app.run_test() as pilot:
        row_of(pilot).focus()
        await pilot.press("space", "right", "space", "left")
        assert app.told == [1, 2, 0, 2]
        assert row_of(pilot).render().plain == "( ) one  ( ) two more  (•) three"


async def test_what_does_not_fit_stands_on_the_next_line_and_can_be_clicked() -> None:
    app = OneRow()
    async with app.run_test(size=(20, 6)) as pilot:
        assert row_of(pilot).render().plain == "(•) one\n( ) two more\n( ) three"
        assert row_of(pilot).size.height == 3
        await pilot.click(ChoiceRow, offset=(2, 1))
        await pilot.click(ChoiceRow, offset=(18, 2))
        assert app.told == [1]


async def test_what_the_program_chooses_is_not_told() -> None:
    app = OneRow()
    async with app.run_test() as pilot:
        row_of(pilot).show_chosen(2)
        row_of(pilot).offer(("a", "b"), 1)
        await pilot.pause()
        assert app.told == []
        assert row_of(pilot).render().plain == "( ) a  (•) b"
