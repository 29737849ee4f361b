"""Which keys a terminal can tell, and what /keys says about it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.ui.support import chat_app, running, send, until
from tui_chat.terminal.arrival import Arrival, KeyForm, find_arrival, why_not
from tui_chat.terminal.kind import terminal_kind
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.dialogs.help import HelpScreen
from tui_chat.ui.dialogs.help_pages import keys_page
from tui_chat.ui.dialogs.key_trial import KeyTrial


@pytest.mark.parametrize(
    ("key", "old", "other_keys"),
    [
        ("shift+enter", "arrives as enter", ""),
        ("ctrl+enter", "arrives as enter", ""),
        ("ctrl+tab", "arrives as tab", ""),
        ("ctrl+shift+k", "arrives as ctrl+k", "arrives as ctrl+k"),
        ("ctrl+i", "arrives as Tab", "arrives as Tab"),
        ("ctrl+1", "arrives as 1", ""),
        ("super+c", "needs the kitty protocol", "needs the kitty protocol"),
        ("ctrl+l", "", ""),
        ("alt+enter", "", ""),
        ("alt+x", "", ""),
        ("shift+tab", "", ""),
        ("ctrl+home", "", ""),
        ("f5", "", ""),
        ("question_mark", "", ""),
        ("G", "", ""),
    ],
)
def test_what_arrives_depends_on_how_the_terminal_tells_keys(key: str, old: str, other_keys: str) -> None:
    assert why_not(key, KeyForm.OLD) == old
    assert why_not(key, KeyForm.OTHER_KEYS) == other_keys
    assert why_not(key, KeyForm.KITTY) == ""


@pytest.mark.parametrize(
    ("environ", "is_kitty", "form", "hint"),
    [
        ({"TERM": "xterm-kitty"}, True, KeyForm.KITTY, ""),
        ({"TERM": "xterm", "XTERM_VERSION": "390"}, False, KeyForm.OTHER_KEYS, ""),
        ({"TERM_PROGRAM": "WezTerm"}, False, KeyForm.OLD, "enable_kitty_keyboard"),
        ({"TERM": "screen", "STY": "1"}, False, KeyForm.OLD, "tmux"),
        ({"TERM": "xterm-256color"}, False, KeyForm.OLD, ""),
    ],
)
async def test_the_owner_is_told_what_helps(
    environ: Mapping[str, str], is_kitty: bool, form: KeyForm, hint: str
) -> None:
    arrival = await find_arrival(is_kitty=is_kitty, environ=environ)
    assert arrival.form is form
    assert bool(arrival.hint) == bool(hint)
    assert hint in arrival.hint


class _EndedLate:
    """A process that ends just when it is given up."""

    async def communicate(self) -> tuple[bytes, bytes]:
        raise TimeoutError

    def kill(self) -> None:
        raise ProcessLookupError


async def test_tmux_that_answers_too_late_is_as_one_that_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def started(*_: str, **__: int) -> _EndedLate:
        return _EndedLate()

    monkeypatch.setattr("asyncio.create_subprocess_exec", started)
    assert (await find_arrival(is_kitty=False, environ={"TERM": "screen", "TMUX": "/tmp/x"})).form is KeyForm.OLD


def test_the_page_says_which_keys_do_not_arrive() -> None:
    arrival = Arrival(terminal_kind({"TERM_PROGRAM": "WezTerm"}), KeyForm.OLD)
    page = keys_page(COMMANDS, {"models": ("ctrl+shift+m",)}, arrival).markdown
    assert "Keys come from WezTerm in the old form" in page
    assert "`Ctrl+Shift+M` arrives as `Ctrl+M`" in page
    assert "enable_kitty_keyboard" in page
    assert "all of them arrive" in keys_page(COMMANDS, {}, Arrival(terminal_kind({}), KeyForm.KITTY)).markdown


async def test_a_key_that_is_tried_is_named_and_does_nothing(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="[keys]\nmodels = 'ctrl+k'\n")
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/keys")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, KeyTrial))
        trial = app.screen
        await until(pilot, lambda: trial.is_mounted)
        for key, said in (("ctrl+k", "models"), ("f12", "no action"), ("ctrl+p", "palette"), ("tab", '"tab"')):
            await pilot.press(key)
            await until(pilot, lambda said=said: said in str(trial.query_one("Static").render()))  # type: ignore[misc]
            assert app.screen is trial
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
