"""Commands about settings: the page of all, one changed by its name, and what counts at once of a change."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.timestamps import Timestamps
from tui_chat.settings.describe import describe
from tui_chat.settings.kept import FORGET
from tui_chat.settings.model import SettingValue
from tui_chat.settings.theme_files import AUTO
from tui_chat.settings.typed import choices_of
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext, Program, Result
from tui_chat.ui.commands.key_faults import faults_of_keys
from tui_chat.ui.dialogs.settings_rows import SettingLine, lines_of
from tui_chat.ui.rows.frame import NO_HINTS
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen


class Asking(Protocol):
    """The chat, as far as asking for the project file goes."""

    @property
    def program(self) -> Program: ...
    async def ask(self, dialog: "Screen[Result]") -> "Result | None": ...
    def note(self, words: str, *, severity: "SeverityLevel" = "information") -> None: ...


async def settings(context: CommandContext, words: str) -> None:
    """Show every setting, with the cursor on the one that is named; set it where a value follows."""
    name, _, value = words.partition(" ")
    program = context.program
    if words.strip() == FORGET:
        context.note(program.keeping.forget_project())
        apply_all(context)
        return
    if name:
        program.keeping.check(name)
    if value.strip():
        themes = program.themes.names()
        said = program.keeping.keep_typed(
            name, value, at_once=name in AT_ONCE, themes=themes, judge=lambda key, new: _key_fault(program, key, new)
        )
        context.note(said)
        apply(context, name)
        return
    await context.ask(dialogs.settings(Host(context), at=name))


def _key_fault(program: "Program", key: str, value: SettingValue) -> str:
    """What is wrong with keys, or the leader, that are to be saved and was not before; empty where nothing is."""
    settings = program.loaded.settings
    if key not in ("keys", "leader"):
        return ""
    keys = settings.keys
    if key == "keys" and isinstance(value, Mapping):
        keys = {action: held for action, held in value.items() if isinstance(held, tuple)}
    leader = value if key == "leader" and isinstance(value, str) else settings.leader
    before = set(faults_of_keys(settings.keys, settings.leader))
    return next((fault for fault in faults_of_keys(keys, leader) if fault not in before), "")


def choose_theme(context: CommandContext, name: str) -> str:
    """Switch to a theme, or follow the terminal, from now on and in the next run, and return what to say of it. What a
    flag or the environment chose stays in this run.

    Raises:
        SettingsError: it cannot be remembered; it is shown all the same.
    """
    _wear(context.program, name)
    return context.program.keeping.keep("theme", name)


def _wear(program: "Program", name: str) -> None:
    program.wearing.choose(program.loaded.settings.theme if program.keeping.rules_this_run("theme") else name)
    program.outside.follow_background()


def _take_times(context: CommandContext) -> None:
    transcript = context.transcript
    transcript.times.use(Timestamps(context.program.loaded.settings.timestamps))
    conversation = context.conversation
    if conversation.is_open and not conversation.is_answering and not transcript.whole.is_growing:
        transcript.show(conversation.session.path)  # what stands between messages comes and goes, too
    transcript.show_heads()


def _take_budget(context: CommandContext) -> None:
    if context.conversation.is_open:
        context.conversation.services.budgets.budget = context.program.loaded.settings.budget
        context.show_facts()


AT_ONCE: Final[Mapping[str, Callable[[CommandContext], object]]] = {
    "theme": lambda context: _wear(context.program, context.program.loaded.settings.theme),
    "vim": lambda context: context.composer.use_vim(context.program.loaded.settings.vim),
    "mouse": lambda context: context.program.outside.use_mouse(context.program.loaded.settings.mouse),
    "timestamps": _take_times,
    "budget": lambda context: _take_budget(context),
    "hints": lambda context: context.program.set_class(not context.program.loaded.settings.hints, NO_HINTS),
    "copy_on_select": lambda _: None,  # read where something is selected
    "preset": lambda _: None,  # read where one is chosen
}
"""Settings that count in a running chat, and what lets them."""


def apply(context: CommandContext, key: str) -> None:
    """Let a setting count as it is now, where it can."""
    if (take := AT_ONCE.get(key)) is not None:
        take(context)


def apply_all(context: CommandContext) -> None:
    """Let all count that can: the files were read again."""
    for key in AT_ONCE:
        apply(context, key)


class Host:
    """The program, as the page of settings sees it."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._program = context.program
        self._keeping = context.program.keeping

    @property
    def file(self) -> str:
        """Path of the user's own file."""
        return str(self._program.loaded.file)

    @property
    def can_undo(self) -> bool:
        """A change can be taken back."""
        return self._keeping.can_take_back

    def lines(self) -> Sequence[SettingLine]:
        """Everything that is listed."""
        program = self._program
        return lines_of(program.loaded, describe(program.loaded, program.connection), program.faults)

    def value_of(self, key: str) -> SettingValue:
        """The value in force."""
        value: SettingValue = getattr(self._program.loaded.settings, key)
        return value

    def is_own(self, key: str) -> bool:
        """The user's own file gives it."""
        return key in self._program.loaded.in_file

    def choices_of(self, key: str) -> Sequence[str]:
        """The words to choose from."""
        return (AUTO, *self._program.themes.names()) if key == "theme" else choices_of(key)

    def change(self, key: str, value: SettingValue) -> None:
        """Write a setting, and let it count. Raises SettingsError."""
        words = self._keeping.keep(key, value, at_once=key in AT_ONCE)
        apply(self._context, key)
        self._context.note(f"{words} u undoes." if self._keeping.can_take_back else words)

    def undo(self) -> None:
        """Take the last change back. Raises SettingsError."""
        key = self._keeping.changed_last
        words = self._keeping.take_back()
        apply(self._context, key)
        self._context.note(words)

    async def choose_project(self) -> None:
        """Ask whether the project file counts."""
        await ask_for_project(self._context)

    def forget_project(self) -> None:
        """Let the project file count no more. Raises SettingsError."""
        words = self._keeping.forget_project()
        apply_all(self._context)
        self._context.note(words)

    async def edit_file(self) -> None:
        """Open the file in the editor, and read it again."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            await self._program.editor.open(editor, self._program.loaded.file)
        except CommandRefused as refused:
            self._context.note(str(refused), severity="warning")
        self._keeping.read_again()
        apply_all(self._context)


async def ask_for_project(chat: Asking) -> None:
    """Ask whether the project file counts, where it does not. Of what it sets the theme is worn at once."""
    keeping = chat.program.keeping
    project = keeping.loaded.project
    if project is None or not keeping.asks_for_project or not await chat.ask(dialogs.project(project)):
        return
    try:
        keeping.agree_to_project()
    except SettingsError as error:
        chat.note(f"It counts for this run. {sanitize_line(error.failure.message, 200)}", severity="warning")
    _wear(chat.program, keeping.loaded.settings.theme)
