"""Reading of a request body.

Strict where a real gateway is (a missing model, messages of the wrong shape); unknown fields are ignored.
"""

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.demo.asked import Asked, AskedCall, AskedMessage, AskedTool
from tui_chat.demo.plan import HttpError

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


class _Wrong(Exception):
    """A field has the wrong shape; the message says which, and what is wanted."""


def read(body: bytes) -> Asked | HttpError:
    """Read the body of `POST /chat/completions`, or refuse it."""
    try:
        value: JsonValue = msgspec.json.decode(body)
        return _request(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _malformed(f"The body is not JSON: {error}")
    except _Wrong as error:
        return _malformed(str(error))


def _malformed(message: str) -> HttpError:
    return HttpError(400, message, "invalid_request_error", "invalid_request")


def _request(body: JsonValue) -> Asked:
    if not isinstance(body, dict):
        raise _Wrong("The body must be a JSON object.")
    model = body.get("model")
    if not isinstance(model, str) or not model.strip():
        raise _Wrong("'model' is required: the id of a model from GET /models.")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _Wrong("'messages' is required: an array with at least one message.")
    if body.get("n") not in (None, 1):
        raise _Wrong("'n' must be 1: one answer a request.")
    return Asked(
        model=model.strip(),
        messages=tuple(_message(message, f"messages[{index}]") for index, message in enumerate(messages)),
        fallbacks=_strings(body.get("models"), "models"),
        is_stream=_flag(body, "stream", default=False),
        tools=_tools(body.get("tools")),
        tool_choice=_choice(body.get("tool_choice")),
        allows_parallel=_flag(body, "parallel_tool_calls", default=True),
        limit_tokens=_limit(body),
        stops=_strings(body.get("stop"), "stop"),
        schema=_schema(body.get("response_format")),
        effort=effort if isinstance(effort := body.get("reasoning_effort"), str) else "",
    )


def _message(value: JsonValue, where: str) -> AskedMessage:
    if not isinstance(value, dict):
        raise _Wrong(f"{where} must be an object.")
    role = value.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise _Wrong(f"{where}.role must be one of {', '.join(sorted(_ROLES))}.")
    text, attachments = _content(value.get("content"), f"{where}.content")
    calls = value.get("tool_calls") or []
    if not isinstance(calls, list):
        raise _Wrong(f"{where}.tool_calls must be an array.")
    call_id = value.get("tool_call_id")
    if role == "tool" and not isinstance(call_id, str):
        raise _Wrong(f"{where}.tool_call_id is required in a tool message.")
    if role in ("user", "tool") and value.get("content") is None:
        raise _Wrong(f"{where}.content is required.")
    return AskedMessage(
        role=role,
        text=text,
        attachments=attachments,
        calls=tuple(_call(call, f"{where}.tool_calls[{index}]") for index, call in enumerate(calls)),
        call_id=call_id if isinstance(call_id, str) else "",
    )


def _content(value: JsonValue, where: str) -> tuple[str, tuple[str, ...]]:
    if value is None or isinstance(value, str):
        return value or "", ()
    if not isinstance(value, list):
        raise _Wrong(f"{where} must be a string or an array of blocks.")
    texts: list[str] = []
    others: list[str] = []
    for index, block in enumerate(value):
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(block, dict) or not isinstance(kind, str):
            raise _Wrong(f"{where}[{index}] must be an object with a 'type'.")
        if kind in ("text", "refusal"):
            text = block.get(kind)
            if not isinstance(text, str):
                raise _Wrong(f"{where}[{index}].{kind} must be a string.")
            texts.append(text)
        else:
            _check(block, kind, f"{where}[{index}]")
            others.append(kind)
    return "\n".join(texts), tuple(others)


def _check(block: JsonObject, kind: str, where: str) -> None:
    """Refuse a document or a recording that is not there, or not as it must be."""
    inner = block.get(kind)
    given = inner if isinstance(inner, dict) else {}
    if kind == "file" and not any(isinstance(given.get(name), str) for name in ("file_data", "file_id")):
        raise _Wrong(f"{where}.file needs its 'file_data' or a 'file_id'.")
    if kind == "input_audio" and not (isinstance(given.get("data"), str) and given.get("format") in ("wav", "mp3")):
        raise _Wrong(f"{where}.input_audio needs its 'data', and a 'format' of wav or mp3.")


def _call(value: JsonValue, where: str) -> AskedCall:
    function = value.get("function") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(function, dict):
        raise _Wrong(f"{where}.function is required.")
    name, arguments = function.get("name"), function.get("arguments")
    if not isinstance(name, str) or not isinstance(arguments, str):
        raise _Wrong(f"{where}.function needs a name and its arguments as a string.")
    return AskedCall(str(value.get("id") or ""), name, arguments)


def _tools(value: JsonValue) -> tuple[AskedTool, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Wrong("'tools' must be an array.")
    tools = []
    for index, tool in enumerate(value):
        function = tool.get("function") if isinstance(tool, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(function, dict) or not isinstance(name, str) or not name:
            raise _Wrong(f"tools[{index}].function.name is required.")
        description, parameters = function.get("description"), function.get("parameters")
        tools.append(
            AskedTool(
                name,
                description if isinstance(description, str) else "",
                parameters if isinstance(parameters, dict) else {},
            )
        )
    return tuple(tools)


def _choice(value: JsonValue) -> str:
    match value:
        case None:
            return "auto"
        case "auto" | "none" | "required":
            return str(value)
        case {"function": {"name": str() as name}}:
            return f"={name}"
        case _:
            raise _Wrong("'tool_choice' must be auto, none, required or one function by name.")


def _schema(value: JsonValue) -> JsonObject | None:
    match value:
        case {"type": "json_schema", "json_schema": {"schema": dict() as schema}}:
            return schema
        case {"type": "json_object"}:
            return {}
        case None | {"type": "text"}:
            return None
        case _:
            raise _Wrong("'response_format' must be text, json_object, or json_schema with a schema.")


def _limit(body: JsonObject) -> int | None:
    limit = body.get("max_completion_tokens")
    limit = body.get("max_tokens") if limit is None else limit
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise _Wrong("'max_tokens' must be a whole number from 1.")
    return limit


def _flag(body: JsonObject, name: str, *, default: bool) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise _Wrong(f"'{name}' must be true or false.")
    return default if value is None else value


def _strings(value: JsonValue, name: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value is not None else []
    strings = tuple(one for one in values if isinstance(one, str) and one)
    if len(strings) < len(values):
        raise _Wrong(f"'{name}' must be a string or an array of strings.")
    return strings
