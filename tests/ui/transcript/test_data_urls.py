"""Pictures written into Markdown: a short word on the screen, whole in the source, whatever their length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.data_urls import ShortDataUrls, shortened
from tui_chat.ui.transcript.inline import spans
from tui_chat.ui.transcript.section import Section, SectionKind

PICTURE = f"![a lighthouse](data:image/png;base64,{'iVBORw0K' * 100_000})"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a](data:image/png;base64,AAAA) b", "![a](image/png,3B) b"),
        ("![a](<data:image/svg+xml;base64,AAAA>)", "![a](<image/svg+xml,3B>)"),
        ("[a](data:text/plain;charset=utf-8;base64,AAAA)", "[a](text/plain,3B)"),
        ("![a](data:,AAAA)", "![a](data,3B)"),
        ('![a](data:image/png;base64,AAAA "title")', '![a](image/png,3B "title")'),
        ("![a][1]\n\n[1]: data:image/png;base64,AAAA\nb", "![a][1]\n\n[1]: image/png,3B\nb"),
        ("![a](data:image/png;base64,AAAA", "![a](image/png,3B"),
        ("![a](data:image/png;base64", "![a](data:image/png;base64"),
        ("see data:image/png;base64,AAAA", "see data:image/png;base64,AAAA"),
        ("[a](https://host/data:x,y) and a[1](", "[a](https://host/data:x,y) and a[1]("),
        ("[x]", "[x]"),
    ],
)
def test_a_data_url_is_shown_by_type_and_size(text: str, shown: str) -> None:
    assert shortened(text) == shown
    for cut in range(len(text)):
        short = ShortDataUrls()
        assert short.feed(text[:cut]) + short.feed(text[cut:]) + short.finish() == shown


@given(
    st.lists(st.sampled_from(["![a](", "data:", "image/png;", "base64,", "AAAA", ")", "]", "(", ": ", "\n", " ", "é"]))
)
def test_it_does_not_matter_how_the_text_is_cut(pieces: list[str]) -> None:
    short = ShortDataUrls()

    assert "".join([*map(short.feed, pieces), short.finish()]) == shortened("".join(pieces))


@given(st.text(alphabet="[]()!:da,t;/x \n"))
def test_lines_stay_as_many(text: str) -> None:
    assert shortened(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("piece", [7, 4096, 10**7])
def test_a_picture_of_any_length_is_one_line_with_its_name(piece: int) -> None:
    text = f"Here it is:\n\n{PICTURE if piece > 7 else PICTURE[:3000] + ')'}\n\nLike it?"
    section = Section(SectionKind.TEXT, "a")
    section.is_growing = True
    section.read(80)
    for at in range(0, len(text), piece):
        section.feed(text[at : at + piece])
        section.advance()
    section.finish()

    assert section.source == text
    assert len(section.leaves) == 3
    words = "".join(span.text for span in spans(section.leaves[1].text, section.references))
    assert words.startswith("▣ a lighthouse (image/png,")


def test_the_height_of_a_picture_is_guessed_as_that_of_a_line() -> None:
    assert Section(SectionKind.TEXT, "a", PICTURE).height < 4
