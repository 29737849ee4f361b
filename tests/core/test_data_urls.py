"""Pictures that are written into a text are found whole."""

from tui_chat.core.data_urls import pictures_in
from tui_chat.core.parts import Image

SEA, PLOT = "data:image/png;base64,AAAA", "data:image/svg+xml,%3Csvg/%3E"


def test_each_picture_of_a_text_is_found_whole_and_a_link_is_none() -> None:
    text = f"![a sea]({SEA}) ![]({PLOT}) [x](data:image/png;base64,BBBB) ![y](z)"
    assert list(pictures_in(text)) == [Image(SEA, "a sea"), Image(PLOT)]


def test_a_text_without_pictures_has_none() -> None:
    assert list(pictures_in("data: ![a](b) `![c](data:` ")) == []
