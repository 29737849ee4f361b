"""From the nodes of a path to sections: what is said about each message, in words, at the one place that says it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from tui_chat.chat.session_events import Phase, Retrying, retry_words
from tui_chat.core import figures
from tui_chat.core.errors import NOT_SAVED, Failure
from tui_chat.core.joined_answers import joins
from tui_chat.core.mark_words import continued_words, state_words, summary_words
from tui_chat.core.media import address_of, source_words, title_of
from tui_chat.core.media import facts_of as facts_of_part
from tui_chat.core.parts import (
    Beside,
    File,
    Foreign,
    Image,
    Media,
    Reasoning,
    Refusal,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.sending import is_summary_in_force
from tui_chat.core.timestamps import MessageTimes
from tui_chat.core.tree import Node
from tui_chat.core.usage import tokens_of_length
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.answer_line import UNDO, answer_lines, below_failure
from tui_chat.ui.transcript.leaves import JOINT, Leaf
from tui_chat.ui.transcript.seams import Before, before, is_continued, joint_words, rule_words
from tui_chat.ui.transcript.section import Section, SectionKind, Tone, label
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.call_states import CallState, byte_count, facts_of_arguments, state_of

PREVIEW_CHARACTERS: Final = 160


class Heads(NamedTuple):
    """What is told at the head of a message beside who speaks."""

    time: Callable[[float], str] = lambda _: ""
    """How a time (seconds since the epoch) is shown; empty where it is not."""
    variant: Callable[[str], str] = lambda _: ""
    """Which variant of its place a message is, by its id; empty where it is the only one."""

    def facts(self, node: Node) -> str:
        """Variant and marks."""
        return JOINT.join(filter(None, (self.variant(node.id), *state_words(node.marks))))


def head_labels(kind: SectionKind, node: Node, heads: Heads, model: str = "") -> tuple[Leaf, ...]:
    """The lines at the head of a message, by the kind of section in which they stand: who answers and when, or what
    is noted of a question; the model that answers where that is known better than from the node."""
    if kind is SectionKind.USER:
        said = JOINT.join(filter(None, (heads.variant(node.id), *state_words(node.marks))))
        return (label(said),) if said else ()
    when = heads.time(node.created_at)
    if how := continued_words(node.marks):
        return (label(rule_words(how, when), heads.facts(node)),)
    model = model or (node.answer.answering_model if node.answer else "")
    who = sanitize_line(model, 100) or ("you" if node.marks.edited_id else "model unknown")
    return (label(f"{Mark.ANSWER.drawn} {who}", heads.facts(node), Tone.ASSISTANT, end=when),)


def gap_label(words: str) -> Leaf:
    """What stands between two messages that are far apart in time."""
    return label(f"  {words}")


def waiting_label(phase: Phase, seconds: int, *, moves: bool = False) -> Leaf:
    """The line where the answer will stand: what is waited for and how long, and dots that move."""
    dot = Mark.ANSWER.drawn
    dots = "".join(dot if place == seconds % 3 else "·" for place in range(3)) if moves else dot
    return label(f"  {dots} {phase.value}", f"{seconds} s" if seconds else "")


def live_label(characters: int, elapsed_s: float, writing_s: float) -> Leaf:
    """The line under an answer that is being written: `~412 tok · 6 s · ~64 tok/s`."""
    tokens, seconds = tokens_of_length(characters), int(elapsed_s)
    said = (
        figures.estimated_tokens(tokens or None),
        f"{seconds} s" if seconds else "",
        figures.live_rate(tokens, writing_s),
    )
    return label("  ", JOINT.join(filter(None, said)))


def refusal_label() -> Leaf:
    """The line above a refusal."""
    return label(f"  {Mark.CAUTION.drawn} The model refused", tone=Tone.WARNING)


def reasoning_label(duration_s: float | None, *, is_growing: bool, is_folded: bool, hint: str = "") -> Leaf:
    """The line above, or in place of, the reasoning."""
    arrow = (Mark.FOLDED if is_folded else Mark.OPEN).drawn
    if is_growing:
        return label(f"{arrow} Thinking…", "", Tone.REASONING)
    is_told = duration_s is not None and duration_s >= figures.SHORTEST_S
    took = f"Thought for {figures.seconds(duration_s)}" if is_told else "Thought"
    return label(f"{arrow} {took}", hint if is_folded else "", Tone.REASONING)


def call_labels(
    name: str, state: str, arguments: str, characters: int, facts: Sequence[str], tone: Tone = Tone.TOOL
) -> tuple[Leaf, Leaf]:
    """A tool call in two lines: its name, its state and the facts of its arguments, and their beginning."""
    named = f"{Mark.CALL.drawn} {sanitize_line(name, 80) or 'a tool'}"
    title = label(named, " · ".join((state, *facts)), tone, shorter=state)
    return title, preview_label(arguments, characters)


def preview_label(head: str, characters: int) -> Leaf:
    """The beginning of a call's arguments, in one line; `characters` is how many there are in all."""
    head = head[: PREVIEW_CHARACTERS * 2]
    preview = sanitize_line(head, PREVIEW_CHARACTERS)
    if characters > len(head):
        preview = f"{preview.removesuffix('…')}… ({figures.tokens(characters)} characters)"
    return label(f"  {preview}")


def call_state(call: ToolCall, node: Node, known: Mapping[str, CallState], *, is_last: bool) -> CallState:
    """How a call stands: `known` has the states of those that run or have a result; `is_last`: no message but results
    stands below it."""
    if call.id in known:
        return known[call.id]
    if node.is_being_written:
        return CallState.ARRIVING
    if call not in node.calls_to_act_on:
        return CallState.NOT_TO_BE_ACTED_ON
    return CallState.WAITING if is_last else CallState.LEFT


def failure_labels(failure: Failure, tone: Tone = Tone.ERROR) -> tuple[Leaf, ...]:
    """What happened and what to do, in up to three lines."""
    status = f"HTTP {failure.status}" if failure.status else ""
    return label(f"  {Mark.FAILED.drawn} {failure.title}", status, tone), *below_failure(failure)


def retry_section(event: Retrying) -> Section:
    """Why a request is sent again, which of how many times it is, and when."""
    again = f"retry {retry_words(event.attempt, event.most)} in {figures.seconds(event.after_s)}"
    said = label(f"  {Mark.CAUTION.drawn} {event.failure.title}", again, Tone.WARNING)
    return Section(SectionKind.STATUS, labels=(said,))


def notice_tone(failure: Failure) -> Tone:
    """How grave a notice is: what is not saved may be lost."""
    return Tone.ERROR if failure.code == NOT_SAVED else Tone.WARNING


NO_PLACES: Final[Mapping[str, str]] = {}


def node_sections(
    node: Node,
    known: Mapping[str, CallState],
    heads: Heads,
    *,
    is_last: bool = True,
    hint: str = "",
    places: Mapping[str, str] = NO_PLACES,
) -> list[Section]:
    """All sections of one message. `known` and `is_last` as in `call_state`, `places` as in `places_in`."""
    match node.message.role:
        case _ if node.marks.summary is not None and not node.is_being_written:
            return [_summary(node, hint)]
        case Role.USER:
            return _question(node, heads)
        case Role.TOOL:
            results = [
                _result(node, part, places.get(part.call_id, ""))
                for part in node.message.parts
                if isinstance(part, ToolResult)
            ]
            return [*results, *(beside_section(node.id, part) for part in node.message.beside_words)]
        case Role.SYSTEM:
            return [Section(SectionKind.STATUS, node.id, labels=(label("  System", sanitize_line(node.message.text)),))]
        case Role.ASSISTANT:
            return _answer(node, known, heads, is_last, hint)


def gap_above(path: Sequence[Node], at: int, times: MessageTimes) -> list[Section]:
    """What says which day begins with a message, or how much later than the one above it came; often nothing."""
    words = times.gap(path[at - 1].created_at, path[at].created_at) if at else ""
    return [Section(SectionKind.TIME_GAP, path[at].id, labels=(gap_label(words),))] if words else []


def path_sections(path: Sequence[Node], at: int, heads: Heads, *, hint: str = "") -> list[Section]:
    """All sections of a message in its place."""
    if path[at].message.tool_calls:
        sections = node_sections(path[at], answered_in(path, at), heads, is_last=is_last_in(path, at), hint=hint)
    else:
        sections = node_sections(path[at], {}, heads, hint=hint, places=places_in(path, at))
    if (told := before(path, at)) is not None:
        sections = [section for section in sections if section.kind is not SectionKind.HEADER]
        at_text = next((at for at, each in enumerate(sections) if each.kind is SectionKind.TEXT), None)
        if at_text is not None:
            sections[at_text] = joined_text(path[at].id, told, sections[at_text].source)
    if joins(path, at + 1):
        hidden = (SectionKind.TEXT, SectionKind.FOOT)
        return [section for section in sections if section.kind not in hidden]
    if told is not None or is_continued(path, at):
        foot = foot_labels(path, at, heads)
        sections = [each for each in sections if each.kind is not SectionKind.FOOT]
        sections += [Section(SectionKind.FOOT, path[at].id, labels=foot)] if foot else []
    return sections


def joined_text(node_id: str, told: Before, own: str) -> Section:
    """A text that goes on with another one, both as one."""
    section = Section(SectionKind.TEXT, node_id, told.text + own)
    section.seams = told.seams
    return section


def foot_labels(path: Sequence[Node], at: int, heads: Heads) -> tuple[Leaf, ...]:
    """The lines under an answer in its place."""
    told, node = before(path, at), path[at]
    seam = ("", "")
    if told is not None:
        words, short = joint_words(heads.time(node.created_at))
        seam = (
            JOINT.join(filter(None, (words, heads.facts(node)))),
            JOINT.join(filter(None, (short, heads.facts(node)))),
        )
    above = told.pieces if told is not None else ()
    return answer_lines(node, is_continued=is_continued(path, at), above=above, seam=seam)


def is_last_in(path: Sequence[Node], at: int) -> bool:
    """Say whether only results of tools stand below a node."""
    return all(path[below].message.role is Role.TOOL for below in range(at + 1, len(path)))


def answered_in(path: Sequence[Node], at: int) -> dict[str, CallState]:
    """States of the calls of an answer that have a result right below it, by the id of the call."""
    answered: dict[str, CallState] = {}
    for below in range(at + 1, len(path)):
        node = path[below]
        if node.message.role is not Role.TOOL:
            break
        answered.update({part.call_id: state_of(part) for part in node.message.parts if isinstance(part, ToolResult)})
    return answered


def places_in(path: Sequence[Node], at: int) -> Mapping[str, str]:
    """Which call of its tool a result is for, by the id of the call, where the answer calls that several times: such
    calls run side by side, and end in any order."""
    if path[at].message.role is not Role.TOOL:
        return NO_PLACES
    answer = next((node for node in reversed(path[:at]) if node.message.role is not Role.TOOL), None)
    ids: dict[str, list[str]] = {}
    for call in answer.message.tool_calls if answer is not None else ():
        ids.setdefault(call.name, []).append(call.id)
    return {
        each: f" ({number} of {len(same)})"
        for same in ids.values()
        if len(same) > 1
        for number, each in enumerate(same, 1)
    }


def reaches_above(path: Sequence[Node], first: int, at: int) -> bool:
    """Whether what a message shows tells of messages above `first`: a text that was continued again and again, or the
    results of one answer."""
    return all(joins(path, each) for each in range(first, at + 1)) or all(
        node.message.role is Role.TOOL for node in path[first : at + 1]
    )


def _question(node: Node, heads: Heads) -> list[Section]:
    sections: list[Section] = []
    head = head_labels(SectionKind.USER, node, heads)
    for part in node.message.parts:
        match part:
            case Text(text):
                sections.append(Section(SectionKind.USER, node.id, sanitize(text), head))
            case File() | Image() | Media():
                name = part.name or ("" if isinstance(part, File) else address_of(part))
                named = label(f"+ {sanitize_line(name, 100)}", " · ".join(facts_of(part)), Tone.USER)
                beside = None if isinstance(part, File) else part
                sections.append(Section(SectionKind.ATTACHMENT, node.id, labels=(named,), beside=beside))
            case _:
                pass
    return sections


def _result(node: Node, part: ToolResult, place: str) -> Section:
    tone = Tone.ERROR if part.is_error else Tone.TOOL
    state = state_of(part).value if part.is_error else "result"
    title = label(f"{Mark.CONTINUED.drawn} {sanitize_line(part.name, 80) or 'result'}{place}", state, tone)
    return Section(SectionKind.RESULT, node.id, sanitize(part.content), (title,), call_id=part.call_id)


def _summary(node: Node, hint: str) -> Section:
    """A summary in one line, and folded below it its words."""
    section = Section(SectionKind.REASONING, node.id, sanitize(node.message.text), (summary_label(node, hint),))
    section.is_folded = True
    return section


def summary_label(node: Node, hint: str, *, is_folded: bool = True) -> Leaf:
    """The line that stands for a summary; `hint` says how it is unfolded."""
    arrow = (Mark.FOLDED if is_folded else Mark.OPEN).drawn
    still, undo = (f"{JOINT}all still here above", UNDO) if is_summary_in_force(node) else ("", "")
    shorter = JOINT + (hint if is_folded and hint else "all here") if undo else ""
    return label(f"{arrow} {summary_words(node)}", still, shorter=shorter, end=undo)


def relabel_head(section: Section, node: Node, heads: Heads, hint: str) -> None:
    """Tell at the head of a message how it stands now, if this section is where that is told."""
    if section.kind in (SectionKind.HEADER, SectionKind.USER):
        section.relabel(*head_labels(section.kind, node, heads))
    elif section.kind is SectionKind.REASONING and node.marks.summary is not None:
        section.relabel(summary_label(node, hint, is_folded=section.is_folded))


def _answer(node: Node, known: Mapping[str, CallState], heads: Heads, is_last: bool, hint: str) -> list[Section]:
    sections = [Section(SectionKind.HEADER, node.id, labels=head_labels(SectionKind.HEADER, node, heads))]
    for part in node.message.parts:
        match part:
            case Text(text):
                sections.append(Section(SectionKind.TEXT, node.id, sanitize(text)))
            case Reasoning(text, duration_s):
                thought = reasoning_label(duration_s, is_growing=False, is_folded=True, hint=hint)
                section = Section(SectionKind.REASONING, node.id, sanitize(text), (thought,))
                section.is_folded = True
                sections.append(section)
            case Refusal(text):
                sections.append(Section(SectionKind.REFUSAL, node.id, sanitize(text), (refusal_label(),)))
            case ToolCall():
                labels = final_call_labels(part, node, known, is_last=is_last)
                arguments = sanitize(part.arguments)
                sections.append(Section(SectionKind.CALL, node.id, arguments, labels, call_id=part.id))
            case Image() | Media() | Foreign():
                sections.append(beside_section(node.id, part))
            case _:
                pass
    if sources := node.message.sources:
        sections.append(Section(SectionKind.ATTACHMENT, node.id, labels=(label("Sources"),)))
        for source in sources:
            line = label(f"  {source_words(source)}")
            sections.append(Section(SectionKind.ATTACHMENT, node.id, labels=(line,), beside=source))
    if lines := answer_lines(node):
        sections.append(Section(SectionKind.FOOT, node.id, labels=lines))
    return sections


def beside_section(node_id: str, part: Beside) -> Section:
    """A picture, a sound or a file of an answer, or of a result, in one line: what it is, its type and size."""
    named = label(f"{Mark.PART.drawn} {title_of(part)}", " · ".join(facts_of_part(part)), Tone.TOOL)
    return Section(SectionKind.ATTACHMENT, node_id, labels=(named,), beside=part)


def final_call_labels(call: ToolCall, node: Node, known: Mapping[str, CallState], *, is_last: bool) -> tuple[Leaf, ...]:
    """The two lines of a call that is whole."""
    state = call_state(call, node, known, is_last=is_last)
    pieces = call.fragments
    elapsed_s = pieces[-1].at_s - pieces[0].at_s if pieces else None
    facts = facts_of_arguments(byte_count(call.arguments), len(pieces), elapsed_s)
    waits = state is CallState.WAITING
    said, tone = (f"{Mark.CAUTION.drawn} {state}", Tone.WARNING) if waits else (state.value, Tone.TOOL)
    return call_labels(call.name, said, call.arguments, len(call.arguments), facts, tone)


def fold_section(section: Section, is_folded: bool, hint: str) -> None:
    """Fold or unfold a section, and say so in the line above it; `hint` says how it is unfolded."""
    section.fold(is_folded)
    if section.kind is SectionKind.REASONING:
        first = section.labels[0]
        arrow = (Mark.FOLDED if is_folded else Mark.OPEN).drawn
        info = hint if is_folded and not section.is_growing else ""
        section.relabel(first._replace(text=f"{arrow} {first.text.partition(' ')[2]}", info=info))
    elif section.kind is SectionKind.CALL:
        # Unfolded, the whole arguments take the place of their beginning.
        below = (preview_label(section.source, len(section.source)),) if is_folded else ()
        section.relabel(section.labels[0], *below)
