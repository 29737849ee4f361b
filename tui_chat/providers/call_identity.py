"""Which call does a fragment belong to? The rules that meet every gateway at once.

Textbook streams number their calls by `index`. Real ones send index 0 for all (Gemini, Ollama), none (Mistral), count
from 1 (relays), leave ids empty, repeat or rotate them, and repeat the name on every piece (MiniMax, llama_cpp.server).
"""

import json

import msgspec

from tui_chat.core.stream_events import ToolCallDelta

_PARSE_BUDGET = 1_000_000
"""Characters that may be parsed per call to see whether its arguments are whole, so that time stays linear."""

LEGACY = -1
"""The index under which `function_call` is filed: there is only ever one."""


class _Call(msgspec.Struct, eq=False):
    position: int
    id: str = ""
    name: str = ""
    pieces: list[str] = []
    size: int = 0
    parse_budget: int = _PARSE_BUDGET

    def grow(self, fragment: str) -> None:
        """More arguments. Their text is kept only as long as it may still be parsed."""
        self.size += len(fragment)
        if self.size <= self.parse_budget:
            self.pieces.append(fragment)
        else:
            self.pieces.clear()

    @property
    def is_whole(self) -> bool:
        """The arguments so far are one JSON object."""
        if not self.size or self.size > self.parse_budget or not self.pieces[-1].rstrip().endswith("}"):
            return False
        self.parse_budget -= self.size
        text = "".join(self.pieces)
        self.pieces = [text]
        return _is_object(text)


class CallIdentity:
    """Settles each fragment of one answer."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._by_id: dict[str, _Call] = {}
        self._touched: set[int] = set()

    @property
    def count(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    @property
    def has_listed(self) -> bool:
        """A call came under `tool_calls`, so `function_call` only says the same again."""
        return any(index != LEGACY for index in self._by_index) or len(self._calls) > len(self._by_index)

    def next_chunk(self) -> None:
        """A new list of fragments begins: two of the same list with names are two calls."""
        self._touched.clear()

    def settle(self, index: int | None, id_: str, name: str, fragment: str) -> ToolCallDelta:
        """The event for one fragment."""
        call = self._indexed(index, id_, name, fragment) if index is not None else self._loose(id_, name, fragment)
        call.id = call.id or id_
        call.name = call.name or name
        if id_ and id_ == call.id:
            self._by_id.setdefault(id_, call)
        if fragment:
            call.grow(fragment)
        self._touched.add(call.position)
        return ToolCallDelta(call.position, call.id, call.name, fragment)

    def _indexed(self, index: int, id_: str, name: str, fragment: str) -> _Call:
        call = self._by_index.get(index)
        if call is None:
            call = self._begun_elsewhere(id_, name, fragment) or self._begin()
        elif self._is_another(call, id_, name, fragment):
            call = self._begin()
        else:
            return call if id_ or name else self._unfinished(call, fragment)
        self._by_index[index] = call
        return call

    def _begun_elsewhere(self, id_: str, name: str, fragment: str) -> _Call | None:
        """The call that a piece under a new index goes on with, where its beginning had no index or another one
        (DeepSeek behind some endpoints, Bedrock through LibreChat)."""
        if name:
            return None
        if id_:
            return self._by_id.get(id_)
        last = self._calls[-1] if self._calls else None
        return last if last is not None and fragment and not last.is_whole else None

    def _unfinished(self, call: _Call, fragment: str) -> _Call:
        """Nothing follows a whole object: such a piece belongs to the call that began last (Gemini through gateways
        sends the second call's pieces under the first one's index)."""
        last = self._calls[-1]
        if last is not call and fragment.strip() and call.is_whole and not last.is_whole:
            return last
        return call

    def _loose(self, id_: str, name: str, fragment: str) -> _Call:
        known = self._by_id.get(id_) if id_ else None
        if known is not None:
            if self._is_fresh_whole(known, name, fragment):
                known = self._by_id[id_] = self._begin()
            return known
        last = self._calls[-1] if self._calls else None
        if last is None or id_:
            return self._begin()
        if not name:
            return last
        is_repeated = name == last.name and last.position not in self._touched
        if is_repeated and not self._is_fresh_whole(last, name, fragment) and not (last.size and last.is_whole):
            return last
        return self._begin()

    def _is_another(self, call: _Call, id_: str, name: str, fragment: str) -> bool:
        """Whether a fragment under the index of `call` begins another call."""
        if not name:
            return False
        if id_ and call.id and id_ != call.id and (call.size or call.position in self._touched):
            return True
        if id_ and not call.id and call.size and call.name and (name != call.name or call.is_whole):
            return True
        return self._is_fresh_whole(call, name, fragment)

    def _is_fresh_whole(self, call: _Call, name: str, fragment: str) -> bool:
        """A name with a whole object, after a whole object: nobody sends one call like that."""
        return bool(name and call.name and call.size and _is_object(fragment) and call.is_whole)

    def _begin(self) -> _Call:
        call = _Call(len(self._calls))
        self._calls.append(call)
        return call


def _is_object(text: str) -> bool:
    stripped = text.strip()
    if not (stripped.startswith("{") and stripped.endswith("}")):
        return False
    try:
        json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return False
    return True
