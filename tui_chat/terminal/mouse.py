"""Use of the mouse: all of it, only the wheel, or none; the rest is left to the terminal.

There is no way to ask a terminal for the wheel alone: with mouse reports on, the terminal no longer selects text (most
still do while Shift is held). So `scroll` leaves them off and asks for mode 1007, in which a terminal turns the wheel
into arrow keys on a full screen. One notch sends several at once, which nobody types; those are turned back into wheel
steps. A touchpad that sends its arrows one by one moves as the arrow keys do.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from tui_chat.terminal.input import Piece
from tui_chat.terminal.input import Sequence as InputSequence

FULL: Final = "full"
SCROLL: Final = "scroll"
OFF: Final = "off"

_REPORTS: Final = (1000, 1003, 1015, 1006)
"""Modes: buttons, movement, and two encodings for columns beyond 223, of which the last one wins."""
_WHEEL_AS_ARROWS: Final = 1007
_IN_PIXELS: Final = 1016

_UP: Final = frozenset({"\x1b[A", "\x1bOA"})
_DOWN: Final = frozenset({"\x1b[B", "\x1bOB"})
FEWEST_ARROWS: Final = 2
"""Arrows in one direction, in one read, that are taken for a notch of the wheel."""


def switched_on(use: str) -> str:
    """Make the sequence that switches a use of the mouse on."""
    modes: Sequence[int] = {FULL: _REPORTS, SCROLL: (_WHEEL_AS_ARROWS,)}.get(use, ())
    return "".join(f"\x1b[?{mode}h" for mode in modes)


def switched_off(use: str) -> str:
    """Make the sequence that switches a use of the mouse off."""
    modes: Sequence[int] = {FULL: (*_REPORTS, _IN_PIXELS), SCROLL: (_WHEEL_AS_ARROWS,)}.get(use, ())
    return "".join(f"\x1b[?{mode}l" for mode in modes)


def wheel_steps(pieces: Iterable[Piece]) -> Iterable[Piece | int]:
    """Turn the arrows of one read that come from the wheel into its steps: -1 up, 1 down."""
    for direction, alike in groupby(pieces, _direction):
        run = list(alike)
        if direction and len(run) >= FEWEST_ARROWS:
            yield direction
        else:
            yield from run


def _direction(piece: Piece) -> int:
    match piece:
        case InputSequence(text):
            return -1 if text in _UP else 1 if text in _DOWN else 0
        case _:
            return 0
