"""The parameters that the settings ask with, where neither a preset nor the conversation has its own."""

from tui_chat.core.request import Sampling
from tui_chat.settings.model import Settings
from tui_chat.settings.parameters import with_routing


def sampling_of(settings: Settings) -> Sampling:
    """All of them, the preferences among upstream providers too."""
    sampling = Sampling(
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_tokens=settings.max_tokens,
        seed=settings.seed,
        reasoning_effort=settings.reasoning_effort,
    )
    return with_routing(sampling, settings.provider)
