"""The kind of terminal, as far as the environment tells, and its abilities.

A module of its own, since the clipboard, the notifications and the page of keys all ask. Over ssh most of the
variables are gone; then nothing is known of the terminal.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

SCREEN_CHUNK: Final = 240
"""Bytes of each piece that is passed through GNU screen, which takes strings of 768 bytes, in old versions of 256."""


class Multiplexer(StrEnum):
    """Multiplexer between the program and the terminal."""

    NONE = ""
    TMUX = "tmux"
    SCREEN = "screen"


class NoteForm(StrEnum):
    """Sequence that asks a terminal to show a desktop notification."""

    NONE = "none"
    OSC_9 = "OSC 9"
    OSC_777 = "OSC 777"


class TerminalKind(msgspec.Struct, frozen=True):
    """Facts about a terminal."""

    name: str
    """Name for people; empty where it is unknown."""
    multiplexer: Multiplexer = Multiplexer.NONE
    note_form: NoteForm = NoteForm.NONE
    reads_strings: bool = True
    """It consumes operating system commands (OSC) instead of showing them as text."""
    obeys_other_keys: bool = False
    """It sends more keys when modifyOtherKeys is switched on, though it does not confirm that."""
    key_hint: str = ""
    """Advice on how more keys can arrive; empty where nothing is known."""


_PLAIN: Final = TerminalKind("")
_KNOWN: Final = (
    TerminalKind("kitty", note_form=NoteForm.OSC_777),
    TerminalKind("Ghostty", note_form=NoteForm.OSC_777),
    TerminalKind("WezTerm", note_form=NoteForm.OSC_777, key_hint="config.enable_kitty_keyboard = true in wezterm.lua"),
    TerminalKind("foot", note_form=NoteForm.OSC_777),
    TerminalKind("iTerm2", note_form=NoteForm.OSC_9,
                 key_hint="Settings > Profiles > Keys > “Apps can change how keys are reported”"),
    TerminalKind("Warp", note_form=NoteForm.OSC_9),
    TerminalKind("rxvt-unicode", note_form=NoteForm.OSC_777),
    TerminalKind("Alacritty", key_hint="version 0.13 or newer"),
    TerminalKind("Windows Terminal", key_hint="version 1.25 or newer"),
    TerminalKind("VS Code", key_hint='"terminal.integrated.enableKittyKeyboardProtocol": true'),
    TerminalKind("Apple Terminal", key_hint="it sends none of them, but iTerm2, kitty, Ghostty and WezTerm do"),
    TerminalKind("a VTE terminal", key_hint="GNOME Terminal and its kin send none of them"),
    TerminalKind("Konsole"),
    TerminalKind("xterm", obeys_other_keys=True),
    TerminalKind("the Linux console", reads_strings=False),
    TerminalKind("a dumb terminal", reads_strings=False),
)  # fmt: skip
_BY_NAME: Final = {kind.name: kind for kind in _KNOWN}

_BY_PROGRAM: Final = {
    "kitty": "kitty", "ghostty": "Ghostty", "wezterm": "WezTerm", "iterm.app": "iTerm2", "iterm2": "iTerm2",
    "warpterminal": "Warp", "vscode": "VS Code", "apple_terminal": "Apple Terminal",
}  # fmt: skip
_BY_TERM: Final = (
    ("xterm-kitty", "kitty"), ("xterm-ghostty", "Ghostty"), ("wezterm", "WezTerm"), ("foot", "foot"),
    ("rxvt", "rxvt-unicode"), ("alacritty", "Alacritty"), ("linux", "the Linux console"), ("dumb", "a dumb terminal"),
)  # fmt: skip
_BY_VARIABLE: Final = (
    ("KITTY_WINDOW_ID", "kitty"), ("GHOSTTY_RESOURCES_DIR", "Ghostty"), ("WEZTERM_PANE", "WezTerm"),
    ("ITERM_SESSION_ID", "iTerm2"), ("ALACRITTY_WINDOW_ID", "Alacritty"), ("WT_SESSION", "Windows Terminal"),
    ("KONSOLE_VERSION", "Konsole"), ("VTE_VERSION", "a VTE terminal"), ("XTERM_VERSION", "xterm"),
)  # fmt: skip
"""Variables that a terminal inherits when it is started inside another one; so they are asked last."""


def terminal_kind(environ: Mapping[str, str]) -> TerminalKind:
    """Find the terminal that the environment names; behind a multiplexer, the one that shows it."""
    known = _BY_NAME.get(_name(environ), _PLAIN)
    return TerminalKind(
        known.name,
        _multiplexer(environ),
        known.note_form,
        known.reads_strings,
        known.obeys_other_keys,
        known.key_hint,
    )


def _multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        return Multiplexer.TMUX
    return Multiplexer.SCREEN if environ.get("STY") else Multiplexer.NONE


def _name(environ: Mapping[str, str]) -> str:
    programs = (environ.get("TERM_PROGRAM", "").lower(), environ.get("LC_TERMINAL", "").lower())
    by_program = (_BY_PROGRAM[program] for program in programs if program in _BY_PROGRAM)
    term = environ.get("TERM", "").lower()
    by_term = (name for start, name in _BY_TERM if term.startswith(start))
    by_variable = (name for variable, name in _BY_VARIABLE if environ.get(variable))
    return next(by_program, "") or next(by_term, "") or next(by_variable, "")


def passed_through(sequence: str, multiplexer: Multiplexer) -> str:
    """Wrap a sequence so that a multiplexer passes it on to the terminal; without one it stays as it is.

    tmux does so only with its option `allow-passthrough`. The wrappings are those of tmux(1) and screen(1).
    """
    match multiplexer:
        case Multiplexer.TMUX:
            return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
        case Multiplexer.SCREEN:
            pieces = (sequence[at : at + SCREEN_CHUNK] for at in range(0, len(sequence), SCREEN_CHUNK))
            return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
        case Multiplexer.NONE:
            return sequence
