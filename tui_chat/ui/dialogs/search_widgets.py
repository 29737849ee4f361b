"""The field and the list of the search of everything, with the keys that each has."""

from typing import ClassVar, Final, Protocol

from textual.binding import BindingType

from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.filtered_list import ListField
from tui_chat.ui.rows.pick_list import PickList

FILTERS: Final = "words to find · model: since: label: role:you in:title cost>0.01"


class Searching(Protocol):
    """The page, as far as its keys go."""

    def move(self, by: int) -> None:
        """Move the cursor by items."""

    def page(self, by: int) -> None:
        """Move the cursor by pages."""

    def can_choose(self) -> bool:
        """Something is listed, or may be soon."""
        ...

    def can_open_more(self) -> bool:
        """The cursor is on a line that stands for more results."""
        ...

    def can_copy(self) -> bool:
        """The cursor is on a message."""
        ...

    def can_read_on(self) -> bool:
        """Some of the message under the cursor is out of sight."""
        ...

    def complete_or_go(self) -> None:
        """Complete the value of a filter, else go to the results."""

    def to_field(self) -> None:
        """Go to the words."""

    def open_more(self) -> None:
        """List all results of a conversation."""

    def copy_current(self) -> None:
        """Copy the message under the cursor."""

    def mark_current(self, deed: str) -> None:
        """Bookmark or label the message under the cursor."""

    def read_on(self) -> None:
        """Show more of the message under the cursor."""


class SearchWords(ListField):
    """The words."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("search-more", "open_more")]

    def __init__(self, search: Searching) -> None:
        super().__init__(
            move=search.move,
            page=search.page,
            to_rows=search.complete_or_go,
            can_choose=search.can_choose,
            has_rows=lambda: True,
            id="search-words",
        )
        self.placeholder = FILTERS
        self._search = search

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key to the text where there are no more results, or the caret is not at its end."""
        if action == "open_more" and not (self._search.can_open_more() and self.cursor_at_end):
            return False
        return super().check_action(action, parameters)

    def action_open_more(self) -> None:
        """List all results of a conversation."""
        self._search.open_more()


class SearchResults(PickList):
    """The results; letters act."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-field", "to_field"),
        bound("search-more", "open_more"),
        bound("search-copy", "copy"),
        bound("search-read", "read_on"),
        bound("search-bookmark", "mark('bookmark')"),
        bound("search-label", "mark('label')"),
    ]

    def __init__(self, search: Searching) -> None:
        super().__init__(clicks=2, id="search-list")
        self._search = search

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the line under the cursor."""
        if action == "open_more":
            return self._search.can_open_more()
        if action in ("copy", "mark"):
            return self._search.can_copy()
        if action == "read_on":
            return self._search.can_read_on()
        return super().check_action(action, parameters)

    def action_to_field(self) -> None:
        """Go to the words."""
        self._search.to_field()

    def action_open_more(self) -> None:
        """List all results of a conversation."""
        self._search.open_more()

    def action_copy(self) -> None:
        """Copy the message under the cursor."""
        self._search.copy_current()

    def action_mark(self, deed: str) -> None:
        """Bookmark or label the message under the cursor."""
        self._search.mark_current(deed)

    def action_read_on(self) -> None:
        """Show more of the message under the cursor."""
        self._search.read_on()
