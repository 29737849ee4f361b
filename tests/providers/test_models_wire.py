"""What a list of models says: prices in any unit, windows in any place, and which models can chat."""

import json
from decimal import Decimal

import pytest

from tui_chat.core.models import Catalog, ModelInfo, ModelKind
from tui_chat.providers.models_wire import read_models


def model(row: dict[str, object]) -> ModelInfo:
    models = read_models(json.dumps([{"id": "m", **row}]).encode())
    assert models is not None
    return models[0]


@pytest.mark.parametrize(
    ("created", "expected"),
    [(1750169544, 1750169544), (0, None), (-1, None), (10**18, None), (253_402_300_800, None), ("1e18", None)],
)
def test_a_model_was_made_on_a_day_of_the_calendar_or_it_is_not_known_when(
    created: object, expected: int | None
) -> None:
    assert model({"created": created}).created == expected


@pytest.mark.parametrize(
    ("row", "prompt", "completion"),
    [
        ({"pricing": {"prompt": 0.25, "completion": 1.0, "unit": "per_million_tokens"}}, "2.5E-7", "0.000001"),
        ({"pricing": {"prompt": "0.25", "completion": "1.0", "unit": "per_1m_tokens"}}, "2.5E-7", "0.000001"),
        ({"pricing": {"prompt": "0.0004", "completion": "0.0009", "unit": "USD / 1M tokens"}}, "4E-10", "9E-10"),
        ({"pricing": {"prompt": "0.002", "completion": "0.004", "unit": "per_1k_tokens"}}, "0.000002", "0.000004"),
        ({"pricing": {"prompt": "0.000002", "completion": "0.000004", "unit": "token"}}, "0.000002", "0.000004"),
        ({"pricing": {"prompt": 0.25, "completion": 1.0}}, "2.5E-7", "0.000001"),
        ({"pricing": {"input": 0.0008, "output": 0.88}}, "8E-10", "8.8E-7"),
        ({"pricing": {"input": 0, "output": 0.88}}, "0", "8.8E-7"),
        ({"providers": [{"status": "live", "pricing": {"input": 0.2, "output": 0.6}}]}, "2E-7", "6E-7"),
        ({"metadata": {"pricing": {"input_tokens": 0.09, "output_tokens": 0.6}}}, "9E-8", "6E-7"),
        ({"model_spec": {"pricing": {"input": {"usd": 0.2}, "output": {"usd": 0.9}}}}, "2E-7", "9E-7"),
        ({"model_info": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}}, "0.000001", "0.000002"),
        ({"pricing": {"hourly": 0, "input": 0.88, "output": 0.88, "base": 0}}, "8.8E-7", "8.8E-7"),
        ({"input_cost_per_token": 0.25, "output_cost_per_token": 1}, None, None),
        ({"pricing": {"prompt_per_million": 2500, "completion_per_million": 3}}, None, "0.000003"),
        ({"pricing": {"prompt": 0.25, "completion": 1, "unit": "token"}}, None, None),
        ({"pricing": {"prompt": 5000, "completion": 1}}, None, "0.000001"),
        ({"pricing": {"prompt": 2, "completion": 8, "currency": "CNY"}}, None, None),
        ({"limits": {"input_tokens": 512, "output_tokens": 64}}, None, None),
    ],
)
def test_no_price_is_taken_for_a_million_times_itself(
    row: dict[str, object], prompt: str | None, completion: str | None
) -> None:
    price = model(row).price

    assert price.prompt_usd == (None if prompt is None else Decimal(prompt))
    assert price.completion_usd == (None if completion is None else Decimal(completion))


@pytest.mark.parametrize(
    ("row", "context_tokens"),
    [
        ({"meta": {"n_ctx": 256000, "n_ctx_train": 262144}}, 256000),
        ({"meta": {"n_ctx_train": 262144}}, None),
        ({"top_provider": {"context_length": 8192}}, 8192),
        ({"context_length": 4096, "top_provider": {"context_length": 8192}}, 4096),
        ({"context_length": None, "top_provider": {"context_length": 8192}}, 8192),
        ({"metadata": {"context_length": 262144}}, 262144),
        ({"model_spec": {"availableContextTokens": 65536}}, 65536),
        ({"model_info": {"max_input_tokens": 128000}}, 128000),
        ({"providers": [{"status": "error", "context_length": 1}, {"status": "live", "context_length": 65536}]}, 65536),
        ({"providers": "nobody", "meta": 5}, None),
        ({"status": {"value": "unloaded", "args": ["--ctx-size", "32768"]}}, None),
    ],
)
def test_the_window_is_found_wherever_it_stands(row: dict[str, object], context_tokens: int | None) -> None:
    assert model(row).context_tokens == context_tokens


@pytest.mark.parametrize(
    ("id_", "kind"),
    [
        ("whisper-large-v3", ModelKind.SPEECH),
        ("playai-tts-arabic", ModelKind.SPEECH),
        ("gpt-4o-mini-transcribe", ModelKind.SPEECH),
        ("text-embedding-nomic-embed-text-v1.5", ModelKind.EMBEDDING),
        ("BAAI/bge-large-en", ModelKind.EMBEDDING),
        ("intfloat/multilingual-e5-large", ModelKind.EMBEDDING),
        ("sentence-transformers/all-MiniLM-L6-v2", ModelKind.EMBEDDING),
        ("rerank-v3.5", ModelKind.RERANK),
        ("meta-llama/llama-prompt-guard-2-22m", ModelKind.GUARD),
        ("Llama-Guard-4-12B", ModelKind.GUARD),
        ("omni-moderation-latest", ModelKind.GUARD),
        ("dall-e-3", ModelKind.IMAGE),
        ("gpt-image-1", ModelKind.IMAGE),
        ("black-forest-labs/FLUX.1-schnell", ModelKind.IMAGE),
        ("sora-2", ModelKind.VIDEO),
        ("davinci-002", ModelKind.COMPLETION),
        ("llama-3.1-8b-instant", ModelKind.CHAT),
        ("gpt-4o-audio-preview", ModelKind.CHAT),
        ("google/gemini-2.5-flash-image", ModelKind.CHAT),
        ("fluxury-chat", ModelKind.CHAT),
        ("vanguard-7b", ModelKind.CHAT),
        ("m", ModelKind.CHAT),
    ],
)
def test_a_model_that_cannot_chat_is_known_by_its_name(id_: str, kind: ModelKind) -> None:
    assert model({"id": id_}).kind is kind


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"type": "embedding"}, ModelKind.EMBEDDING),
        ({"mode": "audio_transcription"}, ModelKind.SPEECH),
        ({"type": "moderation"}, ModelKind.GUARD),
        ({"pipeline_tag": "text-to-image"}, ModelKind.IMAGE),
        ({"type": "chat", "id": "flux-chat"}, ModelKind.CHAT),
        ({"type": "model", "id": "whisper-1"}, ModelKind.SPEECH),
        ({"capabilities": {"completion_chat": False}, "id": "mistral-embed"}, ModelKind.EMBEDDING),
        ({"capabilities": {"completion_chat": False}, "id": "mistral-ocr"}, ModelKind.OTHER),
        ({"capabilities": {"completion_chat": True}, "id": "voxtral-transcribe"}, ModelKind.CHAT),
        ({"architecture": {"output_modalities": ["image"]}}, ModelKind.IMAGE),
        ({"architecture": {"output_modalities": ["image", "text"]}}, ModelKind.CHAT),
        ({"architecture": {"modality": "text->embeddings"}}, ModelKind.EMBEDDING),
        ({"architecture": {"modality": "text+image->text"}}, ModelKind.CHAT),
        ({"type": 5, "capabilities": ["chat"]}, ModelKind.CHAT),
    ],
)
def test_what_a_list_says_of_a_model_counts_more_than_its_name(row: dict[str, object], kind: ModelKind) -> None:
    assert model(row).kind is kind


def test_models_that_chat_are_offered_first_and_else_as_they_are_listed() -> None:
    listed = read_models(json.dumps(["whisper-1", "b", "text-embedding-3", "a"]).encode())
    assert listed is not None

    assert [each.id for each in Catalog(listed).offered] == ["b", "a", "whisper-1", "text-embedding-3"]
