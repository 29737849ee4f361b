"""The HTML document: what stands in it, and that nothing in it can run, load or mislead."""

import base64
import hashlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given

from tests.store.values import answer, conversations, question
from tests.transcripts.hostile_html import PICTURE, Reader, conversation
from tests.transcripts.test_reading import BRANCHED, SHAPED
from tui_chat.core.parts import Image, Message, Role, Text
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.settings.theme_files import Themes
from tui_chat.transcripts.exporting import Choice, exported

CONVERSATION = Conversation("c1", 0.0, "Why is it so?", head_id="a")
HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)


def html(conversation: Conversation, nodes: tuple[Node, ...], theme: str = "auto") -> str:
    return exported(Choice("html", all_branches=True, theme=theme), conversation, Tree(nodes)).text


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def said(words: str) -> Reader:
    return read(html(CONVERSATION, (question(), answer(text=words))))


def check(text: str) -> Reader:
    """Nothing in the page is more than it may be."""
    page = read(text)
    assert page.faults == []
    assert all(re.match("(?:https?://|mailto:)", link, re.IGNORECASE) for link in page.links)
    assert all(re.match("data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$", src) for src in page.pictures)
    assert len(page.styles) == 1
    digest = base64.b64encode(hashlib.sha256(page.styles[0].encode()).digest()).decode()
    assert page.policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert not HARMFUL.search(text)
    return page


def test_nothing_of_a_hostile_conversation_can_act() -> None:
    page = check(html(*conversation()))
    assert "<script>" in page.text
    assert {"https://evil.test/p.png", "https://evil.test/pic.png"} <= set(page.links)


@given(conversations())
def test_any_conversation_is_a_page_that_can_do_nothing_and_has_the_same_bytes_each_time(
    saved: tuple[Conversation, tuple[Node, ...]],
) -> None:
    text = html(*saved)
    check(text)
    assert html(*saved) == text


def test_markdown_of_an_answer_is_shown_as_what_it_means() -> None:
    text = html(CONVERSATION, (question(), answer(text="# A\n\n- **b**\n\n| c |\n|--:|\n| d |\n\n```py\nx < 1\n```")))
    for piece in ("<h3>A</h3>", "<strong>b</strong>", '<td class="right">d</td>', "<pre><code>x &lt; 1\n</code></pre>"):
        assert piece in text


def test_words_of_a_person_stand_as_they_were_typed() -> None:
    assert '<div class="words plain"># a *b*\n  c</div>' in html(CONVERSATION, (question("a", "# a *b*\n  c"),))


def test_links_that_may_not_be_followed_are_seen_as_they_were_written() -> None:
    page = said("[a](javascript:x) [b](/etc) [c](https://x.test/?a=1&b=2) <mailto:me@x.test>")
    assert page.links == ["https://x.test/?a=1&b=2", "mailto:me@x.test"]
    assert "[a](javascript:x) [b](/etc)" in page.text


def test_pictures_inside_are_shown_and_others_are_links() -> None:
    page = said(f"![in]({PICTURE}) ![out](https://x.test/p.png) ![v](data:image/svg+xml;base64,PHN2Zz4=)")
    assert page.pictures == [PICTURE]
    assert page.links == ["https://x.test/p.png"]
    assert "image/svg+xml" in page.text
    drawn = Node("a", None, 0.0, Message(Role.ASSISTANT, (Image(PICTURE, "sea"), Text("x"))))
    assert read(html(CONVERSATION, (drawn,))).pictures == [PICTURE]


def test_a_picture_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["tui_chat.transcripts.html_markdown"], "LARGEST_PICTURE_BYTES", 10)
    page = said(f"![in]({PICTURE})")
    assert page.pictures == []
    assert "image/png" in page.text


def test_a_text_of_millions_of_characters_stands_as_it_is() -> None:
    assert "<pre>*a* *a* " in html(CONVERSATION, (question(), answer(text="*a* " * 300_000)))


def test_the_theme_in_force_gives_the_colours() -> None:
    dusk, paper = (Themes().read(name)[0].colors["background"] for name in ("dusk", "paper"))
    both, one = html(CONVERSATION, ()), html(CONVERSATION, (), "dusk")
    assert "prefers-color-scheme:dark" in both
    assert dusk in both
    assert paper in both
    assert "prefers-color-scheme" not in one
    assert f"--background:{dusk}" in one
    assert '<meta name="color-scheme" content="dark">' in one
    assert html(CONVERSATION, (), "terminal") == both


def test_a_theme_of_ones_own_gives_its_colours(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('dark = false\n[colors]\nbackground = "#fedcba"\n')
    choice = Choice("html", themes=Themes(tmp_path), theme="mine")
    assert "--background:#fedcba" in exported(choice, CONVERSATION, Tree()).text


def test_marks_seams_and_branches_are_seen() -> None:
    page = read(html(*SHAPED))
    for words in ("muted, not sent", "pinned", "edited by you", "#to do", "Summary of 4 messages"):
        assert words in page.text
    assert "The whole answer." in page.text
    assert "Another branch, after message 1" in read(html(*BRANCHED)).text
