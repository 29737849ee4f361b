"""The person's own keys: the `[keys]` table and the leader in the names that Textual uses, and what is wrong with them.

Nothing here stops the program: what cannot be used is said, and the keys as shipped count for that action.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui_chat.core.nearest import nearest
from tui_chat.ui.keys.command import OwnKeys, key_label, keys_of
from tui_chat.ui.keys.key_names import LEADER, read_key
from tui_chat.workspace.command import Command, Place

_NEVER_WITHOUT: Final = "leave"
"""Without a key for it a dialog could not be closed."""
_TOGETHER: Final = frozenset(
    map(
        frozenset,
        (
            (Place.CHAT, Place.COMPOSER),
            (Place.LISTS, Place.MODELS),
            (Place.LISTS, Place.TOOLS),
            (Place.LISTS, Place.USAGE),
        ),
    )
)
"""Pairs of places whose keys are looked up for the same press, with nothing to say which of them is meant."""


def read_own_keys(given: Mapping[str, tuple[str, ...]], leader: str) -> tuple[OwnKeys, tuple[str, ...]]:
    """The keys that can be used, and a sentence for each that cannot. `leader` is the setting of that name."""
    own: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for action, names in {"leader": (leader,) if leader.strip() else (), **given}.items():
        keys = {name: read_key(name) for name in names if name.strip()}
        problems += [f"[keys] {action}: {_no_key(name)}" for name, key in keys.items() if key is None]
        usable = tuple(dict.fromkeys(key for key in keys.values() if key is not None))
        if usable or not keys:
            own[action] = usable
    if _NEVER_WITHOUT in own and not own[_NEVER_WITHOUT]:
        del own[_NEVER_WITHOUT]
        problems.append(f"[keys] {_NEVER_WITHOUT} must have a key, or no dialog could be closed; it keeps Esc.")
    return own, tuple(problems)


def _no_key(name: str) -> str:
    from tui_chat.ui.keys.key_names import known_names

    head, separator, last = name.lower().rpartition("+")
    modifiers = [part for part in head.split("+") if part]
    close = nearest(last, known_names()) if len(last) > 1 else ""
    mended = [nearest(part, _MODIFIERS) or part for part in modifiers]
    meant = f"{'+'.join(mended)}{separator}{close or last}"
    return f"there is no key {name}; " + (
        f"did you mean {meant}?" if meant != name.lower() and read_key(meant) else 'a key is written like "ctrl+l".'
    )


_MODIFIERS: Final = ("ctrl", "alt", "shift", "super")


def key_problems(commands: Sequence[Command], own_keys: OwnKeys) -> tuple[str, ...]:
    """A sentence for each thing that only the table of commands can tell, with what is allowed."""
    return (*_unknown(commands, own_keys), *_unled(commands, own_keys), *_twice(commands, own_keys))


def _unknown(commands: Sequence[Command], own_keys: OwnKeys) -> Iterable[str]:
    names = {command.id for command in commands}
    for action in own_keys:
        if action not in names:
            close = nearest(action, sorted(names))
            meant = f"did you mean {close}?" if close else "it must be one of those that /keys lists."
            yield f"[keys] {action}: there is no such action; {meant}"


def _unled(commands: Sequence[Command], own_keys: OwnKeys) -> Iterable[str]:
    """Find pairs with the leader that nothing can follow."""
    for command in commands:
        own = [key for key in own_keys.get(command.id, ()) if key.startswith(LEADER)]
        if own and command.is_key_only:
            yield f"[keys] {command.id}: no pair with the leader can do this, which counts only in {command.place}."
        elif own and "leader" in own_keys and not own_keys["leader"]:
            yield f"[keys] {command.id}: {key_label(own[0])} needs a leader; there is none."


def _twice(commands: Sequence[Command], own_keys: OwnKeys) -> Iterable[str]:
    by_key: dict[str, list[Command]] = {}
    for command in commands:
        for key in dict.fromkeys(keys_of(command, own_keys)):
            by_key.setdefault(key, []).append(command)
    for key, takers in by_key.items():
        said: set[str] = set()
        for at, one in enumerate(takers):
            others = [each for each in takers[at + 1 :] if _meet(key, one, each)]
            mine = [each for each in (one, *others) if each.id in own_keys]
            names = {each.id for each in (one, *others)}
            if others and mine and not names <= said:
                said |= names
                actions = " and ".join(each.id for each in (one, *others))
                yield f"[keys] {key_label(key)} is given to {actions}; a key must have one action."


def _meet(key: str, one: Command, other: Command) -> bool:
    if key.startswith(LEADER):
        return True
    return one.place is other.place or frozenset((one.place, other.place)) in _TOGETHER
