"""Effects on the world around the screen: the clipboard, notifications, the window's title, the mouse.

One object of the app's, so that neither the app nor a screen collects it; made when it is first needed, after the first
frame. On a driver that is not ours what is written goes nowhere.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import Phase
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.model import Settings
from tui_chat.terminal.clipboard import Clipboard
from tui_chat.terminal.kind import terminal_kind
from tui_chat.terminal.notifying import Notifier
from tui_chat.terminal.opener import Opener

if TYPE_CHECKING:
    from textual.app import App

    from tui_chat.ui.driver.driver import HardenedDriver

PROGRAM = "tui-chat"
LONGEST_TITLE = 80


def driver_of(app: "App[None]") -> "HardenedDriver | None":
    """The driver where it is ours. A private name of Textual 8.2: there is no public way to write to the terminal;
    `test_a_copy_reaches_the_terminal` fails if it goes."""
    driver = app._driver
    if driver is None or driver.__class__.__name__ != "HardenedDriver":
        return None
    from tui_chat.ui.driver.driver import (
        HardenedDriver,  # not there on Windows, and imported already where it is in use
    )

    return driver if isinstance(driver, HardenedDriver) else None


class Outside:
    """The app's ways out."""

    def __init__(
        self,
        app: "App[None]",
        settings: Settings,
        state: Path,
        *,
        has_focus: Callable[[], bool | None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`state` is the folder for a copy that nothing else took; `has_focus` is what the terminal reported of its
        window last, None where it never did."""
        self._app = app
        self._mouse = settings.mouse
        self._shows_title = settings.terminal_title and terminal_kind(environ).reads_strings
        self._title = ""
        self.clipboard = Clipboard(self.write, way=settings.clipboard, folder=state, environ=environ)
        self.opener = Opener(environ)
        self.notifier = Notifier(
            self.write,
            has_focus=has_focus,
            last_input_at=self._last_input_at,
            way=settings.notify,
            environ=environ,
        )

    def write(self, sequence: str) -> None:
        """Write to the terminal outside of frames."""
        if (driver := driver_of(self._app)) is not None:
            driver.write(sequence)
            driver.flush()

    def _last_input_at(self) -> float:
        driver = driver_of(self._app)
        return monotonic() if driver is None else driver.last_input_at

    @property
    def mouse(self) -> str:
        """Use of the mouse now, in the words of the setting."""
        return self._mouse

    def use_mouse(self, mouse: str) -> None:
        """Let the mouse do something else from now on."""
        self._mouse = mouse
        if (driver := driver_of(self._app)) is not None:
            driver.use_mouse(mouse)

    def redraw(self) -> None:
        """Tell the terminal the whole screen anew: something else may have written over it."""
        if (driver := driver_of(self._app)) is not None:
            driver.forget_screen()
        self._app.refresh()

    def follow_background(self) -> None:
        """Follow the terminal's background, or no more, as the app wants it now."""
        if (driver := driver_of(self._app)) is not None:
            driver.follow_background()

    def ask_for_background(self) -> None:
        """Ask the terminal once more for its background."""
        if (driver := driver_of(self._app)) is not None:
            driver.ask_for_background()

    def show_title(self, conversation: str, phase: Phase, *, is_asking: bool = False) -> None:
        """Show the conversation and its state in the window's title. Its beginning survives a narrow tab."""
        state = "? " if is_asking else "" if phase is Phase.READY else "… "
        name = sanitize_line(conversation, LONGEST_TITLE)
        title = f"{state}{name} - {PROGRAM}" if name else f"{state}{PROGRAM}"
        if self._shows_title and title != self._title:
            self._title = title
            if (driver := driver_of(self._app)) is not None:
                driver.set_title(title)
