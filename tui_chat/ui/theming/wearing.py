"""The theme that is worn: the one that was chosen, or where that was left open the one that suits the terminal."""

from collections.abc import Callable, Mapping

from tui_chat.settings.theme_files import AUTO
from tui_chat.terminal.background import Background
from tui_chat.ui.theming.themes import ThemedApp, apply_theme, chosen_theme, follows_background


class Wearing:
    """Dresses an app."""

    def __init__(
        self,
        app: ThemedApp[None],
        setting: str,
        background: Background | None,
        environ: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        """`setting` is the theme, or that it follows the terminal; `background` is the terminal's, as far as it was
        told; `tell` says what is wrong with a theme."""
        self._app = app
        self._setting = setting
        self._background = background
        self._environ = environ
        self._tell = tell

    @property
    def follows_background(self) -> bool:
        """The theme follows the terminal's background."""
        return follows_background(self._setting, self._environ)

    @property
    def is_auto(self) -> bool:
        """The theme was left to the terminal."""
        return self._setting == AUTO

    @property
    def auto(self) -> str:
        """The theme that suits the terminal."""
        return chosen_theme(AUTO, self._environ, self._background)

    def take_background(self, background: Background) -> None:
        """Follow the terminal's background where it is another one than before."""
        is_new, self._background = background is not self._background, background
        if is_new:
            self.follow()

    def follow(self) -> None:
        """Wear the theme that suits the terminal, where that was left to it."""
        if self.follows_background:
            self.wear()

    def choose(self, setting: str) -> None:
        """Wear another theme, or follow the terminal, from now on."""
        self._setting = setting
        self.wear()

    def wear(self) -> None:
        """Wear the theme in force, whatever was tried on."""
        name = chosen_theme(self._setting, self._environ, self._background)
        if name != self._app.theme:
            for problem in apply_theme(self._app, self._app.themes, name):
                self._tell(str(problem))
