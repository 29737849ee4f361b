"""What a listed model is for, from what its row says and, where that is nothing, from what such models are called.

A gateway's list holds whatever it serves, and most lists do not say what: Groq's begins with a model that writes down
speech, LM Studio's with embeddings. Sources: the lists of Groq, OpenAI, Together, DeepInfra, Mistral, LM Studio,
LiteLLM and Hugging Face.
"""

import re
from collections.abc import Mapping
from typing import Final

from tui_chat.core.models import ModelKind

_SAID: Final[Mapping[str, ModelKind]] = {
    **dict.fromkeys(("chat", "llm", "vlm", "language", "text", "text-generation", "completion_chat", "responses",
                     "image-text-to-text", "conversational", "code"), ModelKind.CHAT),
    **dict.fromkeys(("embedding", "embeddings", "text-embedding", "feature-extraction", "sentence-similarity"),
                    ModelKind.EMBEDDING),
    **dict.fromkeys(("rerank", "reranker", "text-ranking"), ModelKind.RERANK),
    **dict.fromkeys(("audio", "tts", "asr", "stt", "speech", "transcribe", "transcription", "audio-transcription",
                     "audio-speech", "text-to-speech", "speech-to-text", "automatic-speech-recognition",
                     "text-to-audio", "music"), ModelKind.SPEECH),
    **dict.fromkeys(("moderation", "moderations", "guard", "text-classification"), ModelKind.GUARD),
    **dict.fromkeys(("image", "image-generation", "text-to-image", "image-to-image", "inpaint", "upscale"),
                    ModelKind.IMAGE),
    **dict.fromkeys(("video", "video-generation", "text-to-video", "image-to-video"), ModelKind.VIDEO),
}  # fmt: skip
"""Words under `type`, `mode` and their like, in small letters with hyphens."""
_MODE: Final = "mode"
_SAID_UNDER: Final = ("type", "model_type", _MODE, "task", "pipeline_tag", "category", "kind")

_CALLED: Final = (
    (r"re-?rank", ModelKind.RERANK),
    (r"[a-z]*embed|bge-|gte-|e5-|[a-z-]*minilm|voyage-\d", ModelKind.EMBEDDING),
    (r"whisper|[a-z]*tts(?![a-z])|[a-z-]*transcribe|speech|parakeet|canary-\d|kokoro|realtime|playai|orpheus",
     ModelKind.SPEECH),
    (r"(?:safe)?guard(?![a-z])|llamaguard|[a-z]*moderation|shieldgemma|content-safety", ModelKind.GUARD),
    (r"dall-?e(?![a-z])|gpt-image|stable-?diffusion|sdxl|sd-?3|flux(?![a-z])|imagen|qwen-image|seedream|recraft|ideogram",
     ModelKind.IMAGE),
    (r"sora(?![a-z])|veo-?\d|kling|wan-?2|hailuo", ModelKind.VIDEO),
    (r"babbage-\d|davinci-\d|gpt-3\.5-turbo-instruct", ModelKind.COMPLETION),
)  # fmt: skip
"""How models are called that cannot chat, from the first word that fits."""
_PATTERN: Final = re.compile(
    "(?:^|[^a-z])(?:" + "|".join(f"(?P<{kind.name}>{pattern})" for pattern, kind in _CALLED) + ")"
)
"""Of an id in small letters."""


def kind_of_model(id_: str, row: Mapping[str, object], output_modalities: tuple[str, ...], mode: str = "") -> ModelKind:
    """What the model is for; one of which nothing is known is taken for one to chat with. `mode`: what an object of
    the row says under this name."""
    capabilities = row.get("capabilities")
    can_chat = capabilities.get("completion_chat") if isinstance(capabilities, dict) else None
    for name in _SAID_UNDER:
        said = row.get(name, mode if name == _MODE else None)
        if isinstance(said, str) and (kind := _SAID.get(said.strip().lower().replace("_", "-"))) is not None:
            return kind if kind is not ModelKind.CHAT or can_chat is not False else _called(id_, ModelKind.OTHER)
    if can_chat is not None:  # Mistral
        return ModelKind.CHAT if can_chat else _called(id_, ModelKind.OTHER)
    if output_modalities and "text" not in output_modalities:
        return next((_SAID[name] for name in output_modalities if name in _SAID), ModelKind.OTHER)
    return _called(id_, ModelKind.CHAT)


def _called(id_: str, otherwise: ModelKind) -> ModelKind:
    name = id_.lower()
    if (first := _PATTERN.search(name)) is None:  # most chat
        return otherwise
    found = {match.lastgroup for match in _PATTERN.finditer(name, first.start())}
    return next((kind for _, kind in _CALLED if kind.name in found), otherwise)
