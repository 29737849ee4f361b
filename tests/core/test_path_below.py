"""Paths that a model names: none leads up or elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.path_below import parts_below
from tui_chat.core.placeholders import TemplateError


@pytest.mark.parametrize(
    ("path", "parts"),
    [("", ()), (".", ()), ("./a//b/", ("a", "b")), ("a/./b.md", ("a", "b.md")), ("a..b/~c", ("a..b", "~c"))],
)
def test_a_path_is_its_names(path: str, parts: tuple[str, ...]) -> None:
    assert parts_below(path, with_hidden=False) == parts


@pytest.mark.parametrize("path", ["/", "/etc/passwd", "..", "a/../b", "a/..", "a\0b", "x/" * 65, "x" * 2001])
def test_what_is_no_path_below_is_refused(path: str) -> None:
    with pytest.raises(TemplateError):
        parts_below(path, with_hidden=True)


def test_hidden_names_are_given_only_with_leave() -> None:
    with pytest.raises(TemplateError, match=r"\.ssh is hidden"):
        parts_below("home/.ssh/id", with_hidden=False)
    assert parts_below("home/.ssh/id", with_hidden=True) == ("home", ".ssh", "id")


@given(st.text(alphabet="./a\0~", max_size=40))
def test_no_name_ever_leads_up_or_holds_a_slash(path: str) -> None:
    try:
        parts = parts_below(path, with_hidden=True)
    except TemplateError:
        return
    assert all(part and part not in (".", "..") and "/" not in part and "\0" not in part for part in parts)
