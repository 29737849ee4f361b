"""What is known of a model: the catalogue's rows, whatever shape the gateway gave them."""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property

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


class Ability(StrEnum):
    """What a model takes or does besides text, in the words in which it is shown."""

    PICTURES = "pictures"
    PDF = "pdf"
    SOUND = "sound"
    TOOLS = "tools"
    REASONS = "reasons"


_MODALITIES = {Ability.PICTURES: ("image",), Ability.PDF: ("file", "pdf"), Ability.SOUND: ("audio",)}
_PARAMETERS = {
    Ability.TOOLS: ("tools", "functions"),
    Ability.REASONS: ("reasoning", "reasoning_effort", "include_reasoning"),
}
"""How catalogues list an ability: among the input modalities, or by the parameters that go with it."""


class ModelInfo(msgspec.Struct, frozen=True, omit_defaults=True):
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
    output_modalities: tuple[str, ...] = ()
    max_output_tokens: int | None = None
    """The longest answer."""
    abilities: tuple[Ability, ...] = ()
    """What the catalogue says by a flag or tag that it has."""
    lacks: tuple[Ability, ...] = ()
    """What it says in the same way that it has not."""

    def has(self, ability: Ability) -> bool | None:
        """Whether it has an ability, by its flags, modalities or parameters; None where the catalogue does not say."""
        if ability in self.abilities:
            return True
        if ability in self.lacks:
            return False
        modalities, parameters = _MODALITIES.get(ability), _PARAMETERS.get(ability, ())
        if modalities is not None:
            return any(name in self.input_modalities for name in modalities) if self.input_modalities else None
        return any(name in self.supported_parameters for name in parameters) if self.supported_parameters else None

    @property
    def other_inputs(self) -> tuple[str, ...]:
        """What it takes besides text and what has an ability, in the catalogue's words, as they came."""
        named = {"text", *(name for names in _MODALITIES.values() for name in names)}
        return tuple(name for name in self.input_modalities if name not in named)

    def supports(self, parameter: str) -> bool | None:
        """Whether a request field is supported; None where the catalogue does not say."""
        return parameter in self.supported_parameters if self.supported_parameters else None


class Catalog(msgspec.Struct, frozen=True, dict=True):
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

    @cached_property
    def offered(self) -> tuple[ModelInfo, ...]:
        """All models in the order in which they are offered: those to chat with, then the others, each as the gateway
        lists them."""
        return tuple(sorted(self.models, key=lambda model: model.kind is not ModelKind.CHAT))

    @cached_property
    def _by_id(self) -> dict[str, ModelInfo]:
        return {model.id: model for model in reversed(self.models)}

    def get(self, model_id: str) -> ModelInfo | None:
        """The model with exactly this id; None where the catalogue has none."""
        return self._by_id.get(model_id)
