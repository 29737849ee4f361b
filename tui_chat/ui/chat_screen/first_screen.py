"""The first screen: where answers come from, a few lines to begin with, and the last conversations.

The composer has the focus all the while. The screen goes with the first letter that is written, and comes back when the
last one is deleted. Nothing on it costs anything, so that a stray Enter is no bill.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tui_chat.chat.services import Gateway
from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import is_loopback, shown_base_url
from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, columns, cut, wrapped

if TYPE_CHECKING:
    from tui_chat.chat.ports import ConversationSummary

MOST_RECENT: Final = 5
DETAIL_CELLS: Final = 24
ASIDE_CELLS: Final = 14
WIDE: Final = 64
"""From this many cells on a line has its details, too."""
BEGIN: Final = "Begin"
RECENT: Final = "Recent"
NAME: Final = "tui-chat"
SAYING: Final = "every large model, one key"


class Line(NamedTuple):
    """Something to begin with."""

    words: str
    verb: str
    """What Enter does, for the composer's edge."""
    detail: str
    take: Callable[[], None]
    heading: str = BEGIN
    aside: str = ""
    """A second detail, at the end of the row."""


class Run(Protocol):
    """Runs the command with this id."""

    def __call__(self, id_: str, arguments: str = "") -> None: ...


def begin_lines(
    gateway: Gateway,
    *,
    ask: Callable[[str, str], None],
    run: Run,
    last: "ConversationSummary | None",
    age: str,
) -> list[Line]:
    """The lines to choose from. `ask` sends a question to a model; `last` is the conversation used last, `age` how long
    ago."""
    lines = []
    if gateway.is_demo:
        lines += [
            Line(
                "Ask what this program can do",
                "ask the guide",
                "asks demo/guide",
                partial(ask, "demo/guide", "What can you do?"),
            ),
            Line(
                "Watch a tool call arrive",
                "ask for a call",
                "asks demo/tools",
                partial(ask, "demo/tools", "Weather in Paris?"),
            ),
            Line("Connect with your key", "connect", "/connect", partial(run, "connect")),
        ]
    else:
        if lacks_key(gateway):
            lines.append(Line("Enter your key", "connect", "/connect", partial(run, "connect")))
        lines.append(Line("Choose a model", "open the list", "/models", partial(run, "models")))
    if last is not None:
        lines.append(Line(f"Go on with “{_title(last)}”", "go on", age, partial(run, "resume", last.id)))
    return lines


def lacks_key(gateway: Gateway) -> bool:
    """No key is known, and none of the servers on this machine is asked, which need none."""
    return not gateway.has_key and not gateway.is_demo and not is_loopback(gateway.base_url)


def recent_lines(summaries: "Sequence[ConversationSummary]", now: float, run: Run) -> list[Line]:
    """The conversations used last, the newest first."""
    return [
        Line(
            _title(each),
            "open",
            sanitize_line(each.model, 60),
            partial(run, "resume", each.id),
            RECENT,
            figures.age(now - each.updated_at),
        )
        for each in summaries[:MOST_RECENT]
    ]


def _title(summary: "ConversationSummary") -> str:
    return sanitize_line(summary.title, 60) or "(no title)"


class _Lines(PickList):
    """The lines; the marked one is lit only while Enter in the composer takes it."""

    is_behind_pane = False

    def follow_focus(self, is_behind_pane: bool) -> None:
        """Know where the keys go now."""
        self.is_behind_pane = is_behind_pane
        self.stand_behind(is_behind_pane)

    def stand_behind(self, is_behind: bool) -> None:
        """Stay dim where a pane has the keys."""
        super().stand_behind(is_behind or self.is_behind_pane)


class FirstScreen(Vertical):
    """Shown in place of the transcript while there is nothing in it."""

    DEFAULT_CSS = """
    FirstScreen { height: 1fr; width: 1fr; padding: 1 2 0 2; background: $background; }
    FirstScreen > RowsLabel { background: $background; }
    FirstScreen > PickList { height: 1fr; background: $background; }
    FirstScreen.-low { padding: 0; }
    """

    def __init__(self, gateway: Gateway) -> None:
        super().__init__()
        self._gateway = gateway
        self._lines: list[Line] = []
        self._list = _Lines()
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """What the program is connected to, and the lines."""
        yield RowsLabel(self._head)
        yield self._list

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self._follow_focus)

    def _follow_focus(self, focused: Widget | None) -> None:
        self._list.follow_focus(focused is not None and not isinstance(focused, Composer))

    def offer(self, lines: Sequence[Line]) -> None:
        """Offer these lines."""
        self._lines = list(lines)
        self._show()

    def on_resize(self) -> None:
        """Show what there is room for: recent conversations give way."""
        self.set_class(self.screen.size.height < LOW, "-low")
        self._show()

    def _show(self) -> None:
        lines = [line for line in self._lines if line.heading == BEGIN]
        if not self._is_low:
            room = (
                self.content_size.height - len(self._head(self.content_size.width)) - len(lines) - 3
            )  # two headings, and a blank row
            lines += [line for line in self._lines if line.heading == RECENT][: max(0, room)]
        heads = {} if self._is_low else {self._first(lines, name): name for name in (BEGIN, RECENT)}
        headings = {place: name for place, name in heads.items() if place >= 0}
        self._list.show_items(len(lines), self._draw, headings=headings, gap=1)

    @staticmethod
    def _first(lines: Sequence[Line], heading: str) -> int:
        return next((place for place, line in enumerate(lines) if line.heading == heading), -1)

    @property
    def _is_low(self) -> bool:
        return self.has_class("-low")

    def _head(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        if not self._is_low:
            rows.append(((Ink.TITLE, f" {NAME}"), (Ink.MUTED, f"   {SAYING}")))
        rows += [((Ink.TEXT, " "), *row) for row in wrapped(self._where, width - 2)]
        return rows if self._is_low else [*rows, ()]

    @property
    def _where(self) -> str:
        if self._gateway.is_demo:
            if self._is_low:
                return "The demo: nothing is sent or billed."
            return "You are on the demo: its models are scripts, nothing is sent or billed."
        address = sanitize_line(shown_base_url(self._gateway.base_url), 120)
        name = f"{self._gateway.name}, " if self._gateway.name else ""
        if lacks_key(self._gateway):
            return f"{name}{address} has no key yet."
        return f"Connected to {name}{address}" + ("." if self._gateway.has_key else ", without a key.")

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        line = self._lines[index]
        words: Row = ((Ink.TEXT, f" {line.words}"),)
        if width < WIDE:
            return (cut(words, width),)
        detail: Row = ((Ink.MUTED, line.detail),)
        aside: Row = ((Ink.MUTED, line.aside),)
        room = width - DETAIL_CELLS - ASIDE_CELLS
        return (columns((words, room), (detail, DETAIL_CELLS), (aside, ASIDE_CELLS)),)

    @property
    def verb(self) -> str:
        """What Enter does now; empty where there is no line."""
        return self._lines[self._list.cursor].verb if self._list.count else ""

    @property
    def has_more_lines(self) -> bool:
        """There is a line below the marked one."""
        return self._list.cursor < self._list.count - 1

    def take_key(self, key: str) -> bool:
        """Take a key of the empty composer: Up and Down move, Enter takes the line; True where it did."""
        if not self.display or not self._list.count:
            return False
        match key:
            case "enter":
                self._lines[self._list.cursor].take()
            case "down" if self._list.cursor < self._list.count - 1:
                self._list.action_move(1)
            case "up" if self._list.cursor > 0:
                self._list.action_move(-1)
            case _:
                return False
        return True

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Take the line that was clicked."""
        event.stop()
        self._lines[event.index].take()
