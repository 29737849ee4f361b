"""A gateway in this process: it judges each request by the rules of its house, and answers by plan.

Every answer bears a number, in its words and in the arguments of its calls, by which the gateway knows it again when it
comes back: with all that belongs to it, or something was lost on the way.
"""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.gateways.houses import House, Model
from tests.gateways.rules import RULES, Asked, Object, calls_of, function_of, texts_of
from tests.providers.streams import DONE, chunk, data

ENDINGS = ("well", "well", "well", "length", "cut", "error", "hangs", "filtered")
CALLS = ("plain", "plain", "without an id", "the same id", "bad arguments", "no arguments", "unknown name")


@dataclass(frozen=True)
class Plan:
    """How one answer goes."""

    thinks: bool = False
    words: str = "plain"
    """`plain`, `blank`, `refusal` or nothing."""
    calls: tuple[str, ...] = ()
    ending: str = "well"
    cut_at: int = 0
    """Pieces that come before it breaks off."""
    fails_first: bool = False
    """The server is overloaded at the first try."""


@dataclass
class Simulated:
    """One gateway, with its memory."""

    house: House
    plans: Iterator[Plan]
    numbers: Iterator[int]
    tool: str
    hung: Callable[[], None] = lambda: None
    """What is done about an answer that hangs."""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By model and rule."""
    lost: list[str] = field(default_factory=list)
    """What should have come back and did not."""
    bodies: list[Any] = field(default_factory=list)
    """The last requests that were answered."""
    _signed: set[str] = field(default_factory=set)
    _given: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Ids of calls, by the model that gave them."""
    _own: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    """Of answers that ended well, by number: the model, what belongs to it as JSON text, and how many calls."""
    _failed: bool = False

    def transport(self) -> httpx.AsyncBaseTransport:
        """The way to it."""
        return _Transport(self)

    def answer(self, body: bytes) -> tuple[int, list[bytes], bool]:
        """Status, pieces of the body, and whether it hangs after them."""
        sent = json.loads(body)
        asked = Asked(sent, frozenset(self._signed), frozenset(self._given[sent["model"]]))
        model = self.house.models[asked.model]
        refusal = self._refusal(asked, model)
        if refusal is not None:
            return model.status, [json.dumps(self.house.error(refusal)).encode()], False
        self.bodies = [*self.bodies[-8:], asked.body]
        self._look_for_lost(asked, json.dumps(asked.body, ensure_ascii=False))
        plan = next(self.plans)
        if plan.fails_first:
            return 503, [b'{"error": {"message": "The server is overloaded."}}'], False
        return 200, *self._answer(asked, model, plan)

    def _refusal(self, asked: Asked, model: Model) -> str | None:
        for name, words in {**self.house.never, **model.never, **model.learned}.items():
            facts = RULES[name](asked)
            if facts is not None:
                self.refused[asked.model, name] += 1
                return words.format(**{"at": 0, "id": "", "name": "", **facts})
        return None

    # What comes back

    def _look_for_lost(self, asked: Asked, body: str) -> None:
        for _, message in asked.answers:
            numbers = set(_numbers(message))
            number = numbers.pop() if len(numbers) == 1 else 0
            owner, belongings, calls = self._own.get(number, ("", "", 0))
            words = "".join(texts_of(message))
            is_whole = words in ("", f"So it is, answer {number}.") and len(calls_of(message)) == calls
            if owner == asked.model and is_whole and belongings not in body:
                self.lost.append(f"{asked.model}: answer {number} came back without {belongings}")

    # What goes out

    def _answer(self, asked: Asked, model: Model, plan: Plan) -> tuple[list[bytes], bool]:
        number = next(self.numbers)
        deltas, belongings = self._thoughts(model, number) if plan.thinks else ([], "")
        if plan.words == "plain":
            deltas += [{"content": "So it is, "}, {"content": f"answer {number}."}]
        elif plan.words:
            deltas.append({"refusal": f"No, answer {number}."} if plan.words == "refusal" else {"content": " \n\n"})
        calls = plan.calls if "tools" in asked.body else ()
        for index, kind in enumerate(calls):
            item = self._call(kind, index, number)
            self._given[asked.model].add(str(item.get("id", "")))
            if model.signs_calls and index == 0:
                item["extra_content"] = signature = {"google": {"thought_signature": f"sig+/{number}=="}}
                self._signed.add(f"sig+/{number}==")
                belongings = json.dumps(signature)
            deltas.append({"tool_calls": [item]})
        pieces = [chunk(delta, model=asked.model) for delta in deltas]
        if plan.ending in ("cut", "hangs"):
            return pieces[: plan.cut_at % (len(pieces) + 1)], plan.ending == "hangs"
        if plan.ending == "error":
            return [*pieces, data({"error": {"message": "overloaded", "type": "server_error"}})], False
        reason = {"length": "length", "filtered": "content_filter"}.get(plan.ending, "tool_calls" if calls else "stop")
        is_wanted = model.wants_thoughts_back or (model.signs_calls and calls)
        if belongings and is_wanted and reason in ("stop", "tool_calls"):
            self._own[number] = asked.model, belongings, len(calls)
        return [*pieces, chunk(finish=reason, model=asked.model), DONE], False

    def _thoughts(self, model: Model, number: int) -> tuple[list[Object], str]:
        thought = f"Hm, thought {number}."
        if model.thinks_in == "reasoning_details":
            return self._details(number)
        if model.thinks_in != "thinking_blocks":
            pieces: list[Object] = [{model.thinks_in: "Hm, "}, {model.thinks_in: f"thought {number}."}]
            return (pieces if model.thinks_in else []), f'"{model.thinks_in}": "{thought}"'
        self._signed.add(f"{thought}sig{number}")
        blocks = [("Hm, ", None), (f"thought {number}.", None), ("", f"sig{number}")]
        deltas: list[Object] = [
            {
                "reasoning_content": words,
                "thinking_blocks": [{"type": "thinking", "thinking": words, "signature": signature}],
            }
            for words, signature in blocks
        ]
        return deltas, f'"thinking": "{thought}", "signature": "sig{number}"'

    def _details(self, number: int) -> tuple[list[Object], str]:
        """As OpenRouter sends the thoughts of Claude."""
        thought, common = (
            f"Hm, thought {number}.",
            {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": 0},
        )
        self._signed.add(f"{thought}sig{number}")
        items: list[Object] = [
            {**common, "text": "Hm, "},
            {**common, "text": f"thought {number}."},
            {**common, "signature": f"sig{number}"},
        ]
        return [{"reasoning_details": [item]} for item in items], f'"text": "{thought}"'

    def _call(self, kind: str, index: int, number: int) -> Object:
        arguments = {"bad arguments": f'{{"n": {number}', "no arguments": ""}.get(kind, f'{{"n": {number}}}')
        call: Object = {
            "index": index,
            "type": "function",
            "function": {"name": "none such" if kind == "unknown name" else self.tool, "arguments": arguments},
        }
        if kind != "without an id" and self.house.id_of_a_call:
            call["id"] = "call_0" if kind == "the same id" else self.house.id_of_a_call.format(n=10 * number + index)
        return call


def _numbers(message: Object) -> list[int]:
    words = (*texts_of(message), *(str(function_of(call)["arguments"]) for call in calls_of(message)))
    return [int(found[1]) for text in words for found in re.finditer(r'(?:answer |"n": )(\d+)', text)]


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, gateway: Simulated) -> None:
        self._gateway = gateway

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        status, pieces, hangs = self._gateway.answer(await request.aread())
        kind = "text/event-stream" if status == 200 else "application/json"
        body = _Body(pieces, self._gateway.hung if hangs else None)
        return httpx.Response(status, headers={"Content-Type": kind}, stream=body)


class _Body(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes], hung: Callable[[], None] | None) -> None:
        self._pieces = pieces
        self._hung = hung

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._hung is not None:
            self._hung()
            await asyncio.Event().wait()
