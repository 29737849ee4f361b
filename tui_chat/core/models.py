"""What is known of a model: the catalogue's rows, whatever shape the gateway gave them."""

from decimal import Decimal
from enum import StrEnum

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.usage import Price


class ModelKind(StrEnum):
    """What a model is for."""

    CHAT = "chat"
    """Also where nothing speaks against it."""
    EMBEDDING = "embedding"
    RERANK = "rerank"
    SPEECH = "speech"
    """It speaks, or writes down what was spoken."""
    GUARD = "guard"
    """It judges texts."""
    IMAGE = "image"
    """It draws, and does not answer in words."""
    VIDEO = "video"
    COMPLETION = "completion"
    """It goes on with a text; the older kind that cannot chat."""
    OTHER = "other"
    """Something else than chat, as its gateway says."""


class ModelInfo(msgspec.Struct, frozen=True):
    """One model. None and empty mean unknown, never zero or none."""

    id: str
    name: str = ""
    description: str = ""
    created: int | None = None
    """Seconds since the epoch."""
    owned_by: str = ""
    context_tokens: int | None = None
    """Context window in tokens."""
    price: Price = Price()
    input_modalities: tuple[str, ...] = ()
    supported_parameters: tuple[str, ...] = ()
    kind: ModelKind = ModelKind.CHAT

    def supports(self, parameter: str) -> bool | None:
        """Whether a request field is supported; None where the catalogue does not say."""
        return parameter in self.supported_parameters if self.supported_parameters else None


class Catalog(msgspec.Struct, frozen=True):
    """The models that a gateway offers."""

    models: tuple[ModelInfo, ...] = ()
    fetched_at: float | None = None
    """Seconds since the epoch; None where the catalogue was never read."""
    is_cached: bool = False
    """It is an old one, because the gateway could not be asked."""
    failure: Failure | None = None
    """Why it could not, where it is an old one."""
    balance_usd: Decimal | None = None
    """What is left on the account, as the gateway told beside the list; None where it did not."""

    @property
    def offered(self) -> tuple[ModelInfo, ...]:
        """All models in the order in which they are offered: those to chat with, then the others, each as the gateway
        lists them."""
        return tuple(sorted(self.models, key=lambda model: model.kind is not ModelKind.CHAT))

    def get(self, model_id: str) -> ModelInfo | None:
        """The model with exactly this id; None where the catalogue has none."""
        return next((model for model in self.models if model.id == model_id), None)
