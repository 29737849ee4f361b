"""Files named in a prompt: where a name begins and ends, and that any name can be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.sanitize import sanitize
from tui_chat.workspace.mentions import mention_at_end, mention_of, mentions_in


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("look at @src/main.py please", ["src/main.py"]),
        ("(see @a.md)", ["a.md)"]),
        ('both @"my notes.md" and @b', ["my notes.md", "b"]),
        ("请看@文件.md", ["文件.md"]),
        ("write to ada@example.com", []),
        ('import x from "@/components/x"', []),
        ("curl -d key=@file", []),
        ("@@ -1,2 +3,4 @@", []),
        ("an @ alone", []),
    ],
)
def test_a_mention_begins_where_a_word_begins(text: str, paths: list[str]) -> None:
    assert [mention.path for mention in mentions_in(text)] == paths


def test_a_path_may_be_followed_by_punctuation() -> None:
    (mention,) = mentions_in("(is it @a/b.md?)")
    assert list(mention.readings()) == ["a/b.md?)", "a/b.md?", "a/b.md"]


@given(st.text(st.characters(exclude_characters="\0"), min_size=1).filter(lambda path: path.strip("/~.")))
def test_every_file_name_can_be_mentioned_and_is_harmless(path: str) -> None:
    written = mention_of(path)
    assert sanitize(written) == written
    assert "\n" not in written
    (mention,) = mentions_in(f"see {written} and")
    assert path in mention.readings()


@given(st.text())
def test_any_text_can_be_searched_for_mentions(text: str) -> None:
    for mention in mentions_in(text):
        assert text[mention.start] == "@"
        assert mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [("see @", ""), ("see @src/ma", "src/ma"), ('see @"my no', "my no"), ("see @a b", None), ("me@home", None)],
)
def test_the_mention_that_is_being_typed_is_at_the_end(text: str, path: str | None) -> None:
    mention = mention_at_end(text)
    assert (mention.path if mention else None) == path


def test_a_folder_that_is_typed_on_keeps_its_quotes_open() -> None:
    written = mention_of("my folder/", is_open=True)
    mention = mention_at_end(f"{written}no")
    assert mention is not None
    assert mention.path == "my folder/no"
