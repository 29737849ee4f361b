"""A fact that several parts of the screen show reads the same in all of them."""

import pytest

from tui_chat.core import figures
from tui_chat.core.parts import File
from tui_chat.ui.panes.call_rows import fact_rows, list_row
from tui_chat.ui.rows.rows import Row
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.calls import Call


def words(row: Row) -> str:
    return "".join(text for _, text in row)


@pytest.mark.parametrize("size_bytes", [0, 312, 1_000, 4_200, 70_000, 3_000_000])
def test_bytes_are_written_alike_of_calls_and_of_files(size_bytes: int) -> None:
    call = Call("a", 0, name="f", size_bytes=size_bytes)
    of_a_file = facts_of(File("a.txt", "x" * size_bytes))[0]

    assert of_a_file == figures.size(size_bytes)
    assert of_a_file in words(list_row(call, 80))
    assert of_a_file in "".join(map(words, fact_rows(call, None, 80)))
