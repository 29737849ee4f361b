"""What is painted: all of the text, at any width, and nothing that a terminal would obey."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from tests.store.values import answer
from tests.ui.transcript.documents import document
from tests.ui.transcript.samples import RICH
from tui_chat.core.sanitize import sanitize
from tui_chat.settings.theme_files import Themes
from tui_chat.ui.theming.themes import to_textual
from tui_chat.ui.transcript.inline import safe_address
from tui_chat.ui.transcript.layouts import layout
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import GUTTER, MEASURE, Renderer
from tui_chat.ui.transcript.section import Section, SectionKind, Tone
from tui_chat.ui.transcript.sections import Heads, head_labels
from tui_chat.ui.transcript.wrapping import fold, wrap

PALETTE = Palette(to_textual(Themes().read("dusk")[0]).variables)
HOSTILE = (
    "a\x1b[31mb \x1b]52;c;eA==\x07 \x9b2J \u202eevil\u2066 \u2028 \ud800 \x00\x08\x7f "
    "[/bold] [@click=app.quit]x[/]\r\nend"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")


def paint(text: str, width: int = 80, kind: SectionKind = SectionKind.TEXT) -> list[Strip]:
    section = Section(kind, source=sanitize(text))
    section.read(width)
    renderer = Renderer(PALETTE, width)
    return [row for number in range(len(section.leaves)) for row in renderer.rows(section, number)]


def lines(text: str, width: int = 80, kind: SectionKind = SectionKind.TEXT) -> list[str]:
    return [row.text.rstrip()[1:] for row in paint(text, width, kind)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("width", [16, 38, 78, 118])
def test_every_row_is_exactly_as_wide_as_the_screen(width: int) -> None:
    assert {row.cell_length for row in paint(RICH, width)} == {width}


@pytest.mark.parametrize("width", [30, 80, 160])
def test_no_word_of_the_source_is_lost(width: int) -> None:
    painted = re.sub(r"[\s│▎]+", "", "".join(lines(RICH, width)))
    missing = [word for word in words(RICH) if word not in painted]
    assert width < 80 or not missing
    assert len(missing) <= 4, missing


@pytest.mark.parametrize(
    "text", ["std::vector<int>", "Vec<u8> and <details>", "<thinking>\nhm\n</thinking>", "a &lt; b"]
)
def test_what_looks_like_html_stays_text(text: str) -> None:
    assert " ".join(line.strip() for line in lines(text)) == text.replace("&lt;", "<").replace("\n", " ")


@pytest.mark.parametrize("width", [20, 80])
@pytest.mark.parametrize("levels", [3, 12, 28, 50, 400])
def test_no_nesting_is_too_deep_to_be_shown(levels: int, width: int) -> None:
    nested = "".join("  " * level + f"- level{level}\n" for level in range(levels))
    painted = "".join(line.strip() for line in lines(nested + "\n" + "> " * levels + "quoted", width))
    assert [level for level in range(levels) if f"level{level}" not in painted] == []
    assert "quoted" in painted


def test_no_word_of_a_generated_document_is_lost() -> None:
    # Definitions of links, languages of fences, marks of tasks and numbers of lists are not words of the text.
    for text in (text for seed in range(250) if "]:" not in (text := document(seed))):
        painted = "".join(lines(text, 100))
        source = re.sub(r"&amp;|\[x\]|py", "", text)
        assert [word for word in words(source) if word not in painted and not word.isdigit()] == [], text


@pytest.mark.parametrize("kind", [SectionKind.TEXT, SectionKind.USER, SectionKind.RESULT, SectionKind.REASONING])
@pytest.mark.parametrize(
    "wrapper", ["{}", "```c\n{}\n```", "| {} |\n|---|\n| {} |", "# {}", "- `{}`", "[x](<{}>)", "```{}\n"]
)
def test_hostile_text_paints_no_control_characters(kind: SectionKind, wrapper: str) -> None:
    for row in paint(wrapper.replace("{}", HOSTILE), 60, kind):
        for segment in row:
            assert not _CONTROL.search(segment.text)
            assert segment.style is None or not _CONTROL.search(segment.style.link or "")
            assert segment.style is None or not segment.style.meta


def test_markup_of_the_screen_is_only_text() -> None:
    assert lines("[bold]a[/bold] [/nope]") == ["  [bold]a[/bold] [/nope]"]


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://example.com/a?b=1", True),
        ("mailto:a@example.com", True),
        ("javascript:alert(1)", False),
        ("vscode://file/x", False),
        ("file:///etc/passwd", False),
        ("https://a\x1b]8;;b", False),
        ("https://" + "a" * 5_000, False),
    ],
)
def test_only_addresses_of_the_web_and_mail_are_links(address: str, is_safe: bool) -> None:
    assert bool(safe_address(address)) is is_safe


def test_a_link_shows_its_real_target() -> None:
    assert "click (https://example.com/real)" in lines("[click](https://example.com/real)")[0]
    assert lines("[https://good.example](https://evil.example)")[0].endswith("(https://evil.example)")


def test_a_definition_below_its_use_makes_a_link() -> None:
    assert lines("see [docs]\n\n[docs]: https://docs.example")[0] == "  see docs (https://docs.example)"


def test_a_table_is_aligned_with_wide_characters() -> None:
    rows = lines("| 名前 | n |\n|---|--:|\n| 基数排序 | 1 |\n| a | 100 |")
    assert {cell_len(row.partition("│")[0]) for row in rows if "│" in row} == {11}


def test_a_table_wraps_its_cells_to_the_width() -> None:
    text = "| a | b |\n|---|---|\n| " + "word " * 20 + "| " + "other " * 20 + "|"
    rows = lines(text, 40)
    assert len(rows) > 5
    assert sum(row.count("word") for row in rows) == 20
    assert sum(row.count("other") for row in rows) == 20


def test_lines_part_the_rows_of_a_table_that_wraps_and_of_no_other() -> None:
    text = "| a | b |\n|---|---|\n| one | " + "word " * 8 + "|\n| two | x |\n| three | y |"
    is_line = [row.strip().startswith("─") for row in lines(text, 30)]
    assert sum(is_line) == 3  # below the head, and between the rows
    assert not is_line[-1]
    assert sum(row.strip().startswith("─") for row in lines(text, 100)) == 1


def test_a_table_too_wide_for_the_screen_is_stacked() -> None:
    rows = lines("| one | two | three | four |\n|---|---|---|---|\n| " + " | ".join(["long words here"] * 4) + " |", 24)
    assert "  one: long words here" in rows
    assert "  four: long words here" in rows


def test_code_is_coloured_and_nothing_of_it_is_lost() -> None:
    code = "def f(x):\n\treturn 'a' + x  # why\n"
    strips = paint(f"```python\n{code}```")
    assert [row.text.rstrip()[1:] for row in strips][1:] == ["   def f(x):", "       return 'a' + x  # why"]
    assert strips[0].text.split() == ["python", "copy"]
    keyword = next(segment for segment in strips[1] if segment.text == "def")
    assert keyword.style is not None
    assert keyword.style.color == PALETTE.on("syntax-keyword").color


def test_long_lines_of_code_are_folded_not_cut() -> None:
    line = "x" * 150 + "END"
    assert "".join(row.strip() for row in lines(f"```\n{line}\n```", 40)[1:]) == line


def test_a_word_of_code_is_not_broken_where_it_fits_on_the_next_row() -> None:
    assert [row.strip() for row in lines("```\nreturn alpha + beta_gamma + x\n```", 23)[1:]] == [
        "return alpha +",
        "beta_gamma + x",
    ]


def test_what_a_person_typed_is_shown_as_typed() -> None:
    assert lines("# not a head\n\n    indented  twice", kind=SectionKind.USER) == [
        "▌ # not a head",
        "▌",
        "▌     indented  twice",
    ]


@given(st.text(alphabet="ab 漢字🙂\n-", max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    rows = [text[start:end] for start, end in wrap(text, width)]
    assert all(cell_len(row.rstrip(" ")) <= width for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.text(alphabet="ab 漢\t", max_size=80), st.integers(2, 30))
def test_folding_keeps_every_character(text: str, width: int) -> None:
    rows = [text[start:end] for start, end in fold(text, width)]
    assert "".join(rows) == text
    assert all(cell_len(row) <= width for row in rows)


_WIDE = {
    SectionKind.TEXT: (
        "word " * 90,
        "```\n" + "x" * 300 + "\n```",
        "| a | b |\n|---|---|\n| " + "wide " * 90 + "| b |",
        "---",
    ),
    SectionKind.USER: ("word " * 90,),
    SectionKind.RESULT: ("word " * 90,),
}


@pytest.mark.parametrize("kind", _WIDE)
def test_all_that_is_read_ends_at_one_measure(kind: SectionKind) -> None:
    for text in _WIDE[kind]:
        assert max(cell_len(row.text.rstrip()) for row in paint(text, 180, kind)) <= GUTTER + MEASURE


def test_the_band_and_the_ground_of_code_end_at_the_measure() -> None:
    for text, kind in (("hello", SectionKind.USER), ("```py\nx\n```", SectionKind.TEXT)):
        row = paint(text, 180, kind)[-1]
        painted = row.crop(0, GUTTER + MEASURE)
        page = PALETTE.base.bgcolor
        assert [segment.style.bgcolor == page for segment in (*painted, *row.crop(GUTTER + MEASURE)) if segment.style][
            -2:
        ] == [False, True]


def test_a_heading_takes_one_row_with_a_row_above_and_none_below() -> None:
    assert lines("# One\n\nwords\n\n## Two\n\n### Three\n\n- item") == [
        "  One",
        "  words",
        "",
        "  Two",
        "",
        "  Three",
        "  • item",
    ]


def test_code_has_a_rail_where_the_theme_has_no_ground_for_it() -> None:
    section = Section(SectionKind.TEXT, source="```py\nx = 1\n```")
    section.read(40)
    plain = Renderer(Palette(to_textual(Themes().read("terminal")[0]).variables), 40)
    rows = [row.text for number in range(len(section.leaves)) for row in plain.rows(section, number)]
    assert [row.split() for row in rows] == [["┌", "py", "copy"], ["│", "x", "=", "1"]]
    assert layout(plain, section, 0).rows[1][0].column == rows[1].index("x")


@pytest.mark.parametrize("width", [30, 80, 160])
def test_the_time_of_an_answer_stands_at_the_right_edge_of_what_is_read(width: int) -> None:
    node = answer("a", model="anthropic/claude")
    section = Section(SectionKind.HEADER, labels=head_labels(SectionKind.HEADER, node, Heads(lambda _: "14:02")))
    section.read(width)
    renderer = Renderer(PALETTE, width)
    (row,) = renderer.rows(section, 0)
    assert len(row.text.rstrip()) == renderer.read_width == min(width, GUTTER + MEASURE)


def test_what_stands_at_the_right_edge_gives_way_where_there_is_no_room() -> None:
    node = answer("a", model="anthropic/claude")
    section = Section(SectionKind.HEADER, labels=head_labels(SectionKind.HEADER, node, Heads(lambda _: "14:02")))
    section.read(24)
    (row,) = Renderer(PALETTE, 24).rows(section, 0)
    assert row.text.split() == ["●", "anthropic/claude"]


def test_code_without_a_language_has_no_name() -> None:
    assert lines("```\nx\n```")[0].split() == ["copy"]


def test_the_provider_of_an_answers_model_is_muted_in_its_head() -> None:
    node = answer("a", model="anthropic/claude")
    section = Section(SectionKind.HEADER, labels=head_labels(SectionKind.HEADER, node, Heads(lambda _: "14:02")))
    section.read(80)
    (row,) = Renderer(PALETTE, 80).rows(section, 0)
    colours = {segment.text.strip(): segment.style.color for segment in row if segment.style and segment.text.strip()}
    muted, tone = PALETTE.on("muted").color, PALETTE.tone(Tone.ASSISTANT).color
    assert row.text.split() == ["●", "anthropic/claude", "14:02"]
    assert colours == {"●": tone, "anthropic/": muted, "claude": tone, "14:02": muted}
