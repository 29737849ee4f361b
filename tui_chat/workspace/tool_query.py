"""Which tools fit what was typed: words in the names of the tool and of its server, and `on` or `off`."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tui_chat.core.search_query import split_words
from tui_chat.workspace.tool_switches import OFF, ON, Switchable

_READ_AS: Final = {ON: "on", OFF: "off in this chat"}


class ReadToolQuery(msgspec.Struct, frozen=True):
    """How what was typed was read; all of it holds together."""

    words: tuple[str, ...] = ()
    """In small letters; each occurs in the name of the tool or of its server."""
    switches: tuple[str, ...] = ()
    """`on` or `off`; the tool's switch stands so."""
    problems: tuple[str, ...] = ()
    """Nothing that is typed here is wrong."""

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for."""
        return not (self.words or self.switches)

    @property
    def readings(self) -> tuple[str, ...]:
        """What is not looked for as a word, in words."""
        return (" or ".join(_READ_AS[each] for each in self.switches),) if self.switches else ()


def read_tool_query(text: str) -> ReadToolQuery:
    """Read words, of which `on` and `off` are switches."""
    words = tuple(dict.fromkeys(word.casefold() for word in split_words(text)))
    return ReadToolQuery(
        tuple(word for word in words if word not in _READ_AS), tuple(word for word in words if word in _READ_AS)
    )


class FoundTools:
    """The tools that fit what was typed."""

    is_whole = True
    """They are few: each look goes through all of them."""

    def __init__(self) -> None:
        self.read = ReadToolQuery()

    def ask(self, text: str) -> None:
        """Look for this from now on."""
        self.read = read_tool_query(text)

    def among(self, tools: Sequence[Switchable]) -> Sequence[Switchable]:
        """Those of the tools that fit, in their order."""
        return tools if self.read.is_empty else [tool for tool in tools if self._fits(tool)]

    def _fits(self, tool: Switchable) -> bool:
        searched = f"{tool.name} {tool.server}".casefold()
        is_switched = not self.read.switches or (OFF if tool.is_off else ON) in self.read.switches
        return is_switched and all(word in searched for word in self.read.words)
