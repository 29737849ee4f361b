"""What goes back with an answer to the model that gave it: the policy, as a table.

Signatures stand for bytes and are refused when a single one is changed, so such fields are spliced in as they came.
They mean something to one family of models behind one gateway; everybody else refuses or misreads them, and gets none.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from tui_chat.core.answer import REASONING_FIELD
from tui_chat.core.parts import Message
from tui_chat.core.request import Origin, Request
from tui_chat.providers.message_data import OF_THE_FUNCTION, without_unsigned
from tui_chat.providers.quirks import Quirks, Thoughts, family, is_known, known_quirks

MESSAGE_FIELDS: Final[Mapping[str, bool]] = {
    # OpenRouter, "Preserving reasoning blocks": the sequence must match what the model sent.
    "reasoning_details": True,
    # LiteLLM, "thinking_blocks": Anthropic's thoughts with their signatures.
    "thinking_blocks": True,
    # Google, "Thought signatures" of the OpenAI-compatible API: on an answer in words, recommended.
    "extra_content": True,
    # GitHub Copilot: the encrypted thoughts of the answer.
    "reasoning_opaque": True,
    # LiteLLM: the signatures of Gemini's words.
    "provider_specific_fields": True,
    # Output only: requests that hold it are refused by those who check their input.
    "annotations": False,
}
"""Whether a field of an answer's message goes back."""

THOUGHTS: Final = ("thinking_blocks", "reasoning_details")
"""Those of them that hold thoughts with their signatures."""

CALL_FIELDS: Final[Mapping[str, bool]] = {
    # Google, "Thought signatures": Gemini 3 answers 400 without the signature of each call.
    "extra_content": True,
    # LiteLLM carries the same signature in here, or in the same field of the call's function.
    "provider_specific_fields": True,
    "function.provider_specific_fields": True,
}
"""Whether a field of a call goes back."""

NO_REASONING = "(no reasoning)"
"""Where every answer must have some, and this one has none that its model would know."""

_NO_NAMES: Final[Mapping[str, str]] = {}
_UNCHECKED = msgspec.Raw(b'{"google":{"thought_signature":"skip_thought_signature_validator"}}')
"""Google, "Thought signatures", FAQ: for calls that another model made."""


def is_own(origin: Origin, request: Request) -> bool:
    """Whether an answer came from the family and the gateway that are asked now; what is not known is the same."""
    if origin.gateway and request.gateway and origin.gateway != request.gateway:
        return False
    answered = origin.answering_model or origin.requested_model
    if family(request.model) == family(answered):
        return True
    # A gateway may call a model as it likes; but one known family that stood in for another is somebody else.
    is_stand_in = is_known(request.model) and is_known(answered)
    return request.model == origin.requested_model and not is_stand_in


def message_fields(
    origin: Origin, quirks: Quirks, *, is_own: bool, in_tool_loop: bool, renamed: Mapping[str, str] = _NO_NAMES
) -> dict[str, object]:
    """The fields that go back with an answer's message. `renamed`: calls that go by another id than the one that came,
    which the fields know them by."""
    fields: dict[str, object] = {}
    if is_own:
        for name, goes_back in MESSAGE_FIELDS.items():
            json = without_unsigned(origin.message_data.get(name, ""))
            if goes_back and json and name not in quirks.unsent:
                fields[name] = _with_ids(json, renamed) if renamed and json[:1] == "[" else msgspec.Raw(json.encode())
    came_in = _came_in(origin) if is_own else ""
    name = quirks.reasoning_field or came_in or "reasoning_content"
    thoughts = quirks.thoughts if quirks.chosen is Thoughts.AUTO else quirks.chosen
    match thoughts:
        case Thoughts.NEVER:
            pass
        case _ if is_own and came_in and origin.reasoning and "reasoning_opaque" in fields:
            fields[came_in] = origin.reasoning  # Copilot: the readable half of the same thoughts
        case Thoughts.ALWAYS if quirks.tags_thoughts and words_of_thought(origin, quirks, is_own=is_own):
            pass
        case Thoughts.ALWAYS if quirks.thoughts is not Thoughts.ALWAYS:
            if is_own and origin.reasoning:  # nobody but a model that demands thoughts needs words in their place
                fields[name] = origin.reasoning
        case Thoughts.ALWAYS:
            fields[name] = (origin.reasoning if is_own else "") or NO_REASONING
        case Thoughts.AUTO if is_own and in_tool_loop and came_in and origin.reasoning and not fields:
            fields[name] = origin.reasoning
        case _:
            pass
    return fields


def unsent_fields(
    message: Message, origin: Origin | None, request: Request, quirks: Quirks, *, in_tool_loop: bool
) -> list[str]:
    """The fields of an answer that would go back with it, had they not been refused."""
    if origin is None or not is_own(origin, request):
        return []
    unsent = [name for name in origin.message_data if name in quirks.unsent and MESSAGE_FIELDS.get(name)]
    of_calls = [name for call in message.tool_calls for name, _ in call.provider_data if CALL_FIELDS.get(name)]
    unsent += [plain for name in of_calls if (plain := name.removeprefix(OF_THE_FUNCTION)) in quirks.unsent]
    is_learned = quirks.thoughts is Thoughts.NEVER and known_quirks(request.model).thoughts is not Thoughts.NEVER
    if is_learned and in_tool_loop and origin.reasoning and _came_in(origin):
        unsent.append(_came_in(origin))
    return unsent


def begins_with_thought(origin: Origin | None, request: Request) -> bool:
    """Whether an answer goes back with thoughts of its model that are signed."""
    if origin is None or not is_own(origin, request):
        return False
    return any(without_unsigned(origin.message_data.get(name, "")) for name in THOUGHTS)


def _came_in(origin: Origin) -> str:
    """The field in which the reasoning came; empty where it came in none."""
    return origin.message_data.get(REASONING_FIELD, "").strip('"')


def words_of_thought(origin: Origin, quirks: Quirks, *, is_own: bool) -> str:
    """Thoughts that go back in the text, with their tags; empty where there are none."""
    if not quirks.tags_thoughts or not is_own or REASONING_FIELD in origin.message_data or not origin.reasoning:
        return ""
    return f"<think>\n{origin.reasoning}\n</think>\n\n"


def _with_ids(json: str, renamed: Mapping[str, str]) -> msgspec.Raw:
    """A list whose items name calls, by the ids by which these go now; all else in it as it came."""
    try:
        items = msgspec.json.decode(json, type=list[dict[str, msgspec.Raw]])
        for item in items:
            id_ = msgspec.json.decode(item["id"]) if "id" in item else None
            if isinstance(id_, str) and id_ in renamed:
                item["id"] = msgspec.Raw(msgspec.json.encode(renamed[id_]))
        return msgspec.Raw(msgspec.json.encode(items))
    except (msgspec.DecodeError, RecursionError):
        return msgspec.Raw(json.encode())


def call_fields(data: Collection[tuple[str, str]], quirks: Quirks, *, is_own: bool) -> dict[str, object]:
    """The fields that go back with a call; `function.` begins those that belong into its function."""
    fields: dict[str, object] = {}
    if is_own:
        for name, json in data:
            if CALL_FIELDS.get(name) and name.removeprefix(OF_THE_FUNCTION) not in quirks.unsent:
                fields[name] = msgspec.Raw(json.encode())
    if quirks.signs_calls and not any("thought_signature" in json for name, json in data if name in fields):
        fields["extra_content"] = _UNCHECKED
    return fields
