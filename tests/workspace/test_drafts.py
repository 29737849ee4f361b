"""Draft files: nothing is lost, whoever writes at once and however they end."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_chat.workspace.drafts import KEPT_DAYS, KEPT_FILES, DraftFiles, KeptDraft
from tui_chat.workspace.pieces import joined
from tui_chat.workspace.stash import KEPT, StashFiles


def draft(text: str, conversation_id: str = "abc", *, is_saved: bool = True) -> KeptDraft:
    return KeptDraft(conversation_id, (text,), is_saved=is_saved)


def texts(drafts: tuple[KeptDraft, ...]) -> list[str]:
    return ["".join(each.unsent) for each in drafts]


def test_a_draft_comes_back_when_its_writer_is_gone(tmp_path: Path) -> None:
    before = DraftFiles(tmp_path, "first")
    kept = KeptDraft("abc", ("see ", "pasted\n" * 3, " above"), ("waits",), is_saved=True, replaces="n1")
    before.save(kept, 1)
    before.release()
    assert DraftFiles(tmp_path, "second").take("abc") == (kept,)


def test_a_draft_that_somebody_has_open_is_left_alone(tmp_path: Path) -> None:
    one, other = DraftFiles(tmp_path, "one"), DraftFiles(tmp_path, "other")
    one.save(draft("mine"), 1)
    assert other.take("abc") == ()
    other.save(draft("other's"), 1)
    one.release()
    other.release()
    assert sorted(texts(DraftFiles(tmp_path, "third").take("abc"))) == ["mine", "other's"]


def test_what_was_taken_stays_on_disk_until_it_is_saved_again(tmp_path: Path) -> None:
    before, after = DraftFiles(tmp_path, "before"), DraftFiles(tmp_path, "after")
    before.save(draft("kept"), 1)
    before.release()
    after.take("abc")
    assert len(list(tmp_path.iterdir())) == 1
    after.save(draft("kept, and more"), 1)
    assert [file.name for file in tmp_path.iterdir()] == ["abc.after.json"]


def test_an_empty_draft_has_no_file(tmp_path: Path) -> None:
    files = DraftFiles(tmp_path, "one")
    files.save(draft("something"), 1)
    files.save(draft(" \n"), 2)
    assert list(tmp_path.iterdir()) == []


def test_a_late_write_never_covers_a_newer_one(tmp_path: Path) -> None:
    files = DraftFiles(tmp_path, "one")
    files.save(draft("newer"), 2)
    files.save(draft("older"), 1)
    files.release()
    assert texts(files.take("abc")) == ["newer"]


def test_drafts_of_saved_and_of_new_conversations_are_told_apart(tmp_path: Path) -> None:
    for run_id, is_saved in (("one", True), ("other", False)):
        files = DraftFiles(tmp_path, run_id)
        files.save(draft(run_id, run_id, is_saved=is_saved), 1)
        files.release()
    later = DraftFiles(tmp_path, "later")
    assert texts(later.take_new()) == ["other"]
    assert later.take("other") == ()
    assert texts(later.take("one")) == ["one"]


@pytest.mark.parametrize("conversation_id", ["../../etc", "a*", "", "ü", "x" * 300])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, conversation_id: str) -> None:
    files = DraftFiles(tmp_path / "drafts", "one")
    files.save(draft("text", conversation_id), 1)
    files.release()
    assert texts(files.take(conversation_id)) == ["text"]
    assert files.take("abc") == ()
    assert [file.parent.name for file in tmp_path.rglob("*.json")] == ["drafts"]


def test_only_the_owner_can_read_a_draft(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        DraftFiles(tmp_path / "drafts", "one").save(draft("secret"), 1)
    finally:
        os.umask(before)
    assert (tmp_path / "drafts").stat().st_mode & 0o077 == 0
    assert next((tmp_path / "drafts").iterdir()).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"conversation_id": 1}', b"\xff" * 100, b"[" * 100_000])
def test_a_broken_file_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "abc.gone.json").write_bytes(content)
    assert DraftFiles(tmp_path, "one").take("abc") == ()
    assert (tmp_path / "abc.gone.json").exists()


def test_half_a_character_does_not_stop_a_draft(tmp_path: Path) -> None:
    files = DraftFiles(tmp_path, "one")
    files.save(draft("half \ud83d of it"), 1)
    files.release()
    assert texts(files.take("abc")) == ["half \ufffd of it"]


def test_old_drafts_go_and_those_that_are_open_stay(tmp_path: Path) -> None:
    old = time.time() - (KEPT_DAYS + 1) * 86_400
    is_open = DraftFiles(tmp_path, "open")
    is_open.save(draft("open", "open"), 1)
    for number in range(KEPT_FILES + 5):
        (tmp_path / f"c{number}.gone.json").write_text("{}")
    (tmp_path / ".abc.one.json.5.tmp").touch()
    for file in (tmp_path / "open.open.json", tmp_path / "c0.gone.json", tmp_path / ".abc.one.json.5.tmp"):
        os.utime(file, (old, old))
    DraftFiles(tmp_path, "later").prune()
    names = {file.name for file in tmp_path.iterdir()}
    assert "open.open.json" in names
    assert "c0.gone.json" not in names
    assert not any(name.endswith(".tmp") for name in names)
    assert len(names) == KEPT_FILES + 1


def test_a_folder_that_cannot_be_made_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        DraftFiles(tmp_path / "file" / "drafts", "one").save(draft("text"), 1)


def pieces_of(texts: list[str]) -> tuple[str, ...]:
    """Pieces of a draft: one is written first and last, so there is an odd number of them."""
    return tuple(texts if len(texts) % 2 else [*texts, ""])


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=5).map(pieces_of)))
def test_drafts_that_are_joined_keep_their_pastes_apart(drafts: list[tuple[str, ...]]) -> None:
    pieces = joined(tuple(drafts))
    filled = [each for each in drafts if "".join(each).strip()]
    assert len(pieces) % 2
    assert "".join(pieces) == "\n\n".join("".join(each) for each in filled)
    assert [paste for paste in pieces[1::2] if paste] == [paste for each in filled for paste in each[1::2] if paste]


def test_what_is_stashed_is_a_stack_that_every_program_sees(tmp_path: Path) -> None:
    one, other = StashFiles(tmp_path, "one"), StashFiles(tmp_path, "other")
    one.push(("first",))
    other.push(("second ", "pasted", ""))
    assert [stashed.text for stashed in one.read()] == ["second pasted", "first"]
    one.drop(other.read()[0])
    assert other.count() == 1


def test_the_stash_is_bounded_and_a_broken_file_in_it_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "0-broken.json").write_text("{")
    stash = StashFiles(tmp_path, "one")
    for number in range(KEPT + 5):
        stash.push((str(number),))
    kept = [stashed.text for stashed in stash.read()]
    assert kept == [str(number) for number in reversed(range(5, KEPT + 5))]
