"""What a server offers, and what of that counts: a definition that came or changed later is off until it was looked at.

What a server says of its tools are words of a stranger: cleaned, and within bounds.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tui_chat.chat.tool_schema import check_parameters
from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.request import ToolDefinition
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.tool import ServerRecipe, Tool, ToolServer

MOST_TOOLS: Final = 500
LONGEST_DEFINITION: Final = 64 * 1024
"""Characters of a definition as JSON."""
LONGEST_OFFER: Final = 1024 * 1024
"""Characters of all definitions that are offered: each request carries them."""
_NAME: Final = re.compile(r"[A-Za-z0-9_./-]{1,128}")
"""As the specification has it, 2025-11-25, "Tool Names"."""


class Definition(msgspec.Struct, frozen=True):
    """A tool as a server describes it, unchanged."""

    name: str
    description: str
    parameters: JsonObject

    @property
    def digest(self) -> str:
        """Hash of all that the model is told of it."""
        told = json.dumps([self.name, self.description, self.parameters], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


class Offer:
    """The tools of one server, over its runs."""

    def __init__(self, server: ToolServer) -> None:
        self._server = server
        self._runs = json.dumps(
            msgspec.to_builtins([server.command, server.folder, server.env, server.url, server.headers])
        )
        self._now: dict[str, Tool] = {}
        self._looked_at: dict[str, Tool] = {}
        self._is_known = False
        self.left_out: tuple[str, ...] = ()
        """What is wrong with tools that cannot be offered, or were named and are not there."""

    def take(self, definitions: Sequence[Definition]) -> bool:
        """Take what the server has now; True where something of it is off until it was looked at. What it tells first
        is what was meant when it was set up."""
        wrong: list[str] = []
        self._now = {}
        length = 0
        for definition in definitions[:MOST_TOOLS]:
            tool = self._tool(definition, wrong)
            if tool is None or definition.name in self._now:
                continue
            length += _length(definition) if tool.is_enabled else 0
            if length > LONGEST_OFFER:
                wrong.append(f"its tools take more than {LONGEST_OFFER:,} characters to describe")
                break
            self._now[definition.name] = tool
        if len(definitions) > MOST_TOOLS:
            wrong.append(f"it has more than {MOST_TOOLS} tools")
        missing = [name for name in self._server.tools or () if name not in self._now]
        wrong += [f"it has no tool {sanitize_line(name, 60)}" for name in missing]
        self.left_out = tuple(wrong)
        if not self._is_known:
            self._is_known = True
            self._looked_at = dict(self._now)
        return any(self._is_changed(name) and self._now[name].is_enabled for name in self._now)

    def _tool(self, definition: Definition, wrong: list[str]) -> Tool | None:
        shown = sanitize_line(definition.name, 60)
        if not _NAME.fullmatch(definition.name):
            wrong.append(f"its tool {shown} has a name that no tool can have")
            return None
        try:
            if _length(definition) > LONGEST_DEFINITION:
                wrong.append(f"its tool {shown} takes more than {LONGEST_DEFINITION:,} characters to describe")
                return None
            parameters = check_parameters(definition.parameters, shown)
        except SettingsError as error:
            wrong.append(sanitize_line(error.failure.message, 300).rstrip("."))
            return None
        except (ValueError, RecursionError):
            wrong.append(f"its tool {shown} has a schema that cannot be read")
            return None
        chosen = self._server.tools is None or definition.name in self._server.tools
        return Tool(
            ToolDefinition(definition.name, sanitize(definition.description), parameters, self._server.name),
            ServerRecipe(self._server.name, definition.name, self._digest(definition)),
            self._server.timeout_s,
            self._server.limit_kb,
            chosen,
            self._server.source,
            self._server.runs_alone,
        )

    def _digest(self, definition: Definition) -> str:
        """Hash of what a tool is: what the model is told of it, and which server answers it."""
        return hashlib.sha256(f"{definition.digest} {self._runs}".encode("utf-8", "surrogatepass")).hexdigest()

    def _is_changed(self, name: str) -> bool:
        before = self._looked_at.get(name)
        return before is None or before.recipe != self._now[name].recipe

    @property
    def all(self) -> Mapping[str, Tool]:
        """What the server has now, by its own names."""
        return self._now

    def get(self, name: str) -> Tool | None:
        """The tool of this name, where it may be called."""
        tool = self._now.get(name)
        return tool if tool is not None and tool.is_enabled and not self._is_changed(name) else None

    @property
    def changed(self) -> list[tuple[Tool, Tool | None]]:
        """Tools that are off until they were looked at, each with what it was before."""
        names = [name for name, tool in self._now.items() if tool.is_enabled and self._is_changed(name)]
        return [(self._now[name], self._looked_at.get(name)) for name in names]

    def accept(self, tool: Tool) -> bool:
        """Let this tool be called, as it is here; False where it is not what the server has now."""
        for name, now in self._now.items():
            if now.recipe == tool.recipe:
                self._looked_at[name] = now
                return True
        return False


def _length(definition: Definition) -> int:
    return len(json.dumps(definition.parameters)) + len(definition.description)
