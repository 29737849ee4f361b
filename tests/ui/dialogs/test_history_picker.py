"""The list of conversations: find, open, close, any number of rows, and what letters do in them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.listed import RowStore, conversations, listed
from tests.ui.dialogs.chat_behind import ChatBehind
from tests.ui.pane_app import PaneApp
from tests.ui.support import asked_something, press, until
from tests.work import counted
from tui_chat.chat.ports import ConversationSummary, Preview
from tui_chat.core import figures
from tui_chat.core.errors import StoreError
from tui_chat.core.usage import Spending
from tui_chat.ui.dialogs.conversation_rows import Hit, Sign, conversation_row, entry_of
from tui_chat.ui.dialogs.history_picker import HistoryPicker, SearchAll
from tui_chat.ui.fields.row_field import RowField
from tui_chat.ui.rows.rows import plain
from tui_chat.workspace.followed import Standing
from tui_chat.workspace.open_conversations import AtWork

NOW = datetime(2026, 3, 3, 12).timestamp()
DAY_S = 86_400
PAID = Spending(answers=1, usd=Decimal("0.0042"))
ROWS = (
    ConversationSummary("id-sky", "Why is the sky blue", "openai/gpt-4o", 0.0, NOW - 30, 2, PAID, ("work",)),
    ConversationSummary("id-bad", "[bold]Parser[/nope]\x1b[2J", "a/b", 0.0, NOW - 7_200, 1),
    ConversationSummary("id-none", "", "demo/guide", 0.0, NOW - DAY_S, 8),
)


@dataclass
class Shown:
    app: PaneApp
    picker: HistoryPicker
    pilot: Pilot[None]
    results: list[str | SearchAll | None]
    store: RowStore
    chat: ChatBehind

    @property
    def rows(self) -> list[str]:
        return self.app.lines("#history-list")

    @property
    def head(self) -> str:
        return self.app.lines("#history-heading")[0]

    @property
    def title(self) -> str:
        return self.app.edges()[0]

    async def press(self, *keys: str) -> None:
        await press(self.pilot, *keys)

    async def in_rows(self, *keys: str) -> None:
        await self.press("tab")
        for key in keys:
            await self.press(key)

    async def noted(self, words: str) -> None:
        await until(self.pilot, lambda: any(words in note for note in self.chat.notes))

    async def listed(self, *words: str) -> None:
        """The rows hold all of these words, once what was begun has ended."""
        await until(self.pilot, lambda: all(word in "\n".join(self.rows) for word in words))

    async def listed_without(self, words: str) -> None:
        await until(self.pilot, lambda: words not in "\n".join(self.rows))

    async def listed_nothing(self, why: str) -> None:
        await until(self.pilot, lambda: why in " ".join(self.app.lines("#history-status")))

    async def field(self) -> RowField:
        await until(self.pilot, lambda: isinstance(self.picker.focused, RowField))
        assert isinstance(self.picker.focused, RowField)
        return self.picker.focused


@asynccontextmanager
async def opened(
    rows: Iterable[ConversationSummary] = ROWS,
    width: int = 80,
    height: int = 24,
    *,
    at_work: tuple[AtWork, ...] = (),
    store: RowStore | None = None,
) -> AsyncIterator[Shown]:
    app = PaneApp(Static())
    results: list[str | SearchAll | None] = []
    store = store or RowStore(rows)
    chat = ChatBehind()
    async with app.run_test(size=(width, height)) as pilot:
        picker = HistoryPicker(
            await listed(store),
            conversations(store),
            chat,
            at_work=lambda: at_work,
            now=lambda: NOW,
        )
        await app.push_screen(picker, results.append)
        await until(pilot, lambda: picker.listed.is_whole)
        await pilot.pause()
        yield Shown(app, picker, pilot, results, store, chat)


def talks(count: int) -> list[ConversationSummary]:
    return [ConversationSummary(f"id{n}", f"Talk number {n}", "a/b", 0.0, NOW - n, 1) for n in range(count)]


async def test_a_row_shows_title_labels_model_messages_cost_and_time() -> None:
    async with opened() as shown:
        assert shown.rows[0].split() == [
            *["▌", "Why", "is", "the", "sky", "blue", "#work", "gpt-4o", "2", "$0.0042", "11:59"]
        ]
        assert shown.head.split() == ["Today", "model", "msgs", "cost", "last"]


async def test_rows_stand_under_the_days_of_their_last_message() -> None:
    rows = [replace(ROWS[0], id=f"c{days}", updated_at=NOW - days * DAY_S) for days in (0, 1, 3, 20, 100)]
    async with opened(rows) as shown:
        headings = [shown.head.split()[0], *(line.strip() for line in shown.rows if "sky" not in line)]
        assert headings == ["Today", "Yesterday", "Saturday", "February", "November 2025"]


async def test_the_heading_on_top_is_that_of_the_rows_in_sight() -> None:
    rows = [replace(row, updated_at=NOW - (n // 30) * DAY_S - n) for n, row in enumerate(talks(60))]
    async with opened(rows) as shown:
        await shown.in_rows("end")
        await until(shown.pilot, lambda: shown.head.split()[0] == "Yesterday")


@pytest.mark.parametrize("width", [120, 78, 60, 38])
@pytest.mark.parametrize("usd", ["0.0042", "0.0000342", "0.00000123", "12345.67"])
def test_figures_never_run_together(width: int, usd: str) -> None:
    spent = Spending(answers=3, usd=Decimal(usd), estimated=1, unknown=1)
    row = replace(ROWS[0], title="A title that is longer than its column " * 3, messages=9_876, spending=spent)
    line = plain(conversation_row(Hit(entry_of(row)), width, NOW, sign=Sign.NONE, is_grouped=False))
    assert len(line) == width
    cost = f"  {figures.total_cost(spent, is_narrow=True)}"
    assert line.endswith(cost) or f"{cost}  " in line
    assert "9,876" not in line or "  9,876  " in line


async def test_columns_give_way_until_state_title_and_cost_are_left() -> None:
    async with opened(ROWS[:1], 40, 16) as shown:
        assert shown.head.split() == ["Today", "cost"]
        assert shown.rows[0].split()[-1] == "$0.0042"


@pytest.mark.parametrize(
    ("width", "labels", "says"),
    [
        (36, ("work",), "● Why is the sky …  #work"),
        (36, (), "  Why is the sky…  (here)"),
        (98, ("work",), "  Why is the sky blue  #work  (here)"),
    ],
)
def test_the_open_conversation_is_marked_without_taking_the_room_of_its_labels(
    width: int, labels: tuple[str, ...], says: str
) -> None:
    row = replace(ROWS[0], labels=labels)
    drawn = conversation_row(Hit(entry_of(row)), width, NOW, sign=Sign.OPEN, is_grouped=True)
    assert plain(drawn).startswith(says)


async def test_a_model_keeps_its_end() -> None:
    model = "somebody/a-model-with-a-very-long-name-2026"
    async with opened([replace(ROWS[0], model=model)]) as shown:
        assert "somebody" not in shown.rows[0]
        assert "…me-2026" in shown.rows[0]


async def test_typing_filters_and_enter_gives_the_id() -> None:
    async with opened() as shown:
        await shown.press(*"pars", "enter")
        await until(shown.pilot, lambda: shown.results == ["id-bad"])


async def test_a_label_is_found_like_a_title() -> None:
    async with opened() as shown:
        await shown.press(*"work")
        assert [line.split()[1:3] for line in shown.rows] == [["Why", "is"]]


async def test_arrows_choose_while_typing() -> None:
    async with opened() as shown:
        await shown.press("down", "down", "enter")
        await until(shown.pilot, lambda: shown.results == ["id-none"])


async def test_escape_gives_nothing() -> None:
    async with opened() as shown:
        await shown.press("escape")
        await until(shown.pilot, lambda: shown.results == [None])


async def test_enter_on_an_empty_list_keeps_the_dialog_open() -> None:
    async with opened(()) as shown:
        await shown.press("enter")
        assert shown.results == []
        assert shown.app.screen is shown.picker


async def test_what_no_title_has_is_looked_for_in_all_texts() -> None:
    async with opened() as shown:
        await shown.press(*"zzzz")
        assert "Enter searches all texts for it." in shown.app.lines("#history-status")[0]
        assert "Enter search all texts" in shown.app.edges()[1]
        await shown.press("enter")
        await until(shown.pilot, lambda: shown.results == [SearchAll("zzzz")])


async def test_titles_and_labels_from_outside_are_shown_as_text_and_none_is_said_in_words() -> None:
    rows = (replace(ROWS[0], labels=("[red]x\x1b]0;y\x07",)), *ROWS[1:])
    async with opened(rows, 200) as shown:
        text = "\n".join(shown.rows)
        assert "[bold]Parser[/nope]␛[2J" in text
        assert "#[red]x␛]0" in text
        assert "(no title)" in text


async def test_an_empty_history_and_an_empty_archive_are_said() -> None:
    async with opened(()) as shown:
        assert "No conversation yet: what you send is kept here." in shown.app.lines("#history-status")[0]
        await shown.press("f6")
        await until(shown.pilot, lambda: "Nothing is archived yet" in shown.app.lines("#history-status")[0])


async def test_where_all_are_archived_or_deleted_the_list_says_how_they_come_back() -> None:
    async with opened([replace(ROWS[0], is_archived=True)]) as shown:
        await shown.listed_nothing("No conversation is left here: F6 shows the archived ones.")
    async with opened(ROWS[:1]) as shown:
        await shown.in_rows("z")
        await shown.listed_nothing("F6 shows the archived ones.")
    async with opened(ROWS[:1]) as shown:
        await shown.in_rows("d")
        await shown.listed_nothing("No conversation is left here: u in the rows brings back what was deleted.")
        await shown.press("shift+tab")
        await shown.in_rows("u")
        await shown.listed("sky")


@pytest.mark.parametrize("width", range(58, 76))
async def test_a_conversation_is_shown_whole_at_every_width(width: int) -> None:
    async with opened(ROWS[1:], width) as shown:
        assert "[bold]Parser[/nope]␛[2J" in shown.rows[0]
        assert all(len(line) <= width for line in shown.rows)


@pytest.mark.parametrize(("width", "height"), [(40, 10), (80, 24), (200, 60)])
async def test_every_size_shows_the_list(width: int, height: int) -> None:
    async with opened(ROWS, width, height) as shown:
        region = shown.app.screen.query_one("#history-list").region
        assert region.height >= 3
        assert region.right <= width


async def test_ten_thousand_conversations_filter_at_once() -> None:
    rows = talks(10_000)
    async with opened(rows) as shown:
        with counted() as work:
            await shown.press(*"9999")
        assert work.calls < 100 * len(rows)
        assert shown.rows[0].startswith("▌  Talk number 9999")


async def test_the_first_page_is_listed_before_the_rest_is_read() -> None:
    store = RowStore(talks(5_000))
    app = PaneApp(Static())
    async with app.run_test() as pilot:
        picker = HistoryPicker(await listed(store), conversations(store), ChatBehind(), now=lambda: NOW)
        assert store.read == [200]
        await app.push_screen(picker)
        await until(pilot, lambda: picker.listed.is_whole)
        assert max(store.read) <= 1_000
        await until(pilot, lambda: "5,000" in app.edges()[0])


async def test_what_was_said_last_is_read_for_the_row_under_the_cursor_alone() -> None:
    class Saying(RowStore):
        asked: list[str] = []

        async def preview(self, conversation_id: str) -> Preview:
            self.asked.append(conversation_id)
            return Preview(f"Asked in {conversation_id}?", "Said\n\x1b[2Jhere.")

    store = Saying(ROWS)
    async with opened(store=store) as shown:
        await until(shown.pilot, lambda: shown.app.lines("#history-preview")[0] == "you: Asked in id-sky?")
        assert shown.app.lines("#history-preview")[1] == "Said ␛[2Jhere."
        await shown.press("down")
        await until(shown.pilot, lambda: shown.app.lines("#history-preview")[0] == "you: Asked in id-bad?")
        assert store.asked == ["id-sky", "id-bad"]


async def test_a_row_of_another_program_appears_in_its_place_and_the_cursor_stays_on_its_own() -> None:
    async with opened() as shown:
        await shown.press("down")
        shown.store.change(ConversationSummary("id-new", "From elsewhere", "a/b", 0.0, NOW - 1, 1))
        shown.picker.follow_change()
        await shown.listed("From elsewhere")
        assert [line[0] for line in shown.rows[:3]] == [" ", " ", "▌"]


async def test_what_cannot_be_read_any_more_is_said_and_what_is_listed_stays() -> None:
    class Broken(RowStore):
        is_broken = False

        async def revision(self) -> int:
            if self.is_broken:
                raise StoreError("The disk is gone.", "Plug it in.")
            return await super().revision()

    store = Broken(ROWS)
    async with opened(store=store) as shown:
        store.is_broken = True
        shown.picker.follow_change()
        await until(shown.pilot, lambda: "not read" in shown.title)
        assert "The disk is gone." in shown.app.lines("#history-status")[0]
        assert "sky" in shown.rows[0]


async def test_letters_write_in_the_field_and_act_in_the_rows() -> None:
    async with opened() as shown:
        await shown.press(*"sd")
        assert shown.picker.query_one("#history-search", Input).value == "sd"
        assert not shown.chat.notes
        await shown.press("backspace", "backspace")
        await shown.in_rows("s")
        assert "by title" in shown.title
        await shown.press("slash", "s")
        assert shown.picker.query_one("#history-search", Input).value == "s"


async def test_what_is_typed_right_behind_a_key_that_leads_to_a_field_is_written_there() -> None:
    async with opened() as shown:
        await shown.in_rows()
        await shown.press("slash", *"dz")
        assert shown.picker.query_one("#history-search", Input).value == "dz"
        await shown.press("backspace", "backspace")
        await shown.in_rows()
        await shown.press("r", *" d")
        assert (await shown.field()).value == "Why is the sky blue d"
        assert not shown.chat.notes


async def test_the_keys_on_the_edge_are_those_of_what_has_the_focus() -> None:
    async with opened() as shown:
        assert shown.app.edges()[1] == "Enter open · Tab to the rows · F6 archived ones · F1 help"
        await shown.in_rows()
        assert shown.app.edges()[1].startswith("Enter open · r rename · L label · d delete")


async def test_a_conversation_is_renamed_in_its_row() -> None:
    async with opened() as shown:
        await shown.in_rows("down", "r")
        field = await shown.field()
        field.value = "Another name"
        assert "Esc keep the old value" in shown.title
        await shown.press("enter")
        await shown.noted("Renamed: Another name")
        await shown.listed("Another name")
        assert shown.picker.focused is shown.picker.finder.rows


async def test_escape_leaves_the_field_in_the_row_and_then_the_list() -> None:
    async with opened() as shown:
        await shown.in_rows("r")
        (await shown.field()).value = "Another name"
        await shown.press("escape")
        await until(shown.pilot, lambda: shown.picker.focused is shown.picker.finder.rows)
        assert (shown.results, shown.chat.notes) == ([], [])
        await shown.press("escape")
        await until(shown.pilot, lambda: shown.results == [None])


async def test_an_empty_name_is_refused() -> None:
    async with opened() as shown:
        await shown.in_rows("r")
        (await shown.field()).value = "  "
        await shown.press("enter")
        await shown.noted("A name has at least one letter.")
        assert "sky" in shown.rows[0]


async def test_labels_are_written_in_the_row_and_known_ones_completed() -> None:
    async with opened() as shown:
        await shown.in_rows("down", "L")
        await shown.field()
        await shown.press(*"#w")
        await until(shown.pilot, lambda: "#work" in str(shown.picker.query_one(RowField).render_line(0).text))
        await shown.press("tab", "enter")
        await shown.noted("#work")
        await until(shown.pilot, lambda: shown.rows[1].count("#work") == 1)


async def test_deleting_asks_nothing_and_undoing_brings_back_the_newest_first() -> None:
    async with opened() as shown:
        await shown.in_rows("d")
        await shown.noted("Deleted “Why is the sky blue”. u brings it back until you quit.")
        await shown.listed_without("sky")
        await shown.press("d")
        await shown.listed_without("Parser")
        await shown.press("u")
        await shown.listed("Parser")
        assert "sky" not in "\n".join(shown.rows)
        await shown.press("u")
        await shown.listed("sky")
        assert "u undo" not in shown.app.edges()[1]


async def test_a_key_that_is_held_deletes_one_after_the_other() -> None:
    async with opened() as shown:
        await shown.in_rows()
        await shown.press("d", "d")
        await shown.noted("Deleted “[bold]Parser")
        assert [hit.entry.id for hit in shown.picker.finder.items] == ["id-none"]
        assert sum("Deleted" in note for note in shown.chat.notes) == 2


async def test_what_cannot_be_deleted_stays_listed_and_is_said() -> None:
    class Stubborn(RowStore):
        async def hide(self, conversation_id: str) -> None:
            raise StoreError(f"{conversation_id} stays.", "Try again.")

    async with opened(store=Stubborn(ROWS)) as shown:
        await shown.in_rows("d")
        await until(shown.pilot, lambda: shown.chat.failures)
        await shown.listed("sky")


async def test_deleting_the_marked_ones_asks_first() -> None:
    async with opened() as shown:
        await shown.in_rows("space", "space")
        assert "2 marked" in shown.title
        assert [line[1] for line in shown.rows[:2]] == ["✓", "✓"]
        await shown.press("d")
        dialog = await asked_something(shown.pilot)
        assert dialog._title == "Delete 2 conversations?"
        assert "3 messages" in dialog._words
        await shown.press("n")
        await until(shown.pilot, lambda: shown.app.screen is shown.picker)
        assert "sky" in shown.rows[0]
        await shown.press("d")
        await asked_something(shown.pilot)
        await shown.press("y")
        await shown.noted("Deleted 2 conversations. u brings them back until you quit.")
        await shown.listed_without("sky")
        assert "marked" not in shown.title


async def test_deleting_one_that_is_at_work_asks() -> None:
    busy = AtWork("id-sky", "Why is the sky blue", "openai/gpt-4o", Standing.BUSY, "writing 12 s", 2)
    async with opened(at_work=(busy,)) as shown:
        await shown.in_rows("d")
        dialog = await asked_something(shown.pilot)
        assert "1 answer on the way would end there." in dialog._words


async def test_what_is_at_work_stands_on_top_once_with_its_state() -> None:
    busy = (
        AtWork("id-none", "Untold", "demo/guide", Standing.ASKS, "waits for you", 2),
        AtWork("id-unread", "Not read yet", "a/b", Standing.BUSY, "writing 12 s", 2),
    )
    async with opened(at_work=busy) as shown:
        assert shown.head.split()[:2] == ["At", "work"]
        assert "▲ waits for you" in shown.rows[0]
        assert "● writing 12 s" in shown.rows[1]
        assert "Not read yet" in shown.rows[1]
        assert shown.rows[2].split() == ["Today"]
        assert "\n".join(shown.rows).count("(no title)") == 1
        assert "1 at work · 1 waits for you" in shown.title


async def test_one_at_work_that_is_archived_keeps_its_facts_and_its_keys() -> None:
    busy = AtWork("id-sky", "Why is the sky blue", "openai/gpt-4o", Standing.UNREAD, "done, unread", 2)
    async with opened(at_work=(busy,)) as shown:
        await shown.in_rows("z")
        await shown.noted("Archived “Why is the sky blue”.")
        await until(shown.pilot, lambda: "z bring back" in shown.app.edges()[1])
        assert "✓ done, unread" in shown.rows[0]
        assert "$0.0042" in shown.rows[0]
        await shown.press("r")
        (await shown.field()).value = "Sky"
        await shown.press("enter")
        await shown.noted("Renamed: Sky")
        await until(shown.pilot, lambda: "Sky" in shown.rows[0] and "$0.0042" in shown.rows[0])
        assert "\n".join(shown.rows).count("Sky") == 1
        await shown.press("space", "home", "z")
        await shown.noted("Brought back “Sky”.")
        await until(shown.pilot, lambda: "z archive" in shown.app.edges()[1])
        assert "$0.0042" in shown.rows[0]


async def test_the_archive_counts_only_what_is_in_it() -> None:
    busy = AtWork("id-unread", "Not read yet", "a/b", Standing.BUSY, "writing 12 s", 2)
    rows = [replace(ROWS[0], is_archived=True), replace(ROWS[1], is_archived=True), ROWS[2]]
    async with opened(rows, at_work=(busy,)) as shown:
        await shown.press("f6")
        await shown.listed("sky")
        assert shown.title.startswith("Archive · 2 ")


async def test_z_archives_and_the_archive_brings_back() -> None:
    async with opened() as shown:
        await shown.in_rows("z")
        await shown.noted("Archived “Why is the sky blue”.")
        await shown.listed_without("sky")
        await shown.press("f6")
        await shown.listed("sky")
        assert shown.title.startswith("Archive · 1")
        assert "z bring back" in shown.app.edges()[1]
        await shown.press("z")
        await shown.noted("Brought back “Why is the sky blue”.")
        await until(shown.pilot, lambda: "Nothing is archived" in shown.app.lines("#history-status")[0])
        await shown.press("f6")
        await shown.listed("sky")


async def test_s_sorts_by_title_cost_and_messages_and_says_so() -> None:
    async with opened() as shown:
        await shown.in_rows("s")
        assert "by title" in shown.title
        await shown.press("s")
        assert "highest cost first" in shown.title
        assert "sky" in shown.rows[0]
        await shown.press("s")
        assert "longest first" in shown.title
        assert "(no title)" in shown.rows[0]
        await shown.press("s")
        assert "first" not in shown.title


async def test_a_click_selects_and_two_open() -> None:
    async with opened() as shown:
        await shown.pilot.click("#history-list", offset=(5, 1))
        assert shown.picker.current is not None
        assert (shown.picker.current.id, shown.results) == ("id-bad", [])
        await shown.pilot.click("#history-list", offset=(5, 1), times=2)
        await until(shown.pilot, lambda: shown.results == ["id-bad"])
