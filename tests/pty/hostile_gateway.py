"""A gateway that puts the hostile corpus into everything that it says: catalogue, answers, errors, headers."""

import json
from collections.abc import Callable, Mapping

from tests.gateways.fault import Caller
from tests.hostile import ALL, LINE
from tests.pty.serving import END, chunk

MODEL = "good/model"
MARKDOWN = f"""# {LINE}

{LINE} **{LINE}** `{LINE}` ~~{LINE}~~

- {LINE}
- [{LINE}](https://evil.invalid/\x1b]52;c;cHduZWQ=) [scheme](javascript:alert) https://evil.invalid/\x9b2J
- ![{LINE}](http://evil.invalid/a.png)

| {LINE} | b |
| --- | --- |
| {LINE} | {LINE} |

> {LINE}

```{LINE}
{ALL}
```

```python
# {LINE}
```

{ALL}
"""


def _text() -> bytes:
    """One character an event, so that every pair and every sequence is split over two."""
    return b"".join(chunk(content=character) for character in MARKDOWN) + chunk(finish_reason=LINE)


def _tools() -> bytes:
    call = {
        "index": 0,
        "id": LINE,
        "type": "function",
        "function": {"name": LINE, "arguments": json.dumps({LINE: ALL})},
    }
    other = {"index": 1, "id": "b", "type": "function", "function": {"name": "look_up", "arguments": '{"' + LINE}}
    return chunk(tool_calls=[call]) + chunk(tool_calls=[other]) + chunk(finish_reason="tool_calls")


def _error() -> bytes:
    error = {"message": ALL, "type": LINE, "code": LINE, "param": LINE}
    return chunk(content="half") + b"data: " + json.dumps({"error": error}).encode() + b"\n\n"


ANSWERS: Mapping[str, Callable[[], bytes]] = {
    "text": _text,
    "reasoning": lambda: chunk(reasoning=ALL) + chunk(content="needle") + chunk(finish_reason="stop"),
    "refusal": lambda: chunk(refusal=ALL) + chunk(finish_reason="stop"),
    "broken": lambda: b"data: {" + LINE.encode("utf-8", "surrogatepass") + b"\n\n" + chunk(content="needle"),
    "error": _error,
    "tools": _tools,
}
STATUSES = ("401", "402", "404", "429", "500")
_CATALOG = [
    {"id": MODEL, "name": LINE, "description": ALL, "owned_by": LINE, "supported_parameters": [LINE]},
    {"id": LINE, "name": LINE},
    {"id": "needle/[/x][@click=app.quit]", "name": LINE, "architecture": {"input_modalities": [LINE]}},
]


class HostileGateway:
    """A script that answers as the first word of the last message asks."""

    def __init__(self) -> None:
        self.answered = 0
        """Questions, not catalogues."""

    async def __call__(self, caller: Caller) -> None:
        headers = {"X_Request_Id": "req\x9b2J\x85[/x]", "X_Model": "x\x9d0;pwned\x9c"}
        if not caller.line.startswith("POST"):
            await caller.begin(content_type="application/json", **headers)
            await caller.write(json.dumps({"data": _CATALOG}).encode())
            return
        word = _asked(json.loads(caller.body))
        if word in STATUSES:
            error = {"message": ALL, "type": LINE, "code": LINE}
            await caller.begin(f"{word} pwned\x9b2J", "application/json", **headers)
            await caller.write(json.dumps({"error": error}).encode())
        else:
            await caller.begin(**headers)
            body = ANSWERS.get(word, ANSWERS["text"])()
            body = body.replace(b'{"choices"', b'{"model": ' + json.dumps(LINE).encode() + b', "choices"')
            await caller.write(body + END)
        self.answered += 1


def _asked(request: dict[str, list[dict[str, object]]]) -> str:
    said = [message["content"] for message in request["messages"] if message["role"] == "user"]
    # Questions that got no answer go out with the next one, an empty line between them.
    return str(said[-1]).split("\n\n")[-1].split()[0] if said else ""
