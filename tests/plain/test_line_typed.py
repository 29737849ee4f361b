"""A line that a signal ends, whatever the interpreter makes of it."""

import pytest

from tui_chat.plain.signals import Ended, Interrupted
from tui_chat.plain.terminal_lines import line_typed


@pytest.mark.parametrize("stop", [Interrupted(), Ended(143)], ids=["Ctrl+C", "kill"])
def test_a_nudge_after_the_signal_hides_nothing_of_it(monkeypatch: pytest.MonkeyPatch, stop: BaseException) -> None:
    def read(_: str) -> str:
        raise SystemError("a handler returned a result with an exception set") from stop

    monkeypatch.setattr("builtins.input", read)
    with pytest.raises(type(stop)) as raised:
        line_typed("You: ")
    assert raised.value is stop


def test_an_error_of_the_interpreters_own_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: str) -> str:
        raise SystemError("broken")

    monkeypatch.setattr("builtins.input", read)
    with pytest.raises(SystemError):
        line_typed("You: ")
