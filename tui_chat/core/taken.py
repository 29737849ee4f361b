"""Which parameters a model takes, by what the catalogue says of it.

Where the catalogue says nothing of a model, everything is sent: the gateway knows better.
"""

from collections.abc import Mapping
from typing import Final

from tui_chat.core.models import Ability, Catalog
from tui_chat.core.request import SAMPLED, Sampling

EFFORT: Final = "reasoning_effort"
TOOL: Final = "tool "
FORCED_TOOL: Final = "tool_choice "
"""Before the name of a tool, among what was left out of a request: a preset names it, or it was to be called, and no
tool of this name is on."""
_LENGTH: Final = ("max_tokens", "max_completion_tokens")
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "max_tokens": _LENGTH,
    "max_completion_tokens": _LENGTH,
    EFFORT: (EFFORT, "reasoning", "include_reasoning"),
    "response_format": ("response_format", "structured_outputs"),
}
"""Names by which catalogues list a parameter, where there is more than its own."""


def is_no_tool(left_out: str) -> bool:
    """Whether this was left out of a request since there is no such tool, whatever the model takes."""
    return left_out.startswith((TOOL, FORCED_TOOL))


def is_taken(name: str, model_id: str, catalog: Catalog) -> bool:
    """Whether the model takes a parameter, as far as anybody can say. Of a free field nobody can where the catalogue
    names it for no model at all: it may be one for the gateway."""
    model = catalog.get(model_id)
    if model is not None and name == EFFORT and model.has(Ability.REASONS) is False:
        return False
    if model is None or not model.supported_parameters:
        return True
    names = _ALSO.get(name, (name,))
    if any(each in model.supported_parameters for each in names):
        return True
    return name not in SAMPLED and not any(name in each.supported_parameters for each in catalog.models)


def only_taken(sampling: Sampling, model_id: str, catalog: Catalog) -> tuple[Sampling, tuple[str, ...]]:
    """What of these parameters the model takes, and the names of those that it does not."""
    refused = tuple(name for name in sampling.given if not is_taken(name, model_id, catalog))
    if not refused:
        return sampling, ()
    return sampling.without(refused), refused
