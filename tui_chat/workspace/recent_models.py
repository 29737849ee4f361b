"""The models that were used lately: what the cycle key goes round, and what is offered first."""

RECENT_MODELS = 8


class RecentModels:
    """Each keeps its place, so that the cycle key goes round all of them."""

    def __init__(self) -> None:
        self.ids: tuple[str, ...] = ()
        """The one that came last is last."""

    @property
    def newest_first(self) -> tuple[str, ...]:
        """The same the other way round."""
        return self.ids[::-1]

    def note(self, model: str) -> None:
        """A model is in use."""
        if model and model not in self.ids:
            self.ids = (*self.ids, model)[-RECENT_MODELS:]

    def after(self, model: str) -> str | None:
        """The next of them; None where there is no other."""
        if len(self.ids) < 2:
            return None
        place = self.ids.index(model) if model in self.ids else -1
        return self.ids[(place + 1) % len(self.ids)]

    def forget(self) -> None:
        """Another gateway has other models."""
        self.ids = ()
