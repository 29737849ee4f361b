"""The model pane: what it lists, what typing does, and that nothing in a catalogue can hurt."""

from decimal import Decimal

import msgspec
import pytest

from tests.ui.pane_app import PaneApp, alone
from tests.work import counted
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.models import Catalog, ModelInfo, ModelKind
from tui_chat.core.usage import Price, PriceTier, Spending
from tui_chat.ui.panes.model_pane import ModelPane
from tui_chat.ui.panes.model_rows import ModelEntry, RateColumn, about, model_lines
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Row
from tui_chat.workspace.model_records import ModelRecord, ModelRecords
from tui_chat.workspace.speeds import ModelSpeed

MINI = ModelInfo(
    "openai/gpt-4o-mini",
    name="GPT-4o mini",
    owned_by="openai",
    context_tokens=128_000,
    price=Price(Decimal("0.00000015"), Decimal("0.0000006")),
    input_modalities=("text", "image"),
    supported_parameters=("tools",),
)
FREE = ModelInfo("meta/llama:free", price=Price(Decimal(0), Decimal(0)))
HOSTILE = ModelInfo("bad/[bold]x[/nope]\x1b[2J\u202e", name="\x1b]0;title\x07")
TIERS = (PriceTier(200_001, Decimal(2) / 10**6),)
CATALOG = Catalog((MINI, FREE, HOSTILE), fetched_at=1_000.0)


class Host:
    """The chat around the pane."""

    def __init__(self) -> None:
        self.copied: list[str] = []
        self.starred: list[str] = []
        self.asked = 0

    def copy_model(self, model_id: str) -> None:
        self.copied.append(model_id)

    def star_model(self, model_id: str) -> None:
        self.starred.append(model_id)

    def ask_records(self) -> None:
        self.asked += 1

    def lost_with(self, model_id: str) -> str:
        return "Does not fit: 31k are in this chat." if model_id == MINI.id else ""

    def fits(self, model: ModelInfo) -> bool:
        return model.id != MINI.id


def pane(
    catalog: Catalog | None = CATALOG,
    current: str = "openai/gpt-4o-mini",
    recents: tuple[str, ...] = (),
    favourites: tuple[str, ...] = (),
    host: Host | None = None,
) -> ModelPane:
    return ModelPane(catalog, current, recents, favourites, host=host, now=lambda: 1_360.0)


def rows(app: PaneApp) -> list[str]:
    """The models, without the mark of the cursor and without headings."""
    return [line[1:] for line in app.lines("#model-list") if line.strip() not in ("All", "Recent", "Favourites")]


def listed(app: PaneApp) -> str:
    return "\n".join(rows(app))


def chosen(app: PaneApp) -> list[str]:
    return [message.model_id for message in app.said(ModelPane.Chosen) if isinstance(message, ModelPane.Chosen)]


async def test_a_row_shows_prices_per_million_context_and_abilities() -> None:
    async with alone(pane()) as (app, _):
        row = next(line for line in rows(app) if "gpt-4o-mini" in line)
        assert row.split() == ["●", "openai/gpt-4o-mini", "$0.15", "$0.60", "128k", "pictures", "tools"]


async def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    async with alone(pane(Catalog((ModelInfo("a/b"),)), current="")) as (app, _):
        assert listed(app).split() == ["a/b", "–", "–", "–", "–"]


async def test_free_is_said_in_words() -> None:
    async with alone(pane()) as (app, _):
        row = next(line for line in rows(app) if "llama" in line)
        assert row.split()[1:4] == ["free", "free", "–"]


def plain(*rows: Row) -> str:
    return "\n".join("".join(text for _, text in row) for row in rows)


def test_what_costs_something_besides_its_words_is_not_called_free_and_says_what() -> None:
    price = Price(Decimal(0), Decimal(0), request_usd=Decimal("0.01"))
    entry = ModelEntry("a/b", "a/b", ModelInfo("a/b", price=price))
    row, below = plain(*model_lines(entry, (), 100, is_current=False)), plain(*about(entry, 100))
    assert "free" not in row
    assert row.count("$0+") == 2
    assert "$0.01 a request" in below


def test_what_a_model_takes_is_told_whole_where_there_is_room() -> None:
    info = ModelInfo(
        "a/b",
        input_modalities=("text", "image", "file", "audio"),
        supported_parameters=("tools", "reasoning"),
    )
    row = plain(*model_lines(ModelEntry("a/b", "a/b", info), (), 200, is_current=False, rates=RateColumn("today")))
    assert row.rstrip().endswith("pictures pdf sound tools reasons")


async def test_columns_give_way_in_their_order_and_the_price_of_output_stays() -> None:
    seen = {}
    for width in (110, 84, 64, 40):
        async with alone(pane(), width, 20) as (app, _):
            seen[width] = rows(app)[0].split()
    assert seen[110] == ["●", "openai/gpt-4o-mini", "$0.15", "$0.60", "128k", "pictures", "tools"]
    assert seen[84] == ["●", "openai/gpt-4o-mini", "$0.15", "$0.60", "128k", "pictures", "tools"]
    assert seen[64] == ["●", "openai/gpt-4o-mini", "$0.15", "$0.60", "128k"]
    assert seen[40] == ["●", "gpt-4o-mini", "$0.60"]


async def test_typing_filters_and_enter_chooses() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press(*"llama", "enter")
        await pilot.pause()
        assert chosen(app) == ["meta/llama:free"]


async def test_arrows_move_while_the_search_keeps_the_focus() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        assert chosen(app) == ["meta/llama:free"]


async def test_a_click_chooses() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.click("#model-list", offset=(4, 2))
        await pilot.pause()
        assert chosen(app) == ["meta/llama:free"]


async def test_escape_closes() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.said(ModelPane.Closed)) == 1


async def test_an_id_that_nobody_offers_can_be_used_as_typed() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press(*"new/thing:x")
        assert "use “new/thing:x” as typed" in listed(app)
        await pilot.press("enter")
        await pilot.pause()
        assert chosen(app) == ["new/thing:x"]


async def test_an_id_that_is_offered_is_not_offered_as_typed_too() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press(*"meta/llama:free")
        assert "as typed" not in listed(app)


async def test_models_used_last_come_first_also_where_the_catalogue_lacks_them() -> None:
    async with alone(pane(recents=("meta/llama:free", "local/own"))) as (app, _):
        assert app.lines("#model-list")[0].strip() == "Recent"
        lines = rows(app)
        assert "meta/llama:free" in lines[0]
        assert "local/own" in lines[1]
        assert sum("llama" in line for line in lines) == 1


async def test_the_cursor_begins_on_the_current_model() -> None:
    async with alone(pane(current="meta/llama:free")) as (app, _):
        assert app.query_one(PickList).cursor == 1


async def test_hostile_names_are_shown_as_text() -> None:
    async with alone(pane()) as (app, pilot):
        shown = listed(app)
        assert "bad/[bold]x[/nope]␛[2J�" in shown
        await pilot.press(*"bad", "enter")
        await pilot.pause()
        assert chosen(app) == [HOSTILE.id]


async def test_a_paste_into_the_search_is_made_harmless() -> None:
    from textual import events

    async with alone(pane()) as (app, pilot):
        app.query_one("#model-search").post_message(events.Paste("\x1b[31mllama\nsecond line"))
        await pilot.pause()
        assert "\x1b" not in listed(app)
        assert "second" not in listed(app)


async def test_loading_failing_and_cached_are_said() -> None:
    async with alone(pane(catalog=None)) as (app, pilot):
        assert "Asking the gateway" in app.lines("#model-status")[0]
        app.query_one(ModelPane).show_failure(Failure(ErrorKind.NETWORK, "no [route]", "Check the line."))
        await pilot.pause()
        said = "\n".join(app.lines("#model-status"))
        assert "✗ no [route]" in said
        assert "Check the line." in said
        app.query_one(ModelPane).show_catalog(Catalog((MINI,), fetched_at=1_000.0, is_cached=True))
        await pilot.pause()
        assert "▲ 6 min old" in app.edges()[0]


async def test_an_old_list_is_shown_with_the_reason() -> None:
    why = Failure(ErrorKind.AUTHENTICATION, "No such key.", "Use another one.")
    async with alone(pane()) as (app, pilot):
        app.query_one(ModelPane).show_catalog(Catalog((MINI,), fetched_at=1_000.0, is_cached=True, failure=why))
        await pilot.pause()
        assert "No such key." in "\n".join(app.lines("#model-status"))
        assert "gpt-4o-mini" in listed(app)


async def test_a_failure_keeps_what_was_listed() -> None:
    async with alone(pane()) as (app, pilot):
        app.query_one(ModelPane).show_failure(Failure(ErrorKind.TIMEOUT, "late", "Wait."))
        await pilot.pause()
        assert "gpt-4o-mini" in listed(app)


async def test_f5_asks_for_the_catalogue_anew() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press("f5")
        await pilot.pause()
        assert len(app.said(ModelPane.RefreshRequested)) == 1
        assert "Asking" in app.lines("#model-status")[0]


async def test_a_new_catalogue_keeps_the_query_and_the_cursors_model() -> None:
    async with alone(pane()) as (app, pilot):
        await pilot.press("a", "down")
        before = rows(app)[app.query_one(PickList).cursor]
        app.query_one(ModelPane).show_catalog(Catalog((ModelInfo("aaa/first"), *CATALOG.models)))
        await pilot.pause()
        assert rows(app)[app.query_one(PickList).cursor].split() == before.split()


@pytest.mark.parametrize(("width", "height"), [(36, 10), (40, 10), (80, 24), (200, 60)])
async def test_every_size_shows_the_search_and_a_model(width: int, height: int) -> None:
    async with alone(pane(), width, height) as (app, _):
        pick_list = app.query_one(PickList)
        assert pick_list.region.height >= 2
        assert all(region.width <= width for region in (pick_list.region, app.query_one("#model-search").region))


async def test_twenty_thousand_models_open_and_filter_at_once() -> None:
    many = Catalog(tuple(ModelInfo(f"provider-{n % 90}/model-{n}") for n in range(20_000)))
    async with alone(pane(many)) as (app, pilot):
        with counted() as work:
            await pilot.press(*"m19")
            await pilot.pause()
        assert work.calls < 200 * len(many.models)
        assert "model-19" in listed(app).split("\n")[0]


async def test_words_filter_and_a_line_says_how_they_were_read() -> None:
    async with alone(pane()) as (app, pilot):
        assert app.lines("#model-read") == []
        await pilot.press(*"free")
        assert [line.split()[0] for line in rows(app)] == ["meta/llama:free"]
        assert app.lines("#model-read") == ["        free"]
        assert "3 · 1 fit" in app.edges()[0]


async def test_favourites_come_before_recent_ones_and_have_their_mark() -> None:
    async with alone(pane(current="", recents=(MINI.id,), favourites=(FREE.id,))) as (app, _):
        lines = app.lines("#model-list")
        assert [line.strip() for line in lines[::2]] == ["Favourites", "Recent", "All"]
        assert lines[1].split()[:2] == ["▌★", "meta/llama:free"] or lines[1].split()[:2] == ["★", "meta/llama:free"]


async def test_in_the_rows_letters_sort_mark_and_copy_and_in_the_field_they_are_text() -> None:
    host = Host()
    async with alone(pane(host=host, current=FREE.id)) as (app, pilot):
        await pilot.press("tab", "asterisk", "y", "s")
        await pilot.pause()
        assert (host.starred, host.copied) == ([FREE.id], [FREE.id])
        assert "cheapest first" in app.edges()[0]
        assert "meta/llama:free" in rows(app)[0]
        await pilot.press("slash", "s", "y")
        assert "cheapest first" in app.edges()[0]
        assert (host.starred, host.copied) == ([FREE.id], [FREE.id])


async def test_the_details_of_a_model_are_a_page_and_escape_leads_back() -> None:
    host = Host()
    tiered = msgspec.structs.replace(MINI, price=Price(Decimal(1) / 10**6, Decimal(1) / 10**6, tiers=TIERS))
    async with alone(pane(Catalog((tiered,)), host=host)) as (app, pilot):
        assert "$1.00+" in rows(app)[0]
        await pilot.press("tab", "i")
        await pilot.pause()
        assert host.asked == 2  # as it opened, and for the details
        record = ModelRecord(Spending(2, Decimal("0.5")), speed_words="88 tok/s today, the fastest of today")
        app.query_one(ModelPane).show_records(ModelRecords({MINI.id: record}))
        await pilot.pause()
        page = "\n".join(app.lines("#model-details"))
        assert [each.display for each in app.query(Divider)] == [False]
        assert (MINI.id in app.edges()[0], "recent first" in app.edges()[0]) == (True, False)
        assert ("reads" in page, "text, pictures, tools" in page) == (False, True)
        assert "$2.00 in per million tokens" in page
        assert "2 answers · $0.50" in page
        assert "88 tok/s today, the fastest of today" in page
        await pilot.press("escape")
        assert not app.said(ModelPane.Closed)
        assert app.query_one("#model-list").has_focus


RECORDS = ModelRecords(
    {
        MINI.id: ModelRecord(Spending(14, Decimal("0.12")), today=ModelSpeed(14, 0.31, 41.0)),
        FREE.id: ModelRecord(Spending(2), today=ModelSpeed(2, 0.5, 88.0)),
    },
    fastest_first=(FREE.id, MINI.id),
)


@pytest.mark.parametrize("width", [60, 100])
async def test_which_model_was_fastest_today_is_seen_by_a_word_or_a_key_at_any_width(width: int) -> None:
    shown = pane(Catalog((HOSTILE, MINI, FREE)), current=MINI.id, recents=(MINI.id,), host=Host())
    async with alone(shown, width) as (app, pilot):
        shown.show_records(RECORDS)
        await pilot.pause()
        assert "Yours: 14 answers · $0.12 · 41 tok/s today" in "\n".join(app.lines("#model-status"))
        assert ("tok/s today" in app.lines("#model-heading")[0]) is (width == 100)
        assert app.query_one(Divider).words.strip("─ ") == MINI.id
        await pilot.press(*"fastest")
        await pilot.pause()
        assert ["llama" in rows(app)[0], "gpt-4o" in rows(app)[1], "–" in rows(app)[2]] == [True] * 3
        heading, row = app.lines("#model-heading")[0], app.lines("#model-list")[0]
        assert heading.index("tok/s today") + len("tok/s today") == row.index("88") + len("88")
        assert "fastest for you first" in app.lines("#model-read")[0]
        assert "fastest for you first" in app.edges()[0]


async def test_what_does_not_fit_is_marked_in_its_row_and_told_below() -> None:
    async with alone(pane(host=Host())) as (app, _):
        assert "▲ 128k" in next(line for line in rows(app) if "gpt-4o-mini" in line)
        assert "Does not fit: 31k are in this chat." in app.lines("#model-status")[0]


async def test_why_a_list_is_old_stands_beside_its_age() -> None:
    why = Failure(ErrorKind.NETWORK, "No route.", "Check.")
    async with alone(pane(Catalog((MINI,), fetched_at=1_000.0, is_cached=True, failure=why))) as (app, _):
        assert "▲ 6 min old: no connection" in app.edges()[0]


async def test_those_that_cannot_chat_are_left_out_until_all_are_asked_for() -> None:
    whisper = ModelInfo("openai/whisper", kind=ModelKind.SPEECH)
    async with alone(pane(Catalog((MINI, whisper)))) as (app, pilot):
        assert "whisper" not in listed(app)
        await pilot.press(*"all")
        assert "whisper" in listed(app)


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_a_heading_ends_where_its_column_ends(width: int) -> None:
    async with alone(pane(), width) as (app, _):
        heading = app.lines("#model-heading")[0]
        row = next(line for line in app.lines("#model-list") if "gpt-4o-mini" in line)
        for name, value in (("in/M", "$0.15"), ("out/M", "$0.60"), ("context", "128k")):
            assert heading.index(name) + len(name) == row.index(value) + len(value)


async def test_at_80_columns_what_a_model_takes_stands_in_the_table_and_speed_gives_way_to_it() -> None:
    shown = pane(Catalog((MINI,)), host=Host())
    async with alone(shown) as (app, pilot):
        shown.show_records(RECORDS)
        await pilot.pause()
        assert ["takes" in app.lines("#model-heading")[0], "pictures tools" in rows(app)[0]] == [True, True]
        assert "tok/s" not in app.lines("#model-heading")[0]
