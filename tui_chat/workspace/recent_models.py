"""Recently used models: the key for the next one goes through them, and lists offer them first."""

from contextlib import suppress
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError

if TYPE_CHECKING:
    from tui_chat.chat.services import Services

RECENT_MODELS = 8


class RecentModels:
    """Recently used models of one gateway. Each keeps its place when it is used again, so that the key reaches all of
    them."""

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
        """The model that was used before this one, the newest after the oldest; None where there is no other."""
        if len(self.ids) < 2:
            return None
        place = self.ids.index(model) if model in self.ids else len(self.ids)
        return self.ids[place - 1]

    async def recall(self, services: "Services") -> None:
        """Put the models that were asked lately through this gateway before those of this run; a store that cannot be
        read says so elsewhere."""
        with suppress(ChatError):
            asked = await services.store.models_asked(services.gateway.stored_url, RECENT_MODELS)
            earlier = (model for model in reversed(asked) if model not in self.ids)
            self.ids = (*earlier, *self.ids)[-RECENT_MODELS:]
