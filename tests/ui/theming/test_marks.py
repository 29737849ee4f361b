"""Marks, as they are drawn and in ASCII."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

import tui_chat.ui
from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.core.request_size import RequestSize
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.status_words import Status, context_words
from tui_chat.ui.theming.marks import DrawnInAscii, Mark, drawn, gauge, is_utf8, use_ascii
from tui_chat.workspace.context_fill import ContextFill

DRAWN_WITH = re.compile("[\u2500-\u259f\u25a0-\u25ff\u2190-\u21ff\u2713\u2717\u2605·…–‹›≥“”]")


def painted(app: ChatApp) -> str:
    """The screen as it goes to the terminal."""
    size = app.screen.size
    filters = app.get_line_filters()
    strips = [app.screen._compositor.render_strips(size)[y] for y in range(size.height)]
    ground = Color.parse("black")
    for each in filters:
        strips = [strip.apply_filter(each, ground) for strip in strips]
    return "\n".join(strip.text for strip in strips)


@pytest.fixture
def in_ascii() -> Iterator[None]:
    """Draw in ASCII."""
    use_ascii(True)
    yield
    use_ascii(False)


def test_a_mark_is_drawn_as_its_value_where_that_can_be_shown() -> None:
    assert [mark.drawn for mark in Mark] == [mark.value for mark in Mark]


@pytest.mark.usefixtures("in_ascii")
def test_each_mark_has_an_ascii_form() -> None:
    assert [mark for mark in Mark if not mark.drawn.isascii()] == []


@pytest.mark.usefixtures("in_ascii")
def test_marks_in_ascii_are_told_apart_where_they_stand_alone() -> None:
    forms = [mark.drawn for mark in Mark if mark is not Mark.AFTER]  # stands behind its number, not before a message

    assert len(set(forms)) == len(forms)


@pytest.mark.usefixtures("in_ascii")
def test_what_is_no_mark_is_drawn_as_it_is() -> None:
    assert drawn("?") == "?"
    assert drawn("✓") == Mark.DONE.drawn == "ok"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True), ({"LANG": "de_DE.UTF-8"}, True), ({"LANG": "C.utf8"}, True), ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "de_DE"}, False), ({"LANG": "de_DE.ISO-8859-1"}, False), ({"LC_ALL": "C"}, False),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, False), ({"LC_ALL": "", "LANG": "en_US.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, True),
    ],
)  # fmt: skip
def test_the_locale_says_whether_more_than_ascii_can_be_shown(environ: dict[str, str], expected: bool) -> None:
    assert is_utf8(environ) is expected


def test_what_is_replaced_keeps_its_cells_and_letters_stay() -> None:
    text = "╭─┬─╮│ ├┼┤ ╰─╯ ━┃ ▁▄█ ●◆✓✗▸▾▣■↳≥ a·b… “q” é 漢 ß"
    (segment,) = DrawnInAscii().apply([Segment(text)], Color.parse("black"))

    assert cell_len(segment.text) == cell_len(text)
    assert segment.text.startswith("+-+-+| +++ +-+ =| .:#")
    assert segment.text.endswith('a-b. "q" é 漢 ß')
    assert [sign for sign in segment.text if not sign.isascii()] == ["é", "漢", "ß"]


@pytest.mark.usefixtures("in_ascii")
def test_a_gauge_has_ends_in_ascii_and_tells_full_from_empty() -> None:
    assert "".join(gauge(0.5, 4)) == "[##--]"
    assert "".join(gauge(0.0, 4)) == "[----]"
    status = Status(context=ContextFill(RequestSize(40, counted=40), 100))
    assert context_words(status, with_bar=True)[0][0] == "[##---] 40 of 100"


def test_what_is_cut_in_ascii_looks_like_no_estimate() -> None:
    (segment,) = DrawnInAscii().apply([Segment("length limit… ⋯ ~4")], Color.parse("black"))
    assert segment.text == "length limit. . ~4"


def test_every_box_and_block_has_a_form() -> None:
    text = "".join(map(chr, range(0x2500, 0x25A0)))
    (segment,) = DrawnInAscii().apply([Segment(text)], Color.parse("black"))

    assert segment.text.isascii()


@pytest.mark.parametrize(
    ("settings", "locale", "is_ascii"),
    [("ascii = true\n", "C.UTF-8", True), ("", "C", True), ("", "C.UTF-8", False), ("ascii = false\n", "C", False)],
)
async def test_the_setting_or_the_locale_makes_the_whole_screen_ascii(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, locale: str, is_ascii: bool
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    said = "# Head\n\n- [x] done\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n```\n"
    app = chat_app(tmp_path, answer(said), settings=settings)
    async with running(app, (100, 40)) as (chat, pilot):
        await send(pilot, chat, "hello")
        await until(pilot, lambda: "done" in painted(app))
        shown = painted(app)

    assert (DRAWN_WITH.findall(shown) == []) is is_ascii
    assert ("> hello" in shown) is is_ascii
    assert ("[ok] done" in shown) is is_ascii
    assert ("+---" in shown) is is_ascii


SIGNS_DRAWN = re.compile("[\u2190-\u2bff]")


def test_every_sign_that_the_screen_draws_has_a_form_in_ascii() -> None:
    sources = [file.read_text("utf-8") for file in Path(tui_chat.ui.__path__[0]).rglob("*.py")]
    signs = sorted({sign for source in sources for sign in SIGNS_DRAWN.findall(source)})
    assert signs
    shown = DrawnInAscii().apply([Segment(sign) for sign in signs], Color(0, 0, 0))
    assert [segment.text for segment in shown if not segment.text.isascii()] == []
