"""A recording in asciinema's format, version 2: a header and one line of JSON for each event.

https://docs.asciinema.org/manual/asciicast/v2/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from tests.pty.emulator import Emulator

OUTPUT: Final = "o"
MARKER: Final = "m"
"""Names the moment; players show a mark in their timeline."""


class Header(msgspec.Struct, frozen=True):
    """The first line."""

    version: Literal[2]
    width: int
    height: int
    title: str
    env: dict[str, str]


class Event(msgspec.Struct, frozen=True, array_like=True):
    """Any other line."""

    at_s: float
    """Seconds since the beginning."""
    kind: Literal["o", "m"]
    data: str


@dataclass(frozen=True)
class Cast:
    """A recording, its events in the order of their time."""

    header: Header
    events: tuple[Event, ...]

    @property
    def duration_s(self) -> float:
        """Time from the beginning to the last event."""
        return self.events[-1].at_s

    def part(self, marker: str) -> tuple[float, float]:
        """Find when the part that this marker begins starts and ends."""
        marks = [event for event in self.events if event.kind == MARKER]
        begins = next(number for number, event in enumerate(marks) if event.data == marker)
        following = marks[begins + 1 :] or [self.events[-1]]
        return marks[begins].at_s, following[0].at_s

    def to_text(self) -> str:
        """Write the lines of the file."""
        return "".join(f"{msgspec.json.encode(line).decode()}\n" for line in (self.header, *self.events))

    def screens(self) -> Iterator[tuple[Event, Emulator]]:
        """Yield each event with the screen after it, which is the same object each time."""
        emulator = Emulator(self.header.width, self.header.height)
        for event in self.events:
            if event.kind == OUTPUT:
                emulator.feed(event.data.encode())
            yield event, emulator


def read(text: str) -> Cast:
    """Read a file's lines.

    Raises:
        msgspec.ValidationError: where a line is none of the format.
    """
    first, *rest = text.splitlines()
    return Cast(msgspec.json.decode(first, type=Header), tuple(msgspec.json.decode(line, type=Event) for line in rest))
