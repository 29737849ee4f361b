"""Whether the chat shows a screen before it is loaded, found without what reads settings: that takes long to import.

It looks at what decides about the look alone, and only where that is plain: otherwise there is no early screen, and
the first frame is the chat's own. What is found here is never relied on for anything else.
"""

import os

from tui_chat.terminal import early
from tui_chat.terminal.early import EarlyScreen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_chat.ui.driver.early_frame import EarlyFrame

_WITHOUT_VALUE = ("-c", "--continue", "--temporary")
_WITH_VALUE = {"-r": "", "--resume": "", "-m": "model", "--model": "model", "--theme": "theme", "--base-url": "url"}
"""Options, with what their values say of the frame; a URL says nothing, but is refused where it is none."""
_OTHERWISE = frozenset({"plain", "ascii", "keys", "leader", "enter"})
"""Settings that change the frame in ways that are not looked into."""
_LARGEST_BYTES = 64 * 1024
PROJECT_FILE = ".tui-chat.toml"
DARK, LIGHT = "dusk", "paper"
_THEMES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Wanted:
    """What the first frame shows."""

    __slots__ = ("erases", "folder", "has_hints", "model", "theme")

    def __init__(self, theme: str, model: str, folder: str, *, has_hints: bool, erases: bool) -> None:
        self.theme = theme
        """Its name; empty where it depends on the terminal's background."""
        self.model = model
        self.folder = folder
        """The folder of the settings, which may have themes of its own."""
        self.has_hints = has_hints
        self.erases = erases
        """What the terminal erases gets the background."""

    def frame(self, columns: int, rows: int, *, is_light: bool | None = None) -> "EarlyFrame | None":
        """The frame; None where it cannot be told so early."""
        from tui_chat.ui.driver.early_frame import early_frame

        name = self.theme or (LIGHT if is_light else DARK)
        colors = _colors(name, self.folder)
        return early_frame(columns, rows, colors, self.model, has_hints=self.has_hints, erases=self.erases)


def begin(words: "Sequence[str]", environ: "Mapping[str, str]") -> EarlyScreen | None:
    """Take the terminal and show the chat's empty first frame; None where nothing was taken."""
    writes = 2 if os.isatty(2) else 1  # as the driver does
    if not (os.isatty(1) and early.is_in_front(0, writes)) or (wanted := wanted_by(words, environ)) is None:
        return None
    try:
        screen = EarlyScreen(0, writes)
    except (OSError, early.TerminalError):
        return None
    try:
        if wanted.theme or screen.ask_for_background():
            columns, rows = os.get_terminal_size(writes)
            if frame := wanted.frame(columns, rows, is_light=screen.is_light):
                screen.show(frame.text, frame.field.room, frame.field.drawn)
    except BaseException:
        screen.undo()
        raise
    return screen


def wanted_by(words: "Sequence[str]", environ: "Mapping[str, str]") -> Wanted | None:
    """What these words, the environment and the settings want to be shown; None where that is not plain."""
    given = _given(words)
    if given is None or not early.is_known(environ) or not _is_utf8(environ):
        return None
    settings = _settings(folder := _folder(environ))
    if settings is None or _has_project_file():
        return None
    theme = str(given.get("theme") or settings.get("theme", ""))
    theme = "" if theme == "auto" else theme
    if not theme and environ.get("COLORFGBG"):
        return None
    model = given.get("model") or str(settings.get("model", ""))
    erases = early.erases_with_background(environ)
    return Wanted(theme, model, folder, has_hints=settings.get("hints") is not False, erases=erases)


def _given(words: "Sequence[str]") -> "Mapping[str, str] | None":
    """What the words say of the frame; None where they say what is not looked into."""
    given = {}
    rest = iter(words)
    for word in rest:
        if word in _WITHOUT_VALUE:
            continue
        value = next(rest, "")
        if not value or value.startswith("-") or word not in _WITH_VALUE:
            return None
        given[_WITH_VALUE[word]] = value
    return given if given.get("url", "http://").startswith(("http://", "https://")) else None


def _is_utf8(environ: "Mapping[str, str]") -> bool:
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG")
    return not named or "utf8" in named.lower().replace("-", "")


def _folder(environ: "Mapping[str, str]") -> str:
    """The folder of the settings, as `find_paths` finds it on Linux."""
    if home := environ.get("TUI_CHAT_HOME"):
        return os.path.abspath(os.path.expanduser(home))
    config = environ.get("XDG_CONFIG_HOME", "")
    return os.path.join(config if config.strip() else os.path.expanduser("~/.config"), "tui-chat")


def _settings(folder: str) -> "Mapping[str, object] | None":
    """What of the user's settings counts here; None where they decide otherwise, or cannot be read at once."""
    path = os.path.join(folder, "config.toml")
    text = _read(path)
    if text is None:
        return None if os.path.lexists(path) else {}
    if not text.strip():
        return {}
    import tomllib

    try:
        table = tomllib.loads(text)
    except ValueError:
        return None
    is_plain = (
        not _OTHERWISE & table.keys()
        and table.get("painting", "auto") in ("auto", "full")
        and all(isinstance(table.get(key, ""), str) for key in ("theme", "model"))
        and isinstance(table.get("hints", True), bool)
    )
    return table if is_plain else None


def _has_project_file() -> bool:
    """A project file may choose the theme and the model."""
    try:
        folder = os.getcwd()
    except OSError:
        return True
    while True:
        if os.path.lexists(os.path.join(folder, PROJECT_FILE)):
            return True
        if folder == (above := os.path.dirname(folder)):
            return False
        folder = above


def _colors(name: str, folder: str) -> "Mapping[str, str]":
    """The colours of a theme that is ours, by their roles; none where it is another's, who may hide ours."""
    if not name.replace("-", "").isalnum() or os.path.lexists(os.path.join(folder, "themes", f"{name}.toml")):
        return {}
    inside = os.path.join(_THEMES, "themes")
    shipped = inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_THEMES), "themes")
    lines = (_read(os.path.join(shipped, f"{name}.toml")) or "").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {role.strip(): value.strip().strip('"') for role, _, value in pairs}


def _read(path: str) -> str | None:
    """Read a small file; None where there is none or it cannot be read at once."""
    try:
        if os.path.isfile(path) and os.path.getsize(path) <= _LARGEST_BYTES:
            with open(path, encoding="utf-8") as file:
                return file.read()
    except (OSError, ValueError):
        pass
    return None
