"""A search field over a list: letters go to the field, and the keys that move go to the list.

The owner says what a query finds and how an item looks; the widget keeps the list in step with the field.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.fields.ordered_keys import OrderedKeys
from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, wrapped

Item = TypeVar("Item")
Chosen = TypeVar("Chosen")

Find = Callable[[str], Sequence[Item]]
"""Query -> the items that fit it, the best first."""
Draw = Callable[[Item, int], tuple[Row, ...]]
"""Item and width in cells -> its lines, as many for every item."""
Headings = Callable[[Item], str]
"""Item -> the heading that it stands under; empty where it stands under none."""
Groups = Callable[[Sequence[Item]], Mapping[int, str]]
"""Items -> the headings, each by the index of the first item under it."""


def count_words(total: int, fitting: int) -> str:
    """How many items there are, and how many of them fit where not all do: `1,204 · 17 fit`."""
    return f"{total:,}" if fitting == total else f"{total:,} · {fitting:,} fit"


class ListField(SearchField):
    """A search field that hands on the keys that move.

    They are its own bindings, so that a key which the person gave to lists does not edit the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        bound("list-page-up", "page(-1)"),
        bound("list-page-down", "page(1)"),
        bound("list-choose", "submit"),
        bound("list-rows", "to_rows"),
    ]

    def __init__(
        self,
        *,
        move: Callable[[int], None],
        page: Callable[[int], None],
        to_rows: Callable[[], object],
        can_choose: Callable[[], bool],
        has_rows: Callable[[], bool],
        id: str,
    ) -> None:
        """`move` and `page` take by how many items or pages; below 0 is up. `can_choose`: Enter does something;
        `has_rows`: something is listed, or letters act there all the same."""
        super().__init__(id=id)
        self._move = move
        self._page = page
        self._to_rows = to_rows
        self._can_choose = can_choose
        self._has_rows = has_rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to choose, and to go to the rows, only where there is something."""
        if (action == "submit" and not self._can_choose()) or (action == "to_rows" and not self._has_rows()):
            return False
        return super().check_action(action, parameters)

    def action_to_rows(self) -> None:
        """Leave the field for the rows."""
        self._to_rows()

    def action_move(self, by: int) -> None:
        """Move by items."""
        self._move(by)

    def action_page(self, by: int) -> None:
        """Move by pages."""
        self._page(by)


class FinderRows(OrderedKeys, PickList):
    """The rows below a field."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("list-field", "to_field")]
    WRITES = False

    def __init__(self, *, to_field: Callable[[], object], clicks: int, id: str) -> None:
        super().__init__(clicks=clicks, id=id)
        self._to_field = to_field

    def action_to_field(self) -> None:
        """Go back to the field."""
        self._to_field()


class FilteredList(Vertical, Generic[Item]):
    """Items that are narrowed by typing; the field keeps the focus until somebody goes to the rows."""

    DEFAULT_CSS = """
    FilteredList { layers: default above; }
    FilteredList > .-nothing { padding: 0 1; }
    """

    class Filtered(Message):
        """The list shows what fits another query."""

    class Moved(Message):
        """The cursor is on another item of the same list."""

    class Picked(Message, Generic[Chosen]):
        """An item was chosen, by key or by mouse."""

        def __init__(self, item: Chosen) -> None:
            super().__init__()
            self.item = item

    class Sought(Message):
        """Something was typed that nothing in the list fits, and is to be looked for elsewhere."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(
        self,
        find: Find[Item],
        draw: Draw[Item],
        *,
        id: str,
        headings: Headings[Item] | None = None,
        groups: Groups[Item] | None = None,
        between: Sequence[Widget] = (),
        nothing: Callable[[], str] | None = None,
        wraps: bool = False,
        heads_itself: bool = True,
        seeks: bool = False,
        clicks: int = 1,
        begins_at: Callable[[Item], bool] | None = None,
        has_acts: Callable[[], bool] = lambda: False,
    ) -> None:
        """`headings` says under which heading an item stands, or `groups` where each begins, for lists of any length;
        where the list `heads_itself` not, the owner shows the first one. `between` stands between field and list, whose
        ids begin with `id`; `nothing` says below the field why nothing is listed; with `wraps` the line below
        the last one is the first; with `seeks` Enter where nothing fits is `Sought`. So many `clicks` choose. The
        cursor begins at the first item for which `begins_at` holds, else at the top. `has_acts`: letters do something
        in the rows even where nothing is listed."""
        super().__init__(id=id)
        self._begins_at = begins_at
        self._find = find
        self._draw = draw
        self._between = tuple(between)
        self._nothing = RowsLabel(lambda width: self._why_nothing(width, nothing), classes="-nothing")
        self._headings = headings
        self._groups = groups
        self._heads_itself = heads_itself
        self._seeks = seeks
        self._field = ListField(
            move=self.move,
            page=self.page,
            to_rows=lambda: self.screen.set_focus(self._list),
            can_choose=self._can_choose,
            has_rows=lambda: bool(self._items) or has_acts(),
            id=f"{id}-search",
        )
        self._list = FinderRows(to_field=lambda: self.screen.set_focus(self._field), clicks=clicks, id=f"{id}-list")
        self._wraps = wraps
        self._query = ""
        self._words = ""
        self._items: Sequence[Item] = ()

    def compose(self) -> ComposeResult:
        """Field and list, one over the other."""
        yield FieldRow("find", self._field)
        yield self._nothing
        yield from self._between
        yield self._list

    @property
    def items(self) -> Sequence[Item]:
        """The items that fit the query."""
        return self._items

    @property
    def rows(self) -> PickList:
        """The rows that show them."""
        return self._list

    @property
    def words(self) -> str:
        """What is searched for, harmless."""
        return self._words

    def look_for(self, words: str) -> None:
        """Put these words into the field, as if they had been typed."""
        self._field.value = words

    @property
    def current(self) -> Item | None:
        """The item under the cursor; None where nothing is listed."""
        return self._items[self._list.cursor] if self._items else None

    def focus(self, scroll_visible: bool = True) -> "FilteredList[Item]":
        """Type into the field, from the next key on: Textual's own way waits for the messages that are on theirs."""
        if self.is_attached:
            self.screen.set_focus(self._field, scroll_visible)
        else:
            self._field.focus(scroll_visible)
        return self

    def find_again(self, is_wanted: Callable[[Item], bool] | None = None, *, stays: bool = False) -> None:
        """List the items that match now; the cursor goes to the first that is wanted, else to the top. With `stays` it
        goes nowhere instead, and the row that it is on stays where it is."""
        self._query = self._field.value
        self._words = sanitize_line(self._query, 100)
        self._items = self._find(self._query)
        is_wanted = is_wanted or (None if stays else self._begins_at)
        wanted = (place for place, item in enumerate(self._items) if is_wanted is not None and is_wanted(item))
        self._list.show_items(
            len(self._items),
            self._draw_item,
            cursor=next(wanted, self._list.cursor if stays else 0),
            headings=self._headings_of(self._items),
            keeps_row=stays,
        )
        self._nothing.redraw()

    def _why_nothing(self, width: int, nothing: Callable[[], str] | None) -> Sequence[Row]:
        return wrapped(nothing(), width, Ink.MUTED) if nothing is not None and not self._items else ()

    def _headings_of(self, items: Sequence[Item]) -> dict[int, str]:
        """The headings, each above the first of the items that stand under it."""
        if self._groups is not None:
            return dict(self._groups(items))
        headings: dict[int, str] = {}
        before = ""
        for index, item in enumerate(items if self._headings else ()):
            heading = self._headings(item) if self._headings else ""
            if heading and heading != before and (index or self._heads_itself):
                headings[index] = heading
            before = heading
        return headings

    def _draw_item(self, index: int, width: int) -> tuple[Row, ...]:
        return self._draw(self._items[index], width)

    def _follow_field(self) -> None:
        """Match the list to the field: keys that move may arrive before the field's message about letters typed before
        them."""
        if self._query != self._field.value:
            self.find_again()
            self.post_message(self.Filtered())

    def _can_choose(self) -> bool:
        """Something is listed, or may be for what was typed just now, or is looked for elsewhere."""
        return bool(self._items) or self._query != self._field.value or (self._seeks and bool(self._query.strip()))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what is typed."""
        event.stop()
        self._follow_field()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose the item under the cursor."""
        event.stop()
        self._follow_field()
        if self._items:
            self.post_message(self.Picked(self._items[self._list.cursor]))
        elif self._seeks and self._query.strip():
            self.post_message(self.Sought(self._query.strip()))

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Post the move to the owner."""
        event.stop()
        self.post_message(self.Moved())

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Post the item to the owner."""
        event.stop()
        self.post_message(self.Picked(self._items[event.index]))

    def move(self, by: int) -> None:
        """Move the cursor by items."""
        self._follow_field()
        if self._wraps and self._items:
            self._list.cursor = (self._list.cursor + by) % len(self._items)
        else:
            self._list.action_move(by)

    def page(self, by: int) -> None:
        """Move the cursor by pages."""
        self._follow_field()
        self._list.action_page(by)
