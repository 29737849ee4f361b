"""Recently used models: the key for the next one goes through them, and lists offer them first."""

RECENT_MODELS = 8


class RecentModels:
    """Recently used models. Each keeps its place when it is used again, so that the key reaches all of them."""

    def __init__(self) -> None:
        self.ids: tuple[str, ...] = ()
        """Ids, the newest last."""

    @property
    def newest_first(self) -> tuple[str, ...]:
        """Ids, the newest first."""
        return self.ids[::-1]

    def note(self, model: str) -> None:
        """Add a model that is used now."""
        if model and model not in self.ids:
            self.ids = (*self.ids, model)[-RECENT_MODELS:]

    def after(self, model: str) -> str | None:
        """The model after this one, the first after the last; None where there is no other."""
        if len(self.ids) < 2:
            return None
        place = self.ids.index(model) if model in self.ids else -1
        return self.ids[(place + 1) % len(self.ids)]

    def forget(self) -> None:
        """Forget all of them, since another gateway has other models."""
        self.ids = ()
