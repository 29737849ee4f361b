"""The parameters that a model can be asked with: the rule and the meaning of each, and free fields beside them.

The settings, presets, `/params` and `--param` all read a value here.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NoReturn, cast

import msgspec

from tui_chat.core.errors import SettingsError
from tui_chat.core.figures import bound
from tui_chat.core.jsonvalue import JsonValue, json_text
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.nearest import nearest
from tui_chat.core.request import Sampling
from tui_chat.core.routing import FIELD, PREFIX, preferences, with_preference
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.problem import Fault
from tui_chat.settings.rules import OneOf, number, texts, whole

Value = str | int | float | tuple[str, ...]
"""What a parameter can hold."""

_LARGEST: Final = 2**31 - 1
_LONGEST_FREE: Final = 64 * 1024
_MOST_FREE: Final = 32
_FREE_NAME: Final = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_TOOL_NAME: Final = lazy_pattern(r"[A-Za-z0-9_./-]{1,193}")
_PAIR: Final = lazy_pattern(r"\s*([^\s=]+)=")
DEFAULT: Final = "default"
"""The word that takes a parameter away."""


class Parameter(msgspec.Struct, frozen=True):
    """The rule of one parameter."""

    meaning: str
    """One line for people."""
    allowed: str
    """What it takes, to be read after "must be"."""
    rule: Callable[[object], Value | None]


def _word(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _tool_choice(value: object) -> str | None:
    word = _word(value)
    return word if word is not None and _TOOL_NAME.fullmatch(word) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


PARAMETERS: Final[Mapping[str, Parameter]] = {
    "temperature": Parameter("how freely the model chooses its words", "a number from 0 to 2", number(0, 2)),
    "top_p": Parameter("the share of likely words that it chooses from", "a number from 0 to 1", number(0, 1)),
    "max_tokens": Parameter("the longest answer", "a whole number from 1", whole(1, _LARGEST)),
    "max_completion_tokens": Parameter(
        "the longest answer, thoughts included, for models that want it under this name",
        "a whole number from 1",
        whole(1, _LARGEST),
    ),
    "stop": Parameter("the answer ends before one of these", "a text, or a list of 1 to 16 texts", texts(16)),
    "seed": Parameter("the same seed asks for the same answer", "a whole number", whole(-(2**63), 2**63 - 1)),
    "frequency_penalty": Parameter(
        "how much words that came often are avoided", "a number from -2 to 2", number(-2, 2)
    ),
    "presence_penalty": Parameter(
        "how much words that came at all are avoided", "a number from -2 to 2", number(-2, 2)
    ),
    "reasoning_effort": Parameter(
        "how much a thinking model thinks, in the model's own words (low, high …)", "a word like low or high", _word
    ),
}
"""The parameters with a meaning of their own, in the order in which they are shown."""

ROUTING: Final[Mapping[str, Parameter]] = {
    "order": Parameter(
        "the upstream providers that the gateway tries, in this order", "a name, or a list of 1 to 32 names", texts(32)
    ),
    "only": Parameter(
        "the upstream providers that the gateway may use, and no other", "a name, or a list of 1 to 32 names", texts(32)
    ),
    "sort": Parameter(
        "what the gateway looks for among upstream providers",
        "price, throughput or latency",
        OneOf("price", "throughput", "latency"),
    ),
}
"""Preferences among upstream providers, as `provider.order`; others go unchecked, as `provider.ignore`."""

TOOL_CHOICE: Final = "tool_choice"
PARALLEL_CALLS: Final = "parallel_tool_calls"
ABOUT_TOOLS: Final[Mapping[str, Parameter]] = {
    TOOL_CHOICE: Parameter(
        "whether a question is answered with a call", "auto, none, required, or the name of a tool", _tool_choice
    ),
    PARALLEL_CALLS: Parameter("whether several calls may come at once", "true or false", _flag),
}
"""Parameters that mean nothing where no tool is offered. They are kept among the free fields."""

Routing = Mapping[str, tuple[str, ...]]
"""Preferences of `ROUTING` by their names, as the settings hold them: one with a single value has it alone."""

OURS: Final = frozenset(
    {
        "model", "models", "route", "messages", "prompt", "input", "n", "stream", "stream_options", "tools",
        "functions", "function_call",
    }
)  # fmt: skip
"""Fields of a request that the chat sets itself, since it could not go on otherwise."""

_COMMON: Final = ("top_k", "top_a", "min_p", "repetition_penalty", "response_format", "logit_bias")
"""Free fields that are no slip of the keys."""


def with_parameter(sampling: Sampling, name: str, offered: object) -> Sampling:
    """The same with another value: of a parameter of ours by its rule, of any other name as JSON. None takes it away,
    and so does the word `default` for a parameter of ours.

    Raises:
        SettingsError: the value is not allowed, or the chat sets this field itself; the message says what is.
    """
    if name in OURS:
        raise SettingsError(f"{name} is set by the chat itself.", "Leave it out.")
    if offered is None or (rule_of(name) is not None and offered == DEFAULT):
        return _without(sampling, name)
    if name.startswith(PREFIX) and name != PREFIX:
        return _with_preference(sampling, name, offered)
    if (parameter := PARAMETERS.get(name) or ABOUT_TOOLS.get(name)) is None:
        return _with_free(sampling, name, offered)
    if (value := parameter.rule(offered)) is None:
        allowed = parameter.allowed
        raise SettingsError(f"{name} must be {allowed}.", f"Give {name} {allowed}.")
    if name in ABOUT_TOOLS:
        return _with_free(sampling, name, value)
    return msgspec.structs.replace(sampling, **{name: value})


def rule_of(name: str) -> Parameter | None:
    """The rule of a parameter of ours, or of a preference among providers; None of a free field."""
    if found := PARAMETERS.get(name) or ABOUT_TOOLS.get(name):
        return found
    return ROUTING.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None


def _with_preference(sampling: Sampling, name: str, offered: object) -> Sampling:
    if (parameter := rule_of(name)) is not None:
        offered = parameter.rule(offered)
        if offered is None:
            raise SettingsError(f"{name} must be {parameter.allowed}.", f"Give {name} {parameter.allowed}.")
    _check_free(name, offered)
    value: JsonValue = json.loads(json_text(offered))
    text = with_preference(dict(sampling.extra).get(FIELD), name.removeprefix(PREFIX), value)
    return _with_free(sampling, FIELD, json.loads(text or "{}"))


def read_routing(value: object) -> Routing | None:
    """The preferences of the table `[provider]`; None where it is none, or something of it is not allowed."""
    if not isinstance(value, Mapping) or any(judge_routing(name, held) for name, held in value.items()):
        return None
    read = {name: _accepted(name, held) for name, held in value.items()}
    return {name: (held,) if isinstance(held, str) else held for name, held in read.items() if held is not None}


def judge_routing(name: str, value: object) -> tuple[Fault, ...]:
    """The faults of one line of the table."""
    if name not in ROUTING:
        close = nearest(name, ROUTING)
        return (Fault((), f"unknown; did you mean {close}?" if close else f"unknown; there are {', '.join(ROUTING)}"),)
    return () if _accepted(name, value) is not None else (Fault((), f"must be {ROUTING[name].allowed}"),)


def with_routing(sampling: Sampling, routing: Routing) -> Sampling:
    """The same with the preferences of the settings."""
    for name, held in routing.items():
        sampling = with_parameter(sampling, PREFIX + name, _accepted(name, held))
    return sampling


def _accepted(name: str, value: object) -> str | tuple[str, ...] | None:
    """The value of a preference; one that takes a single word takes it in a list too, as tables of names have it."""
    alone = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
    read = ROUTING[name].rule(value) or ROUTING[name].rule(alone)
    return read if isinstance(read, str | tuple) else None


def _without(sampling: Sampling, name: str) -> Sampling:
    if name.startswith(PREFIX) and name != PREFIX:
        left = with_preference(dict(sampling.extra).get(FIELD), name.removeprefix(PREFIX), None)
        return _with_free(sampling, FIELD, json.loads(left)) if left else _without(sampling, FIELD)
    if name in PARAMETERS:
        return msgspec.structs.replace(sampling, **{name: None})
    return msgspec.structs.replace(sampling, extra=tuple(pair for pair in sampling.extra if pair[0] != name))


def _check_free(name: str, offered: object) -> None:
    if not _FREE_NAME.fullmatch(name):
        raise SettingsError(
            f"{sanitize_line(name, 40)} cannot be a field's name.", "Names have letters, digits, _, - and dots."
        )
    if not _is_json(offered):
        raise SettingsError(f"{name} must be a value that JSON has.", "Dates, infinity and the like are none.")


def _with_free(sampling: Sampling, name: str, offered: object) -> Sampling:
    _check_free(name, offered)
    value = json_text(offered)
    if len(value) > _LONGEST_FREE:
        raise SettingsError(f"{name} is larger than {bound(_LONGEST_FREE)}.", "Give it a shorter value.")
    extra = {**dict(sampling.extra), name: value}
    if len(extra) > _MOST_FREE:
        raise SettingsError(f"There are more than {_MOST_FREE} fields.", "Take some away first.")
    return msgspec.structs.replace(sampling, extra=tuple(extra.items()))


def _is_json(value: object) -> bool:
    match value:
        case None | bool() | int() | str():
            return not isinstance(value, int) or abs(value) < 2**64
        case float():
            return math.isfinite(value)
        case list() | tuple():
            return all(map(_is_json, value))
        case dict():
            return all(isinstance(name, str) and _is_json(item) for name, item in value.items())
        case _:
            return False


def meant_instead(name: str) -> str:
    """The parameter that was likely meant by a free field's name; empty where none was."""
    if rule_of(name) is not None or name in _COMMON:
        return ""
    if name.startswith(PREFIX):
        close = nearest(name.removeprefix(PREFIX), ROUTING, least=0.75)
        return PREFIX + close if close else ""
    return nearest(name, (*PARAMETERS, *ABOUT_TOOLS), least=0.75)


# What is typed


def typed_pairs(text: str) -> Iterator[tuple[str, object]]:
    """Names and values of `temperature=0.2 stop=["a", "b"]`: what is JSON as such, anything else up to a blank as text.
    The value is None where nothing, or `default`, stands behind the sign.

    Raises:
        SettingsError: there is something else.
    """
    at = 0
    while text[at:].strip():
        pair = _PAIR.match(text, at)
        if pair is None:
            shown = sanitize_line(text[at:].strip().partition(" ")[0], 40)
            raise SettingsError(f"{shown} is no NAME=VALUE.", "Write it like temperature=0.2, without blanks around =.")
        value, at = _value_at(text, pair[1], pair.end())
        yield pair[1], value


def typed_value(name: str, text: str) -> object:
    """One value, the whole of the text; None where it is nothing, or `default`.

    Raises:
        SettingsError: it looks like JSON and is none.
    """
    value, end = _value_at(text.strip(), name, 0)
    return text.strip() if text.strip()[end:].strip() else value


def _value_at(text: str, name: str, start: int) -> tuple[object, int]:
    end = start + len(text[start:].split(maxsplit=1)[0]) if text[start : start + 1].strip() else start
    word = text[start:end]
    if word in ("", DEFAULT):
        return None, end
    try:
        value, json_end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        if word[0] in '{["':
            raise SettingsError(
                f"The value of {sanitize_line(name, 40)} is not JSON.", "Check its quotes and brackets."
            ) from None
        return word, end
    return (word, end) if text[json_end : json_end + 1].strip() else (value, json_end)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant)


# What is shown


def shown_value(value: object) -> str:
    """A value of a parameter as it can be typed again, not sanitised."""
    match value:
        case (str() as only,) if only != DEFAULT:
            return shown_value(only)
        case tuple():
            return json_text(list(value))
        case float():
            return json_text(value).removesuffix(".0")
        case str():
            return value if _is_one_word(value) else json_text(value)
        case _:
            return json_text(value)


def _is_one_word(text: str) -> bool:
    """Whether a text reads as itself where it stands without quotes."""
    try:
        return next(typed_pairs(f"x={text}"))[1] == text and len(text.split()) == 1
    except SettingsError:
        return False


def given_in(sampling: Sampling) -> dict[str, str]:
    """Every parameter that has a value, by name, as it can be typed again; free fields last, and of the preferences
    among providers each by itself."""
    own = {name: getattr(sampling, name) for name in PARAMETERS}
    return {
        **{name: shown_value(value) for name, value in own.items() if value is not None},
        **{name: value for field, text in sampling.extra for name, value in _shown_free(field, text)},
    }


def _shown_free(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A free field as it can be typed: a text without its quotes where it reads the same."""
    chosen = preferences(value) if name == FIELD else None
    if chosen and all(_FREE_NAME.fullmatch(each) and item is not None for each, item in chosen.items()):
        yield from ((PREFIX + each, _shown_preference(item)) for each, item in chosen.items())
        return
    read = json.loads(value)
    yield name, shown_value(read) if isinstance(read, str) else value


def _shown_preference(value: JsonValue) -> str:
    is_names = isinstance(value, list) and value and all(isinstance(name, str) for name in value)
    return shown_value(tuple(cast(list[str], value))) if is_names else shown_value(value)
