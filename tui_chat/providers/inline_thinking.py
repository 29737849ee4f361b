"""Thoughts that come inside the text, told apart from it while it arrives.

Between two tags at the very start of the text (`thinking_tags`), in channels (`harmony`), or before a closing tag
whose opening one stood in the prompt. Later in an answer the same letters are something that the model talks about.
White space around the tags belongs to neither side. As text it is said at once: `Reclassified` takes it back.
"""

from enum import Enum, auto

from tui_chat.core.stream_events import ReasoningDelta, TextDelta
from tui_chat.providers import harmony
from tui_chat.providers.event_runs import EventRuns
from tui_chat.providers.thinking_marks import THINKING_MARKS, ThinkingMarks
from tui_chat.providers.thinking_tags import ThinkingTag

_MAX_SPACE = 64
"""White space that is held back; nobody means more of it."""

_QUOTING = frozenset("\"'“‘«`([{</")
"""Behind one of these, as behind a letter, a closing tag is spoken of."""


class _State(Enum):
    UNDECIDED = auto()
    THINKING_BEGINS = auto()
    THINKING = auto()
    DOUBTED = auto()
    """In a block that is thought only if an answer follows it."""
    DOUBTED_BLOCK_ENDED = auto()
    CHANNELS = auto()
    WATCHED = auto()
    """Text, unless a tag closes what was never opened."""
    TEXT_BEGINS = auto()
    TEXT = auto()


class InlineThinking:
    """Says what it tells apart to `runs`; a piece of a tag is held back until it is known to be one."""

    def __init__(
        self,
        runs: EventRuns,
        *,
        marks: ThinkingMarks = THINKING_MARKS,
        holds_text: bool = False,
        may_be_bare: bool = False,
    ) -> None:
        """`holds_text`: this model is known for tags that it never opened, so its text is said only once it is sure
        to be text. `may_be_bare`: its channels may come without their marks."""
        self._runs = runs
        self._holds_text = holds_text
        self._marks = marks
        self._state = _State.UNDECIDED if marks.tags else _State.TEXT
        self._tag = ThinkingTag("", "")
        self._channels: harmony.Channels | harmony.BareChannels = harmony.Channels(runs)
        self._may_be_bare = may_be_bare
        self._held = ""
        """The end of what came: it may be half a tag."""
        self._kept: list[str] = []
        """What was not said yet, before that."""
        self._kept_chars = 0
        self._last = ""
        """The last character of the text so far."""
        self._is_in_code = False
        self._has_other_thoughts = False
        self.has_closed_unopened = False
        """A tag closed thoughts that were never opened."""

    @property
    def is_settled(self) -> bool:
        """All that still comes is text: nothing needs to pass here any more."""
        return self._state is _State.TEXT

    @property
    def held_chars(self) -> int:
        """Characters that came and were not said."""
        return self._kept_chars + len(self._held)

    def note_other_thoughts(self) -> None:
        """The server has a field for thoughts: a tag in the text closes none."""
        self._has_other_thoughts = True

    def feed(self, text: str) -> None:
        """More of the text."""
        if self._held:
            text, self._held = self._held + text, ""
        if self._state is _State.UNDECIDED:
            text = self._decide(text)
        if self._state is _State.WATCHED:
            # Most of most answers goes this way.
            if not self._marks.not_plain.search(text):
                self._take_up(text)
                return
            text = self._watch(text)
            if not text:
                return
        if self._state is _State.CHANNELS:
            self._channels.feed(text)
            return
        if self._state is _State.THINKING_BEGINS:
            text = text.lstrip()
            if text:
                self._state = _State.THINKING
        if self._state is _State.THINKING:
            text = self._think(text)
        if self._state is _State.DOUBTED:
            text = self._doubt(text)
        if self._state is _State.DOUBTED_BLOCK_ENDED:
            text = self._believe(text)
        if self._state is _State.TEXT_BEGINS:
            text = text.lstrip()
            if text:
                self._state = _State.TEXT
        if self._state is _State.TEXT:
            self._runs.say(TextDelta, text)

    def finish(self) -> None:
        """Say what was held back: the text ended, or something else than text came."""
        held, self._held = self._held, ""
        match self._state:
            case _State.CHANNELS:
                self._channels.finish()
            case _State.THINKING:
                self._runs.say(ReasoningDelta, held)
            case _State.DOUBTED | _State.DOUBTED_BLOCK_ENDED | _State.WATCHED:
                self._runs.say(TextDelta, self._released() + held)
                self._state = _State.TEXT
            case _:
                self._runs.say(TextDelta, held)

    def _decide(self, text: str) -> str:
        begun = text.lstrip()
        is_opening = begun in self._marks.opening_begun or (self._may_be_bare and harmony.may_begin_bare(begun))
        if is_opening and len(text) - len(begun) <= _MAX_SPACE:
            self._held = text
            return ""
        for tag in self._marks.tags:
            if begun.startswith(tag.opening):
                self._tag = tag
                rest = begun[len(tag.opening) :]
                if tag.is_certain:
                    self._state = _State.THINKING_BEGINS
                else:
                    self._state = _State.DOUBTED
                    self._keep(text[: len(text) - len(rest)])
                return rest
        if begun.startswith(harmony.OPENINGS):
            self._state = _State.CHANNELS
            return begun
        if self._may_be_bare and harmony.begins_bare(begun):
            self._channels = harmony.BareChannels(self._runs)
            self._state = _State.CHANNELS
            return begun
        self._state = _State.WATCHED
        return text

    def _think(self, text: str) -> str:
        """Say the thoughts; what follows their closing tag, if it came."""
        closing = self._tag.closing
        thought, tag, rest = text.partition(closing)
        if tag:
            self._state = _State.TEXT_BEGINS
            self._runs.say(ReasoningDelta, thought.rstrip())
            return rest
        sizes = range(min(len(closing) - 1, len(text)), 0, -1)
        begun = next((size for size in sizes if closing.startswith(text[-size:])), 0)
        kept = _without_space(text, len(text) - begun)
        self._held = text[kept:]
        self._runs.say(ReasoningDelta, text[:kept])
        return ""

    def _doubt(self, text: str) -> str:
        """Keep the block; what follows its closing tag, if it came."""
        block, tag, rest = text.partition(self._tag.closing)
        if tag:
            self._keep(block + tag)
            self._state = _State.DOUBTED_BLOCK_ENDED
            return rest
        kept = max(0, len(text) - len(self._tag.closing) + 1)
        self._keep(text[:kept])
        self._held = text[kept:]
        return ""

    def _believe(self, text: str) -> str:
        """An answer follows the block: it was thought. White space is no answer yet."""
        answer = text.lstrip()
        if not answer:
            self._keep(text)
            return ""
        block = self._released().strip()
        self._runs.say(ReasoningDelta, block[len(self._tag.opening) : -len(self._tag.closing)].strip())
        self._state = _State.TEXT
        return answer

    def _watch(self, text: str) -> str:
        """Say text while no tag comes; all that is left to say once one came."""
        mark = self._marks.any_mark.search(text)
        if mark is None:
            kept = self._marks.begins(text)
            self._held = text[kept:]
            self._take_up(text[:kept])
            return ""
        before, rest = text[: mark.start()], text[mark.end() :]
        if mark[0] in self._marks.closings:
            if not self._last and not before.strip():
                self._state = _State.TEXT_BEGINS
                return rest
            if self._closes_thoughts(before):
                self.has_closed_unopened = True
                self._state = _State.TEXT_BEGINS
                self._take_up(before)
                self._runs.reclassify()
                self._runs.say(ReasoningDelta, self._released().rstrip())
                return rest
        self._state = _State.TEXT
        return self._released() + text

    def _take_up(self, text: str) -> None:
        """Text as far as it is known, said or kept."""
        if not text:
            return
        self._last = text[-1]
        if "`" in text and text.count("`") % 2:
            self._is_in_code = not self._is_in_code
        if self._holds_text:
            self._keep(text)
        else:
            self._runs.say(TextDelta, text)

    def _closes_thoughts(self, before: str) -> bool:
        """Whether a closing tag ends what was said so far, and is not spoken of: in code, quoted, or behind a word."""
        is_in_code = self._is_in_code ^ (before.count("`") % 2 == 1)
        last = before[-1:] or self._last
        return not (self._has_other_thoughts or is_in_code or last.isalnum() or last in _QUOTING)

    def _keep(self, text: str) -> None:
        self._kept.append(text)
        self._kept_chars += len(text)

    def _released(self) -> str:
        text = "".join(self._kept)
        self._kept.clear()
        self._kept_chars = 0
        return text


def _without_space(text: str, end: int) -> int:
    """Where the white space before a place begins, as far as it is held back."""
    return max(len(text[:end].rstrip()), end - _MAX_SPACE)
