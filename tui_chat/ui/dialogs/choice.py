"""The one form of a question: a title, what happens, and the answers as rows, the harmless one first."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import ClassVar, Final, Generic, NamedTuple, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_chat.core.sanitize import sanitize
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut

Answer = TypeVar("Answer")

SETTLES_S: Final = 0.5
"""Seconds in which no key gives an answer that changes something: it may have been typed before the question was
there."""


class Choice(NamedTuple, Generic[Answer]):
    """One answer."""

    words: str
    """The verb of the title, and what becomes of what: never Yes, No or OK."""
    answer: Answer
    verb: str = ""
    """What its key is said to do."""


class Answers(PickList):
    """The answers. All are in sight: the keys for pages are the text's."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the pages to the text."""
        return action != "page" and super().check_action(action, parameters)


class ChoiceDialog(Dialog[Answer]):
    """A question; leaving it gives the first answer, which changes nothing."""

    DEFAULT_CSS = """
    ChoiceDialog VerticalScroll { height: auto; max-height: 12; }
    ChoiceDialog Static { height: auto; padding: 0 1; }
    ChoiceDialog .-quoted { margin: 0 1; border-left: solid $border-blurred; background: $code-background; }
    ChoiceDialog.-low VerticalScroll { max-height: 6; }
    ChoiceDialog.-small VerticalScroll { height: 1fr; max-height: 100%; }
    ChoiceDialog.-small PickList { height: auto; max-height: 50%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("yes", "answer(1)"),
        bound("no", "answer(0)", priority=True),
        bound("list-page-up", "scroll(-1)"),
        bound("list-page-down", "scroll(1)"),
    ]

    class Asked(Message):
        """A question stands on the screen and waits."""

        def __init__(self, title: str, words: str) -> None:
            super().__init__()
            self.title = title
            self.words = words

    def __init__(
        self,
        title: str,
        words: str,
        choices: Sequence[Choice[Answer]],
        *,
        quoted: str = "",
        further: str = "",
        stays: str = "close",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`choices` has the harmless one first. `quoted` are the words of a stranger, which cannot look like ours, and
        `further` ours below them. `stays` is what the key to leave does; `clock` gives seconds."""
        super().__init__()
        self._title = title
        self._words = words
        self._quoted = quoted
        self._further = further
        self._choices = tuple(choices)
        self._stays = stays
        self._clock = clock
        self._asked_at = clock()

    @property
    def is_settled(self) -> bool:
        """The question has stood long enough for a key to be an answer to it."""
        return self._clock() - self._asked_at >= SETTLES_S

    def compose(self) -> ComposeResult:
        """The words, and the answers."""
        hints = [Hint("list-page-down", "read on"), Hint("list-choose", "take")]
        if self._has_two:
            hints += [Hint("yes", self._choices[1].verb), Hint("no", self._choices[0].verb)]
        with Frame(title=self._title, way_out=Hint("leave", self._stays), hints=hints):
            with VerticalScroll(can_focus=False):
                yield Static(Content(sanitize(self._words)))
                if self._quoted:
                    yield Static(Content(sanitize(self._quoted)), classes="-quoted")
                if self._further:
                    yield Static(Content(sanitize(self._further)))
            yield Answers()

    def on_mount(self) -> None:
        """Put the cursor on the harmless answer, and follow how much of the text is in sight."""
        self.watch(self.query_one(VerticalScroll), "scroll_y", self.refresh_bindings, init=False)
        answers = self.query_one(PickList)
        answers.show_items(len(self._choices), self._draw)
        answers.focus()
        self._asked_at = self._clock()
        self.post_message(self.Asked(self._title, self._words))

    def on_resize(self, event: events.Resize) -> None:
        """Say whether there is more of the text."""
        del event
        self.call_after_refresh(self.refresh_bindings)

    @property
    def _has_two(self) -> bool:
        return len(self._choices) == 2 and bool(self._choices[0].verb)

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        return (cut(((Ink.TEXT, f" {self._choices[index].words}"),), width),)

    def _answer(self, index: int) -> None:
        if index == 0 or self.is_settled:
            self.dismiss(self._choices[index].answer)

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Answer with the row."""
        event.stop()
        self._answer(event.index)

    def action_answer(self, index: int) -> None:
        """Answer by key, where there are two answers."""
        if self._has_two:
            self._answer(index)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Scroll only where there is more of the text, and answer by letter only one of two."""
        if action == "answer":
            return self._has_two
        if action == "scroll" and self.is_mounted:
            text = self.query_one(VerticalScroll)
            return text.scroll_y < text.max_scroll_y if parameters == (1,) else text.scroll_y > 0
        return super().check_action(action, parameters)

    def action_scroll(self, pages: int) -> None:
        """Read on, where the words are longer than the screen."""
        text = self.query_one(VerticalScroll)
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)

    def action_leave(self) -> None:
        """Answer with what changes nothing."""
        self._answer(0)


def either(title: str, words: str, *, no: str, yes: str, quoted: str = "", further: str = "") -> ChoiceDialog[bool]:
    """A question with two answers, which begin with their verbs; `no` changes nothing. For `quoted` and `further` see
    `ChoiceDialog`."""
    verbs = no.split()[0].lower(), yes.split()[0].lower()
    choices = (Choice(no, False, verbs[0]), Choice(yes, True, verbs[1]))
    return ChoiceDialog(title, words, choices, quoted=quoted, further=further, stays=verbs[0])
