"""Keys that Textual's input table does not know."""

from enum import StrEnum


class _Key(StrEnum):
    ALT_ENTER = "alt+enter"


def teach_alt_enter() -> bool:
    """Make ESC CR and ESC LF arrive as `alt+enter` and not as `enter`, which would send a half-written message.

    Textual 8.2.8 drops Alt on named keys (its issue 6663); the table of sequences is private, so this is the one place
    that touches it. False where the table is not there any more.
    """
    try:
        from textual import _ansi_sequences as table  # private: see above
    except ImportError:
        return False
    sequences = table.ANSI_SEQUENCES_KEYS
    if not isinstance(sequences, dict):
        return False
    for sequence in ("\x1b\r", "\x1b\n"):
        sequences.setdefault(sequence, (_Key.ALT_ENTER,))
    return True
