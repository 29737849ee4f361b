"""The gate before the terminal: what slipped by everything else is made harmless there."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui_chat.ui.driver.egress import EgressGuard


def passed(*segments: Segment) -> list[Segment]:
    """What is painted of these."""
    return EgressGuard().apply(list(segments), Color(0, 0, 0))


def test_nothing_that_a_terminal_obeys_is_painted() -> None:
    bold = Style(bold=True)

    assert passed(Segment("a\x1b]52;c;aGk=\x07b\u202e\x9bc", bold), Segment("plain")) == [
        Segment("a]52;c;aGk=bc", bold),
        Segment("plain"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "https://a\x1b\\\x1b]52;c;aGk=\x07", "https://a\x9c", "https://a b", "https://a\u202eb", "file:///etc/passwd",
        "javascript:alert(1)", "vscode://x", "mailto:", "https://" + "x" * 10_000,
    ],
)  # fmt: skip
def test_a_link_that_must_not_be_opened_is_words(link: str) -> None:
    (segment,) = passed(Segment("here", Style(bold=True, link=link)))

    assert segment.text == "here"
    assert segment.style is not None
    assert segment.style.bold
    assert segment.style.link is None


@pytest.mark.parametrize("link", ["https://example.org/東京?q=1#x", "http://a", "mailto:a@b"])
def test_a_link_that_may_be_opened_stays(link: str) -> None:
    segments = [Segment("here", Style(link=link))]

    assert passed(*segments) == segments
