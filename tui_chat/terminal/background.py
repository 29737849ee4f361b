"""The terminal's background, dark or light: how it is asked for, and what is heard of it.

A terminal is asked for its colour with OSC 11 (xterm's control sequences), and right behind that for its attributes
(DA1), which every terminal answers: where only the second answer comes, the first never will. Terminals that know mode
2031 tell by themselves when it changes (https://contour-terminal.org/vt-extensions/color-palette-update-notifications).
tmux answers from what it knows of the terminal around it; GNU screen has to pass the question on.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.terminal.input import Piece, Replied, Sequence
from tui_chat.terminal.kind import Multiplexer, passed_through, terminal_kind

ASK_EVERY_S: Final = 3.0
"""The shortest time between two questions."""
ANSWER_WITHIN_S: Final = 0.5
"""Time after which no answer is waited for at the end. One that comes later is still heard while the chat runs."""
TELL_CHANGES: Final = "\x1b[?2031h"
TELL_NO_CHANGES: Final = "\x1b[?2031l"
_QUESTION: Final = "\x1b]11;?\x1b\\"
_FENCE: Final = "\x1b[c"

_COLOUR = lazy_pattern(
    r"\]11;(?:rgba?:(?P<red>[0-9a-f]{1,4})/(?P<green>[0-9a-f]{1,4})/(?P<blue>[0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?"
    r"|\#(?P<hex>(?:[0-9a-f]{3}){1,4}))",
    re.IGNORECASE,
)
_ATTRIBUTES = lazy_pattern(r"\x1b\[\?[\d;]{0,64}c")
_CHANGED = lazy_pattern(r"\x1b\[\?997;([12])n")
_LUMA: Final = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in the brightness that people see (ITU-R BT.601)."""
_DARK_COLOURS: Final = frozenset({0, 1, 2, 3, 4, 5, 6, 8})
"""The dark ones among the sixteen, as vim counts them."""


class Background(StrEnum):
    """What a theme has to suit."""

    DARK = "dark"
    LIGHT = "light"


def background_told(is_light: bool | None) -> Background | None:
    """The background where the terminal said that it is light, or that it is not; None where it said nothing."""
    if is_light is None:
        return None
    return Background.LIGHT if is_light else Background.DARK


def background_in(environ: Mapping[str, str]) -> Background | None:
    """The background that COLORFGBG names, as rxvt, Konsole and others set it (`15;0`); None where nothing does."""
    number = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not (number.isascii() and number.isdecimal() and int(number[:4]) < 16):
        return None
    return Background.DARK if int(number) in _DARK_COLOURS else Background.LIGHT


def background_of(reply: str) -> Background | None:
    """The background that a reply to OSC 11 tells, without its escape and end; None where it tells none."""
    found = _COLOUR.fullmatch(reply)
    if found is None:
        return None
    if digits := found["hex"]:
        size = len(digits) // 3
        parts = [digits[at : at + size] for at in range(0, len(digits), size)]
    else:
        parts = [found["red"], found["green"], found["blue"]]
    shares = (int(part, 16) / (16 ** len(part) - 1) for part in parts)
    luma = sum(weight * share for weight, share in zip(_LUMA, shares, strict=True))
    return Background.LIGHT if luma > 0.5 else Background.DARK


class BackgroundWatch:
    """What to write to follow the terminal's background, and what its input tells of it. It writes nothing itself."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        kind = terminal_kind(environ)
        passed_on = kind.multiplexer is Multiplexer.SCREEN
        self._question = passed_through(_QUESTION, kind.multiplexer) if passed_on else _QUESTION
        self._is_on = False
        self._asked_at: float | None = None
        self._is_waiting = False
        self._was_answered = False

    def switch_on(self, now_s: float) -> str:
        """Follow the background from now on: ask for it, and be told when it changes."""
        self._is_on = True
        return TELL_CHANGES + self._ask(now_s)

    def switch_off(self) -> str:
        """Follow it no more; empty where it was not followed."""
        was_on, self._is_on = self._is_on, False
        return TELL_NO_CHANGES if was_on else ""

    def ask_again(self, now_s: float) -> str:
        """Ask once more; empty where it is not followed, was asked for a moment ago, or is never answered."""
        is_early = self._asked_at is not None and now_s - self._asked_at < ASK_EVERY_S
        is_deaf = not self._is_waiting and not self._was_answered
        return "" if not self._is_on or is_early or is_deaf else self._ask(now_s)

    def is_waiting(self, now_s: float) -> bool:
        """An answer is on its way, as far as is known."""
        return self._is_waiting and self._asked_at is not None and now_s - self._asked_at < ANSWER_WITHIN_S

    def hear(self, piece: Piece) -> Background | None:
        """What a piece of input tells of the background; None where that is nothing, or nobody follows it."""
        told: Background | None = None
        match piece:
            case Replied(text):
                told = background_of(text)
                self._was_answered = self._was_answered or told is not None
            case Sequence(text) if _ATTRIBUTES.fullmatch(text):
                self._is_waiting = False
            case Sequence(text) if changed := _CHANGED.fullmatch(text):
                told = Background.DARK if changed[1] == "1" else Background.LIGHT
            case _:
                pass
        return told if self._is_on else None

    def _ask(self, now_s: float) -> str:
        self._asked_at, self._is_waiting, self._was_answered = now_s, True, False
        return self._question + _FENCE
