"""Keys in turn: each goes where the one before it has led.

Textual 8.2.8 gives a key to what has the focus when it is read, and runs what it is bound to once it has gone up
through all that stands above. Of keys that are read in one go, as fast fingers, a paste and a slow line send them, the
second is so given to what the first is about to cover: it is lost, or does the same once more. Here a key waits until
the one before it is dealt with, and until the screen that this one opened is built; and while the program starts, until
all is there that it may lead to. And a sentence that is being typed
goes on in its field, whatever opens over it by itself: no letter of it answers a question that nobody has read.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final, TypeAlias

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

LONGEST_S: Final = 0.5
"""How long a key waits for the one before it: what is slow must be left by a key, too."""
GOES_ON_S: Final = 1.0
"""Longest pause within a sentence."""
_WITHIN_TEXT: Final = frozenset({"left", "right", "home", "end", "backspace", "delete"})
"""Keys that act on a text alone: they are held down, and come by the thousand."""
_ENDING: Final = frozenset({"ctrl+c", "ctrl+q"})
"""Keys that end what goes on, whatever that is."""
LATE_S: Final = 0.3
"""How long a key waits for the start before that is said."""
Pressed: TypeAlias = events.Key | events.Paste


class KeyTurns:
    """The keys of one app that are not given to anybody yet."""

    def __init__(
        self,
        app: App[None],
        home: Callable[[], Widget],
        has_started: asyncio.Event,
        say_late: Callable[[], object],
        nothing_waits: Callable[[], asyncio.Event],
    ) -> None:
        """`home` is the field in which somebody writes who has pressed no other key. Until the program `has_started`
        there is nothing but a text to write, and every other key waits; `say_late` says so. `nothing_waits` is set
        unless a command waits for a conversation: what is typed behind its key is meant for where it leads."""
        self._app = app
        self._home = home
        self._has_started = has_started
        self._say_late = say_late
        self._nothing_waits = nothing_waits
        self._is_held = False
        """Keys wait for a command that waits."""
        self._waiting: deque[Pressed] = deque()
        self._due: deque[Pressed] = deque()
        """Those whose turn it is, and which the app is to be told of once more."""
        self._followed: asyncio.Task[None] | None = None
        """Waits for what the last key does; None where nothing is waited for."""
        self._field: Widget | None = None
        """What was written in last."""
        self._written_at = 0.0
        self._is_led = False
        """Another key came since, or a click: what has the focus now was wanted."""

    def take(self, event: events.Event) -> bool:
        """Whether the app is to go on with what it was told of. A key whose turn has not come is kept until then, or is
        given to the field that is written in."""
        self._is_led = self._is_led or isinstance(event, events.MouseDown)
        if event.is_forwarded or not isinstance(event, Pressed):
            return True
        if self._due and event is self._due[0]:
            self._due.popleft()
        elif self._passes(event):
            return True
        elif self._due or self._followed is not None:
            self._waiting.append(event)
            return False
        elif not self._has_started.is_set() and not self._is_written(event):
            self._waiting.append(event)
            self._followed = asyncio.create_task(self._follow_start())
            return False
        focused, written_in = self._app.focused, self._left_field(event)
        if written_in is None and not self._is_written(event):
            self._is_led = self._is_led or not _is_text(event)
            self._followed = asyncio.create_task(self._follow(focused or self._app.screen))
            return True
        self._field, self._written_at, self._is_led = written_in or focused, monotonic(), False
        if not self._due:
            self._give_turns()
        if written_in is not None:
            written_in._forward_event(event)
        return written_in is None

    def _passes(self, event: Pressed) -> bool:
        """Whether it goes ahead of keys that are held: a dialog is to be answered, and what takes long to be left."""
        if len(self._app.screen_stack) > 1:
            return self._is_held or not self._has_started.is_set()
        if not self._has_started.is_set():
            return _key_of(event) in _ENDING or (_key_of(event) == "enter" and self._sends_nothing)
        return self._is_held and _leads_out(event)

    @property
    def _sends_nothing(self) -> bool:
        """Nothing is written, and nothing was typed that may still be on its way: Enter is one too many, from the
        shell's line."""
        home = self._home()
        return self._field is None and not self._waiting and isinstance(home, TextArea) and not home.text

    @property
    def waiting(self) -> int:
        """How many keys wait for their turn, which the app was told of."""
        return len(self._waiting)

    def _left_field(self, event: Pressed) -> Widget | None:
        """The field in which this text goes on, or begins, under what took the focus by itself; else None."""
        if self._is_led or not _is_text(event):
            return None
        field = self._field
        if field is not None and field.is_attached and monotonic() - self._written_at < GOES_ON_S:
            return field if field is not self._app.focused else None
        is_covered = len(self._app.screen_stack) > 1 and not self._is_written(event)
        return self._home() if is_covered and _key_of(event) not in self._app.screen.active_bindings else None

    def _is_written(self, event: Pressed) -> bool:
        """It is text for the field that has the focus, or moves in it, and leads nowhere."""
        focused = self._app.focused
        if isinstance(focused, TextArea) and isinstance(event, events.Key) and event.key in _WITHIN_TEXT:
            return True
        return _is_text(event) and isinstance(focused, Input | TextArea)

    async def _follow(self, target: DOMNode) -> None:
        """Wait for what the last key does, then let the next one have its turn."""
        with suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(LONGEST_S):
                await self._dealt_with(target)
        await self._follow_command()
        self._followed = None
        self._give_turns()

    async def _follow_start(self) -> None:
        """Wait until there is what keys lead to."""
        try:
            async with asyncio.timeout(LATE_S):
                await self._has_started.wait()
        except TimeoutError:
            self._say_late()
            await self._has_started.wait()
        self._followed = None
        self._give_turns()

    async def _follow_command(self) -> None:
        """Wait until a command that waits for the start is run, and has opened what it opens."""
        if (nothing_waits := self._nothing_waits()).is_set():
            return
        self._is_held = True
        await nothing_waits.wait()
        self._is_held = False
        with suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(LONGEST_S):
                await self._dealt_with(self._app.screen)

    def _give_turns(self) -> None:
        """Give the next key its turn, and all text before it."""
        while self._waiting:
            self._due.append(event := self._waiting.popleft())
            self._app.post_message(event)
            if not self._is_written(event):
                break

    async def _dealt_with(self, target: DOMNode) -> None:
        """Wait until a key that was given to `target` has gone all the way up, and the screen is built."""
        for node in target.ancestors_with_self:
            await _passed(node)
        await asyncio.sleep(0)  # a worker that the key began has now opened its dialog
        await _passed(self._app.screen)


def _key_of(event: Pressed) -> str:
    return event.key if isinstance(event, events.Key) else ""


def _leads_out(event: Pressed) -> bool:
    return _key_of(event) == "escape" or _key_of(event).startswith("ctrl+")


def _is_text(event: Pressed) -> bool:
    return isinstance(event, events.Paste) or event.is_printable


async def _passed(pump: MessagePump) -> None:
    """Wait until it is built, and all that was sent to it so far is dealt with."""
    passed = asyncio.Event()
    if pump.call_later(passed.set):
        await passed.wait()
