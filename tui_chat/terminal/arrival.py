"""Keys that a terminal can send, and advice on the others.

In the legacy encoding a key is one of 128 characters or a sequence: Shift+Enter is Enter, Ctrl+Shift+K is Ctrl+K,
Ctrl+I is Tab. With xterm's modifyOtherKeys a terminal sends more of them, with the kitty keyboard protocol all.
"""

import asyncio
import contextlib
import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.terminal.kind import Multiplexer, TerminalKind, terminal_kind

ASK_TMUX_S: Final = 1.0


class KeyForm(StrEnum):
    """Encoding in which a terminal sends keys, in words for people."""

    OLD = "the old form"
    OTHER_KEYS = "xterm's modifyOtherKeys"
    KITTY = "the kitty protocol"


class Arrival(msgspec.Struct, frozen=True):
    """The keys that a terminal can send, as far as is known."""

    kind: TerminalKind
    form: KeyForm

    def why_not(self, key: str) -> str:
        """Say in a few words why a key cannot arrive; empty where it can."""
        return why_not(key, self.form)

    @property
    def hint(self) -> str:
        """Advice on how more keys can arrive, in one line; empty where none is missing, or nothing is known."""
        return hint(self.kind, self.form)


async def find_arrival(*, is_kitty: bool, environ: Mapping[str, str] = os.environ) -> Arrival:
    """Find out which keys this terminal can send; `is_kitty` where it replied to the query for that protocol."""
    kind = terminal_kind(environ)
    if is_kitty:
        return Arrival(kind, KeyForm.KITTY)
    if kind.multiplexer is Multiplexer.TMUX:
        sends_more = await _tmux_option("extended-keys") in ("on", "always")
    else:
        sends_more = kind.obeys_other_keys
    return Arrival(kind, KeyForm.OTHER_KEYS if sends_more else KeyForm.OLD)


async def _tmux_option(name: str) -> str:
    """Read a server option of tmux; empty where that fails."""
    try:
        process = await asyncio.create_subprocess_exec(
            "tmux", "show-options", "-sv", name, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return ""
    try:
        output, _ = await asyncio.wait_for(process.communicate(), ASK_TMUX_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):  # it may have ended meanwhile
            process.kill()
        return ""
    return output.decode(errors="replace").strip()


_OLD_CTRL: Final = frozenset(
    {*"abcdefghjklnopqrstuvwxyz", "at", "space", "backslash", "right_square_bracket", "circumflex_accent", "underscore"}
)
_SAME_AS: Final = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc"}
_IN_SEQUENCES: Final = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"}
    | {f"f{number}" for number in range(1, 25)}
)
_TMUX_HINT: Final = "in tmux.conf: set -s extended-keys on, and set -as terminal-features '*:extkeys'"


def why_not(key: str, form: KeyForm) -> str:
    """Say in a few words why a key cannot arrive in this form; empty where it can."""
    *held, name = key.split("+") if key != "+" else ["+"]
    if form is KeyForm.KITTY or not held:
        return ""
    if {"super", "hyper", "meta"} & set(held):
        return "needs the kitty protocol"
    if name in _IN_SEQUENCES or key in ("shift+tab", "alt+shift+tab", "alt+enter", "alt+backspace"):
        return ""
    if set(held) == {"alt"} and (len(name) == 1 or "_" in name or name in ("space", "slash", "minus", "plus", "at")):
        return ""
    if "shift" in held and "ctrl" in held:
        return f"arrives as {'+'.join([*(each for each in held if each != 'shift'), name])}"
    if key in _SAME_AS:
        return f"arrives as {_SAME_AS[key]}"
    if "ctrl" in held and name in _OLD_CTRL:
        return ""
    if form is KeyForm.OTHER_KEYS:
        return ""
    return f"arrives as {name}" if len(held) == 1 else "does not arrive"


def hint(kind: TerminalKind, form: KeyForm) -> str:
    """Advise on how more keys can arrive, in one line; empty where none is missing, or nothing is known."""
    if form is not KeyForm.OLD:
        return ""
    if kind.multiplexer is Multiplexer.TMUX:
        return _TMUX_HINT
    if kind.multiplexer is Multiplexer.SCREEN:
        return "GNU screen passes none of them on, but tmux does"
    return kind.key_hint
