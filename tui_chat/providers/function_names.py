"""Names of functions as every gateway takes them, and the way back to the ones that tools really have.

Sources: OpenAI, "string does not match pattern '^[a-zA-Z0-9_-]+$'", 64 characters; Google, "Must start with a letter or
an underscore"; Mistral, "must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64".
"""

from collections.abc import Iterable, Mapping

from tui_chat.core.lazy_pattern import lazy_pattern

_REFUSED = lazy_pattern(r"[^A-Za-z0-9_-]")
_LONGEST = 64
_NAMELESS = "tool"


def sent_names(names: Iterable[str]) -> dict[str, str]:
    """The name under which each is sent, by its own; no two have the same."""
    own = tuple(dict.fromkeys(names))
    sent = {name: name for name in own if sent_name(name) == name}
    taken = set(sent)
    for name in own:
        if name not in sent:
            sent[name] = _free(sent_name(name), taken)
            taken.add(sent[name])
    return sent


def sent_name(name: str) -> str:
    """The name as everybody takes it."""
    name = _REFUSED.sub("_", name)[:_LONGEST] or _NAMELESS
    return name if name[0].isalpha() or name[0] == "_" else f"_{name}"[:_LONGEST]


def own_names(sent: Mapping[str, str]) -> dict[str, str]:
    """The own names of those that are sent under another one."""
    return {other: name for name, other in sent.items() if other != name}


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: _LONGEST - len(str(number)) - 1]}_{number}"
    return free
