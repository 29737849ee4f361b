"""The marks of a conversation's calls: each call's arguments against the schema of its tool.

Kept beside the board, since marks follow the arguments where they grow, and what a validator said of the whole is asked
for once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.request import ToolDefinition
from tui_chat.core.schema_marks import SchemaMarks
from tui_chat.workspace.argument_check import Checked
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call

LONGEST_CHECKED: Final = 1024 * 1024
"""Bytes of arguments that a validator is given."""

Check = tuple[JsonObject, JsonValue]
"""A schema, and the value that is to be checked against it."""


class KnownTools(Mapping[str, ToolDefinition]):
    """The tools that can be called, by their names, as they are at each look. One that could before can be had by
    its name, for its calls, and is not listed any more."""

    def __init__(self, offered: Callable[[], Sequence[ToolDefinition]]) -> None:
        self._offered = offered
        self._seen: dict[str, ToolDefinition] = {}

    def _look(self) -> dict[str, ToolDefinition]:
        offered = {tool.name: tool for tool in self._offered()}
        self._seen.update(offered)
        return offered

    def __getitem__(self, name: str) -> ToolDefinition:
        self._look()
        return self._seen[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._look())

    def __len__(self) -> int:
        return len(self._look())


class CallMarks:
    """What is marked of one call."""

    def __init__(self, definition: ToolDefinition | None, parsed: PartialJson) -> None:
        self.definition = definition
        self.parsed = parsed
        self.marks = SchemaMarks(definition.parameters if definition is not None else None)
        self.faults: tuple[str, ...] = ()
        """Faults of the arguments as a whole, as a validator says; not sanitised."""
        self._is_checked = False

    def to_check(self, call: Call) -> Check | None:
        """What a validator shall be asked, once and only where it is needed."""
        if (
            self._is_checked
            or self.definition is None
            or call.state is CallState.ARRIVING
            or not self.parsed.is_whole
            or not self.marks.leaves_open
            or call.size_bytes > LONGEST_CHECKED
        ):
            return None
        self._is_checked = True
        return self.definition.parameters, self.parsed.root[0]

    def settle(self, checked: Checked | None) -> None:
        """Take what the validator said; None where it could not tell."""
        if checked is not None:
            self.marks.settle(checked.members)
            self.faults = checked.whole


class MarkedCalls:
    """The marks of all calls that were looked at, by their keys."""

    def __init__(self, definitions: Mapping[str, ToolDefinition]) -> None:
        self.definitions = definitions
        self._marks: dict[tuple[str, int], CallMarks] = {}

    def of(self, call: Call) -> CallMarks:
        """The marks of a call as far as its arguments have come."""
        parsed, definition = call.parsed(), call.definition or self.definitions.get(call.name)
        known = self._marks.get(call.key)
        if known is None or known.parsed is not parsed or known.definition is not definition:
            known = self._marks[call.key] = CallMarks(definition, parsed)
        known.marks.follow(parsed)
        return known
