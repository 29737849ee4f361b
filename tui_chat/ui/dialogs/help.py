"""Help: the manual's pages and every key, a list of them beside the page that is read."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from tui_chat.terminal.arrival import Arrival
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.dialogs.help_pages import find_page, found_page, help_pages
from tui_chat.ui.dialogs.key_trial import KeyTrial
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut
from tui_chat.ui.transcript.view import TranscriptView
from tui_chat.workspace.command import Command


class HelpScreen(Dialog[None]):
    """A page of help beside the list of pages."""

    DEFAULT_CSS = """
    HelpScreen Horizontal { height: 1fr; }
    HelpScreen PickList { width: 26; height: 1fr; }
    HelpScreen TranscriptView { width: 1fr; height: 1fr; background: $panel; }
    HelpScreen.-narrow PickList { display: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1", "leave", "Close", show=False, priority=True),
        bound("try-key", "try_key", priority=True),
        bound("page-next", "turn(1)", priority=True),
        bound("page-before", "turn(-1)", priority=True),
    ]

    def __init__(
        self, commands: Sequence[Command], own_keys: OwnKeys, *, topic: str = "", arrival: Arrival | None = None
    ) -> None:
        super().__init__(classes="-page")
        self._commands = commands
        self._own_keys = own_keys
        pages = help_pages(commands, own_keys, arrival)
        found = found_page(topic)
        self._pages = (found, *pages) if found else pages
        self._place = 0 if found else find_page(pages, topic)

    def compose(self) -> ComposeResult:
        """The list of pages, and the page."""
        hints = (Hint("page-before page-next", "pages"), Hint("try-key", "try a key"))
        with Frame(title="Help", way_out=Hint("leave", "close"), hints=hints), Horizontal():
            pages = PickList()
            pages.can_focus = False
            yield pages
            # An empty transcript: it wraps tables where Textual's own Markdown cuts them.
            yield TranscriptView(welcome=self._pages[self._place].markdown)

    def on_mount(self) -> None:
        """Open at the topic."""
        page = self.query_one(TranscriptView)
        page.focus()
        # A transcript stays at its end; a page is read from its beginning.
        self.call_after_refresh(page.action_to_start)
        self.query_one(PickList).show_items(len(self._pages), self._draw, cursor=self._place)
        self._show_place()

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        return (cut(((Ink.TEXT, f" {self._pages[index].title}"),), width),)

    def _show(self, place: int) -> None:
        self._place = place
        self.query_one(PickList).cursor = place
        self._show_place()
        page = self.query_one(TranscriptView)
        page.show_welcome(self._pages[place].markdown)
        page.action_to_start()

    def _show_place(self) -> None:
        title = self._pages[self._place].title
        self.query_one(Frame).show_facts(f"{self._place + 1} of {len(self._pages)}", title)

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Show the page that was clicked."""
        event.stop()
        self._show(event.index)

    def action_turn(self, by: int) -> None:
        """Show another page."""
        self._show((self._place + by) % len(self._pages))

    def action_try_key(self) -> None:
        """Show what the terminal sends for a key."""
        self.app.push_screen(KeyTrial(self._commands, self._own_keys))
