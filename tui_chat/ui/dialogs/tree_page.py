"""The tree of a conversation: every message on every branch, to go to and to act on.

Its result is the message that was chosen and what is to be done with it; the chat does it, and shows the tree again
where it goes on.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType

from tui_chat.core.branch_query import fits
from tui_chat.core.branches import Branches, Line, branches_of, excerpt, narrowed
from tui_chat.core.figures import counted, total_cost
from tui_chat.core.mark_words import state_words
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import read_query
from tui_chat.core.tree import Tree, spending
from tui_chat.core.usage import total_spending
from tui_chat.ui.dialogs.dialog import HELP, Dialog
from tui_chat.ui.dialogs.tree_rows import LONGEST_SEARCHED, heading_row, tree_row
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink, Row, clipped, wrapped
from tui_chat.ui.theming.marks import Mark

GO: Final = "go"
DEEDS: Final = (
    "mute",
    "pin",
    "bookmark",
    "label",
    "edit",
    "again",
    "again-by",
    "continue",
    "fork",
    "delete",
    "facts",
    "undo",
)
VARIANT: Final = Hint("tree-previous-variant tree-next-variant", "variant")
FOUND: Final = Hint("tree-next-found tree-previous-found", "next")
IN_ROWS: Final = (Hint("tree-label", "label"), Hint("list-field", "find"))
EMPTY: Final = "No message yet."
ONE_BRANCH: Final = "No branch yet. Edit a message (e) or ask again (a): both versions are kept here."


class TreeChoice(NamedTuple):
    """A message, and what is to be done with it."""

    node_id: str
    deed: str
    """GO, or one of DEEDS."""


class TreePage(Dialog[TreeChoice | None]):
    """Every message of a conversation."""

    DEFAULT_CSS = """
    TreePage #tree-heading { padding-right: 1; }
    TreePage #tree-status { padding: 0 1; }
    TreePage.-small #tree-heading { display: none; }
    TreePage.-small.-rows FieldRow { height: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(bound(f"tree-{deed}", f"act('{deed}')") for deed in DEEDS),
        bound("tree-fold", "fold"),
        bound("tree-next-fork", "fork(1)"),
        bound("tree-previous-fork", "fork(-1)"),
        bound("tree-next-found", "found(1)"),
        bound("tree-previous-found", "found(-1)"),
        bound("tree-next-variant", "variant(1)"),
        bound("tree-previous-variant", "variant(-1)"),
    ]
    HELP = "conversations"

    def __init__(
        self,
        read: Callable[[], tuple[Tree, str | None]],
        now: Callable[[], float],
        *,
        opened: set[str],
        at: str = "",
    ) -> None:
        """`read` gives the tree and the head as they are then, `now` seconds since the epoch. `opened` are the messages
        of which long runs are shown whole, and is added to; the cursor begins at the message `at`, else at the end of
        the path."""
        super().__init__(classes="-page")
        self._read = read
        self._head_id: str | None = None
        self._tree = Tree()
        self._now = now
        self._opened = opened
        self._cost = ""
        self._branches: Branches | None = None
        self._whole: Sequence[Line] = ()
        """Every message as a line, for the filter; empty before there is one."""
        self._words: tuple[str, ...] = ()
        """What is marked in what was found."""
        self._found: frozenset[str] | None = None
        """The messages that fit; None where nothing is asked for."""
        self._problems: tuple[str, ...] = ()
        """What is wrong with filters that were typed."""
        self._searched: dict[str, str] = {}
        """What the filter looks at, by message."""
        self._finder: FilteredList[Line] = FilteredList(
            self._find,
            self._draw,
            id="tree",
            between=(heading := RowsLabel(self._heading, id="tree-heading"),),
            nothing=self._why_nothing,
            clicks=2,
            begins_at=lambda line: not line.is_way,
        )
        self._labels = (heading, RowsLabel(self._status, id="tree-status"))
        self._take()
        self._at = at or self._head_id or ""

    def _take(self) -> None:
        self._tree, self._head_id = self._read()
        nodes = self._tree.nodes()
        unknown_yet = total_spending((None, None) for node in nodes if node.is_being_written)
        self._cost = total_cost(spending(nodes).and_also(unknown_yet), is_exact=True)
        self._branches, self._whole = None, ()
        self._searched.clear()

    def renew(self) -> None:
        """Show what has become of the conversation; the cursor stays on its message."""
        if (current := self._finder.current) is not None:
            self._at = current.node.id
        self._take()
        self._list_again()
        self._say()

    def compose(self) -> ComposeResult:
        """The field and the rows."""
        with Frame(title="Tree", way_out=Hint("leave", "close")):
            yield self._finder
            yield self._labels[1]

    def on_mount(self) -> None:
        """Show all of it, with the cursor where one is."""
        self._list_again()
        self.set_focus(self._finder.rows if self._finder.items else None)
        self._say()

    def _lay_out(self) -> Branches:
        if self._branches is None:
            opened = frozenset(self._opened)
            self._branches = branches_of(self._tree, self._head_id, opened)
        return self._branches

    def _list_again(self) -> None:
        self._branches = None
        self._finder.find_again(lambda line: line.node.id == self._at)

    def _find(self, query: str) -> Sequence[Line]:
        read = read_query(query, self._now())
        self._problems, self._words = read.problems, read.query.words
        if read.query.is_empty:
            self._found = None
            return self._lay_out().lines
        if not self._whole:
            opened = frozenset(node.id for node in self._tree.nodes())
            self._whole = branches_of(self._tree, self._head_id, opened).lines
        fitting = (line for line in self._whole if fits(line.node, self._text_of(line), read.query))
        self._found = frozenset(line.node.id for line in fitting)
        return narrowed(self._whole, self._found, frozenset(self._opened))

    def _text_of(self, line: Line) -> str:
        id_ = line.node.id
        if id_ not in self._searched:
            self._searched[id_] = _searched(line)
        return self._searched[id_]

    def _draw(self, line: Line, width: int) -> tuple[Row, ...]:
        is_here = line.node.id == self._head_id
        return (tree_row(line, width, self._now(), is_here=is_here, words=self._words),)

    def _heading(self, width: int) -> Sequence[Row]:
        return (heading_row(width),) if self._finder.items else ()

    def _why_nothing(self) -> str:
        return f"No message has “{self._finder.words}”." if len(self._tree) else EMPTY

    def _status(self, width: int) -> Sequence[Row]:
        """What is wrong with the words, or that there is no branch; a small page has the room for a row of it."""
        most = 1 if self.has_class("-small") else 2
        if self._problems:
            return clipped(wrapped(f"{Mark.FAILED.drawn} {self._problems[0]}", width, Ink.ERROR), most, width)
        if not self._finder.items or self._found is not None or self._lay_out().branches > 1:
            return ()
        return clipped(wrapped(ONE_BRANCH, width, Ink.MUTED), most, width)

    def _say(self) -> None:
        self.set_class(self._finder.rows.has_focus and not self._finder.words, "-rows")
        laid = self._lay_out()
        frame = self.query_one(Frame)
        branches = f"{laid.branches} branches" if laid.branches > 1 else ""
        found = () if self._found is None else (f"{len(self._found):,} found",)
        frame.show_facts(*found, counted(laid.messages, "message"), branches, self._cost)
        hints = [Hint("list-choose", "go there")] if self._finder.items else []
        if self._finder.rows.has_focus:
            current = self._finder.current
            hints += [FOUND] if self._found else []
            hints += [VARIANT] if current is not None and current.variants > 1 else []
            hints += [Hint("tree-fold", "fold")] if self._has_run() else []
            hints += IN_ROWS
        else:
            hints.append(Hint("list-rows", "to the rows"))
        frame.show_keys([*hints, HELP], Hint("leave", "close"))
        for label in self._labels:
            label.redraw()

    def _has_run(self) -> bool:
        current = self._finder.current
        return current is not None and (bool(current.hidden) or current.node.id in self._opened)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters act only in the rows."""
        if action in ("act", "fold", "fork", "found", "variant") and not self._finder.rows.has_focus:
            return False
        return super().check_action(action, parameters)

    def action_act(self, deed: str) -> None:
        """Let the chat do it."""
        if (line := self._finder.current) is not None:
            self.dismiss(TreeChoice(line.node.id, deed))

    def action_fold(self) -> None:
        """Show a run of messages whole, or only how many they are."""
        if (line := self._finder.current) is None or not self._has_run():
            return
        self._at = line.node.id
        self._opened ^= {self._at}
        self._list_again()
        self._say()

    def action_fork(self, step: int) -> None:
        """Go to the next fork, or with -1 to the one before."""
        self._go(step, lambda line: line.variants > 1)

    def action_variant(self, step: int) -> None:
        """Go to the next version of the place of this message, or with -1 to the one before."""
        current = self._finder.current
        if current is not None:
            self._go(step, lambda line: line.node.parent_id == current.node.parent_id and not line.hidden)

    def action_found(self, step: int) -> None:
        """Go to the next message that the filter found, or with -1 to the one before."""
        if self._found is not None:
            self._go(step, lambda line: not line.is_way)

    def _go(self, step: int, is_wanted: Callable[[Line], bool]) -> None:
        items, at = self._finder.items, self._finder.rows.cursor
        places = range(at + step, len(items) if step > 0 else -1, step)
        if (found := next((place for place in places if is_wanted(items[place])), None)) is not None:
            self._finder.rows.cursor = found

    def on_filtered_list_filtered(self, event: FilteredList.Filtered) -> None:
        """Say what fits."""
        event.stop()
        self._say()

    def on_filtered_list_moved(self, event: FilteredList.Moved) -> None:
        """Offer what can be done with this one."""
        event.stop()
        self._say()

    def on_filtered_list_picked(self, event: FilteredList.Picked[Line]) -> None:
        """Answer with the message; a line that stands for several is opened."""
        if event.item.hidden:
            self._at = event.item.node.id
            self._opened.add(self._at)
            self._list_again()
            self._say()
        else:
            self.dismiss(TreeChoice(event.item.node.id, GO))

    def on_descendant_focus(self) -> None:
        """Offer the keys of what has the focus."""
        self._say()
        self.refresh_bindings()


def _searched(line: Line) -> str:
    node = line.node
    model = node.answer.answering_model if node.answer else ""
    return sanitize_line(" ".join((excerpt(node), model, *state_words(node.marks))), LONGEST_SEARCHED).casefold()
