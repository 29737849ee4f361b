"""Keys in their order: each acts before the next one is read, however many arrive in one read."""

from typing import TYPE_CHECKING, ClassVar

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget as Field
else:
    Field = object  # Textual takes the styles of a widget's first base that is one: that is to be the field's own


class OrderedKeys(Field):
    """A base for fields that are typed into, and for rows where letters act; it stands before Textual's class among the
    bases.

    In Textual 8.2.8 a key that is bound to an action goes from the field up to the app before it does anything, and
    letters that were typed behind it are in the text by then: in a burst, Backspace deletes a later letter than the one
    before it. Here the binding is followed in the field's own turn. Where it led to another field, what was typed
    behind it is written there.
    """

    WRITES: ClassVar[bool] = True
    """Letters are text."""

    async def _on_key(self, event: events.Key) -> None:
        focused = self.screen.focused
        if focused is not None and focused is not self:
            focused.post_message(events.Key(event.key, event.character))
        elif (event.is_printable and self.WRITES) or not await self.app._check_bindings(event.key):
            return
        event.stop()
        event.prevent_default()
