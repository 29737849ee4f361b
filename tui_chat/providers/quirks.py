"""What one gateway wants otherwise for one model: known of a family beforehand, or learned from a refusal.

The table names what is published; everything else is learned by being refused once, for as long as the program runs.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.models import Ability

LEFT_OUT: Final[Mapping[Ability | None, str]] = {
    Ability.PICTURES: "images",
    Ability.PDF: "files",
    Ability.SOUND: "audio",
    None: "files",
}
"""What kinds of content are called where it is said that they were left out; under None what has no form."""

NEEDED: Final = frozenset({"model", "messages", "tools"})
"""Fields of a request that no refusal takes out of it one by one."""


class Thoughts(StrEnum):
    """When plain reasoning goes back to the model that it came from."""

    AUTO = "auto"
    """Within a round of tools only, in the field in which it came: models that think between calls go on from there."""
    ALWAYS = "always"
    """With every answer; one that has none of the model's own says so in words."""
    NEVER = "never"


class Quirks(msgspec.Struct, frozen=True):
    """How to put a question for one gateway and model."""

    without: frozenset[str] = frozenset()
    """Fields of the request that are left out."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Fields of the request that go by another name: the old one and the new one."""
    unsent: frozenset[str] = frozenset()
    """Fields of earlier answers that are left out."""
    thoughts: Thoughts = Thoughts.AUTO
    """What the model wants of its earlier thoughts."""
    chosen: Thoughts = Thoughts.AUTO
    """The person's choice, which goes before `thoughts` unless it is AUTO."""
    reasoning_field: str = ""
    """The name under which reasoning is wanted; empty: the one under which it came."""
    signs_calls: bool = False
    """Calls that others made need a signature that asks not to be checked."""
    answers_results: bool = False
    """A person's message must not follow a tool's result: an answer in words goes between."""
    short_ids: bool = False
    """Ids of calls are nine letters and digits."""
    tags_thoughts: bool = False
    """Thoughts that came between tags in the text go back there."""
    names_results: bool = False
    """A result carries the name of its tool."""
    no_null: bool = False
    """The content of a message without words is an empty text."""
    in_words: frozenset[Ability] = frozenset()
    """Kinds of content that it does not take: each is told in words."""
    system_in_words: bool = False
    """It takes no system prompt: that stands at the head of the first question."""
    calls_in_words: bool = False
    """It takes no tools: none is offered, and calls and results of the history are told in words."""
    calls_need_tools: bool = False
    """Calls of the history are told in words where no tools are offered."""
    own_rounds_only: bool = False
    """A round of tools that another model began is told in words: it lacks the thoughts that must begin it."""


_FAMILIES: tuple[tuple[str, str, Quirks], ...] = (
    # DeepSeek, "Thinking mode": R1 answers 400 where reasoning_content is in the input; V4 where it is missing.
    ("deepseek", r"deepseek-?r1", Quirks(thoughts=Thoughts.NEVER)),
    ("deepseek", r"deepseek-?v[4-9]", Quirks(thoughts=Thoughts.ALWAYS)),
    # Anthropic's API: "Requests which include `tool_use` or `tool_result` blocks must define tools."
    ("claude", r"(?:[a-z]+\.)*claude", Quirks(calls_need_tools=True)),
    # Moonshot, "Use the Kimi K2 thinking model": keep reasoning_content of every message in the context.
    ("kimi", r"kimi-?k2\.[5-9]|kimi-?k[3-9]|kimi-?k2-thinking", Quirks(thoughts=Thoughts.ALWAYS)),
    # MiniMax, "Interleaved thinking": the whole answer with its thoughts goes back in every round.
    ("minimax", r"minimax-?m[2-9]", Quirks(thoughts=Thoughts.ALWAYS, tags_thoughts=True)),
    # Google, Gemma's prompt structure: "Gemma models don't support system instructions"; its templates put them there.
    ("gemma", r"gemma-?[1-3]", Quirks(system_in_words=True)),
    # Google, "Thought signatures": calls without one are refused; for those of others there is a word that says so.
    # Its results need a name: "function_response.name: Name cannot be empty".
    ("gemini", r"gemini-?[3-9]", Quirks(signs_calls=True, names_results=True)),
    ("gemini", r"gemini", Quirks(names_results=True)),
    # Mistral's API: "Tool call id … must be a-z, A-Z, 0-9, with a length of 9", "Unexpected role 'user' after 'tool'".
    (
        "tral",
        r"(?:open-)?mi[sx]tral|magistral|codestral|devstral|pixtral|ministral|voxtral",
        Quirks(answers_results=True, short_ids=True),
    ),
)
"""Each with a word that all names of the family have: where it is not there, no pattern is compiled."""

_FAMILY = lazy_pattern(
    r"claude|gemini|gemma|gpt-oss|gpt|deepseek|kimi|minimax|glm|qwen|qwq|grok|llama|mi[sx]tral|magistral|devstral"
    r"|codestral|nova|command|phi|\bo\d"
)


def known_quirks(model: str) -> Quirks:
    """What is published of the model's family."""
    name = model.lower().rpartition("/")[2]
    return next((quirks for word, pattern, quirks in _FAMILIES if word in name and re.match(pattern, name)), Quirks())


def is_known(model: str) -> bool:
    """Whether the model's name tells its family."""
    return bool(_FAMILY.search(model.lower().rpartition("/")[2]))


def family(model: str) -> str:
    """What models that read each other's thoughts have in common: the family's name, or, where we know none, the
    model's own without its variant."""
    found = _FAMILY.search(model.lower().rpartition("/")[2])
    return found[0] if found else model.lower().partition(":")[0]
