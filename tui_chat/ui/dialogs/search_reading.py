"""The message under the cursor of the search, read a moment later with the ones before and after it."""

from collections.abc import Callable, Sequence

from tui_chat.chat.found import SearchHit
from tui_chat.chat.ports import Around, Preview
from tui_chat.chat.services import Services
from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.search_preview import Shown, around_rows, exchange_rows, text_rows
from tui_chat.ui.dialogs.search_rows import ConversationRow, HitRow, Item, title_of
from tui_chat.ui.rows.drawn_rows import DrawnRows
from tui_chat.ui.rows.edge import TITLE, Piece
from tui_chat.ui.rows.rows import Ink, Row, wrapped


class Reading(DrawnRows, can_focus=False):
    """Shows a message, or the last words of a conversation."""

    def __init__(self, services: Services, now: Callable[[], float], *, id: str) -> None:
        super().__init__(self._rows_for, id=id)
        self._services = services
        self._now = now
        self._item: Item | None = None
        self._words: Sequence[str] = ()
        self._near = Around()
        self._preview: Preview | None = None
        self._top = 0

    def follow(self, item: Item | None, words: Sequence[str]) -> Piece | None:
        """Show what belongs to an item, and return its title. The line of a hit is there at once, the rest once it was
        read."""
        if (item, words) != (self._item, self._words):
            self._item, self._words = item, words
            self._near, self._preview = Around(), None
            self._draw_again()
            if isinstance(item, HitRow | ConversationRow):
                self.run_worker(self._read(item), group="reading", exclusive=True)
        title = title_of(item)
        return Piece(title, TITLE) if title else None

    async def _read(self, item: HitRow | ConversationRow) -> None:
        store = self._services.store
        try:
            match item:
                case HitRow(SearchHit(conversation_id=conversation_id, node_id=node_id)) if node_id:
                    self._near = await store.around(conversation_id, node_id)
                case HitRow(SearchHit(conversation_id=conversation_id)):
                    self._preview = await store.preview(conversation_id)
                case ConversationRow(summary):
                    self._preview = await store.preview(summary.id)
        except ChatError:
            return  # the list says what is wrong with the store
        self._draw_again()

    def text_of(self, node_id: str) -> str:
        """The words of a message, as far as they were read; empty where they were not."""
        return next((node.message.text for node in self._near.nodes if node.id == node_id), "")

    def read_on(self) -> None:
        """Go on by a page, at the end back to the beginning."""
        at_end = self.scroll_y >= self.max_scroll_y
        self.scroll_to(y=0 if at_end else self.scroll_y + max(1, self.size.height - 1), animate=False)

    def _draw_again(self) -> None:
        if self.line_width > 0:
            shown = self._shown(self.line_width)
            self.show_rows(shown.rows)
            self._top = shown.top
            self.call_after_refresh(self._go_to_top)

    def _go_to_top(self) -> None:
        if self.is_attached:  # the page may have been closed since
            self.scroll_to(y=self._top, animate=False)
            self.refresh_bindings()  # there may be more to read now

    def redraw(self) -> None:
        """Draw for another width."""
        self._draw_again()

    def _rows_for(self, width: int) -> Sequence[Row]:
        return self._shown(width).rows

    def _shown(self, width: int) -> Shown:
        if self._preview is not None:
            return Shown(exchange_rows(self._preview, width))
        if not isinstance(item := self._item, HitRow):
            return Shown([])
        if not self._near.nodes:
            return Shown(text_rows(sanitize_line(item.hit.excerpt, 400), self._words, width))
        height = max(1, self.size.height)
        shown = around_rows(self._near, item.hit.node_id, self._words, self._now(), width, height)
        if any(ink is Ink.MATCH for row in shown.rows for ink, _ in row) or not self._words:
            return shown
        found = text_rows(sanitize_line(item.hit.excerpt, 400), self._words, width)
        return Shown([*wrapped("Found here:", width, Ink.MUTED), *found, (), *shown.rows])
