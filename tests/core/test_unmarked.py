"""A text without its Markdown marks."""

import pytest

from tui_chat.core.unmarked import unmarked


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("# Reading a stream", "Reading a stream"),
        ("Read it **as it arrives**, at *event boundaries*.", "Read it as it arrives, at event boundaries."),
        ("…*as it arrives** and so on, and **half", "…as it arrives and so on, and half"),
        ("`quote` adds [the manual](https://example.org/a).", "quote adds the manual."),
        ("> said", "said"),
        ("| Name | **Cost** |\n| :-- | --: |\n| a \\| b | `1` |\nc | |\n\nx | y", "Name · Cost\na | b · 1\nc\n\nx | y"),
        ("```\n| a | b |\n|---|---|\n```\n|-|", "| a | b |\n|---|---|\n|-|"),
        ("```python\na = b ** c\n# no heading\n```\nafter **all**", "a = b ** c\n# no heading\nafter all"),
    ],
)
def test_marks_are_left_out_and_words_stay(marked: str, plain: str) -> None:
    assert unmarked(marked) == plain


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "2**3",
        "char *p = *q;",
        "#tag",
        "__init__",
        "a [b] (c)",
        "`",
        "**",
        "",
        "a | b",
        "a || b\n-|x",
        "|\n|",
    ],
)
def test_what_is_no_mark_stays(text: str) -> None:
    assert unmarked(text) == text
