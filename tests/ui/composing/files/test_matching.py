"""Which files fit what was typed, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.composing.files.matching import PathMatch, best

PATHS = ["tui_chat/ui/screens/chat.py", "tui_chat/core/fuzzy.py", "tests/ui/test_chat.py", "tui_chat/chat/session.py"]


def test_a_name_that_fits_comes_before_a_folder_that_does() -> None:
    assert [hit.path for hit in best("chat", PATHS, 2)] == ["tests/ui/test_chat.py", "tui_chat/ui/screens/chat.py"][
        ::-1
    ]


def test_the_letters_that_matched_are_told_in_the_whole_path() -> None:
    (hit,) = best("fuz", PATHS, 9)
    assert "".join(hit.path[place] for place in hit.positions) == "fuz"
    assert hit.positions[0] == hit.path.rindex("/") + 1


def test_a_query_may_name_folders() -> None:
    assert best("core/fu", PATHS, 9)[0].path == "tui_chat/core/fuzzy.py"


def test_nothing_typed_takes_the_first_ones() -> None:
    assert [hit.path for hit in best("", PATHS, 2)] == PATHS[:2]


def test_letters_strewn_over_a_path_are_no_match_beside_a_good_one() -> None:
    paths = ["src/completion.py", "tests/compat/samples/fetch-loop.ts"]
    assert [hit.path for hit in best("compl", paths, 9)] == ["src/completion.py"]


@given(
    st.lists(st.sampled_from(["a/b.py", "ab", "b/a/c.md", "x", "B/ab.c"]), unique=True), st.sampled_from(["a", "ab"])
)
def test_it_does_not_matter_in_how_many_goes_the_paths_come(paths: list[str], query: str) -> None:
    at_once = best(query, paths, 3)
    in_parts: list[PathMatch] = []
    for path in paths:
        in_parts = best(query, [path], 3, in_parts)
    assert in_parts == at_once
