"""The app: starts fast, shows the chat, and leaves the terminal as it was, whatever happened.

Nothing that talks to a gateway or a disk is needed for the first frame: `ui/starting` sees to that once the composer
can be typed into, and what is sent before the services are there waits for them.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.await_remove import AwaitRemove
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import MountError, Widget
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from tui_chat.chat.services import Services
from tui_chat.core.sanitize import sanitize
from tui_chat.crash_report import describe, record, save_report
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import Loaded
from tui_chat.settings.paths import Paths
from tui_chat.settings.theme_files import Themes, placed
from tui_chat.terminal.background import background_in, background_told
from tui_chat.ui.chat_screen.leaving import Leaving
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.composing.keys import with_enter
from tui_chat.ui.driver.egress import EgressGuard
from tui_chat.ui.driver.terminal_keys import teach_alt_enter
from tui_chat.ui.keys.command import keymap
from tui_chat.ui.keys.looked_up import LooksUp
from tui_chat.ui.keys.own_keys import key_problems, read_own_keys
from tui_chat.ui.keys.turns import KeyTurns
from tui_chat.ui.rows.frame import NO_HINTS
from tui_chat.ui.theming.marks import DrawnInAscii, is_utf8, use_ascii
from tui_chat.ui.theming.themes import ThemedApp, chosen_theme
from tui_chat.ui.theming.wearing import Wearing

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.driver import Driver

    from tui_chat.settings.problem import Problem
    from tui_chat.settings.secrets import Connection
    from tui_chat.terminal.early import EarlyScreen
    from tui_chat.ui.chat_screen.coming_back import ComingBack
    from tui_chat.ui.composing.external_editor import ExternalEditor
    from tui_chat.ui.dialogs.choice import ChoiceDialog
    from tui_chat.ui.dialogs.dialog import Dialog
    from tui_chat.ui.driver.driver import BackgroundTold
    from tui_chat.ui.driver.outside import Outside
    from tui_chat.workspace.connecting import Connector
    from tui_chat.workspace.opening import Opening
    from tui_chat.workspace.own_prompts import OwnPrompts

LOAD_AFTER_S = 0.05
"""Imports hold the interpreter: a key typed at once would wait for them."""


class ChatApp(ThemedApp[None], LooksUp[None], inherit_bindings=False):
    """The program on the screen."""

    TITLE = "tui-chat"
    CSS_PATH = "chat_screen/screen.tcss"  # here, because Textual does not load the styles of a first screen
    COMMANDS: ClassVar[set["type[Provider] | Callable[[], type[Provider]]"]] = set()  # our palette is a dialog
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Command palette", show=False, priority=True, id="palette"),
    ]

    def __init__(
        self,
        loaded: Loaded,
        paths: Paths,
        opening: "Opening",
        connection: "Connection",
        *,
        make_services: Callable[[], Services],
        connector: "Connector | None" = None,
        keeping: SettingsKeeper | None = None,
        begun: "EarlyScreen | None" = None,
    ) -> None:
        self.begun = begun
        background = background_told(begun.is_light if begun else None) or background_in(os.environ)
        is_ascii = loaded.settings.ascii if loaded.is_given("ascii") else not is_utf8(os.environ)
        use_ascii(is_ascii)
        super().__init__(Themes(paths.themes), chosen_theme(loaded.settings.theme, os.environ, background))
        self.wearing = Wearing(self, loaded.settings.theme, background, os.environ, self._tell_problem)
        self.keeping = keeping or SettingsKeeper(loaded, os.environ, is_temporary=opening.is_temporary)
        self.connection = connection
        """The connection at the start; `/connect` opens another one."""
        self.connector = connector
        self._make_services = make_services
        self._opening = opening
        self._paths = paths
        self._on_the_way_out: tuple[LineFilter, ...] = (EgressGuard(), *((DrawnInAscii(),) if is_ascii else ()))
        self._editor: ExternalEditor | None = None
        self.owns_process = False
        """Signals to the process are for this app; not so in tests."""
        self.focus_reported: bool | None = None
        """The window has the focus; None where the terminal never said."""
        self.tells_all_keys = False
        """The terminal said that it speaks the kitty keyboard protocol."""
        settings = loaded.settings
        own, self._unreadable_keys = read_own_keys(settings.keys, settings.leader)
        self.own_keys = with_enter(own, sends=settings.enter == "send")
        self.set_class(not settings.hints, NO_HINTS)
        self.painting = settings.painting
        if settings.motion == "reduced":
            self.animation_level = "none"
        self._has_started = asyncio.Event()
        self._turns = KeyTurns(
            self,
            lambda: self._chat.composer,
            self._has_started,
            lambda: self._chat.note("Still starting …", timeout=1),
            lambda: self._chat.dispatch.nothing_waits,
        )
        self._chat = ChatScreen(self, self.own_keys)
        self._leaving = Leaving(self._chat, paths.drafts, end_editor=self._end_editor, end=self._end)
        self.set_keymap(keymap(COMMANDS, self.own_keys))

    def get_default_screen(self) -> Screen[None]:
        """The chat is the first screen, so that nothing else is built before it."""
        return self._chat

    def get_driver_class(self) -> "type[Driver]":
        """The driver that survives what it reads, where the platform's own is the one it hardens."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from tui_chat.ui.driver.driver import HardenedDriver  # there is no such driver on Windows

        return HardenedDriver

    @property
    def has_terminal_caret(self) -> bool:
        """The terminal's own cursor is the caret: our driver shows it, and another one draws nothing."""
        return not self.is_headless and self.driver_class.__name__ == "HardenedDriver"

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        # Textual 8.2.8 looks for another focus in a screen that goes as a whole, and restyles all of it for that.
        for screen in nodes:
            if isinstance(screen, Screen):
                screen.set_reactive(Screen.focused, None)
        return super()._prune(*nodes, parent=parent)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, the gate before the terminal, and ASCII in place of all that is drawn."""
        return [*super().get_line_filters(), *self._on_the_way_out]

    # Starting

    def on_load(self) -> None:
        """Take over the signals before the terminal is taken, so that none ends the program without giving it back."""
        if self.owns_process:
            self._leave_on_signals()

    def on_mount(self) -> None:
        """Paint first, with what is written already, then let in the keys that were typed meanwhile, and then load."""
        if self.begun is not None:
            self._chat.composer.type_out(self.begun.text)
        if self.loaded.settings.mouse == "scroll":
            self.outside.use_mouse("scroll")
        self.call_after_refresh(self.set_timer, LOAD_AFTER_S, self._begin)

    def _begin(self) -> None:
        self.run_worker(self._start(), name="start")

    async def _start(self) -> None:
        from tui_chat.ui.starting import start  # the first frame does without

        await start(self._chat, self._opening, self._paths, self._make_services, self._has_started)

    @property
    def loaded(self) -> Loaded:
        """The settings in force now."""
        return self.keeping.loaded

    @property
    def faults(self) -> "tuple[Problem | str, ...]":
        """Problems with the settings, including those of themes and keys, which only the screen knows."""
        of_keys = (*self._unreadable_keys, *key_problems(COMMANDS, self.own_keys))
        of_theme = placed(self.theme_problems, self.loaded.origins["theme"])
        return (*self.loaded.problems, *self.connection.problems, *of_theme, *of_keys)

    @property
    def problems(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(map(str, self.faults))

    def _tell_problem(self, words: str) -> None:
        self._chat.note(words, severity="warning")

    # The terminal

    @cached_property
    def _coming_back(self) -> "ComingBack":
        from tui_chat.ui.chat_screen.coming_back import ComingBack  # the first frame does without

        return ComingBack(self._chat.look_up)

    @cached_property
    def outside(self) -> "Outside":
        """Clipboard, notifications, title, mouse."""
        from tui_chat.ui.driver.outside import Outside  # the first frame does without

        return Outside(self, self.loaded.settings, self._paths.state, has_focus=lambda: self.focus_reported)

    async def on_event(self, event: events.Event) -> None:
        """Give keys in turn, and let the chat know of each, wherever it goes."""
        if not self._turns.take(event):
            return
        if isinstance(event, events.Key):
            for each in (self._chat.noting, self._chat.tending, self._coming_back):
                each.key_pressed()
        await super().on_event(event)

    @property
    def message_queue_size(self) -> int:
        """Messages that wait here, with the keys whose turn has not come: whoever hands keys over waits for both."""
        return super().message_queue_size + self._turns.waiting

    def on_app_focus(self) -> None:
        """Note that the window has the focus; its colours, and the conversation's title, may be others than before."""
        self.focus_reported = True
        self._coming_back.focused()
        if self.follows_background:
            self.outside.ask_for_background()

    def on_app_blur(self) -> None:
        """Note that another window has the focus."""
        self.focus_reported = False

    def on_choice_dialog_asked(self, event: "ChoiceDialog.Asked") -> None:
        """Notify somebody who looks elsewhere that a question waits."""
        self.outside.notifier.tell(event.title, event.words)

    def on_dialog_help_asked(self, event: "Dialog.HelpAsked") -> None:
        """Show a page of the manual over a dialog."""
        self._chat.execute(BY_ID["help"], event.page)

    def on_kitty_told(self) -> None:
        """Note that every key arrives by its own name."""
        self.tells_all_keys = True

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Stop the cursor's blinking where motion is reduced."""
        if self.animation_level == "none" and isinstance(event.widget, TextArea | Input):
            event.widget.cursor_blink = False

    @property
    def clipboard(self) -> str:
        """The text that was copied last, for pasting inside the program."""
        return self.outside.clipboard.text

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what Textual's own widgets copy and cut as everything else is copied; it can be pasted here at once."""
        from tui_chat.terminal.clipboard import harmless  # the first frame does without

        self.outside.clipboard.text = harmless(text)
        self._chat.copying.copy(text, "the selection")

    # Services for the screen

    @cached_property
    def own_prompts(self) -> "OwnPrompts":
        """The person's own prompts, read when the first slash is typed."""
        from tui_chat.workspace.own_prompts import OwnPrompts

        return OwnPrompts(self._paths.own_prompts)

    def remember_prompt(self, prompt: str, conversation_id: str) -> None:
        """Keep a prompt for the next run; it goes with the conversation in which it was typed."""
        from tui_chat.workspace.prompts_file import append_prompt  # the first frame does without

        append_prompt(self._paths.prompts_file, prompt, conversation_id)

    @property
    def editor(self) -> "ExternalEditor":
        """The external editor."""
        if self._editor is None:
            from tui_chat.ui.composing.external_editor import ExternalEditor  # imported when it is first opened

            self._editor = ExternalEditor(self.suspend)
        return self._editor

    @property
    def is_temporary(self) -> bool:
        """Nothing of this run is written to disk."""
        return self._opening.is_temporary

    @property
    def follows_background(self) -> bool:
        """The theme follows the terminal's background."""
        return self.wearing.follows_background

    def on_background_told(self, event: "BackgroundTold") -> None:
        """Let the theme follow the terminal."""
        self.wearing.take_background(event.background)

    # Leaving

    def leave(self, code: int) -> None:
        """Stop what runs, save, and exit with this code."""
        if self._leaving.begins(code):
            self.run_worker(self._leaving.leave(code), name="leave")

    async def _end_editor(self) -> None:
        if self._editor is not None:
            await self._editor.end()

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    def action_command_palette(self) -> None:
        """Open the palette, once."""
        if self.screen is not self._chat:
            raise SkipAction  # a dialog may want the key
        self._chat.action_command("palette")

    async def action_quit(self) -> None:
        """Save and leave."""
        self.leave(0)

    def _leave_on_signals(self) -> None:
        """Save and restore the terminal on `kill` and on a terminal that closes, as quitting does."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_end, number)

    def _told_to_end(self, number: signal.Signals) -> None:
        if number is not signal.SIGINT or self._editor is None or not self._editor.is_open:  # else it is the editor's
            self.leave(128 + number)

    # Breaking

    def survive(self, error: BaseException) -> None:
        """Record an error that one turn or command did not survive but the program does."""
        if not self._leaving.is_leaving:
            self._chat.note(record(error, self._paths.state), severity="error", timeout=15)

    def _handle_exception(self, error: Exception) -> None:
        """Textual mounts nothing once the app has left: what was about to be shown misses its parts, and nothing broke.

        A private name of Textual 8.2: `test_a_dialog_that_opens_as_the_program_ends_breaks_nothing` fails if it goes.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._leaving.has_left and isinstance(cause, NoMatches | MountError)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual's renderer prints every local variable, keys and conversations included: ours says where it broke.

        A private name of Textual 8.2: `test_a_crash_report_shows_no_local_variables` fails if it goes.
        """
        error: BaseException = self._exception or RuntimeError("unknown")
        if isinstance(error, WorkerFailed):
            error = error.error
        self._chat.drafting.end()
        file = save_report(error, self._paths.state)
        last = describe(error).rstrip().rsplit("\n", 1)[-1]
        where = f"A report without your texts and keys is in {file}" if file else describe(error)
        self.panic(
            Text(f"tui-chat broke: {last}\n{sanitize(where)}\nYour conversation is saved up to the last second.")
        )


def run(
    keeping: SettingsKeeper,
    paths: Paths,
    opening: "Opening",
    connection: "Connection",
    *,
    make_services: Callable[[], Services],
    connector: "Connector | None" = None,
    begun: "EarlyScreen | None" = None,
) -> int:
    """Show the chat until the person leaves, and say with which code to exit. `make_services` is called in a thread,
    after the first frame; what it raises as a ChatError is shown. `begun` is the terminal where it was taken already.
    """
    teach_alt_enter()
    given = (keeping.loaded, paths, opening, connection)
    app = ChatApp(*given, make_services=make_services, connector=connector, keeping=keeping, begun=begun)
    app.owns_process = True
    app.run(mouse=app.loaded.settings.mouse == "full")
    from tui_chat.terminal.lost_output import drop_lost_output  # only at the end

    drop_lost_output()
    return app.return_code or 0
