"""What `@words` name on disk: files, things that cannot be attached, and words that are only words."""

import os
from pathlib import Path

import pytest

from tui_chat.core.errors import AttachmentError
from tui_chat.core.parts import File
from tui_chat.workspace.attachments import LIMIT_BYTES
from tui_chat.workspace.mentioned_files import MOST_FILES, files_named, read_files
from tui_chat.workspace.mentions import mention_of

HOSTILE = [
    "a\x1b[31mb",
    "new\nline.txt",
    "\u202egnp.exe",
    "[/x]",
    "[@click=app.quit]x",
    'q"uote',
    "sp ace",
    "-rf",
    "a.",
]


def names(text: str, folder: Path) -> list[tuple[str, str]]:
    return [(file.name, file.problem) for file in files_named(text, folder)]


def test_a_file_is_found_with_punctuation_behind_it_and_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    assert names("(@a.md), then @a.md and @a.md.", tmp_path) == [("a.md", "")]


@pytest.mark.parametrize("word", ["@dataclass", "@types/node", "@app.get('/x')", "@~", "@..", "@/", "me@x.y", "@\0"])
def test_a_word_that_names_nothing_is_a_word(tmp_path: Path, word: str) -> None:
    assert names(f"see {word} there", tmp_path) == []


@pytest.mark.parametrize("word", ["@./gone.md", "@/gone/far.md", "@sub/gone.md", '@"gone.md"', "@../gone.md"])
def test_a_path_that_leads_nowhere_is_told(tmp_path: Path, word: str) -> None:
    (tmp_path / "sub").mkdir()
    assert [problem for _, problem in names(f"see {word}, please", tmp_path)] == ["no such file"]


def test_what_cannot_be_attached_says_why(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "blob").write_bytes(b"\0\1")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LIMIT_BYTES + 1)
    problems = dict(names("@folder @blob @pipe @huge", tmp_path))
    assert problems == {
        "folder": "a folder, name the files in it",
        "blob": "neither text, picture, PDF nor sound",
        "pipe": "not a plain file",
        "huge": "larger than 20 MB",
    }
    for name in problems:
        with pytest.raises(AttachmentError, match=name):
            read_files(files_named(f"@{name}", tmp_path))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_with_a_hostile_name_can_be_attached(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("inside")
    assert read_files(files_named(f"see {mention_of(name)} !", tmp_path)) == (File(name, "inside"),)


def test_a_name_that_is_no_unicode_can_be_attached(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.txt")
    (tmp_path / name).write_text("inside")
    assert read_files(files_named(mention_of(name), tmp_path)) == (File(name, "inside"),)


def test_what_was_kept_stands_in_for_a_file_that_is_gone(tmp_path: Path) -> None:
    kept = File("./a.md", "as it was")
    files = files_named("@./a.md", tmp_path)
    assert read_files(files, [kept]) == (kept,)
    (tmp_path / "a.md").write_text("as it is")
    assert read_files(files_named("@./a.md", tmp_path), [kept]) == (File("./a.md", "as it is"),)


def test_only_what_is_good_is_read_where_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "good").write_text("x")
    assert read_files(files_named("@./gone @good", tmp_path), only_good=True) == (File("good", "x"),)


def test_too_many_files_are_refused_and_not_dropped(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"f{number}").write_text("")
    text = " ".join(f"@f{number}" for number in range(MOST_FILES + 1))
    with pytest.raises(AttachmentError, match="more than"):
        read_files(files_named(text, tmp_path))
