"""The transcript: a path of messages as sections, folded from session events. It knows no widget and no colour.

Whatever arrived by deltas, the last word is the node that ends a turn: what differs from it is replaced, so the last
characters of an answer are there however it ended.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile
from math import inf
from typing import Final, assert_never

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    PhaseChanged,
    ReplyGrew,
    Retrying,
    RoundLimitReached,
    SessionEvent,
    ToolAsked,
    ToolDecided,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.core.joined_answers import joins
from tui_chat.core.sanitize import sanitize
from tui_chat.core.timestamps import NO_TIMES, MessageTimes
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.earlier import EarlierMessages
from tui_chat.ui.transcript.growing import GrowingAnswer
from tui_chat.ui.transcript.relabelling import RunningCalls, refresh_calls, relabel_heads
from tui_chat.ui.transcript.seams import before
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.section_rows import SectionRows
from tui_chat.ui.transcript.sections import (
    Heads,
    failure_labels,
    fold_section,
    gap_above,
    notice_tone,
    path_sections,
    reaches_above,
    retry_section,
)

WELCOME_ID: Final = ""


class Transcript(SectionRows):
    """The shown sections, in order, with the rows of each."""

    def __init__(
        self,
        *,
        welcome: str = "",
        times: MessageTimes = NO_TIMES,
        variant: Callable[[str], str] = lambda _: "",
        fold_hint: str = "",
        shows_reasoning: bool = False,
    ) -> None:
        super().__init__()
        self.welcome = welcome
        self.heads = Heads(times.stamp, variant)
        self.times = times
        self.fold_hint = fold_hint
        self.shows_raw = False
        """All Markdown is shown as source."""
        self.shows_reasoning = shows_reasoning
        """All reasoning is unfolded."""
        self.width = 80
        self._path: list[Node] = []
        self._earlier = EarlierMessages(self)
        self._growing: GrowingAnswer | None = None
        self._retry: Section | None = None
        self._running = RunningCalls()
        self.show(())

    @property
    def path(self) -> Sequence[Node]:
        """The messages that are shown, the growing one as it was when it began."""
        return self._path

    @property
    def is_growing(self) -> bool:
        """An answer is being written."""
        return self._growing is not None

    @property
    def is_whole(self) -> bool:
        """Every message of the path has its sections."""
        return self._earlier.is_over

    def show(self, path: Sequence[Node], *, last: int | None = None) -> None:
        """Replace everything. With `last`, the sections of so many messages at the end, to which those of the earlier
        ones are added by `make_earlier`."""
        first = 0 if last is None else max(0, len(path) - last)
        self._path = list(path[:first])
        self._earlier = EarlierMessages(self, path, first)
        self._growing = None
        self._retry = None
        self._running.clear()
        self._truncate(0)
        if not path:
            self._append(Section(SectionKind.WELCOME, WELCOME_ID, sanitize(self.welcome)))
        for at in range(first, len(path)):
            self._path.append(path[at])
            for section in self.sections_of(path, at):
                self._append(section)

    def show_above(self, path: Sequence[Node]) -> bool:
        """Go on from the end of a path, which is all that is known so far, to the whole of it; False where that is not
        its end, or it has to be shown anew."""
        end, first = self._path, len(path) - len(self._path)
        if self.is_growing or first < 0 or list(path[first:]) != end:
            return False
        laid_out = first + self._earlier.count
        if reaches_above(path, first, laid_out) or (self.is_whole and gap_above(path, first, self.times)):
            return False
        self._path = list(path)
        self._earlier = EarlierMessages(self, path, laid_out)
        self.update_heads()
        return True

    def turn_to(self, path: Sequence[Node]) -> None:
        """Show another branch of a conversation of which everything is shown; what both have in common stays."""
        same = len(list(takewhile(lambda both: both[0].id == both[1].id, zip(path, self._path, strict=False))))
        if not same:
            self.show(path)
        else:
            self._cut_back(path[same - 1].id)
            for node in path[same:]:
                self._add_node(node)
            self._refresh_calls()

    def make_earlier(self, for_s: float = inf) -> int:
        """Make sections of messages above the shown ones for so long; return the rows that came above, which is when
        the last of them is made. Who reads all that was said has to make everything first."""
        if self.is_whole or not self._earlier.make(for_s):
            return 0
        return self._put_above(self._earlier.take())

    def sections_of(self, path: Sequence[Node], at: int) -> list[Section]:
        """The sections of a message in its place, as they are shown."""
        gap = () if joins(path, at) else gap_above(path, at, self.times)
        sections = [*gap, *path_sections(path, at, self.heads, hint=self.fold_hint)]
        for section in sections:
            if self.shows_reasoning and section.kind is SectionKind.REASONING:
                fold_section(section, False, self.fold_hint)
        return sections

    def prepare(self, section: Section, above: SectionKind | None) -> None:
        """Give a section that is new the form in which it is shown."""
        section.follows(above)
        section.resize(self.width)
        if self.shows_raw and section.kind is not SectionKind.WELCOME:
            section.show_raw(True)
        if section.is_growing:
            section.read(self.width)

    def apply(self, event: SessionEvent) -> None:
        """Grow by one event."""
        match event:
            case AnswerStarted(question, answer):
                self._start(question, answer)
            case ReplyGrew(node_id, at_s, stream_event):
                growing = self._growing
                if growing is not None and growing.node.id == node_id:
                    had = growing.sections
                    growing.feed(stream_event, at_s)
                    self._take_up(growing.sections, had)
            case Retrying():
                self._drop_retry()
                self._retry = retry_section(event)
                self._append(self._retry)
            case Notice(failure):
                self._drop_welcome()
                self._append(Section(SectionKind.STATUS, labels=failure_labels(failure, notice_tone(failure))))
            case AnswerEnded(answer):
                self._end(answer)
            case ToolStarted() | ToolStopped() | ToolFinished():
                self._running.follow(event)
                if isinstance(event, ToolFinished):
                    self._add_node(event.node)
                self._refresh_calls()
            case PhaseChanged(phase):
                if self._growing is not None:
                    self._growing.enter(phase)
            case ToolAsked() | ToolDecided() | ToolOutput() | RoundLimitReached():
                pass
            case _:
                assert_never(event)

    @property
    def is_waiting(self) -> bool:
        """An answer was asked for, and nothing of it has come."""
        return self._growing is not None and self._growing.is_waiting

    def count(self, elapsed_s: float, *, moves: bool) -> None:
        """Show what has come of the growing answer in so many seconds, or that it is waited for."""
        if self._growing is not None:
            self._growing.count(elapsed_s, moves=moves)

    def advance(self) -> None:
        """Make leaves of what arrived."""
        if self._growing is None:
            return
        for section in self._growing.changed():
            section.advance()
            self.touched(section)

    def toggle_reasoning(self) -> None:
        """Fold or unfold all reasoning."""
        self.shows_reasoning = not self.shows_reasoning
        if self._growing is not None:
            self._growing.folds_reasoning = not self.shows_reasoning
        for at, section in enumerate(self.sections):
            if section.kind is SectionKind.REASONING:
                self._fold(at, not self.shows_reasoning and not section.is_growing)

    def toggle(self, at: int) -> bool:
        """Fold or unfold a section; return whether it can be."""
        section = self.sections[at]
        if section.can_fold:
            self._fold(at, not section.is_folded)
        return section.can_fold

    def toggle_raw(self, node_id: str | None = None) -> bool:
        """Switch one message, or all, between Markdown source and rendered; return which it is now."""
        mine = [at for at, each in enumerate(self.sections) if node_id in (None, each.node_id)]
        is_raw = not self.shows_raw if node_id is None else not any(self.sections[at].is_raw for at in mine)
        if node_id is None:
            self.shows_raw = is_raw
        for at in mine:
            if self.sections[at].kind is not SectionKind.WELCOME:
                self.sections[at].show_raw(is_raw)
                self.measured(at)
        return is_raw

    def update_heads(self, changed: Sequence[Node] = ()) -> None:
        """Update what is told at the head of each message: its age, its variant, how it is marked now. A text that goes
        on with one that is muted stands apart from it, and joins it again."""
        were, now = list(self._path), {node.id: node for node in changed}
        self._path[:] = [now.get(node.id, node) for node in were]
        for at in range(1, len(were) - self.is_growing) if changed else ():
            if before(were, at) != before(self._path, at):
                self._renew(at)
                self._renew(at - 1)
        growing = self._growing.sections if self._growing is not None else []
        for at in relabel_heads(self._path, self.sections, growing, self.heads, self.fold_hint):
            self.measured(at)

    def resize(self, width: int) -> None:
        """Set another width: all heights are guesses again."""
        self.width = width
        self._earlier.resize(width)
        for section in self.sections:
            section.resize(width)
        self._measure_all()

    def _fold(self, at: int, is_folded: bool) -> None:
        fold_section(self.sections[at], is_folded, self.fold_hint)
        self.measured(at)

    def _append(self, section: Section) -> None:
        self.prepare(section, self.sections[-1].kind if self.sections else None)
        self._add(section)

    def _take_up(self, sections: list[Section], had: list[Section]) -> None:
        """Show the sections of the growing answer; `had` are those that stand there."""
        if sections == had:
            return
        self._drop_retry()
        same = next(
            (at for at, (now, before) in enumerate(zip(sections, had, strict=False)) if now is not before), None
        )
        if same is None:
            same, first = len(had), len(self.sections)
        else:
            first = self.number_of(had[same])
        moved = had[same:]
        later = [section for section in self.sections[first:] if section not in moved]
        self._truncate(first)
        for section in sections[same:]:
            if section in moved:
                self._append_again(section)
            else:
                self._append(section)
        self._append_again(*later)

    def _add_node(self, node: Node) -> None:
        self._path.append(node)
        if node.marks.continues is not None:
            self._renew(len(self._path) - 2)
        for section in self.sections_of(self._path, len(self._path) - 1):
            self._append(section)

    def _renew(self, at: int) -> None:
        """Make the sections of a message again: what goes on with it came, or went."""
        if at < 0:
            return
        id_, places = self._path[at].id, {node.id: place for place, node in enumerate(self._path)}
        here = (number for number, each in enumerate(self.sections) if places.get(each.node_id, -1) >= at)
        first = next(here, len(self.sections))
        later = [section for section in self.sections[first:] if section.node_id != id_]
        self._truncate(first)
        for section in self.sections_of(self._path, at):
            self._append(section)
        self._append_again(*later)

    def _drop_welcome(self) -> None:
        if self.sections and self.sections[0].kind is SectionKind.WELCOME:
            self._truncate(0)

    def _drop_retry(self) -> None:
        retry, self._retry = self._retry, None
        if retry is None or retry not in self.sections:
            return
        at = self.sections.index(retry)
        later = self.sections[at + 1 :]
        self._truncate(at)
        self._append_again(*later)

    def _cut_back(self, parent_id: str | None) -> None:
        """Remove the sections that another branch showed below the parent."""
        if not self._path or self._path[-1].id != parent_id:
            self.make_earlier()
        keep = 0
        for at, node in enumerate(self._path):
            if node.id == parent_id:
                keep = at + 1
        if parent_id is not None and not keep:
            return
        shown = {node.id for node in self._path[:keep]}
        gone = {node.id for node in self._path[keep:]}
        was_continued = keep < len(self._path) and self._path[keep].marks.continues is not None
        del self._path[keep:]
        for at, section in enumerate(self.sections):
            if section.node_id in gone or (section.kind is SectionKind.WELCOME and not shown):
                self._truncate(at)
                break
        if was_continued:
            self._renew(keep - 1)

    def _start(self, question: Node | None, answer: Node) -> None:
        self._running.clear()
        self._drop_welcome()
        self._drop_retry()
        self._cut_back(question.parent_id if question else answer.parent_id)
        if question:
            self._add_node(question)
            self._refresh_calls()
        self._path.append(answer)
        at = len(self._path) - 1
        if answer.marks.continues is not None:
            self._renew(at - 1)
        told = before(self._path, at)
        for section in gap_above(self._path, at, self.times) if told is None else ():
            self._append(section)
        self._growing = GrowingAnswer(answer, self.heads, told)
        self._growing.folds_reasoning = not self.shows_reasoning
        for section in self._growing.sections:
            self._append(section)

    def _end(self, answer: Node) -> None:
        """Replace the growing answer by the final one, keeping what is equal (and with it measured heights)."""
        self._drop_retry()
        growing, self._growing = self._growing, None
        grown = {id(section) for section in growing.sections} if growing else set()
        first = next((at for at, each in enumerate(self.sections) if id(each) in grown), len(self.sections))
        later = [section for section in self.sections[first:] if id(section) not in grown]
        self._truncate(first)
        if self._path and self._path[-1].id == answer.id:
            self._path.pop()
        reusable = {(each.kind, each.source): each for each in growing.sections} if growing else {}
        self._path.append(answer)
        at = len(self._path) - 1
        if answer.marks.continues is not None and growing and (growing.told is None) is joins(self._path, at):
            self._renew(at - 1)
        for section in path_sections(self._path, at, self.heads, hint=self.fold_hint):
            kept = reusable.pop((section.kind, section.source), None) if section.source else None
            if kept is None or kept.kind is SectionKind.REASONING:
                self._append(section)
                if kept is not None and not kept.is_growing and not kept.is_folded:
                    self._fold(len(self.sections) - 1, False)
            else:
                kept.finish()
                kept.relabel(*section.labels)
                self._append_again(kept)
            if self.shows_reasoning and section.kind is SectionKind.REASONING:
                self._fold(len(self.sections) - 1, False)
        self._append_again(*later)

    def _refresh_calls(self) -> None:
        """Update the calls of the last answer by their results, and by what runs."""
        for at in refresh_calls(self._path, self.sections, self._running):
            self.measured(at)
