"""Which terminal this is, as far as the environment tells, and what follows for what may be written to it.

Apart from what writes to it, since the clipboard, the notifications and the page of keys all ask. Over ssh most of
the variables are gone; then it is a terminal like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SCREEN_CHUNK: Final = 240
"""GNU screen takes no longer string than 768 bytes, older ones 256: what passes through it goes in pieces."""


class Multiplexer(StrEnum):
    """What stands between us and the terminal."""

    NONE = ""
    TMUX = "tmux"
    SCREEN = "screen"


class NoteForm(StrEnum):
    """How a terminal is asked to show a notification of the desktop."""

    NONE = "none"
    OSC_9 = "OSC 9"
    OSC_777 = "OSC 777"


@dataclass(frozen=True, slots=True)
class TerminalKind:
    """What is known of a terminal."""

    name: str
    """For people; empty where it is one like any other."""
    multiplexer: Multiplexer = Multiplexer.NONE
    note_form: NoteForm = NoteForm.NONE
    reads_strings: bool = True
    """It can be sent an operating system command (OSC) without showing it as text."""
    obeys_other_keys: bool = False
    """It tells more keys where it is asked to with modifyOtherKeys, and does not say so."""
    key_hint: str = ""
    """What its owner can do for more keys to arrive; empty where nothing is known."""


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
    TerminalKind("Apple Terminal", key_hint="it tells none of them; iTerm2, kitty, Ghostty and WezTerm do"),
    TerminalKind("a VTE terminal", key_hint="GNOME Terminal and its kin tell none of them"),
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
"""Inherited by what was started inside another terminal, so they come last."""


def terminal_kind(environ: Mapping[str, str]) -> TerminalKind:
    """The terminal that this environment speaks of; behind a multiplexer, the one that shows it."""
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
    """A sequence in the wrapping that makes a multiplexer hand it to the terminal; as it is where there is none.

    tmux does so only with its option `allow-passthrough`. The forms are those of tmux(1) and screen(1).
    """
    match multiplexer:
        case Multiplexer.TMUX:
            return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
        case Multiplexer.SCREEN:
            pieces = (sequence[at : at + SCREEN_CHUNK] for at in range(0, len(sequence), SCREEN_CHUNK))
            return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
        case Multiplexer.NONE:
            return sequence
