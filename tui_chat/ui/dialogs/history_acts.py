"""What the keys in the rows of the list of conversations do: rename and label in the row, delete and undo, archive,
mark, sort, save.

Letters act on the marked conversations where some are marked, else on the one under the cursor.
"""

from collections.abc import Awaitable, Callable, Container, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from msgspec.structs import replace
from textual.binding import Binding

from tui_chat.chat.ports import ConversationSummary
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.figures import counted
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.choice import either
from tui_chat.ui.dialogs.conversation_rows import TITLE_PLACE, Hit
from tui_chat.ui.dialogs.dialog import HELP
from tui_chat.ui.fields.row_field import KEEP_ROW, SAVE_ROW, RowField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.workspace.conversation_list import ConversationList, none_words
from tui_chat.workspace.conversations import (
    Conversations,
    brought_back_words,
    common_labels,
    deleting_words,
    labels_text,
    title_of,
)
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from textual.app import App
    from textual.notifications import SeverityLevel
    from textual.widget import Widget

    from tui_chat.workspace.verbs import Export

EMPTY_ARCHIVE: Final = "Nothing is archived yet: z in the rows of the list archives a conversation."
CLOSE: Final = Hint("leave", "close")
WRITING: Final = (SAVE_ROW, Hint("row-complete", "complete"))


class ListHost(Protocol):
    """The chat behind the list."""

    def note(self, words: str, *, severity: "SeverityLevel" = "information") -> None:
        """Say what was done."""

    def tell(self, failure: Failure) -> None:
        """Show a failure, and what to do about it."""

    def show_facts(self) -> None:
        """Show title and state of the open conversation as they are now."""

    async def begin_anew(self) -> None:
        """Begin an empty conversation in the place of the open one."""

    async def save(self, export: "Export") -> None:
        """Write a document to its file, and say where it is."""


class Listing(Protocol):
    """The list that the keys act in."""

    @property
    def app(self) -> "App[object]": ...
    @property
    def finder(self) -> FilteredList[Hit]: ...
    @property
    def listed(self) -> ConversationList: ...
    @property
    def current(self) -> ConversationSummary | None:
        """The conversation under the cursor."""

    @property
    def shows_archive(self) -> bool: ...
    @property
    def is_grouped(self) -> bool: ...
    def is_at_work(self, conversation_id: str) -> bool: ...
    def say(self) -> None:
        """Show what is marked, and which keys act now."""

    def show_rows(self) -> None:
        """Show what is known now."""

    def follow_change(self) -> None:
        """Show what was changed, and read what else has."""

    def sort(self) -> None: ...
    def turn(self) -> Awaitable[None]:
        """List the other shelf."""

    def set_focus(self, widget: "Widget | None") -> None: ...
    def run_worker(self, work: Awaitable[None], name: str | None = "", group: str = "default") -> object: ...


class HistoryActs:
    """The keys of one list, and which conversations are marked in it."""

    def __init__(self, picker: Listing, conversations: Conversations, host: ListHost) -> None:
        self._picker = picker
        self._conversations = conversations
        self._host = host
        self._field: RowField | None = None
        self._what = ""
        self._then: Callable[[str], Awaitable[None]] | None = None
        """What becomes of the text of the field."""
        self.marked: set[str] = set()
        """Ids of the conversations that the next letter acts on."""
        self._acts: Mapping[str, Callable[[], Awaitable[None] | None]] = {
            "rename": self._rename,
            "label": self._label,
            "delete": self._delete,
            "undo": self._undo,
            "archive": self._archive,
            "mark": self._mark,
            "sort": picker.sort,
            "export": self._export,
            "shelf": picker.turn,
        }

    @property
    def written(self) -> str:
        """What is being written over a row; empty where nothing is."""
        return self._what if self._field is not None else ""

    @property
    def is_writing(self) -> bool:
        """A field stands over a row."""
        return self._field is not None

    def keep_marks(self, known: Container[str]) -> None:
        """Keep the marks of what is still listed."""
        self.marked = {id_ for id_ in self.marked if id_ in known}

    def can(self, name: str) -> bool:
        """Say whether a key would do something now: letters do in the rows alone."""
        if self.is_writing or name == "shelf":
            return not self.is_writing
        if not self._picker.finder.rows.has_focus:
            return False
        if name == "undo":
            return self._conversations.can_bring_back
        return self._picker.current is not None

    def hints(self, *, seeks: bool) -> tuple[tuple[Hint, ...], Hint]:
        """The keys to offer, the most likely first, and the way out. `seeks`: Enter looks elsewhere."""
        if self.is_writing:
            return WRITING, KEEP_ROW
        is_archive = self._picker.shows_archive
        shelf = Hint("conversations-shelf", "conversations" if is_archive else "archived ones")
        undo = Hint("conversations-undo", "undo")
        rows = (
            Hint("conversations-rename", "rename"),
            Hint("conversations-label", "label"),
            Hint("conversations-delete", "delete"),
            Hint("conversations-archive", "bring back" if self._brings_back else "archive"),
            Hint("conversations-mark", "mark"),
            Hint("conversations-sort", "sort"),
            Hint("conversations-export", "save"),
            Hint("list-field", "find"),
        )
        opens = Hint("list-choose", "search all texts" if seeks else "open")
        in_rows = self._picker.finder.rows.has_focus
        to_rows = () if in_rows else (Hint("list-rows", "to the rows"), shelf)
        return (opens, *to_rows, *([undo] if in_rows else []), *rows, *([shelf] if in_rows else []), HELP), CLOSE

    def why_none(self) -> str:
        """Why no conversation is listed, and which keys bring some."""
        if self._picker.shows_archive:
            return EMPTY_ARCHIVE
        archived = "F6" if self._picker.listed.has_others else ""
        return none_words(archived=archived, undo="u in the rows" if self._conversations.can_bring_back else "")

    def act(self, name: str) -> None:
        """Do what a key does; a question may have to be answered first."""
        work = self._acts[name]()
        if work is not None:
            self._run(work)

    def _run(self, work: Awaitable[None]) -> None:
        self._picker.run_worker(self._guarded(work), group="history-acts")

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Say why something cannot be done."""
        try:
            await work
        except CommandRefused as refusal:
            self._host.note(str(refusal), severity="warning")
        except ChatError as error:
            self._host.tell(error.failure)

    def _meant(self) -> list[ConversationSummary]:
        """The marked ones in their order, else the one under the cursor."""
        if self.marked:
            listed = self._picker.listed
            return [row for row in (*listed.aside, *listed.rows) if row.id in self.marked]
        current = self._picker.current
        return [current] if current is not None else []

    @property
    def _brings_back(self) -> bool:
        """The key of the archive takes out of it: also in the list where a conversation at work is in the archive."""
        rows = self._meant()
        return all(row.is_archived for row in rows) if rows else self._picker.shows_archive

    # In the row

    def _rename(self) -> None:
        row = self._picker.current
        if row is None:
            return

        async def rename(title: str) -> None:
            self._host.note(await self._conversations.rename(row.id, title))
            self._picker.listed.put(replace(row, title=title))
            self._host.show_facts()

        self._write(sanitize_line(row.title), rename, "writing a new name")

    def _label(self) -> None:
        rows = self._meant()

        async def label(text: str) -> None:
            self._host.note(await self._conversations.label(rows, text))
            await self._read_again(rows)
            self.marked.clear()

        if rows:
            field = self._write(labels_text(common_labels(rows)), label, "writing its labels")
            self._run(self._complete(field))

    async def _complete(self, field: RowField) -> None:
        field.complete_from(await self._conversations.labels())
        self._picker.say()

    def _write(self, text: str, then: Callable[[str], Awaitable[None]], what: str) -> RowField:
        """Put a field over the title of the row under the cursor."""
        self._field = field = RowField(text)
        self._then = then
        self._what = what
        self._picker.finder.mount(field)
        self.place_field()
        self._picker.set_focus(field)
        self._picker.say()
        return field

    def place_field(self) -> None:
        """Keep the field on its row, wherever the rows are: all of the row from the title on is its own."""
        if self._field is None:
            return
        finder, rows = self._picker.finder, self._picker.finder.rows
        self._field.styles.width = max(8, rows.line_width - TITLE_PLACE)
        place = rows.region.offset - finder.content_region.offset
        row = max(0, min(rows.cursor_row, rows.size.height - 1))
        self._field.styles.offset = (place.x + TITLE_PLACE, place.y + row)

    def leave_field(self) -> bool:
        """Leave the field, and what it stands over as it is; False where there is none."""
        if self._field is None:
            return False
        self.answer(None)
        return True

    def answer(self, text: str | None) -> None:
        """Take what was written in the field; None where it was left."""
        field, then = self._field, self._then
        if field is None or then is None:
            return
        self._field = self._then = None
        field.remove()
        self._picker.set_focus(self._picker.finder.rows)
        self._picker.show_rows()
        if text is not None:
            self._run(self._take(then, text))

    async def _take(self, then: Callable[[str], Awaitable[None]], text: str) -> None:
        await then(text)
        self._picker.follow_change()

    # On one or on the marked ones

    def _mark(self) -> None:
        row = self._picker.current
        if row is not None:
            self.marked ^= {row.id}
            self._picker.finder.rows.redraw()
            self._picker.finder.move(1)
            self._picker.say()

    def _archive(self) -> Awaitable[None]:
        rows, archived = self._meant(), not self._brings_back
        return self._leave_out(rows, self._conversations.set_archived(rows, archived))

    def _delete(self) -> Awaitable[None]:
        rows = self._meant()
        opened = next((row for row in rows if self._conversations.is_open(row.id)), None)
        busy = [row for row in rows if self._picker.is_at_work(row.id) or self._conversations.is_answering(row.id)]
        if len(rows) == 1 and opened is None and not busy:
            return self._leave_out(rows, self._conversations.delete(rows))
        return self._ask_and_delete(rows, opened, len(busy))

    async def _ask_and_delete(
        self, rows: list[ConversationSummary], opened: ConversationSummary | None, busy: int
    ) -> None:
        """Ask, where more than one is deleted, or one that is in use."""
        words = deleting_words(rows)
        if opened is not None:
            words += f"\n“{title_of(opened, 60)}” is open: a new conversation is begun."
        if busy:
            words += f"\n{counted(busy, 'answer')} on the way would end there."
        title = "Delete this conversation?" if len(rows) == 1 else f"Delete {len(rows)} conversations?"
        no, yes = ("Keep it", "Delete it") if len(rows) == 1 else ("Keep them", "Delete them")
        question = either(title, words, no=no, yes=yes)
        if await self._picker.app.push_screen_wait(question) is not True:
            return
        if opened is not None:
            await self._host.begin_anew()
        await self._leave_out(rows, self._conversations.delete(rows))

    def _leave_out(self, rows: list[ConversationSummary], work: Awaitable[str]) -> Awaitable[None]:
        """Take rows out of the list at once, so that the next key acts on the next row, and then do the work."""
        self.marked.clear()
        self._forget(rows)
        return self._carry_out(rows, work)

    async def _carry_out(self, rows: list[ConversationSummary], work: Awaitable[str]) -> None:
        try:
            self._host.note(await work)
        except ChatError:
            for row in rows:
                self._picker.listed.put(row)
            raise
        else:
            self._forget(rows)  # they may have been read again meanwhile
            self._host.show_facts()
        finally:
            self._picker.follow_change()

    def _forget(self, rows: list[ConversationSummary]) -> None:
        for row in rows:
            self._picker.listed.forget(row.id)
        self._picker.show_rows()

    async def _undo(self) -> None:
        rows = await self._conversations.bring_back()
        self._host.note(brought_back_words(rows))
        for row in rows:
            if row.is_archived is self._picker.shows_archive:
                self._picker.listed.put(row)
        self._picker.follow_change()

    async def _read_again(self, rows: list[ConversationSummary]) -> None:
        for row in rows:
            changed = await self._conversations.store.summary(row.id)
            if changed is not None:
                self._picker.listed.put(changed)

    async def _export(self) -> None:
        row = self._picker.current
        if row is not None:
            await self._host.save(await self._conversations.export(row.id))


ROW_KEYS: Final[tuple[Binding, ...]] = tuple(
    bound(f"conversations-{name}", f"act({name!r})")
    for name in ("rename", "label", "delete", "undo", "archive", "mark", "sort", "export", "shelf")
)
