"""What holds for a gateway's list of models, asked for or kept: its size, and that no secret is in it."""

from collections.abc import Callable
from typing import Final

import msgspec

from tui_chat.core.models import ModelInfo

LARGEST_BYTES: Final = 32 * 1024 * 1024
_AT_ONCE: Final = 256
"""Models that are looked through in one go, which is quick, and takes no second copy of all."""


def masked(models: tuple[ModelInfo, ...], mask: Callable[[str], str]) -> tuple[ModelInfo, ...]:
    """The models without secrets: nobody may see them, and the list is kept on disk."""
    done: list[ModelInfo] = []
    for start in range(0, len(models), _AT_ONCE):
        some = models[start : start + _AT_ONCE]
        written = "\n".join(text for model in some for text in _texts(model))
        done += some if mask(written) == written else (_without_secrets(model, mask) for model in some)
    return tuple(done)


def _without_secrets(model: ModelInfo, mask: Callable[[str], str]) -> ModelInfo:
    return msgspec.structs.replace(
        model,
        id=mask(model.id),
        name=mask(model.name),
        description=mask(model.description),
        owned_by=mask(model.owned_by),
        input_modalities=tuple(map(mask, model.input_modalities)),
        output_modalities=tuple(map(mask, model.output_modalities)),
        supported_parameters=tuple(map(mask, model.supported_parameters)),
    )


def _texts(model: ModelInfo) -> tuple[str, ...]:
    written = (model.id, model.name, model.description, model.owned_by)
    return (*written, *model.input_modalities, *model.output_modalities, *model.supported_parameters)
