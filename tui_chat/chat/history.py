"""The path as messages that every gateway takes: one pure function, without a look at who will be asked.

Servers refuse a whole conversation for one message that they do not like, and then for ever, because it is sent again
with every question. So what is sent keeps the rules of the strictest of them, whatever the tree holds: a question comes
first and last, roles alternate, no content is blank, each call has exactly one result and each result its call, and
ids are unique. What is stored stays as it came; only the request is mended.

Sources: the chat templates of Mistral, Gemma and Llama 2 ("roles must alternate"), Anthropic's and Bedrock's "text
content blocks must be non-empty" and "must contain non-whitespace text", OpenAI's limit of 40 characters for ids of
calls, Gemini's "function call turn comes immediately after a user turn or after a function response turn".
"""

import json

import msgspec

from tui_chat.core.answer import REASONING_FIELD, AnswerInfo
from tui_chat.core.given import with_pictures
from tui_chat.core.jsonvalue import JsonObject, parse_json
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.parts import File, Image, Media, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Origin
from tui_chat.core.sending import SUMMARY_OF, sent_nodes
from tui_chat.core.tree import Node
from tui_chat.settings.base_url import shown_base_url

NO_RESULT = "No result was given for this call."
NO_OUTPUT = "(no output)"
NO_QUESTION = "(no question)"
GO_ON = "Go on."
GO_ON_EXACTLY = "Your last message was cut off. Go on exactly where it ended; repeat nothing, and introduce nothing."

PARAGRAPH = "\n\n"
_ID = lazy_pattern(r"[A-Za-z0-9_-]{1,40}")
_NOT_IN_A_NAME = lazy_pattern(r"[^A-Za-z0-9_.-]")
_LONGEST_NAME = 64
_OWN_ID_LENGTH = 9
"""Letters and digits: the one form that Mistral takes, and that everybody takes."""


def sendable_messages(path: tuple[Node, ...], system: str = "") -> list[Message]:
    """The messages of `sendable_history`."""
    return sendable_history(path, system)[0]


def sendable_history(
    path: tuple[Node, ...], system: str = "", *, then: str = "", prefills: bool = False, sees: bool = True
) -> tuple[list[Message], dict[int, Origin]]:
    """What is sent of the path as messages, after one system message where there is anything to say in it; and where
    those of them that are answers came from, by their place. `then` is asked behind all of them; with `prefills` an
    answer may stand last, for the model to write on in it. Where it `sees`, pictures of results follow these."""
    history = _History(sees=sees)
    systems = [system]
    for node in sent_nodes(path):
        match node.message.role:
            case _ if node.marks.summary is not None:
                systems.append(f"{SUMMARY_OF}\n{node.message.text}")
            case Role.SYSTEM:
                systems.append(node.message.text)
            case Role.USER:
                history.ask(_question_parts(node.message))
            case Role.ASSISTANT:
                goes_on = node.marks.continues is not None
                history.answer(_words(node.message), node.calls_to_act_on, _origin(node), goes_on=goes_on)
            case Role.TOOL:
                history.give(node.message)
    messages = history.finish(then, prefills=prefills)
    prompt = "\n\n".join(text for text in systems if text.strip())
    if not prompt:
        return messages, history.origins
    origins = {place + 1: origin for place, origin in history.origins.items()}
    return [Message(Role.SYSTEM, (Text(prompt),)), *messages], origins


def is_sent_answer(node: Node) -> bool:
    """A message is an answer with words or calls: one without either is left out."""
    if node.message.role is not Role.ASSISTANT or node.marks.summary is not None:
        return False
    return bool(_words(node.message) or node.calls_to_act_on)


def _origin(answer: Node) -> Origin:
    info = answer.answer or AnswerInfo()
    reasoning, data = answer.message.reasoning, info.message_data
    if len(answer.message.tool_calls) > len(answer.calls_to_act_on):
        # Signed thoughts that led to a call are refused without it: "reasoning without its required following item".
        data = {name: json for name, json in data.items() if name == REASONING_FIELD}
    gateway = shown_base_url(info.gateway)  # older answers have the query too
    return Origin(gateway, info.requested_model, info.answering_model, reasoning, data)


class _History:
    """Messages in the making; each step leaves them in order but for the calls that are still open."""

    def __init__(self, *, sees: bool) -> None:
        self.origins: dict[int, Origin] = {}
        self._sees = sees
        self._messages: list[Message] = []
        self._open: list[tuple[int, str, ToolCall]] = []
        """Calls of the last answer without a result, each with its place, and beside the id that it has in the
        conversation: two may have the same one there."""
        self._ids: set[str] = set()
        """All ids of this request."""
        self._results: dict[int, tuple[Message, tuple[Image, ...]]] = {}
        """Results of the last answer's calls with their pictures, by the place of the call: calls that ran side by side
        end in any order, and results are sent in the order of the calls."""

    def ask(self, parts: tuple[Part, ...]) -> None:
        """A person's message; several in a row become one."""
        if not parts:
            return
        self._close()
        if self._last is Role.USER:
            self._messages[-1] = Message(Role.USER, _joined(self._messages[-1].parts + parts))
        else:
            self._messages.append(Message(Role.USER, parts))

    def answer(self, words: str, calls: tuple[ToolCall, ...], origin: Origin, *, goes_on: bool = False) -> None:
        """A model's message; nothing where it holds neither words nor calls. Of several in a row, which become one, the
        last one's origin counts: only it can have calls. One that `goes_on` with the one before it, does so without a
        seam."""
        if not words and not calls:
            return
        self._close()
        sent = tuple(self._sendable(call) for call in calls)
        if self._last is None:
            self.ask((Text(NO_QUESTION),))
        texts: tuple[Part, ...] = (Text(words),) if words else ()
        if self._last is Role.ASSISTANT:
            parts = _joined(self._messages[-1].parts + texts, "" if goes_on else PARAGRAPH)
            self._messages[-1] = Message(Role.ASSISTANT, parts + sent)
        else:
            self._messages.append(Message(Role.ASSISTANT, texts + sent))
        self.origins[len(self._messages) - 1] = msgspec.structs.replace(origin, given_ids=_given_ids(calls, sent))
        self._open = [(place, call.id, own) for place, (call, own) in enumerate(zip(calls, sent, strict=True))]

    def give(self, message: Message) -> None:
        """Results of open calls; the first one for each counts, and calls of one id take theirs in order."""
        pictures = tuple(part for part in message.parts if isinstance(part, Image)) if self._sees else ()
        for result in message.parts:
            if not isinstance(result, ToolResult):
                continue
            at = next((at for at, (_, id_, _) in enumerate(self._open) if id_ == result.call_id), None)
            if at is not None:
                place, _, call = self._open.pop(at)
                content = result.content if result.content.strip() else NO_OUTPUT
                self._result(place, call, content, is_error=result.is_error, pictures=pictures)

    def finish(self, then: str, *, prefills: bool) -> list[Message]:
        """All of them, a question or a result at the end, unless the model shall write on in its last words: those end
        in no white space, which Anthropic refuses there."""
        self._close()
        if then:
            self.ask((Text(then),))
        elif self._last is Role.ASSISTANT and prefills:
            self._messages[-1] = _without_space_at_end(self._messages[-1])
        elif self._last is Role.ASSISTANT:
            self.ask((Text(GO_ON),))
        return self._messages

    @property
    def _last(self) -> Role | None:
        return self._messages[-1].role if self._messages else None

    def _close(self) -> None:
        for place, _, call in self._open:
            self._result(place, call, NO_RESULT, is_error=True)
        results = [self._results[place] for place in sorted(self._results)]
        self._messages += [message for message, _ in results]
        if pictures := [(number, picture) for number, (_, shown) in enumerate(results, 1) for picture in shown]:
            self._messages.append(with_pictures(pictures))
        self._open, self._results = [], {}

    def _result(
        self, place: int, call: ToolCall, content: str, *, is_error: bool, pictures: tuple[Image, ...] = ()
    ) -> None:
        result = ToolResult(call.id, call.name, content, is_error)
        self._results[place] = Message(Role.TOOL, (result,)), pictures

    def _sendable(self, call: ToolCall) -> ToolCall:
        """The call as every gateway takes it: id, name, and arguments that are a JSON object."""
        id_ = call.id
        if call.is_id_ours or not _ID.fullmatch(id_) or id_ in self._ids:
            id_ = own_id(id_, self._ids)
        self._ids.add(id_)
        name = _NOT_IN_A_NAME.sub("_", call.name)[:_LONGEST_NAME]
        call = msgspec.structs.replace(call, id=id_, name=name)
        if parse_arguments(call.arguments)[1] is None:
            return call
        return msgspec.structs.replace(call, arguments=json.dumps({"invalid_arguments": call.arguments}), fragments=())


def _given_ids(calls: tuple[ToolCall, ...], sent: tuple[ToolCall, ...]) -> dict[str, str]:
    """Ids that the gateway gave and that were replaced, by the new ones."""
    pairs = zip(calls, sent, strict=True)
    return {new.id: call.id for call, new in pairs if new.id != call.id and not call.is_id_ours}


def _without_space_at_end(answer: Message) -> Message:
    last = answer.parts[-1] if answer.parts else None
    if not isinstance(last, Text):
        return answer
    return msgspec.structs.replace(answer, parts=(*answer.parts[:-1], Text(last.text.rstrip())))


def own_id(id_: str, taken: set[str]) -> str:
    """An id of nine letters and digits that stands for another one; the same each time, so that a request begins as the
    one before it did and providers find it in their caches."""
    import hashlib  # only for ids that clash

    number = 0
    while True:
        digest = hashlib.sha256(f"{number} {id_}".encode("utf-8", "surrogatepass")).hexdigest()
        if (found := digest[:_OWN_ID_LENGTH]) not in taken:
            return found
        number += 1


def parse_arguments(arguments: str) -> tuple[JsonObject | None, str | None]:
    """The arguments' JSON object and None, or None and what is wrong with them."""
    try:
        value = parse_json(arguments)
    except json.JSONDecodeError as error:
        return None, f"not valid JSON: {error.msg} at character {error.pos + 1}"
    except ValueError as error:
        return None, f"not valid JSON: {error}"
    if not isinstance(value, dict):
        return None, "not a JSON object"
    return value, None


def _words(answer: Message) -> str:
    """What an answer says, as it came; empty where that is blank."""
    words = answer.text if answer.text.strip() else answer.refusal or ""
    return words if words.strip() else ""


def _question_parts(message: Message) -> tuple[Part, ...]:
    """Pictures, documents and recordings as they are; words and files as one text, files first and fenced. Nothing
    where all of it is blank."""
    given = tuple(part for part in message.parts if isinstance(part, Image | Media))
    files = [_fenced(part) for part in message.parts if isinstance(part, File)]
    words = [part.text for part in message.parts if isinstance(part, Text) and part.text.strip()]
    text = "\n\n".join((*files, *words))
    return (*given, Text(text)) if text else given


def _joined(parts: tuple[Part, ...], seam: str = PARAGRAPH) -> tuple[Part, ...]:
    """The parts, neighbouring texts made one with a seam between them."""
    joined: list[Part] = []
    for part in parts:
        before = joined[-1] if joined else None
        if isinstance(part, Text) and isinstance(before, Text):
            joined[-1] = Text(f"{before.text}{seam}{part.text}")
        else:
            joined.append(part)
    return tuple(joined)


def _fenced(file: File) -> str:
    fence = "```"
    while fence in file.text:
        fence += "`"
    newline = "" if file.text.endswith("\n") else "\n"
    return f"File `{file.name}`:\n{fence}\n{file.text}{newline}{fence}"
