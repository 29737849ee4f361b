"""The palette: every command that is not about words of its own, found by title, slash word or help."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType

from tui_chat.core import fuzzy
from tui_chat.core.unmarked import unmarked
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.command import OwnKeys, Taken, first_label, leader_in
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.rows import Ink, Row, clipped, columns, cut, highlighted, spread, width_of, wrapped
from tui_chat.workspace.command import Command

USED_LAST: Final = "Used last"
NOT_NOW: Final = "Not now"
WIDE: Final = 56
"""From this many cells on a row has the slash word, too."""
SLASH_CELLS: Final = 14
KEY_CELLS: Final = 10
PREVIEWED: Final = 2
_AFTER: Final = 8
"""Characters of a help that stand behind what was found in it, where there are any."""


class Entry(NamedTuple):
    """A command of the list."""

    command: Command
    heading: str
    positions: tuple[int, ...] = ()
    """Characters of the title that the query matched."""
    help_positions: tuple[int, ...] = ()
    """Characters of the help that it matched, where it matched nothing of the title."""


class Palette(Dialog[Taken | None]):
    """The command that was chosen, to be run or written out; None where the person left."""

    DEFAULT_CSS = """
    Palette #commands-help { padding: 0 1; }
    Palette.-small Divider, Palette.-small #commands-help,
    Palette.-nothing Divider, Palette.-nothing #commands-help { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("palette-write", "write", priority=True)]

    def __init__(
        self,
        commands: Sequence[Command],
        own_keys: OwnKeys,
        used_last: Sequence[str],
        why_not: Callable[[Command], str],
    ) -> None:
        """`used_last` are ids of commands, the last one first. `why_not` says what keeps a command from being run now;
        empty where nothing does."""
        super().__init__(classes="-page")
        self._offered = offered(commands)
        self._own_keys = own_keys
        self._leader = leader_in(commands)
        self._used_last = tuple(used_last)
        self._why_not = why_not
        self._list = FilteredList(
            self._find,
            self._draw,
            id="commands",
            headings=lambda entry: entry.heading,
            nothing=lambda: f"No command has “{self._list.words}”.",
        )

    def compose(self) -> ComposeResult:
        """The commands, and what the marked one does."""
        with Frame(title="Commands", way_out=Hint("leave", "close")):
            yield self._list
            yield Divider()
            yield RowsLabel(self._help, id="commands-help")

    def on_mount(self) -> None:
        """List them all."""
        self._list.find_again()
        self._list.focus()
        self._show_marked()

    def _find(self, query: str) -> Sequence[Entry]:
        possible = [command for command in self._offered if not self._why_not(command)]
        hindered = [command for command in self._offered if command not in possible]
        if query.strip():
            found = [_found(query, command) for command in ranked(query, possible)]
            return (*found, *(Entry(command, NOT_NOW) for command in ranked(query, hindered)))
        by_id = {command.id: command for command in possible}
        last = [by_id[id_] for id_ in self._used_last if id_ in by_id]
        rest = [command for command in possible if command not in last]
        rest.sort(key=lambda command: list(type(command.group)).index(command.group))
        return (
            *(Entry(command, USED_LAST) for command in last),
            *(Entry(command, command.group.value) for command in rest),
            *(Entry(command, NOT_NOW) for command in hindered),
        )

    def _draw(self, entry: Entry, width: int) -> tuple[Row, ...]:
        command = entry.command
        key: Row = ((Ink.MUTED, first_label(command, self._own_keys, self._leader)),)
        is_possible = entry.heading != NOT_NOW
        title: Row = highlighted(command.title, entry.positions) if is_possible else ((Ink.MUTED, command.title),)
        if width < WIDE:
            why: Row = ((Ink.WARNING, "" if is_possible else self._why_not(command)),)
            return (spread(title, key if is_possible else why, width),)
        slash: Row = ((Ink.MUTED, f"/{command.slash}" if command.slash else ""),)
        keys = min(max(KEY_CELLS, *(len(first_label(one, self._own_keys, self._leader)) for one in self._offered)), 16)
        room = width - SLASH_CELLS - keys
        if entry.help_positions:
            title = (*title, (Ink.TEXT, "  "), *_help_found(entry, room - width_of(title) - 4))
        return (columns((title, room), (slash, SLASH_CELLS), (key, keys)),)

    def _help(self, width: int) -> Sequence[Row]:
        entry = self._list.current
        why = self._why_not(entry.command) if entry else ""
        words = why or (_help(entry.command) if entry else "")
        rows = clipped(wrapped(words, width, Ink.WARNING if why else Ink.TEXT), PREVIEWED, width)
        return [*rows, *([()] * (PREVIEWED - len(rows)))]

    def _show_marked(self) -> None:
        frame, entry = self.query_one(Frame), self._list.current
        frame.show_facts(count_words(len(self._offered), len(self._list.items)))
        is_possible = entry is not None and not self._why_not(entry.command)
        frame.show_keys([*([Hint("list-choose", "run")] if is_possible else []), Hint("palette-write", "write it out")])
        self.refresh_bindings()
        self.set_class(entry is None, "-nothing")
        self.query_one(Divider).show_title(entry.command.title if entry else "")
        self.query_one("#commands-help", RowsLabel).redraw()

    def on_filtered_list_filtered(self) -> None:
        """Show what fits."""
        self._show_marked()

    def on_filtered_list_moved(self) -> None:
        """Show what the marked one does."""
        self._show_marked()

    def on_filtered_list_picked(self, event: FilteredList.Picked[Entry]) -> None:
        """Answer with the command, where it can be run."""
        if not self._why_not(event.item.command):
            self.dismiss(Taken(event.item.command, is_written=False))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to write out what has a slash word."""
        if action == "write" and not (self._list.current and self._list.current.command.slash):
            return False
        return super().check_action(action, parameters)

    def action_write(self) -> None:
        """Answer with the command, to be written out."""
        if entry := self._list.current:
            self.dismiss(Taken(entry.command, is_written=True))


def offered(commands: Sequence[Command]) -> list[Command]:
    """Commands that the palette lists, in the table's order."""
    return [command for command in commands if command.is_listed and not command.is_key_only]


def searched(command: Command) -> str:
    """The words that a query is matched against first."""
    return f"{command.title} /{command.slash}" if command.slash else command.title


def ranked(query: str, commands: Sequence[Command]) -> list[Command]:
    """The commands that fit, the best first; those of which only the help fits come last."""
    by_name = [command for _, command, _ in fuzzy.rank(query, commands, searched, fuzzy.Reach.WORDS)]
    rest = [command for command in commands if command not in by_name]
    return by_name + [command for _, command, _ in fuzzy.rank(query, rest, _help, fuzzy.Reach.BEGINNINGS)]


def _help(command: Command) -> str:
    return unmarked(command.help)


def _found(query: str, command: Command) -> Entry:
    if hit := fuzzy.match(query, searched(command), fuzzy.Reach.WORDS):
        return Entry(command, "", tuple(at for at in hit.positions if at < len(command.title)))
    hit = fuzzy.match(query, _help(command), fuzzy.Reach.BEGINNINGS)
    return Entry(command, "", (), hit.positions if hit else ())


def _help_found(entry: Entry, room: int) -> Row:
    """The help, muted, with what was found in it: its beginning gives way where there is no room."""
    help_, end = _help(entry.command), entry.help_positions[-1] + 1
    start = 0 if end + _AFTER <= room else help_.find(" ", max(0, end + _AFTER - room)) + 1
    start = min(start, entry.help_positions[0])
    runs = highlighted(help_[start:], [at - start for at in entry.help_positions])
    muted: Row = tuple((Ink.MUTED if ink is Ink.TEXT else ink, text) for ink, text in runs)
    return cut((*(((Ink.MUTED, "…"),) if start else ()), *muted), room)
