"""The outbox: messages and commands that were typed and wait, in the order in which they will be sent."""


class Outbox:
    """A queue of messages. One that is taken out to be edited gets its place back with the next `add`."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self._gap: int | None = None
        """Index at which a message was taken out to be edited."""

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def messages(self) -> tuple[str, ...]:
        """The messages that wait, the next one first."""
        return tuple(self._messages)

    def add(self, message: str) -> None:
        """Add a message at the end, or in the place of the one that was taken out to be edited."""
        place = len(self._messages) if self._gap is None else min(self._gap, len(self._messages))
        self._gap = None
        self._messages.insert(place, message)

    def next(self) -> str:
        """Take out the next message."""
        if self._gap is not None:
            self._gap = max(0, self._gap - 1)
        return self._messages.pop(0)

    def take(self, index: int) -> str:
        """Take out a message to be edited."""
        self._gap = index
        return self._messages.pop(index)

    def remove(self, index: int) -> str:
        """Remove a message."""
        self._gap = None
        return self._messages.pop(index)

    def move(self, index: int, to: int) -> int:
        """Move a message to another index, clamped to the queue, and return that index."""
        self._gap = None
        to = max(0, min(to, len(self._messages) - 1))
        self._messages.insert(to, self._messages.pop(index))
        return to

    def take_all(self) -> tuple[str, ...]:
        """Take out all messages."""
        messages = self.messages
        self._messages.clear()
        self._gap = None
        return messages
