"""Settings that are changed in the chat: they are written to the user's own file, counted as far as nothing stronger
gives them, and it is said which of it holds now and which later. Every place that changes a setting goes through here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.core.nearest import nearest
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.load import Loaded, Origin, Source, load_again
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.parameters import DEFAULT
from tui_chat.settings.theme_files import AUTO
from tui_chat.settings.typed import shown_setting, typed_change

if TYPE_CHECKING:  # only where something is written
    from tui_chat.settings.consent import Consents
    from tui_chat.settings.save import Written


FORGET: Final = "forget"
"""The word that lets the project file count no more."""


class SettingsKeeper:
    """Keeps settings of a running chat."""

    def __init__(
        self,
        loaded: Loaded,
        environ: Mapping[str, str],
        *,
        is_temporary: bool,
        consents: "Consents | None" = None,
        take: Callable[[Loaded], Loaded] = lambda loaded: loaded,
    ) -> None:
        """`is_temporary`: nothing of this run is written. `take` is given the settings whenever they were read again,
        and returns those that count."""
        self.loaded = loaded
        """The settings in force now."""
        self._environ = environ
        self._is_temporary = is_temporary
        self._consents = consents
        self._take = take
        self._last: Written | None = None

    def rules_this_run(self, key: str) -> bool:
        """Whether something stronger than the user's file chose the value in force, which stays as long as the program
        runs."""
        return self._origin_of(key).rules_file

    def keep(self, key: str, value: SettingValue, *, at_once: bool = True) -> str:
        """Write a setting, None for its default, and return what to say of it; `at_once`: it counts in this run.

        Raises:
            SettingsError: it is not allowed, or cannot be written.
        """
        from tui_chat.settings.save import save_setting  # only where it is asked for

        origin = self._origin_of(key)
        if self._is_temporary:
            value = None if value is None else BY_KEY[key].accept(value)
            if not origin.rules_file:
                self._hold(key, value)
            return _unkept_words(key, value, origin)
        self._last = save_setting(self.loaded.file, key, value)
        self.read_again()
        return _kept_words(key, value, origin, at_once=at_once)

    def keep_typed(
        self,
        key: str,
        text: str,
        *,
        at_once: bool,
        themes: Sequence[str],
        judge: Callable[[str, SettingValue], str] = lambda *_: "",
    ) -> str:
        """Write a setting as it was typed, `default` for its default, and return what to say of it. Of a table what is
        named changes, and the rest stays. `themes` are the names that there are; `judge` says what is wrong with a
        value that only a front end can tell, and nothing where all is right.

        Raises:
            SettingsError: there is no such setting, the value is not allowed, or it cannot be written.
        """
        self.check(key)
        if text.strip() == DEFAULT:
            return self.keep(key, None, at_once=at_once)
        self.read_again()
        own = getattr(self.loaded.settings, key) if key in self.loaded.in_file else BY_KEY[key].default
        try:
            value = typed_change(key, text, own)
        except SettingsError as error:
            raise SettingsError(f"{key} {error.failure.message}.", error.failure.advice) from None
        if key == "theme" and value not in (AUTO, *themes):
            raise SettingsError(f"There is no theme {sanitize_line(text, 40)}.", f"There are {', '.join(themes)}.")
        if fault := judge(key, value):
            raise SettingsError(sanitize_line(fault, 300), f"Nothing was saved. {key} takes {BY_KEY[key].allowed}.")
        return self.keep(key, value, at_once=at_once)

    def check(self, key: str) -> None:
        """Make sure that there is a setting of this name.

        Raises:
            SettingsError: there is none; the one that was likely meant is named.
        """
        if key not in BY_KEY:
            close = nearest(key, BY_KEY)
            advice = f"Did you mean {close}?" if close else f"There are {', '.join(BY_KEY)}."
            raise SettingsError(f"There is no setting {sanitize_line(key, 40)}.", advice)

    @property
    def can_take_back(self) -> bool:
        """There is a change to take back."""
        return self._last is not None

    @property
    def changed_last(self) -> str:
        """The setting that was changed last; empty where none was, or that was taken back."""
        return self._last.key if self._last is not None else ""

    def take_back(self) -> str:
        """Take back the last change, and return what to say of it.

        Raises:
            SettingsError: there is none, or it cannot be written.
        """
        from tui_chat.settings.save import take_back

        if self._last is None:
            raise SettingsError("Nothing was changed that could be undone.", "Change a setting first.")
        written, self._last = self._last, None
        take_back(written)
        self.read_again()
        return f"{written.key} is as it was."

    def read_again(self) -> None:
        """Read the files again: somebody may have changed them."""
        self.loaded = self._take(load_again(self.loaded, self._environ))

    # The project file

    @property
    def asks_for_project(self) -> bool:
        """There is a project file that may count and that nobody agreed to."""
        project = self.loaded.project
        return project is not None and project.waits

    def agree_to_project(self) -> None:
        """Let the project file count, from now on as it is now.

        Raises:
            SettingsError: it cannot be remembered; it counts all the same.
        """
        if (project := self.loaded.project) is None:
            return
        self._let_count(True)
        if self._consents is not None:
            self._consents.agree(project)

    def forget_project(self) -> str:
        """Let the project file count no more, and return what to say of it.

        Raises:
            SettingsError: there is none, or it cannot be written.
        """
        if (project := self.loaded.project) is None:
            raise SettingsError("There is no project file here.", "Go to the folder that has one.")
        if self._consents is not None:
            self._consents.forget(project.path)
        self._let_count(False)
        return f"{sanitize_line(str(project.path), 200)} does not count any more; you are asked before it does."

    def _let_count(self, is_agreed: bool) -> None:
        if self.loaded.project is not None:
            project = msgspec.structs.replace(self.loaded.project, is_agreed=is_agreed)
            self.loaded = msgspec.structs.replace(self.loaded, project=project)
            self.read_again()

    def _hold(self, key: str, value: SettingValue) -> None:
        """Let a value count that is written nowhere."""
        held = BY_KEY[key].default if value is None else value
        origin = Origin(Source.DEFAULT) if value is None else Origin(Source.FILE, "for this run, not kept")
        settings = msgspec.structs.replace(self.loaded.settings, **{key: held})
        self.loaded = msgspec.structs.replace(
            self.loaded, settings=settings, origins={**self.loaded.origins, key: origin}
        )

    def _origin_of(self, key: str) -> Origin:
        """Where the value in force comes from; NO_COLOR rules themes as a flag does."""
        is_without_colour = key == "theme" and self._environ.get("NO_COLOR")
        return Origin(Source.ENVIRONMENT, "NO_COLOR") if is_without_colour else self.loaded.origins[key]


def _kept_words(key: str, value: SettingValue, origin: Origin, *, at_once: bool) -> str:
    """Say that a value was written; `origin` is where the one in force came from."""
    if origin.rules_file:
        return f"{_named(key, value)}, kept for later: {_ruler(origin)}."
    when = "from now on, also next time" if at_once else "from the next start"
    return f"{_named(key, value)} {when}."


def _unkept_words(key: str, value: SettingValue, origin: Origin) -> str:
    """Say that a value was not written, since nothing of this run is."""
    if origin.rules_file:
        return f"{_ruler(origin)}, and --temporary keeps nothing for later."
    return f"{_named(key, value)} for this run: --temporary keeps nothing."


def _ruler(origin: Origin) -> str:
    if origin.source is Source.PROJECT:
        return "the project file rules here"
    return f"{sanitize_line(origin.detail, 40)} rules this run"


def _named(key: str, value: SettingValue) -> str:
    if value is None:
        return f"{key} is {sanitize_line(shown_setting(key, BY_KEY[key].default), 40) or 'not set'}, the default,"
    if key == "base_url" and isinstance(value, str):
        value = shown_base_url(value)
    shown = ("off", "on")[value] if isinstance(value, bool) else sanitize_line(shown_setting(key, value), 40) or "empty"
    return f"{key} is {shown}"
