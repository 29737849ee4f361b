"""What is wrong with the `[keys]` table that only the registry of commands can tell.

Names that are no actions, and keys that are given to two of them.
"""

from collections.abc import Iterable, Sequence

from tui_chat.ui.command import Command, OwnKeys, key_label, keys_of


def key_problems(commands: Sequence[Command], own_keys: OwnKeys) -> tuple[str, ...]:
    """A sentence for each, with what is allowed."""
    return (*_unknown(commands, own_keys), *_twice(commands, own_keys))


def _unknown(commands: Sequence[Command], own_keys: OwnKeys) -> Iterable[str]:
    names = {command.id for command in commands}
    for action in own_keys:
        if action not in names:
            import difflib  # only somebody who mistyped waits for it

            close = difflib.get_close_matches(action, sorted(names), n=1)
            meant = f"did you mean {close[0]}?" if close else "it must be one of those that /keys lists."
            yield f"[keys] {action}: there is no such action; {meant}"


def _twice(commands: Sequence[Command], own_keys: OwnKeys) -> Iterable[str]:
    by_key: dict[tuple[str, bool], list[str]] = {}
    for command in commands:
        for key in dict.fromkeys(keys_of(command, own_keys)):
            by_key.setdefault((key.strip(), command.is_local), []).append(command.id)
    for (key, _), actions in by_key.items():
        if len(actions) > 1 and any(action in own_keys for action in actions):
            yield f"[keys] {key_label(key)} is given to {' and '.join(actions)}; a key must have one action."
