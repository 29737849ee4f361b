"""Bindings of a key, looked up only where there are any.

Textual 8.2.8 copies and filters the bindings of all widgets around the focus for each key, twice, which for a letter
takes longer than to write it.
"""

from typing import TypeVar

from textual.app import App
from textual.dom import DOMNode

ReturnT = TypeVar("ReturnT")


class LooksUp(App[ReturnT]):
    """An app that knows at a glance that a key is bound nowhere. It stands last among the bases: Textual takes an app's
    styles from the first."""

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        return self._may_be_bound(key, priority) and await super()._check_bindings(key, priority)

    def _may_be_bound(self, key: str, priority: bool) -> bool:
        """Say whether anything around the focus, or a key that was put in another's place, is bound to a key.

        Private names of Textual's: `test_a_key_is_looked_up_only_where_something_is_bound_to_it` fails if they go.
        """
        focused = self.screen.focused
        around: list[DOMNode] = [self.screen, self] if focused is None else focused.ancestors_with_self
        return any(key in keys.split(",") for keys in self._keymap.values()) or any(
            binding.priority is priority for node in around for binding in node._bindings.key_to_bindings.get(key, ())
        )
