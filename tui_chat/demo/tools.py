"""demo/tools: calls tools, in fragments, two at once where two things are asked for, and answers from their results.

Words of their own ask for calls that go wrong, or take long: `tool_paths`.
"""

import hashlib
import re

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.demo import filling, tool_paths
from tui_chat.demo.asked import Asked, AskedCall, AskedMessage, AskedTool
from tui_chat.demo.plan import CallTool, Move, Plan, Say

OWN_TOOLS = (
    AskedTool(
        "get_weather",
        "Returns the weather for a city: temperature, forecast, rain",
        {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    ),
    AskedTool(
        "search",
        "Search the web, look up or find news and facts",
        {
            "type": "object",
            "properties": {"query": {"type": "string"}, "limit": {"type": "integer", "default": 3}},
            "required": ["query", "limit"],
            "additionalProperties": False,
        },
    ),
    AskedTool(
        "write_file",
        "Writes a text, such as a program, to a file",
        {
            "type": "object",
            "properties": {"path": {"type": "string"}, "content": {"type": "string"}},
            "required": ["path", "content"],
            "additionalProperties": False,
        },
    ),
)
"""What is called where nothing is offered."""
_WORD = re.compile(r"[a-z]{3,}")
_TWO = re.compile(r"\b(and|both|two|twice|parallel|as well as|plus|compare|vs)\b|,|&", re.IGNORECASE)
_SECOND_PLACE = "Paris"
_DULL = frozenset(
    _WORD.findall("the and for with from that this what get use tool tools call calls you your are returns")
)


def answer(asked: Asked, *, shows_ways: bool = False) -> Plan:
    """Answer a question with calls, and the results of calls with words. With `shows_ways`, a short prompt may name a
    way that calls can take, and one that asks for nothing is told which there are, with a call."""
    way = tool_paths.way(asked.prompt) if shows_ways else ""
    if asked.messages[-1].role == "tool" and way != "loop":
        return Plan((Say(_from_results(asked.messages)),))
    offered = asked.tools or OWN_TOOLS
    if asked.tool_choice == "none":
        names = ", ".join(f"`{tool.name}`" for tool in offered)
        return Plan((Say(f"I was told not to call anything (`tool_choice: none`). I could have used {names}."),))
    if asked.tool_choice.startswith("="):
        named = tuple(tool for tool in offered if tool.name == asked.tool_choice[1:])
        offered = named or offered
    if way:
        return tool_paths.answer(asked, offered, way, _call_id(asked, 0))
    wanted = _wanted(asked.prompt, offered)
    if not asked.allows_parallel:
        wanted = wanted[:1]
    moves: list[Move] = []
    if not _keywords(asked.prompt):
        moves.append(Say(tool_paths.HELP if shows_ways else "Hello! I show how tool calls arrive, so here is one. "))
    for index, (tool, subject) in enumerate(wanted):
        arguments = msgspec.json.encode(filling.fill(tool.parameters, asked.prompt, subject)).decode()
        moves.append(CallTool(index, _call_id(asked, index), tool.name, arguments))
    return Plan(tuple(moves), finish_reason="tool_calls", tokens_per_s=18.0)


def _wanted(prompt: str, offered: tuple[AskedTool, ...]) -> list[tuple[AskedTool, str]]:
    """Choose the tools to call and the subject of each call: two calls where the prompt asks for two things."""
    scores = {tool.name: _score(prompt, tool) for tool in offered}
    ranked = sorted(offered, key=lambda tool: -scores[tool.name])
    best = ranked[0]
    places = filling.places(prompt)
    subject = places[0] if places else ""
    if not _TWO.search(prompt):
        return [(best, subject)]
    if len(ranked) > 1 and scores[ranked[1].name] > 0:
        both = sorted(ranked[:2], key=offered.index)
        return [(tool, subject) for tool in both]
    if len(places) > 1:
        return [(best, place) for place in places[:4]]
    if re.search(r"\b(both|two|twice|parallel)\b", prompt, re.IGNORECASE):
        other = next((tool for tool in ranked[1:]), best)
        return [(best, subject), (other, _SECOND_PLACE if other is best else subject)]
    return [(best, subject)]


def _keywords(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _DULL} - {"hello", "hey"}


def _score(prompt: str, tool: AskedTool) -> int:
    said = _keywords(prompt)
    named = _keywords(tool.name.replace("_", " "))
    properties = tool.parameters.get("properties")
    fields = " ".join(properties) if isinstance(properties, dict) else ""
    return 3 * len(said & named) + len(said & _keywords(f"{tool.description} {fields}"))


def _call_id(asked: Asked, index: int) -> str:
    seed = "\0".join((*(f"{message.role}:{message.text}" for message in asked.messages), str(index)))
    return "call_" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:12]


def _from_results(messages: tuple[AskedMessage, ...]) -> str:
    """Write the answer after the tools ran: each result with its call."""
    calls = {call.id: call for message in messages for call in message.calls}
    results: list[AskedMessage] = []
    for message in reversed(messages):
        if message.role != "tool":
            break
        results.insert(0, message)
    heading = (
        "Here is what I found." if len(results) == 1 else f"All {len(results)} calls came back. Here is what I found."
    )
    return "\n\n".join([heading, *(_one_result(calls.get(result.call_id), result.text) for result in results)]) + "\n"


def _one_result(call: AskedCall | None, text: str) -> str:
    title = "A result" if call is None else f"`{call.name}`{_about(call.arguments)}"
    try:
        value: JsonValue = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        value = text
    if isinstance(value, dict) and value:
        rows = "\n".join(f"- {key}: **{_shown(one)}**" for key, one in value.items())
        return f"{title}\n\n{rows}"
    if isinstance(value, list) and value:
        return f"{title}\n\n" + "\n".join(f"1. {_shown(one)}" for one in value[:20])
    return f"{title}\n\n> " + (_shown(value).replace("\n", "\n> ") or "(an empty result)")


def _about(arguments: str) -> str:
    try:
        value: JsonValue = msgspec.json.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        return ""
    known: JsonObject = value if isinstance(value, dict) else {}
    said = [f"**{one}**" for one in known.values() if isinstance(one, str) and one]
    return f" for {said[0]}" if said else ""


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
