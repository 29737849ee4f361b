"""Inline Markdown as spans, and what an unfinished line looks like."""

import pytest

from tests.work import counted
from tui_chat.ui.transcript.inline import Look, Span, close_open, spans
from tui_chat.ui.transcript.leaves import PARAGRAPH_CHARACTERS


def shown(text: str, *, is_open: bool = False) -> str:
    return "".join(span.text for span in spans(text, {}, is_open=is_open))


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("**a**", Look.STRONG),
        ("*a*", Look.EMPHASIS),
        ("~~a~~", Look.STRUCK),
        ("`a`", Look.CODE),
        ("***a***", Look.STRONG | Look.EMPHASIS),
    ],
)
def test_marks_become_looks(text: str, look: Look) -> None:
    assert spans(text, {}) == [Span("a", look)]


@pytest.mark.parametrize(
    "text",
    [
        r"\(a_1 * b_2 * c\) and",
        "\\[\na_{i} = *b* \\\\\nc\n\\]",
        "so $$x*y*z$$ it is",
        "$x*y*z$, $a_b$ and $c_d$",
        "$5 or $10, not $20",
    ],
)
def test_formulas_are_shown_as_they_were_written(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\[b\] \*c\*", "[b] *c*"),
        ("*$5* and *$6*", "$5 and $6"),
        ("$HOME `$PATH` **b**$x", "$HOME $PATH b$x"),
    ],
)
def test_dollars_and_brackets_alone_are_no_formulas(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", ["so **bold", "so *soft", "so `code", "so ~~gone", "so **bold and *soft"])
def test_an_unfinished_line_shows_no_marks(text: str) -> None:
    assert not set("*`~") & set(shown(text, is_open=True))


@pytest.mark.parametrize("text", ["so **", "so *", "so `", "a * b and", "2 * 3 = 6", "snake_case_name"])
def test_a_mark_without_words_behind_it_does_no_harm(text: str) -> None:
    assert shown(text, is_open=True).rstrip("*` ") == text.rstrip("*` ")


def test_marks_do_not_flicker_while_bold_text_arrives() -> None:
    text = "It is **very bold** indeed, `x = 1`."
    for end in range(1, len(text) + 1):
        assert not set("*`") & set(shown(text[:end], is_open=True)), text[:end]


def test_closing_leaves_finished_text_alone() -> None:
    for text in ("plain", "**a** b", "`a` *b*", "~~c~~ d"):
        assert close_open(text) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("**https://a.example**", "https://a.example"),
    ],
)
def test_bare_addresses_are_links(text: str, address: str) -> None:
    assert [span.address for span in spans(text, {}) if span.address] == [address]


def test_a_line_end_is_a_line_break() -> None:
    assert shown("a\nb\\\nc") == "a\nb\nc"


@pytest.mark.parametrize("text", ["8.0K\t/tmp", "`8.0K\t/tmp`", "**8.0K**\t/tmp"])
def test_words_with_a_tab_between_them_stay_apart(text: str) -> None:
    assert shown(text) == "8.0K /tmp"


def test_where_lines_are_joined_a_hard_break_is_kept_and_a_soft_one_is_a_space() -> None:
    assert "".join(span.text for span in spans("a\nb\\\nc", {}, joins_lines=True)) == "a b\nc"


@pytest.mark.parametrize(
    "noise", ["[", "]", "![", "[a](", "[[]]", "*a", "a* ", "_*", "**a", "~~a ", "` `` ", "\\*", "&amp;"]
)
def test_noise_costs_no_more_than_a_few_times_a_paragraph_full_of_marks(noise: str) -> None:
    size = 2 * PARAGRAPH_CHARACTERS
    spans("[warm] *up*" * 300, {})

    def cost(text: str) -> int:
        with counted() as work:
            spans((text * size)[:size], {})
        return work.calls

    assert cost(noise) < 4 * cost("some *words* and `code` ")


@pytest.mark.parametrize("entity", ["&#x202e;", "&#x200d;", "&zwj;", "&#10;", "&#x85;"])
def test_an_entity_brings_in_nothing_harmful(entity: str) -> None:
    assert "".join(span.text for span in spans(f"{entity}東 and", {})) in ("\ufffd東 and", "␊東 and", "東 and")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alma<br>Bente<br/>Carsten", "Alma\nBente\nCarsten"),
        ("Dörte<br />Enno", "Dörte\nEnno"),
        ("one <BR>\ntwo", "one\ntwo"),
        ("the end<br>", "the end"),
        ("`<br>` and <b>bold</b>", "<br> and <b>bold</b>"),
        ("<brr> <br class=x>", "<brr> <br class=x>"),
    ],
)
def test_the_tag_for_a_line_break_breaks_the_line(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("**注意：**请先保存文件。", "注意："),
        ("含**「重点」**内容", "「重点」"),
        ("**复现：**10 轮对话", "复现："),
        ("这是**粗体**文字", "粗体"),
        ("**都没修。**下一步", "都没修。"),
        ("これは**「重要」**です。", "「重要」"),
        ("**스크립트(script)**를 실행", "스크립트(script)"),
        ("他说**“好”**然后", "“好”"),
        ("**(注)**内容", "(注)"),
    ],
)
def test_punctuation_of_east_asia_does_not_hinder_emphasis(text: str, bold: str) -> None:
    assert [span.text for span in spans(text, {}) if span.look & Look.STRONG] == [bold]
    assert "*" not in shown(text)


def test_the_same_holds_for_other_marks() -> None:
    assert shown("*「斜」*体 ~~删除。~~吧") == "「斜」体 删除。吧"


@pytest.mark.parametrize(
    "text",
    [
        "Put it into __init__ and guard it with __name__ == main",
        "obj.__class__.__name__ and (__FILE__)",
        "_my_var_ and data_integrity and _test",
        "*args and **kwargs, from 2*3*4 boxes",
        "between 10**3 and 10**6",
        "w*h*d is the volume",
        "~5 to ~10 per day",
    ],
)
def test_names_and_products_keep_their_marks(text: str) -> None:
    assert spans(text, {}) == [Span(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("__two words__", Span("two words", Look.STRONG)),
        ("__Note__", Span("Note", Look.STRONG)),
        ("_not_", Span("not", Look.EMPHASIS)),
        ("**init**", Span("init", Look.STRONG)),
    ],
)
def test_what_is_no_name_is_emphasis_as_before(text: str, expected: Span) -> None:
    assert spans(text, {}) == [expected]


def test_a_word_may_go_on_behind_its_emphasis() -> None:
    assert shown("the *API*s of H**2**O") == "the APIs of H2O"
