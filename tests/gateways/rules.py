"""What gateways hold a request to: pure functions from a request to what is wrong with it, each one rule.

A rule that is broken gives the facts for its wording; the wording is the gateway's (see `houses`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

Object = dict[str, object]
Facts = dict[str, object]


@dataclass(frozen=True)
class Asked:
    """A request, and what its gateway gave out so far."""

    body: Object
    signatures: frozenset[str] = field(default_factory=frozenset)
    """All that the gateway has signed."""
    given: frozenset[str] = field(default_factory=frozenset)
    """Ids that the model itself gave to calls."""

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def messages(self) -> list[Object]:
        """All but the system prompt."""
        return [message for message in self.everything if message["role"] != "system"]

    @property
    def everything(self) -> list[Object]:
        return cast(list[Object], self.body["messages"])

    @property
    def answers(self) -> list[tuple[int, Object]]:
        """The model's messages with their places."""
        return [(at, message) for at, message in enumerate(self.everything) if message["role"] == "assistant"]

    @property
    def loop(self) -> list[tuple[int, Object]]:
        """The model's messages behind the last question."""
        last = max((at for at, message in enumerate(self.everything) if message["role"] == "user"), default=-1)
        return [(at, message) for at, message in self.answers if at > last]


Rule = Callable[[Asked], Facts | None]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Note a rule under its name."""
    RULES[check.__name__] = check
    return check


def calls_of(message: Mapping[str, object]) -> list[Object]:
    """The calls of a message."""
    return cast(list[Object], message.get("tool_calls") or [])


def function_of(call: Mapping[str, object]) -> Object:
    """Name and arguments of a call."""
    return cast(Object, call["function"])


def texts_of(message: Mapping[str, object]) -> list[str]:
    """All words of a message."""
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    blocks = cast(list[Object], content or [])
    return [str(block["text"]) for block in blocks if block["type"] == "text"]


def _calls(asked: Asked) -> Iterator[tuple[int, Object]]:
    for at, message in asked.answers:
        for call in calls_of(message):
            yield at, call


# The order of messages.


@rule
def begins_with_a_question(asked: Asked) -> Facts | None:
    return None if asked.messages and asked.messages[0]["role"] == "user" else {}


@rule
def roles_alternate(asked: Asked) -> Facts | None:
    roles = [message["role"] for message in asked.messages if message["role"] != "tool"]
    has_results = [
        asked.messages[at - 1]["role"] == "tool" for at, m in enumerate(asked.messages) if m["role"] != "tool"
    ]
    for (before, role), after_result in zip(pairwise(roles), has_results[1:], strict=True):
        if before == role and not after_result:
            return {"role": role}
    return None


@rule
def ends_with_a_question(asked: Asked) -> Facts | None:
    return {} if asked.messages and asked.messages[-1]["role"] == "assistant" else None


@rule
def no_question_after_a_result(asked: Asked) -> Facts | None:
    roles = [message["role"] for message in asked.messages]
    return {} if ("tool", "user") in pairwise(roles) else None


@rule
def calls_follow_a_question_or_a_result(asked: Asked) -> Facts | None:
    for at, message in asked.answers:
        if calls_of(message) and (at == 0 or asked.everything[at - 1]["role"] not in ("user", "tool")):
            return {}
    return None


@rule
def every_call_has_its_result(asked: Asked) -> Facts | None:
    waiting: list[object] = []
    end: Object = {"role": "end"}
    for message in (*asked.everything, end):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return {"id": message["tool_call_id"]}
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return {"id": waiting[0]}
        else:
            waiting = [call["id"] for call in calls_of(message)]
    return None


@rule
def no_system_prompt(asked: Asked) -> Facts | None:
    return {} if any(message["role"] == "system" for message in asked.everything) else None


# Words.


@rule
def no_blank_words(asked: Asked) -> Facts | None:
    for at, message in enumerate(asked.everything):
        if message["role"] != "tool" and any(not text.strip() for text in texts_of(message)):
            return {"at": at}
        if not texts_of(message) and not calls_of(message) and not isinstance(message.get("content"), list):
            return {"at": at}
    return None


@rule
def no_blank_results(asked: Asked) -> Facts | None:
    for at, message in enumerate(asked.everything):
        if message["role"] == "tool" and not str(message["content"]).strip():
            return {"at": at}
    return None


@rule
def no_pictures(asked: Asked) -> Facts | None:
    for at, message in enumerate(asked.everything):
        if any(block["type"] == "image_url" for block in _blocks(message)):
            return {"at": at}
    return None


@rule
def no_files(asked: Asked) -> Facts | None:
    for at, message in enumerate(asked.everything):
        if any(block["type"] == "file" for block in _blocks(message)):
            return {"at": at}
    return None


@rule
def no_sound(asked: Asked) -> Facts | None:
    for at, message in enumerate(asked.everything):
        if any(block["type"] == "input_audio" for block in _blocks(message)):
            return {"at": at}
    return None


def _blocks(message: Mapping[str, object]) -> list[Object]:
    content = message.get("content")
    return cast(list[Object], content) if isinstance(content, list) else []


# Calls.


def _ids(is_taken: Callable[[str], object]) -> Rule:
    def check(asked: Asked) -> Facts | None:
        for at, call in _calls(asked):
            if str(call["id"]) not in asked.given and not is_taken(str(call["id"])):
                return {"at": at, "id": call["id"], "length": len(str(call["id"]))}
        return None

    return check


RULES["ids_of_forty"] = _ids(lambda id_: 0 < len(id_) <= 40)
RULES["ids_of_plain_characters"] = _ids(re.compile(r"[a-zA-Z0-9_-]+").fullmatch)
RULES["ids_of_nine"] = _ids(re.compile(r"[a-zA-Z0-9]{9}").fullmatch)


@rule
def ids_differ(asked: Asked) -> Facts | None:
    ids = [call["id"] for _, call in _calls(asked)]
    return {} if len(ids) > len(set(ids)) else None


@rule
def names_are_plain(asked: Asked) -> Facts | None:
    tools = [function_of(tool) for tool in cast(list[Object], asked.body.get("tools") or [])]
    for function in (*tools, *(function_of(call) for _, call in _calls(asked))):
        if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_-]{0,63}", str(function["name"])):
            return {"name": function["name"]}
    return None


@rule
def arguments_are_objects(asked: Asked) -> Facts | None:
    for at, call in _calls(asked):
        try:
            if isinstance(json.loads(str(function_of(call)["arguments"]), parse_constant=_refuse), dict):
                continue
        except ValueError:
            pass
        return {"at": at}
    return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@rule
def no_tools(asked: Asked) -> Facts | None:
    return {} if "tools" in asked.body or any(_calls(asked)) else None


@rule
def calls_only_with_tools(asked: Asked) -> Facts | None:
    return {} if "tools" not in asked.body and any(_calls(asked)) else None


# Thoughts.


@rule
def every_answer_with_its_reasoning(asked: Asked) -> Facts | None:
    return _without_reasoning(asked.answers)


@rule
def every_call_with_its_reasoning(asked: Asked) -> Facts | None:
    return _without_reasoning([(at, message) for at, message in asked.loop if calls_of(message)])


def _without_reasoning(answers: list[tuple[int, Object]]) -> Facts | None:
    for at, message in answers:
        if not message.get("reasoning_content"):
            return {"at": at}
    return None


@rule
def every_call_is_signed(asked: Asked) -> Facts | None:
    for at, message in asked.loop:
        if calls_of(message) and not (signature := _signature(calls_of(message)[0])):
            return {"at": at, "name": function_of(calls_of(message)[0])["name"], "signature": signature}
    return None


@rule
def signatures_of_calls_are_its_own(asked: Asked) -> Facts | None:
    for _, call in _calls(asked):
        signature = _signature(call)
        if signature and signature != "skip_thought_signature_validator" and signature not in asked.signatures:
            return {}
    return None


def _signature(call: Mapping[str, object]) -> str:
    extra = cast(Mapping[str, Mapping[str, str]], call.get("extra_content") or {})
    return extra.get("google", {}).get("thought_signature", "")


@rule
def rounds_begin_with_a_thought(asked: Asked) -> Facts | None:
    """The thoughts of the last answer, where that called something."""
    if "reasoning_effort" not in asked.body or not asked.answers:
        return None
    at, message = asked.answers[-1]
    return {"at": at} if calls_of(message) and not message.get("thinking_blocks") else None


@rule
def thoughts_are_signed(asked: Asked) -> Facts | None:
    for at, message in asked.answers:
        for name, words in (("thinking_blocks", "thinking"), ("reasoning_details", "text")):
            for block in cast(list[Object], message.get(name) or []):
                if f"{block.get(words)}{block.get('signature')}" not in asked.signatures:
                    return {"at": at}
    return None


def _without(name: str) -> Rule:
    def check(asked: Asked) -> Facts | None:
        for at, message in asked.answers:
            if name in message or any(name in call for call in calls_of(message)):
                return {"at": at, "name": name}
        return None

    return check


FOREIGN = (
    "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "extra_content",
)  # fmt: skip
for _name in FOREIGN:
    RULES[f"no_{_name}"] = _without(_name)


# Settings.


def _unset(*names: str) -> Rule:
    return lambda asked: {} if all(name in asked.body for name in names) else None


for _name in (
    "temperature",
    "top_p",
    "max_tokens",
    "max_completion_tokens",
    "seed",
    "reasoning_effort",
    "stream_options",
):
    RULES[f"no_{_name}"] = _unset(_name)
RULES["temperature_or_top_p"] = _unset("temperature", "top_p")
