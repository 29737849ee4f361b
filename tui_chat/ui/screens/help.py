"""Help: the manual's pages and every key, a list of them beside the page that is read."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from tui_chat.ui.command import OwnKeys
from tui_chat.ui.help_pages import find_page, help_pages


class HelpScreen(ModalScreen[None]):
    """Reads like a book: Up and Down scroll, Left and Right turn pages, Esc closes."""

    DEFAULT_CSS = """
    HelpScreen {
        layout: horizontal;
        background: $background;
        & > OptionList {
            width: 26;
            height: 1fr;
            border: none;
            padding: 1 1;
            background: $surface;
            & > .option-list--option-highlighted {
                color: $cursor-text;
                background: $cursor;
                text-style: $cursor-style;
            }
        }
        & > VerticalScroll { width: 1fr; height: 1fr; padding: 0 2 1 2; }
        & > #hint { dock: bottom; height: 1; padding: 0 1; color: $text-muted; background: $surface; }
        &.-narrow {
            & > OptionList { display: none; }
            & > VerticalScroll { padding: 0 1; }
        }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1,ctrl+c", "leave", "Close", show=False, priority=True),
        Binding("right,n,tab", "turn(1)", "Next page", show=False, priority=True),
        Binding("left,p,shift+tab", "turn(-1)", "Page before", show=False, priority=True),
    ]

    def __init__(self, own_keys: OwnKeys, *, topic: str = "") -> None:
        super().__init__()
        self._pages = help_pages(own_keys)
        self._place = find_page(self._pages, topic)

    def compose(self) -> ComposeResult:
        """The list of pages, the page, the keys."""
        pages = OptionList(*(Option(Content(page.title)) for page in self._pages), markup=False)
        pages.can_focus = False
        yield pages
        with VerticalScroll():
            yield Markdown(open_links=False)
        yield Static(Content("←→ pages   ↑↓ scroll   Esc closes"), id="hint")

    async def on_mount(self) -> None:
        """Open at the topic."""
        self.query_one(VerticalScroll).focus()
        await self._show()

    async def _show(self) -> None:
        self.query_one(OptionList).highlighted = self._place
        await self.query_one(Markdown).update(self._pages[self._place].markdown)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A page was clicked."""
        event.stop()
        self._place = event.option_index
        await self._show()

    async def action_turn(self, by: int) -> None:
        """Another page."""
        self._place = (self._place + by) % len(self._pages)
        await self._show()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()
