"""The growing answer: made of stream events, shown as sections."""

from tui_chat.chat.session_events import Phase
from tui_chat.core.sanitize import StreamSanitizer
from tui_chat.core.stream_events import (
    PartReceived,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    Started,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    written_length,
)
from tui_chat.core.tree import Node
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.seams import Before
from tui_chat.ui.transcript.section import Section, SectionKind, Tone
from tui_chat.ui.transcript.sections import (
    PREVIEW_CHARACTERS,
    Heads,
    beside_section,
    call_labels,
    head_labels,
    joined_text,
    live_label,
    reasoning_label,
    refusal_label,
    waiting_label,
)
from tui_chat.workspace.call_states import CallState, byte_count, facts_of_arguments, is_stalled, silence_words


class _GrowingCall:
    """A call whose arguments arrive. Only their beginning is kept: the inspector shows the rest."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.name = ""
        self.head = ""
        self.characters = 0
        self._size_bytes = 0
        self._pieces = 0
        self._began_s = 0.0
        self._grew_s = 0.0
        self._came_s = 0.0
        """Seconds from the request to the last piece, an empty one too."""
        self._silent_s = 0.0

    def feed(self, event: ToolCallDelta, at_s: float) -> None:
        self._came_s, self._silent_s = at_s, 0.0
        self.name = self.name or event.name
        self.characters += len(event.fragment)
        if event.fragment:
            self._began_s = self._began_s if self._pieces else at_s
            self._grew_s = at_s
            self._pieces += 1
            self._size_bytes += byte_count(event.fragment)
        if len(self.head) < PREVIEW_CHARACTERS * 2:
            self.head = (self.head + event.fragment)[: PREVIEW_CHARACTERS * 2]

    def wait(self, now_s: float) -> bool:
        """Let time pass, to so many seconds after the request; whether the call is stalled."""
        self._silent_s = now_s - self._came_s
        return is_stalled(self._silent_s)

    def show(self) -> None:
        facts = facts_of_arguments(self._size_bytes, self._pieces, self._grew_s - self._began_s)
        state, tone = CallState.ARRIVING.value, Tone.TOOL
        if is_stalled(self._silent_s):
            state, tone = f"{Mark.CAUTION.drawn} {silence_words(self._silent_s)}", Tone.WARNING
        self.section.relabel(*call_labels(self.name, state, self.head, self.characters, facts, tone))


class GrowingAnswer:
    """The sections of one answer while it grows."""

    def __init__(self, node: Node, heads: Heads, told: Before | None = None) -> None:
        """`told` is what its text goes on with."""
        self.node = node
        self.told = told
        self._heads = heads
        self._phase = Phase.WAITING
        self._waited_s = 0
        self._header = Section(SectionKind.HEADER, node.id, labels=head_labels(SectionKind.HEADER, node, heads))
        self._waiting = Section(SectionKind.STATUS, node.id, labels=(waiting_label(self._phase, 0),))
        self._parts: list[Section] = [self._header, self._waiting]
        self._foot = Section(SectionKind.FOOT, node.id, labels=(live_label(0, 0, 0.0),))
        self._characters = 0
        self._first_s: float | None = None
        """Seconds from the request to the first of the answer."""
        self._run: Section | None = None
        if told is not None:
            self._run = joined_text(node.id, told, "")
            self._run.is_growing = True
            self._parts = [self._run, self._waiting]
        self._sanitizer = StreamSanitizer()
        self._run_began_s = 0.0
        self._run_last_s = 0.0
        self.folds_reasoning = True
        """Reasoning is folded when it has ended."""
        self._calls: dict[int, _GrowingCall] = {}
        self._changed: dict[int, Section] = {}

    @property
    def sections(self) -> list[Section]:
        """What has come, and below it the line that counts."""
        return self._parts.copy() if self.is_waiting else [*self._parts, self._foot]

    @property
    def is_waiting(self) -> bool:
        """Nothing of the answer has come."""
        return self._waiting in self._parts

    def enter(self, phase: Phase) -> None:
        """Say what is waited for."""
        if self.is_waiting and phase is not Phase.READY:
            self._phase = phase
            self._waiting.relabel(waiting_label(phase, self._waited_s))
            self._touch(self._waiting)

    def count(self, elapsed_s: float, *, moves: bool) -> None:
        """Show how long the answer has been waited for, or what has come of it since it was asked for."""
        if self.is_waiting:
            self._waited_s = int(elapsed_s)
            self._waiting.relabel(waiting_label(self._phase, self._waited_s, moves=moves))
            self._touch(self._waiting)
        else:
            for call in self._calls.values():
                if call.wait(elapsed_s):
                    self._touch(call.section)
            self._foot.relabel(live_label(self._characters, elapsed_s, elapsed_s - (self._first_s or 0.0)))
            self._touch(self._foot)

    def _begin(self) -> None:
        """Remove the line that says how long was waited."""
        if self.is_waiting:
            self._parts = [section for section in self._parts if section is not self._waiting]

    def changed(self) -> list[Section]:
        """Sections that changed since the last call."""
        for call in self._calls.values():
            if call.section.uid in self._changed:
                call.show()
        sections = list(self._changed.values())
        self._changed.clear()
        return sections

    def feed(self, event: StreamEvent, at_s: float) -> None:
        """Add an event."""
        self._characters += written_length(event)
        if self._first_s is None and self._characters:
            self._first_s = at_s
            self._foot.relabel(live_label(self._characters, at_s, 0.0))
        match event:
            case TextDelta(text):
                self._grow(SectionKind.TEXT, text, at_s)
            case ReasoningDelta(text):
                self._grow(SectionKind.REASONING, text, at_s)
            case Reclassified():
                self._reclassify()
            case RefusalDelta(text):
                self._grow(SectionKind.REFUSAL, text, at_s)
            case ToolCallDelta():
                self._grow_call(event, at_s)
            case PartReceived(part):
                self._begin()
                self._end_run()
                self._parts.append(beside_section(self.node.id, part))
            case Started(_, model) if model:
                self._header.relabel(*head_labels(SectionKind.HEADER, self.node, self._heads, model))
                self._touch(self._header)
            case _:
                pass

    def _touch(self, section: Section) -> None:
        self._changed[section.uid] = section

    def _grow(self, kind: SectionKind, text: str, at_s: float) -> None:
        self._begin()
        if self._run is None or self._run.kind is not kind:
            self._end_run()
            self._sanitizer = StreamSanitizer()
            self._run_began_s = at_s
            self._run = self._new_run(kind)
            self._parts.append(self._run)
        self._run_last_s = at_s
        self._run.feed(self._sanitizer.feed(text))
        self._touch(self._run)

    def _new_run(self, kind: SectionKind) -> Section:
        section = Section(kind, self.node.id)
        if kind is SectionKind.REASONING:
            section.labels = (reasoning_label(None, is_growing=True, is_folded=False),)
        elif kind is SectionKind.REFUSAL:
            section.labels = (refusal_label(),)
        section.is_growing = True
        return section

    def _end_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        run.feed(self._sanitizer.finish())
        run.finish()
        if run.kind is SectionKind.REASONING:
            took = self._run_last_s - self._run_began_s
            run.relabel(reasoning_label(took, is_growing=False, is_folded=self.folds_reasoning))
            run.fold(self.folds_reasoning)
        self._touch(run)

    def _reclassify(self) -> None:
        """What looked like text stands as reasoning, in one section."""
        self._end_run()
        texts = [section for section in self._parts if section.kind is SectionKind.TEXT]
        if not texts:
            return
        at = self._parts.index(texts[0])
        self._run = self._new_run(SectionKind.REASONING)
        told = len(self.told.text) if self.told is not None else 0
        self._run.feed("".join(section.source for section in texts).rstrip()[told:])
        others = [section for section in self._parts if section not in texts]
        kept = [joined_text(self.node.id, self.told, "")] if self.told is not None else []
        self._parts = [*others[:at], *kept, self._run, *others[at:]]
        self._sanitizer = StreamSanitizer()
        self._touch(self._run)

    def _grow_call(self, event: ToolCallDelta, at_s: float) -> None:
        self._begin()
        self._end_run()
        call = self._calls.get(event.index)
        if call is None:
            call = self._calls[event.index] = _GrowingCall(Section(SectionKind.CALL, self.node.id))
            call.feed(event, at_s)
            call.show()
            self._parts.append(call.section)
        else:
            call.feed(event, at_s)
        self._touch(call.section)
