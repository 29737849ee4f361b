"""What a model takes and does, where a gateway's list says it by flags or tags and not by modalities and parameters.

Sources: the lists of LiteLLM and Venice (flags), Mistral (`capabilities`), Hugging Face's router (`supports_tools` of
each provider), Vercel and DeepInfra (`tags`).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from tui_chat.core.models import Ability

_FLAGS: Final = {
    "supports_vision": Ability.PICTURES,
    "supportsVision": Ability.PICTURES,
    "vision": Ability.PICTURES,
    "supports_pdf_input": Ability.PDF,
    "supports_audio_input": Ability.SOUND,
    "supportsAudioInput": Ability.SOUND,
    "supports_function_calling": Ability.TOOLS,
    "supportsFunctionCalling": Ability.TOOLS,
    "function_calling": Ability.TOOLS,
    "supports_tools": Ability.TOOLS,
    "supports_reasoning": Ability.REASONS,
    "supportsReasoning": Ability.REASONS,
    "reasoning": Ability.REASONS,
}
_TAGS: Final = {
    "vision": Ability.PICTURES,
    "file-input": Ability.PDF,
    "audio-input": Ability.SOUND,
    "tool-use": Ability.TOOLS,
    "tools": Ability.TOOLS,
    "reasoning": Ability.REASONS,
    "reasoning_effort": Ability.REASONS,
}
_MAX_TAGS: Final = 100


def read_abilities(places: Iterable[Mapping[str, object]]) -> tuple[tuple[Ability, ...], tuple[Ability, ...]]:
    """What these objects say that the model has, and what it has not: it has what one of several providers gives."""
    has: set[Ability] = set()
    lacks: set[Ability] = set()
    for place in places:
        capabilities = place.get("capabilities")
        for flags in (place, capabilities) if isinstance(capabilities, dict) else (place,):
            if _FLAGS.keys().isdisjoint(flags):
                continue
            for name in flags.keys() & _FLAGS.keys():
                if isinstance(flag := flags[name], bool):
                    (has if flag else lacks).add(_FLAGS[name])
        tags = place.get("tags")
        if isinstance(tags, list):
            has.update(_TAGS[tag] for tag in tags[:_MAX_TAGS] if isinstance(tag, str) and tag in _TAGS)
    if not has and not lacks:
        return (), ()
    return tuple(each for each in Ability if each in has), tuple(each for each in Ability if each in lacks - has)
