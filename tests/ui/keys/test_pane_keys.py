"""Hints that name keys: those in force, and none that was taken away."""

from tui_chat.ui.keys.pane_keys import pane_hint, pane_label


def test_a_hint_names_the_keys_in_force() -> None:
    rows = (("queue-edit", "edit"), ("queue-earlier queue-later", "move"), ("leave", "back"))
    assert pane_hint({}, *rows) == "e edit · K J move · Esc back"
    assert pane_hint({"queue-edit": ("f9",), "queue-later": ()}, *rows) == "F9 edit · K move · Esc back"


def test_what_has_no_key_is_not_in_a_hint() -> None:
    assert pane_label("queue-edit", {"queue-edit": ()}) == ""
    assert pane_hint({"queue-edit": ()}, ("queue-edit", "edit"), ("leave", "back"), separator=", ") == "Esc back"
