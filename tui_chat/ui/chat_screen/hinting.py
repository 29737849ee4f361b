"""What can be done now, as hints on the composer's edge: they follow the focus and the conversation's state."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from tui_chat.core.ending import node_ending
from tui_chat.core.joined_answers import joined
from tui_chat.core.stream_events import Outcome
from tui_chat.ui.chat_screen.beginning import Beginning
from tui_chat.ui.chat_screen.completing import Completing
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.commands.dispatch import Dispatch
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.keys.command import OwnKeys, keys_of, leader_in, leader_keys
from tui_chat.ui.keys.hints import Hint, Hinted
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.state import State

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui_chat.ui.transcript.view import TranscriptView

SHORT: Final = 7
"""Letters of a verb that is not cut."""
CLOSE_PANE: Final = Hint("close", "close the pane")
ANSWER: Final = "tools"
"""The key that goes to a call that waits."""
_LEADING_ON: Final = (
    Hint("palette", "commands", short=""),
    Hint("models", "models", short="", is_dispensable=True),
    Hint("help", "help", short=""),
)
"""The three that lead everywhere: who is new here sees them at every width."""
_IF_THERE_IS_ROOM: Final = tuple(Hint(hint.id, hint.verb) for hint in _LEADING_ON)


def pairs_of(own_keys: OwnKeys) -> Mapping[str, str]:
    """The keys of commands that are pressed after the leader, by command id, in Textual's names."""
    leader = next(iter(keys_of(leader_in(COMMANDS), own_keys)), "")
    if not leader:
        return {}
    pairs: dict[str, str] = {}
    for key, command in leader_keys(COMMANDS, own_keys).items():
        pairs.setdefault(command.id, f"{leader} {key}")
    return pairs


def hints_while(
    state: State, *, is_blank: bool, has_chips: bool = False, queued: int = 0, is_editing: bool = False,
    was_cut: bool = False, goes_on: bool = False,
    line_verb: str = "", has_more_lines: bool = False, runs: str = "",
) -> Sequence[Hint]:  # fmt: skip
    """Hints for who writes, the most likely first: Enter is offered only where there is something to send. `line_verb`
    is what it does on the first screen's marked line, `has_more_lines` that there is one below, `runs` what it does
    with a command; `goes_on`: the last answer can be continued."""
    waiting = (Hint("queue", f"{queued} waiting"),) if queued else ()
    opening = (Hint("open-paste", "open the paste"),) if has_chips else ()

    def sends(verb: str) -> tuple[Hint, ...]:
        return () if is_blank else (Hint("send", runs or verb),)

    match state:
        case State.ANSWERING:
            return (Hint("close", "stop"), *waiting, *sends("send after this answer"), *opening)
        case State.WAITING:
            return (Hint(ANSWER, "answer it"), *sends("go on without it"), *waiting, *opening)
        case State.OPENING | State.IDLE:
            if is_editing:
                return (*sends("ask again"), Hint("close", "cancel the edit"), Hint("newline", "new line"))
            if line_verb:
                further = (Hint("later", "next"),) if has_more_lines else ()
                return (Hint("send", line_verb, short=_short(line_verb)), *further, *_LEADING_ON)
            if not is_blank:
                writing = (*sends("send"), Hint("newline", "new line"))
                return (*writing, *opening, Hint("stash", "stash"), *waiting, *_IF_THERE_IS_ROOM)
            again = (Hint("retry", "ask again", short="again"),) if was_cut else ()
            further = (Hint("continue", "continue"),) if goes_on else ()
            return (*further, *again, *waiting, *_LEADING_ON)


def _short(verb: str) -> str:
    """`ask` of `ask the guide`; what is short as it is stays."""
    return verb.partition(" ")[0] if len(verb) > SHORT else verb


def beside_pane(hints: Sequence[Hint], *, is_covering: bool) -> Sequence[Hint]:
    """The hints while a pane is open: what closes something closes the pane first. One that covers the page shows no
    way out of its own, so it is the first of them, but for the way to a call that waits."""
    if is_covering:
        answer = [hint for hint in hints if hint.id == ANSWER]
        return (*answer, CLOSE_PANE, *(hint for hint in hints if hint.id not in (ANSWER, CLOSE_PANE.id)))
    return [CLOSE_PANE if hint.id == CLOSE_PANE.id else hint for hint in hints]


class HintedScreen(Protocol):
    """The screen, as far as its hints go."""

    @property
    def focused(self) -> "Widget | None": ...
    @property
    def composer(self) -> Composer: ...
    @property
    def transcript(self) -> "TranscriptView": ...
    @property
    def conversation(self) -> OpenConversation: ...
    @property
    def beginning(self) -> Beginning: ...
    @property
    def completing(self) -> Completing: ...
    @property
    def panes(self) -> Panes: ...
    @property
    def dispatch(self) -> Dispatch: ...


class Hinting:
    """The hints of a chat screen."""

    def __init__(self, screen: HintedScreen, draw: Callable[[], None]) -> None:
        """`draw` puts the hints on the edge."""
        self._screen = screen
        self._draw = draw
        self._shown_verb = ""

    def follow(self) -> None:
        """Say it again where Enter does something else with the draft than before."""
        verb = self._verb
        if verb != self._shown_verb:
            self._shown_verb = verb
            self._draw()

    @property
    def _verb(self) -> str:
        return self._screen.dispatch.verb_of(self._screen.composer.document.text)

    def hints(self) -> Sequence[Hint]:
        """Hints for what has the focus; none while a pane has it, which shows its own."""
        focused = self._screen.focused
        if self._screen.completing.is_open:
            return ()
        if focused is self._screen.composer or focused is None:
            return self._while_writing()
        hints = focused.HINTS if isinstance(focused, Hinted) else ()
        if hints and focused is self._screen.transcript and not self._has_variants():
            return [hint for hint in hints if "variant-after" not in hint.id.split()]
        return hints

    def _has_variants(self) -> bool:
        """The message under the transcript's cursor has several versions; without a cursor, some message has."""
        if not self._screen.conversation.is_open:
            return False
        session, here = self._screen.conversation.session, self._screen.transcript.here
        ids = [node.id for node in (joined(session.path, here) if here else session.path)]
        return any(id_ in session.tree and len(session.tree.siblings(id_)) > 1 for id_ in ids)

    def _while_writing(self) -> Sequence[Hint]:
        conversation, composer = self._screen.conversation, self._screen.composer
        hints = hints_while(
            conversation.state,
            is_blank=composer.is_blank,
            has_chips=composer.has_chips,
            queued=len(conversation.outbox),
            is_editing=conversation.editing is not None,
            was_cut=conversation.is_open and _was_cut(conversation),
            goes_on=conversation.is_open and _goes_on(conversation),
            line_verb=self._screen.beginning.verb,
            has_more_lines=self._screen.beginning.has_more_lines,
            runs=self._verb,
        )
        panes = self._screen.panes
        if not panes.is_open or conversation.is_answering:
            return hints
        return beside_pane(hints, is_covering=panes.is_covering)


def _was_cut(conversation: OpenConversation) -> bool:
    """The last answer did not end plainly."""
    path = conversation.session.path
    last = path[-1] if path else None
    if last is None or last.answer is None:
        return False
    return last.answer.outcome not in (None, Outcome.COMPLETE) or node_ending(last) is not None


def _goes_on(conversation: OpenConversation) -> bool:
    """The last answer was cut, and can be continued."""
    from tui_chat.core.continuing import can_continue  # the first frame does without

    path = conversation.session.path
    return bool(path) and can_continue(path[-1])
