"""Lines of messages that are shown already, told as they stand now: heads, calls, and what stands under an answer."""

from collections.abc import Iterable, Iterator, Sequence

from tui_chat.chat.session_events import ToolFinished, ToolStarted, ToolStopped
from tui_chat.core.parts import Role
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.sections import (
    Heads,
    answered_in,
    final_call_labels,
    foot_labels,
    is_last_in,
    relabel_head,
)
from tui_chat.workspace.call_states import CallState


class RunningCalls(set[str]):
    """Ids of the calls that run now."""

    def follow(self, event: ToolStarted | ToolStopped | ToolFinished) -> None:
        """Take note that a run began, or is over."""
        match event:
            case ToolStarted(call):
                self.add(call.id)
            case ToolStopped(call):
                self.discard(call.id)
            case ToolFinished(call_id):
                self.discard(call_id)


def relabel_heads(
    path: Sequence[Node], sections: Sequence[Section], growing: Sequence[Section], heads: Heads, hint: str
) -> Iterator[int]:
    """Tell at the head of each message that does not grow how it stands; the numbers of the sections that say something
    else now."""
    places = {node.id: at for at, node in enumerate(path)}
    for number, section in enumerate(sections):
        if (at := places.get(section.node_id)) is None or section in growing:
            continue
        before = section.labels
        relabel_head(section, path[at], heads, hint)
        if section.kind is SectionKind.FOOT and path[at].marks.continues is not None:
            section.relabel(*foot_labels(path, at, heads))
        if section.labels is not before:
            yield number


def refresh_calls(path: Sequence[Node], sections: Sequence[Section], running: Iterable[str]) -> Iterator[int]:
    """Tell of the calls of the last answer how they stand by their results, and which run now (by their ids); the
    numbers of their sections."""
    for at in range(len(path) - 1, -1, -1):
        node = path[at]
        if node.message.role is not Role.ASSISTANT:
            continue
        known = dict.fromkeys(running, CallState.RUNNING) | answered_in(path, at)
        is_last = is_last_in(path, at)
        calls = {call.id: call for call in node.message.tool_calls}
        for number, section in enumerate(sections):
            call = calls.get(section.call_id) if section.kind is SectionKind.CALL else None
            if call is not None and section.node_id == node.id:
                labels = final_call_labels(call, node, known, is_last=is_last)
                section.relabel(*(labels if section.is_folded else labels[:1]))
                yield number
        return
