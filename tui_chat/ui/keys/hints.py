"""Hints: keys on the edge of a frame, each with one verb. What is shown is looked up among the keys in force, so that a
hint cannot name a key that does something else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from rich.cells import cell_len
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tui_chat.ui.keys.command import UNBOUND, key_label

_SELDOM = ("shift+enter", "alt+enter", "ctrl+enter", "super+", "ctrl+shift+", "shift+super+")
"""Keys that many terminals keep or send as another: they are shown where there is no other."""


class Hint(NamedTuple):
    """What a key does here."""

    id: str
    """Ids of rows in the tables of keys, with blanks between them: their keys stand together before the verb."""
    verb: str
    short: str | None = None
    """The verb where there is little room; it may be empty. None where it has to be whole."""
    is_dispensable: bool = False
    """It goes where there is too little room even so."""


@runtime_checkable
class Hinted(Protocol):
    """A widget that says what its keys do."""

    HINTS: ClassVar[tuple[Hint, ...]]


class Key(NamedTuple):
    """A hint with the key in force."""

    label: str
    verb: str
    presses: tuple[str, ...]
    """The keys to press, in Textual's names."""
    short: str | None = None
    is_dispensable: bool = False

    @property
    def width(self) -> int:
        """Cells."""
        return cell_len(f"{self.label} {self.verb}".rstrip())


def keys_in_force(screen: "Screen[object]") -> Mapping[str, str]:
    """The key to show for each id that a key is bound to where the focus is now, in Textual's names.

    A letter is text, and no key, while a field has the focus.
    """
    in_field = isinstance(screen.focused, Input | TextArea)
    keys: dict[str, str] = {}
    for key, active in screen.active_bindings.items():
        id_ = active.binding.id
        if not id_ or not active.enabled or key == UNBOUND or (in_field and _is_text(key)):
            continue
        keys[id_] = most_likely((keys[id_], key)) if id_ in keys else key
    return keys


def known_keys(hints: Iterable[Hint], keys: Mapping[str, str]) -> Sequence[Key]:
    """The hints whose keys are all in force. `keys` are by id; the keys of a pair have a blank between them."""
    known = []
    for hint in hints:
        found = [keys.get(id_, "") for id_ in hint.id.split()]
        if all(found):
            labels = [" ".join(map(key_label, key.split())) for key in found]
            presses = tuple(found[0].split())
            known.append(Key(" ".join(labels), hint.verb, presses, hint.short, hint.is_dispensable))
    return known


def fitted(keys: Sequence[Key], room: int, gap: int) -> Sequence[Key]:
    """The keys in `room` cells, `gap` of them between two: the last ones have their short verbs first, then those go
    that can. What is still too long is left to the edge."""
    kept = list(keys)

    def is_too_long() -> bool:
        return sum(key.width + gap for key in kept) - gap > room

    for at, key in reversed(list(enumerate(keys))):
        if is_too_long() and key.short is not None:
            kept[at] = key._replace(verb=key.short)
    return [key for key in kept if not key.is_dispensable] if is_too_long() else kept


def most_likely(keys: Iterable[str]) -> str:
    """The one of these keys, in Textual's names, that most terminals send; empty where there is none."""
    return min(keys, key=_rank, default="")


def _is_text(key: str) -> bool:
    return "+" not in key and (len(key) == 1 or key in ("space", "question_mark", "slash", "asterisk", "equals_sign"))


def _rank(key: str) -> int:
    """0 for a key alone, 1 for one with Ctrl or Alt, 2 for one that few terminals send."""
    return 2 if key.startswith(_SELDOM) else int("+" in key)
