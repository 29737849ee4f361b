"""A turn as it is read aloud: each event of the session, as lines.

A state is said only when it has lasted a moment, and once in a turn, so that no one hears of a state that is over.
"""

import asyncio
from typing import Final, assert_never

from tui_chat.chat.policy import Decision
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    Phase,
    PhaseChanged,
    ReplyGrew,
    Retrying,
    RoundLimitReached,
    ToolAsked,
    ToolDecided,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
    retry_words,
)
from tui_chat.core import figures
from tui_chat.core.data_urls import ShortDataUrls
from tui_chat.core.ending import node_ending, why_not_to_act
from tui_chat.core.media import source_words
from tui_chat.core.parts import Given, ToolResult
from tui_chat.core.sanitize import StreamSanitizer, sanitize_line
from tui_chat.core.stream_events import ReasoningDelta, Reclassified, RefusalDelta, Started, TextDelta
from tui_chat.core.tree import Node
from tui_chat.plain.sentences import Sentences
from tui_chat.plain.speech import Speech
from tui_chat.plain.wording import answer_words, call_words, failure_words, name_of, part_words, plan_words
from tui_chat.workspace.advice import Audience, advise_on
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved
from tui_chat.workspace.run_labels import RunLabels

LASTS_S: Final = 0.5
_RESULT_LENGTH: Final = 400


class SpokenTurn:
    """Says the events of one turn."""

    def __init__(self, speech: Speech, *, shows_reasoning: bool, lasts_s: float = LASTS_S) -> None:
        self._speech = speech
        self._shows_reasoning = shows_reasoning
        self._lasts_s = lasts_s
        self._timer: asyncio.TimerHandle | None = None
        self._said: set[str] = set()
        self._model = ""
        self._text: _Flow | None = None
        self._reasoning: _Flow | None = None
        self._thought_s: tuple[float, float] | None = None
        """Times at which the present reasoning began and last grew; None while there is none."""
        self._has_text = False
        self._labels = RunLabels()

    def handle(self, event: ConversationEvent) -> None:
        """Say what an event adds."""
        match event:
            case AnswerStarted(question, answer):
                self._say_attached(question)
                self._model = answer.answer.requested_model if answer.answer else ""
            case PhaseChanged(phase, detail):
                self._enter(phase, detail)
            case ReplyGrew(event=Started(model=model)):
                self._model = model or self._model
            case ReplyGrew(event=TextDelta(text)):
                self._write(text, "")
            case ReplyGrew(event=RefusalDelta(text)):
                self._write(text, " refuses")
            case ReplyGrew(_, at_s, ReasoningDelta(text)):
                self._think(text, at_s)
            case ReplyGrew(event=Reclassified()):
                self._end_text()
                self._has_text = False
                self._speech.say("What was said so far was reasoning. The answer follows.")
            case Retrying(attempt, after_s, failure, most):
                self._end_text()
                self._speech.say(
                    f"{failure.title}: {sanitize_line(failure.message, 400)} "
                    f"Retrying in {figures.seconds(after_s)}, retry {retry_words(attempt, most)}."
                )
                self._said.discard("waiting")
            case Notice(failure):
                self._end_text()
                self._speech.say(failure_words(failure))
            case AnswerEnded(answer):
                self.close()
                self._end(answer)
            case ToolStarted(_, plan):
                self._speech.say(f"Running {self._label(event)}: {plan_words(plan)}.")
            case ToolStopped():
                self._speech.say(f"{self._label(event)} was stopped.")
            case ToolDecided(call, Decision.SEND_BACK):
                self._speech.say(
                    f"{sanitize_line(call.name, 100)} is not run: the model is told what is wrong with it."
                )
            case ToolFinished(_, node, total_s) if total_s is not None:
                self._say_result(self._label(event), node, total_s)
            case RoundLimitReached(limit):
                self._speech.say(f"The model called tools {limit} times in a row. These calls are left to you.")
            case NotSent(_, failure):
                self._speech.say(failure_words(failure) if failure else "Stopped; nothing was sent.")
            case ReplyGrew() | ToolAsked() | ToolDecided() | ToolOutput() | ToolFinished() | QuestionSaved():
                pass
            case OutboxChanged() | GivenBack():
                pass
            case _:
                assert_never(event)

    def _say_attached(self, question: Node | None) -> None:
        names = [part.name for part in question.message.parts if isinstance(part, Given)] if question else []
        if names:
            self._speech.say(f"Attached: {', '.join(sanitize_line(name, 100) for name in names)}")

    def _label(self, event: ToolStarted | ToolStopped | ToolFinished) -> str:
        """What the run is called; several may run at once."""
        return sanitize_line(self._labels.of(event), 100)

    def _say_result(self, label: str, node: Node, total_s: float) -> None:
        for result in node.message.parts:
            if isinstance(result, ToolResult):
                did = "failed" if result.is_error else "is done"
                self._speech.say(f"{label} {did} after {figures.seconds(total_s)}.")
                self._speech.say(sanitize_line(result.content, _RESULT_LENGTH))
        for part in node.message.beside_words:
            self._speech.say(f"{part_words(part)}.")

    def close(self) -> None:
        """End the turn: say what was held back."""
        self._cancel_timer()
        self._end_reasoning()
        self._end_text()

    def _enter(self, phase: Phase, detail: str) -> None:
        self._cancel_timer()
        match phase:
            case Phase.PREPARING:
                self._soon("preparing", "Starting tool servers.")
            case Phase.CONNECTING | Phase.WAITING:
                self._soon("waiting", f"Waiting for {name_of(self._model)}.")
            case Phase.THINKING if not self._shows_reasoning:
                self._soon("thinking", "Thinking…")
            case Phase.CALLING:
                name = sanitize_line(detail, 100) or "a tool"
                self._soon(f"calling {name}", f"Calling {name}: its arguments are arriving.")
            case _:
                pass

    def _soon(self, what: str, words: str) -> None:
        """Say the words once the state has lasted, unless they were said in this turn already."""
        if what in self._said:
            return

        def say() -> None:
            self._said.add(what)
            self._end_text()
            self._speech.say(words)

        self._timer = asyncio.get_running_loop().call_later(self._lasts_s, say)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _write(self, text: str, does: str) -> None:
        self._end_reasoning()
        if self._text is None:
            again = ", going on" if self._has_text else ""
            self._has_text = True
            self._text = _Flow(self._speech, f"Assistant ({name_of(self._model)}{again}){does}: ")
        self._text.write(text)

    def _think(self, text: str, at_s: float) -> None:
        self._end_text()
        began_s = self._thought_s[0] if self._thought_s else at_s
        self._thought_s = began_s, at_s
        if self._shows_reasoning:
            if self._reasoning is None:
                self._reasoning = _Flow(self._speech, "Reasoning: ")
            self._reasoning.write(text)

    def _end_reasoning(self) -> None:
        if self._reasoning is not None:
            self._reasoning.finish()
            self._reasoning = None
        elif self._thought_s is not None:
            began_s, ended_s = self._thought_s
            self._speech.say(f"Thought for {figures.seconds(ended_s - began_s)}; /reasoning shows it.")
        self._thought_s = None

    def _end_text(self) -> None:
        if self._text is not None:
            self._text.finish()
            self._text = None

    def _end(self, answer: Node) -> None:
        info, message = answer.answer, answer.message
        if info is None:
            return
        for part in message.beside_words:
            self._speech.say(f"{part_words(part)}.")
        for source in message.sources:
            self._speech.say(f"Source {source_words(source)}")
        for number, call in enumerate(message.tool_calls, 1):
            self._speech.say(f"Tool call {number}: {call_words(call)}")
            if call.flaw:
                self._speech.say(f"It cannot be run. {call.flaw}")
        if message.tool_calls and not info.calls_may_be_acted_on:
            self._speech.say(f"Not to be acted on. {why_not_to_act(info)}")
        if ending := node_ending(answer):
            advice = advise_on(ending, Audience.CHAT)
            self._speech.say(f"{ending.words}." + (f" {advice[0].upper()}{advice[1:]}." if advice else ""))
        if info.failure is not None:
            self._speech.say(failure_words(info.failure))
        if info.may_have_cost:
            self._speech.say(f"End of answer. {answer_words(info, message.written_length)}.")


class _Flow:
    """A labelled text that is said by sentences, pictures in it by type and size; the label is said with the first."""

    def __init__(self, speech: Speech, label: str) -> None:
        self._speech = speech
        self._label = label
        self._sanitizer = StreamSanitizer()
        self._short = ShortDataUrls()
        self._sentences = Sentences()

    def write(self, text: str) -> None:
        self._say(self._sentences.feed(self._short.feed(self._sanitizer.feed(text))))

    def finish(self) -> None:
        rest = self._short.feed(self._sanitizer.finish()) + self._short.finish()
        self._say(self._sentences.feed(rest) + self._sentences.finish())
        self._speech.end_line()

    def _say(self, text: str) -> None:
        if not text:
            return
        if self._label:
            self._speech.end_line()
            text, self._label = self._label + text, ""
        self._speech.flow(text)
