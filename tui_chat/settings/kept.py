"""Settings that are changed in the chat: they are kept for the next run, and it is said whether they hold now."""

from collections.abc import Mapping

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.load import Loaded, Origin, Source


class SettingsKeeper:
    """Keeps settings of a running chat."""

    def __init__(self, loaded: Loaded, environ: Mapping[str, str], *, is_temporary: bool) -> None:
        """`is_temporary`: nothing of this run is written."""
        self._loaded = loaded
        self._environ = environ
        self._is_temporary = is_temporary

    def rules_this_run(self, key: str) -> bool:
        """Whether a flag or the environment chose the value in force, which stays as long as the program runs."""
        return _is_overridden(self._origin_of(key))

    def keep(self, key: str, value: str | bool) -> str:
        """Open with this from now on, and return what to say of it.

        Raises:
            SettingsError: it cannot be remembered.
        """
        from tui_chat.settings.save import save_setting  # only where it is asked for

        origin = self._origin_of(key)
        if self._is_temporary:
            return _unkept_words(key, value, origin)
        save_setting(self._loaded.file, key, value)
        return _kept_words(key, value, origin)

    def _origin_of(self, key: str) -> Origin:
        """Where the value in force comes from; NO_COLOR rules themes as a flag does."""
        is_without_colour = key == "theme" and self._environ.get("NO_COLOR")
        return Origin(Source.ENVIRONMENT, "NO_COLOR") if is_without_colour else self._loaded.origins[key]


def _is_overridden(origin: Origin) -> bool:
    """Whether something stronger than the settings file gave the value, which rules as long as the program runs."""
    return origin.source in (Source.FLAG, Source.ENVIRONMENT)


def _kept_words(key: str, value: str | bool, origin: Origin) -> str:
    """Say that a value was written; `origin` is where the one in force came from."""
    if _is_overridden(origin):
        return f"{_named(key, value)}, kept for later: {sanitize_line(origin.detail, 40)} rules this run."
    return f"{_named(key, value)} from now on, also next time."


def _unkept_words(key: str, value: str | bool, origin: Origin) -> str:
    """Say that a value was not written, since nothing of this run is."""
    if _is_overridden(origin):
        return f"{sanitize_line(origin.detail, 40)} rules this run, and --temporary keeps nothing for later."
    return f"{_named(key, value)} for this run: --temporary keeps nothing."


def _named(key: str, value: str | bool) -> str:
    shown = ("off", "on")[value] if isinstance(value, bool) else sanitize_line(value, 40)
    return f"{key} is {shown}"
