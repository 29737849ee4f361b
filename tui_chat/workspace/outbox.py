"""The outbox: what was typed and waits, in the order in which it will be done."""


class Outbox:
    """A line of messages. One that is taken out to be changed gets its place back with the next `add`."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self._gap: int | None = None
        """Where a message was taken out."""

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def messages(self) -> tuple[str, ...]:
        """What waits, the next one first."""
        return tuple(self._messages)

    def add(self, message: str) -> None:
        """Put a message at the end, or into the place that one was taken from."""
        place = len(self._messages) if self._gap is None else min(self._gap, len(self._messages))
        self._gap = None
        self._messages.insert(place, message)

    def next(self) -> str:
        """Take the next one."""
        if self._gap is not None:
            self._gap = max(0, self._gap - 1)
        return self._messages.pop(0)

    def take(self, index: int) -> str:
        """Take one out to be changed."""
        self._gap = index
        return self._messages.pop(index)

    def remove(self, index: int) -> str:
        """Take one out for good."""
        self._gap = None
        return self._messages.pop(index)

    def move(self, index: int, to: int) -> int:
        """Move one to another place, as near as there is one; where it is then."""
        self._gap = None
        to = max(0, min(to, len(self._messages) - 1))
        self._messages.insert(to, self._messages.pop(index))
        return to

    def take_all(self) -> tuple[str, ...]:
        """Take all of them."""
        messages = self.messages
        self._messages.clear()
        self._gap = None
        return messages
