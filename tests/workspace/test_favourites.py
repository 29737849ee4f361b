"""Favourite models: kept for the next run, by several programs at once, and lost by none of them."""

from pathlib import Path

from tui_chat.workspace.favourites import MOST, Favourites


def begun(file: Path) -> Favourites:
    favourites = Favourites()
    favourites.begin(file)
    return favourites


def test_favourites_are_there_in_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "state" / "favourites.json"
    first = begun(file)
    assert [first.toggle("a"), first.toggle("b"), first.toggle("a")] == [True, True, False]
    assert begun(file).ids == ("b",)
    assert file.stat().st_mode & 0o077 == 0


def test_what_another_program_added_stays(tmp_path: Path) -> None:
    file = tmp_path / "favourites.json"
    mine, other = begun(file), begun(file)
    other.toggle("theirs")
    mine.toggle("mine")
    assert set(begun(file).ids) == {"theirs", "mine"}


def test_a_broken_file_has_none_and_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "favourites.json"
    for broken in (b"", b"[", b'{"favourites": [5]}', b"\xff" * 10):
        file.write_bytes(broken)
        assert begun(file).ids == ()
    begun(file).toggle("a")
    assert begun(file).ids == ("a",)


def test_nothing_is_written_where_nothing_may_be(tmp_path: Path) -> None:
    favourites = Favourites()
    favourites.begin(tmp_path / "favourites.json", may_write=False)
    assert favourites.toggle("a")
    assert list(tmp_path.iterdir()) == []


def test_there_are_not_more_than_anybody_wants(tmp_path: Path) -> None:
    favourites = begun(tmp_path / "favourites.json")
    for number in range(MOST + 5):
        favourites.toggle(f"m{number}")
    assert len(favourites.ids) == MOST
    assert favourites.ids[-1] == f"m{MOST + 4}"
