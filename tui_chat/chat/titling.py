"""A title from a model: whether one is wanted, the small request for it, and what is made of the answer."""

import asyncio
import re
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from tui_chat.chat.answer_stream import AnswerStream
from tui_chat.chat.ports import Completer
from tui_chat.chat.session import Session
from tui_chat.chat.spending_guard import fits_budgets
from tui_chat.chat.titles import GivenTitle
from tui_chat.core import routing
from tui_chat.core.answer import cut_of
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.reply import Reply
from tui_chat.core.request import Request, Sampling
from tui_chat.core.sanitize import sanitize_line, without_harmful
from tui_chat.core.stream_events import Connected, Outcome, RetryScheduled
from tui_chat.core.tree import TITLE_CHARACTERS, Node, cut_at_word, title_from

QUESTION_CHARACTERS: Final = 1_500
ANSWER_CHARACTERS: Final = 700
ANSWER_TOKENS: Final = 400
"""Longest answer: room for a short thought, and an end to a model that goes on and on."""
_INSTRUCTION: Final = (
    "Give the conversation below a title of three to six words, in the language of the question. "
    "Reply with the title alone: no quotation marks, no full stop, no Markdown."
)
_BEFORE: Final = re.compile(
    r"#{1,6}\s+|[-*+>]\s+|[*_]{0,2}(?:title|titel|titre|título|titolo)\s*[:：][*_]{0,2}\s*", re.IGNORECASE
)
"""What stands before a title: marks of a heading, a list or a quotation, and the word itself."""
_AROUND: Final = (
    *((mark, mark) for mark in ("**", "__", "*", "_", "`", '"', "'")),
    *((pair[0], pair[1]) for pair in ("“”", "„“", "‘’", "‚‘", "«»", "»«", "‹›", "「」", "『』")),
)
"""What stands before a title and behind it."""
_NO_TITLE: Final = Failure(ErrorKind.PROTOCOL, "The answer was no title.", "")


def ask_for_title(session: Session) -> None:
    """Ask for a title behind everything else, where the settings name a model for it, one is wanted, and it goes over
    no budget."""
    titles = session.services.titles
    if titles.model and wants_title(session):
        request = TitleRequest(session, titles.model)
        if fits_budgets(session.services, session.conversation, request.request, ANSWER_TOKENS):
            titles.ask(session.conversation.id, request, session)


def wants_title(session: Session) -> bool:
    """Say whether a title is to be asked for: the first whole answer has just come, and the title is the first line of
    a question still, which nobody has changed."""
    conversation, path = session.conversation, session.path
    if session.is_temporary or conversation.is_named or not path or not _is_answer(path[-1]):
        return False
    nodes = session.tree.nodes()
    if any(_is_answer(node) and node.id != path[-1].id for node in nodes):
        return False
    return conversation.title in {title_from((node,)) for node in nodes if node.message.role is Role.USER} - {""}


def title_request(session: Session, model: str) -> Request:
    """Ask `model` for a title: the first question and the beginning of its answer, nothing else."""
    path = session.path
    question = next((text for node in path if node.message.role is Role.USER and (text := node.message.text)), "")
    words = f"Question:\n{question[:QUESTION_CHARACTERS]}\n\nAnswer:\n{path[-1].message.text[:ANSWER_CHARACTERS]}"
    return Request(
        model=model,
        messages=(Message(Role.SYSTEM, (Text(_INSTRUCTION),)), Message(Role.USER, (Text(words),))),
        sampling=Sampling(max_tokens=ANSWER_TOKENS, extra=_routing(session)),
        gateway=session.services.gateway.stored_url,
    )


def _routing(session: Session) -> tuple[tuple[str, str], ...]:
    """The preferences among upstream providers, which hold for whatever is sent of a conversation."""
    sampling = session.conversation.sampling_over(session.services.sampling)
    return tuple(pair for pair in sampling.extra if pair[0] == routing.FIELD)


def title_of(reply: Reply) -> str:
    """The title in an answer: one bounded line of words; empty where the answer did not end well, or holds none."""
    if reply.outcome is not Outcome.COMPLETE or cut_of(reply.finish_reason) is not None or reply.refusal:
        return ""
    lines = (_bare(sanitize_line(without_harmful(text), 400)) for text in reply.text.split("\n"))
    # Some models say first what they are about to say.
    said = (line for line in lines if any(map(str.isalnum, line)) and not line.endswith((":", "：")))
    return cut_at_word(next(said, ""), TITLE_CHARACTERS)


def _bare(line: str) -> str:
    """A line without what stands around its words."""
    before = ""
    while line != before:
        before, line = line, line.strip()
        line = _BEFORE.sub("", line, count=1) if _BEFORE.match(line) else line
        line = line[:-1] if line.endswith((".", "。")) and not line.endswith("..") else line
        for opening, closing in _AROUND:
            inner = line.removeprefix(opening).removesuffix(closing)
            if line == opening + inner + closing and opening not in inner and closing not in inner:
                line = inner
    return line


def _is_answer(node: Node) -> bool:
    """Say whether a node is a whole answer in words: calls of tools come before one."""
    info = node.answer
    is_whole = info is not None and info.outcome is Outcome.COMPLETE
    return is_whole and not node.message.tool_calls and bool(node.message.text)


class TitleRequest:
    """One request for a title. It is sent once: what would have to be tried again is given up."""

    def __init__(self, session: Session, model: str) -> None:
        self._services = session.services
        self.request = title_request(session, model)
        self._stream: AnswerStream | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopped = False

    async def run(self) -> GivenTitle:
        """Ask, and return what came of it."""
        return await self._ask(self._services.completer)

    async def run_apart(self) -> GivenTitle:
        """The same over connections of its own, for an event loop of its own."""
        if self._services.new_completer is None:
            return await self.run()
        completer = self._services.new_completer()
        try:
            return await self._ask(completer)
        finally:
            await completer.close()

    def stop(self) -> None:
        """End it at once, from any thread: it still returns what came."""
        self._is_stopped = True
        if self._stream is not None and self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it is over
                self._loop.call_soon_threadsafe(self._stream.stop)

    async def _ask(self, completer: Completer) -> GivenTitle:
        stream = AnswerStream(completer, self.request, self._services.clock)
        self._loop, self._stream = asyncio.get_running_loop(), stream
        if self._is_stopped:
            return GivenTitle()
        has_begun, why_not = False, None
        try:
            async for timed in stream.events():
                has_begun = has_begun or isinstance(timed.event, Connected)
                if isinstance(timed.event, RetryScheduled):
                    why_not = timed.event.failure
                    stream.stop()
        finally:
            await stream.close()
        reply = replace(stream.reply(), gateway=self.request.gateway)
        title = title_of(reply)
        failure = None if title or self._is_stopped else why_not or reply.failure or _NO_TITLE
        return GivenTitle(title, reply if has_begun and reply.may_have_cost else None, failure)
