"""Parts of an answer while they grow: what the fold keeps of each."""

from collections.abc import Collection
from typing import Final

import msgspec

from tui_chat.core.media import data_url, joined, media_type_of
from tui_chat.core.parts import Fragment, Media, Part, Reasoning, Refusal, Text, ToolCall
from tui_chat.core.rope import Rope
from tui_chat.core.sanitize import sanitize_line

MOST_FRAGMENTS: Final = 10_000
"""Arrivals that are kept apart in one call; those after them count as one, at the time of the last of them."""


class Run(msgspec.Struct):
    """Consecutive deltas of one kind."""

    kind: type[Text] | type[Reasoning] | type[Refusal]
    words: Rope
    first_s: float
    last_s: float

    def part(self) -> Part:
        """What came so far."""
        text = self.words.text()
        if self.kind is Reasoning:
            return Reasoning(text, round(self.last_s - self.first_s, 3))
        return self.kind(text)


class Call(msgspec.Struct):
    """A call whose arguments arrive."""

    id: str = ""
    name: str = ""
    kind: str = ""
    is_masked: bool = False
    arguments: Rope = msgspec.field(default_factory=Rope)
    fragments: list[Fragment] = []
    provider_data: dict[str, str] = {}

    def grow(self, text: str, at_s: float) -> None:
        """Take in a piece of the arguments, which came so many seconds after the request was started."""
        self.arguments.append(text)
        fragments = self.fragments
        if len(fragments) < MOST_FRAGMENTS:
            fragments.append(Fragment(round(at_s, 4), len(text)))
        else:
            fragments[-1] = Fragment(round(at_s, 4), fragments[-1].length + len(text))

    def part(self, id_: str) -> ToolCall:
        """What came so far, under this id."""
        arguments, fragments = self.arguments.text(), tuple(self.fragments)
        return ToolCall(id_, self.name, arguments, fragments, id_ != self.id, tuple(self.provider_data.items()))

    @property
    def never_runs(self) -> str:
        """Why it could be run nowhere, whatever is offered; empty where it could."""
        if self.is_masked:
            return "The key stood in it, and was hidden."
        if self.kind:
            return f"Calls of the type “{sanitize_line(self.kind, 60)}” are unknown."
        return "" if self.name.strip() else "It names no tool."

    def flaw(self, offered: Collection[str]) -> str:
        """Why nobody could run it, now that the answer has ended; empty where somebody may. Where no tool was offered,
        nothing is judged by its name."""
        if self.never_runs:
            return self.never_runs
        if offered and self.name not in offered:
            return f"No tool “{sanitize_line(self.name, 60)}” was offered."
        return ""


class Sound(msgspec.Struct):
    """The sound that is the answer."""

    pieces: list[str] = []
    media_type: str = ""

    def part(self) -> Media:
        """What came so far."""
        url = data_url(joined(self.pieces), self.media_type)
        named = self.media_type or media_type_of(Media("audio", url)) or ""
        return Media("audio", url, media_type=named)
