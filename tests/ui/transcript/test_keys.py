"""The transcript's keys as data."""

from tui_chat.ui.transcript.keys import HINTED, VIEW_ACTIONS


def test_every_key_that_is_hinted_at_is_one_of_the_view() -> None:
    assert set(HINTED) <= set(VIEW_ACTIONS)
