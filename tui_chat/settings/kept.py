"""What is said once a setting was changed in the chat: whether it holds now, and whether also next time."""

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.load import Origin, Source


def is_overridden(origin: Origin) -> bool:
    """Whether something stronger than the settings file gave the value, which rules as long as the program runs."""
    return origin.source in (Source.FLAG, Source.ENVIRONMENT)


def kept_words(key: str, value: str | bool, origin: Origin) -> str:
    """Say that a value was written; `origin` is where the one in force came from."""
    if is_overridden(origin):
        return f"{_named(key, value)}, kept for later: {sanitize_line(origin.detail, 40)} rules this run."
    return f"{_named(key, value)} from now on, also next time."


def unkept_words(key: str, value: str | bool, origin: Origin) -> str:
    """Say that a value was not written, since nothing of this run is."""
    if is_overridden(origin):
        return f"{sanitize_line(origin.detail, 40)} rules this run, and --temporary keeps nothing for later."
    return f"{_named(key, value)} for this run: --temporary keeps nothing."


def _named(key: str, value: str | bool) -> str:
    shown = ("off", "on")[value] if isinstance(value, bool) else sanitize_line(value, 40)
    return f"{key} is {shown}"
