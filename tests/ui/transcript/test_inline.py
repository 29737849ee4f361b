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


def test_a_hard_break_is_kept_and_a_soft_one_is_a_space() -> None:
    assert shown("a\nb\\\nc") == "a b\nc"


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
