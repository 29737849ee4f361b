"""The ways a tool call can take, each by its word in a short prompt: what demo/tools can show of good and bad calls."""

import itertools
import re
from typing import Final

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.demo import filling
from tui_chat.demo.asked import Asked, AskedTool
from tui_chat.demo.plan import CallTool, GrowCall, Hang, Move, Plan, Say, Wait
from tui_chat.demo.snippets import SNIPPETS

MOST_WORDS: Final = 8
"""Words of a prompt in which the name of a way is taken for one."""
STALL_S: Final = 20.0
SLICE: Final = 9
"""Characters of one call before the other goes on, where two arrive by turns."""

HELP: Final = """\
Hello! I show how tool calls arrive. Ask for the weather in a city, or in two at once, or say one of these words:

| say | what happens |
| --- | --- |
| `parallel` | two calls, one after the other |
| `interleaved` | two calls whose pieces come by turns |
| `code` | a long program as an argument, as fast as a person types |
| `fault` | a call that does not fit the schema of its tool |
| `broken` | a call whose arguments are not JSON |
| `stalled` | a call that stops in the middle for twenty seconds |
| `cut` | the stream ends in the middle of a call |
| `limit` | the answer reaches its length limit in the middle of a call |
| `unknown` | a call of a tool that nobody offered |
| `loop` | a call, and the same one after each result |

Nothing is run by me: the tools are simulated, and who answers a call is you. Here is one:

"""

_WAY: Final = re.compile(
    r"\b(interleaved|code|fault|broken|stall(?:s|ed)?|cut|limit|unknown|loop)\b",
    re.IGNORECASE,
)
_CODE_FIELDS: Final = (
    re.compile(r"content|code|text|source|body|script", re.IGNORECASE),
    re.compile("query"),
    re.compile(""),
)
"""Names of fields that a program may stand in, the likeliest first."""


def way(prompt: str) -> str:
    """The way that a short prompt names, in lower case; empty where it names none."""
    found = _WAY.search(prompt) if len(prompt.split()) <= MOST_WORDS else None
    return found[1].lower() if found else ""


def answer(asked: Asked, offered: tuple[AskedTool, ...], name: str, call_id: str) -> Plan:
    """Answer with calls that take this way; `call_id` begins the ids of the calls."""
    first = offered[0]
    arguments = _filled(first, asked.prompt)
    call = CallTool(0, call_id, first.name, "")
    half = len(arguments) * 2 // 3
    match name:
        case "interleaved":
            return _plan(*_by_turns(asked, offered, call_id))
        case "code":
            tool, text = _with_code(offered)
            return _plan(CallTool(0, call_id, tool.name, text), tokens_per_s=12.0)
        case "fault":
            return _plan(CallTool(0, call_id, first.name, _at_fault(first, asked.prompt)))
        case "broken":
            return _plan(CallTool(0, call_id, first.name, arguments.replace(":", "", 1)))
        case "cut":
            return _plan(call, GrowCall(0, arguments[:half]), Hang(is_clean=True))
        case "limit":
            return _plan(call, GrowCall(0, arguments[:half]), reason="length")
        case "unknown":
            return _plan(CallTool(0, call_id, "launch_rocket", '{"target": "moon", "countdown_s": 10}'))
        case "loop":
            return _plan(Say("Once more. "), CallTool(0, call_id, first.name, arguments))
        case _:
            return _plan(call, GrowCall(0, arguments[:half]), Wait(STALL_S), GrowCall(0, arguments[half:]))


def _plan(*moves: Move, reason: str = "tool_calls", tokens_per_s: float = 18.0) -> Plan:
    return Plan(moves, finish_reason=reason, tokens_per_s=tokens_per_s)


def _filled(tool: AskedTool, prompt: str) -> str:
    return msgspec.json.encode(filling.fill(tool.parameters, prompt)).decode()


def _by_turns(asked: Asked, offered: tuple[AskedTool, ...], call_id: str) -> list[Move]:
    """Two calls in small slices, one of each by turns."""
    tools = (offered[0], offered[1] if len(offered) > 1 else offered[0])
    texts = [_filled(tool, asked.prompt) for tool in tools]
    moves: list[Move] = [CallTool(index, f"{call_id}{index}", tool.name, "") for index, tool in enumerate(tools)]
    for at in range(0, max(map(len, texts)), SLICE):
        moves += [GrowCall(index, text[at : at + SLICE]) for index, text in enumerate(texts) if text[at:]]
    return moves


def _with_code(offered: tuple[AskedTool, ...]) -> tuple[AskedTool, str]:
    """A tool that takes a long text, and arguments with a program in it."""
    program = "\n\n".join(SNIPPETS["python"] for _ in range(2))
    for likely, tool in itertools.product(_CODE_FIELDS, offered):
        fields = _texts_of(tool)
        if name := next(filter(likely.search, fields), ""):
            beside: JsonObject = {field: "joined.py" for field in fields if field != name and "path" in field}
            return tool, msgspec.json.encode({**beside, name: program}).decode()
    return offered[0], msgspec.json.encode({"content": program}).decode()


def _texts_of(tool: AskedTool) -> list[str]:
    properties = tool.parameters.get("properties")
    named = properties.items() if isinstance(properties, dict) else ()
    return [name for name, one in named if isinstance(one, dict) and one.get("type") == "string" and "enum" not in one]


def _at_fault(tool: AskedTool, prompt: str) -> str:
    """Arguments of a wrong type, with one that is required left out, and one that is not in the schema."""
    filled = filling.fill(tool.parameters, prompt)
    wrong: dict[str, JsonValue] = {}
    for number, (name, value) in enumerate(filled.items()):
        if number == 0:
            wrong[name] = 42 if isinstance(value, str) else "forty-two"
        elif number < len(filled) - 1:
            wrong[name] = value
    return msgspec.json.encode({**wrong, "colour": "red"}).decode()
